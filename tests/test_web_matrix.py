"""Who gets in where: every route, every method, every kind of caller.

The routes are read from the server. Each has a row in ROWS, one line an endpoint; a
route without one fails. Whoever must not get in calls the real page; of those who may
one of each kind does, for the others it is enough that the door opens.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pytest
from flask import Flask, make_response
from web_fixture import Web, quick_passwords, web, web_database
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from salesdx.access.roles import ROLES, Action, may
from salesdx.access.tokens import form_token
from salesdx.storage import accounts, api_tokens, links, sessions
from salesdx.web import faults, guard
from salesdx.web.guard import need_of

__all__ = ["quick_passwords", "web", "web_database"]


@dataclass(frozen=True)
class Row:
    """What a route needs, and what stands for the names in its address.

    `real`: the page itself is called by one caller who may, with what `args` name.
    `ends`: what it may answer then. `finished`: whether a respondent who has finished
    still gets in. `foreign`: the same names, but of somebody else's things: not found.
    """

    needs: Action
    args: Mapping[str, str] = field(default_factory=dict)
    real: bool = True
    ends: tuple[int, ...] = (200, 201, 202, 303, 422)
    finished: bool = True
    foreign: Mapping[str, str] = field(default_factory=dict)


GONE = (404,)  # there is no such thing in the case: what is there has tests of its own
CAUSE = "no-deadline"
UPLOAD = {"upload": "none", "number": "0"}
TALK = {"who": "owner", "mode": "guided", "asked": "odc.deadline-exists"}
SHEET = {"action": "none", "sheet": "none", "form": "docx"}
ROWS: dict[str, Row] = {
    "static": Row("public", {"filename": "salesdx.css"}),
    "language.switch": Row("public"),
    "account.sign_in": Row("public"),
    "account.signed_in": Row("public"),
    "account.sign_out": Row("public"),
    "own_account.overview": Row("own-account"),
    "own_account.change_password": Row("own-account"),
    "own_account.end_others": Row("own-account"),
    "own_account.add_token": Row("own-account"),
    "own_account.revoke_token": Row("own-account", foreign={"token": "{their-token}"}),
    "cases.home": Row("own-account"),
    "cases.all_cases": Row("case.read"),
    "cases.overview": Row("case.read"),
    "knowledge.overview": Row("knowledge.read"),
    "knowledge.site": Row("knowledge.read", {"name": "en/index.html"}, real=False),
    "api.openapi": Row("public"),
    "api.all_cases": Row("case.read"),
    "api.add_case": Row("case.create", ends=(415,)),
    "api.one_case": Row("case.read"),
    "api.answers": Row("case.read"),
    "api.send_answers": Row("case.change", ends=(415,)),
    "api.diagnose": Row("case.read"),
    "api.result": Row("case.read"),
    "api.report": Row("case.download", {"format_": "md"}),
    "assessment.agreed": Row("answer"),
    "assessment.answered": Row("answer", {"question": "odc.deadline-exists"}),
    "assessment.check": Row("answer"),
    "assessment.closed": Row("public"),
    "assessment.consent": Row("answer"),
    "assessment.enough": Row("answer"),
    "assessment.enter": Row("public", {"token": "A" * 43}, ends=GONE),
    "assessment.finish": Row("answer"),
    "assessment.gone": Row("public"),
    "assessment.landing": Row("public", {"token": "A" * 43}, ends=GONE),
    "assessment.overview": Row("answer"),
    "assessment.paper": Row("answer"),
    "assessment.question": Row("answer", {"question": "odc.deadline-exists"}),
    "assessment.result": Row("answer"),
    "assessment.withdraw": Row("answer"),
    "assessment.withdrawn": Row("answer"),
    "cases.close": Row("case.change"),
    "cases.closing": Row("case.change"),
    "cases.reopen": Row("case.change"),
    "cases.reopening": Row("case.change"),
    "causes.cause": Row("case.read", {"cause": CAUSE}),
    "causes.overview": Row("case.read"),
    "causes.what_if": Row("case.read", {"cause": CAUSE}, ends=GONE),
    "data.delete": Row("case.change"),
    "data.deleted": Row("case.change"),
    "data.overview": Row("case.read"),
    "data.rejects": Row("case.download", {"file": "deals.csv"}, ends=GONE),
    "data_import.choose": Row("case.change"),
    "data_import.corrected": Row("case.change", UPLOAD, ends=GONE),
    "data_import.decided": Row("case.change", UPLOAD, ends=GONE),
    "data_import.file": Row("case.change", UPLOAD, ends=GONE),
    "data_import.sent": Row("case.change"),
    "data_import.upload": Row("case.change", UPLOAD, ends=GONE),
    "erasing.asked": Row("case.change", ends=GONE),
    "erasing.done": Row("case.change", ends=GONE),
    "erasing.export": Row("case.download", ends=GONE),
    "funnel.brought_back": Row("case.change", {"number": "1"}, ends=GONE),
    "funnel.changed": Row("case.change"),
    "funnel.facts": Row("case.read"),
    "funnel.facts_changed": Row("case.change"),
    "funnel.history": Row("case.read"),
    "funnel.overview": Row("case.read"),
    "interview.begin": Row("case.change"),
    "interview.do_move": Row("case.change", TALK),
    "interview.move": Row("case.change", TALK),
    "interview.overview": Row("case.read"),
    "interview.question": Row("case.change", TALK),
    "interview.save": Row("case.change", TALK),
    "interview.talk": Row("case.read", TALK),
    "losses.answers": Row("case.read"),
    "losses.figure": Row("case.read", {"metric": "conversion.mature"}),
    "losses.figures": Row("case.read"),
    "losses.overview": Row("case.read"),
    "meeting.finding": Row("case.read", {"finding": "none"}, ends=GONE),
    "meeting.overview": Row("case.read"),
    "meeting.protocol": Row("case.read"),
    "meeting.protocol_file": Row("case.download"),
    "meeting.record": Row("case.change", {"finding": "none"}, ends=GONE),
    "new_case.created": Row("case.create"),
    "new_case.demo": Row("case.demo", real=False),  # takes long
    "new_case.form": Row("case.create"),
    "people.agree": Row("case.change", {"question": "odc.deadline-exists"}),
    "people.agreeing": Row("case.change", {"question": "odc.deadline-exists"}),
    "people.invitation": Row("case.invite", foreign={"link": "{foreign-link}"}),
    "people.invite": Row("case.invite"),
    "people.overview": Row("case.read"),
    "people.reopen": Row("case.invite", foreign={"link": "{foreign-link}"}),
    "people.revoke": Row("case.invite", foreign={"link": "{foreign-link}"}),
    "people.revoking": Row("case.invite", foreign={"link": "{foreign-link}"}),
    "plan.action": Row("case.read", {"action": "none"}, ends=GONE),
    "plan.done": Row("case.change", {"action": "none"}, ends=GONE),
    "plan.edit": Row("case.change", {"action": "none"}, ends=GONE),
    "plan.export": Row("case.download", {"fmt": "csv"}),
    "plan.overview": Row("case.read"),
    "plan.worksheet": Row("case.download", SHEET, ends=GONE),
    "reports.file": Row("case.download", real=False),  # tests of reports call it
    "reports.overview": Row("case.download"),
    "reports.read": Row("case.download", real=False),
    "reports.worksheets": Row("case.download", real=False),
    "runs.compared": Row("case.read"),
    "runs.overview": Row("case.read"),
    "runs.save": Row("case.change"),
    "runs.saved": Row("case.download", {"name": "none.json"}, ends=GONE),
}
# What stands for a name in an address unless the row says otherwise: things of acme.
ARGS = {"case": "acme", "link": "{link}", "token": "{token}"}


@dataclass(frozen=True)
class Visit:
    """Somebody at the door: a cookie, or a token in a header."""

    who: str
    role: str = ""  # of a user who holds
    sees: tuple[str, ...] = ()
    link: str = ""  # open | finished | gone
    cookie: str = ""
    token: str = ""


def visits(web: Web) -> Iterator[Visit]:
    """Every kind of caller."""
    engine, now = web.engine, web.now
    yield Visit("anonymous")
    yield Visit("a made-up cookie", cookie="A" * 43)
    add = accounts.add_user
    for role in ROLES:
        user = accounts.User(f"away-{role}", "Z", role, False)
        add(engine, user, None, "2026-11-27T12:00:00Z", "test")
        accounts.grant(engine, "other", user.name, "2026-11-27T12:00:00Z", "test")
    away = [(f"away-{role}", role, ("other",)) for role in ROLES]
    here = [
        ("anna", "consultant", ("acme", "other")), ("oleg", "consultant", ("acme",)),
        ("timur", "trainer", ("acme",)), ("vera", "viewer", ("acme",)),
    ]  # fmt: skip
    for name, role, sees in here + away:
        cookie = sessions.begin(engine, now, user=name)
        yield Visit(name, role, sees, cookie=cookie)
        _, text = api_tokens.add_token(engine, name, "t", now)
        yield Visit(f"token of {name}", role, sees, token=text)
    yield from unwelcome_tokens(web)
    yield from respondents(web)


def unwelcome_tokens(web: Web) -> Iterator[Visit]:
    engine, now = web.engine, web.now
    _, text = api_tokens.add_token(engine, "anna", "t", now - dt.timedelta(9), 1)
    yield Visit("expired token", token=text)
    made, text = api_tokens.add_token(engine, "anna", "t", now)
    api_tokens.revoke_token(engine, "anna", made.id, now)
    yield Visit("revoked token", token=text)
    gone = accounts.User("gone", "G", "consultant", True)
    accounts.add_user(engine, gone, None, "2026-11-27T12:00:00Z", "test")
    _, text = api_tokens.add_token(engine, "gone", "t", now)
    cookie = sessions.begin(engine, now, user="gone")
    accounts.disable(engine, "gone", "2026-11-27T12:00:00Z", "test")
    yield Visit("token of a disabled user", token=text)
    yield Visit("session of a disabled user", cookie=cookie)


def respondents(web: Web) -> Iterator[Visit]:
    engine, now = web.engine, web.now
    for case in ("acme", "other"):
        link, _ = web.link(case)
        cookie = sessions.begin(engine, now, link=link.id)
        yield Visit(f"respondent of {case}", link="open", cookie=cookie)
    link, _ = web.link()
    links.finish(engine, link, now)
    cookie = sessions.begin(engine, now, link=link.id)
    yield Visit("finished respondent", link="finished", cookie=cookie)
    link, _ = web.link()
    cookie = sessions.begin(engine, now, link=link.id)
    links.revoke(engine, link, now, "anna")
    yield Visit("revoked respondent", link="gone", cookie=cookie)
    # begun in time, called after its end
    link, _ = links.add_link(
        engine, "acme", role="owner", by="owner", mode="quick", days=1, actor="anna",
        now=now - dt.timedelta(2),
    )  # fmt: skip
    cookie = sessions.begin(engine, now, link=link.id)
    yield Visit("expired respondent", link="gone", cookie=cookie)


def gets_in(visit: Visit, row: Row, rule: Rule) -> bool:
    """What the rules of access say, told apart from the code that is tested."""
    to_api = rule.rule.startswith("/api/")
    if row.needs == "public":
        return True
    if bool(visit.token) != to_api:
        return False  # cookies for pages, tokens for the API
    if row.needs == "answer":
        return visit.link == "open" or (visit.link == "finished" and row.finished)
    if not visit.role or not may(visit.role, row.needs):  # type: ignore[arg-type]
        return False
    return "case" not in rule.arguments or "acme" in visit.sees


def test_every_route_has_a_row_and_needs_what_it_says(web: Web) -> None:
    there = {r.endpoint: need_of(web.app, r.endpoint) for r in routes(web.app)}
    assert sorted(there.keys() - ROWS.keys()) == [], "add a row to ROWS"
    assert {e: n for e, n in there.items() if n != ROWS[e].needs} == {}


def test_nobody_gets_in_where_he_must_not(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_visits = list(visits(web))
    spare(monkeypatch)
    names = fillings(web)
    door = Door(web.app)
    wrong = []
    for rule in routes(web.app):
        row = ROWS[rule.endpoint]
        path = address(rule, row, names)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            for visit in all_visits:
                expected = gets_in(visit, row, rule)
                with door.of(rule.endpoint, expected):
                    answer = call(web, visit, method, path)
                if not agrees(answer, expected, visit, rule):
                    wrong.append((rule.endpoint, method, visit.who, answer.status))
    assert wrong == []


def test_head_and_options_open_no_more_than_get(web: Web) -> None:
    outsider = next(v for v in visits(web) if v.who == "away-consultant")
    names = fillings(web)
    for rule in routes(web.app):
        row = ROWS[rule.endpoint]
        path = address(rule, row, names)
        for visit in (Visit("anonymous"), outsider):
            if gets_in(visit, row, rule):
                continue
            for method in ("HEAD", "OPTIONS"):
                answer = call(web, visit, method, path)
                assert answer.status_code in (303, 401, 403, 404, 405), path
                assert not answer.headers.get("Content-Disposition")


def test_who_may_gets_an_answer_and_no_fault(web: Web) -> None:
    """The pages themselves, each called by one who may; a change begins anew."""
    found = {v.who: v for v in visits(web)}
    names = fillings(web)
    wrong = []
    for rule in routes(web.app):
        row = ROWS[rule.endpoint]
        if not row.real:
            continue
        if rule.arguments & {"link", "token"}:  # the one before may have used it up
            names = fillings(web)
        path = address(rule, row, names)
        to_api = rule.rule.startswith("/api/")
        visit = found["token of anna" if to_api else "anna"]
        if row.needs == "knowledge.change":
            visit = found["timur"]
        elif row.needs == "answer":
            visit = found["respondent of acme"]
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            if visit.cookie:  # the one before may have ended it
                about = {"link": link_id(web)} if visit.link else {"user": visit.who}
                fresh = sessions.begin(web.engine, web.now, **about)
                visit = Visit(visit.who, visit.role, visit.sees, visit.link, fresh)
            answer = call(web, visit, method, path)
            if answer.status_code not in row.ends:
                wrong.append((rule.endpoint, method, answer.status, answer.text[:300]))
    assert wrong == []


def test_things_of_another_case_or_user_are_not_found(web: Web) -> None:
    """By somebody who may see both cases: only the thing does not belong there."""
    visit = Visit("anna", cookie=sessions.begin(web.engine, web.now, user="anna"))
    _, token = api_tokens.add_token(web.engine, "anna", "t", web.now)
    names = fillings(web)
    for rule in routes(web.app):
        row = ROWS[rule.endpoint]
        if not row.foreign:
            continue
        row = Row(row.needs, {**row.args, **row.foreign})
        if rule.rule.startswith("/api/"):
            visit = Visit("token of anna", token=token)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = call(web, visit, method, address(rule, row, names))
            assert answer.status_code == 404, (rule.endpoint, answer.status)


@pytest.mark.parametrize("case", ["..", "%2e%2e", "a%00b", "%ff", "acme%20", "x" * 99])
def test_odd_ids_of_cases_are_not_found(web: Web, case: str) -> None:
    visit = Visit("anna", cookie=sessions.begin(web.engine, web.now, user="anna"))
    assert call(web, visit, "GET", f"/cases/{case}").status_code == 404


def spare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare what takes long and is no part of the door: who a token is of is looked up
    once (nobody is signed out meanwhile), and a fault is told without its page."""
    for module, name in (
        (sessions, "find"), (accounts, "find_user"), (api_tokens, "user_of"),
        (links, "by_id"), (accounts, "sees"),
    ):  # fmt: skip
        place = guard if name == "sees" else module
        monkeypatch.setattr(place, name, lru_cache(None)(getattr(module, name)))
    monkeypatch.setattr(faults, "page", lambda _, code, **told: make_response("", code))


