"""Conditions of what holds now, whatever was before."""

import datetime as dt

from salesdx.compare.words import Value
from salesdx.gate.model import Row
from salesdx.gate.situation import Found, Situation, action, row
from salesdx.gate.words import said
from salesdx.language import Text


def overdue(at: Situation, _: float | None) -> Found:
    """Actions whose date has passed and that nobody has noted as done."""
    found = [a for a in at.now.plan if a.edit and a.edit.state == "overdue"]
    return Found([
        action(at, a, said("because.overdue", day=dt.date.fromisoformat(a.edit.due)))
        for a in found if a.edit and a.edit.due
    ])  # fmt: skip


def likely(at: Situation, _: float | None) -> Found:
    """Causes that are likely."""
    return Found([
        row("cause", c, c.summary, at.why(c.id, c.slice))
        for c in at.now.causes if c.verdict == "likely"
    ])  # fmt: skip


def loss_above(at: Situation, limit: float | None) -> Found:
    """The loss of the period, as far as it could be counted, against a limit."""
    loss = at.now.summary.loss
    assert limit is not None
    if loss is None or loss.expected <= limit:
        return Found()
    money = [Value(v, "money", loss.currency) for v in (loss.expected, limit)]
    because = said("because.loss-above", loss=money[0], limit=money[1])
    explain = at.figures({})
    return Found([_whole("loss", said("row.loss"), because, explain)])


def coverage_below(at: Situation, limit: float | None) -> Found:
    """How much could be looked at, against a limit."""
    assert limit is not None
    share = at.now.summary.coverage
    if share >= limit:
        return Found()
    because = said(
        "because.coverage", share=Value(share, "ratio"), limit=Value(limit, "ratio")
    )
    explain = at.command("check", "--gaps")
    return Found([_whole("coverage", said("row.coverage"), because, explain)])


def not_enough(at: Situation, _: float | None) -> Found:
    """Whether there is enough to conclude anything from."""
    if not at.is_empty:
        return Found()
    title, explain = said("row.state"), at.command("check")
    return Found([_whole("state", title, at.now.summary.verdict, explain)])


def _whole(id_: str, title: Text, because: Text, explain: str) -> Row:
    return Row(kind="summary", id=id_, title=title, because=because, explain=explain)


def data_errors(at: Situation, _: float | None) -> Found:
    """What the data gate calls an error."""
    return Found([
        Row(
            kind="data", id=q.id, title=q.title, because=q.effect,
            explain=at.command("check"),
        )
        for q in at.now.data_quality if q.severity == "error"
    ])  # fmt: skip
