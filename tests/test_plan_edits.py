"""plan.yaml: what people set survives, is located when wrong, and is never lost."""

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render_fixture import rich

from salesdx.cli import run, wording
from salesdx.errors import DataError, in_language
from salesdx.language import Text
from salesdx.plan_edits import (
    BadEditError,
    Edit,
    EditFile,
    applied,
    edit_file,
    edited,
    existing,
    parsed,
    past_actions,
    state_of,
    text_of_file,
)
from salesdx.render import render
from salesdx.render.anonymise import anonymised
from salesdx.result import ResultDocument

DAY = dt.date(2026, 6, 30)
days = st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
words = st.text(
    st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Cn")), min_size=1,
    max_size=60,
).filter(lambda t: t.strip() == t and t)  # fmt: skip
edits = st.builds(
    Edit, owner=st.none() | words, due=st.none() | days, note=st.none() | words,
    done=st.none() | days,
).filter(lambda e: e != Edit())  # fmt: skip
ids = st.from_regex(r"[a-z][a-z0-9]*(-[a-z0-9]+)?", fullmatch=True)
files = st.dictionaries(ids, edits, max_size=4).map(lambda a: EditFile(actions=a))


@settings(max_examples=30)
@given(files)
def test_what_is_written_reads_the_same_and_is_written_the_same(file: EditFile) -> None:
    text = text_of_file(file)
    assert parsed(text) == file
    turned = EditFile(actions=dict(reversed(list(file.actions.items()))))
    assert text_of_file(turned) == text


@settings(max_examples=30)
@given(files, days)
def test_a_value_set_and_taken_back_leaves_no_trace(
    file: EditFile, day: dt.date
) -> None:
    known = set(file.actions)
    new = edited(file, "another-one", due=day.isoformat(), owner=" Anna ")
    assert new.actions["another-one"] == Edit(owner="Anna", due=day)
    assert {i: new.actions[i] for i in known - {"another-one"}} == {
        i: file.actions[i] for i in known - {"another-one"}
    }
    if "another-one" not in known:
        assert edited(new, "another-one", due=None, owner="") == file


WRONG = """\
format: 1
actions:
  a b: {}
  weekly:
    owner: 5
    due: 2020-13-01
    dun: x
  other: {done: 2020-01-01, dropped: "no"}
  third: {start: 2026-02-01, due: 2026-01-01}
  year: {due: 0202-01-01}
"""


def test_all_faults_are_told_at_once_with_their_places() -> None:
    with pytest.raises(DataError) as told:
        parsed(WRONG)
    lines = {p.line for p in told.value.problems}
    assert lines == {3, 5, 6, 7, 8, 9, 10}
    assert "«dun» (может быть, «due»?)" in told.value.text("ru")
    assert not re.search("[а-я]", told.value.text("en"))


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "format: 1\n"])
def test_a_file_that_says_nothing_sets_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").write_text(text)
    assert existing(tmp_path / "plan.yaml") == EditFile()
    assert existing(tmp_path / "none.yaml") == EditFile()


@pytest.mark.parametrize(
    ("before", "changes", "field", "said"),
    [
        ({}, {"done": "2026-07-02"}, "done", "yet to come"),
        ({}, {"due": "2026-06-29"}, "due", "before the day of the diagnosis"),
        ({}, {"due": "2046-06-30"}, "due", "check the year"),
        ({}, {"due": "1 July"}, "due", "must be a date"),
        ({}, {"owner": "x" * 201}, "owner", "200"),
        ({}, {"owner": "a\u202eb"}, "owner", "cannot be seen"),
        ({"done": "2026-06-01"}, {"dropped": "no money"}, "", "not both"),
        ({"due": "2026-07-01"}, {"start": "2026-07-02"}, "", "starts after"),
    ],
)
def test_an_unlikely_value_is_told_by_its_field(
    before: dict[str, str], changes: dict[str, str], field: str, said: str
) -> None:
    file = edited(EditFile(), "weekly", **before)
    with pytest.raises(BadEditError) as told:
        edited(file, "weekly", as_of=DAY, today=dt.date(2026, 7, 1), **changes)
    assert list(told.value.faults) == [field]
    assert said in told.value.faults[field]
    assert re.search("[а-я]", in_language(told.value.faults[field], "ru"))


def test_the_past_of_an_action_keeps_nobody_from_adding_a_note() -> None:
    file = edited(EditFile(), "weekly", due="2020-01-01")
    new = edited(file, "weekly", note="late", as_of=DAY, today=DAY)
    assert new.actions["weekly"].note == "late"
    done = edited(file, "weekly", due="2020-01-01", done="2020-02-01", as_of=DAY)
    assert state_of(done.actions["weekly"], DAY) == "done"


