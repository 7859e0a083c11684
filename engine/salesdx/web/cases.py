"""The cases, what is found in one at a glance, and the end of work on it."""

from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.storage import accounts, retention
from salesdx.storage.case_file import files_of
from salesdx.storage.cases import case_info
from salesdx.storage.moments import written
from salesdx.web.caller import caller, desk, engine, now
from salesdx.web.case_page import case_page, judged
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.page import page
from salesdx.workspace.case_list import case_list, likely_count
from salesdx.workspace.once import told
from salesdx.workspace.overview import overview as answer
from salesdx.workspace.saved_runs import since_at_hand

blueprint = Blueprint("cases", __name__)


@blueprint.get("/")
@needs("own-account")
def home() -> AnyResponse:
    """The first page after signing in."""
    return redirect(url_for("cases.all_cases"), 303)


@blueprint.get("/cases")
@needs("case.read")
def all_cases() -> Response:
    """The caller's cases."""
    user = caller().user
    assert user is not None
    search = request.args.get("q", "").strip()[:100]
    found = case_list(desk(), accounts.own_cases(engine(), user), search, now())
    return page(
        "cases/all.html.j2", found=found, q=search, place="cases", told=_told,
        likely=likely_count,
    )  # fmt: skip


def _told(found: Any) -> Any:
    return told(found, language())


@blueprint.get("/cases/<case>")
@needs("case.read")
def overview(case: str) -> Response:
    """One case: what is lost, why, what to do first, and what is not known."""
    found = judged(case)
    runs = files_of(engine(), case, "results/")
    return case_page(
        "cases/overview.html.j2", case, "overview", it=answer(found, language()),
        summary=found.document.summary, runs=len(runs),
        since=since_at_hand(desk(), case, found) if runs else None,
    )  # fmt: skip


@blueprint.get("/cases/<case>/close")
@needs("case.change")
def closing(case: str) -> Response:
    """Ask before work on a case ends."""
    return _asked(case, "close")


@blueprint.post("/cases/<case>/close")
@needs("case.change")
def close(case: str) -> AnyResponse:
    """Work on a case is over: it takes no answers from now on."""
    retention.close(engine(), case, written(now()), _actor())
    return redirect(url_for("cases.overview", case=case), 303)


@blueprint.get("/cases/<case>/reopen")
@needs("case.change")
def reopening(case: str) -> Response:
    """Ask before work on a case begins anew."""
    return _asked(case, "reopen")


@blueprint.post("/cases/<case>/reopen")
@needs("case.change")
def reopen(case: str) -> AnyResponse:
    """Work on a closed case goes on."""
    retention.reopen(engine(), case, written(now()), _actor())
    return redirect(url_for("cases.overview", case=case), 303)


def _asked(case: str, what: str) -> Response:
    """The page that asks; it needs no figures, so nobody waits for them."""
    info = case_info(engine(), case)
    return page(
        "cases/close.html.j2", case_id=case, name=info.name, what=what, place="cases",
        days=retention.KEPT_DAYS,
    )  # fmt: skip


def _actor() -> str:
    user = caller().user
    assert user is not None
    return user.name
