"""What conditions read on the rows of a level: facts, symptoms, verdicts so far.

Every different condition is evaluated once a level, however many rules share it.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.columnar.columns import Batch, Level, Threshold
from salesdx.inference.columnar.comparing import Reader
from salesdx.inference.columnar.compiled import Term
from salesdx.inference.columnar.planes import (
    Bits,
    Plane,
    any_of,
    enough,
    ones,
    pack,
    zeros,
)
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked

Points = NDArray[np.int16]


@dataclass
class World:
    """One batch while it is judged; derived planes are added stratum by stratum.

    `derived` and `points` are by (name, dimension).
    """

    knowledge: KnowledgeBase
    batch: Batch
    derived: dict[tuple[str, str], Plane] = field(default_factory=dict)
    points: dict[tuple[str, str], Points] = field(default_factory=dict)

    def __post_init__(self) -> None:
        levels = self.batch.levels
        self._seen: dict[str, dict[Term, Plane]] = {d: {} for d in levels}
        self._readers: dict[tuple[str, str], Reader | None] = {}
        self._own: dict[str, frozenset[str]] = {}
        self._measured: dict[tuple[str, str], Bits] = {}
        self._fits: dict[tuple[tuple[str, ...], str], Bits] = {}
        self._every = {d: ones(level.rows) for d, level in levels.items()}
        self._unknown = {d: Plane.unknown(level.rows) for d, level in levels.items()}
        self._thresholds = {d: self._of_level(level) for d, level in levels.items()}

    def _of_level(self, level: Level) -> dict[str, Threshold]:
        """The thresholds of each row, or of all."""
        found: dict[str, Threshold] = {
            n: b.value for n, b in self.knowledge.benchmarks.items()
        }
        for name, value in self.batch.thresholds.items():
            each = isinstance(value, np.ndarray) and level.owner is not None
            found[name] = value[level.owner] if each else value  # type: ignore[index]
        return found

    def level(self, dimension: str) -> Level:
        """The rows of a dimension."""
        return self.batch.levels[dimension]

    def every(self, dimension: str) -> Bits:
        """All rows of a dimension."""
        return self._every[dimension]

    def fits(self, models: tuple[str, ...], dimension: str) -> Bits | None:
        """Rows of companies of these sales models; None: all of them."""
        known = self.batch.models
        if not models or known is None:
            return None
        key = (models, dimension)
        if key not in self._fits:
            fits = np.array([m is None or m in models for m in known], np.bool_)
            owner = self.level(dimension).owner
            self._fits[key] = pack(fits if owner is None else fits[owner])
        return self._fits[key]

    def state(self, term: Term, dimension: str) -> Plane:
        """The states of a condition on every row of a level."""
        seen = self._seen[dimension]
        found = seen.get(term)
        if found is None:
            found = seen[term] = self._state(term, dimension)
        return found

    def _state(self, term: Term, dimension: str) -> Plane:
        if dimension and dimension not in term.varies:
            return self._spread(self.state(term, ""), dimension)
        if term.parts:
            parts = [self.state(p, dimension) for p in term.parts]
            return enough(parts, term.least) if term.least else parts[0].negated()
        name = term.names[0]
        derived = self.derived.get((name, dimension))
        if isinstance(term.node, Asked):
            return self._asked(term.node, derived, dimension)
        if derived is not None:
            return derived
        reader = self._reader(name, dimension)
        if reader is None:
            return self._unknown[dimension]
        return reader.compared(term, self._thresholds[dimension])

    def _reader(self, name: str, dimension: str) -> Reader | None:
        key = (name, dimension)
        if key not in self._readers:
            column = self.level(dimension).columns.get(name)
            self._readers[key] = None if column is None else Reader(column)
        return self._readers[key]

    def _asked(self, node: Asked, derived: Plane | None, dimension: str) -> Plane:
        rows, known = self.level(dimension).rows, self.known(node.name, dimension)
        if node.what in ("known", "unknown"):
            plane = Plane(rows, known, self.every(dimension) ^ known)
            return plane if node.what == "known" else plane.negated()
        said = None
        reader = self._reader(node.name, dimension)
        if reader is not None and derived is None:
            said = getattr(reader.column, node.what)
        if said is None:
            return Plane(rows, zeros(rows), known)
        held = pack(said)
        return Plane(rows, held, known & ~held)

    def points_at(self, name: str, dimension: str) -> Points:
        """The points behind a verdict that a rule reads."""
        if (name, dimension) in self.points:
            return self.points[name, dimension]
        owner = self.level(dimension).owner
        found = self.points.get((name, ""))
        if found is None:
            return np.zeros(self.level(dimension).rows, np.int16)
        return found if owner is None else found[owner]

    def known(self, name: str, dimension: str) -> Bits:
        """Rows where a name has a value."""
        if dimension and not self._has_own(name, dimension):
            return self._spread_bits(self.known(name, ""), dimension)
        derived = self.derived.get((name, dimension))
        if derived is not None:
            return derived.known
        reader = self._reader(name, dimension)
        return self._unknown[dimension].true if reader is None else reader.known

    def measured(self, term: Term, dimension: str) -> Bits:
        """Rows where anything that a condition reads is known and no answer."""
        return any_of([self._measured_name(n, dimension) for n in term.names])

    def _measured_name(self, name: str, dimension: str) -> Bits:
        key = (name, dimension)
        if key not in self._measured:
            self._measured[key] = self._not_said(name, dimension)
        return self._measured[key]

    def _not_said(self, name: str, dimension: str) -> Bits:
        if dimension and not self._has_own(name, dimension):
            return self._spread_bits(self._measured_name(name, ""), dimension)
        reader = self._reader(name, dimension)
        if reader is None or (name, dimension) in self.derived:
            return self.known(name, dimension)
        return reader.measured

    def _has_own(self, name: str, dimension: str) -> bool:
        """Whether a name has values of its own on the slices of a dimension."""
        if name not in self._own:
            self._own[name] = frozenset(self.knowledge.grain(name))
        return dimension in self._own[name]

    def _spread(self, plane: Plane, dimension: str) -> Plane:
        """The company's states on the rows of its slices."""
        owner = self.level(dimension).owner
        assert owner is not None
        return plane.at(owner)

    def _spread_bits(self, bits: Bits, dimension: str) -> Bits:
        return self._spread(Plane(self.batch.cases, bits, bits), dimension).true
