"""judge(knowledge, batch): every verdict of every case, stratum by stratum.

The same steps as `inference.infer`, each over all rows of a level at once.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from salesdx.inference.columnar.columns import Batch
from salesdx.inference.columnar.compiled import CauseTerms, compiled
from salesdx.inference.columnar.judgement import NO_ROW, VERDICTS, Judged, Judgement
from salesdx.inference.columnar.planes import Plane, pack, unpack
from salesdx.inference.columnar.rivals import settle_rivals
from salesdx.inference.columnar.rules import fire, items_at
from salesdx.inference.columnar.symptoms import find_symptoms
from salesdx.inference.columnar.verdicts import Standing, standing
from salesdx.inference.columnar.world import World
from salesdx.knowledge.base import KnowledgeBase

__all__ = ["NO_ROW", "VERDICTS", "Judged", "Judgement", "judge"]


def judge(knowledge: KnowledgeBase, batch: Batch) -> Judgement:
    """Judge all cases of a batch."""
    terms, world, found = compiled(knowledge), World(knowledge, batch), Judgement(batch)
    find_symptoms(world, found, terms.symptoms)
    for stratum in terms.strata:
        for cause in stratum:
            fire(world, found, cause)
        standings = {
            (cause.id, dimension): standing(
                world, cause, items_at(world, found, cause, dimension), dimension
            )
            for cause in stratum for dimension in cause.dimensions
            if dimension in batch.levels
        }  # fmt: skip
        settle_rivals(stratum, standings)
        for key, row in standings.items():
            found.causes[key] = row.settled()
        _tell(world, stratum, standings)
    return found


def _tell(
    world: World,
    stratum: Sequence[CauseTerms],
    standings: Mapping[tuple[str, str], Standing],
) -> None:
    """Make the verdicts that are read readable for the rules above them."""
    for cause in stratum:
        name, each = f"cause:{cause.id}", cause.cause.spec.for_each
        if not cause.is_read:
            continue
        for dimension in cause.dimensions:
            row = standings.get((cause.id, dimension))
            if row is not None:
                world.derived[name, dimension] = row.readable()
                world.points[name, dimension] = np.maximum(row.sums.points, np.int16(0))
        if each:
            _tell_of_any(world, name, each, standings.get((cause.id, each)))


def _tell_of_any(world: World, name: str, dimension: str, row: Standing | None) -> None:
    """The company's reading of a cause judged per slice: likely on any of them."""
    cases = world.batch.cases
    held, open_, any_ = (np.zeros(cases, np.bool_) for _ in range(3))
    points = np.zeros(cases, np.int16)
    if row is not None and row.rows:
        owner, plane = world.level(dimension).owner, world.derived[name, dimension]
        assert owner is not None
        true, known, there = (
            unpack(b, row.rows) for b in (plane.true, plane.known, row.judged)
        )
        held[owner[true]] = True
        open_[owner[~known & there]] = True
        any_[owner[there]] = True
        mine = world.points[name, dimension]
        np.maximum.at(points, owner[true], mine[true])
    world.derived[name, ""] = Plane(cases, pack(held), pack(any_ & ~held & ~open_))
    world.points[name, ""] = points