@pytest.mark.parametrize(
    ("values", "day", "state"),
    [
        ({"owner": "Anna"}, DAY, "open"),
        ({"due": DAY}, DAY, "open"),
        ({"due": DAY}, DAY + dt.timedelta(1), "overdue"),
        ({"due": DAY}, None, "open"),
        ({"due": DAY, "done": DAY}, DAY + dt.timedelta(9), "done"),
        ({"due": DAY, "dropped": "sold the shop"}, DAY + dt.timedelta(9), "dropped"),
    ],
)
def test_how_an_action_stands_on_a_day(
    values: dict[str, object], day: dt.date | None, state: str
) -> None:
    assert state_of(Edit.model_validate(values), day) == state


def noted() -> ResultDocument:
    """The rich document with an action of the plan edited, and one that is gone."""
    document = rich()
    first = document.plan[0].id
    file = edited(
        EditFile(), first, owner="Пётр Зимин", due="2026-07-15", note="Зимин!"
    )
    file = edited(file, "long-gone", done="2026-05-01", owner="Зимина")
    titles = {"long-gone": Text(en="Long gone", ru="Давно сделано")}
    return document.model_copy(update={
        "plan": applied(document.plan, file, DAY),
        "past_actions": past_actions(document.plan, file, titles, DAY),
    })  # fmt: skip


def test_edits_are_in_the_document_and_only_where_something_was_set() -> None:
    document, plain = noted(), rich()
    assert document.plan[0].edit is not None
    assert document.plan[0].edit.state == "open"
    assert [a.edit for a in document.plan[1:]] == [None] * (len(plain.plan) - 1)
    assert [(p.id, p.edit.state) for p in document.past_actions] == [
        ("long-gone", "done")
    ]
    assert ResultDocument.model_validate_json(document.to_json()) == document
    assert '"edit"' not in plain.to_json()
    assert "past_actions" not in plain.to_json()
    kept = document.model_copy(update={
        "plan": applied(plain.plan, EditFile(), DAY), "past_actions": [],
    })  # fmt: skip
    assert kept.to_json() == plain.to_json()


def test_the_report_shows_who_really_does_it_and_anonymised_does_not() -> None:
    text = render(noted(), "md", "ru", "consultant").decode()
    assert "Пётр Зимин" in text
    assert "15 июля 2026" in text
    hidden = anonymised(noted())
    assert "Зимин" not in hidden.to_json()
    assert hidden.plan[0].edit is not None
    assert hidden.plan[0].edit.due == "2026-07-15"


def test_a_case_of_a_database_is_edited_alike(case: Path, tmp_path: Path) -> None:
    db = ["--db", str(tmp_path / "cases.db")]
    assert run(["case", "add", str(case), "--id", "acme", *db]) == 0
    edit = ["plan", "acme", "--edit", "weekly-monitoring", "--owner", "Anna", *db]
    assert run(edit) == 0
    assert run(["case", "export", "acme", str(tmp_path / "out"), *db]) == 0
    kept = existing(tmp_path / "out" / "plan.yaml").actions["weekly-monitoring"]
    assert kept == Edit(owner="Anna")


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALESDX_LANG", "en")
    wording.choose([], {})
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "company.yaml").write_text("format: 1\nname: Acme\nas_of: 2026-06-30\n")
    return folder


def test_the_command_notes_and_a_run_keeps_it(
    case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    who = ["plan", str(case), "--edit", "weekly-monitoring"]
    assert run([*who, "--owner", "Anna", "--due", "2026-07-30"]) == 0
    assert run([*who, "--done", "2026-07-20"]) == 0
    assert existing(case / "plan.yaml").actions["weekly-monitoring"] == Edit(
        owner="Anna", due=dt.date(2026, 7, 30), done=dt.date(2026, 7, 20)
    )
    capsys.readouterr()
    assert run(["plan", str(case)]) == 0
    told = capsys.readouterr().out
    assert "Not in the plan any more:" in told
    assert "Anna, due 30 Jul 2026, done 20 Jul 2026  [weekly-monitoring]" in told


@pytest.mark.parametrize(
    ("words_", "said"),
    [
        (["--edit", "weekly-monitorin", "--done", "2026-07-01"],
         "did you mean 'weekly-monitoring'?"),
        (["--owner", "Anna"], "--edit ACTION"),
        (["--edit", "weekly-monitoring"], "say what to note"),
        (["--edit", "weekly-monitoring", "--due", "2020-01-01"], "due: before the day"),
    ],
)  # fmt: skip
def test_a_wrong_edit_is_a_usage_error_and_writes_nothing(
    words_: list[str], said: str, case: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", str(case), *words_]) == 2
    assert said in capsys.readouterr().err
    assert not (case / "plan.yaml").exists()


def test_writers_of_one_folder_add_up(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    edit_file(path, "one", owner="A")
    edit_file(path, "two", owner="B")
    assert sorted(existing(path).actions) == ["one", "two"]
