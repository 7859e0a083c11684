"""Why a test got its verdict and its points: the bill, rule by rule, and the checks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from salesdx.explanation.bill import STATES
from salesdx.explanation.wording import Wording, both
from salesdx.inference.points import LIKELY, Item, Total, total
from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadyRule
from salesdx.knowledge.conditions import Outcome, State, evaluate
from salesdx.language import Language, Text
from salesdx.workbench.given import Given
from salesdx.workbench.trees import Marks, TreeNode, tree

Outcomes = Mapping[tuple[str, str], Outcome]
_KINDS = {
    "gate": both("required", "обязательное условие"),
    "unless": both("cancels the cause", "снимает причину"),
    "rules_out": both("refutes the cause", "опровергает причину"),
    "needs": both("no judging without it", "без этого не судят"),
    "harm": both("harm is seen", "вред виден"),
}


@dataclass(frozen=True, slots=True)
class Entered:
    """One rule that holds: `counted` is what is left of its `points`, and why."""

    rule: str
    points: int
    counted: int
    group: str
    note: Text | None
    place: str

    def line(self, language: Language) -> str:
        """`+40 rule (group g)`, with what became of the rest."""
        group = both(f"group {self.group}", f"группа {self.group}").in_(language)
        note = f": {self.note.in_(language)}" if self.note else ""
        of = "" if self.counted == self.points else f" ({self.points:+d})"
        return f"{self.counted:+d}{of} {self.rule} ({group}){note}"


@dataclass(frozen=True, slots=True)
class Checked:
    """A gate, what cancels or refutes, what is needed, the harm."""

    kind: str
    tree: TreeNode


@dataclass(frozen=True, slots=True)
class Bill:
    """The whole account of a cause in one test."""

    points: int
    worst: int
    best: int
    entered: tuple[Entered, ...]
    checks: tuple[Checked, ...]

    def lines(self, language: Language, marks: Marks) -> Iterator[str]:
        """The bill as text."""
        yield both(
            f"{self.points} points; likely from {LIKELY}; worst {self.worst}, best "
            f"{self.best}",
            f"баллы: {self.points}; «вероятно» — от {LIKELY}; худшее {self.worst}, "
            f"лучшее {self.best}",
        ).in_(language)
        for entered in self.entered:
            yield "  " + entered.line(language)
        for check in self.checks:
            yield f"{_KINDS[check.kind].in_(language)}:"
            yield from check.tree.lines(language, marks, 1)

    def as_data(self) -> dict[str, object]:
        """The bill for programs."""
        return {
            "points": self.points, "worst": self.worst, "best": self.best,
            "rules": [
                {
                    "rule": e.rule, "points": e.points, "counted": e.counted,
                    "group": e.group, "place": e.place,
                    "note": e.note.model_dump() if e.note else None,
                }
                for e in self.entered
            ],
            "checks": [
                {"kind": c.kind, "state": STATES[c.tree.state],
                 "tree": c.tree.as_data()}
                for c in self.checks
            ],
        }  # fmt: skip


def judge(cause: ReadyCause, outcomes: Outcomes) -> Total:
    """The points of a cause over given outcomes."""
    return total(_items(cause, outcomes))


def _items(cause: ReadyCause, outcomes: Outcomes) -> list[Item]:
    return [
        Item(
            r.id, r.direction,
            r.points * o.confidence // 100 if o.state else r.points,
            r.points, r.group, r.rests_on_an_answer(o), o.state,
        )
        for r in cause.rules
        for o in [outcomes[r.direction, r.id]]
        if not (r.recorded and o.state is not True)
    ]  # fmt: skip


def harm_of(cause: ReadyCause, world: Given) -> State:
    """Whether the harm that the cause would do is seen."""
    harms = [world.read(f"symptom:{s}").value for s in cause.spec.explains]
    if not harms or True in harms:
        return True
    return None if None in harms else False


def bill_of(
    cause: ReadyCause, outcomes: Outcomes, world: Given, wording: Wording
) -> Bill:
    """Who counted what, and what stood in the way."""
    added = judge(cause, outcomes)
    held = [i for i in _items(cause, outcomes) if i.state]
    rules = {(r.direction, r.id): r for r in cause.rules}
    entered = [
        _entered(i, held, added, rules[i.direction, i.rule], world.knowledge)
        for i in sorted(held, key=lambda i: (i.direction != "for", -i.points, i.rule))
    ]
    checks = list(_checks(cause, world, wording))
    return Bill(added.points, added.worst, added.best, tuple(entered), tuple(checks))


def _entered(
    item: Item, held: Sequence[Item], added: Total, rule: ReadyRule,
    knowledge: KnowledgeBase,
) -> Entered:  # fmt: skip
    sign = 1 if item.direction == "for" else -1
    counted = added.counted.get((item.direction, item.rule), 0)
    note = None
    if abs(counted) < item.points:
        instead = [
            i.rule for i in held
            if i.group == item.group and i.direction == item.direction
            and i.rule != item.rule and added.counted.get((i.direction, i.rule))
        ]  # fmt: skip
        if instead:
            note = both(f"{instead[0]} counts for the group",
                        f"за группу засчитано {instead[0]}")  # fmt: skip
        elif item.single:
            note = both("single answers together add no more than 20",
                        "одиночные ответы вместе дают не больше 20")  # fmt: skip
    elif item.points < item.full:
        note = both(f"{item.full} less for an unsure answer",
                    f"{item.full}, но ответ неуверенный")  # fmt: skip
    return Entered(
        item.rule, sign * item.points, counted, item.group, note,
        place_of(knowledge, rule),
    )  # fmt: skip


def _checks(cause: ReadyCause, world: Given, wording: Wording) -> Iterator[Checked]:
    for kind, nodes in (
        ("gate", cause.gate), ("unless", cause.unless), ("rules_out", cause.rules_out),
    ):  # fmt: skip
        for node in nodes:
            yield Checked(kind, tree(evaluate(node, world), world, wording))
    for name in cause.spec.needs:
        if world.read(name).value is None:
            title = wording.knowledge.title(name)
            text = both(f"{title.en} [{name}]", f"{title.ru} [{name}]")
            yield Checked("needs", TreeNode(text, None, name))
    if harm_of(cause, world) is False:
        parts = tuple(_harm(s, world, wording) for s in cause.spec.explains)
        text = both("any of the symptoms in `explains`", "любой симптом из `explains`")
        yield Checked("harm", TreeNode(text, False, "any", parts=parts))


def _harm(symptom: str, world: Given, wording: Wording) -> TreeNode:
    name = f"symptom:{symptom}"
    title = wording.knowledge.title(name)
    state = world.read(name).value
    text = both(f"{title.en} [{name}]", f"{title.ru} [{name}]")
    return TreeNode(text, None if state is None else bool(state), name)


def place_of(knowledge: KnowledgeBase, rule: ReadyRule) -> str:
    """`file:line` of a rule; of one that a question made, of the question."""
    if not rule.path:
        return _of_question(knowledge, rule)
    here = knowledge.problem("causes", rule.cause, (*rule.path, "id"), "", "")
    return f"{here.file}:{here.line}"


def _of_question(knowledge: KnowledgeBase, rule: ReadyRule) -> str:
    asked = rule.group.removeprefix("question:")
    if asked not in knowledge.questions:
        return ""
    here = knowledge.problem("questions", asked, ("id",), "", "")
    return f"{here.file}:{here.line}"
