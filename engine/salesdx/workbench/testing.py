"""kb test: run the tests that stand beside the rules, and see that none is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, get_args

from salesdx.answers.log import CONFIDENCE
from salesdx.answers.values import BadValue, read_value
from salesdx.errors import Said
from salesdx.facts import COMPANY, Fact, GapState
from salesdx.inference.points import Item, Total, total
from salesdx.inference.verdicts import verdict_of
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import Outcome, State, evaluate
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.models import RuleTest
from salesdx.result import Verdict


@dataclass(frozen=True, slots=True)
class Failure:
    """One broken expectation, with the tree behind it in words."""

    cause: str
    test: str
    message: str
    tree: tuple[str, ...] = ()


@dataclass(slots=True)
class Report:
    """What ran and what failed; `untested` rules lack a firing, silent or unknown.

    `changed` are tests of a lower layer that end otherwise under the overlays: they
    prove the knowledge without them, so they tell what an overlay does and fail nobody.
    """

    tests: int = 0
    failures: list[Failure] = field(default_factory=list)
    changed: list[Failure] = field(default_factory=list)
    untested: list[str] = field(default_factory=list)


_HOLDS: dict[str, bool | str] = {"True": True, "yes": True, "true": True,
          "False": False, "no": False, "false": False}  # fmt: skip
_WORDS: dict[str, dict[str, bool | str]] = {
    "symptom": _HOLDS,
    "cause": _HOLDS | {v: v == "likely" for v in get_args(Verdict)},
    "gap": {s: s for s in get_args(GapState)},
}


_STATES: dict[State, Said] = {
    True: Said("fired", "«сработало»"),
    False: Said("not fired", "«молчит»"),
    None: Said("unknown", "«неизвестно»"),
}


class _Given:
    """The facts of a test; symptoms that are not given are computed from them."""

    def __init__(self, knowledge: KnowledgeBase, given: Mapping[str, Any]) -> None:
        self._knowledge = knowledge
        self._given = given
        self.faults: list[str] = []

    def read(self, name: str) -> Fact:
        if name in self._given:
            return self._fact(name, self._given[name])
        prefix, _, rest = name.partition(":")
        if prefix == "symptom" and rest in self._knowledge.symptoms:
            outcome = evaluate(self._knowledge.symptoms[rest].node, self)
            return Fact(name, outcome.state, confidence=outcome.confidence)
        return Fact(name, None)

    def benchmark(self, name: str) -> float:
        return self._knowledge.benchmarks[name].value

    def check(self) -> list[str]:
        """Names and values of the test that nothing could ever read."""
        words = self._knowledge.vocabulary
        found: list[str] = [
            Said(f"unknown name {n!r}", f"неизвестное имя «{n}»")
            for n in self._given
            if not words.knows(n)
        ]
        for name in self._given:
            if words.knows(name):
                self._fact(name, self._given[name])
        return found + self.faults

    def _fact(self, name: str, value: Any) -> Fact:
        confidence, disagree = 100, False
        if isinstance(value, dict):
            said = str(value.get("confidence", "sure"))
            if said not in CONFIDENCE:
                self.faults.append(Said(
                    f"{name}: no confidence {said!r}",
                    f"{name}: уверенности «{said}» не бывает",
                ))  # fmt: skip
            confidence = CONFIDENCE.get(said, 100)
            disagree = bool(value.get("disagree", False))
            value = value.get("value")
        if value in ("unknown", None):
            return Fact(name, None, disagree=disagree)
        if value == "dont_know":
            return Fact(name, None, dont_know=True)
        kind = name.partition(":")[0] if ":" in name else "figure"
        words = _WORDS.get(kind)
        if words is not None:
            if str(value) not in words:
                self.faults.append(Said(
                    f"{name} is never {value!r}",
                    f"{name} не принимает значения «{value}»",
                ))  # fmt: skip
            return Fact(name, words.get(str(value)))
        question = self._knowledge.questions.get(name)
        if question is not None:
            read = read_value(question, value)
            if isinstance(read, BadValue):
                self.faults.append(read.message)
                return Fact(name, None)
            return Fact(name, read, COMPANY, confidence, "answer", disagree=disagree)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.faults.append(Said(
                f"{name} is a figure, not {value!r}",
                f"{name} — показатель, нужно число, а здесь «{value}»",
            ))  # fmt: skip
            return Fact(name, None)
        return Fact(name, value)


def run(knowledge: KnowledgeBase, only: str | None = None) -> Report:
    """Run the tests of all causes (or of one)."""
    report = Report()
    for cause in knowledge.causes.values():
        if (only and cause.id != only) or knowledge.is_off("causes", cause.id):
            continue
        entry = knowledge.entries["causes"][cause.id]
        seen: dict[int, dict[tuple[str, str], set[State]]] = {}
        for i, test in enumerate(cause.spec.tests):
            layer = entry.at(("tests", i)).layer
            report.tests += 1
            top = knowledge.is_top("causes", cause.id, ("tests", i))
            told = report.failures if top else report.changed
            told += _run(knowledge, cause, test, seen.setdefault(layer, {}))
        report.untested += _untested(cause, entry, seen)
    return report


def _run(
    knowledge: KnowledgeBase,
    cause: ReadyCause,
    test: RuleTest,
    seen: dict[tuple[str, str], set[State]],
) -> Iterator[Failure]:
    world = _Given(knowledge, test.given)
    for fault in world.check():
        yield Failure(cause.id, test.name, fault)
    outcomes = {(r.direction, r.id): evaluate(r.node, world) for r in cause.rules}
    expect = test.expect
    for words, state in (
        (expect.fired, True), (expect.not_fired, False), (expect.unknown, None),
    ):  # fmt: skip
        for rule in words:
            found = {k: o for k, o in outcomes.items() if k[1] == rule}
            if not found:
                said = Said(f"no rule {rule!r}", f"нет правила «{rule}»")
                yield Failure(cause.id, test.name, said)
            for key, outcome in found.items():
                seen.setdefault(key, set()).add(state)
                if outcome.state is not state:
                    yield Failure(
                        cause.id, test.name, _differs(rule, state, outcome.state),
                        tuple(tree(outcome)),
                    )  # fmt: skip
    yield from _verdict(cause, test, world, outcomes)


def _verdict(
    cause: ReadyCause,
    test: RuleTest,
    world: _Given,
    outcomes: Mapping[tuple[str, str], Outcome],
) -> Iterator[Failure]:
    bill = judge(cause, outcomes)
    harms = [world.read(f"symptom:{s}").value for s in cause.spec.explains]
    harm: State = True
    if harms and True not in harms:
        harm = None if None in harms else False
    verdict = verdict_of(
        bill,
        [evaluate(n, world) for n in cause.gate],
        [evaluate(n, world) for n in (*cause.unless, *cause.rules_out)],
        [n for n in cause.spec.needs if world.read(n).value is None],
        harm,
    )
    now = {
        "verdict": verdict, "points": bill.points, "worst": bill.worst,
        "best": bill.best,
    }  # fmt: skip
    for key, value in now.items():
        wanted = getattr(test.expect, key)
        if wanted is not None and wanted != value:
            counted = ", ".join(f"{k[1]} {v:+d}" for k, v in bill.counted.items())
            said = Said(
                f"{key}: expected {wanted}, is {value} (counted: {counted or 'none'})",
                f"{key}: ожидалось {wanted}, получилось {value} "
                f"(учтено: {counted or 'ничего'})",
            )
            yield Failure(cause.id, test.name, said)


def judge(cause: ReadyCause, outcomes: Mapping[tuple[str, str], Outcome]) -> Total:
    """The bill of a cause over given outcomes."""
    return total(
        Item(
            r.id, r.direction,
            r.points * o.confidence // 100 if o.state else r.points,
            r.points, r.group, r.rests_on_an_answer(o), o.state,
        )
        for r in cause.rules
        for o in [outcomes[r.direction, r.id]]
        if not (r.recorded and o.state is not True)
    )  # fmt: skip


def _untested(
    cause: ReadyCause,
    entry: Entry,
    seen: Mapping[int, Mapping[tuple[str, str], set[State]]],
) -> Iterator[str]:
    """Rules that are not shown in each state by tests as new as their condition."""
    written = {r.id for r in (*cause.spec.evidence, *cause.spec.against)}
    for rule in cause.rules:
        if rule.id not in written or rule.spec.todo:
            continue
        layer = entry.at((*rule.path, "if")).layer
        key = rule.direction, rule.id
        shown = {s for n, by in seen.items() if n >= layer for s in by.get(key, ())}
        lacking = [_STATES[s] for s in (True, False, None) if s not in shown]
        if lacking:
            name = f"{cause.id}/{rule.id}"
            yield Said(
                f"{name}: never {', '.join(lacking)}",
                f"{name}: ни разу не показано {', '.join(s.ru for s in lacking)}",
            )


def _differs(rule: str, wanted: State, found: State) -> Said:
    expected, now = _STATES[wanted], _STATES[found]
    return Said(
        f"{rule}: expected {expected}, is {now}",
        f"{rule}: ожидалось {expected.ru}, получилось {now.ru}",
    )


def tree(outcome: Outcome, depth: int = 0) -> Iterator[str]:
    """A condition tree with states and values, a line a node."""
    mark = {True: "✓", False: "✗", None: "?"}[outcome.state]
    label = getattr(outcome.node, "kind", None) if outcome.parts else str(outcome.node)
    value = f"  = {outcome.fact.value}" if outcome.fact is not None else ""
    yield f"{'  ' * depth}{mark} {label}{value}"
    for part in outcome.parts:
        yield from tree(part, depth + 1)
