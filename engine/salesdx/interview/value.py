"""What an answer is worth: the information to be expected of it, in nats.

V(q) = sum over answers of P(answer) * [ KL(b' || b) + 1/2 * sum of u * KL2(p' || p) ]:
b is the belief which cause comes out first, p that a cause comes out likely, u how much
is at stake in it. Only the causes that a question touches enter: a question that moves
none is worth nothing.
"""

from dataclasses import dataclass

import numpy as np

from salesdx.interview.belief import (
    Floats,
    Ints,
    Outlook,
    coherent,
    first,
    nats,
    presence,
)
from salesdx.interview.prospects import Layout, Prospects

_LEAST = 1e-9


@dataclass(frozen=True)
class Value:
    """Information by question, and what it is made of.

    `pairs` is the part of each pair in the value of its question; `shift` by how many
    nats its outcome moves the cause; `chance` how likely each outcome is; `first` how
    likely each cause is to come out first.
    """

    questions: Floats
    pairs: Floats
    shift: Floats
    chance: Floats
    first: Floats


class Valuing:
    """Values all questions of a layout at once."""

    def __init__(self, layout: Layout, stakes: Floats) -> None:
        self._layout, self._stakes = layout, stakes
        width = len(layout.causes)
        keys = layout.matter[layout.row] * width + layout.cause
        _, cell = np.unique(keys, return_inverse=True)
        self._cell: Ints = cell.astype(np.int64)
        self._cells = int(cell.max(initial=-1)) + 1
        self._matters = int(layout.matter.max(initial=-1)) + 1
        self._share = layout.share[layout.row]

    def value(self, now: Prospects, bar: Floats, rank: Ints) -> Value:
        """The value of every question as things stand."""
        lay = self._layout
        weight = np.array([now.weights.get(q, 0.0) for q in lay.questions])
        live = weight[lay.question][lay.row]
        moved = np.where(live > 0.0, now.then_points - now.points[lay.cause], 0.0)
        shift = coherent(moved, self._share, self._cell, self._cells)
        p = presence(nats(now.points, now.before))[lay.cause]
        chance = self._chances(p, np.exp(shift))
        mine = live * chance[lay.row]
        size = len(lay.causes)
        mean = np.bincount(self._cell, (mine - live * self._share) * moved, self._cells)
        wide = np.bincount(self._cell, mine * moved**2, self._cells)
        of_cell = np.zeros(self._cells, np.int64)
        of_cell[self._cell] = lay.cause
        end = now.points + np.bincount(of_cell, mean, size)
        spread2 = np.bincount(of_cell, wide, size)
        base = Outlook.of(end, spread2, now, bar)
        then = base.moved(
            lay.cause, end[lay.cause] - mean[self._cell] + moved,
            spread2[lay.cause] - wide[self._cell],
            np.where(live > 0.0, now.then_free, now.free[lay.cause]),
        )  # fmt: skip
        lead, pairs = base.gain(then, lay.row, lay.cause, len(lay.share), rank)
        known = (
            0.5 * self._stakes[lay.cause] * _kl2(then.likely, base.likely[lay.cause])
        )
        per_row = lead + np.bincount(lay.row, known, len(lay.share))
        worth = np.bincount(lay.question, chance * per_row, len(lay.questions))
        return Value(
            np.maximum(worth, 0.0), chance[lay.row] * (pairs + known), shift, chance,
            first(base, rank),
        )  # fmt: skip

    def _chances(self, p: Floats, growth: Floats) -> Floats:
        """How likely each outcome is, given what is believed of the causes."""
        lay = self._layout
        tilt = np.bincount(lay.row, np.log1p(p * (growth - 1.0)), len(lay.share))
        weight = lay.share * np.exp(tilt)
        whole = np.bincount(lay.matter, weight, self._matters)
        found: Floats = weight / whole[lay.matter]
        return found


def _kl2(new: Floats, old: Floats) -> Floats:
    """How much two answers to a yes-or-no question differ, in nats."""
    new = np.clip(new, _LEAST, 1.0 - _LEAST)
    old = np.clip(old, _LEAST, 1.0 - _LEAST)
    found: Floats = new * np.log(new / old) + (1.0 - new) * np.log(
        (1.0 - new) / (1.0 - old)
    )
    return found
