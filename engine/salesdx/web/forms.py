"""What a form sent, and what is wrong with it."""

from dataclasses import dataclass, field

from flask import request

LONGEST = 4_000  # characters of one field


@dataclass
class Form:
    """The fields of a request; errors are kept for the page that shows it again."""

    errors: list[dict[str, str]] = field(default_factory=list)

    def text(self, name: str, most: int = LONGEST) -> str:
        """One field, without blanks around it; cut where nobody would type on."""
        return request.form.get(name, "").strip()[:most]

    def all(self, name: str) -> list[str]:
        """Every value of a field that may be ticked several times."""
        return request.form.getlist(name)

    def wrong(self, name: str, message: str) -> None:
        """Say what is wrong with a field."""
        self.errors.append({"field": name, "message": message})

    def needed(self, name: str, message: str) -> str:
        """One field that may not be empty."""
        found = self.text(name)
        if not found:
            self.wrong(name, message)
        return found

    @property
    def failed(self) -> bool:
        """Whether the page is to be shown again."""
        return bool(self.errors)
