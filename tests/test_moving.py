"""Moving an interview: nothing is lost, nothing taken for granted, once is enough."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knowledge_fixture import TEXT, dump, knowledge, question, write

from salesdx.answers.entries import AnswerEntry, AnswerFile, InterviewEntry
from salesdx.answers.facts import settle
from salesdx.answers.keeping import FolderAnswers
from salesdx.answers.log import AnswerLog
from salesdx.answers.pins import FolderPins
from salesdx.cli import run as salesdx
from salesdx.company import Respondent
from salesdx.errors import DataError
from salesdx.interview.beginning import begin_or_resume
from salesdx.interview.moving import (
    Preview,
    comparable,
    going_on,
    moved,
    outdated,
    preview,
    to_confirm,
)
from salesdx.interview.moving_words import again, former, newer
from salesdx.interview.unheard import unheard_notes
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load

pytestmark = pytest.mark.usefixtures("measured_once")
HEAD = {"head": Respondent(role="head")}
OTHER = {"en": "other", "ru": "другой"}


def options(*codes: str) -> list[dict[str, Any]]:
    return [{"code": c, "title": {"en": c, "ru": f"«{c}»"}} for c in codes]


OLD: dict[str, dict[str, Any]] = {
    "q.same": question("q.same"),
    "q.words": question("q.words"),
    "q.renamed": question("q.renamed", "number", unit="days"),
    "q.gone": question("q.gone"),
    "q.dropped": question("q.dropped"),
    "q.meaning": question("q.meaning"),
    "q.if": question("q.if", relevant_if={"q.same": "yes"}),
    "q.unit": question("q.unit", "number", unit="days"),
    "q.scale": question("q.scale", "scale"),
    "q.max": question("q.max", "number", max=100),
    "q.type": question("q.type"),
    "q.tool": question("q.tool", "multi", options=options("crm", "excel", "paper")),
    "q.each": question("q.each", about="manager"),
}
NEW: dict[str, dict[str, Any]] = {
    "q.same": OLD["q.same"],
    "q.words": question("q.words", title=OTHER),
    "q.now": question("q.now", "number", unit="days"),
    "q.meaning": question("q.meaning", title=OTHER),
    "q.if": question("q.if", relevant_if={"q.words": "yes"}),
    "q.unit": question("q.unit", "number", unit="hours"),
    "q.scale": question("q.scale", "scale", max=10),
    "q.max": question("q.max", "number", max=50),
    "q.type": question("q.type", "text"),
    "q.tool": question("q.tool", "multi", options=options("crm", "sheets", "head")),
    "q.each": question("q.each", about="segment"),
    "q.new": question("q.new"),
    "q.seller": question("q.seller", who=["seller"]),
}
MIGRATIONS = [{
    "from": "1", "rename": {"q.renamed": "q.now"}, "drop": ["q.dropped"],
    "options": {"q.tool": {"excel": "sheets"}}, "reask": ["q.meaning"],
}]  # fmt: skip


@pytest.fixture(scope="module")
def bases(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[KnowledgeBase, KnowledgeBase]:
    folder = tmp_path_factory.mktemp("kb")
    old = knowledge(folder / "old", causes=[], questions=list(OLD.values()))
    write(folder / "new", causes=[], questions=list(NEW.values()))
    dump(folder / "new", "questionnaires/migrations.yaml",
         {"format": 1, "migrations": MIGRATIONS})  # fmt: skip
    return old, load(folder=folder / "new")


Bases = tuple[KnowledgeBase, KnowledgeBase]


class Case:
    """A folder with one interview of the head on the old questions."""

    def __init__(self, folder: Path, old: KnowledgeBase) -> None:
        self.store = FolderAnswers(folder / "answers.yaml", HEAD)
        self.pins = FolderPins(folder / "questionnaires")
        self.going = begin_or_resume(
            self.store, self.pins, old, by="head", mode="full", name="i1", started="t"
        )

    def say(self, name: str, value: Any = None, **more: Any) -> None:
        self.going.store.append(
            [AnswerEntry(question=name, by="head", value=value, **more)]
        )

    def shown(self, new: KnowledgeBase, **more: Any) -> Preview:
        file = self.store.file()
        talk = file.interviews[-1]
        return preview(file, talk, new, self.pins, role="head", **more)

    def move(self, new: KnowledgeBase, name: str = "i2") -> Preview:
        shown = self.shown(new)
        talk, copies = moved(shown, new, name=name, started="t2")
        self.pins.keep(new.pinned)
        self.store.append(copies, None, talk)
        return shown

    def log(self, knowledge: KnowledgeBase) -> AnswerLog:
        return self.store.load(knowledge)


def fates(shown: Preview) -> dict[str, tuple[str, str]]:
    rows = [*shown.kept, *shown.confirm, *shown.dropped]
    return {c.entry.question: (c.fate, c.why) for c in rows}


SAID: dict[str, Any] = {
    "q.same": True, "q.words": False, "q.renamed": 3, "q.gone": True,
    "q.dropped": True, "q.meaning": True, "q.if": True, "q.unit": 5, "q.scale": 4,
    "q.max": 80, "q.type": True, "q.tool": ["crm", "excel"],
}  # fmt: skip


def answered(folder: Path, old: KnowledgeBase, **more: Any) -> Case:
    case = Case(folder, old)
    for name, value in {**SAID, **more}.items():
        case.say(name, value)
    case.say("q.each", True, about={"manager": "M1"})
    return case


def test_each_answer_has_its_fate(tmp_path: Path, bases: Bases) -> None:
    old, new = bases
    shown = answered(tmp_path, old).shown(new)
    assert fates(shown) == {
        "q.same": ("kept", ""), "q.words": ("kept", ""), "q.renamed": ("kept", ""),
        "q.tool": ("kept", ""), "q.gone": ("dropped", "gone"),
        "q.dropped": ("dropped", "gone"), "q.each": ("dropped", "about"),
        "q.meaning": ("confirm", "reask"), "q.if": ("confirm", "relevance"),
        "q.unit": ("confirm", "unit"), "q.scale": ("confirm", "scale"),
        "q.max": ("confirm", "outside"), "q.type": ("confirm", "type"),
    }  # fmt: skip
    assert {c.entry.question for c in shown.confirm if c.fits} == {"q.meaning", "q.if"}
    # the code of a dropped question is not in use; q.seller is asked of others
    assert [q.id for q in shown.new] == ["q.new"]


def test_an_option_that_is_gone_is_asked_again(tmp_path: Path, bases: Bases) -> None:
    shown = answered(tmp_path, bases[0], **{"q.tool": ["paper"]}).shown(bases[1])
    assert fates(shown)["q.tool"] == ("confirm", "option")


def test_a_number_within_narrower_bounds_stands(tmp_path: Path, bases: Bases) -> None:
    shown = answered(tmp_path, bases[0], **{"q.max": 50}).shown(bases[1])
    assert fates(shown)["q.max"] == ("kept", "")


def test_what_is_not_known_stays_so_unless_asked_anew(
    tmp_path: Path, bases: Bases
) -> None:
    case = Case(tmp_path, bases[0])
    for name in ("q.unit", "q.scale", "q.if", "q.max", "q.tool", "q.meaning", "q.type"):
        case.say(name, state="dont_know")
    assert fates(case.shown(bases[1])) == {
        "q.unit": ("kept", ""), "q.scale": ("kept", ""), "q.if": ("kept", ""),
        "q.max": ("kept", ""), "q.tool": ("kept", ""),
        "q.meaning": ("confirm", "reask"), "q.type": ("confirm", "type"),
    }  # fmt: skip


def test_the_old_questions_go_on_being_asked(tmp_path: Path, bases: Bases) -> None:
    old, new = bases
    case = answered(tmp_path, old)
    going = begin_or_resume(
        case.store, case.pins, new, by="head", mode="full", name="i9", started=""
    )
    assert (going.talk.id, going.begins, going.outdated) == ("i1", False, True)
    assert "q.gone" in going.knowledge.questions
    assert len(going.store.load(going.knowledge).answers) == 13
    assert "salesdx move-interview acme" in newer(going.talk, new, "acme").ru


def test_today_hears_what_it_understands_and_tells_the_rest(
    tmp_path: Path, bases: Bases
) -> None:
    log = answered(tmp_path, bases[0]).log(bases[1])
    assert {a.question: a.value for a in log.answers} == {
        "q.same": True, "q.words": False, "q.now": 3, "q.tool": ("crm", "sheets"),
        "q.if": True,  # the same meaning: today's condition decides
    }  # fmt: skip
    assert {u.question or u.title.en for u in log.unheard if u.fate == "confirm"} == {
        "q.meaning", "q.unit", "q.scale", "q.max", "q.type",
    }  # fmt: skip
    notes = {n.id: n for n in unheard_notes(log)}
    assert notes["answers-to-confirm"].params["count"] == 5
    assert notes["answers-to-older-questions"].params["count"] == 3


def test_without_the_old_questions_the_migrations_still_lead(
    tmp_path: Path, bases: Bases
) -> None:
    case = answered(tmp_path, bases[0])
    for path in (tmp_path / "questionnaires").iterdir():
        path.unlink()
    heard = {a.question for a in case.log(bases[1]).answers}
    assert {"q.same", "q.now", "q.tool"} <= heard
    assert not heard & {"q.meaning", "q.max", "q.gone"}
    assert case.shown(bases[1]).new == ()
    with pytest.raises(DataError, match="backup"):
        begin_or_resume(
            case.store, case.pins, bases[1], by="head", mode="full", name="", started=""
        )


def test_an_answer_of_no_interview_is_still_a_fault(
    tmp_path: Path, bases: Bases
) -> None:
    case = answered(tmp_path, bases[0])
    case.store.append([AnswerEntry(question="q.gone", by="head", value=True)])
    with pytest.raises(DataError, match=r"q\.gone"):
        case.log(bases[1])


def test_moving_copies_and_leaves_the_old_one_whole(
    tmp_path: Path, bases: Bases
) -> None:
    old, new = bases
    case = answered(tmp_path, old)
    before = case.store.file().answers
    case.move(new)
    file = case.store.file()
    assert file.answers[: len(before)] == before
    assert file.interviews[-1].moved_from == "i1"
    copies = file.answers[len(before) :]
    assert [(c.question, c.value) for c in copies] == [
        ("q.same", True), ("q.words", False), ("q.now", 3),
        ("q.tool", ["crm", "sheets"]),
    ]  # fmt: skip
    assert {c.interview for c in copies} == {"i2"}
    assert outdated(file, new) == []
    assert len(case.log(old).answers) > 10


def test_what_must_be_confirmed_is_unknown_until_it_is(
    tmp_path: Path, bases: Bases
) -> None:
    old, new = bases
    case = answered(tmp_path, old)
    case.move(new)
    assert "q.if" not in {a.question for a in case.log(new).answers}
    going = begin_or_resume(
        case.store, case.pins, new, by="head", mode="full", name="", started=""
    )
    assert {q for q, _ in going.confirm} == {
        "q.if", "q.meaning", "q.unit", "q.scale", "q.max", "q.type",
    }  # fmt: skip
    assert {q: e.value for (q, _), e in going.offered.items()} == {
        "q.if": True, "q.meaning": True,
    }  # fmt: skip
    assert going.was()["q.max", ()].en == (
        "Answered before: 80. Answer anew: the number is outside the new bounds."
    )
    going.store.append([AnswerEntry(question="q.if", by="head", value=True)])
    going.store.append([AnswerEntry(question="q.max", by="head", value=40)])
    file = case.store.file()
    left = to_confirm(file, file.interviews[-1], new, case.pins)
    assert {q for q, _ in left} == {"q.meaning", "q.unit", "q.scale", "q.type"}
    log = case.log(new)
    assert {a.question: a.value for a in log.answers}["q.max"] == 40
    assert {u.question for u in log.unheard} == {
        "q.meaning", "q.unit", "q.scale", "q.type",
    }  # what was dropped was told when it was moved  # fmt: skip


def test_the_last_word_counts_wherever_it_was_said(
    tmp_path: Path, bases: Bases
) -> None:
    old, new = bases
    case = answered(tmp_path, old)
    case.store.append([AnswerEntry(question="q.same", by="head", value=False)])
    case.store.append([AnswerEntry(question="q.max", by="head", value=10)])
    case.move(new)
    values = {a.question: a.value for a in case.log(new).answers}
    assert (values["q.same"], values["q.max"]) == (False, 10)
    file = case.store.file()
    waits = to_confirm(file, file.interviews[-1], new, case.pins)
    assert ("q.max", ()) not in waits


def test_an_answer_that_comes_late_to_the_old_interview_is_not_lost(
    tmp_path: Path, bases: Bases
) -> None:
    old, new = bases
    case = answered(tmp_path, old)
    case.move(new)
    case.say("q.same", False)
    values = [a.value for a in case.log(new).answers if a.question == "q.same"]
    assert values[-1] is False


def test_a_form_does_not_stay_on_old_questions(bases: Bases) -> None:
    old, new = bases
    talk = InterviewEntry(
        id="f", by="head", mode="form", questionnaire="1", sha256=old.pinned.sha256
    )
    file = AnswerFile(format=1, interviews=[talk])
    assert going_on(file, "head", "form", old) == talk
    assert going_on(file, "head", "form", new) is None
    assert outdated(file, new) == []


def test_nothing_is_written_before_the_first_answer(
    tmp_path: Path, bases: Bases
) -> None:
    Case(tmp_path, bases[0])
    assert list(tmp_path.iterdir()) == []


def test_answers_are_told_as_they_were_given(tmp_path: Path, bases: Bases) -> None:
    shown = answered(tmp_path, bases[0]).shown(bases[1])
    told = {
        c.entry.question: former(c, bases[1]) for c in (*shown.kept, *shown.confirm)
    }
    assert told["q.tool"].en == "crm, excel"
    assert told["q.unit"].ru == "5\u00a0дн."
    assert told["q.scale"].ru == "4 из 5"
    assert told["q.same"].ru == "да"
    reask = next(c for c in shown.confirm if c.why == "reask")
    assert again(reask, bases[1]).ru == (
        "Раньше ответили: да. Подтвердите или ответьте заново: у вопроса изменился "
        "смысл."
    )


def test_only_what_means_the_same_is_compared(bases: Bases) -> None:
    old, new = bases
    found = comparable(old.pinned, new.pinned, new.migrations)
    assert found == {"q.same", "q.words", "q.if", "q.max", "q.tool"}
    assert comparable(old.pinned, old.pinned, new.migrations) == set(old.questions)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "yesno": st.booleans(), "number": st.integers(0, 100), "scale": st.integers(1, 5),
    "multi": st.lists(st.sampled_from(["crm", "excel", "paper"]), unique=True),
}  # fmt: skip


@st.composite
def entries(draw: Callable[..., Any]) -> list[dict[str, Any]]:
    names = draw(st.lists(st.sampled_from(sorted(OLD)), max_size=12))
    found = []
    for name in names:
        about = {"manager": draw(st.sampled_from(["M1", "M2"]))}
        entry = {"question": name, "about": about if name == "q.each" else {}}
        state = draw(st.sampled_from(["answered", "answered", "dont_know", "later"]))
        if state == "answered":
            entry["value"] = draw(VALUES[OLD[name]["type"]])
        found.append({**entry, "state": state})
    return found


def file_of(rows: list[dict[str, Any]], old: KnowledgeBase) -> AnswerFile:
    talk = InterviewEntry(
        id="i1", by="head", mode="full", questionnaire="1", sha256=old.pinned.sha256
    )
    answers = [AnswerEntry(by="head", interview="i1", **row) for row in rows]
    return AnswerFile(format=1, interviews=[talk], answers=answers)


class Kept:
    """Pins in memory."""

    def __init__(self, *bases: KnowledgeBase) -> None:
        self._found = {k.pinned.sha256: k.pinned for k in bases}

    def keep(self, pinned: Any) -> None:
        self._found[pinned.sha256] = pinned

    def pinned(self, sha256: str) -> Any:
        return self._found.get(sha256)


PLENTY = settings(
    max_examples=60, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip


@PLENTY
@given(rows=entries())
def test_moving_never_loses_an_answer(bases: Bases, rows: list[dict[str, Any]]) -> None:
    """Each has one fate; what is kept stands in the new interview, and moving again
    changes nothing."""
    old, new = bases
    file, pins = file_of(rows, old), Kept(old, new)
    shown = preview(file, file.interviews[0], new, pins, role="head")
    lists = [*shown.kept, *shown.confirm, *shown.dropped]
    last = {(e.question, tuple(e.about.items())): e for e in file.answers}
    told = [(c.entry.question, tuple(c.entry.about.items())) for c in lists]
    assert sorted(told) == sorted(last)
    assert all(last[place] is c.entry for place, c in zip(told, lists, strict=True))
    talk, copies = moved(shown, new, name="i2", started="")
    assert len(copies) == len(shown.kept)
    after = AnswerFile(
        format=1, interviews=[*file.interviews, talk],
        answers=[*file.answers, *copies],
    )  # fmt: skip
    assert outdated(after, new) == []
    again_ = preview(after, talk, new, pins, role="head")
    assert {c.today().question for c in again_.kept} == {c.question for c in copies}
    assert len(again_.confirm) == len(shown.confirm)
    assert again_.dropped == ()
    waits = to_confirm(after, talk, new, pins)
    assert set(waits) == {(c.question, c.where) for c in shown.confirm}


@PLENTY
@given(rows=entries())
def test_moving_to_the_same_questions_changes_no_fact(
    bases: Bases, tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]
) -> None:
    old, _ = bases
    file = file_of(rows, old)
    other = replace(old, migrations=())
    talk, copies = moved(
        preview(file, file.interviews[0], other, Kept(old), role="head"), other,
        name="i2", started="",
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("case")
    store = FolderAnswers(folder / "answers.yaml", HEAD)
    store.append(file.answers, None, file.interviews[0])
    before = settle(store.load(old), old).facts
    store.append(copies, None, talk)
    log = store.load(old)
    assert settle(log, old).facts == before
    assert log.unheard == ()


def cli_case(folder: Path) -> Path:
    case = folder / "acme"
    case.mkdir()
    (case / "company.yaml").write_text("format: 1\nname: Acme\n", encoding="utf-8")
    own = load()
    going = begin_or_resume(
        FolderAnswers(case / "answers.yaml", {}), FolderPins(case / "questionnaires"),
        own, by="owner", mode="quick", name="o1", started="2026-11-01T10:00:00Z",
    )  # fmt: skip
    going.store.append(
        [AnswerEntry(question="owner.operations-share", by="owner", value=90)],
        Respondent(role="owner"),
    )
    row = own.questions["owner.operations-share"].model_dump(
        mode="json", by_alias=True, exclude_none=True
    )
    dump(folder / "own", "questionnaires/own.yaml", {
        "format": 1, "id": "own", "title": TEXT, "intro": TEXT,
        "questions": [{**row, "max": 80}],
    })  # fmt: skip
    return case


def test_the_command_shows_first_and_writes_on_yes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = cli_case(tmp_path)
    en, ru = (["--lang", x, "move-interview", str(case)] for x in ("en", "ru"))
    over = ["--kb", str(tmp_path / "own")]
    assert salesdx(ru) == 0
    assert "переводить нечего" in capsys.readouterr().out
    before = (case / "answers.yaml").read_bytes()
    assert salesdx([*ru, *over]) == 0
    told = capsys.readouterr().out
    assert "ответ: 90\u00a0%; число не укладывается в новые границы" in told
    assert (case / "answers.yaml").read_bytes() == before
    assert salesdx([*en, *over, "--yes"]) == 0
    assert "--mode quick --as owner" in capsys.readouterr().out
    assert salesdx([*en, *over, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert salesdx([*en, "--by", "nobody"]) == 2


def test_a_diagnosis_tells_what_waits_to_be_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = cli_case(tmp_path)
    own = str(tmp_path / "own")
    command = ["--lang", "en", "check", str(case), "--kb", own, "--format", "json"]
    assert salesdx(command) == 0
    rows = json.loads(capsys.readouterr().out)["data_quality"]
    (row,) = [r for r in rows if r["id"] == "answers-to-confirm"]
    assert row["title"]["en"].endswith(": 1")
    assert "daily operations" in row["effect"]["en"]
