"""The cases, and what is found in one, at a glance."""

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.storage import accounts
from salesdx.storage.cases import case_info
from salesdx.web.caller import caller, engine
from salesdx.web.case_page import case_page, judged
from salesdx.web.guard import needs
from salesdx.web.page import page

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
    found = [case_info(engine(), case) for case in accounts.own_cases(engine(), user)]
    return page("cases/all.html.j2", cases=found, place="cases")


@blueprint.get("/cases/<case>")
@needs("case.read")
def overview(case: str) -> Response:
    """One case: what is lost, why, what to do first, and what is not known."""
    found = judged(case)
    if isinstance(found, Response):
        return found
    return case_page("cases/overview.html.j2", case, "overview", found=found.document)
