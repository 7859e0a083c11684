"""The planning meeting: the agenda, a page for each finding, the protocol (P-06)."""

import hashlib
from typing import Any

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.answers.typed_values import day
from salesdx.answers.values import BadValue, read_value
from salesdx.render.protocol import write as write_protocol
from salesdx.render.words import Words
from salesdx.result import MeetingRow
from salesdx.storage.moments import written
from salesdx.web.caller import desk, now
from salesdx.web.case_page import case_page, waiting
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.page import t
from salesdx.workspace import meeting_pages as held
from salesdx.workspace.meeting_pages import FIELDS, Finding, Meeting, Meetings
from salesdx.workspace.naming import who
from salesdx.workspace.talks import new_key

blueprint = Blueprint("meeting", __name__)
_AT = "/cases/<case>/meeting"


@blueprint.get(_AT)
@needs("case.read")
def overview(case: str) -> Response:
    """The agenda: what lags beyond chance, by state and money."""
    wait = waiting(case)
    if wait:
        return wait
    meeting = _meetings().of(case)
    words = _words(meeting)
    states = [
        (state, [_row(case, f, words) for f in meeting.findings
                 if f.loss.state == state])
        for state in ("confirmed", "suspected")
    ]  # fmt: skip
    priced = sum(f.loss.money is not None for f in meeting.findings)
    return case_page(
        "meeting/agenda.html.j2", case, "meeting",
        states=[(state, rows) for state, rows in states if rows],
        compared=bool(meeting.document.losses), by_chance=meeting.quiet,
        overlap=priced > 1, said=len(meeting.document.meeting),
        settled=sum(f.settled for f in meeting.findings),
        total=len(meeting.findings),
        first=next((_url(case, f) for f in meeting.findings if not f.said), ""),
    )  # fmt: skip


@blueprint.get(f"{_AT}/protocol")
@needs("case.read")
def protocol(case: str) -> Response:
    """What was decided: who does what by when, then finding by finding."""
    wait = waiting(case)
    if wait:
        return wait
    meeting = _meetings().of(case)
    words, rows = _words(meeting), meeting.document.meeting
    places = {f.loss.id: f for f in meeting.findings}
    return case_page(
        "meeting/protocol.html.j2", case, "meeting",
        decided=[
            {"what": r.what, "who": r.who, "until": r.until, "place": _place(r, words)}
            for r in held.decided(rows)
        ],
        found=[
            {
                "place": _place(r, words), "listed": r.listed,
                "url": _url(case, places[r.finding]) if r.finding in places else "",
                "figure": (
                    _figure(places[r.finding], words) if r.finding in places else ""
                ),
                "said": _said(r, meeting, words),
            }
            for r in rows
        ],
    )  # fmt: skip


@blueprint.get(f"{_AT}/protocol.md")
@needs("case.download")
def protocol_file(case: str) -> Response:
    """The protocol as a file."""
    wait = waiting(case)
    if wait:
        return wait
    content = write_protocol(_meetings().of(case).document, language())
    response = Response(content, mimetype="text/markdown")
    name = t("meeting.file", case=case)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.get(f"{_AT}/<finding>")
@needs("case.read")
def finding(case: str, finding: str) -> Response:
    """One finding with the six questions."""
    wait = waiting(case)
    if wait:
        return wait
    meeting = _meetings().of(case)
    found = meeting.at(finding) or abort(404)
    by = request.args.get("by", "")
    by = by if by in meeting.speakers() else _speaker(meeting, found)
    shown = meeting.words_of(found, by)
    return _page(case, meeting, found, by, shown, Form(), new_key())


@blueprint.post(f"{_AT}/<finding>")
@needs("case.change")
def record(case: str, finding: str) -> AnyResponse:
    """Keep what was said of a finding, as answers about it."""
    meeting = _meetings().of(case)
    found = meeting.at(finding) or abort(404)
    form = Form()
    said = {n: form.all(n) if n in ("reasons", "explained") else form.text(n)
            for n in FIELDS}  # fmt: skip
    said["until"] = day(str(said["until"]))
    by, shown_of = form.text("by"), form.text("shown")
    if by not in meeting.speakers():
        form.wrong("by", t("meeting.fault.by"))
    knowledge = desk().measured(case).knowledge
    for name in found.fields:
        given = said[name]
        read = read_value(knowledge.questions[FIELDS[name]], given) if given else None
        if isinstance(read, BadValue):
            form.wrong(name, t(f"meeting.fault.{name}"))
    if form.failed:
        return _page(case, meeting, found, by, said, form, form.text("key"))
    shown = meeting.words_of(found, shown_of)
    rows = held.entries(found, by, said, shown, _key(form, said), written(now()))
    if rows:
        desk().answers(case).append(rows)
    following = meeting.beside(found, 1)
    if form.text("then") == "stay":
        return redirect(_url(case, found, by=by, saved="yes"), 303)
    if following is None:
        return redirect(url_for("meeting.protocol", case=case), 303)
    return redirect(_url(case, following, saved=found.address), 303)


