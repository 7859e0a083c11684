"""What the writers of the formats need: anything with a report, in a look."""

from typing import Protocol

from salesdx.language import Language
from salesdx.render.look import Look
from salesdx.render.report import Figure, Report


class Printable(Protocol):
    """An edition of a result, or of a portfolio."""

    @property
    def lang(self) -> Language:
        """The language it is told in."""

    @property
    def look(self) -> Look:
        """How the house likes its reports."""

    @property
    def report(self) -> Report:
        """The tree of blocks that the formats place."""

    @property
    def pictures(self) -> list[Figure]:
        """The charts of the report in reading order."""

    @property
    def day(self) -> str | None:
        """The day that files bear, ISO; none where the data have no date."""
