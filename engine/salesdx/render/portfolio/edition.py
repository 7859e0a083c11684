"""A portfolio in one language, in a look: what the writers of the formats print."""

from dataclasses import dataclass, field
from functools import cached_property

from salesdx.language import Language
from salesdx.portfolio.model import PortfolioDocument
from salesdx.render.clean import cleaned
from salesdx.render.look import PLAIN, Look
from salesdx.render.portfolio.build import build
from salesdx.render.portfolio.words import Words
from salesdx.render.report import Block, Figure, Report, figures


@dataclass(frozen=True)
class PortfolioEdition:
    """The report of a portfolio; of a look it takes colours, fonts and the logo."""

    document: PortfolioDocument
    lang: Language
    look: Look = field(default=PLAIN)

    @classmethod
    def of(
        cls, document: PortfolioDocument, lang: Language, look: Look | None = None
    ) -> "PortfolioEdition":
        """Clean the document: no format chokes on what a name holds."""
        return cls(cleaned(document), lang, look or PLAIN)

    @property
    def day(self) -> None:
        """A result table has no date, so its files bear none."""

    @cached_property
    def words(self) -> Words:
        """Names, figures and labels in the language of the edition."""
        return Words(self.document, self.lang, self.look.texts)

    @cached_property
    def report(self) -> Report:
        """The tree of blocks that the formats place."""
        return build(self.document, self.words)

    @cached_property
    def pictures(self) -> list[Figure]:
        """The charts of the report in reading order; no two of one name."""
        blocks: list[Block] = [b for s in self.report.sections for b in s.blocks]
        return figures(blocks)
