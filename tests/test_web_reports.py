"""Reports over HTTP: what is sent, under which name, and to whom."""

import base64
import hashlib
import html
import io
import re
import zipfile
from pathlib import Path
from urllib.parse import unquote

import openpyxl
import pytest
import render_fixture as made
from test_web_findings import seen, shown
from web_fixture import Web, quick_passwords, web_database

from salesdx.render import FORMATS, render
from salesdx.render.look_folder.example import write_example
from salesdx.render.look_folder.loading import load_look
from salesdx.storage.tries import try_once
from salesdx.web.headers import CSP
from salesdx.web.limits import PRINTING

__all__ = ["quick_passwords", "seen", "web_database"]
FILE = "/cases/acme/reports/file"
BEGINS = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "html": b"<!doctype html>",
          "json": b"{", "md": b"#"}  # fmt: skip


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_format_is_sent_as_what_it_is(seen: Web, fmt: str) -> None:
    visitor = seen.staff()
    answer = visitor.http.get(f"{FILE}?format={fmt}&lang=ru&audience=owner")
    assert answer.status_code == 200
    assert answer.content_type == FORMATS[fmt].media_type
    assert answer.data.startswith(BEGINS[fmt])
    plain, _, named = answer.headers["Content-Disposition"].partition("; filename*=")
    assert plain == f'attachment; filename="report-owner-ru{FORMATS[fmt].suffix}"'
    name = unquote(named.removeprefix("UTF-8''"))
    assert name == f"ООО-Акме-report-owner-ru{FORMATS[fmt].suffix}"


def test_what_is_not_there_is_not_found(seen: Web) -> None:
    visitor = seen.staff("oleg")
    visitor.get(f"{FILE}?format=exe", 404)
    visitor.get(FILE, 404)
    visitor.get("/cases/acme/reports/worksheets?format=xlsx", 404)
    for path in ("", "/file?format=pdf", "/read", "/worksheets"):
        visitor.get(f"/cases/other/reports{path}", 404)
        away = seen.client().http.get(f"/cases/acme/reports{path}")
        assert away.headers["Location"].startswith("/sign-in")


def test_a_report_in_the_browser_is_apart_and_weakens_nothing(seen: Web) -> None:
    visitor = seen.staff()
    answer = visitor.http.get("/cases/acme/reports/read?lang=ru&audience=team")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox") and "'sha256-" in policy
    for loose in ("allow-scripts", "allow-same-origin", "unsafe-inline", "script-src"):
        assert loose not in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert 'lang="ru"' in answer.text
    page = visitor.http.get("/cases/acme/reports")
    assert page.headers["Content-Security-Policy"] == CSP


def test_names_are_letters_where_that_was_asked(seen: Web) -> None:
    visitor = seen.staff()
    with shown(seen, made.rich()):
        whole = visitor.http.get(f"{FILE}?format=md&lang=en").text
        hidden = visitor.http.get(f"{FILE}?format=md&lang=en&anonymise=yes").text
    manager = next(c.slice["manager"] for c in made.rich().causes if c.slice)
    assert manager in whole and manager not in hidden


def test_worksheets_come_in_one_archive(seen: Web) -> None:
    visitor, document = seen.staff(), made.rich()
    sheet = next(iter(seen.desk.knowledge.worksheets))
    plan = [a.model_copy(update={"worksheet": sheet}) for a in document.plan]
    with shown(seen, document.model_copy(update={"plan": plan})):
        assert "Download the worksheets" in visitor.get("/cases/acme/reports")
        answer = visitor.http.get("/cases/acme/reports/worksheets?format=md&lang=en")
    assert answer.content_type == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert f"{sheet}-en.md" in packed.namelist()


def test_printing_has_a_limit_and_reading_none(seen: Web) -> None:
    visitor = seen.staff("vera")
    for _ in range(PRINTING.most - 1):
        assert try_once(seen.engine, PRINTING, "vera", seen.now)
    with shown(seen, made.empty()):
        assert visitor.http.get(f"{FILE}?format=xlsx").status_code == 200
        visitor.get(f"{FILE}?format=xlsx", 429)
        visitor.get("/cases/acme/reports/read")
        assert visitor.http.get(f"{FILE}?format=json").status_code == 200


def test_a_large_sheet_has_every_row_and_no_formula() -> None:
    document = made.rich()
    many = [m.model_copy(update={"slice": {"manager": f"=M{i}"}})
            for i in range(300) for m in document.metrics[:1]]  # fmt: skip
    document = document.model_copy(update={"metrics": many})
    book = openpyxl.load_workbook(io.BytesIO(render(document, "xlsx", "en")))
    rows = list(book["Metrics"].iter_rows())
    assert len(rows) == 301 and rows[0][0].value == "Figure"
    assert "f" not in {c.data_type for row in rows for c in row}


def test_a_server_hands_out_what_it_prints_in_its_look(
    seen: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_example(tmp_path / "ours", "en")
    monkeypatch.setattr(seen.desk, "look", load_look(tmp_path / "ours"))
    visitor = seen.staff()
    answer = visitor.http.get("/cases/acme/reports/read?lang=en")
    page = html.unescape(answer.text)
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    assert style and "--head: #0c4a4a" in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert "Beacon Consulting" in page
    packed = visitor.http.get("/cases/acme/reports/worksheets?format=md&lang=en").data
    with zipfile.ZipFile(io.BytesIO(packed)) as sheets:
        assert "first-meeting-en.md" in sheets.namelist()
