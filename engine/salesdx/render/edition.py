"""One edition of a result: fit for its reader, in one language, since an older one.

Every format prints an edition; what formats share is made once and kept with it.
"""

from dataclasses import dataclass, field
from functools import cached_property

from salesdx.compare import Comparison
from salesdx.language import Language
from salesdx.render.arranging import arranged
from salesdx.render.audience import Audience, shown_to
from salesdx.render.build import build
from salesdx.render.clean import cleaned
from salesdx.render.look import PLAIN, Look
from salesdx.render.report import Block, Figure, Report, figures
from salesdx.render.words import Words
from salesdx.result import ResultDocument


@dataclass(frozen=True)
class Edition:
    """What is printed: `Edition.of(document, "ru", "owner")`.

    `document` and `since` hold no more than the reader may see.
    """

    document: ResultDocument
    lang: Language
    audience: Audience = "consultant"
    since: Comparison | None = None
    look: Look = field(default=PLAIN)

    @classmethod
    def of(
        cls, document: ResultDocument, lang: Language,
        audience: Audience = "consultant", anonymise: bool = False,
        since: Comparison | None = None, look: Look = PLAIN,
    ) -> "Edition":  # fmt: skip
        """Clean the document and leave out what its reader is not shown."""
        document, since = cleaned(document), cleaned(since) if since else None
        document, since = shown_to(audience, document, since, anonymise)
        return cls(document, lang, audience, since, look)

    @property
    def day(self) -> str | None:
        """The day of the case, which its files bear."""
        return self.document.case.as_of

    @cached_property
    def words(self) -> Words:
        """Names, figures and labels in the language of the edition."""
        return Words(self.document, self.lang, self.audience, self.look.texts)

    @cached_property
    def report(self) -> Report:
        """The tree of blocks that the formats place."""
        found = build(self.document, self.words, self.audience, self.since)
        return arranged(found, self.document, self.words, self.audience, self.look)

    @cached_property
    def pictures(self) -> list[Figure]:
        """The charts of the report in reading order; no two of one name."""
        blocks: list[Block] = [b for s in self.report.sections for b in s.blocks]
        return figures(blocks)
