"""What is counted so that nobody floods the server; and a respondent's way back."""

from dataclasses import replace

import pytest
from web_fixture import Visitor, Web, quick_passwords, web, web_database

from salesdx.web import causes
from salesdx.web.assessment import asking

__all__ = ["quick_passwords", "web", "web_database"]


def respondent(web: Web) -> Visitor:
    _, token = web.link(mode="form:why-us")
    person = web.client()
    person.post(f"/s/{token}")
    person.post("/assessment/consent", {"agree": "yes"})
    return person


def test_answers_of_one_link_are_counted(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "ANSWERING", replace(asking.ANSWERING, most=2))
    path = "/assessment/q/why.owner-can-answer"
    person, other = respondent(web), respondent(web)
    for key in ("a", "b"):
        person.post(path, {"value": "yes", "key": key})
    page = person.post(path, {"value": "yes", "key": "c"}, 429)
    assert "Too many tries" in page and "Wait for" in page
    other.post(path, {"value": "yes", "key": "d"})  # counted apart
    web.later(seconds=61)
    person.post(path, {"value": "no", "key": "c"})


def test_supposing_is_counted_and_reading_is_not(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(causes, "SUPPOSING", replace(causes.SUPPOSING, most=2))
    visitor, path = web.staff(), "/cases/acme/causes/no-deadline"
    supposed = f"{path}/what-if?name=odc.deadline-exists&value=yes&go=1"
    visitor.get(f"{path}?why-not=1")
    visitor.get(supposed)
    visitor.get(supposed, 429)
    visitor.get(f"{path}?why-not=1", 429)
    visitor.get(path)
    web.staff("oleg").get(supposed)


def test_a_respondent_at_the_front_door_finds_back(web: Web) -> None:
    person = respondent(web)
    there = person.http.get("/").headers["Location"]
    page = person.get(there)
    assert 'href="/assessment"' in page and "Open your questions" in page
    assert "Open your questions" not in web.client().get(there)
    person.post("/assessment/withdraw")
    assert "Open your questions" not in person.get(there)


def test_signing_out_leaves_the_respondent_of_this_browser_in(web: Web) -> None:
    """`Clear-Site-Data` names no cookies: they would all go."""
    person = respondent(web)
    answers = person.session_at("/assessment")
    person.http.post(
        "/sign-in", data={"name": "anna", "password": "correct horse battery"}
    )
    sent = {"form_token": ""}
    out = person.http.post("/sign-out", data={**sent, "form_token": token_of(person)})
    assert out.status_code == 303
    cleared = out.headers["Clear-Site-Data"]
    assert "cookies" not in cleared and "*" not in cleared
    assert all("salesdx-answers" not in c for c in out.headers.getlist("Set-Cookie"))
    assert person.session == "" and person.session_at("/assessment") == answers
    person.get("/assessment/q/why.owner-can-answer")


def token_of(person: Visitor) -> str:
    from salesdx.access.tokens import form_token

    return form_token(person.session)


def test_the_overview_says_what_changed_once_it_is_known(web: Web) -> None:
    visitor = web.staff()
    assert "Since the last run" not in visitor.get("/cases/acme")
    visitor.post("/cases/acme/runs")
    write = {"value": "yes", "note": "agreed"}
    visitor.post("/cases/acme/people/agree/odc.deadline-exists", write)
    page = visitor.get("/cases/acme")
    assert "Since the last run" in page and "/cases/acme/runs/compare" in page
    web.desk._pool.submit(int).result()  # whatever was put off is done
    after = visitor.get("/cases/acme")
    section = after.partition("Since the last run")[2].partition("</section>")[0]
    assert len(section) > len(
        page.partition("Since the last run")[2].partition("</section>")[0]
    )
