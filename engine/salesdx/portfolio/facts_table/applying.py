"""Answers to questions that do not apply, over many rows at once.

As `answers.relevance`: a question does not apply where its condition is false, or where
all that would decide it are questions that do not apply themselves or were said not to.
"""

from collections.abc import Mapping

import numpy as np

from salesdx.inference.columnar.columns import Column
from salesdx.inference.columnar.comparing import Reader
from salesdx.inference.columnar.compiled import Term
from salesdx.inference.columnar.planes import Bits, Plane, enough, ones, pack, unpack
from salesdx.knowledge.conditions import Asked, Group, Leaf, Node
from salesdx.portfolio.facts_table.cells import Flags
from salesdx.portfolio.facts_table.layout import Layout
from salesdx.portfolio.facts_table.texts import Texts

_NOBODY: frozenset[str] = frozenset()


class Applying:
    """The answers of some rows while those that do not apply drop out."""

    def __init__(
        self, layout: Layout, columns: Mapping[str, Column],
        not_applicable: Mapping[str, Flags], models: Texts | None, rows: int,
    ) -> None:  # fmt: skip
        self._layout, self._columns, self._rows = layout, columns, rows
        self._models = models
        self._said_not = {n: pack(f) for n, f in not_applicable.items()}
        self._gone: dict[str, Bits] = {}
        self._none, self._all = np.zeros_like(ones(rows)), ones(rows)
        self._leaves: dict[Leaf | Asked, Plane] = {}
        self._states: dict[Node, Plane] = {}
        self._foreign: dict[tuple[str, ...], Bits] = {}

    def dropped(self, told: Mapping[str, Flags]) -> dict[str, Flags]:
        """Rows on which an answer is not heard, by question.

        Args:
            told: where a question has an answer, of whatever kind.
        """
        there = {n: pack(f) for n, f in told.items()}
        again = True
        while again:
            self._states = {}
            off = {n: self._off(n, _NOBODY) & there[n] for n in there}
            again = False
            for name, bits in off.items():
                if bits.any():
                    self._gone[name] = self._gone.get(name, self._none) | bits
                    there[name] = there[name] & ~bits
                    again = True
        return {n: unpack(bits, self._rows) for n, bits in self._gone.items()}

    def _off(self, name: str, above: frozenset[str]) -> Bits:
        """Rows on which a question does not apply; `above` are those on the way."""
        layout = self._layout
        if name in layout.off:
            return self._all
        found = self._of_other_models(tuple(layout.questions[name].applies_to))
        node = layout.relevance.get(name)
        if node is None:
            return found
        state = self._state(node)
        waiting = self._all & ~state.known & ~found
        found = found | state.false
        above |= {name}
        for leaf in _leaves(node) if waiting.any() else ():
            waiting = waiting & (self._leaf(leaf).known | self._idle(leaf.name, above))
            if not waiting.any():
                break
        return found | waiting

    def _idle(self, name: str, above: frozenset[str]) -> Bits:
        """Rows on which nothing can come of a name that is not known."""
        said_not = self._said_not.get(name, self._none)
        if name in self._gone:
            said_not = said_not & ~self._gone[name]
        if name not in self._layout.questions or name in above:
            return said_not
        return said_not | self._off(name, above)

    def _of_other_models(self, models: tuple[str, ...]) -> Bits:
        if not models or self._models is None:
            return self._none
        if models not in self._foreign:
            strange = [m not in models for m in self._models.values] + [False]
            found = np.array(strange, np.bool_)[self._models.codes]
            self._foreign[models] = pack(found)
        return self._foreign[models]

    def _state(self, node: Node) -> Plane:
        if not isinstance(node, Group):
            return self._leaf(node)
        if node not in self._states:
            parts = [self._state(p) for p in node.parts]
            if node.kind == "not":
                self._states[node] = parts[0].negated()
            else:
                least = {"all": len(parts), "any": 1}.get(node.kind, node.n)
                self._states[node] = enough(parts, least)
        return self._states[node]

    def _leaf(self, leaf: Leaf | Asked) -> Plane:
        """A comparison, unknown where the answer that it reads has dropped out."""
        if leaf not in self._leaves:
            self._leaves[leaf] = self._read(leaf)
        plane, gone = self._leaves[leaf], self._gone.get(leaf.name)
        if gone is None:
            return plane
        if isinstance(leaf, Asked) and leaf.what in ("known", "unknown"):
            known = Plane(self._rows, plane.true & ~gone, plane.false | gone)
            if leaf.what == "known":
                return known
            return Plane(self._rows, plane.true | gone, plane.false & ~gone)
        return Plane(self._rows, plane.true & ~gone, plane.false & ~gone)

    def _read(self, leaf: Leaf | Asked) -> Plane:
        column = self._columns.get(leaf.name)
        if isinstance(leaf, Leaf):
            if column is None:
                return Plane.unknown(self._rows)
            term = Term(leaf, (), 0, (leaf.name,), frozenset())
            found = Reader(column).compared(term, self._layout.shipped)
            return Plane(self._rows, found.true, found.false)
        known = self._none if column is None else pack(column.known)
        if leaf.what in ("known", "unknown"):
            plane = Plane(self._rows, known, self._all & ~known)
            return plane if leaf.what == "known" else plane.negated()
        said = None if column is None else getattr(column, leaf.what)
        held = self._none if said is None else pack(said)
        return Plane(self._rows, held, known & ~held)


def _leaves(node: Node) -> list[Leaf | Asked]:
    if isinstance(node, Group):
        return [leaf for part in node.parts for leaf in _leaves(part)]
    return [node]
