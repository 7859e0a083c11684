"""Bring exports into a case: send files, see how they are read, correct, confirm."""

import hashlib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import SimpleNamespace

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from salesdx.crm.questions import Question
from salesdx.crm.reasons import reason_text
from salesdx.errors import SalesdxError, in_language
from salesdx.tables import column_title, table_title
from salesdx.web.caller import caller, now, settings
from salesdx.web.case_page import case_page
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.limits import UPLOAD, limit
from salesdx.web.page import t
from salesdx.workspace.data_state import file_id
from salesdx.workspace.desk import Desk
from salesdx.workspace.import_corrections import Corrections, corrections
from salesdx.workspace.importing import Imports, Upload
from salesdx.workspace.uploads import MOST_FILES, Given

blueprint = Blueprint("data_import", __name__)
_KEY = "salesdx.imports"
TOLD = SimpleNamespace(table=table_title, column=column_title, reason=reason_text)


@blueprint.record_once
def _install(state: BlueprintSetupState) -> None:
    desk: Desk = state.app.extensions["salesdx.desk"]
    state.app.extensions[_KEY] = Imports(desk.engine)


def imports() -> Imports:
    """The imports of this server."""
    found: Imports = current_app.extensions[_KEY]
    return found


@blueprint.get("/cases/<case>/data/import")
@needs("case.change")
def choose(case: str) -> Response:
    """Choose files; what waits from before is listed."""
    return _choose_page(case, Form(), 200)


@blueprint.post("/cases/<case>/data/import")
@needs("case.change", uploads=True)
def sent(case: str) -> AnyResponse:
    """Keep the files and begin to read them."""
    form = Form()
    files = [f for f in request.files.getlist("files") if f.filename]
    if not files:
        form.wrong("files", t("data.no-files"))
    elif len(files) > MOST_FILES:
        form.wrong("files", t("data.too-many", most=MOST_FILES))
    if form.failed:
        return _choose_page(case, form, 422)
    who = _who()
    limit(UPLOAD, who)
    named = [(str(f.filename), partial(_save, f)) for f in files]
    upload = imports().begin(case, who, named, now())
    return redirect(url_for("data_import.upload", case=case, upload=upload), 303)


def _save(file: FileStorage, path: Path) -> None:
    file.save(path)


@blueprint.get("/cases/<case>/data/import/<upload>")
@needs("case.change")
def upload(case: str, upload: str) -> Response:
    """What is known of an upload: being read, to be confirmed, brought in, failed."""
    found = _looked(case, upload)
    if found.stage in ("reading", "importing"):
        response = case_page("data/waiting.html.j2", case, "data", upload=found)
        response.headers["Refresh"] = "2"
        return response
    if found.stage == "failed":
        return case_page("data/failed.html.j2", case, "data", upload=found)
    if found.stage == "done":
        return case_page(
            "data/done.html.j2", case, "data", report=found.state.report,
            file_id=file_id, told_of=TOLD,
        )  # fmt: skip
    return _preview(case, found, Form(), {}, 200)


@blueprint.post("/cases/<case>/data/import/<upload>")
@needs("case.change")
def decided(case: str, upload: str) -> AnyResponse:
    """Take answers, then import; or read anew, or throw the files away."""
    form, do = Form(), request.form.get("do", "")
    here = url_for("data_import.upload", case=case, upload=upload)
    if do == "discard":
        imports().discard(case, upload, now())
        return redirect(url_for("data_import.choose", case=case), 303)
    if do == "again":
        imports().again(case, upload, now())
        return redirect(here, 303)
    found = _looked(case, upload)
    if found.plan is None:  # somebody has decided already, or it is being read
        return redirect(here, 303)
    asked = found.plan.questions
    given = _given(form, asked)
    faults = dict(imports().answer(case, upload, given, now()))
    for question in asked:
        if question.id in faults:
            form.wrong(field_of(question), _told(faults[question.id]))
    left = _looked(case, upload)
    if form.failed:
        return _preview(case, left, form, _values(given), 422)
    more = left.plan is not None and left.plan.questions
    if do == "import" and not more:
        try:
            imports().run(case, upload, _who(), now())
        except SalesdxError as error:
            form.wrong("files", _told(error))
            return _preview(case, left, form, {}, 422)
    return redirect(here, 303)


