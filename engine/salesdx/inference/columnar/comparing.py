"""How a comparison reads a column: numbers all at once, other values once each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from salesdx.facts import Fact, Value
from salesdx.inference.columnar.columns import Column, Threshold
from salesdx.inference.columnar.compiled import Kinds, Term
from salesdx.inference.columnar.planes import Bits, Flags, Plane, Rows, pack, zeros
from salesdx.knowledge.conditions import Comparison, Leaf, State

_ORDER = {
    "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip
_NUMERIC = {*_ORDER, "between", "==", "one_of", "!="}
_FEW = 16  # so many different values are quicker as a plane each
_REMEMBERED = 8  # sets of different values a leaf


class Reader:
    """A column while it is read: what conditions ask of it again and again."""

    def __init__(self, column: Column) -> None:
        self.column = column
        self.rows = len(column.values)
        self.known: Bits = pack(column.known)
        kinds = column.kinds or ()
        self._kinds: Kinds = (kinds, tuple(map(type, kinds)))
        self._codes: NDArray[Any] | None = None
        self._each: dict[int, Bits] = {}

    @property
    def measured(self) -> Bits:
        """Rows where it is known and nobody's word."""
        answered = self.column.answered
        if isinstance(answered, bool):
            return zeros(self.rows) if answered else self.known
        return self.known & ~pack(answered)

    def compared(self, term: Term, thresholds: Mapping[str, Threshold]) -> Plane:
        """The states of a comparison."""
        assert isinstance(term.node, Leaf)
        how, column = term.node.comparison, self.column
        if column.kinds is None and how.op in _NUMERIC:
            return self._numbers(how, thresholds)
        fixed = not any(isinstance(thresholds[n], np.ndarray) for n in how.thresholds)
        if column.kinds and fixed:
            states = self._states(term, thresholds)
            return self._few(states) if len(states) <= _FEW else self._many(states)
        true, settled = self._looked_up(term, thresholds)
        return self._plane(pack(true), pack(settled))

    def _plane(self, true: Bits, settled: Bits | None = None) -> Plane:
        known = self.known if settled is None else self.known & settled
        true = true & known
        return Plane(self.rows, true, known ^ true, self.column.sure)

    def _numbers(self, how: Comparison, thresholds: Mapping[str, Threshold]) -> Plane:
        named = how.benchmarks or (False,) * len(how.operands)
        operands: list[Any] = []
        settled: Bits | None = None
        for operand, is_named in zip(how.operands, named, strict=True):
            value = thresholds[str(operand)] if is_named else operand
            if value is None:
                return Plane.unknown(self.rows)
            if isinstance(value, np.ndarray):
                there = pack(~np.isnan(value))
                settled = there if settled is None else settled & there
            operands.append(value)
        return self._plane(pack(_holds(how, self.column.values, operands)), settled)

    def _states(
        self, term: Term, thresholds: Mapping[str, Threshold]
    ) -> tuple[State, ...]:
        """How each different value compares, as the reference does it."""
        assert isinstance(term.node, Leaf)
        how = term.node.comparison
        if self._kinds in term.states:
            return term.states[self._kinds]
        company = _Company({n: thresholds[n] for n in how.thresholds})  # type: ignore[misc]
        found = tuple(how.holds(k, company) for k in self._kinds[0])
        if not how.thresholds:
            if len(term.states) >= _REMEMBERED:
                term.states.clear()
            term.states[self._kinds] = found
        return found

    def _few(self, states: Sequence[State]) -> Plane:
        true, open_ = zeros(self.rows), None
        for place, state in enumerate(states):
            if state:
                true = true | self._where(place)
            elif state is None:
                here = self._where(place)
                open_ = here if open_ is None else open_ | here
        return self._plane(true, None if open_ is None else ~open_)

    def _many(self, states: Sequence[State]) -> Plane:
        held = np.array([s is True for s in states])
        said = np.array([s is not None for s in states])
        places: NDArray[Any] = self.column.values
        settled = None if said.all() else pack(said.take(places))
        return self._plane(pack(held.take(places)), settled)

    def _where(self, place: int) -> Bits:
        """Rows that have one of the kinds."""
        if self._codes is None:  # bytes compare quicker
            self._codes = self.column.values.astype(np.int8)
        if place not in self._each:
            self._each[place] = pack(self._codes == place)
        return self._each[place]

    def _looked_up(
        self, term: Term, thresholds: Mapping[str, Threshold]
    ) -> tuple[Flags, Flags]:
        """The states of the different values, one for each set of thresholds."""
        assert isinstance(term.node, Leaf)
        how, places = term.node.comparison, self.column.values
        kinds: Sequence[Value] | None = self.column.kinds
        if kinds is None:
            different, places = np.unique(places, return_inverse=True)  # type: ignore[assignment]
            kinds = tuple(map(float, different))
        true, settled = (np.zeros(self.rows, np.bool_) for _ in range(2))
        for rows, company in _companies(how.thresholds, thresholds, self.rows):
            states = [how.holds(k, company) for k in kinds] or [None]
            held = np.array([s is True for s in states])
            said = np.array([s is not None for s in states])
            here: Any = places[rows]
            true[rows], settled[rows] = held.take(here), said.take(here)
        return true, settled


def _holds(how: Comparison, values: NDArray[Any], operands: Sequence[Any]) -> Flags:
    """Where numbers hold a comparison with numbers, or with one a row."""
    found: Flags
    if how.op in _ORDER:
        found = _ORDER[how.op](values, operands[0])
    elif how.op == "between":
        found = (values >= operands[0]) & (values <= operands[1])
    else:
        found = np.zeros(len(values), np.bool_)
        for operand in operands:
            if not isinstance(operand, bool | str):  # a number is no word and no yes
                found |= values == operand
        if how.op == "!=":
            found = ~found
    return found


class _Company:
    """Thresholds of one company, for comparisons that read nothing else."""

    def __init__(self, found: Mapping[str, float | None]) -> None:
        self._found = found

    def read(self, name: str) -> Fact:
        raise KeyError(name)

    def benchmark(self, name: str) -> float | None:
        return self._found[name]


def _companies(
    names: Sequence[str], thresholds: Mapping[str, Threshold], rows: int
) -> Iterator[tuple[Rows | slice, _Company]]:
    """Rows of equal thresholds, with them."""
    varied = {n: v for n in names if isinstance(v := thresholds[n], np.ndarray)}
    same = {n: v for n in names if not isinstance(v := thresholds[n], np.ndarray)}
    if not varied:
        yield slice(None), _Company(same)
        return
    table = np.column_stack([np.broadcast_to(v, rows) for v in varied.values()])
    different, places = np.unique(table, axis=0, return_inverse=True)
    for i, row in enumerate(different):
        own = (None if np.isnan(v) else float(v) for v in row)
        at = np.flatnonzero(places.ravel() == i)
        yield at, _Company(same | dict(zip(varied, own, strict=True)))