def _key(form: Form, said: dict[str, Any]) -> str:
    """A form sent twice counts once; the same form with other words is another."""
    told = repr((form.text("key"), sorted(said.items())))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _page(
    case: str, meeting: Meeting, found: Finding, by: str, said: Any, form: Form,
    key: str,
) -> Response:  # fmt: skip
    words, lang = _words(meeting), language()
    knowledge = desk().measured(case).knowledge
    questions = {name: knowledge.questions[FIELDS[name]] for name in found.fields}
    people, roles = meeting.log.respondents, meeting.roles
    given = {n: ([] if n in ("reasons", "explained") else "") for n in FIELDS} | said
    before, after = meeting.beside(found, -1), meeting.beside(found, 1)
    earlier = meeting.at(request.args.get("saved", ""))
    return case_page(
        "meeting/finding.html.j2", case, "meeting", 422 if form.failed else 200,
        failed=form.failed, errors=form.errors, key=key, given=given, by=by,
        row=_row(case, found, words), questions=questions,
        action=_url(case, found), total=len(meeting.findings),
        titles={n: t(f"meeting.field.{n}") for n in FIELDS},
        speakers=[(s, who(s, people, roles, lang)) for s in meeting.speakers()],
        said=[
            {"by": r.by, "rows": _said(r, meeting, words)} for r in found.said
        ],
        previous=_url(case, before) if before else "",
        following=_url(case, after) if after else "",
        saved=_place_of(earlier, words) if earlier else "",
        saved_here=request.args.get("saved") == "yes",
        draft=f"{case}:meeting:{found.address}",
    )  # fmt: skip


def _speaker(meeting: Meeting, found: Finding) -> str:
    """Whose words of this finding to show first: the last speaker of the meeting."""
    last = meeting.speaker()
    said = [r.by for r in found.said]
    return said[0] if said and last not in said else last


def _row(case: str, found: Finding, words: Words) -> dict[str, Any]:
    loss, where = found.loss, words.where(found.loss.slice)
    unit = loss.unit or words.units.get(loss.metric, "")
    interval = found.figure.interval if found.figure else None
    return {
        "number": found.number, "url": _url(case, found), "state": loss.state,
        "who": words.slice_name(loss.slice), "where": where[:1].upper() + where[1:],
        "title": words.text(loss.measure or loss.title),
        "actual": words.quantity(loss.actual, unit),
        "norm": words.quantity(loss.norm, unit),
        "norm_of": words.text(loss.norm_of) if loss.norm_of else "",
        "interval": words.interval(interval, unit), "n": words.number(loss.n, 0),
        "money": words.short(loss.money.expected) if loss.money else "",
        "span": words.span(loss.money) if loss.money else "",
        "share": words.percent(loss.share, 0) if loss.share is not None else "",
        "ratio": loss.share or 0.0,
        "area": words.text(loss.area_title) if loss.area_title else "",
        "settled": found.settled, "said": bool(found.said),
        "todo": [r.what for r in found.said if r.what],
    }  # fmt: skip


def _figure(found: Finding, words: Words) -> str:
    row = _row("", found, words)
    against = t("meeting.against", actual=row["actual"], norm=row["norm"])
    return f"{against} · {row['money']}" if row["money"] else against


def _place(row: MeetingRow, words: Words) -> str:
    return f"{words.slice_name(row.slice)}: {words.text(row.title)}"


def _place_of(found: Finding, words: Words) -> str:
    loss = found.loss
    return f"{words.slice_name(loss.slice)}: {words.text(loss.measure or loss.title)}"


def _said(row: MeetingRow, meeting: Meeting, words: Words) -> list[dict[str, str]]:
    """Label and text of all that one speaker said of a finding."""
    lang = language()
    told = [
        ("why", row.why),
        ("reasons", words.text(row.reasons_shown) if row.reasons_shown else ""),
        ("explained", words.text(row.explained_shown) if row.explained_shown else ""),
        ("what", row.what), ("who", row.who),
        ("until", words.iso(row.until) if row.until else ""),
    ]  # fmt: skip
    rows = [{"title": t(f"meeting.said.{n}"), "value": v} for n, v in told if v]
    by = who(row.by, meeting.log.respondents, meeting.roles, lang)
    return [*rows, {"title": t("meeting.said.by"), "value": by}]


def _words(meeting: Meeting) -> Words:
    return Words(meeting.document, language())


def _url(case: str, found: Finding, **query: Any) -> str:
    return url_for(
        "meeting.finding", case=case or "-", finding=found.address, **query
    )  # fmt: skip


def _meetings() -> Meetings:
    """What remembers the findings of a case."""
    kept = current_app.extensions
    if "salesdx.meetings" not in kept:
        kept["salesdx.meetings"] = Meetings(desk())
    found: Meetings = kept["salesdx.meetings"]
    return found
