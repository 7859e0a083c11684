"""What is found, through the API: the result document and the reports."""

from flask import Response, abort, url_for

from salesdx.render import FORMATS, render
from salesdx.result import ResultDocument
from salesdx.web.api.cases import user
from salesdx.web.api.models import ReportQuery, State
from salesdx.web.api.operations import Operation, Reply, blueprint, operation
from salesdx.web.api.waiting import AGAIN_S, is_measured
from salesdx.web.caller import desk, engine
from salesdx.web.guard import needs
from salesdx.web.limits import PRINTING, limit
from salesdx.web.reports import since_run

_MEDIA = tuple(dict.fromkeys(f.media_type for f in FORMATS.values()))


@blueprint.post("/cases/<case>/diagnose")
@needs("case.read")
@operation(Operation(
    "Begin to measure a case, so that its result is there sooner",
    {200: State, 202: State},
))  # fmt: skip
def diagnose(case: str) -> Reply:
    """Changes nothing: the result is always that of the moment it is asked for."""
    return _state(case, "ready", 200) if is_measured(case) else _measuring(case)


@blueprint.get("/cases/<case>/result")
@needs("case.read")
@operation(Operation(
    "The result document, by all that was answered up to now",
    {200: ResultDocument, 202: State},
))  # fmt: skip
def result(case: str) -> ResultDocument | Reply:
    """salesdx/result/1, or 202 while the figures are measured."""
    if not is_measured(case):
        return _measuring(case)
    return desk().analysis(case).document


@blueprint.get("/cases/<case>/reports/<format_>")
@needs("case.download")
@operation(Operation(
    "A report as a file", {200: _MEDIA, 202: State}, query=ReportQuery,
))  # fmt: skip
def report(case: str, format_: str, query: ReportQuery) -> Response | Reply:
    """In one of the formats html, pdf, docx, xlsx, md, json."""
    if format_ not in FORMATS:
        abort(404)
    if not is_measured(case):
        return _measuring(case)
    limit(PRINTING, user().name)
    document = desk().analysis(case).document
    hidden = query.anonymise == "true"
    made = FORMATS[format_]
    since = None
    if format_ != "json":  # that is the result alone
        since = since_run(engine(), case, desk().analysis(case), query.since)
    content = render(document, format_, query.lang, query.audience, hidden, since)
    name = f"report-{query.audience}-{query.lang}{made.suffix}"
    return Response(content, 200, {
        "Content-Type": made.media_type,
        "Content-Disposition": f'attachment; filename="{name}"',
    })  # fmt: skip


def _measuring(case: str) -> Reply:
    return _state(case, "measuring", 202, {"Retry-After": str(AGAIN_S)})


def _state(
    case: str, state: str, status: int, headers: dict[str, str] | None = None
) -> Reply:
    place = url_for("api.result", case=case)
    body = State.model_validate({"state": state, "result": place})
    return Reply(body, status, headers or {})
