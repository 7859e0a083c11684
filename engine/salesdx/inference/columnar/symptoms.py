"""Symptoms over many rows, those of symptoms after the ones that they read."""

from collections.abc import Sequence

import numpy as np

from salesdx.inference.columnar.compiled import Term
from salesdx.inference.columnar.judgement import Judgement
from salesdx.inference.columnar.planes import Plane, pack, unpack
from salesdx.inference.columnar.world import World
from salesdx.knowledge.base import ReadySymptom


def find_symptoms(
    world: World, found: Judgement, symptoms: Sequence[tuple[ReadySymptom, Term]]
) -> None:
    """Decide every symptom on every level where it is looked for."""
    for symptom, term in symptoms:
        dimension = symptom.spec.for_each or ""
        if dimension in world.batch.levels:
            plane = world.state(term, dimension)
            _add(world, found, symptom, dimension, plane)
        if dimension:
            _add(world, found, symptom, "", _any_slice(world, symptom, dimension))


def _add(
    world: World, found: Judgement, symptom: ReadySymptom, dimension: str, plane: Plane
) -> None:
    found.symptoms[symptom.id, dimension] = plane
    world.derived[f"symptom:{symptom.id}", dimension] = plane


def _any_slice(world: World, symptom: ReadySymptom, dimension: str) -> Plane:
    """True if any slice is, else unknown if any is, or if there is none."""
    level, cases = world.batch.levels.get(dimension), world.batch.cases
    if level is None or level.owner is None or not level.rows:
        return Plane.unknown(cases)
    plane = world.derived[f"symptom:{symptom.id}", dimension]
    true, false = unpack(plane.true, level.rows), unpack(plane.false, level.rows)
    held, open_, any_ = (np.zeros(cases, np.bool_) for _ in range(3))
    held[level.owner[true]] = True
    open_[level.owner[~true & ~false]] = True
    any_[level.owner] = True
    sure = None
    if plane.sure is not None:
        best = np.zeros(cases, np.uint8)
        np.maximum.at(best, level.owner[true], plane.sure[true])
        sure = np.where(held, best, 100).astype(np.uint8)
    return Plane(cases, pack(held), pack(any_ & ~held & ~open_), sure)
