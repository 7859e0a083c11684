"""Saved results: keep one, take it away, compare any two."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.analysis import Analysis
from salesdx.compare import sentence
from salesdx.compare.sections import changes, main_figures, state_word
from salesdx.compare.words import dimension
from salesdx.errors import SalesdxError, in_language
from salesdx.language import date
from salesdx.plan_edits import Edit
from salesdx.render.charts.then_and_now import Legend
from salesdx.render.plan_files.steps import plan_on
from salesdx.render.since_chart import drawing
from salesdx.render.words import Words
from salesdx.result import EditState
from salesdx.storage import moments
from salesdx.web.caller import caller, desk, engine, now
from salesdx.web.case_page import case_page, judged
from salesdx.web.download import download
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.page import t
from salesdx.workspace import saved_runs
from salesdx.workspace.plans import today
from salesdx.workspace.saved_runs import NOW, Run

blueprint = Blueprint("runs", __name__)


@blueprint.get("/cases/<case>/runs")
@needs("case.read")
def overview(case: str) -> Response:
    """The saved results, and what changed since the last of them."""
    found = judged(case)
    runs, wrong = saved_runs.saved_runs(engine(), case)
    last = saved_runs.last_other(engine(), case, found, runs)
    company, since = found.document.case.name, None
    if last is not None:
        since = sentence(saved_runs.compared(engine(), case, found, last))
    return case_page(
        "runs/overview.html.j2", case, "runs", runs=list(reversed(runs)), last=last,
        wrong=[_told(w) for w in wrong], since=since,
        kept=saved_runs.name_of(found.document) in {r.saved.name for r in runs},
        saved=request.args.get("saved", ""), choices=_choices(runs),
        fits={r.saved.name for r in runs if r.saved.company == company},
    )  # fmt: skip


@blueprint.post("/cases/<case>/runs")
@needs("case.change")
def save(case: str) -> AnyResponse:
    """Keep the result as it is now; the same result twice is one."""
    user = caller().user
    assert user is not None
    document = desk().analysis(case).document
    _, new = saved_runs.save(
        engine(), case, document, actor=user.name, at=moments.written(now())
    )
    said = "new" if new else "same"
    return redirect(url_for("runs.overview", case=case, saved=said), 303)


@blueprint.get("/cases/<case>/runs/compare")
@needs("case.read")
def compared(case: str) -> AnyResponse:
    """Two results side by side; without a choice the last saved one and now."""
    found = judged(case)
    runs, _ = saved_runs.saved_runs(engine(), case)
    then = request.args.get("then") or saved_runs.last_other(
        engine(), case, found, runs
    )
    if then is None:
        return redirect(url_for("runs.overview", case=case), 303)
    latest = request.args.get("now") or NOW
    known = {r.saved.name for r in runs} | {NOW}
    if not {then, latest} <= known:
        abort(404)
    comparison = saved_runs.compared(engine(), case, found, then, latest)
    document = saved_runs.result(engine(), case, found, latest)
    words = Words(document, language())
    legend = Legend(*(t(f"runs.mark.{m}") for m in ("then", "now", "better", "worse")))
    drawn = main_figures(comparison, document)
    chart = drawing(drawn, words, t("runs.chart"), legend, t("runs.noise"))
    return case_page(
        "runs/compared.html.j2", case, "runs", it=comparison, rows=changes(comparison),
        words=words, chart=chart.svg() if chart else "", drawn=drawn, then=then,
        latest=latest, choices=_choices(runs), state_word=state_word,
        dimension=dimension, stands=_stands(found) if latest == NOW else {},
    )  # fmt: skip


@blueprint.get("/cases/<case>/runs/<name>")
@needs("case.download")
def saved(case: str, name: str) -> Response:
    """A saved result as JSON, byte for byte."""
    found = saved_runs.bytes_of(engine(), case, name)
    if found is None:
        abort(404)
    return download(found, name, "application/json")


def _stands(found: Analysis) -> dict[str, EditState]:
    """How the actions stand today: the result tells it by its own day."""
    plan = plan_on(found.document, today(found.case.company, now()))
    return {s.id: s.state for s in (*plan.steps, *plan.past) if s.edit != Edit()}


def _choices(runs: list[Run]) -> list[tuple[str, str]]:
    """What can be compared, newest first."""
    return [(NOW, t("runs.now")), *((r.saved.name, named(r)) for r in reversed(runs))]


def named(run: Run) -> str:
    """`30 Jun 2026, saved 27 Nov 2026`, and the mark that tells two of a day apart."""
    day, mark = run.day, run.saved.name.removesuffix(".json")[-4:]
    told = date(day, language()) if day else t("runs.no-day")
    if run.saved.saved is None:
        return t("runs.named", day=told, mark=mark)
    at = date(run.saved.saved.date(), language())
    return t("runs.named-at", day=told, at=at, mark=mark)


def _told(error: SalesdxError) -> str:
    return in_language(error.message, language())
