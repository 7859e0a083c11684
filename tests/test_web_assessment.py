"""A respondent with a link: entering, consent, questions, checking, the result."""

import html
import re

import pytest
from web_fixture import Visitor, Web, quick_passwords, web, web_database

from salesdx.storage import consents, links
from salesdx.storage.links import Link
from salesdx.workspace.answer_form import NONE
from salesdx.workspace.consent_text import consent_text

__all__ = ["quick_passwords", "web", "web_database"]
FORM = "form:why-us"
SHARE, CLEAR = "why.sellers-can-answer", "why.owner-can-answer"


def begun(web: Web, lang: str = "en", **given: str) -> tuple[Visitor, Link, str]:
    """Somebody who has opened a link and agreed."""
    link, token = web.link(**given)
    visitor = web.client(lang)
    visitor.post(f"/s/{token}")
    assert visitor.post("/assessment/consent", {"agree": "yes"}) == "/assessment"
    return visitor, link, token


def asked(
    visitor: Visitor, question: str, **fields: str | list[str]
) -> dict[str, object]:
    """The form of a question as its page shows it, filled in."""
    page = visitor.get(f"/assessment/q/{question}")
    hidden = dict(re.findall(r'type="hidden" name="(key|seen)" value="(\w+)"', page))
    return {**hidden, **fields}


def said(web: Web, question: str) -> list[object]:
    """Everything that was kept of a question, by the owner."""
    file = web.desk.answers("acme").file()
    return [
        e.value if e.state == "answered" else e.state
        for e in file.answers
        if e.question == question and e.by == "owner"
    ]


def test_opening_a_link_changes_nothing_and_tells_nothing(web: Web) -> None:
    link, token = web.link()
    page = web.client().get(f"/s/{token}")
    assert "Акме" not in page and "about 15 minutes" in page
    assert links.by_id(web.engine, link.id) == link


def test_guesses_all_look_alike_and_are_counted(web: Web) -> None:
    visitor = web.client()
    for _ in range(20):
        visitor.get("/s/nothing", 404)
    visitor.get("/s/nothing", 429)
    _, token = web.link()
    visitor.get(f"/s/{token}")


def test_the_token_is_traded_for_a_session_at_a_clean_address(web: Web) -> None:
    link, token = web.link()
    visitor = web.client()
    assert visitor.post(f"/s/{token}") == "/assessment"
    assert links.by_id(web.engine, link.id) != link  # used
    answer = visitor.http.get("/assessment")
    assert answer.headers["Location"] == "/assessment/consent"
    assert "ООО «Акме»" in visitor.get("/assessment/consent")


@pytest.mark.parametrize("state", ["expired", "revoked"])
def test_a_link_that_is_over_has_its_own_page(web: Web, state: str) -> None:
    visitor, link, token = begun(web)
    if state == "expired":
        web.later(days=15)
    else:
        links.revoke(web.engine, link, web.now, "anna")
    page = web.client().get(f"/s/{token}", 410)
    assert state == "revoked" or "expired" in page
    assert "Акме" not in page
    web.client().post(f"/s/{token}", status=410)
    where = visitor.http.get("/assessment").headers["Location"]
    assert where == "/assessment/closed"  # whoever was in is out
    if state == "expired":
        assert "expired" in visitor.get("/assessment/closed", 410)


def test_nobody_is_in_without_a_link(web: Web) -> None:
    where = web.client().http.get("/assessment/check").headers["Location"]
    assert where == "/assessment/closed"
    assert "Open your link again" in web.client().get("/assessment/closed")
    where = web.staff().http.get("/assessment").headers["Location"]
    assert where == "/assessment/closed"


def test_a_consultant_who_tries_a_link_stays_signed_in(web: Web) -> None:
    visitor = web.staff()
    visitor.post(f"/s/{web.link()[1]}")
    assert "consent" in visitor.get("/assessment/consent")
    visitor.get("/cases/acme")
    visitor.post("/language", {"to": "ru", "back": "/assessment/consent"})
    assert 'lang="ru"' in visitor.get("/assessment/consent")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_consent_keeps_the_words_that_were_agreed_to(web: Web, lang: str) -> None:
    link, token = web.link()
    visitor = web.client(lang)
    visitor.post(f"/s/{token}")
    page = visitor.get("/assessment/consent")
    assert "checked" not in page
    for text in consent_text().text:
        assert text.in_("ru" if lang == "ru" else "en") in page.replace("&#39;", "'")
    page = visitor.post("/assessment/consent", status=422)
    assert ("Error:" if lang == "en" else "Ошибка:") in page
    visitor.post("/assessment/consent", {"agree": "yes"})
    given = consents.consent_of(web.engine, link.id)
    assert given is not None and given.language == lang
    assert given.sha256 == consent_text().sha256("ru" if lang == "ru" else "en")
    assert given.version == consent_text().version and given.at


