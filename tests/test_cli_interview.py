"""The talk in the terminal: words, ways back, what is shown to whom, what is kept."""

import io
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml
from interview_fixture import Told, base

from salesdx.analysis import Analysis
from salesdx.answers.file import AnswerEntry
from salesdx.answers.keeping import FolderAnswers
from salesdx.cli import interview_page as page
from salesdx.cli import run, wording
from salesdx.cli.conversation import converse
from salesdx.cli.interview_words import expected
from salesdx.cli.typed import Given, Order, read
from salesdx.company import Company, Respondent
from salesdx.conversation.interview import Interview
from salesdx.conversation.sitting import Sitting
from salesdx.errors import DataError, UsageError
from salesdx.facts import COMPANY, Fact, FactBase, Measurement
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text

PEOPLE = {"o": Respondent(role="owner", name="Olga"), "h": Respondent(role="head")}


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    return base(tmp_path_factory.mktemp("kb"))


class Desk:
    """One case on one disk: sittings are held one after another."""

    def __init__(self, kb: KnowledgeBase, folder: Path) -> None:
        self.kb, self.folder = kb, folder
        self.store = FolderAnswers(folder / "answers.yaml", PEOPLE)
        self.figures: list[Measurement] = []
        self.read_by_now = 0

    def analysis(self) -> Analysis:
        company = Company(format=1, name="Acme", respondents=PEOPLE)
        facts = [Fact(m.metric, m.value, m.slice) for m in self.figures]
        facts += [Fact("m.share", 0.5, (("manager", m),)) for m in ("M1", "M2")]
        found = SimpleNamespace(
            case=SimpleNamespace(
                company=company, path=self.folder, answers_path=self.store.path
            ),
            knowledge=self.kb, facts=FactBase.of(facts), figures=self.figures,
            log=self.store.load(self.kb),
        )  # fmt: skip
        return cast(Analysis, found)

    def sit(self, *lines: str, **how: Any) -> None:
        """Type these lines; then the input ends."""
        given = {"by": "h", "mode": "guided", "chooser": Told()} | how
        by, mode = given.pop("by"), given.pop("mode")
        role = given.pop("role", "head")
        ticks = (f"2026-01-01T00:00:{n:02}Z" for n in range(60))
        sitting = Sitting("i1", lambda: next(ticks))
        talk = Interview(self.analysis(), role, by, mode, self.store,
                         sitting=sitting, **given)  # fmt: skip
        typed = iter(lines)
        converse(talk, lambda: next(typed, None), wording.language())

    @property
    def rows(self) -> list[AnswerEntry]:
        return self.store.file().answers

    def values(self) -> list[tuple[str, Any]]:
        return [(r.question, r.value if r.state == "answered" else r.state)
                for r in self.rows]  # fmt: skip


