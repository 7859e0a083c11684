"""A condition tree as a trainer reads it: every node with its state and its value."""

from collections.abc import Iterator
from dataclasses import dataclass

from salesdx.explanation.bill import STATES
from salesdx.explanation.phrases import condition
from salesdx.explanation.wording import Wording, both
from salesdx.facts import Fact
from salesdx.knowledge.conditions import (
    Asked,
    Comparison,
    Group,
    Leaf,
    Outcome,
    State,
)
from salesdx.language import LANGUAGES, Language, Text
from salesdx.workbench.given import Given

Marks = dict[State, str]
SIGNS: Marks = {True: "✓", False: "✗", None: "?"}
ASCII: Marks = {True: "+", False: "-", None: "?"}
_NOT_GIVEN = both("not given", "не дано")
_NOBODY = both("nobody knows", "никто не знает")
_DIFFER = both("people answer differently", "отвечают по-разному")
_GROUPS = {
    "all": both("all of these", "всё сразу"),
    "any": both("at least one of these", "хотя бы одно"),
    "not": both("not so", "это не так"),
}
_ORDER = ("<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class TreeNode:
    """One node: what is asked, as it is written, what the test gives, the state."""

    text: Text
    state: State
    written: str = ""
    value: Text | None = None
    parts: tuple["TreeNode", ...] = ()

    def lines(self, language: Language, marks: Marks, depth: int = 0) -> Iterator[str]:
        """The tree as text, a line a node."""
        colon = ":" if self.parts else ""
        told = f"{self.text.in_(language)}{colon}"
        yield f"{'  ' * depth}{marks[self.state]} {told}"
        for part in self.parts:
            yield from part.lines(language, marks, depth + 1)

    def as_data(self) -> dict[str, object]:
        """The tree for programs."""
        return {
            "text": self.text.model_dump(),
            "state": STATES[self.state],
            "written": self.written,
            "value": self.value.model_dump() if self.value else None,
            "parts": [p.as_data() for p in self.parts],
        }


def tree(
    outcome: Outcome, world: Given, wording: Wording, *, open_symptoms: bool = True
) -> TreeNode:
    """The tree of an outcome; symptoms that the test computes are opened once."""
    node, state = outcome.node, outcome.state
    if isinstance(node, Group):
        parts = tuple(
            tree(p, world, wording, open_symptoms=open_symptoms) for p in outcome.parts
        )
        return TreeNode(_group(node, outcome), state, node.kind, parts=parts)
    fact = outcome.fact or Fact(node.name, None)
    value = given_words(fact, world, wording)
    inside = world.symptom(node.name)
    if inside is not None:
        parts = ()
        if open_symptoms:
            parts = (tree(inside, world, wording, open_symptoms=False),)
        return TreeNode(_title(node, wording), state, str(node), None, parts)
    return TreeNode(_leaf(node, fact, value, wording), state, str(node), value)


def _group(node: Group, outcome: Outcome) -> Text:
    if node.kind != "at_least":
        return _GROUPS[node.kind]
    size = len(node.parts)
    held = sum(p.state is True for p in outcome.parts)
    dark = sum(p.state is None for p in outcome.parts)
    return both(
        f"at least {node.n} of {size} (true: {held}, unknown: {dark})",
        f"не меньше {node.n} из {size} (верно: {held}, неизвестно: {dark})",
    )


def given_words(fact: Fact, world: Given, wording: Wording) -> Text:
    """The value that a test gives, in its unit."""
    if fact.dont_know:
        return _NOBODY
    if fact.disagree:
        return _DIFFER
    if fact.value is None and fact.name not in world.given:
        return _NOT_GIVEN
    return both(*(wording.value(fact, language) for language in LANGUAGES))


def _title(node: Leaf | Asked, wording: Wording) -> Text:
    title = wording.knowledge.title(node.name)
    return both(f"{title.en} [{node.name}]", f"{title.ru} [{node.name}]")


def _leaf(node: Leaf | Asked, fact: Fact, value: Text, wording: Wording) -> Text:
    """`Title [name]: 12 % < threshold (20 %)`; other conditions in words."""
    title = _title(node, wording)
    if isinstance(node, Leaf) and node.comparison.op in _ORDER:
        marks = [_mark(node, wording, language) for language in LANGUAGES]
        if fact.value is None:
            return both(
                f"{title.en}: {value.en}; needed: {marks[0]}",
                f"{title.ru}: {value.ru}; нужно: {marks[1]}",
            )
        return both(
            f"{title.en}: {value.en} {marks[0]}", f"{title.ru}: {value.ru} {marks[1]}"
        )
    asked = condition(node, wording)
    return both(
        f"{asked.en} [{node.name}]; here: {value.en}",
        f"{asked.ru} [{node.name}]; здесь: {value.ru}",
    )


def _mark(leaf: Leaf, wording: Wording, language: Language) -> str:
    """`< threshold (20 %)`, or `< 20 %` where the number stands in the rule."""
    how: Comparison = leaf.comparison
    (operand,) = how.operands
    if any(how.benchmarks):
        value = wording.threshold(str(operand), language, None)
        return f"{how.op} {operand} ({value})"
    return f"{how.op} {wording.words(leaf.name, operand, language)}"
