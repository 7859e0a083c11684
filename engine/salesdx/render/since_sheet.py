"""The comparison as rows of a spreadsheet: every row of it, numbers stay numbers."""

from collections.abc import Iterator, Sequence

from salesdx.compare import Comparison
from salesdx.compare.sections import state_word
from salesdx.language import Text
from salesdx.render.sheet_formats import Amount, Cell
from salesdx.render.sheet_pages import Head, Page
from salesdx.render.since import became
from salesdx.render.words import Words
from salesdx.result import Where


def changes(words: Words, since: Comparison) -> Page:
    """The sheet: a row a cause, an action, a gap, a figure, a sign, a questionnaire."""
    heads = [
        Head("since.kind", 20), Head("col.what", 38), Head("col.slice", 26),
        Head("since.state", 14), Head("since.then", 14), Head("since.now", 14),
        Head("col.unit", 11), Head("since.means", 50), Head("col.id", 30, True),
    ]  # fmt: skip
    return Page("since", heads, list(_rows(words, since)), fixed=2)


def _rows(words: Words, since: Comparison) -> Iterator[list[Cell]]:
    loss = since.loss
    if loss is not None:
        sums = [m.expected if m else None for m in (loss.then, loss.now)]
        yield _row(words, "loss", None, {}, loss.state, sums, "money", loss.reason, "")
    for cause in since.causes:
        told: list[Cell] = [
            words.t(f"verdict.{s.verdict}") if s else None
            for s in (cause.then, cause.now)
        ]
        yield _row(words, "causes", cause.title, cause.slice, cause.state, told, "",
                   cause.reason, cause.id)  # fmt: skip
    for action in since.actions:
        figure = action.effect
        values: list[Cell] = [figure.then, figure.now] if figure else [None, None]
        row = _row(
            words, "plan", action.title, {}, "unchanged", values,
            figure.unit if figure else "", figure.reason if figure else action.reason,
            action.id,
        )  # fmt: skip
        row[3] = (
            became(action, words) if action.state != "new" else _state("new", words)
        )
        yield row
    for gap in since.losses:
        actual: list[Cell] = [s.actual if s else None for s in (gap.then, gap.now)]
        yield _row(words, "losses", gap.title, gap.slice, gap.state, actual, gap.unit,
                   gap.reason, gap.id)  # fmt: skip
    for metric in since.metrics:
        value: list[Cell] = [f.value if f else None for f in (metric.then, metric.now)]
        kind = "parts" if metric.slice else "figures"
        yield _row(words, kind, metric.title, metric.slice, metric.state, value,
                   metric.unit, metric.reason, metric.id)  # fmt: skip
    for sign in since.symptoms:
        yield _row(words, "signs", sign.title, sign.slice, sign.state, [None, None],
                   "", sign.reason, sign.id)  # fmt: skip
    for subject in since.subjects:
        counts: list[Cell] = [
            words.t("areas.told", n=str(s.problems), of=str(s.judged)) if s else None
            for s in (subject.then, subject.now)
        ]
        yield _row(words, "answers", subject.title, {}, subject.state, counts, "",
                   subject.reason, subject.id)  # fmt: skip


def _row(
    words: Words, kind: str, title: Text | None, where: Where, state: str,
    sides: Sequence[Cell], unit: str, reason: Text | None, id_: str,
) -> list[Cell]:  # fmt: skip
    name = words.t(f"since.{kind}")
    told = words.text(title) if title else name
    why = words.text(reason) if reason else ""
    units = words.t.code("sheet.unit", unit) if unit else ""
    told_sides = [
        Amount(s, unit) if unit and isinstance(s, int | float) else s for s in sides
    ]
    return [
        name, told, words.where(where), _state(state, words), *told_sides, units, why,
        id_,
    ]  # fmt: skip


def _state(state: str, words: Words) -> str:
    return state_word(state).in_(words.lang)
