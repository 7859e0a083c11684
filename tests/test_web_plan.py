"""The plan on the web: seen by whom, edited, never lost, taken along."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from plan_case import add_shop, file_of, told
from render_fixture import rich
from web_fixture import AT, Visitor, Web, quick_passwords, web, web_database

from salesdx.analysis import judge, replanned
from salesdx.plan_edits import Edit, EditFile, applied, parsed
from salesdx.render.plan_files.steps import plan_on
from salesdx.storage.accounts import grant
from salesdx.storage.case_file import write_file_of
from salesdx.workspace import plan_editing
from salesdx.workspace.plan_editing import Change, StaleEditError, change, mark_of

__all__ = ["quick_passwords", "web", "web_database"]
FIRST, SECOND = "weekly-monitoring", "build-loss-map"
DAY = dt.date(2026, 11, 27)


@pytest.fixture
def anna(web: Web, tmp_path: Path) -> Iterator[Visitor]:
    """A consultant before the case `shop`."""
    add_shop(web, tmp_path)
    yield web.staff("anna")


def edits(web: Web) -> dict[str, Edit]:
    return parsed(file_of(web, "plan.yaml")).actions


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page)
    assert found
    return found[1]


def form(**given: str) -> dict[str, str]:
    fields = dict.fromkeys(("owner", "start", "due", "done", "note"), "")
    return {**fields, "do": "save", **given}


def at(action: str = FIRST) -> str:
    return f"/cases/shop/plan/{action}"


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_every_page_says_it_in_both_languages(anna: Visitor, lang: str) -> None:
    anna.lang = lang
    page = anna.get("/cases/shop/plan")
    assert {"en": "Plan for ninety days", "ru": "План на 90 дней"}[lang] in page
    assert "<svg" in page and 'id="weekly-monitoring"' in page
    one = anna.get(at())
    assert {"en": "How to do it", "ru": "Как сделать"}[lang] in one
    assert '<option value="Анна Климова">' in one  # who was asked is offered


def test_what_was_set_is_shown_kept_and_told_without_its_texts(
    anna: Visitor, web: Web
) -> None:
    version = web.desk.version("shop")
    given = form(owner=" Пётр ", due="2026-12-01", note="<script>alert(1)</script>")
    assert anna.post(at(), given) == f"{at()}?saved=1"
    assert edits(web) == {
        FIRST: Edit(owner="Пётр", due=dt.date(2026, 12, 1), note=given["note"])
    }
    page = anna.get("/cases/shop/plan")
    assert "Пётр" in page and "1 Dec 2026" in page and "<script>alert" not in page
    assert told(web, "plan-edited") == [{"action": FIRST, "fields": "owner+due+note"}]
    # a plan is no figure: nothing is measured again
    assert web.desk.version("shop") == version


def test_nothing_new_writes_nothing(anna: Visitor, web: Web) -> None:
    anna.post(at(), form(owner="Пётр"))
    anna.post(at(), form(owner="Пётр"))
    assert len(told(web, "plan-edited")) == 1


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"due": "2026-01-01"}, "due", "before the day of the diagnosis"),
        ({"done": "2027-01-01"}, "done", "yet to come"),
        ({"start": "soon"}, "start", "must be a date"),
        ({"note": "a\u202eb"}, "note", "cannot be seen"),
    ],
)
def test_a_fault_stands_by_its_field_and_values_stay(
    anna: Visitor, web: Web, given: dict[str, str], field: str, message: str
) -> None:
    page = anna.post(at(), form(owner="Пётр", **given), 422)
    assert "<title>Error:" in page and 'role="alert"' in page
    assert f'href="#{field}"' in page and message in page
    assert f'id="{field}-error"' in page and 'value="Пётр"' in page
    assert not edits(web)


def test_dropping_needs_a_reason_and_can_be_taken_back(anna: Visitor, web: Web) -> None:
    assert "Say why" in anna.post(at(), {"do": "drop", "dropped": " "}, 422)
    anna.post(at(), {"do": "drop", "dropped": "Нет смысла"})
    assert edits(web)[FIRST].dropped == "Нет смысла"
    assert "Нет смысла" in anna.get("/cases/shop/plan?state=dropped")
    anna.post(at(), {"do": "back"})
    assert not edits(web)


def test_done_from_the_list_leads_back_to_it_and_only_once(
    anna: Visitor, web: Web
) -> None:
    back = "/cases/shop/plan?state=left"
    assert anna.post(f"{at()}/done", {"back": back}) == back
    assert edits(web)[FIRST].done == DAY
    web.later(hours=7, minutes=50)
    anna.get(back)
    web.later(hours=7)  # another day
    anna.post(f"{at()}/done", {"back": "https://evil.example/"})
    assert edits(web)[FIRST].done == DAY  # the first day stands
    assert f'id="{FIRST}"' not in anna.get(back)


def test_who_saw_less_is_told_and_loses_nothing(anna: Visitor, web: Web) -> None:
    mark = seen(anna.get(at()))
    anna.post(at(), form(owner="Пётр", seen=mark))
    page = anna.post(at(), form(owner="Олег", seen=mark), 409)
    assert "Somebody else has changed" in page
    assert "Пётр" in page and 'value="Олег"' in page
    assert edits(web)[FIRST].owner == "Пётр"
    # having read it, one may put one's own in its place
    anna.post(at(), form(owner="Олег", seen=seen(page)))
    assert edits(web)[FIRST].owner == "Олег"


def test_edits_of_two_actions_at_one_moment_both_stay(
    anna: Visitor, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = Change(actor="oleg", at="2026-11-27T12:00:00Z", today=DAY)
    met = []

    def meanwhile(*args: Any, **more: Any) -> None:
        if not met:
            met.append(1)
            change(web.engine, "shop", SECOND, how, {"owner": "Олег"})
        write_file_of(*args, **more)

    monkeypatch.setattr(plan_editing, "write_file_of", meanwhile)
    anna.post(at(), form(owner="Пётр", seen=seen(anna.get(at()))))
    assert {i: e.owner for i, e in edits(web).items()} == {
        FIRST: "Пётр", SECOND: "Олег"
    }  # fmt: skip


def test_the_same_action_at_one_moment_is_a_conflict(
    anna: Visitor, web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = Change(
        actor="oleg", at="2026-11-27T12:00:00Z", today=DAY, seen=mark_of(Edit())
    )
    met = []

    def meanwhile(*args: Any, **more: Any) -> None:
        if not met:
            met.append(1)
            change(web.engine, "shop", FIRST, how, {"owner": "Олег"})
        write_file_of(*args, **more)

    monkeypatch.setattr(plan_editing, "write_file_of", meanwhile)
    with pytest.raises(StaleEditError) as fault:
        change(web.engine, "shop", FIRST, how, {"owner": "Пётр"})
    assert fault.value.now.owner == "Олег"


def test_who_may_only_look_changes_nothing(web: Web, anna: Visitor) -> None:
    vera = web.staff("vera")
    vera.get(at(), 404)  # not a case of hers
    grant(web.engine, "shop", "vera", AT, "test")
    vera.post(at(), form(owner="Вера"), 403)
    vera.post(f"{at()}/done", {}, 403)
    for page in (at(), "/cases/shop/plan"):
        assert 'method="post"' not in vera.get(page).partition("<main")[2]
    anna.get(at("no-such-action"), 404)


def test_the_list_is_of_one_owner_by_role_or_name(anna: Visitor, web: Web) -> None:
    anna.post(at(), form(owner="Анна"))  # what anna is called
    everything = anna.get("/cases/shop/plan")
    assert "Only mine" in everything
    mine = anna.get("/cases/shop/plan?owner=анна&state=left")
    assert f'id="{FIRST}"' in mine and f'id="{SECOND}"' not in mine
    assert "No action of this kind" in anna.get("/cases/shop/plan?owner=nobody")


def test_a_day_that_has_passed_is_overdue_for_the_reader(
    anna: Visitor, web: Web
) -> None:
    anna.post(at(), form(due="2026-11-27"))
    row = f'id="{FIRST}"'
    assert row not in anna.get("/cases/shop/plan?state=overdue")
    web.later(hours=7)
    anna.get("/cases/shop/plan")  # stay signed in
    web.later(hours=3)  # it is tomorrow in Moscow
    assert row in anna.get("/cases/shop/plan?state=overdue")


def test_what_left_the_plan_keeps_its_notes(anna: Visitor, web: Web) -> None:
    text = 'format: 1\nactions:\n  coach-manager:\n    note: "Ждём"\n'
    write_file_of(web.engine, "shop", "plan.yaml", text.encode(), None)
    assert "Ждём" in anna.get("/cases/shop/plan")
    assert "not in the plan any more" in anna.get(at("coach-manager"))


def test_the_table_runs_no_formula_and_is_the_same_twice(
    anna: Visitor, web: Web
) -> None:
    anna.post(at(), form(owner='=HYPERLINK("x")', note="+1", due="2026-12-01"))
    answer = anna.http.get("/cases/shop/plan.csv?state=left")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data == anna.http.get("/cases/shop/plan.csv?state=left").data
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    row = next(r for r in rows if r["Id"] == FIRST)
    assert row["Assignee"] == '\'=HYPERLINK("x")' and row["Note"] == "'+1"
    assert row["Due date"] == "2026-12-01" and row["Due date agreed"] == "yes"
    assert all(r["Due date"] for r in rows)
    hidden = anna.http.get("/cases/shop/plan.csv?anonymise=yes").data.decode()
    assert "HYPERLINK" not in hidden and "head of sales" in hidden.casefold()


def test_the_calendar_holds_due_days_rhythms_and_days_to_look(
    anna: Visitor, web: Web
) -> None:
    anna.post(at(), form(owner="Пётр; Олег", due="2026-12-01", note="строка\nвторая"))
    anna.post(at(SECOND), {"do": "drop", "dropped": "нет"})
    data = anna.http.get("/cases/shop/plan.ics").data
    assert data == anna.http.get("/cases/shop/plan.ics").data
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.endswith(b"END:VCALENDAR\r\n")
    calendar = Calendar.from_ical(data)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    found = calendar.walk("VEVENT")
    assert len({e["UID"] for e in found}) == len(found) >= 4
    assert all("DTSTAMP" in e and "DTSTART" in e for e in found)
    due = dt.date(2026, 12, 1)
    first = next(e for e in found if e.decoded("DTSTART") == due)
    rounds = [e for e in found if "RRULE" in e and e["SUMMARY"] == first["SUMMARY"]]
    assert [e.decoded("DTSTART") - due for e in rounds] == [dt.timedelta(days=7)]
    assert dict(rounds[0]["RRULE"]) == {"FREQ": ["WEEKLY"]}
    assert first.decoded("DTEND") == dt.date(2026, 12, 2)
    assert "Пётр; Олег" in first["DESCRIPTION"] and "вторая" in first["DESCRIPTION"]
    assert sum(e["STATUS"] == "CANCELLED" for e in found) == 1


def test_a_worksheet_is_filled_with_what_was_set(anna: Visitor, web: Web) -> None:
    page = anna.get(at(SECOND))
    found = re.search(r'href="([^"]+\.md)"', page)
    assert found, "this action has a worksheet"
    anna.post(at(SECOND), form(owner="Пётр Орлов", due="2026-12-01"))
    text = anna.http.get(found[1]).data.decode()
    assert "Лавка" in text and "Пётр Орлов" in text and "1\u00a0Dec\u00a02026" in text
    anna.get(found[1].replace(".md", ".exe"), 404)
    anna.get(at(SECOND) + "/sheets/no-such-sheet.md", 404)
    assert anna.http.get(found[1].replace(".md", ".docx")).data[:2] == b"PK"
    assert anna.http.get(found[1].replace(".md", ".pdf")).data[:4] == b"%PDF"


def test_edits_laid_over_are_edits_judged(web: Web, anna: Visitor) -> None:
    anna.get("/cases/shop/plan")
    measured = web.desk.measured("shop")
    log = web.desk.answers("shop").load(measured.knowledge)
    bare = judge(measured, log, EditFile(), executor="reference")
    gone = {
        "coach-manager": Edit(note="a"),
        FIRST: Edit(done=DAY),
        SECOND: Edit(owner="b"),
    }
    file = EditFile(actions=gone)
    whole = judge(measured, log, file, executor="reference").document
    assert replanned(bare, file).document.to_json() == whole.to_json()
    assert replanned(bare, EditFile()).document.to_json() == bare.document.to_json()


def test_a_day_that_was_set_moves_the_one_that_was_not() -> None:
    document = rich()
    action = document.plan[0]
    zero = dt.date(2026, 6, 30)

    def step(edit: Edit) -> Any:
        plan = applied(document.plan, EditFile(actions={action.id: edit}), zero)
        return plan_on(document.model_copy(update={"plan": plan}), zero).steps[0]

    bare = step(Edit())
    assert not bare.agreed and (bare.due - bare.start).days == action.days
    later = step(Edit(start=dt.date(2026, 9, 1)))
    assert later.due == dt.date(2026, 9, 1) + dt.timedelta(days=action.days)
    assert later.horizon in (90, 0) and not later.agreed
    sooner = step(Edit(due=zero))
    assert sooner.agreed and sooner.start <= sooner.due == zero
