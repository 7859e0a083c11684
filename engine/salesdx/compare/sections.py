"""A comparison in the order in which a reader is told: first what needs attention."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from salesdx.compare.model import ActionChange, Comparison, MetricChange, State
from salesdx.compare.words import said
from salesdx.language import Text
from salesdx.result import ResultDocument

TOLD: tuple[State, ...] = ("worse", "better", "new", "gone")
MOST = 25  # rows of a table on a page; the JSON of the results has them all
_DRAWN = 8
# what a head of sales asks for first, where the plan names fewer figures
_ASKED_FIRST = (
    "conversion.mature", "conversion.at-horizon", "check.average",
    "requests.lost-share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one kind: what moved, what did not, and why some cannot be told.

    Of what is `changed` nobody can say whether that is chance.
    """

    moved: Sequence[Any]
    more: int
    changed: Sequence[Any]
    unchanged: Sequence[Any]
    unknown: Sequence[tuple[Text | None, Sequence[Any]]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell at all."""
        return not (self.moved or self.changed or self.unchanged or self.unknown)


@dataclass(frozen=True, slots=True)
class Changes:
    """The sections of the page; `whole` and `parts` are figures."""

    causes: Section
    losses: Section
    whole: Section
    parts: Section
    symptoms: Section
    actions: Sequence[ActionChange]


def changes(found: Comparison) -> Changes:
    """What there is to tell, first what needs attention."""
    whole = [m for m in found.metrics if not m.slice]
    parts = [m for m in found.metrics if m.slice]
    done = [a for a in found.actions if a.progress or a.state != "unchanged"]
    rest = [a for a in found.actions if a not in done]
    return Changes(
        _section(found.causes), _section(found.losses), _section(whole),
        _section(parts), _section(found.symptoms), [*done, *rest],
    )  # fmt: skip


def state_word(state: str) -> Text:
    """`better`, `within chance`..., as the command line says it."""
    return said(f"state.{state}")


def main_figures(found: Comparison, document: ResultDocument) -> list[MetricChange]:
    """Control figures of the plan, what moved beyond chance, what is asked first."""
    known = {
        m.id: m
        for m in found.metrics
        if not m.slice and m.then and m.now
        and m.then.value is not None and m.now.value is not None
    }  # fmt: skip
    wanted = [a.kpi.metric for a in document.plan if a.kpi]
    wanted += [a.effect.metric for a in found.actions if a.effect]
    wanted += [i for i, m in known.items() if m.state in ("worse", "better")]
    wanted += _ASKED_FIRST
    rows = [known[i] for i in dict.fromkeys(wanted) if i in known]
    return [m for m in rows if m.state != "not_comparable" and _has_both(m)][:_DRAWN]


def _has_both(row: MetricChange) -> bool:
    """Whether both have an interval: without one a scale makes much of little."""
    return bool(row.then and row.then.interval and row.now and row.now.interval)


def _section(rows: Iterable[Any]) -> Section:
    found = list(rows)
    moved = [r for state in TOLD for r in found if r.state == state]
    reasons: dict[Text | None, list[Any]] = {}
    for row in found:
        if row.state == "not_comparable":
            reasons.setdefault(row.reason, []).append(row)
    return Section(
        moved[:MOST], max(len(moved) - MOST, 0),
        [r for r in found if r.state == "changed"],
        [r for r in found if r.state == "unchanged"], list(reasons.items()),
    )  # fmt: skip