class Door:
    """Puts a stub in the place of a page where only the door is tried."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def of(self, endpoint: str, expected: bool) -> "_Stub":
        return _Stub(self.app, endpoint, expected)


@dataclass
class _Stub:
    app: Flask
    endpoint: str
    used: bool
    kept: Callable[..., Any] = repr

    def __enter__(self) -> None:
        self.kept = self.app.view_functions[self.endpoint]
        if self.used:

            def inside(**_: Any) -> str:
                return "in"

            inside.__dict__.update(self.kept.__dict__)
            self.app.view_functions[self.endpoint] = inside

    def __exit__(self, *_: object) -> None:
        self.app.view_functions[self.endpoint] = self.kept


def routes(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda r: (r.endpoint, r.rule))


def fillings(web: Web) -> dict[str, str]:
    """Things that are there, for the names in braces."""
    made = api_tokens.tokens_of(web.engine, "anna")
    if not made:
        api_tokens.add_token(web.engine, "anna", "t", web.now)
        made = api_tokens.tokens_of(web.engine, "anna")
    foreign, _ = web.link("other")
    theirs, _ = api_tokens.add_token(web.engine, "vera", "t", web.now)
    return {
        "{token}": made[0].id, "{link}": link_id(web), "{their-token}": theirs.id,
        "{foreign-link}": foreign.id,
    }  # fmt: skip


def link_id(web: Web) -> str:
    there = links.links_of(web.engine, "acme")
    opened = [x.id for x in there if x.state(web.now) == "open"]
    return opened[0] if opened else web.link()[0].id


def address(rule: Rule, row: Row, names: Mapping[str, str]) -> str:
    given = {n: {**ARGS, **row.args}[n] for n in rule.arguments}
    built = rule.build({n: names.get(v, v) for n, v in given.items()})
    assert built is not None
    return built[1]


def call(web: Web, visit: Visit, method: str, path: str) -> TestResponse:
    client = web.app.test_client(use_cookies=False)
    headers = {}
    if visit.cookie:
        headers["Cookie"] = f"salesdx={visit.cookie}; salesdx-answers={visit.cookie}"
    if visit.token:
        headers["Authorization"] = f"Bearer {visit.token}"
    data = None
    if method not in ("GET", "HEAD", "OPTIONS") and not path.startswith("/api/"):
        data = {"form_token": form_token(visit.cookie)}
    return client.open(path, method=method, headers=headers, data=data, buffered=True)


def agrees(answer: TestResponse, expected: bool, visit: Visit, rule: Rule) -> bool:
    """In: the stub spoke. Out: as is due to this caller, and nothing of the page."""
    if expected:
        return answer.text == "in"
    if rule.rule.startswith("/api/"):
        unknown = not (visit.token and visit.role)
        return (
            answer.status_code == 401 if unknown else answer.status_code in (403, 404)
        )
    place = answer.headers.get("Location", "")
    if rule.rule.startswith("/assessment"):
        return answer.status_code == 303 and place.startswith("/assessment")
    if visit.cookie and visit.role:
        return answer.status_code in (403, 404)
    return answer.status_code == 303 and place.startswith("/sign-in")
