"""Checking the answers, handing them in, the short result, and paper."""

from typing import Any

from flask import Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.answers.relevance import conditions
from salesdx.conversation.interview import Interview
from salesdx.conversation.selfcheck import SelfCheck
from salesdx.explanation.phrases import condition
from salesdx.explanation.wording import Wording
from salesdx.interview.agenda import Ask, in_order, sections_of
from salesdx.knowledge.models import QuestionEntry
from salesdx.storage import links
from salesdx.storage.links import Link
from salesdx.web.assessment import told
from salesdx.web.assessment.asking import CHECK, notes_of
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
from salesdx.web.caller import engine, now
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.page import t
from salesdx.workspace.own_result import own_result


@blueprint.get("/assessment/check")
@needs("answer")
def check() -> AnyResponse:
    """Every answer with a way to change it."""
    stop = barred() or waiting()
    if stop is not None:
        return stop
    return _check(open_talk())


@blueprint.post("/assessment/finish")
@needs("answer")
def finish() -> AnyResponse:
    """Hand in: from now on the answers can be read, not changed."""
    stop = barred()
    if stop is not None:
        return stop
    talk = open_talk()
    if not told.answered(talk):
        wrong = {"field": "answers", "message": t("assessment.wrong.nothing-said")}
        return _check(talk, [wrong], 422)
    links.finish(engine(), own_link(), now())
    return redirect(url_for("assessment.result"), 303)


@blueprint.get("/assessment/result")
@needs("answer")
def result() -> AnyResponse:
    """What the caller's own answers come to; only once they are handed in.

    Before that it would lead the answers still to be given.
    """
    stop = barred(finished=True) or waiting()
    if stop is not None:
        return stop
    link: Link = own_link()
    if link.finished_at is None:
        return redirect(url_for("assessment.check"), 303)
    talk = open_talk()
    return framed(
        "assessment/result.html.j2", found=own_result(talk), until=link.expires_at,
        clear_drafts=True, short=not talk.counted and bool(talk.standing().left),
    )  # fmt: skip


@blueprint.get("/assessment/print")
@needs("answer")
def paper() -> AnyResponse:
    """All questions with their conditions in words; the answers, where there are."""
    stop = barred(finished=True) or waiting()
    if stop is not None:
        return stop
    talk = open_talk()
    return framed(
        "assessment/print.html.j2", sheets=_sheets(talk),
        given=bool(talk.history()), finished=own_link().finished_at is not None,
    )  # fmt: skip


def _check(
    talk: Interview, errors: list[dict[str, str]] | None = None, status: int = 200
) -> Response:
    found, now_ = groups(talk), talk.standing()
    shown = [
        (g, [a for a in g.answered if (a.question.id, a.about) not in now_.inactive])
        for g in found
    ]
    ahead = address_of(now_.next, on=1) if now_.next else ""
    return framed(
        "assessment/check.html.j2", status, errors=errors or [], failed=bool(errors),
        groups=[
            {"title": g.title, "rows": [_row(talk, a) for a in asks]}
            for g, asks in shown if asks
        ],
        later=[_row(talk, a) for g in found for a in g.later],
        kept=len(now_.inactive), answered=told.answered(talk),
        left=sum(len(g.left) for g in found), next=ahead, **notes_of(talk),
    )  # fmt: skip


def _row(talk: Interview, ask: Ask) -> dict[str, Any]:
    answer = talk.former(ask)
    assert answer is not None
    return {
        "title": _titled(talk, ask), "value": told.said(talk, ask, answer),
        "note": told.beside(answer), "change": address_of(ask, back=CHECK),
    }  # fmt: skip


def _titled(talk: Interview, ask: Ask) -> str:
    title, about = ask.question.title.in_(language()), talk.place(ask, language())
    return f"{title} ({about})" if about else title


def _sheets(talk: Interview) -> list[dict[str, Any]]:
    """Questions on paper, by subject."""
    nodes = conditions(talk.knowledge)
    words = Wording(talk.knowledge, talk.ground.case.company.currency, {})
    given: dict[str, list[Ask]] = {}
    for ask in talk.history():
        given.setdefault(ask.question.id, []).append(ask)
    sheets: dict[str, dict[str, Any]] = {}
    for name, title, asked in _listed(talk):
        row = {
            "asked": asked, "options": told.options(asked) if _chosen(asked) else [],
            "unit": told.unit(asked, talk.ground.case.company.currency),
            "only": condition(nodes[asked.id], words).in_(language())
            if asked.id in nodes else "",
            "answers": [_row(talk, a) for a in given.get(asked.id, [])],
        }  # fmt: skip
        sheets.setdefault(name, {"title": title, "rows": []})["rows"].append(row)
    return list(sheets.values())


def _chosen(asked: QuestionEntry) -> bool:
    return asked.type in ("yesno", "scale", "enum", "multi")


def _listed(talk: Interview) -> list[tuple[str, Any, QuestionEntry]]:
    """What may be asked: of a form its questions, else those of the role."""
    questions = talk.knowledge.questions
    if isinstance(talk, SelfCheck):
        return [
            (str(i), p.title, questions[q])
            for i, p in enumerate(talk.form.parts)
            for q in p.questions
        ]
    model = talk.ground.case.company.sales_model
    of, sheets = sections_of(talk.knowledge), talk.knowledge.questionnaires
    return [
        (of[q.id], sheets[of[q.id]].title, q)
        for q in in_order(talk.knowledge)
        if talk.role in q.who and q.about != "finding" and q.id in of
        and not (model and q.applies_to and model not in q.applies_to)
        and not talk.knowledge.is_off("questions", q.id)
    ]  # fmt: skip
