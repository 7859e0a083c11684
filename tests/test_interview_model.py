"""An interview against a naive model: 10,000 random steps through a real store.

The model is a list of what was said and a dozen lines of plain rules. After each step
the store must hold exactly that list, and what counts, what is switched off and what is
left to ask must be what the plain rules say.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import TEXT, knowledge, question

from salesdx.answers import file as kept
from salesdx.answers import log as heard
from salesdx.answers.facts import settle
from salesdx.answers.file import AnswerEntry, InterviewEntry
from salesdx.answers.keeping import AnswerStore, FolderAnswers
from salesdx.answers.log import AnswerLog
from salesdx.answers.relevance import active, applies, conditions
from salesdx.company import Respondent
from salesdx.facts import COMPANY, FactBase, Slice, slice_of
from salesdx.interview.agenda import agenda
from salesdx.knowledge.base import KnowledgeBase

STEPS, WALKS = 10_000, 50
OpenStore = Callable[[Path, Mapping[str, Respondent]], AnswerStore]
# each opens where the answers of a folder are kept, new or as it was left, given the
# respondents of company.yaml
STORES: dict[str, OpenStore] = {
    "folder": lambda folder, people: FolderAnswers(folder / "answers.yaml", people),
}

PEOPLE = {
    "h": Respondent(role="head", name="Ира"), "o": Respondent(role="owner"),
    "s1": Respondent(role="seller", manager="M1"),
    "s2": Respondent(role="seller", manager="M2"),
}  # fmt: skip
ALL = ["head", "seller", "owner"]
OPTIONS = [{"code": c, "title": TEXT} for c in ("a", "b", "no")]
KINDS: dict[str, dict[str, Any]] = {
    "q.yes": {"who": ["owner", "head"]},
    "q.if-yes": {"who": ALL, "relevant_if": {"q.yes": "yes"}},
    "q.deeper": {"who": ALL, "relevant_if": {"q.if-yes": "no"}},
    "q.enum": {"kind": "enum", "options": OPTIONS, "who": ALL},
    "q.if-no": {"kind": "scale", "relevant_if": {"q.enum": "no"}},
    "q.multi": {"kind": "multi", "options": OPTIONS, "who": ["seller", "head"]},
    "q.ten": {"kind": "scale", "min": 0, "max": 10, "who": ["seller", "owner"]},
    "q.if-ten": {"kind": "text", "who": ALL, "relevant_if": {"q.ten": "< 5"}},
    "q.part": {"kind": "number", "unit": "percent", "who": ["head", "owner"]},
    "q.day": {"kind": "date", "who": ALL},
    "q.own": {"about": "manager", "who": ["head", "seller"]},
    "q.b2c": {"applies_to": ["b2c"]},
    "q.if-b2c": {"relevant_if": {"q.b2c": "yes"}},
}
PARENTS: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "q.if-yes": ("q.yes", lambda v: v is True),
    "q.deeper": ("q.if-yes", lambda v: v is False),
    "q.if-no": ("q.enum", lambda v: v == "no"),
    "q.if-ten": ("q.ten", lambda v: v < 5),
    "q.if-b2c": ("q.b2c", lambda v: v is True),
}
MANAGERS = {"manager": ["M1", "M2"]}
Place = tuple[str, Slice]
Key = tuple[str, str, Slice]  # by, question, about


def value_of(name: str, dice: random.Random) -> Any:
    match KINDS[name].get("kind", "yesno"):
        case "yesno":
            return dice.random() < 0.5
        case "enum":
            return dice.choice(["a", "b", "no"])
        case "multi":
            return [c for c in ("a", "b", "no") if dice.random() < 0.4]
        case "scale":
            return dice.randint(1, 5)
        case "number":
            return dice.choice([0, 2, 10, 12, 35, 50, 100])
        case "date":
            return f"2026-0{dice.randint(1, 2)}-01"
        case _:
            return dice.choice(
                ["", "no", "1.5", "«да» — и всё\nтак", "# no: {a}", "y" * 90]
            )


@dataclass(slots=True)
class Naive:
    """All that was said, and the plain rules of what it means."""

    said: list[AnswerEntry] = field(default_factory=list)
    last: dict[Key, AnswerEntry] = field(default_factory=dict)
    counted: dict[Place, tuple[AnswerEntry, bool]] = field(default_factory=dict)

    def say(self, entry: AnswerEntry) -> None:
        self.said.append(entry)
        self.last[entry.by, entry.question, slice_of(**entry.about)] = entry
        self.counted = self.counting()

    def counting(self) -> dict[Place, tuple[AnswerEntry, bool]]:
        """The answer that counts of each place, and whether people differ."""
        places: dict[Place, list[AnswerEntry]] = {}
        for (_, name, about), entry in self.last.items():
            if entry.state != "later":
                places.setdefault((name, about), []).append(entry)
        found = {}
        for (name, about), entries in places.items():
            who = KINDS[name].get("who", ["head"])
            first = min(entries, key=lambda e: (
                not e.agreed, e.state != "answered",
                who.index(PEOPLE[e.by].role) if PEOPLE[e.by].role in who else 9, e.by,
            ))  # fmt: skip
            values = [e.value for e in entries if e.state == "answered"]
            found[name, about] = first, not first.agreed and differ(name, values)
        return found

    def applies(self, name: str) -> bool | None:
        if name == "q.b2c":
            return False
        if name not in PARENTS:
            return True
        parent, holds = PARENTS[name]
        if self.applies(parent) is False:
            return False
        first, _ = self.counted.get((parent, COMPANY), (None, False))
        if first is None or first.state in ("dont_know", "refused"):
            return None
        return first.state == "answered" and holds(first.value)

    def left(self, by: str) -> list[Place]:
        last, role = self.last, PEOPLE[by].role
        found = []
        for name, kind in KINDS.items():
            if role not in kind.get("who", ["head"]) or self.applies(name) is False:
                continue
            abouts: list[Slice] = [COMPANY]
            if "about" in kind:
                own = PEOPLE[by].manager
                abouts = [(("manager", m),) for m in ("M1", "M2") if own in (None, m)]
            for about in abouts:
                entry = last.get((by, name, about))
                if entry is None or entry.state == "later":
                    found.append((name, about))
        return found


def differ(name: str, values: list[Any]) -> bool:
    kind = KINDS[name].get("kind", "yesno")
    if len(values) < 2 or kind == "text":
        return False
    if kind in ("scale", "number"):
        apart = max(values) - min(values)
        if kind == "scale":
            return apart >= (5 if "max" in KINDS[name] else 2)
        return apart >= 20 or (apart > 0 and apart * 2 >= max(values))
    return any(v != values[0] for v in values)


class Walk:
    """A random walk of one interview; `open_store` opens a store of a folder."""

    def __init__(
        self, open_store: OpenStore, folder: Path, base: KnowledgeBase, seed: int
    ) -> None:
        self._open, self._folder, self._base = open_store, folder, base
        self._nodes = conditions(base)
        self._dice = random.Random(seed)
        self._store = open_store(folder, PEOPLE)
        self._model = Naive()
        self._by, self._talk, self._number = "h", "i-0", 0
        self._order: list[Place] = []  # what this respondent was asked, for `back`
        self._begun: set[str] = set()

    def step(self) -> str:
        """One step; returns what was done."""
        doing = self._dice.choices(
            [self.answer, self.state, self.change, self.back, self.agree, self.switch,
             self.resume, self.repeat],
            [40, 16, 12, 10, 4, 6, 4, 8],
        )[0]  # fmt: skip
        doing()
        return doing.__name__

    def answer(self) -> None:
        self._say(self._next())

    def state(self) -> None:
        state = self._dice.choice(["later", "later", "dont_know", "not_applicable",
                                   "refused"])  # fmt: skip
        self._say(self._next(), state=state)

    def change(self) -> None:
        """Another answer to anything, asked or not, relevant or not."""
        own = [(n, a) for by, n, a in self._model.last if by == self._by]
        self._say(self._dice.choice(own) if own else self._next())

    def back(self) -> None:
        self._say(self._order.pop() if self._order else self._next())

    def agree(self) -> None:
        places = list(self._model.counted) or [self._next()]
        self._say(self._dice.choice(places), agreed=True)

    def switch(self) -> None:
        self._by = self._dice.choice(list(PEOPLE))
        self._number += 1
        self._talk, self._order = f"i-{self._number}", []

    def resume(self) -> None:
        """As after a restart: nothing is remembered but what is on disk."""
        kept._held.clear()
        heard._heard.clear()
        self._store = self._open(self._folder, PEOPLE)
        assert self._store.file().answers == self._model.said

    def repeat(self) -> None:
        """The same submission once more: a lost confirmation, a double click."""
        if self._model.said:
            assert self._store.append([self._dice.choice(self._model.said[-9:])]) == []

    def _next(self) -> Place:
        left = self._model.left(self._by)
        if left and self._dice.random() < 0.8:
            return left[0]
        name = self._dice.choice(list(KINDS))
        about = slice_of(manager=self._dice.choice(["M1", "M2"]))
        return name, about if "about" in KINDS[name] else COMPANY

    def _say(
        self, place: Place, state: str = "answered", *, agreed: bool = False
    ) -> None:
        name, about = place
        told = PEOPLE[self._by].manager
        if about and told:
            about = (("manager", told),)
        dice = self._dice
        entry = AnswerEntry(
            question=name, by=self._by, state=state, about=dict(about), agreed=agreed,  # type: ignore[arg-type]
            value=value_of(name, dice) if state == "answered" else None,
            reason="не про нас" if state == "not_applicable" else "",
            confidence=dice.choice(["sure", "unsure", "guess"]),
            note=dice.choice(["", "", "ещё: да"]), interview=self._talk,
            key=str(len(self._model.said)),
        )  # fmt: skip
        interview = InterviewEntry(
            id=self._talk, by=self._by, mode="full", questionnaire="1", sha256="0"
        )
        self._begun.add(self._talk)
        person = PEOPLE[self._by]
        assert self._store.append([entry], person, interview) == [entry]
        self._model.say(entry)
        self._order.append((name, about))

    def check(self) -> None:
        """The store and everything computed from it against the model."""
        model, file = self._model, self._store.file()
        assert len(file.answers) == len(model.said)
        assert file.answers[-3:] == model.said[-3:]
        assert {i.id for i in file.interviews} == self._begun
        log = self._store.load(self._base)
        assert len(log.answers) == len(model.said)
        facts = FactBase.of(settle(log, self._base).facts)
        counted = model.counted
        for (name, about), (entry, differs) in counted.items():
            fact = facts[name, about]
            value = tuple(fact.value) if isinstance(fact.value, tuple) else fact.value
            wanted = (
                tuple(entry.value) if isinstance(entry.value, list) else entry.value
            )
            assert (value, fact.by, fact.disagree) == (wanted, entry.by, differs)
            assert fact.dont_know == (entry.state == "dont_know")
        self._relevance(log, facts, counted)

    def _relevance(
        self, log: AnswerLog, facts: FactBase, counted: Mapping[Place, Any]
    ) -> None:
        model, base = self._model, self._base
        seen = active(facts, base, "b2b")
        for name, asked in base.questions.items():
            state = applies(asked, seen, base, self._nodes, "b2b")
            assert state is model.applies(name)
        assert {p for p in counted if p not in seen} == {
            p for p in counted if model.applies(p[0]) is False
        }
        left = agenda(
            base, log, seen, role=PEOPLE[self._by].role, by=self._by, mode="full",
            sales_model="b2b", values=MANAGERS,
        )  # fmt: skip
        assert [(a.question.id, a.about) for a in left] == model.left(self._by)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    rows = [question(n, **k) for n, k in KINDS.items()]
    return knowledge(tmp_path_factory.mktemp("kb"), causes=[], questions=rows)


@pytest.fixture(params=STORES)
def open_store(request: pytest.FixtureRequest) -> Iterator[OpenStore]:
    yield STORES[request.param]


@pytest.mark.parametrize("seed", range(WALKS))
def test_an_interview_is_what_the_naive_model_says(
    open_store: OpenStore, base: KnowledgeBase, tmp_path: Path, seed: int
) -> None:
    walk, done = Walk(open_store, tmp_path, base, seed), list[str]()
    try:
        for _ in range(STEPS // WALKS):
            done.append(walk.step())
            walk.check()
        walk.resume()
        walk.check()
    except AssertionError as error:
        error.add_note(f"seed {seed}, step {len(done)}: … {', '.join(done[-6:])}")
        raise
