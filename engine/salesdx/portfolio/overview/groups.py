"""Groups beside each other: only differences that survive many comparisons are told."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from salesdx.portfolio.model import Cell, Difference, Group, Groups, HeatRow, Marks
from salesdx.portfolio.overview.companies import FINEST, Companies
from salesdx.portfolio.overview.counting import Counted
from salesdx.statistics.multiple import benjamini_hochberg
from salesdx.statistics.rates import tail_probability, wilson

_ROWS, _TOLD = 20, 20
_HEAT_ROWS, _HEAT_CAUSES = 14, 9


@dataclass(frozen=True, slots=True)
class _Compared:
    """A cause in a group and in all others; `p` is of "no difference"."""

    group: int  # place among those compared
    cause: int
    wins: int
    n: int
    others_wins: int
    others_n: int
    p: float


def groups(
    held: Companies, found: Counted, causes: Sequence[str], marks: Marks
) -> Groups:
    """Their sizes, the differences, and a map of the common causes."""
    sizes = np.bincount(held.group[held.group >= 0], minlength=len(held.groups))
    order = sorted(range(len(sizes)), key=lambda g: (-int(sizes[g]), g))
    tried = _compare(held, found, marks)
    real = [d for d, kept in zip(tried, _survive(tried, marks), strict=True) if kept]
    slight = len(real)
    real = [d for d in real if abs(_share(d) - _elsewhere(d)) >= marks.difference_least]
    slight -= len(real)
    real.sort(key=lambda d: (-abs(_share(d) - _elsewhere(d)), d.group, d.cause))
    heat = _heat_causes(found, real)
    return Groups(
        rows=[_row(g, held) for g in order[:_ROWS]],
        more=max(len(order) - _ROWS, 0),
        too_small=int((sizes < marks.group_least).sum()),
        compared=len(found.compared) if tried else 0,
        comparisons=len(tried),
        differences=[_told(d, held, found, causes) for d in real[:_TOLD]],
        more_differences=max(len(real) - _TOLD, 0),
        slight=slight,
        heat_causes=[causes[c] for c in heat],
        heat=[
            HeatRow(
                group=held.groups[found.compared[slot]],
                companies=int(sizes[found.compared[slot]]),
                cells=[_cell(slot, c, found, causes) for c in heat],
            )
            for slot in _heat_rows(found, real)
        ] if len(held.groups) > 1 and heat else [],
    )  # fmt: skip


def _row(group: int, held: Companies) -> Group:
    here = held.group == group
    return Group(
        name=held.groups[group], companies=int(here.sum()),
        coverage=round(float(np.median(held.coverage[here])) / FINEST, 4),
        ill=int((held.likely[here] > 0).sum()),
    )  # fmt: skip


def _compare(held: Companies, found: Counted, marks: Marks) -> list[_Compared]:
    """Every compared group with all other companies, cause by cause, both ways."""
    if len(held.groups) < 2:
        return []
    # two groups that are all there is say the same of each other
    mirrored = len(held.groups) == 2 and bool((held.group >= 0).all())
    tried = []
    for cause in range(len(found.examined)):
        whole_n, whole_wins = (
            int(found.examined[cause]),
            int(found.likely_examined[cause]),
        )
        if not whole_wins:
            continue
        for slot in range(len(found.compared))[: 1 if mirrored else None]:
            n, wins = (
                int(x[slot, cause]) for x in (found.group_examined, found.group_likely)
            )
            others_n, others_wins = whole_n - n, whole_wins - wins
            if min(n, others_n) < marks.group_least:
                continue
            fewer = tail_probability(wins, n, others_wins, others_n)
            more = tail_probability(n - wins, n, others_n - others_wins, others_n)
            p = min(2 * min(fewer, more), 1.0)
            tried.append(_Compared(slot, cause, wins, n, others_wins, others_n, p))
    return tried


def _survive(tried: Sequence[_Compared], marks: Marks) -> Sequence[bool]:
    if not tried:
        return []
    kept = benjamini_hochberg([d.p for d in tried], marks.false_discoveries)
    return [bool(k) for k in kept]


def _share(found: _Compared) -> float:
    return found.wins / found.n


def _elsewhere(found: _Compared) -> float:
    return found.others_wins / found.others_n


def _told(
    one: _Compared, held: Companies, found: Counted, causes: Sequence[str]
) -> Difference:
    low, high = wilson(one.wins, one.n)
    return Difference(
        group=held.groups[found.compared[one.group]], cause=causes[one.cause],
        more=_share(one) > _elsewhere(one),
        likely=one.wins, examined=one.n, share=round(_share(one), 6),
        interval=(round(low, 6), round(high, 6)),
        elsewhere_likely=one.others_wins, elsewhere_examined=one.others_n,
        elsewhere=round(_elsewhere(one), 6),
    )  # fmt: skip


def _heat_rows(found: Counted, real: Sequence[_Compared]) -> list[int]:
    """Groups that differ, then others, the largest of both; the largest on top."""
    differ = {one.group for one in real}
    slots = range(len(found.compared))  # by size
    return sorted(sorted(slots, key=lambda s: (s not in differ, s))[:_HEAT_ROWS])


def _heat_causes(found: Counted, real: Sequence[_Compared]) -> list[int]:
    """Those in which groups differ most often, then the common ones, by share."""
    differ: dict[int, int] = {}
    for one in real:
        differ[one.cause] = differ.get(one.cause, 0) + 1
    first = sorted(differ, key=lambda c: (-differ[c], c))[: _HEAT_CAUSES // 2 + 1]
    common = [int(c) for c in np.nonzero(found.likely_examined)[0] if c not in first]
    common.sort(key=lambda c: (-int(found.likely_examined[c]), c))
    chosen = [*first, *common][:_HEAT_CAUSES]
    return sorted(chosen, key=lambda c: (-int(found.likely_examined[c]), c))


def _cell(slot: int, cause: int, found: Counted, causes: Sequence[str]) -> Cell:
    n, wins = (int(x[slot, cause]) for x in (found.group_examined, found.group_likely))
    return Cell(
        cause=causes[cause], likely=wins, examined=n,
        share=round(wins / n, 6) if n else None,
    )  # fmt: skip
