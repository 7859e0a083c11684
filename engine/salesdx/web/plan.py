"""The plan: what to do, who does it until when, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from salesdx.analysis import Analysis
from salesdx.errors import in_language
from salesdx.plan_edits import BadEditError, Edit
from salesdx.render import AUDIENCES, plan_files
from salesdx.render.charts import timeline
from salesdx.render.plan_files.steps import WANTED, Plan, Step, Wanted, plan_on
from salesdx.render.words import Words
from salesdx.render.worksheets import fit
from salesdx.storage import case_moments, moments
from salesdx.web.caller import caller, desk, engine, now
from salesdx.web.case_page import case_page, judged
from salesdx.web.download import download
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import inside, language
from salesdx.web.page import t
from salesdx.workspace import plan_sheets
from salesdx.workspace.plan_editing import (
    EVENT,
    Change,
    StaleEditError,
    change,
    mark_of,
)
from salesdx.workspace.plans import moved, people, today

blueprint = Blueprint("plan", __name__)


@dataclass
class _EditForm(Form):
    """A form of an action; `theirs` is what somebody else has set meanwhile."""

    theirs: Edit | None = None


_FIELDS = ("owner", "start", "due", "done", "note")


@blueprint.get("/cases/<case>/plan")
@needs("case.read")
def overview(case: str) -> Response:
    """All actions; of one owner or in one state if asked."""
    found = judged(case)
    plan, (owner, wanted) = _plan(found), _asked()
    steps, document = plan.of(owner, wanted), found.document
    words = Words(document, language())
    drawn = moved([s for s in steps if s.state != "dropped"], found.case.company.as_of)
    user = caller().name
    return case_page(
        "plan/overview.html.j2", case, "plan", plan=plan, steps=steps, owner=owner,
        wanted=wanted, groups=plan.by_horizon(steps), words=words, document=document,
        chart=timeline.draw(drawn, words).svg() if drawn else "",
        mine=any(o.is_called(user) for o in plan.owners), user=user,
        states=WANTED, cause_url=_cause_url(case),
    )  # fmt: skip


@blueprint.get("/cases/<case>/plan.<any(csv, ics, xlsx):fmt>")
@needs("case.download")
def export(case: str, fmt: str) -> Response:
    """The actions asked for, for a task tracker or a calendar."""
    found, version = desk().analysis(case), desk().version(case)
    audience = request.args.get("audience")
    document = fit(
        found.document, audience if audience in AUDIENCES else "consultant",
        request.args.get("anonymise") == "yes",
    )  # fmt: skip
    changed = case_moments.last(engine(), case, EVENT) or version.added_at
    plan = plan_on(document, today(found.case.company, now()))
    asked = plan_files.PlanFile(
        document, plan.of(*_asked()), language(), f"{case} {version.added_at}",
        moments.read(changed),
    )  # fmt: skip
    made, kind = plan_files.write(asked, fmt), plan_files.FORMATS[fmt]
    return download(made, f"{case}-plan{kind.suffix}", kind.media_type)


@blueprint.get("/cases/<case>/plan/<action>")
@needs("case.read")
def action(case: str, action: str) -> Response:
    """One action: why, how, what it should move, and how it stands."""
    found = judged(case)
    step = _step(found, action)
    return _shown(case, found, step, step.edit)


@blueprint.post("/cases/<case>/plan/<action>")
@needs("case.change")
def edit(case: str, action: str) -> AnyResponse:
    """Set what the form says; `do` tells which of its buttons was pressed."""
    found, form = desk().analysis(case), _EditForm()
    step, how = _step(found, action), form.text("do")
    values: dict[str, str | None] = {n: form.text(n) for n in _FIELDS}
    if how == "done":
        values = {"done": today(found.case.company, now()).isoformat()}
    elif how == "drop":
        why = form.needed("dropped", t("plan.drop-why"))
        values = {"dropped": why, "done": None}
    elif how == "back":
        values = {"dropped": None, "done": None}
    if not form.failed and _set(case, found, step, form, values):
        return redirect(url_for("plan.action", case=case, action=action, saved=1), 303)
    return _shown(case, found, step, _typed(step), form)


@blueprint.post("/cases/<case>/plan/<action>/done")
@needs("case.change")
def done(case: str, action: str) -> AnyResponse:
    """Done today, from the list; what is done already stays as it is."""
    found, form = desk().analysis(case), _EditForm()
    step = _step(found, action)
    if not step.is_left:
        return redirect(inside(form.text("back")), 303)
    day = today(found.case.company, now()).isoformat()
    if _set(case, found, step, form, {"done": day}):
        return redirect(inside(form.text("back")), 303)
    return _shown(case, found, step, step.edit, form)


@blueprint.get("/cases/<case>/plan/<action>/sheets/<sheet>.<form>")
@needs("case.download")
def worksheet(case: str, action: str, sheet: str, form: str) -> Response:
    """A worksheet of an action, filled from the case."""
    found = desk().analysis(case)
    step = _step(found, action)
    sheets = plan_sheets.sheets_of(found, step.action, desk().look)
    if form not in plan_sheets.FORMS or sheet not in {s.id for s in sheets}:
        abort(404)
    made = plan_sheets.written(found, sheet, form, language(), desk().look)
    return download(made, f"{sheet}-{language()}.{form}", plan_sheets.FORMS[form])


def _plan(found: Analysis) -> Plan:
    return plan_on(found.document, today(found.case.company, now()))


def _asked() -> tuple[str, Wanted]:
    """Whose actions, and how they stand; what nobody offers asks for nothing."""
    owner, wanted = request.args.get("owner", ""), request.args.get("state", "")
    return owner[:200], wanted if wanted in WANTED else ""


def _step(found: Analysis, action: str) -> Step:
    step = _plan(found).step(action)
    if step is None:
        abort(404)
    return step


def _set(
    case: str, found: Analysis, step: Step, form: _EditForm,
    values: dict[str, str | None],
) -> bool:  # fmt: skip
    """Write the change; else the form knows what is wrong."""
    user = caller().user
    assert user is not None
    how = Change(
        actor=user.name, at=moments.written(now()), as_of=found.case.company.as_of,
        today=today(found.case.company, now()), seen=form.text("seen") or None,
    )  # fmt: skip
    try:
        change(engine(), case, step.id, how, values)
    except BadEditError as error:
        for name, what in error.faults.items():
            form.wrong(name or "owner", in_language(what, language()))
    except StaleEditError as error:
        form.theirs = error.now
        form.wrong("theirs", t("plan.stale"))
    return not form.failed


def _typed(step: Step) -> dict[str, Any]:
    """What the form holds: values stay, also those that will not do."""
    typed = {n: request.form[n] for n in (*_FIELDS, "dropped") if n in request.form}
    return {**step.edit.model_dump(), **typed}


def _shown(
    case: str, found: Analysis, step: Step, values: Edit | dict[str, Any],
    form: _EditForm | None = None,
) -> Response:  # fmt: skip
    document, theirs = found.document, form.theirs if form else None
    if isinstance(values, Edit):
        values = values.model_dump()
    status = 200 if form is None else 409 if theirs else 422
    causes = step.action.causes if step.action else []
    return case_page(
        "plan/action.html.j2", case, "plan", status, step=step, failed=form is not None,
        values={n: "" if v is None else str(v) for n, v in values.items()},
        errors=form.errors if form else [], theirs=theirs,
        seen=mark_of(theirs or step.edit), saved="saved" in request.args,
        rows=[c for c in document.causes if c.id in causes and c.verdict == "likely"],
        words=Words(document, language()), document=document,
        sheets=plan_sheets.sheets_of(found, step.action, desk().look),
        people=people(found.log, found.knowledge),
        cause_url=_cause_url(case),
    )  # fmt: skip


def _cause_url(case: str) -> Callable[[str], str]:
    """Where a cause is laid open; nowhere on a server without those pages."""
    there = "causes.cause" in current_app.view_functions

    def url(cause: str) -> str:
        return url_for("causes.cause", case=case, cause=cause) if there else ""

    return url
