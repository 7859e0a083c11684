"""The answer on one page, and what would make it a better one.

What page one says is decided by the reports; here it only meets what a server knows
besides: saved runs, and where a question or a table is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.analysis import Analysis
from salesdx.language import Language
from salesdx.render.actions import Difference, differences
from salesdx.render.page_one import page_one, supplies
from salesdx.render.report import PageOne
from salesdx.workspace.once import once, told

_MOST = 3


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that would tell most next, and why."""

    question: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Supply:
    """A table or a column to load, and how many figures it opens."""

    what: str
    figures: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Page one and what stands below it; `state` is that of the summary."""

    state: str
    one: PageOne
    asks: Sequence[Ask]
    supplies: Sequence[Supply]
    more_supplies: int
    differences: Sequence[Difference]
    plan: bool


def overview(found: Analysis, lang: Language) -> Overview:
    """What the overview of a case says."""
    return once(found, ("overview", lang), lambda: _overview(found, lang))


def _overview(found: Analysis, lang: Language) -> Overview:
    it = told(found, lang)
    document, words = it.document, it.words
    loaded = [Supply(what, n) for what, n in supplies(document, words)]
    return Overview(
        document.summary.state, page_one(document, words),
        [
            Ask(q.question, words.text(q.title), words.text(q.why))
            for q in document.next_questions[:_MOST]
        ],
        loaded[:_MOST], max(0, len(loaded) - _MOST),
        differences(document, words), bool(document.plan),
    )  # fmt: skip
