"""Answers, bounds and causes of an interview in the words of its pages."""

import math
from typing import Any

from salesdx.answers.file import AnswerEntry
from salesdx.answers.values import bounds
from salesdx.conversation.interview import Interview
from salesdx.explanation.account import Line
from salesdx.interview.agenda import Ask
from salesdx.interview.standing import Standing
from salesdx.interview.timing import minutes
from salesdx.knowledge.models import QuestionEntry
from salesdx.language import number
from salesdx.web.interview_talk import Held, cause_url
from salesdx.web.language import language
from salesdx.web.page import t
from salesdx.workspace import guided
from salesdx.workspace.answer_form import STATES, Fault
from salesdx.workspace.live_causes import Leading, Live

_SURE = {100: "sure", 60: "unsure", 30: "guess"}
_MOST = 6  # lines of a bill on either side


def given(talk: Interview, ask: Ask) -> str:
    """What was answered: `no, unsure`, `does not know`; "" where nothing was."""
    former = talk.former(ask)
    if former is None:
        return ""
    if former.state != "answered":
        return t(f"interview.said.{former.state}")
    told = guided.value(talk, ask, language())
    sure = _SURE.get(former.confidence, "sure")
    return told if sure == "sure" else f"{told} ({t(f'interview.sure.{sure}')})"


def title(talk: Interview, ask: Ask) -> str:
    """The question, and what it is about."""
    about = talk.place(ask, language())
    told = ask.question.title.in_(language())
    return f"{told} — {about}" if about else told


def left(standing: Standing) -> str:
    """`about 6 minutes left`; "" where nothing is."""
    n = minutes(standing.seconds)
    if n <= 90:
        return t("interview.minutes", n=n) if standing.left else ""
    return t("interview.hours", n=number(round(n / 30) / 2, language()))


def fault(found: Fault, question: QuestionEntry) -> str:
    """What is wrong with an answer."""
    if found.word != "range":
        return t(f"interview.fault.{found.word}", **found.values)
    low, high = bounds(question)
    values = {k: _plain(v) for k, v in (("low", low), ("high", high))}
    open_ = "low" if math.isinf(high) else "high" if math.isinf(low) else "both"
    return t(f"interview.fault.range-{open_}", **values)


def _plain(value: float) -> str:
    return "" if math.isinf(value) else number(value, language(), 2)


def fields(entry: AnswerEntry | None) -> dict[str, Any]:
    """An answer as the fields of its form."""
    if entry is None:
        return {"value": "", "values": [], "confidence": "sure", "note": "",
                "evidence": "", "reason": "", "state": ""}  # fmt: skip
    value = entry.value
    one = {True: "yes", False: "no", None: ""}.get(value) if _is_word(value) else value
    return {
        "value": one if isinstance(one, str) else _figure(one),
        "values": [str(v) for v in value] if isinstance(value, list | tuple) else [],
        "confidence": entry.confidence, "note": entry.note, "reason": entry.reason,
        "evidence": "\n".join(entry.evidence),
        "state": entry.state if entry.state in STATES else "",
    }  # fmt: skip


def _is_word(value: object) -> bool:
    return value is None or isinstance(value, bool)


def _figure(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value) if isinstance(value, int | float) else ""
    return text.replace(".", ",") if language() == "ru" else text


def candidates(held: Held, now: Standing, ask: Ask | None) -> list[dict[str, Any]]:
    """What may come next, with the reasons."""
    return [
        {
            "title": title(held.talk, c.ask), "url": held.url_of(c.ask),
            "reason": c.reason.in_(language()), "here": c.ask == ask,
        }
        for c in now.candidates
    ]  # fmt: skip


def causes(held: Held, leading: Leading) -> list[dict[str, Any]]:
    """The leading causes: verdict, movement, what speaks for and against."""
    return [_cause(held, row) for row in leading.rows]


def _cause(held: Held, row: Live) -> dict[str, Any]:
    told, lang = row.account, language()
    hidden = guided.hidden(held.talk, row)
    lines = [(x, _line(x, x.rule in hidden)) for x in told.lines if x.counted]
    return {
        "title": told.title.in_(lang),
        "where": told.where.in_(lang) if told.where else "",
        "verdict": told.verdict, "points": told.points, "way": row.way,
        "was": row.before.verdict if row.before else "", "gained": row.gained,
        "url": cause_url(held.case, told.cause),
        "for": [told_ for x, told_ in lines if x.points > 0][:_MOST],
        "against": [told_ for x, told_ in lines if x.points < 0][:_MOST],
    }  # fmt: skip


def _line(line: Line, hidden: bool) -> dict[str, str]:
    sign = "+" if line.counted > 0 else "−"
    mark = f"{sign}{abs(line.counted)}"
    if hidden:
        return {"mark": mark, "text": t("interview.others-hidden"), "note": ""}
    by = dict.fromkeys(v.by.in_(language()) for v in line.values)
    return {
        "mark": mark, "text": line.because.in_(language()), "note": ", ".join(by),
    }  # fmt: skip


def sections(held: Held, now: Standing) -> list[dict[str, Any]]:
    """The subjects with their statuses."""
    found = []
    for row in now.sections:
        told = held.talk.knowledge.questionnaires[row.id].title.in_(language())
        note = t("interview.of", n=row.answered, all=row.answered + row.left)
        found.append({
            "title": told, "state": row.status, "note": note,
            "url": held.url(subject=row.id) + "#subject",
        })  # fmt: skip
    return found


def listed(held: Held, asks: list[Ask]) -> list[dict[str, Any]]:
    """Questions to go to, with what was said of them."""
    return [
        {
            "title": title(held.talk, a), "url": held.url_of(a),
            "given": given(held.talk, a),
        }
        for a in asks
    ]  # fmt: skip
