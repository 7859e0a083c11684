"""The subjects, and one question a page: GET shows it, POST keeps and goes on."""

from typing import Any

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.answers.file import AnswerEntry
from salesdx.conversation.interview import Interview
from salesdx.facts import DIMENSIONS
from salesdx.interview.agenda import Ask, sections_of
from salesdx.interview.standing import Standing, Switched, place
from salesdx.web.assessment import told
from salesdx.web.assessment.frame import (
    address_of,
    barred,
    blueprint,
    framed,
    open_talk,
    own_link,
    waiting,
)
from salesdx.web.assessment.groups import groups
from salesdx.web.caller import desk
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.limits import ANSWERING
from salesdx.web.pace import keep_pace
from salesdx.web.page import t
from salesdx.workspace import talks
from salesdx.workspace.answer_form import TYPED, read_answer

# Where others have settled the causes, nobody is sent home after two questions: his own
# result would rest on nothing.
LEAST = 10
CHECK = "check"  # where a changed answer came from, and goes back to


@blueprint.get("/assessment")
@needs("answer")
def overview() -> AnyResponse:
    """The subjects with their statuses, minutes left, and where one stopped."""
    stop = barred() or waiting()
    if stop is not None:
        return stop
    talk = open_talk()
    now = talk.standing()
    return framed(
        "assessment/overview.html.j2", talk=talk, now=now,
        left=told.time_left(now.seconds), groups=groups(talk), next=_ahead(now),
        done=len(talk.history()), answered=told.answered(talk),
        gone="gone" in request.args,
    )  # fmt: skip


@blueprint.get("/assessment/q/<question>")
@needs("answer")
def question(question: str) -> AnyResponse:
    """One question."""
    stop = barred() or waiting()
    if stop is not None:
        return stop
    talk = open_talk()
    ask = talks.asked(talk, question, _about())
    if ask is None:
        return _not_asked(talk, question)
    entry = talk.entry(ask) or talk.confirm.get(place(ask))
    page = _shown(talk, ask, told.filled(ask.question, entry), talks.new_key())
    talks.keep(desk(), talk)
    return page


@blueprint.post("/assessment/q/<question>")
@needs("answer")
def answered(question: str) -> AnyResponse:
    """Keep the answer, and go on to what comes next."""
    stop = barred()
    if stop is not None:
        return stop
    keep_pace(ANSWERING, own_link().id)
    talk, form = open_talk(), Form()
    ask = talks.asked(talk, question, _about())
    if ask is None:
        return _not_asked(talk, question)
    found = read_answer(ask, form.text, form.all, talk.by)
    if isinstance(found, list):
        form.errors += told.words(found)
        return _shown(talk, ask, _sent(form), form.text("key"), form)
    twice = _said_meanwhile(talk, ask, found, form.text("seen"))
    edited = talk.former(ask) is not None
    changed = talks.answer(talk, ask, found)
    where = _next(talk, ask, changed if edited else None, twice)
    talks.keep(desk(), talk)
    return redirect(where, 303)


@blueprint.get("/assessment/enough")
@needs("answer")
def enough() -> AnyResponse:
    """The rest would change little: finish now, or go on."""
    stop = barred() or waiting()
    if stop is not None:
        return stop
    talk = open_talk()
    now = talk.standing()
    if now.stop is None or now.next is None:
        return redirect(url_for("assessment.overview"), 303)
    return framed("assessment/enough.html.j2", now=now, next=address_of(now.next, on=1))


def _ahead(now: Standing) -> str:
    """Where to go on: the next question, or what there is to check."""
    if now.next is None or (now.coming and now.answered):
        return url_for("assessment.check")
    return address_of(now.next)


def _about() -> dict[str, str]:
    return {d: request.args[d] for d in DIMENSIONS if d in request.args}


def _not_asked(talk: Interview, name: str) -> AnyResponse:
    """Not (any more) a question for this respondent; one that never was is no page."""
    if name not in talk.knowledge.questions:
        abort(404)
    return redirect(url_for("assessment.overview", gone=1), 303)


