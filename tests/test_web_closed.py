"""A closed case stays as it is: it is read, and nothing in it is changed."""

import datetime as dt
from collections.abc import Callable

import pytest
from web_fixture import Web, quick_passwords, web, web_database

from salesdx.errors import DataError
from salesdx.storage.case_file import files_of, read_file_of, write_file_of
from salesdx.storage.checkout import checked_out
from salesdx.storage.events import Event, events
from salesdx.storage.opening import reading
from salesdx.storage.retention import close, reopen
from salesdx.workspace import plan_editing, saved_runs
from salesdx.workspace.company_edits import edit_company, read_company
from salesdx.workspace.plan_editing import Change

__all__ = ["quick_passwords", "web", "web_database"]
AT = "2026-11-27T12:00:00Z"
HOW = Change("anna", AT, dt.date(2026, 11, 27))


def log_of(web: Web) -> list[Event]:
    with reading(web.engine) as connection:
        return list(events(connection, "acme"))


def in_folder(web: Web) -> None:
    with checked_out(web.engine, "acme") as folder:
        (folder / "data").mkdir(exist_ok=True)
        (folder / "data" / "deals.csv").write_text("deal_id\n1\n")


CHANGES: dict[str, Callable[[Web], object]] = {
    "plan": lambda w: plan_editing.change(
        w.engine, "acme", "find-deadline", HOW, {"note": "x"}
    ),
    "run": lambda w: saved_runs.save(
        w.engine, "acme", w.desk.analysis("acme").document, actor="anna", at=AT
    ),
    "company": lambda w: edit_company(
        w.engine, "acme", {"currency": "EUR"}, read_company(w.engine, "acme")[1],
        "anna", AT,
    ),
    "import": in_folder,
    "link": lambda w: w.link(),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_closed_case_takes_no_changes_and_an_open_one_does(
    web: Web, what: str
) -> None:
    close(web.engine, "acme", AT, "anna")
    before, held = log_of(web), files_of(web.engine, "acme", "")
    with pytest.raises(DataError, match="closed and stays as it is"):
        CHANGES[what](web)
    assert log_of(web) == before and files_of(web.engine, "acme", "") == held
    with checked_out(web.engine, "acme"):
        pass  # to read it is no change
    reopen(web.engine, "acme", AT, "anna")
    CHANGES[what](web)


def test_pages_of_a_closed_case_show_no_forms(web: Web) -> None:
    visitor = web.staff()
    paths = {
        "/cases/acme/people": "/people/invite", "/cases/acme/data": "/data/import",
        "/cases/acme/runs": 'action="/cases/acme/runs"',
        "/cases/acme/interview": 'method="post" action="/cases/acme/interview"',
        "/cases/acme/funnel": 'value="save">Save', "/cases/acme/data/import": "files",
    }  # fmt: skip
    shown = {path: visitor.get(path) for path in paths}
    assert [p for p, form in paths.items() if form not in shown[p]] == []
    visitor.post("/cases/acme/close")
    for path, form in paths.items():
        page = visitor.get(path)
        assert form not in page or path.endswith("import"), path
        assert "Closed on 27 Nov 2026" in page, path
    assert 'type="file"' not in visitor.get("/cases/acme/data/import")
    assert "closed and stays" in visitor.post("/cases/acme/runs", status=422)
    assert "reopen" in visitor.get("/cases/acme")
    assert "/people/erase?who=owner" in visitor.get("/cases/acme/people")


def test_a_file_and_its_event_are_written_both_or_none(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = web.desk.analysis("acme").document

    def fails(*_: object) -> None:
        raise RuntimeError("killed")

    before = log_of(web)
    for module in (plan_editing, saved_runs):
        monkeypatch.setattr(module, "record", fails)
    with pytest.raises(RuntimeError):
        CHANGES["plan"](web)
    with pytest.raises(RuntimeError):
        saved_runs.save(web.engine, "acme", document, actor="anna", at=AT)
    assert read_file_of(web.engine, "acme", "plan.yaml") is None
    assert files_of(web.engine, "acme", "results/") == [] and log_of(web) == before


def test_a_judgement_at_hand_knows_todays_plan(web: Web) -> None:
    web.desk._judged.clear()  # others have judged it
    assert web.desk.at_hand("acme") is None
    found = web.desk.analysis("acme")
    assert web.desk.at_hand("acme") is found
    write_file_of(
        web.engine, "acme", "plan.yaml",
        b"format: 1\nactions:\n  gone-action: {owner: Ann}\n", None,
    )  # fmt: skip
    now = web.desk.at_hand("acme")
    assert now is not None and now is web.desk.analysis("acme")
    assert "gone-action" in str(now.document.past_actions)
    assert "gone-action" not in str(found.document.past_actions)
