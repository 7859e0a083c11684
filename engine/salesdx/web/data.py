"""The data of a case: what is there, what it answers; rejected rows; deleting."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.errors import DataError
from salesdx.storage.case_file import read_file_of
from salesdx.storage.moments import written
from salesdx.web.caller import caller, desk, engine, now
from salesdx.web.case_page import case_page, judged
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.page import t
from salesdx.workspace.data_state import (
    data_files,
    data_state,
    delete_data,
    rejected_files,
)

blueprint = Blueprint("data", __name__)


@blueprint.get("/cases/<case>/data")
@needs("case.read")
def overview(case: str) -> Response:
    """What was read, which questions it answers, what each gap costs."""
    state, fault = None, None
    try:
        found = judged(case)
        state = data_state(found)
    except DataError as error:  # a table that cannot be read: here it is put right
        fault = error
        desk().company(case)  # without it there is no page at all
    return case_page(
        "data/overview.html.j2", case, "data", state=state, fault=fault,
        files=data_files(engine(), case), rejects=rejected_files(engine(), case),
        done=request.args.get("done", ""),
    )  # fmt: skip


@blueprint.get("/cases/<case>/data/rejects/<file>")
@needs("case.download")
def rejects(case: str, file: str) -> Response:
    """Rejected rows as a file for a spreadsheet; its name goes through no path."""
    found = next((f for f in rejected_files(engine(), case) if f.id == file), None)
    content = read_file_of(engine(), case, found.path) if found else None
    if found is None or content is None:
        abort(404)
    response = Response(content, mimetype="text/csv")
    name = f"{t('data.rejects-file')}-{found.name}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get("/cases/<case>/data/delete")
@needs("case.change")
def delete(case: str) -> Response:
    """Ask which tables are to go."""
    return _delete_page(case, Form(), 200)


@blueprint.post("/cases/<case>/data/delete")
@needs("case.change")
def deleted(case: str) -> AnyResponse:
    """Delete them, if that was meant."""
    form = Form()
    chosen = form.all("tables")
    if not chosen:
        form.wrong("tables", t("data.delete-none"))
    if form.text("sure") != "yes":
        form.wrong("sure", t("data.delete-unsure"))
    if form.failed:
        return _delete_page(case, form, 422)
    user = caller().user
    assert user is not None
    forget = form.text("mapping") == "yes"
    delete_data(engine(), case, chosen, forget, user.name, written(now()))
    return redirect(url_for("data.overview", case=case, done="deleted"), 303)


def _delete_page(case: str, form: Form, status: int) -> Response:
    return case_page(
        "data/delete.html.j2", case, "data", status, errors=form.errors,
        failed=form.failed, files=data_files(engine(), case),
        chosen=form.all("tables"), mapping=form.text("mapping"),
    )  # fmt: skip
