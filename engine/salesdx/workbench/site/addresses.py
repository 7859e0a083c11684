"""Where every entry has its page, from the folder of a language."""

# kind -> the folder of its pages, or the list on which it stands
PAGES = {
    "cause": "causes", "remedy": "remedies", "symptom": "symptoms",
    "question": "questions", "metric": "metrics", "questionnaire": "questionnaires",
    "form": "forms",
}  # fmt: skip
LISTED = {"benchmark": "benchmarks", "claim": "claims", "worksheet": "worksheets",
          "term": "glossary"}  # fmt: skip


def address(kind: str, name: str) -> str:
    """`causes/x.html`, `benchmarks.html#y`: ids are safe by their pattern."""
    if kind in PAGES:
        return f"{PAGES[kind]}/{name}.html"
    return f"{LISTED[kind]}.html#{name}"


def named(name: str, metrics: object) -> tuple[str, str]:
    """The kind and id behind a name of a condition."""
    prefix, _, rest = name.partition(":")
    if rest and prefix in ("symptom", "cause"):
        return prefix, rest
    name = rest if rest and prefix == "gap" else name
    return ("metric" if name in metrics else "question"), name  # type: ignore[operator]
