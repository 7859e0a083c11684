"""How causes may come out once everything is answered, and which of them first.

The points to be expected and how far they may still move give the chance that the
diagnosis calls a cause likely, or at least possible. Its order (verdict, then
role and kind, then points) gives the chance to stand first. For choosing questions and
for the advice to stop; never shown.
"""

from dataclasses import dataclass

import numpy as np

from salesdx.inference.points import LIKELY
from salesdx.interview.belief import Floats, Ints, summed

_SURE = 1e-9
_TINY = 1e-30
_GRAIN = 0.5  # points: a decided matter is not quite a step, so that it can be weighed
_STEEP = 30.0
_DEAD = 1e-6
_FAR = 1e6
_LOGISTIC = 1.7  # a normal spread, as the slope of a logistic curve


def normal(x: Floats) -> Floats:
    """The normal distribution function (a logistic form of it, within 0.001)."""
    clipped = np.clip(x, -8.0, 8.0)
    found: Floats = 1.0 / (1.0 + np.exp(-1.5976 * clipped - 0.070566 * clipped**3))
    return found


@dataclass(frozen=True)
class Ends:
    """Points at the end and the square of their spread; what bounds and frees them.

    `free` is the chance that the checks let points count; `low` and `high` bound the
    points. `bar` is what makes a cause possible: at `least` it takes so many points,
    and so many are enough at `most`.
    """

    points: Floats
    wide: Floats
    free: Floats
    low: Floats
    high: Floats
    bar: Floats
    least: Floats
    most: Floats


@dataclass(frozen=True)
class Outlook:
    """The chances to be likely and possible: events, the likely ones first.

    `points` are those at the end, give or take `spread`.
    """

    chance: Floats
    points: Floats
    spread: Floats

    @classmethod
    def of(cls, ends: Ends) -> "Outlook":
        """The outlook of causes, or of causes as outcomes would leave them."""
        spread = np.tile(np.sqrt(np.maximum(ends.wide, 0.0) + _GRAIN**2), 2)
        points = np.tile(ends.points, 2)
        likely = np.full(len(ends.bar), float(LIKELY))
        need = np.concatenate([likely, ends.bar])
        least = np.concatenate([likely, ends.least])
        most = np.concatenate([likely, ends.most])
        low, high = np.tile(ends.low, 2), np.tile(ends.high, 2)
        above = (points - need + 0.5) / spread
        met = np.where(high < least, 0.0, np.where(low >= most, 1.0, normal(above)))
        free = np.concatenate([ends.free, np.ones(len(ends.bar))])
        return cls(np.clip(met * free, _SURE, 1.0 - _SURE), points, spread)

    @property
    def likely(self) -> Floats:
        """The chance of each cause to come out likely."""
        return self.chance[: len(self.chance) // 2]

    @property
    def possible(self) -> Floats:
        """The chance of each cause to come out possible at least."""
        return self.chance[len(self.chance) // 2 :]


@dataclass(frozen=True)
class Leading:
    """The chance of every event to be the first.

    To come out first a cause has to be likely while none before it in rank is, or
    possible while none is likely and none before it is possible; of equal rank, the one
    with more points. `place` is the rank of an event; by rank `top` are the most points
    and `scale` how far points are apart that tell causes apart.
    """

    outlook: Outlook
    place: Ints
    places: int
    top: Floats
    scale: Floats
    none: Floats
    pull: Floats
    pulls: Floats
    sums: Floats
    mass: Floats
    rest: Floats

    @classmethod
    def of(cls, outlook: Outlook, rank: Ints) -> "Leading":
        """From the chances and the rank of the causes, without gaps."""
        ranks = int(rank.max(initial=0)) + 1
        place, places = np.concatenate([rank, rank + ranks]), 2 * ranks
        alive = outlook.chance > _DEAD
        top, scale = np.full(places, -_FAR), np.full(places, _GRAIN)
        np.maximum.at(top, place[alive], outlook.points[alive])
        np.maximum.at(scale, place[alive], outlook.spread[alive])
        scale /= _LOGISTIC
        pull = _pull(outlook.chance, (outlook.points - top[place]) / scale[place])
        none = np.log1p(-outlook.chance)
        sums = summed(place, none, places)
        mass, rest = _masses(sums[None, :])
        pulls = summed(place, pull, places) + _TINY
        return cls(
            outlook, place, places, top, scale, none, pull, pulls, sums, mass[0],
            rest[0],
        )  # fmt: skip

    @property
    def events(self) -> Floats:
        """The chance of every event."""
        found: Floats = (self.mass / self.pulls)[self.place] * self.pull
        return found

    @property
    def first(self) -> Floats:
        """The chance of every cause to come out first."""
        half = len(self.place) // 2
        return self.events[:half] + self.events[half:]

    def gain(
        self, then: Outlook, row: Ints, cause: Ints, rows: int
    ) -> tuple[Floats, Floats]:
        """KL of who is first by row, against now, and the part of every pair in it.

        `then` is the outlook of the pairs: the `cause` as the `row` would leave it.
        """
        event = np.concatenate([cause, cause + len(self.place) // 2])
        both = np.concatenate([row, row])
        place = self.place[event]
        cell = both * self.places + place
        pull = _pull(then.chance, (then.points - self.top[place]) / self.scale[place])

        def table(values: Floats) -> Floats:
            return summed(cell, values, rows * self.places).reshape(rows, -1)

        sums = self.sums + table(np.log1p(-then.chance) - self.none[event])
        pulls = np.maximum(self.pulls + table(pull - self.pull[event]), _TINY)
        mass, rest = _masses(np.minimum(sums, 0.0))
        old = self.events[event]
        # causes that the row does not touch share what is left of their rank
        ratio = np.maximum(mass / self.mass * self.pulls / pulls, _TINY)
        others = np.maximum(self.mass - table(old), 0.0)
        gained = (others * ratio * np.log(ratio)).sum(axis=1)
        gained += rest * np.log(rest / self.rest)
        new = (mass / pulls).reshape(-1)[cell] * pull
        parts = new * np.log(np.maximum(new, _TINY) / np.maximum(old, _TINY))
        gained += summed(both, parts, rows)
        parts = np.maximum(parts - new + old, 0.0)  # adds up to the same over all
        half = len(row)
        return np.maximum(gained, 0.0), parts[:half] + parts[half:]


def _pull(chance: Floats, above: Floats) -> Floats:
    """What a cause weighs among those of its rank."""
    found: Floats = chance * np.exp(np.clip(above, -_STEEP, _STEEP))
    return found


def _masses(sums: Floats) -> tuple[Floats, Floats]:
    """By row: the chance that the first is of each rank, and that there is none."""
    through = np.cumsum(sums, axis=1)
    mass = np.maximum(-np.expm1(sums) * np.exp(through - sums), _TINY)
    rest: Floats = np.maximum(np.exp(through[:, -1]), _TINY)
    return mass, rest