def test_withdrawing_ends_the_session_and_asks_nothing_more(web: Web) -> None:
    visitor, link, token = begun(web)
    other = web.client()
    other.post(f"/s/{token}")
    assert "/assessment/withdraw" in visitor.get("/assessment")
    assert "Withdraw my consent" in visitor.get("/assessment/withdraw")
    assert consents.consent_of(web.engine, link.id)
    assert visitor.post("/assessment/withdraw") == "/assessment/withdrawn"
    assert consents.consent_of(web.engine, link.id) is None
    assert visitor.http.get("/assessment").headers["Location"] == "/assessment/closed"
    where = other.http.get("/assessment").headers["Location"]
    assert where == "/assessment/consent"  # on other devices too
    assert "withdrawn" in visitor.get("/assessment/withdrawn")


def test_an_answer_is_kept_once_and_the_next_question_follows(web: Web) -> None:
    visitor, _, _ = begun(web, mode=FORM)
    sent = asked(visitor, SHARE, value="1 234,5")
    page = visitor.post(f"/assessment/q/{SHARE}", sent, 422)
    assert "from 0 to 100" in page and 'value="1 234,5"' in page and "Error:" in page
    where = visitor.post(f"/assessment/q/{SHARE}", {**sent, "value": "20%"})
    assert where.startswith("/assessment/q/")
    visitor.post(f"/assessment/q/{SHARE}", {**sent, "value": "20%"})
    assert said(web, SHARE) == [20]


def test_the_last_of_two_windows_wins_and_is_told(web: Web) -> None:
    visitor, _, _ = begun(web, mode=FORM)
    one, two = (asked(visitor, SHARE, value=v) for v in ("20", "30"))
    visitor.post(f"/assessment/q/{SHARE}", one)
    where = visitor.post(f"/assessment/q/{SHARE}", two)
    assert "two windows" in visitor.get(where)
    # the first form again, by the back button: what was said since stays
    visitor.post(f"/assessment/q/{SHARE}", one)
    assert said(web, SHARE) == [20, 30]


def test_states_are_answers_of_their_own(web: Web) -> None:
    visitor, _, _ = begun(web, mode=FORM)
    page = visitor.post(
        f"/assessment/q/{SHARE}", asked(visitor, SHARE, state="not_applicable"), 422
    )
    assert "why it does not apply" in page
    both = asked(visitor, SHARE, state="dont_know", value="20")
    visitor.post(f"/assessment/q/{SHARE}", both, 422)
    for state in ("dont_know", "refused", "later"):
        visitor.post(f"/assessment/q/{SHARE}", asked(visitor, SHARE, state=state))
    chosen = asked(visitor, CLEAR, value="state:not_applicable", reason="no owner")
    visitor.post(f"/assessment/q/{CLEAR}", chosen)
    assert said(web, SHARE) == ["dont_know", "refused", "later"]
    assert said(web, CLEAR)[-1] == "not_applicable"
    page = visitor.get("/assessment/check")
    assert "answer these later" in page and "no owner" in page


def test_none_of_these_excludes_the_others(web: Web) -> None:
    visitor, _, _ = begun(web, mode="full")
    name = "owner.does-personally"
    page = visitor.get(f"/assessment/q/{name}")
    assert "None of these" in page and "data-exclusive" in page
    both = asked(visitor, name, value=["orders", NONE])
    visitor.post(f"/assessment/q/{name}", both, 422)
    visitor.post(f"/assessment/q/{name}", asked(visitor, name), 422)
    visitor.post(f"/assessment/q/{name}", asked(visitor, name, value=NONE))
    assert said(web, name) == [[]]


