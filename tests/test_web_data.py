"""Starting a case and bringing exports in over the web: nothing without a yes."""

import datetime as dt
import io
import re
import stat
from pathlib import Path

import pytest
from sqlalchemy import select
from web_fixture import AT, Visitor, Web, folder_of, quick_passwords, web, web_database

from salesdx.storage import schema, staged
from salesdx.storage.accounts import find_user, sees
from salesdx.storage.case_file import files_of, read_file_of, write_file_of
from salesdx.storage.opening import reading
from salesdx.storage.purging import purge
from salesdx.tables import TABLES
from salesdx.web.data_import import field_of, imports
from salesdx.workspace import new_case
from salesdx.workspace.new_case import proposed_id
from salesdx.workspace.uploads import safe_name

__all__ = ["quick_passwords", "web", "web_database"]
WON, LOST = "Успешно реализовано", "Закрыто и не реализовано"
HEAD = "Номер сделки;Дата создания;Этап;Бюджет;Ответственный;Телефон\n"
ROWS = "".join(
    f"{n};{n % 28 + 1:02}.01.2026;{WON if n % 3 else LOST};{n * 100};Анна;"
    f"+7 900 000-00-{n:02}\n"
    for n in range(1, 31)
)  # fmt: skip
DEALS = HEAD + ROWS + ";31.01.2026;Успешно реализовано;5;Анна;\n"
ODD = """Номер;Создано;Состояние
1;2026-01-05;Готово
2;2026-01-06;Слилось
3;2026-01-07;Думают
4;2026-01-08;Думают
"""


def send(visitor: Visitor, *files: tuple[str, str], case: str = "acme") -> str:
    """Send files and wait until they are read; gives the page's address."""
    sent = [(io.BytesIO(text.encode()), name) for name, text in files]
    return visitor.post(f"/cases/{case}/data/import", {"files": sent})


def done(web: Web, where: str) -> None:
    """Wait for what runs."""
    with web.app.app_context():
        imports().wait("acme", where.rsplit("/", 1)[1], 30)


def imported(web: Web, visitor: Visitor, where: str, **given: object) -> str:
    visitor.post(where, {"do": "import", **given})
    done(web, where)
    return visitor.get(where)


@pytest.mark.parametrize(("name", "case"), [
    ("ООО «Щука и Ёж»", "shchuka-i-ezh"), ("Café Zürich GmbH", "cafe-zurich"),
    ("!!!", "case"), ("Acme", "acme-2"), ("<script>../../x", "script-x"),
])  # fmt: skip
def test_an_id_is_proposed_out_of_a_name(web: Web, name: str, case: str) -> None:
    assert proposed_id(web.engine, name) == case


def test_a_new_case_belongs_to_whoever_made_it(web: Web) -> None:
    oleg = web.staff("oleg")
    wrong = oleg.post("/cases/new", {"name": "", "timezone": "Mars"}, 422)
    assert wrong.count('class="error"') == 3 and "Error:" in wrong
    said = {
        "name": "ООО «Ромашка»", "currency": "kzt", "timezone": "Asia/Almaty",
        "sales_model": "b2c",
    }  # fmt: skip
    assert oleg.post("/cases/new", said) == "/cases/romashka/data/import"
    company = web.desk.company("romashka")
    assert (company.currency, company.sales_model) == ("KZT", "b2c")
    user = find_user(web.engine, "oleg")
    assert user is not None and sees(web.engine, user, "romashka")
    assert "«Ромашка»" in oleg.get("/cases") and "romashka" in oleg.get("/cases")
    taken = oleg.post("/cases/new", {**said, "id": "romashka"}, 422)
    assert "already" in taken and "ООО «Ромашка»" in taken
    web.staff("vera").get("/cases/new", 403)


