"""The reports: choose, read in the browser, download."""

from collections.abc import Callable
from urllib.parse import quote

from flask import Blueprint, Response, abort, request
from sqlalchemy import Engine

from salesdx.analysis import Analysis
from salesdx.compare import Comparison
from salesdx.language import LANGUAGES
from salesdx.render import AUDIENCES, FORMATS
from salesdx.render.html import policy
from salesdx.web.caller import caller, desk, engine
from salesdx.web.case_page import case_page, judged
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.limits import PRINTING, limit
from salesdx.web.page import t
from salesdx.web.runs import named
from salesdx.workspace import saved_runs
from salesdx.workspace.report_files import (
    SHEET_FORMATS,
    Copy,
    File,
    report_file,
    sheet_names,
    worksheets_file,
)

blueprint = Blueprint("reports", __name__)
LAST, NONE = "", "none"  # the newest saved result, or no comparison
_DEAR = ("pdf", "docx", "xlsx")  # each takes up to a second of a processor
# a document apart from ours: no origin, no script, no form, only its own style
_APART = "sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'none'; "


@blueprint.get("/cases/<case>/reports")
@needs("case.download")
def overview(case: str) -> Response:
    """What can be had, for whom, in which language."""
    found = judged(case)
    return case_page(
        "reports/overview.html.j2", case, "reports", formats=list(FORMATS),
        audiences=AUDIENCES, sheets=len(sheet_names(found, desk().look)),
        sheet_formats=SHEET_FORMATS, copy=_copy(), older=_older(case),
        since=request.args.get("since", LAST), kept=saved_runs.is_kept(
            engine(), case, found
        ),
    )  # fmt: skip


def _older(case: str) -> list[tuple[str, str]]:
    """The saved results to compare with, the one that is taken unasked first."""
    found = judged(case)
    runs, _ = saved_runs.saved_runs(engine(), case)
    last = saved_runs.last_other(engine(), case, found, runs)
    if last is None:
        return []
    titles = {r.saved.name: named(r) for r in reversed(runs)}
    rest = [(name, title) for name, title in titles.items() if name != last]
    return [
        (LAST, t("reports.since-last", run=titles[last])), *rest,
        (NONE, t("reports.since-none")),
    ]  # fmt: skip


@blueprint.get("/cases/<case>/reports/read")
@needs("case.download")
def read(case: str) -> Response:
    """The report as a page by itself; it may load and run nothing."""
    found = judged(case)
    copy = _copy()
    made = report_file(found, "html", copy, _since(case, found))
    response = Response(made.content, content_type=made.media_type)
    response.headers["Content-Security-Policy"] = _APART + policy(copy.lang, copy.look)
    response.headers["Content-Language"] = copy.lang
    return response


@blueprint.get("/cases/<case>/reports/file")
@needs("case.download")
def file(case: str) -> Response:
    """A report to take away."""
    fmt = request.args.get("format", "")
    if fmt not in FORMATS:
        abort(404)
    compares = fmt != "json"  # that is the result alone

    def make(found: Analysis) -> File:
        since = _since(case, found) if compares else None
        return report_file(found, fmt, _copy(), since)

    return _sent(case, fmt in _DEAR, make)


@blueprint.get("/cases/<case>/reports/worksheets")
@needs("case.download")
def worksheets(case: str) -> Response:
    """The worksheets of the plan to take away."""
    fmt = request.args.get("format", "docx")
    if fmt not in SHEET_FORMATS:
        abort(404)
    return _sent(case, True, lambda found: worksheets_file(found, fmt, _copy()))


def _sent(case: str, dear: bool, make: Callable[[Analysis], File]) -> Response:
    found = judged(case)
    user = caller().user
    if dear and user is not None:
        limit(PRINTING, user.name)
    made = make(found)
    response = Response(made.content, content_type=made.media_type)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{made.plain}\"; filename*=UTF-8''{quote(made.name)}"
    )
    return response


def _since(case: str, found: Analysis) -> Comparison | None:
    """What changed since the saved result that was asked for, else the newest one."""
    return since_run(engine(), case, found, request.args.get("since", LAST))


def since_run(
    database: Engine, case: str, found: Analysis, wanted: str
) -> Comparison | None:
    """The same for a result by name; one that is not there ends in "not found"."""
    if wanted == NONE:
        return None
    runs, _ = saved_runs.saved_runs(database, case)
    if wanted and wanted not in {r.saved.name for r in runs}:
        abort(404)
    return saved_runs.changed_since(database, case, found, wanted)


def _copy() -> Copy:
    """For whom and how, as asked; what was not asked is as the page itself."""
    lang, audience = request.args.get("lang"), request.args.get("audience")
    return Copy(
        lang if lang in LANGUAGES else language(),
        audience if audience in AUDIENCES else "consultant",
        request.args.get("anonymise") == "yes",
        desk().look,
    )
