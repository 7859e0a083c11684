"""What an attacker would try first, and what must never leave the server."""

import logging
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from web_fixture import NOW, PASSWORD, Web, quick_passwords, web, web_database

from salesdx.access.tokens import form_token
from salesdx.cli.served import log_to, server_of
from salesdx.storage import schema, sessions, tries
from salesdx.storage.backup import back_up
from salesdx.storage.backup_file import opened
from salesdx.storage.opening import reading
from salesdx.storage.restoring import restore
from salesdx.storage.upgrading import open_database
from salesdx.web.app import create_app
from salesdx.web.hosts import link_to
from salesdx.web.limits import address
from salesdx.web.settings import Settings

__all__ = ["quick_passwords", "web", "web_database"]
PUBLIC = "https://sdx.example.com"


def behind(web: Web, public: str) -> Flask:
    """The same server, reached from outside by an address."""
    settings = Settings(public.startswith("https:"), public, patience=60)
    return create_app(web.desk, settings, lambda: web.now)


def test_cookies_of_a_secure_server_go_no_other_way(web: Web) -> None:
    app = behind(web, PUBLIC)
    data = {"name": "anna", "password": PASSWORD}
    answer = app.test_client().post("/sign-in", data=data, base_url=PUBLIC)
    cookies = answer.headers.getlist("Set-Cookie")
    assert sorted(c.partition("=")[0] for c in cookies) == [
        "__Host-salesdx", "__Host-salesdx-device",
    ]  # fmt: skip
    for cookie in cookies:
        for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert flag in cookie
        assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"]


NAMES = {
    "": {
        "localhost": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200,
        "evil.example": 421, "localhost.evil.example": 421, "127.0.0.1.nip.io": 421,
        "192.168.1.5:8080": 421,
    },
    PUBLIC: {
        "sdx.example.com": 200, "SDX.example.com": 200, "127.0.0.1:8080": 200,
        "evil.example": 421,
    },
    "http://10.0.0.5:8080": {"10.0.0.5:8080": 200, "10.0.0.5:9090": 421},
}  # fmt: skip


def test_only_names_of_this_server_are_answered(web: Web) -> None:
    for public, names in NAMES.items():
        client = behind(web, public).test_client()
        for host, status in names.items():
            for path in ("/sign-in", "/static/salesdx.css"):
                answer = client.get(path, headers={"Host": host}, buffered=True)
                assert answer.status_code == status, (public, host)
    assert (
        PUBLIC in behind(web, PUBLIC).test_client().get("/", base_url="http://e").text
    )


def test_links_never_bear_a_name_that_a_request_brought(web: Web) -> None:
    with behind(web, PUBLIC).test_request_context(headers={"Host": "evil.example"}):
        assert link_to("/x") == f"{PUBLIC}/x"
    with behind(web, "").test_request_context(headers={"Host": "localhost:8080"}):
        assert link_to("/x") == "http://localhost:8080/x"


FORMS: tuple[tuple[dict[str, str], int], ...] = (
    ({}, 303),
    ({"Sec-Fetch-Site": "same-origin"}, 303),
    ({"Sec-Fetch-Site": "none"}, 303),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Origin": "http://localhost"}, 303),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Origin": "http://localhost.evil.example"}, 403),
    ({"Authorization": "Bearer x", "Sec-Fetch-Site": "cross-site"}, 403),
    ({"X-HTTP-Method-Override": "GET", "Sec-Fetch-Site": "cross-site"}, 403),
)


def test_forms_of_other_sites_are_refused(web: Web) -> None:
    for headers, status in FORMS:
        client = web.app.test_client()
        session = sessions.begin(web.engine, web.now, user="anna")
        client.set_cookie("salesdx", session)
        data = {"form_token": form_token(session)}
        answer = client.post("/sign-out", data=data, headers=headers)
        assert answer.status_code == status, headers


def test_a_form_of_another_session_is_refused(web: Web) -> None:
    theirs = form_token(sessions.begin(web.engine, web.now, user="vera"))
    for token in ("", theirs, "ы"):
        data = {"form_token": token}
        assert web.staff().http.post("/sign-out", data=data).status_code == 403


def test_every_answer_has_the_headers(web: Web) -> None:
    for path in ("/sign-in", "/nowhere", "/cases", "/api/v1/cases", "/static/icon.svg"):
        answer = web.client().http.get(path, buffered=True)
        assert answer.headers["Content-Security-Policy"].startswith(
            "default-src 'none'"
        )
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        cached = "public" in answer.headers["Cache-Control"]
        assert cached == path.startswith("/static")


def test_too_much_at_once_is_refused(web: Web) -> None:
    big = {"name": "x" * 70_000, "password": "y"}
    answer = web.client().http.post("/sign-in", data=big)
    assert answer.status_code == 413 and "too large" in answer.text
    many = {f"f{n}": "x" for n in range(700)}
    answer = web.client().http.post(
        "/sign-in", data=many, content_type="multipart/form-data"
    )
    assert answer.status_code == 413


def test_limits_outlive_a_restart(web: Web) -> None:
    for _ in range(5):
        web.client().http.post("/sign-in", data={"name": "anna", "password": "wrong"})
    again = behind(web, "")
    data = {"name": "anna", "password": PASSWORD}
    assert again.test_client().post("/sign-in", data=data).status_code == 429


def test_a_restored_backup_lets_nobody_in_by_what_was_open(
    web: Web, tmp_path: Path
) -> None:
    visitor = web.staff()
    copy, target = tmp_path / "copy.zip", str(tmp_path / "new.db")
    back_up(web.engine, copy, NOW)
    engine = open_database(target)
    with opened(copy) as file:
        restore(engine, file, NOW, "test")
    with reading(engine) as connection:
        for table in schema.PASSING:
            count = connection.execute(select(func.count()).select_from(table))
            assert count.scalar_one() == 0
    assert sessions.find(engine, visitor.session, web.now) is None
    engine.dispose()


