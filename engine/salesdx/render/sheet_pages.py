"""What stands on the sheets of the workbook: titles of columns and rows of values."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from salesdx.render.page_one import doer
from salesdx.render.sheet_formats import Amount, Cell
from salesdx.render.words import Words
from salesdx.result import (
    CauseRow,
    EditState,
    Loss,
    MetricRow,
    Money,
    PlanAction,
    ResultDocument,
)

# what people choose from; `doing` is theirs alone
STATES: tuple[EditState | Literal["doing"], ...] = (
    "open", "doing", "overdue", "done", "dropped",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Head:
    """A column: the key of its title, how wide it is, in characters.

    Words in a `whole` column stay on one line, whatever their length.
    """

    key: str
    width: float = 12
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of one table; `fixed` columns stay in sight."""

    name: str
    heads: list[Head]
    rows: list[list[Cell]]
    fixed: int = 1
    choices: dict[int, list[str]] = field(default_factory=dict)  # column -> words


_ID = Head("col.id", 30, True)


def plan(document: ResultDocument, words: Words) -> Page:
    """The working sheet: who, from when till when, how it stands, how we shall know."""
    heads = [
        Head("col.action", 34), Head("col.owner", 18), Head("col.start", 11),
        Head("col.end", 11), Head("col.state", 12), Head("sheet.col.done", 11),
        Head("col.figure", 26), Head("col.now", 11), Head("col.target", 11),
        Head("col.check", 11), Head("edit.note", 26),
        Head("action.closes", 34), Head("action.rhythm", 16), Head("col.horizon", 8),
        _ID,
    ]  # fmt: skip
    rows = [_action(a, words) for a in document.plan]
    return Page("plan", heads, rows, choices={4: _states(words)})


def _states(words: Words) -> list[str]:
    return [words.t(f"sheet.state.{s}") for s in STATES]


def steps(document: ResultDocument, words: Words) -> Page:
    """How each action is done, a row a step, to tick off."""
    heads = [Head("col.action", 40), Head("sheet.col.number", 6),
             Head("sheet.col.step", 80), Head("col.owner", 20), Head("col.state", 12),
             Head("edit.note", 40)]  # fmt: skip
    rows: list[list[Cell]] = [
        [words.text(a.title), i, words.text(step), doer(a, words),
         words.t(f"sheet.state.{a.edit.state if a.edit else 'open'}"), None]
        for a in document.plan
        for i, step in enumerate(a.steps, 1)
    ]  # fmt: skip
    return Page("steps", heads, rows, choices={4: _states(words)})


def _action(action: PlanAction, words: Words) -> list[Cell]:
    edit, kpi = action.edit, action.kpi
    figure: list[Cell] = [None] * 4
    if kpi:
        now, target = (
            None if v is None else Amount(v, kpi.unit) for v in (kpi.now, kpi.target)
        )
        figure = [words.text(kpi.title), now, target, day(kpi.check_day, words)]
    start = _iso(edit.start if edit else None)
    due = _iso(edit.due if edit else None)
    return [
        words.text(action.title), doer(action, words),
        start or day(action.start_day, words),
        due or day(action.start_day + action.days, words),
        words.t(f"sheet.state.{edit.state if edit else 'open'}"),
        _iso(edit.done if edit else None), *figure,
        (edit.dropped or edit.note) if edit else None,
        "; ".join(words.title(c) for c in action.causes),
        words.t.code("repeat", action.repeat) if action.repeat else None,
        action.horizon, action.id,
    ]  # fmt: skip


def day(offset: int, words: Words) -> Cell:
    """A day of the plan as a date; in words when the case has no date."""
    if words.as_of is None:
        return words.day(offset)
    return words.as_of + dt.timedelta(days=offset)


def _iso(value: str | None) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def losses(document: ResultDocument, words: Words) -> Page:
    """Every gap with its norm, its state and its money."""
    heads = [
        Head("col.slice", 24), Head("col.what", 36), Head("col.state", 25),
        Head("col.fact"), Head("col.norm"), Head("col.n", 9), *_SUMS,
        Head("col.below", 10), Head("col.reached", 24, True), Head("col.area", 34), _ID,
    ]  # fmt: skip
    return Page("losses", heads, [_loss(x, words) for x in document.losses], 2)