@pytest.fixture
def desk(
    kb: KnowledgeBase, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setenv("COLUMNS", "80")
    wording.choose([], {})
    yield Desk(kb, tmp_path)
    wording.choose([], {})


def test_every_answer_carries_its_time_interview_and_a_key(desk: Desk) -> None:
    desk.sit("yes", "no??")
    assert [(r.at, r.interview) for r in desk.rows] == [
        ("2026-01-01T00:00:00Z", "i1"), ("2026-01-01T00:00:01Z", "i1"),
    ]  # fmt: skip
    assert len({r.key for r in desk.rows}) == 2
    assert [r.confidence for r in desk.rows] == ["sure", "guess"]


def test_notes_and_evidence_go_with_the_answer_that_follows(desk: Desk) -> None:
    desk.sit("note asked twice", "evidence report of May", "показали экран CRM",
             "no?", "yes")  # fmt: skip
    first, second = desk.rows
    assert first.note == "asked twice"
    assert first.evidence == ["report of May", "экран CRM"]
    assert (second.note, second.evidence) == ("", [])


def test_a_note_waits_for_its_answer_and_is_not_lost_on_the_way(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("yes", "note of the second", "back", "no", "no", mode="full")
    assert [(r.value, r.note) for r in desk.rows] == [
        (True, ""), (False, ""), (False, "of the second"),
    ]  # fmt: skip
    assert "To be saved with the answer: of the second" in capsys.readouterr().out


def test_a_note_at_an_answer_that_is_kept_is_written_beside_it(desk: Desk) -> None:
    desk.sit("note first", "no?", "back", "note second", "evidence a report", "",
             mode="full")  # fmt: skip
    first, second = desk.rows
    assert (second.value, second.confidence) == (False, "unsure")
    assert (second.note, second.evidence) == ("first; second", ["a report"])
    assert second.key != first.key


def test_undo_gives_a_note_to_no_other_question(desk: Desk) -> None:
    desk.sit("yes", "note of the second", "undo", mode="full")
    assert [(r.state, r.note) for r in desk.rows] == [("answered", ""), ("later", "")]


@pytest.mark.parametrize("end", [("quit",), ()])
def test_a_note_without_an_answer_is_said_not_to_be_saved(
    desk: Desk, capsys: pytest.CaptureFixture[str], end: tuple[str, ...]
) -> None:
    desk.sit("note of nothing", "evidence a screen", *end)
    out = capsys.readouterr().out
    assert "NOT saved, for no answer followed: of nothing; a screen" in out
    assert not desk.rows


def test_states_in_both_languages(desk: Desk) -> None:
    desk.sit("не знаю", "неприменимо нет CRM", "n/a", "refuse", "отказ", "позже")
    states = [r.state for r in desk.rows]
    assert states == ["dont_know", "not_applicable", "refused", "refused", "later"]
    assert desk.rows[1].reason == "нет CRM"


def test_the_interviewer_sees_five_with_reasons_and_jumps(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("go 3", "no", "go Q-A-01", "2", "/go deadline", "yes", "quit",
             chooser=Told("a.words", "b.more", "a.own"))  # fmt: skip
    out = capsys.readouterr().out
    assert "Why now: settles x by a.words" in out
    assert "settles x by b.more" in out
    assert desk.values() == [("a.own", False), ("a.crm", "sheets"),
                             ("a.deadline", True)]  # fmt: skip
    assert "Saved: 3" in out


@pytest.mark.parametrize("how", [{"mode": "quick"}, {"mode": "guided"}])
def test_who_answers_alone_sees_only_what_the_author_says(
    desk: Desk, capsys: pytest.CaptureFixture[str], how: dict[str, str]
) -> None:
    desk.store.append([AnswerEntry(question="a.core", by="o", value=False)])
    desk.sit("why", "?", "yes", "30", chooser=Told(stop_after=1), alone=True, **how)
    out = capsys.readouterr().out
    assert "settles x" not in out
    assert "X leads" not in out
    assert "otherwise" not in out
    assert "text" in out  # the author's why


def test_why_is_told_to_the_interviewer_in_every_mode(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("зачем", mode="full")
    assert "Now: settles x by a.core" in capsys.readouterr().out


def test_who_says_otherwise_is_told_after_and_never_before(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.store.append([AnswerEntry(question="a.deadline", by="o", value=False)])
    desk.sit("yes", mode="full")
    assert "otherwise" not in capsys.readouterr().out
    desk.sit("yes", mode="full")
    assert "Others say otherwise: Olga, text — no." in capsys.readouterr().out


def test_a_figure_that_denies_the_answer_is_told_after(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.figures = [Measurement("m.share", 0.1, COMPANY)]
    desk.sit("go a.share", "60 %", mode="full")
    before, after = capsys.readouterr().out.split("a number, percent")
    assert "10%" not in before
    assert "text: 10%; the answer: 60%" in after.replace("\xa0", "")
    desk.sit("go a.share", "11", mode="full")
    assert "otherwise" not in capsys.readouterr().out


def test_back_shows_the_former_answer_and_enter_keeps_it(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("yes", "no?", "2", "back", "назад", "back", "", "yes", "quit", mode="full")
    out = capsys.readouterr().out
    assert "Now: sheets. Enter keeps it." in out
    assert "Now: no, unsure. Enter keeps it." in out
    assert desk.values() == [
        ("a.core", True), ("a.deadline", False), ("a.crm", "sheets"),
        ("a.deadline", True),
    ]  # fmt: skip


def test_an_answer_to_a_former_wording_counts_once_it_is_confirmed(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    old = AnswerEntry(question="a.core", by="h", value=False, key="old")
    was = Text(en="Answered before: no.", ru="Раньше ответили: нет.")
    here = ("a.core", ())
    desk.sit("", "back", "", mode="full", confirm={here: old}, former={here: was})
    out = capsys.readouterr().out
    assert out.count("Answered before: no. Enter confirms it.") == 1
    (row,) = desk.rows
    assert (row.value, row.interview) == (False, "i1")
    assert row.key != "old"


def test_back_goes_into_former_sittings_and_ends_at_the_first(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("yes", "quit", mode="full")
    desk.sit("back", "back", "дальше", "no", mode="full")
    assert "no answer before this" in capsys.readouterr().out
    assert desk.values() == [("a.core", True), ("a.deadline", False)]


def test_an_answer_that_switches_others_off_says_so(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("yes", "yes", "no", "go a.deadline", "no", "go a.deadline", "yes",
             mode="full")  # fmt: skip
    out = capsys.readouterr().out
    assert "1 answer given before does not count any more" in out
    assert "1 answer kept from before counts again" in out


def test_undo_takes_back_one_by_one_and_deletes_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("yes", "quit", mode="full")
    desk.sit("no", "go a.core", "note changed", "no", "undo", "undo", "undo", "yes",
             mode="full")  # fmt: skip
    assert desk.values() == [
        ("a.core", True), ("a.deadline", False), ("a.core", False), ("a.core", True),
        ("a.deadline", "later"), ("a.deadline", True),
    ]  # fmt: skip
    assert "Nothing to take back" in capsys.readouterr().out


def test_a_sitting_goes_on_at_the_same_question(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("yes", "skip", "3", mode="full")
    stopped = capsys.readouterr().out
    desk.sit(mode="full")
    resumed = capsys.readouterr().out
    assert "You go on where you stopped: 2 answers so far, 1 put off." in resumed
    last = stopped[: stopped.index("Saved")].rstrip().splitlines()[-2:]
    assert "\n".join(last) in resumed


def test_what_was_put_off_comes_at_the_end_and_no_third_time(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("later", "no", "2", "30", "yes", "yes", "so", "dunno", "later",
             mode="full")  # fmt: skip
    out = capsys.readouterr().out
    assert "Put off before:" in out
    assert "That is all for this respondent." in out
    assert "Put off: 1 question." in out
    assert "Anything more?" in out[out.index("To find out") :]


def test_advice_to_stop_is_given_once_and_forces_nothing(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("yes", "yes", "1", "30", chooser=Told(stop_after=2))
    out = capsys.readouterr().out
    assert out.count("X leads by far.") == 1
    assert out.count("You may finish here") == 1
    assert len(desk.rows) == 4


def test_subjects_are_listed_with_their_questions(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("yes", "list", "список 2", "go 1", "no", "list Nothing", mode="full")
    out = capsys.readouterr().out
    assert "1. text — in progress, 1 of 9" in out
    assert "2. More — not started, 0 of 1" in out
    assert "No subject 'Nothing'" in out
    assert desk.values()[-1] == ("b.more", False)


def test_several_hits_are_offered_and_none_is_told(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("go text", "go 2", "go nowhere at all", "go 77", "go", mode="full")
    out = capsys.readouterr().out
    assert "Which one? go N" in out
    assert "No question found by 'nowhere at all'." in out
    assert "Nothing is listed under 77." in out
    assert "Where to?" in out


def test_what_does_not_fit_is_asked_again_without_codes(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit("perhaps", "go a.share", "120", "many", mode="full")
    out = capsys.readouterr().out
    assert "Not understood: perhaps. Wanted: yes / no" in out
    assert "120 is outside 0 … 100." in out
    assert "Not understood: many. Wanted: a number, percent" in out
    assert "a.share" not in out
    assert not desk.rows


def test_a_misfit_is_told_in_russian_and_a_long_one_cut_short(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    wording.choose(["--lang", "ru"], {})
    desk.sit("5", "x" * 100_000, mode="full")
    out = capsys.readouterr().out
    assert "Непонятно: «5». Нужно: да / нет." in out
    assert "xxx…»" in out
    assert len(out) < 2000


def test_a_role_without_questions_is_told_so(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.sit(by="nobody", role="finance", mode="full")
    assert "There are no questions for this role" in capsys.readouterr().out


def test_a_scale_from_zero_is_told_from_zero(kb: KnowledgeBase) -> None:
    asked = next(iter(kb.questions.values()))
    scale = asked.model_copy(update={"type": "scale", "min": 0, "max": 10})
    assert expected(scale) == "0 … 10"


def test_an_answer_that_cannot_be_written_is_not_taken_for_saved(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FolderAnswers, "append", full)
    with pytest.raises(DataError, match="the last answer is NOT saved"):
        desk.sit("yes", mode="full")
    out = capsys.readouterr().out
    assert "NOT saved" in out
    assert "Saved: 0" in out
    assert not desk.rows


def test_ctrl_c_says_what_is_saved(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["yes"])

    def line() -> str:
        for text in typed:
            return text
        raise KeyboardInterrupt

    talk = Interview(desk.analysis(), "head", "h", "full", desk.store)
    with pytest.raises(KeyboardInterrupt):
        converse(talk, line, "en")
    assert "Saved: 1. The same command goes on from here." in capsys.readouterr().out
    assert len(desk.rows) == 1


@pytest.mark.parametrize("columns", ["60", "100"])
@pytest.mark.parametrize("lang", ["en", "ru"])
def test_lines_keep_to_the_width_and_have_no_colour_codes(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    columns: str, lang: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("COLUMNS", columns)
    wording.choose(["--lang", lang], {})
    desk.sit("help", "list", "?", "why", "yes", "back", "", "later", "undo", "quit")
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= int(columns)
    assert "\x1b" not in out


@pytest.mark.parametrize("off", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_is_off_where_it_is_not_wanted(
    monkeypatch: pytest.MonkeyPatch, off: dict[str, str]
) -> None:
    monkeypatch.setattr("sys.stdout", SimpleNamespace(isatty=lambda: True))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert page.coloured()
    for name, value in off.items():
        monkeypatch.setenv(name, value)
    assert not page.coloured()


@pytest.mark.parametrize(
    ("seconds", "en", "ru"),
    [
        (40, "about 1 minute left", "осталось около 1 минуты"),
        (1250, "about 21 minutes left", "осталось около 21 минуты"),
        (700, "about 12 minutes left", "осталось около 12 минут"),
        (9000, "about 2.5 hours left", "осталось около 2,5 ч"),
    ],
)
def test_time_is_told_in_words(seconds: int, en: str, ru: str) -> None:
    for lang, told in (("en", en), ("ru", ru)):
        wording.choose(["--lang", lang], {})
        assert page.time_left(seconds) == told
    wording.choose([], {})


WORDS = {
    "HELP": Order("words"), "Помощь": Order("words"), "/back": Order("back"),
    "не  знаю": Order("dont_know"), "Don’t know": Order("dont_know"),
    "не применимо такого нет": Order("not_applicable", "такого нет"),
    "к 2": Order("jump", "2"), "список 3": Order("list", "3"),
}  # fmt: skip


@pytest.mark.parametrize("line", WORDS)
def test_words_are_known_in_both_languages(kb: KnowledgeBase, line: str) -> None:
    assert read(line, kb.questions["a.core"]) == WORDS[line]


@pytest.mark.parametrize("line", ["к маю найдём", "find new clients", "list of all"])
def test_an_answer_in_own_words_is_not_taken_for_a_word(
    kb: KnowledgeBase, line: str
) -> None:
    asked = kb.questions["a.words"]
    assert read(line, asked) == Given(line, "sure")
    assert isinstance(read(f"/{line}", asked), Order)
    for plain in ("go 3", "к 3", "go Q-A-01", "go a.crm"):
        assert isinstance(read(plain, asked), Order)


@pytest.mark.parametrize(
    ("line", "value"), [("20%", 20), ("20 процентов", 20), ("12,5", 12.5)]
)
def test_a_number_may_have_its_unit(kb: KnowledgeBase, line: str, value: float) -> None:
    assert read(line, kb.questions["a.share"]) == Given(value, "sure")
    assert not isinstance(read("20 часов", kb.questions["a.share"]), Given)


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALESDX_LANG", "en")
    (tmp_path / "company.yaml").write_text(
        "format: 1\nname: Acme\nsales_model: b2b\nrespondents:\n"
        "  head: {role: head_of_sales, name: Ann}\n"
        "  s1: {role: seller}\n  s2: {role: seller}\n"
    )
    return tmp_path


def typed(case: Path, monkeypatch: pytest.MonkeyPatch, lines: str, *more: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    return run(["interview", str(case), *more])


def test_the_only_one_in_a_role_is_who_answers(
    case: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert typed(case, monkeypatch, "dunno\n", "--as", "head_of_sales") == 0
    out = capsys.readouterr().out
    assert "Acme · Ann, head of sales" in out
    assert "Why now:" in out
    (row,) = yaml.safe_load((case / "answers.yaml").read_text())["answers"]
    assert row["by"] == "head"
    assert row["at"].endswith("Z")
    assert row["interview"]
    assert typed(case, monkeypatch, "", "--as", "seller") == 2
    assert "s1, s2" in capsys.readouterr().err
    assert typed(case, monkeypatch, "", "--as", "seller", "--by", "s3") == 0


@pytest.mark.parametrize("mode", ["quick", "full", "guided"])
def test_the_next_question_waits_for_no_file(
    case: Path, monkeypatch: pytest.MonkeyPatch, mode: Any
) -> None:
    from salesdx.analysis import analyse
    from salesdx.cli.interview_start import respondent, started

    found = analyse(case)
    talk = started(found, "head_of_sales", "head", mode, False)
    with pytest.raises(UsageError):
        respondent(found, "nobody", None)
    monkeypatch.setattr(FolderAnswers, "append", lambda *_: None)
    monkeypatch.setattr(FolderAnswers, "load", pytest.fail)
    asked = []
    for n in range(12):
        ask = talk.standing().next
        assert ask is not None
        state: Any = ("dont_know", "later", "refused")[n % 3]
        entry = AnswerEntry(question=ask.question.id, by="head", state=state)
        talk.save(ask, entry)
        asked.append((ask.question.id, ask.about))
    assert len(set(asked)) == len(asked)
