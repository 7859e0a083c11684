"""What an answer is worth: the information to be expected of it, in nats.

V(q) = sum over answers of P(answer) * [ KL(b' || b) + 1/2 * sum of u * KL2(p' || p) ],
where b is the belief which cause leads, p that a cause is at work, u how much is at
stake in it. Only the causes that a question touches enter.
"""

from dataclasses import dataclass

import numpy as np

from salesdx.interview.belief import Floats, nats, presence
from salesdx.interview.prospects import Ints, Layout, Prospects

_LEAST = 1e-9


@dataclass(frozen=True)
class Value:
    """Information by question; by pair, how much each outcome moves a cause.

    `pairs` is the part of each pair in the value of its question; `shift` by how many
    nats the outcome moves the cause; `likely` the chance of the outcome.
    """

    questions: Floats
    pairs: Floats
    shift: Floats
    chance: Floats


class Valuing:
    """Values all questions of a layout at once."""

    def __init__(self, layout: Layout, stakes: Floats) -> None:
        self._layout, self._stakes = layout, stakes
        matter = layout.matter[layout.row]
        width = len(layout.causes)
        _, self._cell = np.unique(matter * width + layout.cause, return_inverse=True)
        self._cells = int(self._cell.max(initial=-1)) + 1
        self._matters = int(layout.matter.max(initial=-1)) + 1
        self._share = layout.share[layout.row]

    def value(self, now: Prospects) -> Value:
        """The value of every question as things stand."""
        lay = self._layout
        held = now.points - (1.0 - now.free) * np.maximum(0.0, now.points - 41.0)
        then = now.then_points - (1.0 - now.then_free) * np.maximum(
            0.0, now.then_points - 41.0
        )
        level = nats(held, now.before)
        p = presence(level)
        lead = np.exp(level - level.max(initial=0.0))
        b = lead / max(lead.sum(), _LEAST)
        shift = self._coherent((then - held[lay.cause]) / 20.0)
        growth = np.exp(shift)
        pc, bc = p[lay.cause], b[lay.cause]
        chance = self._chances(pc, growth)
        rows = len(lay.share)
        scale = 1.0 + np.bincount(lay.row, bc * (growth - 1.0), rows)
        led = bc * growth / scale[lay.row] * shift
        p2 = pc * growth / (1.0 + pc * (growth - 1.0))
        known = 0.5 * self._stakes[lay.cause] * _kl2(p2, pc)
        pairs = chance[lay.row] * (led + known)
        per_row = np.bincount(lay.row, led + known, rows) - np.log(scale)
        per_question = np.bincount(
            lay.question, chance * per_row, len(lay.questions)
        )
        return Value(np.maximum(per_question, 0.0), pairs, shift, chance)

    def _coherent(self, shift: Floats) -> Floats:
        """Shifts balanced so that an answer moves no cause on the average."""
        mean = np.bincount(self._cell, self._share * np.exp(shift), self._cells)
        found: Floats = shift - np.log(mean)[self._cell]
        return found

    def _chances(self, p: Floats, growth: Floats) -> Floats:
        """How likely each outcome is, given what is believed of the causes."""
        lay = self._layout
        tilt = np.bincount(
            lay.row, np.log(1.0 + p * (growth - 1.0)), len(lay.share)
        )
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


__all__ = ["Ints", "Value", "Valuing"]
