"""One question of an interview: asked, answered, and what the answer has changed."""

import hashlib
from typing import Any

from flask import Response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from salesdx.answers.file import AnswerEntry
from salesdx.answers.values import bounds
from salesdx.interview.agenda import Ask
from salesdx.interview.standing import Switched, place
from salesdx.web import interview_words as words
from salesdx.web.case_page import case_page, waiting
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.interview_talk import (
    TALK,
    Held,
    blueprint,
    held,
    leave,
    live,
    people_url,
)
from salesdx.web.language import language
from salesdx.web.page import t
from salesdx.workspace import guided
from salesdx.workspace.answer_form import NONE, read_answer
from salesdx.workspace.talks import answer, former_text, new_key

_CHANGES = ("fewer", "more", "off", "on")  # in the order of Switched


@blueprint.get(f"{TALK}/q/<asked>")
@needs("case.change")
def question(case: str, who: str, mode: str, asked: str) -> AnyResponse:
    """Ask it."""
    wait = waiting(case)
    if wait:
        return wait
    here = held(case, who, mode)
    ask = guided.at(here.talk, asked)
    if ask is None:
        return redirect(here.url(gone="yes"), 303)
    entry = here.talk.entry(ask) or here.talk.confirm.get(place(ask))
    shown = _page(here, ask, words.fields(entry), Form(), new_key())
    leave(here)
    return shown


@blueprint.post(f"{TALK}/q/<asked>")
@needs("case.change")
def save(case: str, who: str, mode: str, asked: str) -> AnyResponse:
    """Keep an answer and go on."""
    here = held(case, who, mode)
    ask = guided.at(here.talk, asked)
    if ask is None:
        return redirect(here.url(gone="yes"), 303)
    form = Form()
    entry = read_answer(ask, form.text, form.all, here.talk.by)
    if not isinstance(entry, AnswerEntry):
        for fault in entry:
            form.wrong(fault.field, words.fault(fault, ask.question))
        return _page(here, ask, _sent(form), form, form.text("key") or new_key())
    was_coming = here.talk.standing().coming
    changed = answer(here.talk, ask, _sealed(entry))
    there = _on(here, ask, entry, changed, was_coming)
    leave(here)
    return redirect(there, 303)


def _on(
    here: Held, ask: Ask, entry: AnswerEntry, changed: Switched, coming: bool
) -> str:
    """The next question; the talk as a whole where only what was put off is left."""
    said = {
        "said": guided.of_ask(ask),
        **{k: str(n) for k, n in zip(_CHANGES, _counts(changed), strict=True) if n},
    }
    following = here.talk.standing().next
    again = coming and entry.state == "later"
    if following is None or again or following == ask:
        return here.url(**said)
    return here.url_of(following, **said)


def _counts(changed: Switched) -> tuple[int, int, int, int]:
    return (
        changed.asked_no_more, changed.asked_now, changed.read_no_more,
        changed.read_again,
    )  # fmt: skip


def _sealed(entry: AnswerEntry) -> AnswerEntry:
    """The same with a key of its form and content.

    Sent twice it counts once; the same form sent with another answer is another.
    """
    if not entry.key:
        return entry
    told = entry.model_dump_json()
    return entry.model_copy(
        update={"key": hashlib.sha256(told.encode()).hexdigest()[:16]}
    )


def _sent(form: Form) -> dict[str, Any]:
    names = ("value", "confidence", "note", "evidence", "reason", "state")
    return {**{n: form.text(n) for n in names}, "values": form.all("value")}


def after(here: Held) -> dict[str, Any] | None:
    """What the answer just given has changed, and who says something else."""
    said = request.args.get("said", "")
    ask = guided.at(here.talk, said) if said else None
    if ask is None or here.talk.former(ask) is None:
        return None
    counts = {k: request.args.get(k, 0, int) for k in _CHANGES}
    return {
        "title": words.title(here.talk, ask), "url": here.url_of(ask),
        "given": words.given(here.talk, ask),
        "differs": guided.differs(here.talk, ask, language()),
        "switched": [t(f"interview.switched.{k}", n=n) for k, n in counts.items() if n],
    }  # fmt: skip


def _page(
    here: Held, ask: Ask, given: dict[str, Any], form: Form, key: str
) -> Response:
    talk, lang, now = here.talk, language(), here.talk.standing()
    leading = live().of(here.case, talk)
    before = former_text(talk, ask)
    return case_page(
        "interview/question.html.j2", here.case, "interview",
        422 if form.failed else 200,
        talk_url=here.url(), who=here.name, mode=talk.mode, action=here.url_of(ask),
        failed=form.failed, errors=form.errors, given=given, key=key,
        draft=f"{here.case}:{here.who}:{guided.of_ask(ask)}",
        question=ask.question, title=words.title(talk, ask),
        subject=guided.subject(talk, ask, lang), options=_options(ask),
        former=words.given(talk, ask), before=before.in_(lang) if before else "",
        reason=talk.reason(ask, lang), again=place(ask) in now.put_off,
        differs=guided.differs(talk, ask, lang), after=after(here),
        beside=words.listed(here, guided.beside(talk, ask)),
        previous=_previous(here, ask), left=words.left(now), stop=now.stop,
        candidates=words.candidates(here, now, ask), leading=leading,
        causes=words.causes(here, leading), sections=words.sections(here, now),
        people_url=people_url(here.case),
    )  # fmt: skip


def _options(ask: Ask) -> list[tuple[str, str]]:
    """What may be chosen; nothing where it is typed."""
    asked, lang = ask.question, language()
    match asked.type:
        case "yesno":
            return [("yes", t("interview.yes")), ("no", t("interview.no"))]
        case "scale":
            low, high = (int(b) for b in bounds(asked))
            return [(str(n), str(n)) for n in range(low, high + 1)]
        case "enum":
            return [(o.code, o.title.in_(lang)) for o in asked.options]
        case "multi":
            told = [(o.code, o.title.in_(lang)) for o in asked.options]
            return [*told, (NONE, t("interview.none-of-these"))]
        case _:
            return []


def _previous(here: Held, ask: Ask) -> str:
    """The answer before this question, to look at or to change."""
    history = here.talk.history()
    places = [place(a) for a in history]
    at = places.index(place(ask)) if place(ask) in places else len(places)
    return here.url_of(history[at - 1]) if at > 0 else ""
