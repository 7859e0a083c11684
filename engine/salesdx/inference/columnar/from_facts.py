"""Cases that were read one by one, as a batch."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from salesdx.facts import COMPANY, Fact, FactBase, Value
from salesdx.inference.columnar.columns import Batch, Column, Level
from salesdx.inference.world import any_gap
from salesdx.knowledge.base import KnowledgeBase

Benchmarks = Mapping[str, float | None]


def batch_of(
    knowledge: KnowledgeBase,
    cases: Sequence[FactBase],
    benchmarks: Sequence[Benchmarks] | None = None,
    models: Sequence[str | None] | None = None,
) -> Batch:
    """The facts of the cases, the thresholds and the sales model that fit each."""
    levels = {"": _company(cases)}
    for dimension in knowledge.dimensions:
        levels[dimension] = _sliced(cases, dimension)
    return Batch(levels, _thresholds(knowledge, benchmarks or []), models)


def _company(cases: Sequence[FactBase]) -> Level:
    cells: dict[str, dict[int, Fact]] = {}
    for row, facts in enumerate(cases):
        for (name, where), fact in facts.items():
            if where == COMPANY:
                cells.setdefault(name, {})[row] = fact
            if name.startswith("gap:"):
                cells.setdefault(name, {}).setdefault(row, Fact(name, None))
        for name in [n for n in cells if n.startswith("gap:")]:
            found = cells[name].get(row)
            if found is not None and found.value is None:
                cells[name][row] = any_gap(facts, name)
    return Level("", len(cases), _columns(cells, len(cases)))


def _sliced(cases: Sequence[FactBase], dimension: str) -> Level:
    cells: dict[str, dict[int, Fact]] = {}
    owner: list[int] = []
    labels: list[str] = []
    for number, facts in enumerate(cases):
        places = {}
        for value in facts.values_of(dimension):
            places[((dimension, value),)] = len(owner)
            owner.append(number)
            labels.append(value)
        for (name, where), fact in facts.items() if places else ():
            if where in places:
                cells.setdefault(name, {})[places[where]] = fact
    columns = _columns(cells, len(owner))
    return Level(dimension, len(owner), columns, np.array(owner, np.intp), labels)


def _columns(cells: Mapping[str, Mapping[int, Fact]], rows: int) -> dict[str, Column]:
    return {name: _column(cells[name], rows) for name in sorted(cells)}


def _column(facts: Mapping[int, Fact], rows: int) -> Column:
    at = np.fromiter(facts, np.intp, len(facts))
    there = list(facts.values())

    def flags(values: Iterable[bool]) -> NDArray[np.bool_]:
        found = np.zeros(rows, np.bool_)
        found[at] = list(values)
        return found

    values = [f.value for f in there]
    sure = np.full(rows, 100, np.uint8)
    sure[at] = [f.confidence for f in there]
    dont_know, disagree = (flags(getattr(f, n) for f in there)
                           for n in ("dont_know", "disagree"))  # fmt: skip
    cells, kinds = _cells(values, at, rows)
    return Column(
        cells, flags(v is not None for v in values), kinds,
        None if (sure == 100).all() else sure,
        flags(f.origin == "answer" for f in there),
        dont_know if dont_know.any() else None,
        disagree if disagree.any() else None,
    )  # fmt: skip


def _cells(
    values: Sequence[Value | None], at: NDArray[np.intp], rows: int
) -> tuple[NDArray[np.float64] | NDArray[np.int32], tuple[Value, ...] | None]:
    """Numbers as they are; of anything else the places among different values."""
    known = [v for v in values if v is not None]
    if all(isinstance(v, int | float) and not isinstance(v, bool) for v in known):
        numbers = np.zeros(rows, np.float64)
        numbers[at] = [0.0 if v is None else v for v in values]
        return numbers, None
    # True and 1 are one key to Python, and two values to a rule
    places: dict[tuple[type, Value], int] = {}
    for value in known:
        places.setdefault((type(value), value), len(places))
    codes = np.zeros(rows, np.int32)
    codes[at] = [0 if v is None else places[type(v), v] for v in values]
    return codes, tuple(v for _, v in places)


def _thresholds(
    knowledge: KnowledgeBase, benchmarks: Sequence[Benchmarks]
) -> dict[str, NDArray[np.float64] | float | None]:
    """What differs from the shipped value in any case."""
    found: dict[str, NDArray[np.float64] | float | None] = {}
    for name in sorted({n for own in benchmarks for n in own}):
        shipped = knowledge.benchmarks[name].value
        values = [own.get(name, shipped) for own in benchmarks]
        if any(v != values[0] for v in values):
            numbers = (np.nan if v is None else v for v in values)
            found[name] = np.fromiter(numbers, np.float64, len(values))
        else:
            found[name] = values[0]
    return found
