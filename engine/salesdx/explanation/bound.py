"""What a set of changes could do at best: sets that cannot suffice are not tried.

A rule can only turn when a name that it reads is changed, be it through a symptom or
because the change makes a question apply. So what a change touches says how far it
could lift a cause; where even that is not enough, the rules need not be asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from salesdx.answers.relevance import conditions
from salesdx.inference.points import LIKELY, total
from salesdx.inference.verdicts import CauseOutcome
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node, names


@dataclass
class Bound:
    """The upper bound of one outcome under changes of the given names, by number."""

    outcome: CauseOutcome
    part: KnowledgeBase
    changed: Sequence[str]
    _most: dict[frozenset[int], bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        above = _above(self.part)
        reach = [{n, *above.get(n, ())} for n in self.changed]
        reads = [self._reads(r.rule.node) for r in self.outcome.rules]
        self._rules = [
            frozenset(i for i, names_ in enumerate(reads) if _meet(names_, r))
            for r in reach
        ]
        blocks = [self._reads(n) for n in self._standing()]
        self._blocks = [
            frozenset(i for i, names_ in enumerate(blocks) if _meet(names_, r))
            for r in reach
        ]
        self._all_blocks = frozenset(range(len(blocks)))

    def may(self, some: Iterable[int]) -> bool:
        """Whether these changes together could make the cause likely."""
        chosen = list(some)
        if frozenset[int]().union(*(self._blocks[n] for n in chosen)) != (
            self._all_blocks
        ):
            return False
        touched = frozenset[int]().union(*(self._rules[n] for n in chosen))
        if touched not in self._most:
            self._most[touched] = self._points(touched) >= LIKELY
        return self._most[touched]

    def _points(self, touched: frozenset[int]) -> int:
        """Points with every touched rule as it would be best."""
        items = []
        for i, row in enumerate(self.outcome.rules):
            item = row.item
            if i in touched:
                good = item.direction == "for"
                # what an answer says alone now, a figure may say then
                item = replace(
                    item, state=good, points=item.full, single=row.rule.single
                )
            items.append(item)
        return total(items).points

    def _standing(self) -> list[Node]:
        """Conditions that forbid the verdict as they are: each has to be touched."""
        o = self.outcome
        found = [g.node for g in o.gate if g.state is not True]
        found += [u.node for u in (*o.unless, *o.rules_out) if u.state is True]
        return found

    def _reads(self, node: Node) -> frozenset[str]:
        """Names behind a condition, symptoms opened; a verdict may hang on any."""
        found: set[str] = set()
        open_ = [node]
        while open_:
            for name in names(open_.pop()):
                prefix, _, rest = name.partition(":")
                if prefix == "symptom" and rest and name not in found:
                    open_.append(self.part.symptoms[rest].node)
                found.add(name if prefix != "cause" or not rest else "*")
        return frozenset(found)


def _meet(read: frozenset[str], changed: set[str]) -> bool:
    return "*" in read or not read.isdisjoint(changed)


def _above(part: KnowledgeBase) -> Mapping[str, set[str]]:
    """The questions that apply or not by what a name says, also by way of others."""
    below: dict[str, set[str]] = {}
    for question, node in conditions(part).items():
        for name in names(node):
            below.setdefault(name, set()).add(question)
    for name in list(below):
        open_ = list(below[name])
        while open_:
            for further in below.get(open_.pop(), set()) - below[name]:
                below[name].add(further)
                open_.append(further)
    return below