def test_a_change_goes_back_to_checking_and_tells_what_it_switched_off(
    web: Web,
) -> None:
    visitor, _, _ = begun(web, mode="full")
    first, then = "base.one-off-purchase", "turbulence.loyalty-programme"
    for name, value in ((first, "no"), (then, "yes")):
        visitor.post(f"/assessment/q/{name}", asked(visitor, name, value=value))
    back = f"/assessment/q/{first}?back=check"
    where = visitor.post(back, asked(visitor, first, value="yes"))
    assert where.startswith("/assessment/check?off=")
    page = visitor.get(where)
    assert "not asked any more" in page and "kept" in page
    assert said(web, then) == [True]
    where = visitor.post(f"/assessment/q/{then}", {"value": "yes"})
    assert where == "/assessment?gone=1"


def test_a_question_that_is_not_ones_own_is_not_put(web: Web) -> None:
    visitor, _, _ = begun(web)
    visitor.get("/assessment/q/no.such-question", 404)
    answer = visitor.http.get("/assessment/q/am.finds-buying-centre")  # of sellers
    assert answer.headers["Location"] == "/assessment?gone=1"


def test_it_goes_on_at_another_device_without_asking_for_consent(web: Web) -> None:
    visitor, _, token = begun(web, mode=FORM)
    visitor.post(f"/assessment/q/{SHARE}", asked(visitor, SHARE, value="20"))
    other = web.client("ru")
    assert other.post(f"/s/{token}") == "/assessment"
    assert "Продолжить с того же места" in other.get("/assessment")


def test_finishing_closes_the_answers_and_opens_the_result(web: Web) -> None:
    visitor, _, token = begun(web, mode=FORM)
    assert visitor.http.get("/assessment/result").headers["Location"].endswith("check")
    visitor.post(f"/assessment/q/{SHARE}", asked(visitor, SHARE, value="20"))
    assert visitor.post("/assessment/finish") == "/assessment/result"
    page = visitor.get("/assessment/result")
    assert "data-clear" in page and "What this result is not" in page
    assert not re.search(r"[+−]\d|\d points|probabilit(y|ies) of", page)
    for path in ("/assessment", f"/assessment/q/{SHARE}", "/assessment/check"):
        assert visitor.http.get(path).headers["Location"] == "/assessment/result"
    before = said(web, SHARE)
    assert visitor.post(f"/assessment/q/{SHARE}", {"value": "30"}).endswith("result")
    assert said(web, SHARE) == before
    again = web.client()
    assert "See the result" in again.get(f"/s/{token}")
    assert again.post(f"/s/{token}") == "/assessment/result"
    assert "20" in again.get("/assessment/print")
    web.later(days=15)
    again.get("/assessment/result", 410)


def test_nothing_is_finished_without_an_answer(web: Web) -> None:
    visitor, _, _ = begun(web, role="marketing", by="Мария", mode=FORM)
    assert "at least one question" in visitor.post("/assessment/finish", status=422)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_result_reads_own_answers_only(web: Web, lang: str) -> None:
    visitor, _, _ = begun(web, lang, role="head_of_sales", by="head")
    visitor.post("/assessment/finish")
    page = visitor.get("/assessment/result")
    causes = web.desk.measured("acme").knowledge.causes
    title = causes["cannot-answer-why-us"].spec.title  # the owner says so, not he
    assert title.in_("ru" if lang == "ru" else "en") not in page
    owner, _, _ = begun(web, lang, mode=FORM)
    owner.post("/assessment/finish")
    told = html.unescape(owner.get("/assessment/result"))
    assert title.in_("ru" if lang == "ru" else "en") in told


@pytest.mark.parametrize("mode", ["quick", "full", FORM])
def test_all_questions_print_with_their_conditions(web: Web, mode: str) -> None:
    visitor, _, _ = begun(web, mode=mode)
    page = visitor.get("/assessment/print")
    assert "☐ Yes" in page and (mode == FORM or "Only if:" in page)


def test_a_person_who_answers_for_the_first_time_becomes_known(web: Web) -> None:
    visitor, _, _ = begun(web, role="seller", by="Иван", mode=FORM)
    visitor.post(f"/assessment/q/{SHARE}", asked(visitor, SHARE, value="20"))
    people = web.desk.answers("acme").file().respondents
    assert people["Иван"].role == "seller"
