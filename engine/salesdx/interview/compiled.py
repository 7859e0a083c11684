"""The rules and checks of one cause, compiled for a company."""

from collections.abc import Mapping
from dataclasses import dataclass

from salesdx.inference.points import Item
from salesdx.interview.program import NOTHING, Facts, Test
from salesdx.knowledge.base import ReadyCause, ReadyRule


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule and its test; `verdicts` are the `cause:` names that it reads."""

    rule: ReadyRule
    test: Test
    reads: tuple[str, ...]
    verdicts: tuple[str, ...]

    def item(self, facts: Facts, points: Mapping[str, int]) -> Item | None:
        """What it puts on the bill; None where it is no part of it."""
        rule = self.rule
        true, false, sure = self.test(facts, NOTHING)
        state = True if true == 1.0 else False if false == 1.0 else None
        if rule.recorded and not state:
            return None
        worth = rule.points
        if state:
            worth = worth * sure // 100
            read = {n: facts.get(n) for n in self.verdicts}
            passed = [points[n] for n, f in read.items() if f and f.value]
            if passed:
                worth = min(worth, max(passed))
        single = self.single(facts)
        return Item(
            rule.id, rule.direction, worth, rule.points, rule.group, single, state
        )

    def single(self, facts: Facts) -> bool:
        """Whether nothing but one answer speaks."""
        if not self.rule.claim:
            return self.rule.single
        read = (facts.get(n) for n in self.reads)
        return not any(f and f.value is not None and f.origin != "answer" for f in read)


@dataclass(frozen=True, slots=True)
class CompiledCause:
    """The company's rules and checks of one cause; `reads` are all names behind it."""

    cause: ReadyCause
    rules: tuple[CompiledRule, ...]
    gate: tuple[Test, ...]
    cancel: tuple[Test, ...]
    harms: tuple[str, ...]
    reads: frozenset[str]

    @property
    def id(self) -> str:
        """The id of the cause."""
        return self.cause.id
