"""Interviews against a naive model: 10,000 random steps through a folder, 1,000 through
SQLite, 300 through PostgreSQL.

The model is a list of what was said and some dozens of plain rules. The store must hold
exactly that list: looked at after each step, in a database after every third. What
becomes of it when the questions change, and every few steps what counts, what is
switched off and what is left to ask, must be what the plain rules say.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from knowledge_fixture import dump, question, write
from naive_interview import (
    KINDS,
    MIGRATIONS,
    OFF,
    PEOPLE,
    Fate,
    Naive,
    Place,
    Reading,
    Talk,
    new_questions,
    value_of,
)
from storage_fixture import database, postgres_server

from salesdx.answers import file as kept
from salesdx.answers import log as heard
from salesdx.answers.carried import Carried
from salesdx.answers.facts import settle
from salesdx.answers.file import AnswerEntry
from salesdx.answers.keeping import AnswerStore, FolderAnswers
from salesdx.answers.log import AnswerLog
from salesdx.answers.pins import FolderPins, Pins
from salesdx.answers.relevance import active, applies, conditions
from salesdx.facts import COMPANY, FactBase, slice_of
from salesdx.interview.agenda import agenda
from salesdx.interview.beginning import begin_or_resume
from salesdx.interview.moving import Preview, moved, outdated, preview
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.storage.answers import DatabaseAnswers
from salesdx.storage.cases import add_case
from salesdx.storage.pinned import DatabasePins
from salesdx.storage.upgrading import open_database

__all__ = ["database", "postgres_server"]
WALKS, STEPS = 50, 200  # through a folder: 10,000 steps
TODAY = max(KINDS)
MANAGERS = {"manager": ["M1", "M2"]}
Opened = tuple[AnswerStore, Pins]
Bases = Mapping[int, KnowledgeBase]


class Walk:
    """A random walk of the interviews of one case; `open_store` opens it, new or as it
    was left."""

    def __init__(
        self, open_store: Callable[[], Opened], bases: Bases, seed: int
    ) -> None:
        self._open, self._bases = open_store, bases
        self._dice = random.Random(seed)
        self._model = Naive()
        self._by, self._mode, self._number, self._today = "h", "full", 0, 1
        self._order: list[Place] = []  # what this respondent was asked, for `back`
        self._nodes: dict[int, Any] = {v: conditions(k) for v, k in bases.items()}
        self._store, self._pins = open_store()
        self._sit()

    def step(self) -> str:
        """One step; returns what was done."""
        doing = self._dice.choices(
            [self.answer, self.state, self.change, self.back, self.agree, self.switch,
             self.resume, self.repeat, self.migrate],
            [40, 16, 12, 10, 4, 6, 4, 8, 4],
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
        own = [(n, a) for by, n, a in self._seen.last if by == self._by]
        self._say(self._dice.choice(own) if own else self._next())

    def back(self) -> None:
        self._say(self._order.pop() if self._order else self._next())

    def agree(self) -> None:
        places = list(self._seen.counted) or [self._next()]
        self._say(self._dice.choice(places), agreed=True)

    def switch(self) -> None:
        self._by = self._dice.choice(list(PEOPLE))
        self._mode = self._dice.choice(["full", "full", "guided"])
        self._sit()

    def resume(self) -> None:
        """As after a restart: nothing is remembered but what is on disk."""
        kept._held.clear()
        heard._heard.clear()
        self._store, self._pins = self._open()
        assert self._store.file().answers == self._model.said
        self._sit()

    def repeat(self) -> None:
        """The same submission once more: a lost confirmation, a double click."""
        if self._model.said:
            assert self._store.append([self._dice.choice(self._model.said[-9:])]) == []

    def migrate(self) -> None:
        """New questions come out, and the interview is moved to today's, or both."""
        talk = self._model.going_on(self._by, self._mode)
        if talk is None or talk.version == self._today or self._dice.random() < 0.2:
            self._today = min(self._today + 1, TODAY)
        today, late = self._bases[self._today], self._going
        file = self._store.file()
        own = [t for t in outdated(file, today) if (t.by, t.mode) == self._who]
        if talk is None or talk.version == self._today:
            assert own == []
        else:
            assert [t.id for t in own] == [talk.id]
            self._move(talk, today)
            if self._dice.random() < 0.3:  # a page that was open still sends an answer
                name = self._dice.choice(
                    [
                        n
                        for n in KINDS[talk.version]
                        if "about" not in KINDS[talk.version][n]
                    ]
                )
                entry = self._entry((name, COMPANY), talk, "answered")
                assert late.store.append([entry]) == [entry]
                self._model.say([entry], talk)
        self._sit()

    def _move(self, talk: Talk, today: KnowledgeBase) -> None:
        shown = self._shown(talk.id, today)
        fates = self._model.fates(talk, self._today)
        same(shown.kept, [f for f in fates if f[1].fate == "kept"])
        same(shown.confirm, [f for f in fates if f[1].fate == "confirm"])
        same(shown.dropped, [
            f for f in fates if f[1].fate == "dropped" and f[0].interview == talk.id
        ])  # fmt: skip
        assert {q.id for q in shown.new} == new_questions(
            talk.version, self._today, PEOPLE[talk.by].role
        )
        self._number += 1
        entry, copies = moved(shown, today, name=f"i-{self._number}", started="t")
        self._pins.keep(today.pinned)
        assert self._store.append(copies, interview=entry) == copies
        goes_on = Talk(entry.id, talk.by, talk.mode, self._today, talk.id)
        self._model.say(copies, goes_on)
        again = self._shown(entry.id, today)  # moving twice is moving once
        assert [c.today() for c in again.kept] == copies
        assert [c.entry for c in again.confirm] == [c.entry for c in shown.confirm]
        assert (again.dropped, again.new) == ((), ())

    def _shown(self, name: str, today: KnowledgeBase) -> Preview:
        file = self._store.file()
        (talk,) = (t for t in file.interviews if t.id == name)
        return preview(
            file, talk, today, self._pins, role=PEOPLE[talk.by].role, sales_model="b2b"
        )

    @property
    def _who(self) -> tuple[str, str]:
        return self._by, self._mode

    @property
    def _seen(self) -> Reading:
        return self._model.reading(self._talk.version)

    def _sit(self) -> None:
        """Begin the interview of the present respondent, or go on with it."""
        self._number, self._order = self._number + 1, []
        self._going = going = begin_or_resume(
            self._store, self._pins, self._bases[self._today], by=self._by,
            mode=self._mode, name=f"i-{self._number}", started="t",
        )  # fmt: skip
        talk = self._model.going_on(*self._who)
        assert going.begins == (talk is None)
        self._talk = talk or Talk(f"i-{self._number}", *self._who, self._today)
        assert going.talk.id == self._talk.id
        assert going.outdated == (self._talk.version != self._today)
        waits = (
            self._model.fates(self._talk, self._talk.version)
            if self._talk.moved_from else []
        )  # fmt: skip
        waits = [f for f in waits if f[1].fate == "confirm"]
        same(tuple(going.confirm.values()), waits)
        assert set(going.offered) == {
            (f.question, slice_of(**e.about)) for e, f in waits if f.simply
        }

    def _next(self) -> Place:
        left = self._seen.left(self._by)
        if left and self._dice.random() < 0.8:
            return left[0]
        name = self._dice.choice(list(KINDS[self._talk.version]))
        about = slice_of(manager=self._dice.choice(["M1", "M2"]))
        return name, about if "about" in KINDS[self._talk.version][name] else COMPANY

    def _say(
        self, place: Place, state: str = "answered", *, agreed: bool = False
    ) -> None:
        entry = self._entry(place, self._talk, state, agreed=agreed)
        person = PEOPLE[self._by]
        assert self._going.store.append([entry], person) == [entry]
        self._model.say([entry], self._talk)
        self._order.append(place)

    def _entry(
        self, place: Place, talk: Talk, state: str, *, agreed: bool = False
    ) -> AnswerEntry:
        (name, about), dice, told = place, self._dice, PEOPLE[self._by].manager
        if about and told:
            about = (("manager", told),)
        value = value_of(talk.version, name, dice) if state == "answered" else None
        return AnswerEntry(
            question=name, by=self._by, state=state, about=dict(about), agreed=agreed,  # type: ignore[arg-type]
            value=value, reason="не про нас" if state == "not_applicable" else "",
            confidence=dice.choice(["sure", "unsure", "guess"]),
            note=dice.choice(["", "", "ещё: да"]), interview=talk.id,
            key=str(len(self._model.said)),
        )  # fmt: skip

    def check(self) -> None:
        """The store and everything computed from it against the model."""
        model, file = self._model, self._store.file()
        assert len(file.answers) == len(model.said)
        assert file.answers[-3:] == model.said[-3:]
        assert [(i.id, i.moved_from) for i in file.interviews] == [
            (t.id, t.moved_from) for t in model.talks.values()
        ]

    def check_meaning(self) -> None:
        """As the interview reads it, and as a diagnosis does with today's questions."""
        self._read(self._going.knowledge, self._talk.version)
        if self._talk.version != self._today:
            self._read(self._bases[self._today], self._today)

    def _read(self, base: KnowledgeBase, version: int) -> None:
        log, seen = self._store.load(base), self._model.reading(version)
        facts = FactBase.of(settle(log, base).facts)
        counted = seen.counted
        told = {(f.name, f.slice) for f in facts.values() if f.by != "all"}
        assert told == set(counted)
        for (name, about), (entry, differs) in counted.items():
            fact = facts[name, about]
            value = tuple(fact.value) if isinstance(fact.value, tuple) else fact.value
            wanted = (
                tuple(entry.value) if isinstance(entry.value, list) else entry.value
            )
            assert (value, fact.by, fact.disagree) == (wanted, entry.by, differs)
            assert fact.dont_know == (entry.state == "dont_know")
        self._relevance(base, log, facts, seen)

    def _relevance(
        self, base: KnowledgeBase, log: AnswerLog, facts: FactBase, said: Reading
    ) -> None:
        seen = active(facts, base, "b2b")
        for name, asked in base.questions.items():
            state = applies(asked, seen, base, self._nodes[said.version], "b2b")
            assert state is said.applies(name)
        assert {p for p in said.counted if p not in seen} == {
            p for p in said.counted if said.applies(p[0]) is False
        }
        left = agenda(
            base, log, seen, role=PEOPLE[self._by].role, by=self._by, mode=self._mode,
            sales_model="b2b", values=MANAGERS,
        )  # fmt: skip
        assert [(a.question.id, a.about) for a in left] == said.left(self._by)


