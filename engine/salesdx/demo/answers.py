"""What the people of the made-up company answered, by question ref."""

from salesdx.demo import setting

RESPONDENTS: dict[str, dict[str, str]] = {
    "owner": {"role": "owner", "name": "Савельев Игорь"},
    "head": {"role": "head_of_sales", "name": "Астахов Виктор"},
    "seller-1": {
        "role": "seller", "manager": setting.REFUSER, "name": "Ковалёв Роман",
    },
    "seller-2": {"role": "seller", "manager": "Белова", "name": "Белова Ирина"},
}  # fmt: skip


def rows() -> list[dict[str, object]]:
    """The rows of answers.yaml."""
    return [
        {"question": "Q-DQ-04", "by": "head", "value": False},
        {"question": "Q-DQ-05", "by": "head", "value": True},
    ]