def test_a_trainer_may_look_around_in_the_demo_only(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def little(folder: Path, language: str) -> Path:  # the real one takes seconds
        return folder_of(folder, f"Demo in {language}")

    monkeypatch.setattr(new_case, "write_demo", little)
    timur = web.staff("timur")
    assert "/cases/new/demo" in timur.get("/cases")
    assert timur.post("/cases/new/demo") == "/cases/demo"
    assert timur.post("/cases/new/demo") == "/cases/demo-2"
    assert timur.get("/cases").count("Demo in en") == 2
    timur.post("/cases/new", {"name": "x"}, 403)


def test_an_export_comes_in_once_and_every_row_is_accounted_for(web: Web) -> None:
    anna = web.staff()
    where = send(anna, ("C:\\выгрузка\\../сделки №1.csv", DEALS))
    page = anna.get(where)
    assert "сделки №1.csv" in page and "..&#" not in page
    assert "Телефон" in page and "Left out: personal data" in page
    assert not files_of(web.engine, "acme", "data/")
    page = imported(web, anna, where)
    assert "The data are in" in page and "no value in deal_id" in page
    raw = read_file_of(web.engine, "acme", "data/deals.csv")
    assert raw is not None and raw.count(b"\n") == 31 and b"900 000" not in raw
    link = re.search(r"/cases/acme/data/rejects/[0-9a-f]+", page)
    assert link is not None
    answer = anna.http.get(link[0])
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "31.01.2026" in answer.text and "900" not in answer.text
    web.staff("oleg").get(link[0].replace("acme", "other"), 404)
    state = web.desk.version("acme")
    again = send(anna, ("другое имя.csv", DEALS))
    assert "as you confirmed before" in anna.get(again)
    assert "Nothing has changed" in imported(web, anna, again)
    assert web.desk.version("acme") == state


def test_what_only_a_person_knows_is_asked_and_answered(web: Web) -> None:
    anna = web.staff()
    where = send(anna, ("сделки.csv", ODD))
    upload = where.rsplit("/", 1)[1]
    with web.app.app_context():
        imports().wait("acme", upload, 30)
        found = imports().look("acme", upload, web.now)
    assert found is not None and found.plan is not None
    given: dict[str, object] = {}
    for q in found.plan.questions:
        codes = [c.code for c in q.choices]
        wanted = {"won-words": ["Готово"], "lost-words": ["Слилось"]}.get(
            q.kind, q.default
        )
        given[field_of(q)] = [str(codes.index(w)) for w in wanted if w in codes]
    page = imported(web, anna, where, **given)
    while "What only you can know" in page:  # an answer may raise another question
        page = imported(web, anna, where)
    assert "The data are in" in page
    raw = read_file_of(web.engine, "acme", "data/deals.csv")
    assert raw is not None and raw.count(b"open") == 2


def test_columns_are_corrected_by_hand(web: Web) -> None:
    anna = web.staff()
    where = send(anna, ("сделки.csv", DEALS))
    with web.app.app_context():
        imports().wait("acme", where.rsplit("/", 1)[1], 30)
        found = imports().look("acme", where.rsplit("/", 1)[1], web.now)
    assert found is not None and found.plan is not None
    page = anna.get(f"{where}/file/0")
    name = re.search(r'<label for="(q\w+)">Segment', page)
    assert name is not None
    options = re.findall(r'<option value="(\d+)"[^>]*>([^<]+)', page[name.end() :])
    number = next(n for n, title in options if title.startswith("Ответственный"))
    assert anna.post(f"{where}/file/0", {name[1]: number}) == where
    assert re.search(r"Segment</th><td[^>]*>Ответственный", anna.get(where))
    # a table that the file cannot be: told by the field, nothing lost
    table = re.search(r'<label for="(q\w+)">What is in this file', page)
    assert table is not None
    other = str(1 + list(TABLES).index("absences"))
    told = anna.post(f"{where}/file/0", {table[1]: other}, 422)
    assert 'aria-invalid="true"' in told
    anna.get(f"{where}/file/7", 404)


def test_bad_files_are_told_in_the_words_of_the_reader(web: Web) -> None:
    anna = web.staff()
    bad = ("<img src=x onerror=alert(1)>.csv", "<script>alert(1)</script>")
    where = send(anna, bad, ("x.zip", "PK\x03\x04 nothing"))
    page = anna.get(where)
    assert "could not be read" in page and "x.zip" in page
    assert "<script>alert" not in page and "<img" not in page.partition("<main")[2]
    assert "uploads" not in page  # no path of ours
    anna.post(where, {"do": "discard"})
    anna.get(where, 404)
    where = send(anna, bad, ("сделки.csv", DEALS))
    page = anna.get(where)
    assert "Is it read right?" in page and "cannot be read and is left out" in page
    assert "The data are in" in imported(web, anna, where)


def test_uploads_are_private_bounded_and_short_lived(web: Web) -> None:
    anna, oleg = web.staff(), web.staff("oleg")
    assert "Choose at least one" in anna.post("/cases/acme/data/import", {}, 422)
    where = send(anna, ("сделки.csv", DEALS))
    place = Path(str(web.engine.url.database) + ".uploads")
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    names = [p.name for p in place.rglob("*") if p.is_file()]
    assert not any("сделки" in name for name in names)
    oleg.get(where)  # a colleague on the same case
    oleg.get(where.replace("acme", "other"), 404)
    anna.get(where.replace("acme", "other"), 404)  # of another case
    anna.get("/cases/acme/data/import/..%2F..%2Fetc", 404)
    web.later(hours=25)
    anna = web.staff()
    anna.get(where, 404)
    anna.get("/cases/acme/data/import")
    assert not [p for p in place.rglob("*") if p.is_file()]
    for _ in range(10):
        send(anna, ("сделки.csv", ODD))
    sent = {"files": [(io.BytesIO(b"x"), "a.csv")]}
    anna.post("/cases/acme/data/import", sent, 429)


def test_a_purge_erases_what_waits(web: Web) -> None:
    anna = web.staff()
    where = send(anna, ("сделки.csv", DEALS))
    done(web, where)
    place = Path(str(web.engine.url.database) + ".uploads")
    assert [p for p in place.rglob("*") if p.is_file()]
    purge(web.engine, "acme", AT, "anna", "purpose")
    assert not [p for p in place.rglob("*") if p.is_file()]


def test_two_imports_at_once_lose_nothing(web: Web) -> None:
    anna = web.staff()
    where = send(anna, ("сделки.csv", DEALS))
    done(web, where)
    with web.app.app_context():
        import salesdx.workspace.importing as importing

        real = importing.run_import

        def slow(plan: object) -> object:
            # somebody else brings deals in while this import runs
            write_file_of(
                web.engine, "acme", "data/deals.csv", b"deal_id,status\n", None
            )
            return real(plan)  # type: ignore[arg-type]

        importing.run_import = slow  # type: ignore[assignment]
        try:
            page = imported(web, anna, where)
        finally:
            importing.run_import = real
    assert "Nothing was brought in" in page and "somebody else has changed" in page
    assert read_file_of(web.engine, "acme", "data/deals.csv") == b"deal_id,status\n"
    anna.post(where, {"do": "again"})
    done(web, where)
    assert "The data are in" in imported(web, anna, where)


def test_a_restart_keeps_what_was_sent_and_answered(web: Web) -> None:
    anna = web.staff()
    where = send(anna, ("сделки.csv", ODD))
    done(web, where)
    upload = where.rsplit("/", 1)[1]
    with web.app.app_context():
        anna.post(where, {"do": "check"})
        imports()._plans.clear()
    found = staged.find(web.engine, "acme", upload, web.now)
    assert found is not None
    assert "Is it read right?" in anna.get(where)


def test_data_are_deleted_only_when_meant(web: Web) -> None:
    anna = web.staff()
    assert "Data" in anna.get("/cases/acme/data")
    where = send(anna, ("сделки.csv", DEALS))
    done(web, where)
    imported(web, anna, where)
    page = anna.get("/cases/acme/data/delete")
    table = re.search(r'name="tables" value="(\w+)"', page)
    assert table is not None
    anna.post("/cases/acme/data/delete", {"tables": table[1]}, 422)
    assert files_of(web.engine, "acme", "data/")
    sure = {"tables": table[1], "sure": "yes", "mapping": "yes"}
    assert anna.post("/cases/acme/data/delete", sure) == "/cases/acme/data?done=deleted"
    assert not files_of(web.engine, "acme", "data/")
    assert read_file_of(web.engine, "acme", "mapping.yaml") is None
    with reading(web.engine) as connection:
        c = schema.events.c
        told = connection.execute(select(c.action, c.actor)).all()
    assert ("imported", "anna") in told and ("data-deleted", "anna") in told
    web.staff("vera").get("/cases/acme/data/delete", 403)


def test_a_table_that_cannot_be_read_leaves_the_page_that_mends_it(web: Web) -> None:
    write_file_of(web.engine, "acme", "data/deals.csv", b"a,b\n1,2\n", None)
    page = web.staff(lang="ru").get("/cases/acme/data")
    assert "Данные не читаются" in page and "/data/delete" in page


@pytest.mark.parametrize(("name", "safe"), [
    ("../../etc/passwd", "passwd"), ("a\x00b\r\n.csv", "a_b__.csv"), ("..", "file"),
    ("C:\\x\\" + "я" * 300 + ".xlsx", "я" * 95 + ".xlsx"), ("=cmd|x.csv", "=cmd_x.csv"),
])  # fmt: skip
def test_names_of_files_are_made_harmless(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_old_uploads_go_by_the_clock(web: Web) -> None:
    found = staged.begin(web.engine, "acme", "anna", web.now)
    assert staged.sweep(web.engine, web.now) == 0
    assert staged.sweep(web.engine, web.now + dt.timedelta(hours=25)) == 1
    assert not found.folder.exists()