def _shown(
    talk: Interview, ask: Ask, filled: told.Filled, key: str, form: Form | None = None
) -> Response:  # fmt: skip
    now = talk.standing()
    asked, model = ask.question, talk.ground.case.company
    section = sections_of(talk.knowledge).get(asked.id, "")
    sheet = talk.knowledge.questionnaires.get(section)
    former = talk.former(ask)
    again = talks.former_text(talk, ask)
    return framed(
        "assessment/question.html.j2", 422 if form else 200, ask=ask, asked=asked,
        typed=asked.type in TYPED, filled=filled, key=key,
        place=talk.place(ask, language()), options=told.options(asked),
        states=told.states(asked),
        unit=told.unit(asked, model.currency), section=sheet.title if sheet else None,
        counter=_counter(talk, now), left=told.time_left(now.seconds),
        back=_before(talk, ask), to=_here(ask), seen=talks.times_said(talk, ask),
        now_said=told.said(talk, ask, former) if former else "", again=again,
        draft=f"{own_link().id}:{asked.id}:{','.join(v for _, v in ask.about)}",
        errors=form.errors if form else [], failed=form is not None,
        **notes_of(talk),
    )  # fmt: skip


def _counter(talk: Interview, now: Standing) -> str:
    """`3 of 18`, where the list is fixed."""
    if not talk.counted:
        return ""
    done = told.answered(talk)
    return t("assessment.counter", n=done + 1, of=done + len(now.left))


def _here(ask: Ask) -> str:
    kept = {k: request.args[k] for k in ("back", "on") if k in request.args}
    return address_of(ask, **kept)


def _before(talk: Interview, ask: Ask) -> str:
    """Where back leads: the answer before this one, or the list of subjects."""
    if request.args.get("back") == CHECK:
        return url_for("assessment.check")
    history = [place(a) for a in talk.history()]
    here = history.index(place(ask)) if place(ask) in history else len(history)
    if here == 0:
        return url_for("assessment.overview")
    return address_of(talk.history()[here - 1])


def _sent(form: Form) -> told.Filled:
    return told.Filled(
        form.all("value"), form.text("state") or "answered", form.text("reason"),
        form.text("note"), form.text("confidence") or "sure",
    )  # fmt: skip


def _said_meanwhile(
    talk: Interview, ask: Ask, entry: AnswerEntry, seen: str
) -> bool:  # fmt: skip
    """Whether another window has answered since this form was shown: the last wins."""
    if not seen.isdigit() or int(seen) >= talks.times_said(talk, ask):
        return False
    entries = talk.entries(ask)
    if any(e.key == entry.key for e in entries):
        return False
    last = entries[-1]
    return (last.state, last.value) != (entry.state, entry.value)


def _next(talk: Interview, ask: Ask, changed: Switched | None, twice: bool) -> str:
    """What to show after an answer; notes go along as counts, answers never."""
    notes: dict[str, Any] = {}
    if changed and (n := changed.asked_no_more + changed.read_no_more):
        notes["off"] = n
    if twice:
        notes["twice"] = ask.question.id
    if request.args.get("back") == CHECK:
        return url_for("assessment.check", **notes)
    on = "on" in request.args
    now = talk.standing()
    if now.next is None or now.coming:
        return url_for("assessment.check", **notes)
    if now.stop is not None and not on and told.answered(talk) >= LEAST:
        return url_for("assessment.enough")
    return address_of(now.next, **notes, **({"on": 1} if on else {}))


def notes_of(talk: Interview) -> dict[str, Any]:
    """What is to be said about the answer before, by the address of this page."""
    return {"off": _number("off"), "twice": _twice(talk)}


def _number(name: str) -> int:
    """A count that came along in the address; it is only ever shown."""
    given = request.args.get(name, "")
    return min(int(given), 999) if given.isdigit() and len(given) < 4 else 0


def _twice(talk: Interview) -> dict[str, str] | None:
    """The question that two windows have answered, and how to change it."""
    asked = talk.knowledge.questions.get(request.args.get("twice", ""))
    if asked is None:
        return None
    return {
        "title": asked.title.in_(language()), "url": address_of(Ask(asked), back=CHECK)
    }  # fmt: skip
