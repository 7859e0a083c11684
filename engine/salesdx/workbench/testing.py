"""kb test: run the tests that stand beside the rules, and see that none is missing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import get_args

from salesdx.content import NodePath, did_you_mean
from salesdx.errors import Problem, Said, hinted
from salesdx.explanation.wording import Wording
from salesdx.inference.verdicts import verdict_of
from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadyRule
from salesdx.knowledge.conditions import Outcome, State, evaluate
from salesdx.knowledge.models import RuleTest
from salesdx.result import Verdict
from salesdx.workbench.given import Given
from salesdx.workbench.testing_bill import Bill, bill_of, harm_of, judge, place_of
from salesdx.workbench.trees import TreeNode, tree

CURRENCY = "RUB"  # tests beside rules have no company; figures of money need a sign
WANTED: tuple[tuple[str, State], ...] = (
    ("fired", True), ("not_fired", False), ("unknown", None),
)  # fmt: skip
STATE_WORDS: dict[State, Said] = {
    True: Said("fired", "«сработало»"),
    False: Said("not fired", "«молчит»"),
    None: Said("unknown", "«неизвестно»"),
}
FIGURES = ("verdict", "points", "worst", "best")
Shown = dict[tuple[str, str], set[State]]  # (direction, rule) -> states in tests
Seen = dict[int, Shown]  # layer of the test -> what it shows


@dataclass(frozen=True, slots=True)
class Failure:
    """One broken expectation.

    `problem` says where it stands in the file; `rule_at` is the place of the rule;
    `tree` is the condition of the rule as the test sees it, `bill` the whole account
    where the verdict or the points differ.
    """

    cause: str
    test: str
    message: str
    problem: Problem
    rule: str = ""
    rule_at: str = ""
    expected: str = ""
    got: str = ""
    tree: TreeNode | None = None
    bill: Bill | None = None


@dataclass(frozen=True, slots=True)
class Lacking:
    """A rule that no test shows in some of its three states."""

    cause: str
    rule: ReadyRule
    states: tuple[State, ...]
    problem: Problem

    @property
    def text(self) -> Said:
        """`cause/rule: never fired, unknown`."""
        name = f"{self.cause}/{self.rule.id}"
        words = [STATE_WORDS[s] for s in self.states]
        return Said(
            f"{name}: never {', '.join(words)}",
            f"{name}: ни разу не показано {', '.join(w.ru for w in words)}",
        )


@dataclass(slots=True)
class Report:
    """What ran and what failed; `lacking` rules miss a firing, silent or unknown.

    `changed` are tests of a lower layer that end otherwise under the overlays: they
    prove the knowledge without them, so they tell what an overlay does and fail nobody.
    `todo` are the rules that are declared not to be tested yet.
    """

    tests: int = 0
    failures: list[Failure] = field(default_factory=list)
    changed: list[Failure] = field(default_factory=list)
    lacking: list[Lacking] = field(default_factory=list)
    todo: list[tuple[str, str]] = field(default_factory=list)

    @property
    def untested(self) -> list[Said]:
        """The lacking rules in words."""
        return [row.text for row in self.lacking]


def run(knowledge: KnowledgeBase, only: str | None = None) -> Report:
    """Run the tests of all causes (or of one)."""
    report = Report()
    for cause in knowledge.causes.values():
        if (only and cause.id != only) or knowledge.is_off("causes", cause.id):
            continue
        entry = knowledge.entries["causes"][cause.id]
        seen: Seen = {}
        for i, test in enumerate(cause.spec.tests):
            report.tests += 1
            here = seen.setdefault(entry.at(("tests", i)).layer, {})
            top = knowledge.is_top("causes", cause.id, ("tests", i))
            told = report.failures if top else report.changed
            told += _Run(knowledge, cause, i, test, here).failures()
        report.lacking += _lacking(knowledge, cause, seen)
        report.todo += [(cause.id, r.id) for r in written(cause) if r.spec.todo]
    return report


def broken(
    knowledge: KnowledgeBase, cause: ReadyCause, test: RuleTest
) -> list[Failure]:
    """What a test that stands in no file would fail of."""
    return list(_Run(knowledge, cause, len(cause.spec.tests), test, {}).failures())


def written(cause: ReadyCause) -> list[ReadyRule]:
    """The rules that stand in the file of the cause; questions make others."""
    return [r for r in cause.rules if r.path]


@dataclass
class _Run:
    """One test of one cause."""

    knowledge: KnowledgeBase
    cause: ReadyCause
    number: int
    test: RuleTest
    seen: Shown

    def __post_init__(self) -> None:
        self.world = Given(self.knowledge, self.test.given)
        self.rules = {(r.direction, r.id): r for r in self.cause.rules}
        self.outcomes = {k: evaluate(r.node, self.world) for k, r in self.rules.items()}

    def failures(self) -> Iterator[Failure]:
        for fault in self.world.faults:
            tail = () if fault.of_value else ("@key",)
            path = ("given", fault.name, *tail)
            yield self._failure(path, fault.message, fault.hint)
        for key, state in WANTED:
            for i, rule in enumerate(getattr(self.test.expect, key)):
                yield from self._expected(rule, state, (key, i))
        yield from self._figures()

    def _failure(
        self, path: NodePath, message: str, hint: str = "", **more: str | TreeNode
    ) -> Failure:
        said = hinted(message, hint)
        told = Said(f"{self.test.name}: {said}", f"{self.test.name}: {said.ru}")
        place = ("tests", self.number, *path)
        problem = self.knowledge.problem(
            "causes", self.cause.id, place, "failing-test", told
        )
        return Failure(self.cause.id, self.test.name, said, problem, **more)  # type: ignore[arg-type]

    def _expected(
        self, rule: str, state: State, path: tuple[str, int]
    ) -> Iterator[Failure]:
        found = {k: o for k, o in self.outcomes.items() if k[1] == rule}
        if not found:
            said = Said(f"no rule {rule!r}", f"нет правила «{rule}»")
            hint = did_you_mean(rule, (k[1] for k in self.outcomes))
            yield self._failure(("expect", *path), said, hint, rule=rule)
        for key, outcome in found.items():
            self.seen.setdefault(key, set()).add(state)
            if outcome.state is not state:
                yield self._failure(
                    ("expect", *path), _differs(rule, state, outcome.state), rule=rule,
                    rule_at=place_of(self.knowledge, self.rules[key]),
                    expected=STATE_WORDS[state], got=STATE_WORDS[outcome.state],
                    tree=tree(outcome, self.world, Wording(self.knowledge, CURRENCY)),
                )  # fmt: skip

    def _figures(self) -> Iterator[Failure]:
        """The verdict and the points."""
        wanted = {k: getattr(self.test.expect, k) for k in FIGURES}
        if all(v is None for v in wanted.values()):
            return
        now = figures(self.cause, self.world, self.outcomes)
        total = judge(self.cause, self.outcomes)
        for key, value in wanted.items():
            if value is None or value == now[key]:
                continue
            path = ("expect", key)
            if key == "verdict" and value not in get_args(Verdict):
                known = get_args(Verdict)
                yield self._failure(
                    path, Said(f"no verdict {value!r}", f"нет вывода «{value}»"),
                    did_you_mean(str(value), known) or ", ".join(known),
                )  # fmt: skip
                continue
            counted = ", ".join(f"{k[1]} {v:+d}" for k, v in total.counted.items())
            said = Said(
                f"{key}: expected {value}, is {now[key]} "
                f"(counted: {counted or 'none'})",
                f"{key}: ожидалось {value}, получилось {now[key]} "
                f"(учтено: {counted or 'ничего'})",
            )
            bill = bill_of(
                self.cause, self.outcomes, self.world,
                Wording(self.knowledge, CURRENCY),
            )  # fmt: skip
            yield self._failure(
                path, said, expected=str(value), got=str(now[key]), bill=bill,  # type: ignore[arg-type]
            )  # fmt: skip


def figures(
    cause: ReadyCause, world: Given, outcomes: Mapping[tuple[str, str], Outcome]
) -> dict[str, str | int]:
    """The verdict and the points of a cause in a test."""
    bill = judge(cause, outcomes)
    verdict = verdict_of(
        bill,
        [evaluate(n, world) for n in cause.gate],
        [evaluate(n, world) for n in (*cause.unless, *cause.rules_out)],
        [n for n in cause.spec.needs if world.read(n).value is None],
        harm_of(cause, world),
    )
    return {
        "verdict": verdict, "points": bill.points, "worst": bill.worst,
        "best": bill.best,
    }  # fmt: skip


def _lacking(
    knowledge: KnowledgeBase, cause: ReadyCause, seen: Seen
) -> Iterator[Lacking]:
    """Rules that are not shown in each state by tests as new as their condition."""
    entry = knowledge.entries["causes"][cause.id]
    for rule in written(cause):
        layer = entry.at((*rule.path, "if")).layer
        key = rule.direction, rule.id
        shown = {s for n, by in seen.items() if n >= layer for s in by.get(key, ())}
        states = tuple(s for s in (True, False, None) if s not in shown)
        if states and not rule.spec.todo:
            row = Lacking(cause.id, rule, states, Problem("", 0, 0, "", ""))
            problem = knowledge.problem(
                "causes", cause.id, (*rule.path, "id"), "missing-test", row.text
            )
            yield Lacking(cause.id, rule, states, problem)


def _differs(rule: str, wanted: State, found: State) -> Said:
    expected, now = STATE_WORDS[wanted], STATE_WORDS[found]
    return Said(
        f"{rule}: expected {expected}, is {now}",
        f"{rule}: ожидалось {expected.ru}, получилось {now.ru}",
    )
