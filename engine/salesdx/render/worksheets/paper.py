"""What stands around a worksheet in every format."""

from dataclasses import dataclass

from salesdx.language import Language
from salesdx.render.look import PLAIN, Look


@dataclass(frozen=True, slots=True)
class Paper:
    """Title, company, footer, the day of the case, and how the sheet lies."""

    language: Language
    company: str
    kicker: str
    footer: str
    page_word: str
    day: str | None
    landscape: bool = False
    look: Look = PLAIN
    mark: str = ""
