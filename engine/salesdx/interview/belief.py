"""What the points say of the causes: for choosing questions, never shown.

The only place where points become nats: twenty points, the weight `considerable`, are
one nat: they make a cause e times as likely to be at work. Points add and so do nats,
so the map is a straight line. What counts is by how much the points exceed those to be
expected before anything was answered; else a cause would win by having many questions.
So it is known how likely each answer is (`presence`, `coherent`).

What an answer decides is another matter: not whether a cause is at work but which
causes the diagnosis will print as likely, and which first (`Outlook`). Both come from
the points to be expected at the end and how far they may still move. All are estimates
for selection and never a probability that is printed.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.points import LIKELY
from salesdx.interview.prospects import Prospects

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NAT = 20.0  # points
PRIOR = -1.8  # nats: of seven causes one is at work (expert judgement, EX)
_FAR = 12.0  # beyond this many nats nothing changes any more
_SURE = 1e-9
_GRAIN = 0.5  # points: what is decided is not quite a step, so that it can be weighed


def nats(points: Floats, before: Floats) -> Floats:
    """Evidence in nats: points above those to be expected with nothing answered."""
    found: Floats = np.clip(PRIOR + (points - before) / NAT, -_FAR, _FAR)
    return found


def presence(evidence: Floats) -> Floats:
    """Whether each cause is at work: several may be."""
    found: Floats = 1.0 / (1.0 + np.exp(-evidence))
    return found


def coherent(moved: Floats, share: Floats, cell: Ints, cells: int) -> Floats:
    """Points that outcomes add, as nats, balanced so that they add none on average.

    A cell is one matter as one cause reads it; `share` how usual each outcome is.
    """
    shift = moved / NAT
    mean = np.bincount(cell, share * np.exp(shift), cells)
    found: Floats = shift - np.log(mean)[cell]
    return found


def normal(x: Floats) -> Floats:
    """The normal distribution function (a logistic form of it, within 0.001)."""
    clipped = np.clip(x, -8.0, 8.0)
    power = -1.5976 * clipped - 0.070566 * clipped**3
    found: Floats = 1.0 / (1.0 + np.exp(power))
    return found


@dataclass(frozen=True)
class Outlook:
    """How causes may come out at the end.

    `likely` and `possible` are the chances to be at least that; `above` by how many
    spreads the points exceed what each takes.
    """

    likely: Floats
    possible: Floats
    above: tuple[Floats, Floats]
    low: Floats
    high: Floats
    bar: Floats

    @classmethod
    def of(cls, end: Floats, wide: Floats, now: Prospects, bar: Floats) -> "Outlook":
        """The outlook of all causes; `wide` is the square of the spread."""
        return _outlook(end, wide, now.free, now.low, now.high, bar)

    def moved(self, cause: Ints, end: Floats, wide: Floats, free: Floats) -> "Outlook":
        """The outlook of the causes of pairs, after their outcomes."""
        return _outlook(
            end, wide, free, self.low[cause], self.high[cause], self.bar[cause]
        )

    def gain(
        self, then: "Outlook", row: Ints, cause: Ints, rows: int, rank: Ints
    ) -> tuple[Floats, Floats]:
        """KL(b' || b) by row, and the part in it of every pair.

        To come out first a cause has to be likely while none before it in rank is, or
        possible while none is likely and none before it is possible; of equal rank the
        one with more points.
        """
        ranks = int(rank.max(initial=0)) + 1
        place = np.concatenate([rank, rank + ranks])
        of_pair = np.concatenate([cause, cause + len(rank)])
        chance = np.concatenate([self.likely, self.possible])
        above = np.concatenate(self.above)
        top = _tops(above, place, 2 * ranks)
        pull = _pull(chance, above - top[place])
        new = np.concatenate([then.likely, then.possible])
        new_pull = _pull(new, np.concatenate(then.above) - top[place[of_pair]])
        both = np.concatenate([row, row])
        none = np.log1p(-chance)
        sums = np.bincount(place, none, 2 * ranks)
        pulls = np.bincount(place, pull, 2 * ranks) + 1e-30
        cell = both * (2 * ranks) + place[of_pair]
        size = rows * 2 * ranks
        new_sums = sums + np.bincount(
            cell, np.log1p(-new) - none[of_pair], size
        ).reshape(rows, -1)
        new_pulls = pulls + np.bincount(cell, new_pull - pull[of_pair], size).reshape(
            rows, -1
        )
        mass, rest = _masses(sums[None, :])
        new_mass, new_rest = _masses(np.minimum(new_sums, 0.0))
        ratio = new_mass / mass * pulls / np.maximum(new_pulls, 1e-30)
        b = (mass[0] / pulls)[place] * pull
        untouched = mass - np.bincount(cell, b[of_pair], size).reshape(rows, -1)
        told = np.log(np.maximum(ratio, 1e-30))
        per_row = (np.maximum(untouched, 0.0) * ratio * told).sum(axis=1)
        per_row += (new_rest * np.log(new_rest / rest))[:, 0]
        share = (new_mass / np.maximum(new_pulls, 1e-30)).reshape(-1)[cell] * new_pull
        old = np.maximum(b[of_pair], 1e-30)
        parts = share * np.log(np.maximum(share, 1e-30) / old)
        per_row += np.bincount(both, parts, rows)
        half = len(row)
        return np.maximum(per_row, 0.0), parts[:half] + parts[half:]


def _outlook(
    end: Floats, wide: Floats, free: Floats, low: Floats, high: Floats, bar: Floats
) -> Outlook:
    spread = np.sqrt(np.maximum(wide, 0.0) + _GRAIN**2)
    chances, above = [], []
    for need in (np.full(len(end), float(LIKELY)), bar):
        x = (end - need + 0.5) / spread
        chance = np.where(high < need, 0.0, np.where(low >= need, 1.0, normal(x)))
        above.append(x)
        chances.append(np.clip(chance, _SURE, 1.0 - _SURE))
    likely = np.clip(chances[0] * free, _SURE, 1.0 - _SURE)
    return Outlook(likely, chances[1], (above[0], above[1]), low, high, bar)


def _pull(chance: Floats, above: Floats) -> Floats:
    """What a cause weighs among those of its rank."""
    found: Floats = chance * np.exp(np.clip(above, -30.0, 30.0))
    return found


def _tops(above: Floats, place: Ints, places: int) -> Floats:
    """The most of every rank."""
    found = np.full(places, -np.inf)
    np.maximum.at(found, place, above)
    return found


def _masses(sums: Floats) -> tuple[Floats, Floats]:
    """The chance that the first is of each rank, and that there is none."""
    through = np.cumsum(sums, axis=1)
    before = np.exp(through - sums)
    mass = np.maximum(-np.expm1(sums) * before, 1e-30)
    rest: Floats = np.maximum(np.exp(through[:, -1:]), 1e-30)
    return mass, rest


def first(base: Outlook, rank: Ints) -> Floats:
    """The chance of each cause to come out first."""
    ranks = int(rank.max(initial=0)) + 1
    place = np.concatenate([rank, rank + ranks])
    chance = np.concatenate([base.likely, base.possible])
    above = np.concatenate(base.above)
    pull = _pull(chance, above - _tops(above, place, 2 * ranks)[place])
    mass, _ = _masses(np.bincount(place, np.log1p(-chance), 2 * ranks)[None, :])
    pulls = np.bincount(place, pull, 2 * ranks) + 1e-30
    b = (mass[0] / pulls)[place] * pull
    found: Floats = b[: len(rank)] + b[len(rank) :]
    return found
