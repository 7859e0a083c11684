"""What an answer is worth: the information to be expected of it, in nats.

V(q) = sum over answers of P(answer) * [ KL(b' || b) + 1/2 * sum of u * KL2(p' || p) ]:
b is the belief which cause comes out first, p that a cause comes out likely, u how much
is at stake in it. Only the causes that a question touches enter: a question that moves
none is worth nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from salesdx.inference.points import LIKELY, POSSIBLE, TWO_GROUPS
from salesdx.interview.belief import Floats, Ints, coherent, nats, presence, summed
from salesdx.interview.layout import Layout
from salesdx.interview.outlook import Ends, Leading, Outlook
from salesdx.interview.prospects import Prospects
from salesdx.result import Verdict

_LEAST = 1e-9


@dataclass(frozen=True)
class Value:
    """Information by question, and what it is made of.

    `pairs` is the part of each pair in the value of its question; `shift` by how many
    nats its outcome moves the cause; `leading` how the causes may come out, and `bar`
    what makes each possible.
    """

    questions: Floats
    pairs: Floats
    shift: Floats
    leading: Leading
    bar: Floats


class Valuing:
    """Values all questions of a layout at once; `stakes` are those of the causes."""

    def __init__(self, layout: Layout, stakes: Floats) -> None:
        self._layout, self._stakes = layout, stakes[layout.cause]
        keys = layout.matter[layout.row] * len(layout.causes) + layout.cause
        cells, cell = np.unique(keys, return_inverse=True)
        self._cell: Ints = cell.astype(np.int64)
        self._cells = len(cells)
        self._cause_of_cell: Ints = cells % max(1, len(layout.causes))
        self._matters = int(layout.matter.max(initial=-1)) + 1
        self._share = layout.share[layout.row]
        self._of_row = layout.question[layout.row]

    def value(self, now: Prospects, bar: Floats, rank: Ints) -> Value:
        """The value of every question as things stand.

        A cell is one matter as one cause reads it: once it is answered, its part of the
        spread is gone and its part of the points is known.
        """
        lay, cell = self._layout, self._cell
        rows, causes = len(lay.share), len(lay.causes)
        weight = np.array([now.weights.get(q, 0.0) for q in lay.questions])
        live = weight[self._of_row]
        moved = np.where(live > 0.0, now.then_points - now.points[lay.cause], 0.0)
        shift = coherent(moved, self._share, cell, self._cells)
        p = presence(nats(now.points, now.before))[lay.cause]
        chance = self._chances(p, np.exp(shift))
        mine = live * chance[lay.row]
        mean = summed(cell, (mine - live * self._share) * moved, self._cells)
        wide = summed(cell, mine * moved**2, self._cells)
        end = now.points + summed(self._cause_of_cell, mean, causes)
        spread = summed(self._cause_of_cell, wide, causes)
        base = Ends(end, spread, now.free, now.low, now.high, *bar)
        then = Ends(
            end[lay.cause] - mean[cell] + moved, spread[lay.cause] - wide[cell],
            np.where(live > 0.0, now.then_free, now.free[lay.cause]),
            now.low[lay.cause], now.high[lay.cause], *bar[:, lay.cause],
        )  # fmt: skip
        leading = Leading.of(Outlook.of(base), rank)
        outlook = Outlook.of(then)
        gained, parts = leading.gain(outlook, lay.row, lay.cause, rows)
        before = leading.outlook.likely[lay.cause]
        known = 0.5 * self._stakes * _kl2(outlook.likely, before)
        worth = chance * (gained + summed(lay.row, known, rows))
        return Value(
            summed(lay.question, worth, len(lay.questions)),
            chance[lay.row] * (parts + known), shift, leading, bar,
        )  # fmt: skip

    def _chances(self, p: Floats, growth: Floats) -> Floats:
        """How likely each outcome is, given what is believed of the causes."""
        lay = self._layout
        tilt = summed(lay.row, np.log1p(p * (growth - 1.0)), len(lay.share))
        weight = lay.share * np.exp(tilt)
        found: Floats = weight / summed(lay.matter, weight, self._matters)[lay.matter]
        return found


def bars(now: Prospects, causes: Sequence[str]) -> Floats:
    """How many points make each cause possible: to be expected, at least and at most.

    Two groups of evidence need fewer than one; a second one may still come.
    """
    found = np.empty((3, len(causes)))
    for i, cause in enumerate(causes):
        two = now.standing.rows[cause].total.groups_for >= 2
        could = now.expected[cause].reach >= 2
        least = POSSIBLE if two or could else TWO_GROUPS
        most = POSSIBLE if two else TWO_GROUPS
        found[:, i] = (least + most) / 2, least, most
    return found


def verdicts_of(
    now: Prospects, causes: Sequence[str], bar: Floats
) -> dict[str, Verdict]:
    """The causes that are to be expected likely or possible."""
    found: dict[str, Verdict] = {
        c: "likely" if points >= LIKELY else "possible"
        for c, points, need in zip(causes, now.points, bar[0], strict=True)
        if points >= need
    }
    for cause, (verdict, _) in now.standing.readings.people.items():
        if verdict in ("likely", "possible"):
            found[cause] = verdict
    return found


def ranked(places: Sequence[int]) -> Ints:
    """Places without gaps."""
    found: Ints = np.unique(places, return_inverse=True)[1].astype(np.int64)
    return found


def _kl2(new: Floats, old: Floats) -> Floats:
    """How much two answers to a yes-or-no question differ, in nats."""
    new = np.clip(new, _LEAST, 1.0 - _LEAST)
    old = np.clip(old, _LEAST, 1.0 - _LEAST)
    found: Floats = new * np.log(new / old) + (1.0 - new) * np.log(
        (1.0 - new) / (1.0 - old)
    )
    return found
