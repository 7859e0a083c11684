"""A comparison as text for a terminal or a letter."""

import datetime as dt
from collections.abc import Mapping, Sequence

from salesdx.compare.model import (
    ActionChange,
    CauseChange,
    Comparison,
    LossChange,
    MetricChange,
    State,
    SubjectChange,
    SymptomChange,
)
from salesdx.compare.words import Value, place, said
from salesdx.language import Language, Text
from salesdx.result import Where

Row = (
    CauseChange | LossChange | MetricChange | SymptomChange | ActionChange
    | SubjectChange
)  # fmt: skip
_TOLD: tuple[State, ...] = (
    "new", "gone", "worse", "better", "changed", "unchanged", "not_comparable",
)  # fmt: skip
_MOST = 12  # rows of one state: the JSON has them all


def text(
    comparison: Comparison, language: Language, stages: Mapping[str, str] | None = None
) -> str:
    """Everything that moved, what did not in one line, and why what cannot be told.

    `stages` are titles of stages by their ids.
    """
    lines = [_head(comparison, language), ""]
    lines += [f"! {n.text.in_(language)}" for n in comparison.notes]
    if comparison.notes:
        lines.append("")
    lines += _whole(comparison, language)
    sections: list[tuple[str, Sequence[Row]]] = [
        ("causes", comparison.causes), ("actions", comparison.actions),
        ("losses", comparison.losses), ("metrics", comparison.metrics),
        ("symptoms", comparison.symptoms), ("subjects", comparison.subjects),
    ]  # fmt: skip
    for name, rows in sections:
        lines += _section(name, rows, language, stages or {})
    return "\n".join(lines).rstrip()


def _head(comparison: Comparison, language: Language) -> str:
    then, now = comparison.then, comparison.now
    dates = {
        k: dt.date.fromisoformat(r.as_of) if r.as_of else "—"
        for k, r in (("then", then), ("now", now))
    }
    return said("told.head", name=now.name, **dates).in_(language)


def sentence(comparison: Comparison) -> Text:
    """A comparison in one sentence: only what is beyond chance, and what is early."""
    totals, then = comparison.totals, comparison.then.as_of
    counts = {
        "causes-gone": totals.causes.get("gone", 0),
        "causes-new": totals.causes.get("new", 0),
        "causes-better": totals.causes.get("better", 0),
        "causes-worse": totals.causes.get("worse", 0),
        "better": totals.metrics.get("better", 0),
        "worse": totals.metrics.get("worse", 0),
        "done": totals.progress.get("done", 0),
    }
    parts = [said(f"sentence.{k}", n=n) for k, n in counts.items() if n]
    notes = {n.id for n in comparison.notes}
    doubts = [said(f"sentence.{i}") for i in ("early", "order") if i in notes]
    day = dt.date.fromisoformat(then) if then else "—"

    def told(language: Language) -> str:
        if "company" in notes:  # whose changes these are is not known
            return said("sentence.company", then=comparison.then.name).in_(language)
        found = ", ".join(p.in_(language) for p in parts)
        what = found or said("sentence.nothing").in_(language)
        what = "; ".join([what, *(d.in_(language) for d in doubts)])
        return said("sentence", day=day, what=what).in_(language)

    return Text(en=told("en"), ru=told("ru"))


def _whole(comparison: Comparison, language: Language) -> list[str]:
    """The loss of a year, and how much was examined."""
    loss, lines = comparison.loss, []
    if loss is not None:
        word = said(f"state.{loss.state}").in_(language)
        told = loss.reason.in_(language) if loss.reason else ""
        title = said("told.loss").in_(language)
        lines.append(f"{title}: {word}. {told}".rstrip())
    values = {
        name: Value(run.coverage, "ratio")
        for name, run in (("then", comparison.then), ("now", comparison.now))
    }
    return [*lines, said("told.coverage", **values).in_(language), ""]


def _section(
    name: str, rows: Sequence[Row], language: Language, stages: Mapping[str, str]
) -> list[str]:
    if not rows:
        return []
    lines = [said(f"told.{name}").in_(language)]
    for state in _TOLD:
        found = [r for r in rows if r.state == state]
        if not found:
            continue
        word = said(f"state.{state}").in_(language)
        if state in ("unchanged", "not_comparable") and name != "actions":
            lines.append(f"  {word}: {len(found)}")
            found = [r for r in found if _is_worth_it(r)]
        lines += [f"  {_row(r, word, language, stages)}" for r in found[:_MOST]]
        if len(found) > _MOST:
            more = said("told.more", n=len(found) - _MOST).in_(language)
            lines.append(f"  {more}")
    return [*lines, ""]


def _is_worth_it(row: Row) -> bool:
    """What is early must be said even where nothing moved; a cause always."""
    if isinstance(row, MetricChange):
        return row.early
    return isinstance(row, CauseChange) and row.state == "not_comparable"


def _row(row: Row, word: str, language: Language, stages: Mapping[str, str]) -> str:
    parts: list[Text | None] = [row.reason]
    if isinstance(row, ActionChange) and row.effect is not None:
        parts.append(said("told.effect", title=row.effect.title))
        parts.append(row.effect.reason)
    where = place(_where(row), stages)
    around = f" ({where.in_(language)})" if where else ""
    told = " ".join(p.in_(language) for p in parts if p is not None)
    return f"{word}: {row.title.in_(language)}{around}" + (f". {told}" if told else "")


def _where(row: Row) -> Where:
    return {} if isinstance(row, ActionChange | SubjectChange) else row.slice
