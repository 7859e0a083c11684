"""The plan in a calendar, a table for trackers and a spreadsheet: dated and safe."""

import csv
import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from icalendar import Calendar, Event
from render_fixture import empty, hostile, rich

from salesdx.cli import run
from salesdx.language import LANGUAGES, Language, Text
from salesdx.plan_edits import Edit, EditFile, applied
from salesdx.render.plan_files import FORMATS, PlanFile, write
from salesdx.render.plan_files.delimited import DELIMITERS
from salesdx.render.plan_files.steps import plan_on
from salesdx.render.worksheets import fit
from salesdx.result import PlanAction, ResultDocument

DAY = dt.date(2026, 6, 30)
WEEKLY = "weekly-review"
pytestmark = pytest.mark.usefixtures("measured_once")


def plan(document: ResultDocument, lang: Language = "en", **more: Any) -> PlanFile:
    return PlanFile.of(fit(document, **more), lang, "shop")


def noted(**edits: Edit) -> ResultDocument:
    document = rich()
    file = EditFile(actions={n.replace("_", "-"): e for n, e in edits.items()})
    return document.model_copy(update={"plan": applied(document.plan, file, DAY)})


def events(document: ResultDocument, **more: Any) -> list[Event]:
    """The entries, read back by a strict reader."""
    data = write(plan(document, **more), "ics")
    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    data.decode()  # no letter is cut in two where a line is folded
    found: list[Event] = Calendar.from_ical(data).walk("VEVENT")
    assert len({e["UID"] for e in found}) == len(found)
    assert all(not e.errors for e in found)
    return found


def rows(document: ResultDocument, lang: Language = "en") -> list[dict[str, str]]:
    text = write(plan(document, lang), "csv").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=DELIMITERS[lang]))


def of_rhythm(repeat: str, due: str) -> Event:
    """The entry of the rounds of an action that is due on a day."""
    first = rich().plan[0].model_copy(update={"repeat": repeat})
    edit = EditFile(actions={first.id: Edit(due=dt.date.fromisoformat(due))})
    document = rich().model_copy(update={"plan": applied([first], edit, DAY)})
    return next(e for e in events(document) if "RRULE" in e)


def test_an_action_is_due_on_its_day_and_its_figure_is_looked_at_on_another() -> None:
    found = events(noted(duty_roster=Edit(due=dt.date(2026, 7, 20), owner="Ива")))
    due, look = (
        e for e in found if "duty for new" in f"{e['SUMMARY']}{e['DESCRIPTION']}"
    )
    assert due.decoded("DTSTART") == dt.date(2026, 7, 20)
    assert due.decoded("DTEND") == dt.date(2026, 7, 21)
    assert "Assignee: Ива" in due["DESCRIPTION"]
    assert "1. Agree on the rule" in due["DESCRIPTION"]
    assert "proposed" not in due["DESCRIPTION"]
    assert look["SUMMARY"].startswith("Look at the figure:")
    assert look.decoded("DTSTART") == dt.date(2026, 7, 20)  # day 3 + 10 + 7
    assert {str(e["DTSTAMP"].dt) for e in found} == {"2026-06-30 00:00:00+00:00"}


@pytest.mark.parametrize(
    ("repeat", "due", "first", "rule"),
    [
        ("daily", "2026-07-03", "2026-07-04", "FREQ=DAILY"),
        ("weekly", "2026-07-03", "2026-07-10", "FREQ=WEEKLY"),
        ("weekly", "2026-07-04", "2026-07-13", "FREQ=WEEKLY"),  # a Saturday: Monday
        ("monthly", "2026-07-15", "2026-08-15", "FREQ=MONTHLY"),
        ("monthly", "2027-01-30", "2027-02-28",
         "FREQ=MONTHLY;BYMONTHDAY=28,29,30;BYSETPOS=-1"),
        ("monthly", "2026-08-31", "2026-09-30",
         "FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1"),
        ("quarterly", "2026-12-10", "2027-03-10", "FREQ=MONTHLY;INTERVAL=3"),
    ],
)  # fmt: skip
def test_what_recurs_carries_its_rhythm_from_when_it_is_in_place(
    repeat: str, due: str, first: str, rule: str
) -> None:
    found = of_rhythm(repeat, due)
    assert found.decoded("DTSTART").isoformat() == first
    given = dict(
        part.split("=") for part in found["RRULE"].to_ical().decode().split(";")
    )
    assert given == dict(part.split("=") for part in rule.split(";"))


def test_what_is_done_keeps_its_rhythm_and_what_is_dropped_does_not() -> None:
    done = events(noted(weekly_review=Edit(done=DAY)))
    (rounds,) = [e for e in done if "RRULE" in e]
    assert rounds["SUMMARY"] == "Review ten lost deals every week"
    assert any(e["SUMMARY"].startswith("done: Review ten") for e in done)
    dropped = events(noted(weekly_review=Edit(dropped="no time")))
    assert not [e for e in dropped if "RRULE" in e]
    (gone,) = [e for e in dropped if e["STATUS"] == "CANCELLED"]
    assert "no time" in gone["DESCRIPTION"]
    assert not gone.walk("VALARM")


