"""Signing in, one's own account, and what outlives what."""

import re

import pytest
from argon2 import PasswordHasher
from web_fixture import PASSWORD, Visitor, Web, quick_passwords, web, web_database

from salesdx.access import passwords
from salesdx.access.tokens import form_token
from salesdx.storage import accounts, sessions
from salesdx.storage.accounts import password_of
from salesdx.storage.tries import forgive, try_once
from salesdx.web.limits import SIGN_IN_ACCOUNT

__all__ = ["quick_passwords", "web", "web_database"]
NEW = "another horse and battery"


def sign_in(who: Visitor, name: str = "anna", password: str = PASSWORD, **more: str):
    data = {"name": name, "password": password, **more}
    return who.http.post("/sign-in", data=data)


def test_a_new_session_begins_with_every_sign_in(web: Web) -> None:
    visitor = web.client()
    planted = sessions.begin(web.engine, web.now, user="vera")
    visitor.http.set_cookie("salesdx", planted)
    assert sign_in(visitor, form_token=form_token(planted)).status_code == 303
    assert visitor.session != planted
    assert sessions.find(web.engine, planted, web.now) is None


def test_a_session_ends_unused_after_hours_and_used_after_days(web: Web) -> None:
    visitor = web.staff()
    web.later(hours=7.9)
    visitor.get("/account")
    web.later(hours=8.1)
    visitor.get("/account", 303)
    visitor = web.staff()
    for _ in range(7 * 4 - 1):
        web.later(hours=6)
        visitor.get("/account")
    web.later(hours=6.1)
    visitor.get("/account", 303)


def test_a_wrong_name_and_a_wrong_password_look_alike(web: Web) -> None:
    for name in ("anna", "nobody"):
        answer = sign_in(web.client(), name, "wrong password")
        assert answer.status_code == 422 and "password is wrong" in answer.text


def test_who_guesses_is_stopped_and_told_for_how_long(web: Web) -> None:
    for _ in range(5):
        assert sign_in(web.client(), password="wrong").status_code == 422
    stopped = sign_in(web.client())
    assert stopped.status_code == 429
    assert 0 < int(stopped.headers["Retry-After"]) <= 61
    assert sign_in(web.client(), "vera").status_code == 303  # another account
    web.later(seconds=62)
    assert sign_in(web.client()).status_code == 303


def test_nobody_shuts_an_owner_out_of_a_browser_that_he_uses(web: Web) -> None:
    owner = web.staff()
    owner.post("/sign-out")
    while try_once(web.engine, SIGN_IN_ACCOUNT, "anna", web.now):
        pass  # guesses from everywhere
    assert sign_in(web.client()).status_code == 429  # a new browser has to wait
    assert sign_in(owner).status_code == 303
    forgive(web.engine, SIGN_IN_ACCOUNT, "anna")  # as `user enable` does
    assert sign_in(web.client()).status_code == 303


AWAY = (
    "https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example",
    "/\n//evil.example", "javascript:alert(1)", "\\\\evil.example", "evil",
)  # fmt: skip


def test_after_signing_in_nobody_is_led_away(web: Web) -> None:
    for back in AWAY:
        assert sign_in(web.client(), back=back).headers["Location"] == "/"
        page = web.client().http.get("/sign-in", query_string={"back": back}).text
        form = page.partition('action="/sign-in"')[2]
        assert 'name="back" value="/"' in form


def test_a_weak_hash_is_renewed_when_its_password_comes(web: Web) -> None:
    weak = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    before = password_of(web.engine, "anna")
    assert before is not None
    accounts.renew_hash(web.engine, "anna", before, weak)
    assert sign_in(web.client()).status_code == 303
    renewed = password_of(web.engine, "anna")
    assert renewed != weak and passwords.fits(PASSWORD, renewed)


def test_another_password_signs_out_everywhere_else(web: Web) -> None:
    here, elsewhere = web.staff(), web.staff()
    before = here.session
    page = here.post(
        "/account/password", {"old": "x", "new": "short", "again": "y"}, 422
    )
    for name in ("old", "new", "again"):
        assert f'id="{name}-error"' in page
    good = {"old": PASSWORD, "new": NEW, "again": NEW}
    assert here.post("/account/password", good) == "/account?done=password"
    assert "signed out everywhere else" in here.get("/account?done=password")
    assert here.session != before
    elsewhere.get("/account", 303)
    assert sign_in(web.client()).status_code == 422
    assert sign_in(web.client(), password=NEW).status_code == 303


def test_other_places_are_listed_and_ended(web: Web) -> None:
    here, elsewhere = web.staff(lang="ru"), web.staff()
    assert "другой браузер" in here.get("/account")
    here.post("/account/sessions/end")
    assert "другой браузер" not in here.get("/account")
    elsewhere.get("/account", 303)


def test_a_token_is_shown_once_works_and_is_revoked(web: Web) -> None:
    here = web.staff()
    here.post("/account/tokens", {"title": "", "days": "7"}, 422)
    page = here.post("/account/tokens", {"title": "<b>x</b>", "days": "30"}, 200)
    token = re.search(r'id="token" type="text" readonly value="([\w-]{43})"', page)
    assert token is not None and "<b>x" not in page
    page = here.get("/account")
    assert token[1] not in page and "27 Dec 2026" in page
    calls = {"Authorization": f"Bearer {token[1]}"}
    assert here.http.get("/api/v1/cases", headers=calls).status_code == 200
    revoke = re.search(r'action="(/account/tokens/\w+/revoke)"', page)
    assert revoke is not None
    here.post(revoke[1])
    assert here.http.get("/api/v1/cases", headers=calls).status_code == 401


def test_signing_out_leaves_nothing(web: Web) -> None:
    here = web.staff()
    before = here.session
    answer = here.http.post("/sign-out", data={"form_token": form_token(here.session)})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert here.session == ""
    here.http.set_cookie("salesdx", before)
    here.get("/account", 303)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_trainer_sees_how_sound_the_knowledge_is(
    web: Web, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from salesdx.errors import Problem, Said
    from salesdx.workspace import knowledge_shelf as shelf

    found = [
        Problem("causes/x.yaml", 3, 1, "usage", Said("Not used", "Не используется"))
    ]
    monkeypatch.setattr(shelf, "lint", lambda _: found)
    monkeypatch.setattr(shelf, "leaves", lambda _: [])
    page = web.staff("timur", lang).get("/knowledge")
    assert "causes/x.yaml:3:1" in page
    assert ("Не используется" if lang == "ru" else "Not used") in page
    assert "causes/x.yaml" not in web.staff("vera", lang).get("/knowledge")


def test_the_knowledge_site_opens_on_the_server(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    from itertools import islice

    from salesdx.workspace import knowledge_shelf as shelf

    whole = shelf.build
    monkeypatch.setattr(shelf, "build", lambda *a, **k: islice(whole(*a, **k), 5))
    visitor = web.staff("vera")
    page = visitor.get("/knowledge/en/index.html")
    assert '<a href="/knowledge">salesdx</a>' in page
    style = visitor.http.get("/knowledge/assets/site.css")
    assert style.mimetype == "text/css"
    assert "script-src 'self'" in style.headers["Content-Security-Policy"]
    visitor.get("/knowledge/../pyproject.toml", 404)
    visitor.get("/knowledge/en/none.html", 404)
