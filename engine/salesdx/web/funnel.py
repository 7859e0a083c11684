"""The funnel designer, the facts of the company, and the versions of both."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.company import DAYS
from salesdx.errors import DataError, SalesdxError, in_language
from salesdx.storage.moments import written
from salesdx.web.caller import caller, desk, engine, now, settings
from salesdx.web.case_page import case_page
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.page import t
from salesdx.workspace.company_edits import (
    StaleError,
    bring_back,
    compared,
    edit_company,
    read_company,
)
from salesdx.workspace.company_fields import CURRENCIES, MODELS
from salesdx.workspace.company_form import facts_of, read_facts
from salesdx.workspace.data_state import Stages, stages_found
from salesdx.workspace.funnel_form import (
    KINDS,
    Draft,
    checked,
    draft_of,
    pressed,
    read_draft,
)
from salesdx.workspace.funnel_versions import versions

blueprint = Blueprint("funnel", __name__)


@blueprint.get("/cases/<case>/funnel")
@needs("case.read")
def overview(case: str) -> Response:
    """The funnels as a form, with the stages of the data beside it."""
    company, began = read_company(engine(), case)
    return _page(case, draft_of(company), began, Form(), 200)


@blueprint.post("/cases/<case>/funnel")
@needs("case.change")
def changed(case: str) -> AnyResponse:
    """Save the funnels; any other button only changes the form and shows it again."""
    form, do = Form(), request.form.get("do", "save")
    draft, began = read_draft(request.form), form.text("began", 16)
    if do != "save":
        return _page(case, pressed(draft, do), began, form, 200, True)
    found = checked(draft)
    for fault in found.wrong:
        form.wrong(fault.field, fault.message.in_(language()))
    if not form.failed:
        try:
            values = {"funnels": found.data or None}
            made = edit_company(engine(), case, values, began, _who(), written(now()))
            done = "saved" if made else "same"
            here = url_for("funnel.overview", case=case, done=done)
            return redirect(here, 303)
        except DataError as error:
            began = _stale(case, error, form, "f0-id", began)
    return _page(case, draft, began, form, 422, True)


@blueprint.get("/cases/<case>/company")
@needs("case.read")
def facts(case: str) -> Response:
    """Currency, hours, the day we look back from, norms of the company's own."""
    company, began = read_company(engine(), case)
    typed = facts_of(company, desk().knowledge)
    return _facts_page(case, typed, began, Form(), 200)


@blueprint.post("/cases/<case>/company")
@needs("case.change")
def facts_changed(case: str) -> AnyResponse:
    """Save them."""
    form = Form()
    company, _ = read_company(engine(), case)
    began = form.text("began", 16)
    found = read_facts(request.form, form.all("days"), company, desk().knowledge)
    for name, message in found.wrong.items():
        form.wrong(name, message.in_(language()))
    if not form.failed:
        try:
            made = edit_company(
                engine(), case, found.data, began, _who(), written(now())
            )
            done = "saved" if made else "same"
            return redirect(url_for("funnel.facts", case=case, done=done), 303)
        except DataError as error:
            began = _stale(case, error, form, "name", began)
    return _facts_page(case, found.typed, began, form, 422)


@blueprint.get("/cases/<case>/company/versions")
@needs("case.read")
def history(case: str) -> Response:
    """Who changed what and when; two versions compared in words."""
    found = versions(engine(), case)
    by_number = {v.number: v for v in found}
    old = by_number.get(request.args.get("old", 0, int))
    new = by_number.get(request.args.get("new", 0, int))
    told = compared(old, new) if old and new else None
    _, began = read_company(engine(), case)
    return case_page(
        "funnel/history.html.j2", case, "data", versions=found[::-1], old=old, new=new,
        told=told, began=began, done=request.args.get("done", ""),
    )  # fmt: skip


@blueprint.post("/cases/<case>/company/versions/<int:number>")
@needs("case.change")
def brought_back(case: str, number: int) -> AnyResponse:
    """Make an older version the one in force, as a new version."""
    if number not in [v.number for v in versions(engine(), case)]:
        abort(404)
    began = request.form.get("began", "")[:16]
    made = bring_back(engine(), case, number, began, _who(), written(now()))
    done = "saved" if made else "same"
    return redirect(url_for("funnel.history", case=case, done=done), 303)


def _who() -> str:
    user = caller().user
    assert user is not None
    return user.name


def _stale(case: str, error: SalesdxError, form: Form, name: str, began: str) -> str:
    """Tell the fault by a field; whoever meets another's edit may save over it."""
    message = in_language(error.message, language())
    problems = [p.text(language()) for p in error.problems[:5]]
    form.wrong(name, "; ".join([message, *problems]))
    return read_company(engine(), case)[1] if isinstance(error, StaleError) else began


def _page(
    case: str, draft: Draft, began: str, form: Form, status: int, unsaved: bool = False
) -> Response:
    known = versions(engine(), case)
    return case_page(
        "funnel/overview.html.j2", case, "data", status, errors=form.errors,
        failed=form.failed, draft=draft, began=began, kinds=KINDS, unsaved=unsaved,
        found=_stages(case, draft), last=known[-1] if known else None,
        done=request.args.get("done", ""),
    )  # fmt: skip


def _stages(case: str, draft: Draft) -> Stages | None:
    """Stages of the data, where the tables are at hand; else they follow later."""
    if not desk().is_ready(case):
        desk().prepare(case)
        if not desk().wait(case, settings().patience):
            return None
    try:
        measured = desk().measured(case).case
    except SalesdxError:
        return None
    return stages_found(measured.arrow, {f.id: [s.id for s in f.stages] for f in draft})


def _facts_page(
    case: str, typed: dict[str, Any], began: str, form: Form, status: int
) -> Response:
    return case_page(
        "funnel/facts.html.j2", case, "data", status, errors=form.errors,
        failed=form.failed, typed=typed, began=began, day_names=DAYS, models=MODELS,
        currencies=CURRENCIES, marks=_marks(), done=request.args.get("done", ""),
        word=t,
    )  # fmt: skip


def _marks() -> dict[str, tuple[str, str]]:
    """Norms by id: their titles and what they are in."""
    lang = language()
    return {
        b.id: (b.title.in_(lang), "%" if b.unit == "ratio" else b.unit)
        for b in desk().knowledge.benchmarks.values()
    }
