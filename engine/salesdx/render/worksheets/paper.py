"""What stands around a worksheet in every format."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paper:
    """Title, company, footer, the day of the case, and how the sheet lies."""

    language: str
    company: str
    kicker: str
    footer: str
    page_word: str
    day: str | None
    landscape: bool = False