MARKER = "CANARY7391"


def test_nothing_that_was_typed_is_ever_logged(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = StringIO()
    names = ("salesdx.access", "salesdx.web", "waitress")
    kept = [(logging.getLogger(n), logging.getLogger(n).handlers) for n in names]
    log_to(out)
    monkeypatch.setattr(sys, "stderr", out)
    monkeypatch.setattr("salesdx.workspace.knowledge_shelf.build", lambda *_, **__: ())
    visitor = web.staff()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(MARKER, visitor.session)

    marked = {"name": MARKER, "password": MARKER, "old": MARKER, "new": MARKER,
              "again": MARKER, "title": MARKER, "days": MARKER, "back": f"/{MARKER}",
              "to": MARKER}  # fmt: skip
    secret = {"Authorization": f"Bearer {MARKER}", "User-Agent": MARKER,
              "Referer": f"http://localhost/{MARKER}", "From": MARKER}  # fmt: skip
    for rule in list(web.app.url_map.iter_rules()):
        path = re.sub(r"<[^>]+>", MARKER, rule.rule)
        for method in rule.methods or ():
            data = {**marked, "form_token": form_token(visitor.session)}
            if rule.endpoint == "account.sign_out":
                continue
            query = {"x": MARKER} if method == "GET" else None
            visitor.http.open(
                path, method=method, headers=secret, query_string=query,
                data=None if method == "GET" else data, buffered=True,
            )  # fmt: skip
    monkeypatch.setattr("salesdx.web.own_account.sessions.places_of", fail)
    page = visitor.get("/account", 500)
    monkeypatch.setattr("salesdx.web.faults.page", fail)  # even the page of the fault
    worse = visitor.get("/account", 500)
    monkeypatch.setattr("salesdx.web.guard.calling.recognised", fail)
    visitor.get("/account", 500)
    logging.getLogger("waitress").warning("of %s", MARKER)
    try:
        fail()
    except RuntimeError:
        logging.getLogger("waitress").exception("while serving %s", MARKER)
    for logger, handlers in kept:
        logger.handlers = handlers
        logger.propagate = True
    told = out.getvalue()
    assert MARKER not in told and MARKER not in page + worse
    assert visitor.session not in told
    assert "Traceback" not in told + page + worse
    assert "RuntimeError at " in told and " GET /account 500 " in told
    assert " GET /cases/<case> 404 " in told and told.count(" anna\n") > 5


@contextmanager
def listening(app: Flask, proxy: str | None) -> Iterator[int]:
    """The server as it runs, on a port of this machine."""
    server = server_of(
        app, "127.0.0.1", 0, secure=True, proxy=proxy, largest=1 << 20
    )  # fmt: skip
    over = threading.Event()

    def run() -> None:
        while not over.is_set():
            server.asyncore.loop(timeout=0.05, map=server._map, count=1)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        over.set()
        thread.join(5)
        server.task_dispatcher.shutdown(timeout=1)
        server.close()


def asked(port: int, raw: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 5) as connection:
        connection.sendall(raw)
        found = b""
        with suppress(ConnectionResetError):  # it did not care to read all
            while part := connection.recv(65_536):
                found += part
        return found


def request(*headers: str, path: str = "/address") -> bytes:
    lines = (f"GET {path} HTTP/1.1", "Host: sdx.example.com", "Connection: close")
    return "\r\n".join([*lines, *headers, "", ""]).encode()


@pytest.mark.parametrize(
    ("proxy", "seen"),
    [("127.0.0.1", b"198.51.100.9 https"), ("10.0.0.1", b"127.0.0.1 https"),
     (None, b"127.0.0.1 https")],
)  # fmt: skip
def test_only_the_trusted_proxy_says_who_called(proxy: str | None, seen: bytes) -> None:
    app = Flask("x")
    app.add_url_rule("/address", view_func=lambda: f"{address()} {flask_scheme()}")
    claimed = "X-Forwarded-For: 203.0.113.1, 198.51.100.9", "X-Forwarded-Proto: https"
    with listening(app, proxy) as port:
        assert asked(port, request(*claimed)).endswith(seen)


def flask_scheme() -> str:
    from flask import request as current

    return current.scheme


def test_requests_that_could_be_read_two_ways_are_refused() -> None:
    app = Flask("x")
    app.add_url_rule("/address", view_func=lambda: "in", methods=["GET", "POST"])
    with listening(app, None) as port:
        answer = asked(port, request("Transfer-Encoding: xchunked"))
        assert b" 501 " in answer.partition(b"\r\n")[0]
        answer = asked(port, request("Content-Length: 5", "Content-Length: 6"))
        assert b" 400 " in answer.partition(b"\r\n")[0]
        answer = asked(port, request(f"X-Long: {'x' * 40_000}"))
        assert b" 200 " not in answer
        assert b"waitress" not in asked(port, request()).lower()


def test_tries_that_are_over_are_not_waited_for(web: Web) -> None:
    few = tries.Limit("few", 2, 60)
    assert tries.wait_for(web.engine, few, "x", web.now) == 0
    for _ in range(2):
        assert tries.try_once(web.engine, few, "x", web.now)
    assert not tries.try_once(web.engine, few, "x", web.now)
    web.later(seconds=30)
    assert tries.wait_for(web.engine, few, "x", web.now) == 31
    web.later(seconds=31)
    assert tries.wait_for(web.engine, few, "x", web.now) == 0