@blueprint.get("/cases/<case>/data/import/<upload>/file/<int:number>")
@needs("case.change")
def file(case: str, upload: str, number: int) -> Response:
    """All that may be put right of one file."""
    found = _correctable(case, upload, number)
    return _file_page(case, upload, number, found, Form(), {}, 200)


@blueprint.post("/cases/<case>/data/import/<upload>/file/<int:number>")
@needs("case.change")
def corrected(case: str, upload: str, number: int) -> AnyResponse:
    """Take the corrections: what was not touched stays as it was."""
    form, found = Form(), _correctable(case, upload, number)
    every = _given(form, found.all)
    given = [g for g in every if set(g.chosen) != set(g.question.default)]
    moved = [g for g in given if g.question.kind == "table"]
    # another table has other fields: what was said of the old ones is void
    faults = dict(imports().answer(case, upload, moved or given, now()))
    for one in given:
        if one.question.id in faults:
            form.wrong(field_of(one.question), _told(faults[one.question.id]))
    if form.failed:
        return _file_page(case, upload, number, found, form, _values(every), 422)
    if moved and moved[0].chosen != [""]:
        again = url_for("data_import.file", case=case, upload=upload, number=number)
        return redirect(again, 303)
    return redirect(url_for("data_import.upload", case=case, upload=upload), 303)


def _who() -> str:
    user = caller().user
    assert user is not None
    return user.name


def _looked(case: str, upload: str) -> Upload:
    """An upload after a little patience: most files are read at once."""
    imports().look(case, upload, now())
    imports().wait(case, upload, settings().patience)
    found = imports().look(case, upload, now())
    if found is None:
        abort(404)
    return found


def _choose_page(case: str, form: Form, status: int) -> Response:
    waiting = imports().uploads(case, now())
    return case_page(
        "data/choose.html.j2", case, "data", status, errors=form.errors,
        failed=form.failed, uploads=waiting, most=MOST_FILES,
        megabytes=settings().largest_upload >> 20,
    )  # fmt: skip


def _preview(
    case: str, found: Upload, form: Form, values: dict[str, list[str]], status: int
) -> Response:
    plan = found.plan
    assert plan is not None
    asked = [
        (field_of(q), q, values.get(field_of(q), q.default)) for q in plan.questions
    ]
    return case_page(
        "data/preview.html.j2", case, "data", status, errors=form.errors,
        failed=form.failed, upload=found, plan=plan, asked=asked,
        numbers={f.name: n for n, f in enumerate(found.state.files)}, told_of=TOLD,
    )  # fmt: skip


def _correctable(case: str, upload: str, number: int) -> Corrections:
    found = _looked(case, upload)
    names = [f.name for f in found.state.files]
    if found.plan is None or number >= len(names):
        abort(404)
    may = corrections(found.plan, names[number])
    if may is None:
        abort(404)
    return may


def _file_page(
    case: str, upload: str, number: int, found: Corrections, form: Form,
    values: dict[str, list[str]], status: int,
) -> Response:  # fmt: skip
    return case_page(
        "data/file.html.j2", case, "data", status, errors=form.errors,
        failed=form.failed, upload=upload, number=number, found=found,
        field_of=field_of, values=values,
    )  # fmt: skip


def field_of(question: Question) -> str:
    """The name of the field of a question: names of files are none."""
    return f"q{hashlib.sha256(question.id.encode()).hexdigest()[:12]}"


def _given(form: Form, asked: Sequence[Question]) -> list[Given]:
    """What the form says to questions; a code is its place among the choices."""
    found = []
    for question in asked:
        name = field_of(question)
        if question.free:
            chosen = [form.text(name, 100)]
        else:
            codes = [c.code for c in question.choices]
            places = [p for p in form.all(name) if p.isdecimal()]
            chosen = [codes[int(p)] for p in places if int(p) < len(codes)]
        if not chosen and not question.many:
            chosen = list(question.default)
        found.append(Given(question=question, chosen=chosen))
    return found


def _values(given: Sequence[Given]) -> dict[str, list[str]]:
    return {field_of(g.question): g.chosen for g in given}


def _told(error: SalesdxError) -> str:
    return in_language(error.message, language())
