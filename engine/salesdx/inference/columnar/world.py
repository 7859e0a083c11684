"""What conditions read on the rows of a level: facts, symptoms, verdicts so far.

Every different condition is evaluated once a level, however many rules share it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.columnar.columns import Batch, Column, Level, Threshold
from salesdx.inference.columnar.planes import Bits, Plane, enough, ones, pack
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Group, Node, names

Points = NDArray[np.int16]


@dataclass
class World:
    """One batch while it is judged; derived planes are added stratum by stratum."""

    knowledge: KnowledgeBase
    batch: Batch
    derived: dict[tuple[str, str], Plane] = field(default_factory=dict)
    points: dict[tuple[str, str], Points] = field(default_factory=dict)
    _seen: dict[tuple[str, Node], Plane] = field(default_factory=dict)
    _measured: dict[tuple[str, str], Bits] = field(default_factory=dict)
    _fits: dict[tuple[tuple[str, ...], str], Bits] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shipped = {n: b.value for n, b in self.knowledge.benchmarks.items()}
        self._thresholds: dict[str, Mapping[str, Threshold]] = {}
        for name, level in self.batch.levels.items():
            own = {
                n: v[level.owner]
                if isinstance(v, np.ndarray) and level.owner is not None
                else v
                for n, v in self.batch.thresholds.items()
            }
            self._thresholds[name] = {**shipped, **own}

    def level(self, dimension: str) -> Level:
        """The rows of a dimension."""
        return self.batch.levels[dimension]

    def every(self, dimension: str) -> Bits:
        """All rows of a dimension."""
        return ones(self.level(dimension).rows)

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

    def state(self, node: Node, dimension: str) -> Plane:
        """The states of a condition on every row of a level."""
        key = (dimension, node)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._state(node, dimension)
        return found

    def _state(self, node: Node, dimension: str) -> Plane:
        if dimension and not self._varies(node, dimension):
            return self._spread(self.state(node, ""), dimension)
        if isinstance(node, Group):
            parts = [self.state(p, dimension) for p in node.parts]
            if node.kind == "not":
                return parts[0].negated()
            least = {"all": len(parts), "any": 1}.get(node.kind, node.n)
            return enough(parts, least)
        derived = self.derived.get((node.name, dimension))
        column = self.level(dimension).columns.get(node.name)
        if isinstance(node, Asked):
            return self._asked(node, derived, column, dimension)
        if derived is not None:
            return derived
        if column is None:
            return Plane.unknown(self.level(dimension).rows)
        return column.compared(node.comparison, self._thresholds[dimension])

    def _asked(
        self, node: Asked, derived: Plane | None, column: Column | None, dimension: str
    ) -> Plane:
        rows = self.level(dimension).rows
        every, known = ones(rows), self.known(node.name, dimension)
        if node.what in ("known", "unknown"):
            plane = Plane(rows, known, every & ~known)
            return plane if node.what == "known" else plane.negated()
        said = None
        if column is not None and derived is None:
            said = getattr(column, node.what)
        held = np.zeros_like(known) if said is None else pack(said)
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
        if dimension and not self._own(name, dimension):
            return self._spread(self._fact(name, ""), dimension).true
        return self._fact(name, dimension).true

    def _fact(self, name: str, dimension: str) -> Plane:
        """Where a fact is known, as what holds."""
        derived = self.derived.get((name, dimension))
        level = self.level(dimension)
        if derived is not None:
            known = derived.known
        elif name in level.columns:
            known = pack(level.columns[name].known)
        else:
            return Plane.unknown(level.rows)
        return Plane(level.rows, known, np.zeros_like(known))

    def measured(self, node: Node, dimension: str) -> Bits:
        """Rows where anything that a condition reads is known and no answer."""
        found = np.zeros((self.level(dimension).rows + 7) // 8, np.uint8)
        for name in dict.fromkeys(names(node)):
            found = found | self._measured_name(name, dimension)
        return found

    def _measured_name(self, name: str, dimension: str) -> Bits:
        key = (dimension, name)
        if key not in self._measured:
            self._measured[key] = self._not_said(name, dimension)
        return self._measured[key]

    def _not_said(self, name: str, dimension: str) -> Bits:
        if dimension and not self._own(name, dimension):
            said = self._measured_name(name, "")
            plane = Plane(self.batch.cases, said, np.zeros_like(said))
            return self._spread(plane, dimension).true
        if (name, dimension) not in self.derived:
            column = self.level(dimension).columns.get(name)
            if column is not None:
                return pack(column.measured())
        return self._fact(name, dimension).true

    def _own(self, name: str, dimension: str) -> bool:
        """Whether a name has values of its own on the slices of a dimension."""
        return dimension in self.knowledge.grain(name)

    def _varies(self, node: Node, dimension: str) -> bool:
        return any(self._own(n, dimension) for n in names(node))

    def _spread(self, plane: Plane, dimension: str) -> Plane:
        """The company's states on the rows of its slices."""
        owner = self.level(dimension).owner
        assert owner is not None
        return plane.at(owner)