def same(rows: tuple[Carried, ...], wanted: list[tuple[AnswerEntry, Fate]]) -> None:
    """Whether answers are carried over as the model says."""
    assert [c.entry for c in rows] == [e for e, _ in wanted]
    assert [(c.question, c.value, c.fits) for c in rows if c.fate != "dropped"] == [
        (f.question, f.value, f.simply) for _, f in wanted if f.fate != "dropped"
    ]


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> Bases:
    """The knowledge of each version, with what it says of those before."""
    found: dict[int, KnowledgeBase] = {}
    for version, kinds in KINDS.items():
        rows = [question(n, **k) for n, k in kinds.items()]
        folder = write(tmp_path_factory.mktemp("kb"), causes=[], questions=rows)
        dump(folder, "pack.yaml", {
            "format": 1, "id": "test", "version": str(version), "engine": ">=0"
        })  # fmt: skip
        steps = [{"from": str(v), **MIGRATIONS[v]} for v in range(1, version)]
        dump(folder, "questionnaires/migrations.yaml",
             {"format": 1, "migrations": steps})  # fmt: skip
        off = frozenset(("questions", name) for name in OFF[version])
        found[version] = replace(load(folder=folder), off=off)
    return found


def walk(
    open_store: Callable[[], Opened],
    bases: Bases,
    seed: int,
    steps: int,
    looks: tuple[int, int],
) -> None:
    """Walk, and look at the list and its meaning every so many steps and after moving.

    What goes wrong is told with the seed and the last steps.
    """
    done = list[str]()
    try:
        going = Walk(open_store, bases, seed)
        for i in range(steps):
            done.append(going.step())
            migrated = done[-1] == "migrate"
            if migrated or i % looks[0] == 0:
                going.check()
            if migrated or i % looks[1] == 0:
                going.check_meaning()
        going.resume()
        going.check()
        going.check_meaning()
    except Exception as error:
        error.add_note(f"seed {seed}, step {len(done)}: … {', '.join(done[-6:])}")
        raise