def _loss(loss: Loss, words: Words) -> list[Cell]:
    unit = loss.unit or words.units.get(loss.metric, "")
    return [
        words.where(loss.slice), words.text(loss.title), words.t(f"state.{loss.state}"),
        Amount(loss.actual, unit), Amount(loss.norm, unit), loss.n,
        *_sums(loss.money), words.t("yes") if loss.below_average else None,
        "; ".join(words.slice_name(w) for w in loss.reached_by),
        words.text(loss.area_title) if loss.area_title else None, loss.id,
    ]  # fmt: skip


_SUMS = (Head("col.low", 15), Head("col.expected", 15), Head("col.high", 15))


def _sums(money: Money | None) -> list[Cell]:
    if money is None:
        return [None] * 3
    return [Amount(v, "money") for v in (money.low, money.expected, money.high)]


def causes(document: ResultDocument, words: Words) -> Page:
    """Every cause on every slice, with its verdict and what it explains in money."""
    heads = [Head("col.cause", 44), Head("col.slice", 24), Head("col.verdict", 16),
             Head("col.weight", 9), *_SUMS, _ID]  # fmt: skip
    rows: list[list[Cell]] = [
        [words.text(c.title), words.where(c.slice), words.t(f"verdict.{c.verdict}"),
         c.points, *_sums(c.money), c.id]
        for c in document.causes
    ]  # fmt: skip
    return Page("causes", heads, rows)


def evidence(document: ResultDocument, words: Words) -> Page:
    """Each line of the bill of each cause."""
    heads = [
        Head("col.cause", 40), Head("col.slice", 22), Head("sheet.col.side", 10),
        Head("sheet.col.points", 9), Head("sheet.col.counted", 11),
        Head("sheet.col.because", 70), Head("sheet.col.rule", 34, True),
    ]  # fmt: skip
    rows = [row for c in document.causes for row in _bill(c, words)]
    return Page("evidence", heads, rows)


def _bill(cause: CauseRow, words: Words) -> list[list[Cell]]:
    title, where = words.text(cause.title), words.where(cause.slice)
    return [
        [title, where, words.t(f"sheet.{e.direction}"), e.points, e.counted,
         words.text(e.because), e.rule]
        for e in cause.evidence
    ]  # fmt: skip


def metrics(document: ResultDocument, words: Words) -> Page:
    """Every figure on every slice and period."""
    heads = [Head("col.figure", 38), Head("col.slice", 26), Head("col.period", 11),
             Head("col.value", 14), Head("col.unit", 11), Head("col.low", 14),
             Head("col.high", 14), Head("col.n", 9), Head("col.state", 14),
             Head("col.reason", 34), _ID]  # fmt: skip
    units = {m.unit: words.t.code("sheet.unit", m.unit) for m in document.metrics}
    states = {m.state: words.t.code("metric", m.state) for m in document.metrics}
    rows = [_metric(m, words, units[m.unit], states[m.state]) for m in document.metrics]
    return Page("metrics", heads, rows)


def _metric(row: MetricRow, words: Words, unit: str, state: str) -> list[Cell]:
    ends: list[Cell] = [None, None]
    if row.interval:
        ends = [Amount(v, row.unit) for v in row.interval]
    return [
        words.text(row.title), words.where(row.slice), words.period(row.period),
        None if row.value is None else Amount(row.value, row.unit),
        unit, *ends, row.n, state,
        words.text(row.reason) if row.reason else None, row.id,
    ]  # fmt: skip


def unseen(document: ResultDocument, words: Words) -> Page:
    """What could not be looked at, why, and what would open it."""
    heads = [Head("sheet.col.unseen", 50), Head("sheet.col.why", 50),
             Head("col.supply", 60)]  # fmt: skip
    rows: list[list[Cell]] = [
        [words.text(n.title), words.text(n.reason), words.text(n.supply)]
        for n in document.not_checked
    ]
    return Page("unseen", heads, rows)
