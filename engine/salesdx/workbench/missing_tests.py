"""kb test --suggest: write the tests that are missing, ready to be pasted.

For a rule that no test shows firing, silent or unknown, facts are found that do; one
test shows as many as it can. Every test is read back from its own YAML and run before
it is offered.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from salesdx.content import parse
from salesdx.explanation.wording import Wording
from salesdx.facts import Fact
from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadyRule
from salesdx.knowledge.conditions import State, evaluate
from salesdx.knowledge.models import RuleTest
from salesdx.language import Language
from salesdx.workbench.given import Given
from salesdx.workbench.solving_tests import Facts, TestFacts
from salesdx.workbench.testing import CURRENCY, WANTED, Lacking, broken

Shown = tuple[str, State]  # a rule and the state it is in
_TRIES = 3
_NAMED = 3  # rules that the name of a test tells; there may be more
_PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_.-]*$")
_STATES: dict[Language, dict[State, str]] = {
    "en": {True: "fires", False: "silent", None: "unknown"},
    "ru": {True: "срабатывает", False: "молчит", None: "неизвестно"},
}
_NOTHING = {"en": "nothing is known", "ru": "ничего не известно"}


@dataclass(frozen=True, slots=True)
class Suggested:
    """A test of a cause, as text to be pasted under `tests:`."""

    cause: str
    test: RuleTest
    text: str


@dataclass(slots=True)
class Suggestion:
    """The tests for one cause, and what no facts were found to show."""

    cause: str
    tests: list[Suggested] = field(default_factory=list)
    beyond: list[Shown] = field(default_factory=list)


def suggest(
    knowledge: KnowledgeBase, lacking: Sequence[Lacking], language: Language
) -> list[Suggestion]:
    """The missing tests of every cause that lacks any."""
    facts = TestFacts(knowledge)
    found = []
    for name in dict.fromkeys(row.cause for row in lacking):
        rows = [row for row in lacking if row.cause == name]
        found.append(
            _of_cause(knowledge, facts, knowledge.causes[name], rows, language)
        )
    return found


def _of_cause(
    knowledge: KnowledgeBase, facts: TestFacts, cause: ReadyCause,
    rows: Sequence[Lacking], language: Language,
) -> Suggestion:  # fmt: skip
    wanted: dict[Shown, ReadyRule] = {
        (row.rule.id, s): row.rule for row in rows for s in row.states
    }
    model = (*cause.spec.applies_to, None)[0]
    candidates: list[Facts] = []
    for (_, state), rule in wanted.items():
        ways = facts.showing(rule.node, state, model)
        candidates += [way for way, _ in zip(ways, range(_TRIES), strict=False)]
    shows = [(given, _shown(knowledge, given, wanted)) for given in candidates]
    result = Suggestion(cause.id)
    left = set(wanted)
    for given, shown in chosen(shows, left):
        test = as_test(knowledge, cause, given, shown, language)
        if test is not None:
            result.tests.append(test)
            left -= set(shown)
    result.beyond = sorted(left, key=lambda s: (s[0], str(s[1])))
    return result


def _shown(
    knowledge: KnowledgeBase, given: Facts, wanted: Mapping[Shown, ReadyRule]
) -> list[Shown]:
    world = Given(knowledge, given)
    return [
        (rule, state) for (rule, state), ready in wanted.items()
        if evaluate(ready.node, world).state is state
    ]  # fmt: skip


def chosen(
    shows: Sequence[tuple[Facts, Sequence[Any]]], wanted: set[Any]
) -> Iterator[tuple[Facts, list[Any]]]:
    """The fewest that show everything: whatever shows most comes first."""
    left = set(wanted)
    while left:
        given, shown = max(
            shows, key=lambda s: (len(left & set(s[1])), -len(s[0])), default=({}, [])
        )
        new = [s for s in shown if s in left]
        if not new:
            return
        yield given, new
        left -= set(new)


def as_test(
    knowledge: KnowledgeBase, cause: ReadyCause, given: Facts,
    shown: Sequence[Shown], language: Language, title: str = "",
) -> Suggested | None:  # fmt: skip
    """The test as text; None where, read back, it does not hold."""
    name = title or (_name(shown, language) if given else _NOTHING[language])
    text = _written(knowledge, name, given, shown, language)
    document, _ = parse(text, "suggested.yaml")
    if document is None:
        return None
    test = RuleTest.model_validate(document.data[0])
    if broken(knowledge, cause, test):
        return None
    return Suggested(cause.id, test, text)


def _name(shown: Sequence[Shown], language: Language) -> str:
    words = []
    for _, state in WANTED:
        rules = [rule for rule, s in shown if s is state]
        if rules:
            more = len(rules) - _NAMED
            listed = ", ".join(rules[:_NAMED]) + (f" +{more}" if more > 0 else "")
            words.append(f"{_STATES[language][state]} — {listed}")
    return "; ".join(words)


def _written(
    knowledge: KnowledgeBase, name: str, given: Facts, shown: Sequence[Shown],
    language: Language,
) -> str:  # fmt: skip
    wording = Wording(knowledge, CURRENCY)
    world = Given(knowledge, given)
    lines = [f"# {_told(world.read(n), wording, language)}" for n in given]
    expect = {
        key: [rule for rule, s in shown if s is state]
        for key, state in WANTED
        if any(s is state for _, s in shown)
    }
    lines += [
        f"- name: {_scalar(name)}",
        f"  given: {_flow(given)}",
        f"  expect: {_flow(expect)}",
    ]
    return "\n".join(lines) + "\n"


def _told(fact: Fact, wording: Wording, language: Language) -> str:
    return wording.said(fact).in_(language).replace("\n", " ")


def _flow(value: Any) -> str:
    """Data in one line, as the shipped files write it."""
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items())
        return f"{{{inside}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    text = str(value)
    if _PLAIN.match(text) and text not in ("true", "false", "null"):
        return text
    return json.dumps(text, ensure_ascii=False)
