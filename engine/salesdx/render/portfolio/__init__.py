"""The portfolio document as a report that people read, in the formats of all reports.

`write(document, "pdf", "ru")` gives bytes, equal for equal input; `FORMATS` says which
formats there are and how their files are called.
"""

from typing import TYPE_CHECKING

from salesdx.render import FORMATS as OF_RESULTS
from salesdx.render import Format

if TYPE_CHECKING:
    from salesdx.language import Language
    from salesdx.portfolio.model import PortfolioDocument
    from salesdx.render.look import Look

# the writers that place a tree of blocks place this one, too; a workbook has its own
_SHEET = OF_RESULTS["xlsx"]
FORMATS: dict[str, Format] = OF_RESULTS | {
    "xlsx": Format("xlsx", _SHEET.suffix, _SHEET.media_type, "portfolio.sheet")
}


def write(
    document: "PortfolioDocument", to: str, language: "Language",
    look: "Look | None" = None,
) -> bytes:  # fmt: skip
    """The report in one format; an unknown format is a UsageError."""
    from salesdx.render import known_format
    from salesdx.render.portfolio.edition import PortfolioEdition

    known_format(to, FORMATS)
    return FORMATS[to].write(PortfolioEdition.of(document, language, look))
