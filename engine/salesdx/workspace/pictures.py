"""The chapters on losses as pages: each chart under its question, with its table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from salesdx.analysis import Analysis
from salesdx.language import Language
from salesdx.render import claimed, losses, map_pages
from salesdx.render.report import Block, Figure
from salesdx.workspace.once import Told, once, told

# a chart is named by its kind and number: `map0`, `work1`
Question = Literal["waterfall", "map", "pair", "work", "funnel", "cohorts", "curves"]
_ORDER: tuple[Question, ...] = (
    "waterfall", "map", "pair", "funnel", "cohorts", "curves", "work",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Losses:
    """Charts by question, what is said besides, what authors claim, the data gate."""

    charts: Sequence[tuple[Question, Figure]]
    over_time: Sequence[Block]
    rest: Sequence[Block]
    claimed: Sequence[Block]


def losses_of(found: Analysis, lang: Language) -> Losses:
    """What the page of losses shows."""
    return once(found, ("losses", lang), lambda: _losses(told(found, lang)))


def _losses(it: Told) -> Losses:
    where = losses.where_lost(it.document, it.words).blocks
    map_ = map_pages.map_section(it.document, it.words).blocks
    charts = [
        (kind, block) for kind in _ORDER for block in [*where, *map_]
        if isinstance(block, Figure) and block.name.rstrip("0123456789") == kind
    ]  # fmt: skip
    return Losses(
        charts,
        [b for b in where if not isinstance(b, Figure)],
        # the first block explains how to read the map, the page has its own lead
        [b for b in map_[1:] if not isinstance(b, Figure)],
        claimed.section(it.document, it.words).blocks,
    )  # fmt: skip


def gate_of(found: Analysis, lang: Language) -> Sequence[Block]:
    """Is the figure true: before and after cleaning, what was dropped (P-14)."""
    it = told(found, lang)
    return once(
        found, ("gate", lang), lambda: losses.gate(it.document, it.words)
    ).blocks
