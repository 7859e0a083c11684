"""What every page of the path has: its link, whether it may go on, its frame."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.conversation.interview import Interview
from salesdx.interview.agenda import Ask
from salesdx.storage.consents import consent_of
from salesdx.storage.links import Link, State
from salesdx.storage.moments import written
from salesdx.web.assessment.told import counted
from salesdx.web.caller import caller, desk, engine, now, settings
from salesdx.web.page import page
from salesdx.workspace import talks

blueprint = Blueprint("assessment", __name__)


def own_link() -> Link:
    """The link by which the caller is in."""
    found = caller().link
    assert found is not None  # the guard lets nobody else in
    return found


def state_of(link: Link) -> State:
    """How a link stands: handed in or not, it opens nothing after its last day."""
    state = link.state(now())
    if state == "finished" and link.expires_at <= written(now()):
        return "expired"
    return state


def barred(*, finished: bool = False) -> AnyResponse | None:
    """Where the caller has to go first: the link is over, or consent is lacking.

    `finished` says that the page may also be read once the answers are handed in.
    """
    link = own_link()
    state = state_of(link)
    if state in ("expired", "revoked"):
        return over(state)
    if consent_of(engine(), link.id) is None:
        return redirect(url_for("assessment.consent"), 303)
    if state == "finished" and not finished:
        return redirect(url_for("assessment.result"), 303)
    return None


def over(state: str) -> Response:
    """A link that is known and opens nothing any more; nothing of the case is told."""
    return page("assessment/over.html.j2", 410, state=state)


def waiting() -> Response | None:
    """The page that waits for the figures of a case; None once they are there."""
    case = own_link().case
    if desk().is_ready(case):
        return None
    desk().prepare(case)
    if desk().wait(case, settings().patience):
        return None
    response = framed("assessment/waiting.html.j2", 200, company="")
    response.headers["Refresh"] = "2"
    return response


def open_talk() -> Interview:
    """The caller's talk as it stands; `on` in the address: advice to stop was heard."""
    link = own_link()
    return talks.open_talk(
        desk(), link.case, role=link.role, by=link.by, mode=link.mode, alone=True,
        now=now(), advise="on" not in request.args,
    )  # fmt: skip


def framed(template: str, status: int = 200, /, **values: Any) -> Response:
    """A page of the path, with the way to withdraw on it."""
    if "company" not in values:
        values["company"] = desk().company(own_link().case).name
    stop = url_for("assessment.withdraw")
    shared = {"stop_url": stop, "counted": counted, "address_of": address_of}
    return page(template, status, **{**shared, **values})


def address_of(ask: Ask, **more: Any) -> str:
    """Where a question is asked."""
    values: dict[str, Any] = {**dict(ask.about), **more}
    return url_for("assessment.question", question=ask.question.id, **values)
