"""Respondents of a case: who answered, links for others, answers to agree on."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from salesdx.analysis import Analysis
from salesdx.errors import DataError, UsageError, in_language
from salesdx.explanation.wording import Wording, inside
from salesdx.facts import DIMENSIONS
from salesdx.interview.agenda import Ask
from salesdx.result import Disagreement
from salesdx.storage import links
from salesdx.storage.link_days import DAYS, LONGEST_DAYS
from salesdx.storage.links import Link
from salesdx.web.assessment import told
from salesdx.web.caller import caller, desk, engine, now, settings
from salesdx.web.case_page import case_page, judged
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.page import t
from salesdx.workspace import invitations, respondents
from salesdx.workspace.answer_form import TYPED, read_answer
from salesdx.workspace.talks import FORM, new_key

blueprint = Blueprint("people", __name__)
_FRESH, _SECONDS = "invitation", 600


@blueprint.get("/cases/<case>/people")
@needs("case.read")
def overview(case: str) -> Response:
    """Who answered, links, differences; and the form to invite somebody."""
    return _overview(case, Form())


@blueprint.post("/cases/<case>/people/invite")
@needs("case.invite")
def invite(case: str) -> AnyResponse:
    """Make a link; its address is shown on the next page, and never again."""
    form = Form()
    days = form.text("days", 4)
    if not days.isdigit() or not 1 <= int(days) <= LONGEST_DAYS:
        form.wrong("days", t("people.days-wrong", most=LONGEST_DAYS))
    role, by = _invited(case, form)
    if form.failed:
        return _overview(case, form, 422)
    try:
        made = invitations.invite(
            desk(), case, role=role, by=by, mode=form.text("mode") or "quick",
            days=int(days), now=now(), actor=_actor(),
        )  # fmt: skip
    except (UsageError, DataError) as error:
        form.wrong("who", in_language(error.message, language()))
        return _overview(case, form, 422)
    there = url_for("people.invitation", case=case, link=made.link.id)
    response = redirect(there, 303)
    response.set_cookie(
        _FRESH, made.token, max_age=_SECONDS, path=there, httponly=True,
        secure=settings().secure, samesite="Strict",
    )  # fmt: skip
    return response


@blueprint.get("/cases/<case>/people/links/<link>")
@needs("case.invite")
def invitation(case: str, link: str) -> AnyResponse:
    """The address and its QR code, to send or print; only in the browser that made it.

    The token is nowhere but in a cookie of this page, for ten minutes: who reloads or
    prints it still has it, the database never had it.
    """
    found = _link(case, link)
    token = request.cookies.get(_FRESH, "")
    known = links.by_token(engine(), token) if token else None
    if known is None or known.id != found.id:
        return redirect(url_for("people.overview", case=case), 303)
    address = invitations.address(settings().public or request.host_url, token)
    knowledge = desk().measured(case).knowledge
    return case_page(
        "people/invitation.html.j2", case, "people", link=found, address=address,
        drawing=Markup(invitations.qr_svg(address)),
        role=knowledge.roles[found.role].title, mode=_mode(case, found.mode),
        minutes=invitations.minutes_of(knowledge, found.role, found.mode),
        counted=told.counted,
    )  # fmt: skip


@blueprint.get("/cases/<case>/people/links/<link>/revoke")
@needs("case.invite")
def revoking(case: str, link: str) -> Response:
    """Ask whether a link is to be shut for good."""
    return case_page("people/revoke.html.j2", case, "people", link=_link(case, link))


@blueprint.post("/cases/<case>/people/links/<link>/revoke")
@needs("case.invite")
def revoke(case: str, link: str) -> AnyResponse:
    """Shut it; whoever is in by it is out."""
    links.revoke(engine(), _link(case, link), now(), _actor())
    return redirect(url_for("people.overview", case=case), 303)


@blueprint.post("/cases/<case>/people/links/<link>/reopen")
@needs("case.invite")
def reopen(case: str, link: str) -> AnyResponse:
    """Let the respondent go on."""
    found = _link(case, link)
    if found.state(now()) != "revoked":
        links.reopen(engine(), found, now(), _actor())
    return redirect(url_for("people.overview", case=case), 303)


@blueprint.get("/cases/<case>/people/agree/<question>")
@needs("case.change")
def agreeing(case: str, question: str) -> AnyResponse:
    """What everybody said, and the form for the answer they agree on."""
    found = judged(case)
    row = _dispute(found, question)
    if row is None:
        return redirect(url_for("people.overview", case=case), 303)
    return _agreeing(case, found, row, told.Filled(), new_key(), Form())


@blueprint.post("/cases/<case>/people/agree/<question>")
@needs("case.change")
def agree(case: str, question: str) -> AnyResponse:
    """Keep it, with a note how it came about."""
    found = judged(case)
    row = _dispute(found, question)
    if row is None:
        return redirect(url_for("people.overview", case=case), 303)
    form = Form()
    note = form.needed("note", t("people.note-needed"))
    entry = read_answer(respondents.ask_of(found, row), form.text, form.all, "")
    if isinstance(entry, list):
        form.errors += told.words(entry)
    if isinstance(entry, list) or form.failed:
        filled = told.Filled(form.all("value"), form.text("state") or "answered",
                             form.text("reason"), note)  # fmt: skip
        return _agreeing(case, found, row, filled, form.text("key"), form)
    respondents.agree(desk(), case, entry, now())
    return redirect(url_for("people.overview", case=case), 303)


def _overview(case: str, form: Form, status: int = 200) -> Response:
    found = judged(case)
    roles = found.knowledge.roles
    listed = respondents.people(found, desk().answers(case).file().answers)
    return case_page(
        "people/overview.html.j2", case, "people", status, people=listed,
        links=[_shown(case, found, s) for s in respondents.sent(desk(), case, now())],
        disputes=[_said(found, d) for d in respondents.disputed(found)],
        agreed=[
            {"title": _title(found, a.question, dict(a.about)),
             "value": _value(found, a.question, a.value), "note": a.note}
            for a in respondents.agreed(found)
        ],
        who=[("", t("people.somebody-new")), *(
            (i, _called(found, i)) for i in found.log.respondents)],
        roles=[
            (i, r.title.in_(language())) for i, r in roles.items()
            if invitations.asked_of(found.knowledge, i)
        ],
        modes=_modes(found), days=form.text("days") or DAYS, form=form,
        errors=form.errors, failed=form.failed, erased=request.args.get("erased"),
    )  # fmt: skip


def _invited(case: str, form: Form) -> tuple[str, str]:
    """Role and name: of somebody who is known, or as written for somebody new."""
    who = form.text("who")
    known = desk().answers(case).load(desk().measured(case).knowledge).respondents
    if who and who not in known:
        form.wrong("who", t("people.who-wrong"))
    if who in known:
        return known[who].role, who
    role = form.needed("role", t("people.role-needed"))
    name = form.needed("name", t("people.name-needed"))
    if name in known and known[name].role != role:
        form.wrong("name", t("people.name-taken"))
    return role, name


def _shown(case: str, found: Analysis, row: respondents.Sent) -> dict[str, Any]:
    link = row.link
    return {
        "id": link.id, "by": link.by, "state": row.state,
        "who": _called(found, link.by, link.role),
        "mode": _mode(case, link.mode), "expires": link.expires_at,
        "used": link.used_at, "finished": link.finished_at,
        "consent": row.consent,
    }  # fmt: skip


def _called(found: Analysis, by: str, role: str = "") -> str:
    """`Anna Klimova, head of sales`."""
    person, roles = found.log.respondents.get(by), found.knowledge.roles
    role = person.role if person else role or by
    title = roles[role].title.in_(language()) if role in roles else role
    name = (person.name if person else None) or ("" if by in roles else by)
    return f"{name}, {inside(title)}" if name else title


def _modes(found: Analysis) -> list[tuple[str, str]]:
    model = found.case.company.sales_model
    forms = [
        (FORM + i, t("people.mode.form", title=f.title.in_(language())))
        for i, f in found.knowledge.forms.items()
        if not model or not f.applies_to or model in f.applies_to
    ]
    return [(m, t(f"people.mode.{m}")) for m in invitations.MODES] + forms


def _mode(case: str, mode: str) -> str:
    if not mode.startswith(FORM):
        return t(f"people.mode.{mode}")
    form = desk().measured(case).knowledge.forms.get(mode.removeprefix(FORM))
    title = form.title.in_(language()) if form else mode.removeprefix(FORM)
    return t("people.mode.form", title=title)


def _link(case: str, name: str) -> Link:
    try:
        return invitations.link_of(desk(), case, name)
    except DataError:
        abort(404)


def _actor() -> str:
    user = caller().user
    assert user is not None
    return user.name


def _dispute(found: Analysis, question: str) -> Disagreement | None:
    about = {d: request.args[d] for d in DIMENSIONS if d in request.args}
    return respondents.dispute(found, question, about)


def _said(found: Analysis, row: Disagreement) -> dict[str, Any]:
    """A difference: the question, and who says what."""
    name = row.question
    assert name is not None
    return {
        "question": row.question, "about": row.about, "effect": row.effect,
        "title": _title(found, name, row.about),
        "rows": [
            {"title": _called(found, v.by), "value": _value(found, name, v.value)}
            for v in row.values
        ],
    }  # fmt: skip


def _title(found: Analysis, question: str, about: dict[str, str]) -> str:
    title = found.knowledge.questions[question].title.in_(language())
    return f"{title} ({', '.join(about.values())})" if about else title


def _value(found: Analysis, question: str, value: Any) -> str:
    words = Wording(found.knowledge, found.case.company.currency, {})
    return words.words(question, value, language())


def _agreeing(
    case: str, found: Analysis, row: Disagreement, filled: told.Filled, key: str,
    form: Form,
) -> Response:  # fmt: skip
    ask: Ask = respondents.ask_of(found, row)
    about: dict[str, Any] = dict(row.about)
    asked = ask.question
    return case_page(
        "people/agree.html.j2", case, "people", 422 if form.failed else 200,
        row=_said(found, row), asked=asked, filled=filled, key=key,
        to=url_for("people.agree", case=case, question=asked.id, **about),
        options=told.options(asked), states=_states(asked.type),
        typed=asked.type in TYPED, unit=told.unit(asked, found.case.company.currency),
        errors=form.errors, failed=form.failed,
    )  # fmt: skip


def _states(kind: str) -> list[tuple[str, str]]:
    """People may also agree that nobody knows."""
    nobody = t("people.nobody-knows")
    if kind in TYPED:
        return [("answered", t("assessment.typed")), ("dont_know", nobody)]
    return [("state:dont_know", nobody)]
