"""From the link to consent, and out again.

The first page tells nothing of the case, not even the company's name: links are passed
on and looked into by messengers. It says what is asked of whom it was sent to; whose
company it is, the page after the button says.
"""

import datetime as dt

from flask import Response, abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.errors import DataError
from salesdx.storage import consents, links, sessions
from salesdx.storage.consents import Consent
from salesdx.storage.links import Link
from salesdx.storage.moments import read
from salesdx.web.account import set_session
from salesdx.web.assessment.frame import (
    blueprint,
    framed,
    over,
    own_link,
    state_of,
    waiting,
)
from salesdx.web.assessment.told import counted
from salesdx.web.caller import answers_cookie_name, caller, desk, engine, now, settings
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.limits import LINK, address, limit
from salesdx.web.page import page, t
from salesdx.workspace.consent_text import consent_text
from salesdx.workspace.invitations import minutes_of


@blueprint.get("/s/<token>")
@needs("public")
def landing(token: str) -> Response:
    """What is asked, how long it takes, and a button; looking at it changes nothing."""
    link = _known(token)
    state = state_of(link)
    if state in ("expired", "revoked"):
        return over(state)
    return page(
        "assessment/landing.html.j2", token=token, minutes=_minutes(link),
        finished=state == "finished", begun=link.used_at is not None, counted=counted,
    )  # fmt: skip


@blueprint.post("/s/<token>")
@needs("public")
def enter(token: str) -> AnyResponse:
    """Trade the token for a session: from here on no address holds it."""
    link = _known(token)
    state = state_of(link)
    if state in ("expired", "revoked"):
        return over(state)
    session = sessions.begin(
        engine(), now(), link=link.id, instead_of=caller().session or None
    )
    links.used(engine(), link, now())
    desk().prepare(link.case)  # what has to be measured is, while the consent is read
    to = "assessment.result" if state == "finished" else "assessment.overview"
    response = redirect(url_for(to), 303)
    set_session(response, session, _days(link), answers_cookie_name())
    return response


@blueprint.get("/assessment/closed")
@needs("public")
def closed() -> Response:
    """For whoever comes without a link, or with one that holds no longer."""
    link = caller().link
    state = state_of(link) if link else "closed"
    if state in ("expired", "revoked"):
        return over(state)
    return page("assessment/over.html.j2", 200, state="closed")


@blueprint.get("/assessment/consent")
@needs("answer")
def consent() -> AnyResponse:
    """The whole text, and a box that nobody has ticked."""
    state = state_of(own_link())
    if state in ("expired", "revoked"):
        return over(state)
    if consents.consent_of(engine(), own_link().id) is not None:
        return redirect(url_for("assessment.overview"), 303)
    return waiting() or _consent([])


@blueprint.post("/assessment/consent")
@needs("answer")
def agreed() -> AnyResponse:
    """Keep which words were agreed to, in which language, and when."""
    link = own_link()
    state = state_of(link)
    if state in ("expired", "revoked"):
        return over(state)
    form = Form()
    if form.text("agree") != "yes":
        form.wrong("agree", t("assessment.consent-needed"))
        return _consent(form.errors, 422)
    words, lang = consent_text(), language()
    given = Consent(words.version, words.sha256(lang), lang)
    consents.give(engine(), link, given, now())
    return redirect(url_for("assessment.overview"), 303)


@blueprint.get("/assessment/withdraw")
@needs("answer")
def withdraw() -> Response:
    """Ask whether it is meant, and say what becomes of the answers."""
    return framed("assessment/withdraw.html.j2")


@blueprint.post("/assessment/withdraw")
@needs("answer")
def withdrawn() -> AnyResponse:
    """Take the consent back and end the session."""
    consents.take_back(engine(), own_link(), now())
    sessions.end(engine(), caller().session)
    response = redirect(url_for("assessment.gone"), 303)
    response.delete_cookie(answers_cookie_name(), path="/", secure=settings().secure)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.get("/assessment/withdrawn")
@needs("public")
def gone() -> Response:
    """It is taken back."""
    return page("assessment/over.html.j2", 200, state="withdrawn", clear_drafts=True)


def _consent(errors: list[dict[str, str]], status: int = 200) -> Response:
    return framed(
        "assessment/consent.html.j2", status, words=consent_text(), errors=errors,
        failed=bool(errors), stop_url="",
    )  # fmt: skip


def _known(token: str) -> Link:
    """The link of a token; guesses are counted, and all look alike."""
    found = links.by_token(engine(), token)
    if found is None:
        limit(LINK, address())
        abort(404)
    return found


def _minutes(link: Link) -> int:
    """By the shipped questions; 0 where the form is one of the case's own."""
    try:
        return minutes_of(desk().knowledge, link.role, link.mode)
    except DataError:
        return 0


def _days(link: Link) -> int:
    left = read(link.expires_at) - now()
    return max(1, min(sessions.OF_LINK, left + dt.timedelta(days=1)).days)
