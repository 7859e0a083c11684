"""A respondent's own words: given to take along, and erased when he asks for it."""

import json

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.analysis import Analysis
from salesdx.errors import DataError
from salesdx.storage.moments import written
from salesdx.web.caller import caller, desk, now
from salesdx.web.case_page import case_page, judged
from salesdx.web.download import download
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.workspace import own_words

blueprint = Blueprint("erasing", __name__)
_FILE = "answers.json"  # a name of a person is no name of a file


@blueprint.get("/cases/<case>/people/export")
@needs("case.download")
def export(case: str) -> Response:
    """All that is kept of a respondent, as JSON."""
    found = judged(case)
    try:
        kept = own_words.export(desk(), found, case, _who(), language(), now())
    except DataError:
        abort(404)
    data = json.dumps(kept, ensure_ascii=False, indent=2).encode()
    return download(data, _FILE, "application/json")


@blueprint.get("/cases/<case>/people/erase")
@needs("case.change")
def asked(case: str) -> Response:
    """Say what would go and what would stay, and ask."""
    found = judged(case)
    return _asked(case, found, _who())


@blueprint.post("/cases/<case>/people/erase")
@needs("case.change")
def done(case: str) -> AnyResponse:
    """Erase it; whoever repeats this sweeps the traces once more."""
    form, user = Form(), caller().user
    assert user is not None
    who = form.text("who", 200)
    if not who:
        abort(404)
    own_words.erase(
        desk(), case, who, results=form.text("results") == "yes", at=written(now()),
        actor=user.name,
    )  # fmt: skip
    return redirect(url_for("people.overview", case=case, erased="yes"), 303)


def _asked(case: str, found: Analysis, who: str) -> Response:
    try:
        it = own_words.erasable(desk(), found, case, who)
    except DataError:
        abort(404)
    person = found.log.respondents.get(who)
    return case_page(
        "people/erase.html.j2", case, "people", it=it,
        name=(person.name if person else None) or who,
    )  # fmt: skip


def _who() -> str:
    return request.args.get("who", "")[:200]
