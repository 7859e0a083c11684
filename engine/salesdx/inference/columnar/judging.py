"""judge(knowledge, batch): every verdict of every case, stratum by stratum.

The same steps as `inference.infer`, each over all rows of a level at once.
"""

from collections.abc import Sequence

import numpy as np

from salesdx.inference.columnar.columns import Batch
from salesdx.inference.columnar.judgement import (
    LIKELY,
    NO_ROW,
    RULED_OUT,
    UNLIKELY,
    VERDICTS,
    Judged,
    Judgement,
)
from salesdx.inference.columnar.planes import Plane, pack, unpack
from salesdx.inference.columnar.rivals import settle_rivals
from salesdx.inference.columnar.rules import fire, items_at
from salesdx.inference.columnar.symptoms import find_symptoms
from salesdx.inference.columnar.verdicts import verdicts
from salesdx.inference.columnar.world import World
from salesdx.inference.points import LIKELY as LIKELY_POINTS
from salesdx.knowledge.base import KnowledgeBase, ReadyCause

__all__ = ["NO_ROW", "VERDICTS", "Judged", "Judgement", "judge"]


def judge(knowledge: KnowledgeBase, batch: Batch) -> Judgement:
    """Judge all cases of a batch."""
    world, found = World(knowledge, batch), Judgement(batch)
    find_symptoms(world, found)
    causes = [
        c for c in knowledge.causes.values() if not knowledge.is_off("causes", c.id)
    ]  # fmt: skip
    for layer in sorted({c.layer for c in causes}):
        here = [c for c in causes if c.layer == layer]
        for cause in here:
            fire(world, found, cause)
        for cause in here:
            for dimension in _dimensions(cause, batch):
                items = items_at(world, found, cause, dimension)
                row = verdicts(world, cause, items, dimension)
                found.causes[cause.id, dimension] = row
        for cause in here:
            settle_rivals(found, cause, {c.id: c for c in here})
        _tell(world, found, here)
    return found


def _dimensions(cause: ReadyCause, batch: Batch) -> list[str]:
    """The levels on which a cause is judged."""
    wanted = ["", *sorted({str(r.for_each) for r in cause.rules if r.for_each})]
    if cause.spec.for_each:
        wanted = [cause.spec.for_each]
    return [d for d in wanted if d in batch.levels]


def _tell(world: World, found: Judgement, causes: Sequence[ReadyCause]) -> None:
    """Make the verdicts of a stratum readable for the rules above it."""
    for cause in causes:
        name = f"cause:{cause.id}"
        for dimension in _dimensions(cause, world.batch):
            row = found.causes[cause.id, dimension]
            world.derived[name, dimension] = _readable(row)
            world.points[name, dimension] = np.maximum(row.sums.points, np.int16(0))
        if cause.spec.for_each:
            _readable_on_any(world, found, cause, cause.spec.for_each)


def _readable(row: Judged) -> Plane:
    """A verdict as a fact: true when likely, false when it cannot become so."""
    verdict = row.verdict
    true = verdict == LIKELY
    settled = (verdict == RULED_OUT) | (verdict == UNLIKELY) | row.demoted
    known = true | settled | (row.sums.best < LIKELY_POINTS)
    return Plane.of(true, known & (verdict != NO_ROW))


def _readable_on_any(
    world: World, found: Judgement, cause: ReadyCause, dimension: str
) -> None:
    """The company's reading of a cause judged per slice: likely on any of them."""
    cases, name = world.batch.cases, f"cause:{cause.id}"
    held, open_, any_ = (np.zeros(cases, np.bool_) for _ in range(3))
    points = np.zeros(cases, np.int16)
    level = world.batch.levels.get(dimension)
    if level is not None and level.owner is not None and level.rows:
        plane = world.derived[name, dimension]
        true, known = (unpack(b, level.rows) for b in (plane.true, plane.known))
        there = found.causes[cause.id, dimension].verdict != NO_ROW
        held[level.owner[true]] = True
        open_[level.owner[~known & there]] = True
        any_[level.owner[there]] = True
        mine = world.points[name, dimension]
        np.maximum.at(points, level.owner[true], mine[true])
    world.derived[name, ""] = Plane(cases, pack(held), pack(any_ & ~held & ~open_))
    world.points[name, ""] = points
