"""Whether formulas over single names can hold together: every way is tried.

An atom says that one test of one name has an outcome; a formula asks for so many of
its parts. The formulas hold together unless every way to meet them asks some name to
be in no state at all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from salesdx.workbench.logic_ranges import Test

Place = tuple[str, str]  # a name, and the dimension on whose slice it is read
_EFFORT = 4000  # ways that are tried before a question is given up


@dataclass(frozen=True, slots=True)
class Atom:
    """A test of one name has an outcome; with `holds` off: it has another one."""

    place: Place
    test: Test
    outcome: bool
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Some:
    """At least n of the parts hold."""

    n: int
    parts: tuple["Formula", ...]


Formula = Atom | Some
NEVER = Some(1, ())


def negated(formula: Formula) -> Formula:
    """What holds exactly where the formula does not."""
    if isinstance(formula, Atom):
        return replace(formula, holds=not formula.holds)
    fatal = len(formula.parts) - formula.n + 1
    return Some(fatal, tuple(map(negated, formula.parts)))


@dataclass(frozen=True, slots=True)
class Told:
    """Sets of states, as bits; without states every outcome is thought possible."""

    every: int
    outcomes: Mapping[tuple[Test, bool], int]

    def of(self, atom: Atom) -> int:
        """The states in which the atom is met."""
        found = self.outcomes.get((atom.test, atom.outcome), 0)
        return found if atom.holds else self.every & ~found


class Search:
    """Tries every way to make formulas hold together."""

    def __init__(self, told: Mapping[Place, Told]) -> None:
        self._told, self._left = told, _EFFORT

    def fails(self, formulas: Sequence[Formula]) -> bool:
        """Whether there is no way, and all were tried."""
        every = {place: told.every for place, told in self._told.items() if told.every}
        return not self._meets(list(formulas), every) and self._left > 0

    def _meets(self, goals: list[Formula], masks: dict[Place, int]) -> bool:
        """Whether a way is left; `masks` are the states each name may still be in."""
        self._left -= 1
        if self._left <= 0:
            return False
        masks = dict(masks)
        choices: list[Some] = []
        while goals:
            goal = goals.pop()
            if isinstance(goal, Atom):
                if goal.place in masks:
                    masks[goal.place] &= self._told[goal.place].of(goal)
                    if not masks[goal.place]:
                        return False
            elif goal.n >= len(goal.parts) and goal.n > 0:
                if goal.n > len(goal.parts):
                    return False
                goals += goal.parts
            elif goal.n > 0:
                choices.append(goal)
        if not choices:
            return True
        first = min(choices, key=lambda c: len(c.parts))
        rest: list[Formula] = [c for c in choices if c is not first]
        return self._choose(first, rest, masks)

    def _choose(
        self, goal: Some, goals: list[Formula], masks: dict[Place, int]
    ) -> bool:
        """One part of a choice holds, or it is left out."""
        parts = [p for p in goal.parts if self._open(p, masks)]
        if len(parts) < goal.n:
            return False
        first, others = parts[0], tuple(parts[1:])
        with_it = [*goals, first, Some(goal.n - 1, others)]
        return self._meets(with_it, masks) or self._meets(
            [*goals, Some(goal.n, others)], masks
        )

    def _open(self, part: Formula, masks: Mapping[Place, int]) -> bool:
        if not isinstance(part, Atom) or part.place not in masks:
            return True
        return bool(masks[part.place] & self._told[part.place].of(part))


def atoms(formulas: Sequence[Formula]) -> Iterator[Atom]:
    """Every atom of the formulas."""
    for formula in formulas:
        if isinstance(formula, Atom):
            yield formula
        else:
            yield from atoms(formula.parts)