@pytest.mark.parametrize("seed", range(WALKS))
def test_interviews_in_a_folder_are_what_the_naive_model_says(
    bases: Bases, tmp_path: Path, seed: int
) -> None:
    def opened() -> Opened:
        answers = FolderAnswers(tmp_path / "answers.yaml", PEOPLE)
        return answers, FolderPins(tmp_path / "questionnaires")

    walk(opened, bases, seed, STEPS, looks=(1, 3))


@pytest.fixture
def reopened(database: str, tmp_path: Path) -> Iterator[Callable[[], Opened]]:
    """Opens a case of the database, each time with connections of its own."""
    engines = [open_database(database)]
    (tmp_path / "case").mkdir()
    add_case(engines[0], "acme", "Acme", tmp_path / "case", "2026-11-01T10:00:00Z")

    def opened() -> Opened:
        engines.pop().dispose()
        engines.append(open_database(database))
        return DatabaseAnswers(engines[0], "acme", PEOPLE), DatabasePins(engines[0])

    yield opened
    engines.pop().dispose()


WALKED = [("sqlite", s, STEPS) for s in range(5)] + [
    ("postgresql", s, 100) for s in range(3)
]


@pytest.mark.parametrize(("database", "seed", "steps"), WALKED, indirect=["database"])
def test_interviews_in_a_database_are_what_the_naive_model_says(
    bases: Bases, reopened: Callable[[], Opened], seed: int, steps: int
) -> None:
    walk(reopened, bases, seed, steps, looks=(3, 6))