def test_an_entry_keeps_its_name_whatever_becomes_of_it() -> None:
    def names(document: ResultDocument) -> set[str]:
        return {str(e["UID"]) for e in events(document)}

    later = noted(duty_roster=Edit(due=dt.date(2026, 9, 1), owner="Ива"))
    later = later.model_copy(
        update={"case": later.case.model_copy(update={"as_of": "2026-07-30"})}
    )
    assert names(rich()) == names(later)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_rhythm_stands_in_every_file(lang: Language) -> None:
    word = {"en": "every week", "ru": "каждую неделю"}[lang]
    head = {"en": "How often", "ru": "Как часто"}[lang]
    by_id = {r[{"en": "Id", "ru": "Код"}[lang]]: r for r in rows(rich(), lang)}
    assert by_id[WEEKLY][head] == word
    assert by_id["discount-rule"][head] == ""
    found = [e for e in events(rich(), lang=lang) if "RRULE" in e]
    assert [word in e["DESCRIPTION"] for e in found] == [True]
    assert word in cells_of(rich(), lang)


def cells_of(document: ResultDocument, lang: Language = "en") -> list[Any]:
    book = openpyxl.load_workbook(io.BytesIO(write(plan(document, lang), "xlsx")))
    return [c.value for line in book.active.iter_rows() for c in line]


def test_the_table_bears_the_names_that_trackers_know() -> None:
    first = rows(rich())[0]
    known = ["Summary", "Description", "Assignee", "Start date", "Due date", "Status"]
    assert list(first)[: len(known)] == known
    assert first["Due date"] == "2026-07-05"
    russian = write(plan(rich(), "ru"), "csv").decode("utf-8-sig")
    assert russian.startswith(
        "Название;Описание;Ответственный;Дата начала;Крайний срок"
    )


def test_dates_of_the_spreadsheet_are_dates_and_nothing_is_a_formula() -> None:
    assert dt.datetime(2026, 7, 5) in cells_of(rich())
    title = Text(en="=1+1", ru="=1+1")
    nasty = rich().model_copy(update={"plan": [
        a.model_copy(update={"title": title}) for a in hostile().plan
    ]})  # fmt: skip
    assert {r["Summary"] for r in rows(nasty)} == {"'=1+1"}
    assert "'=1+1" in cells_of(nasty) and "=1+1" not in cells_of(nasty)
    events(hostile())


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("make", [rich, empty, hostile])
def test_equal_input_gives_equal_bytes(fmt: str, make: Any) -> None:
    assert write(plan(make(), "ru"), fmt) == write(plan(make(), "ru"), fmt)


def test_a_plan_without_days_has_rows_and_no_entries() -> None:
    case = rich().case.model_copy(update={"as_of": None})
    undated = rich().model_copy(update={"case": case})
    assert events(undated) == []
    assert len(rows(undated)) == len(rich().plan)


@pytest.mark.parametrize("fmt", FORMATS)
def test_no_file_names_who_is_hidden(fmt: str) -> None:
    document = noted(duty_roster=Edit(owner="Зоя Ветрова", note="спросить Смирнову"))

    def text(**more: Any) -> str:
        if fmt == "xlsx":
            file = write(plan(document, **more), fmt)
            book = openpyxl.load_workbook(io.BytesIO(file))
            return str([c.value for line in book.active.iter_rows() for c in line])
        made = write(plan(document, **more), fmt).decode()
        return made.replace("\r\n ", "")

    assert "Ветрова" in text()
    assert not {n for n in ("Ветров", "Смирнов") if n in text(anonymise=True)}
    assert "second line in each quote" not in text(audience="team")


def test_steps_follow_the_edits() -> None:
    document = noted(duty_roster=Edit(due=DAY - dt.timedelta(1)))
    step = plan_on(document, DAY).step("duty-roster")
    assert step is not None and (step.state, step.agreed) == ("overdue", True)
    assert isinstance(step.action, PlanAction)


def test_the_command_writes_what_is_asked_for(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    words = ["--lang", "ru", "plan", str(case), "--out", str(out)]
    assert run([*words, "--audience", "owner"]) == 0
    assert sorted(p.name for p in out.iterdir()) == [
        "plan-owner-ru.csv", "plan-owner-ru.ics"
    ]  # fmt: skip
    assert capsys.readouterr().out.splitlines() == [
        str(out / "plan-owner-ru.ics"), str(out / "plan-owner-ru.csv")
    ]  # fmt: skip
    assert run([*words, "--to", "xlsx,docx", "--worksheets", str(out)]) == 0
    assert (out / "plan-consultant-ru.xlsx").is_file()
    for wrong in (["--to", "doc"], ["--to", "pdf"], ["--all"]):
        assert run(["--lang", "en", "plan", str(case), *wrong]) == 2
    told = capsys.readouterr().err
    assert "of the plan there are csv, ics, xlsx" in told
    assert "--worksheets DIR" in told


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case of a few answers with a plan."""
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "company.yaml").write_text("format: 1\nname: Acme\nas_of: 2026-06-30\n")
    asked = ("Q-TICK-11", "Q-TICK-03", "Q-TICK-09", "Q-MON-01")
    told = [f"  - {{question: {q}, by: head_of_sales, value: no}}\n" for q in asked]
    (folder / "answers.yaml").write_text("".join(["format: 1\nanswers:\n", *told]))
    return folder
