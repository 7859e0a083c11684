"""The chapter "since last time": what moved beyond chance, and what came of the plan.

Everything told is in the comparison already; here it is only laid out.
"""

from collections.abc import Callable, Sequence
from typing import Any

from salesdx.compare import Comparison, sentence
from salesdx.compare.model import ActionChange, MetricChange
from salesdx.compare.sections import Changes, changes, main_figures, state_word
from salesdx.compare.sections import Section as Rows
from salesdx.render.charts.then_and_now import Legend
from salesdx.render.map_pages import figure
from salesdx.render.report import (
    Block,
    Bullets,
    Column,
    Figure,
    Group,
    Para,
    Section,
    Table,
)
from salesdx.render.since_chart import drawing
from salesdx.render.words import Words
from salesdx.result import Money, ResultDocument

_NOTHING = "\u2014"
_COARSE = ("count", "factor", "score", "")  # units that are rounded the most
_MOST, _NAMED = 12, 4  # rows of a table; titles of what is only counted
_BRIEF = 5  # rows of a table for who reads briefly
_STATES = ("new", "gone", "worse", "better", "changed", "unchanged", "not_comparable")


def section(
    document: ResultDocument, words: Words, since: Comparison | None, full: bool = True
) -> Section:
    """The chapter; empty without an older result. `full` tells of signs and slices."""
    t = words.t
    if since is None:
        return Section("since", t("since.title"), [])
    blocks: list[Block] = [Para(_lead(words, since))]
    blocks += [Para(words.text(n.text), "note") for n in since.notes]
    if not any(n.id == "same" for n in since.notes):
        rows = changes(since)
        blocks += [whole_table(words, since), *_plan(words, rows.actions, full)]
        blocks += _figures(document, words, since, rows, full)
        heads = ("col.cause", "since.verdicts"), ("col.what", "col.moved")
        blocks += _moved(words, rows.causes, full, "causes", heads[0], _verdicts)
        blocks += _moved(words, rows.losses, full, "losses", heads[1], _actuals)
        blocks += _answers(words, since)
        blocks += _signs(words, rows.symptoms) if full else []
        if full:
            blocks.append(Group(t("since.counts"), [_counts(words, since)]))
    return Section("since", t("since.title"), blocks)


def lines(words: Words, since: Comparison) -> list[str]:
    """The same in a few lines of plain text: the sentence, the notes, the plan."""
    told = [words.text(sentence(since)), *(words.text(n.text) for n in since.notes)]
    loss = since.loss
    if loss is not None and since.days:
        title, then, now, change = whole_table(words, since).rows[0]
        told.append(f"{title}: {then}\u00a0→ {now}: {change}")
    for row in since.actions:
        if row.progress and row.progress != "open":
            parts = [words.text(row.title), became(row, words)]
            means = _means(row, words)
            line = f"- {': '.join(parts)}"
            told.append(line if means == _NOTHING else f"{line.rstrip('.')}. {means}")
    return told


def _lead(words: Words, since: Comparison) -> str:
    values = {k: words.iso(r.as_of) for k, r in _runs(since)}
    if since.days is None:
        return words.t("since.lead.undated", **values)
    return words.t("since.lead", days=words.quantity(since.days, "days"), **values)


def _runs(since: Comparison) -> tuple[tuple[str, Any], ...]:
    return ("then", since.then), ("now", since.now)


def whole_table(words: Words, since: Comparison) -> Table:
    """The loss of a year and the coverage, then and now."""
    t = words.t
    columns = [
        Column(t("col.what"), 5, strong=True), Column(t("since.then"), 5),
        Column(t("since.now"), 5), Column(t("since.change"), 6),
    ]  # fmt: skip
    rows = []
    loss = since.loss
    if loss is not None:
        why = loss.reason if loss.state == "not_comparable" else None
        told = words.text(why) if why else t(f"since.loss.{loss.state}")
        then, now = (_sum(m, words) for m in (loss.then, loss.now))
        rows.append([t("since.loss"), then, now, told])
    share = [words.percent(r.coverage, 0) for _, r in _runs(since)]
    more = words.points(since.now.coverage - since.then.coverage)
    rows.append([t("since.coverage"), *share, more])
    return Table(columns, rows)


def _sum(money: Money | None, words: Words) -> str:
    return words.t("one.loss.none") if money is None else words.money(money)


def _plan(words: Words, actions: Sequence[ActionChange], full: bool) -> list[Block]:
    """What became of each action of the older plan, and what its figure says."""
    t = words.t
    old = [a for a in actions if a.state != "new" or a.progress]
    new = [words.text(a.title) for a in actions if a.state == "new" and not a.progress]
    blocks: list[Block] = []
    if old:
        columns = [
            Column(t("col.action"), 6, strong=True), Column(t("since.became"), 5),
            Column(t("since.effect"), 6), Column(t("since.means"), 8),
        ]  # fmt: skip
        rows = [
            [words.text(a.title), became(a, words), effect(a, words), _means(a, words)]
            for a in old[: 2 * _most(full)]
        ]
        blocks += [Table(columns, rows), *_more(words, len(old) - 2 * _most(full))]
        blocks.append(Para(t("since.plan.lead"), "muted"))
    if new:
        blocks.append(Para(t("since.plan.new", names=_named(words, new))))
    return [Group(t("since.plan"), blocks)] if blocks else []


def became(row: ActionChange, words: Words) -> str:
    """`done 15 Jan`, `overdue`, or that nobody noted anything."""
    t = words.t
    if row.progress and row.progress != "open":
        day = words.iso(row.edit.done) if row.edit and row.edit.done else ""
        return t(f"edit.{row.progress}", day=day)
    if row.state == "gone":
        return t("since.plan.gone")
    return t("since.plan.open" if row.progress else "since.plan.silent")


def effect(row: ActionChange, words: Words) -> str:
    """The control figure: then, now, and the target that was set then."""
    t, found = words.t, row.effect
    if found is None:
        return t("since.effect.none" if row.state != "new" else "since.effect.new")
    then, now = (words.quantity(v, found.unit) for v in (found.then, found.now))
    line = t("since.moved", title=words.text(found.title), then=then, now=now)
    if found.target is None:
        return line
    target = t("since.target", target=words.quantity(found.target, found.unit))
    return f"{line}; {target}"


def _means(row: ActionChange, words: Words) -> str:
    parts = [row.effect.reason if row.effect else None]
    if row.state == "gone" or (row.edit and row.edit.dropped):
        parts.append(row.reason)
    return " ".join(words.text(p) for p in parts if p is not None) or _NOTHING


def chart(document: ResultDocument, words: Words, since: Comparison) -> Figure | None:
    """The main figures as a picture, with the table that says the same."""
    t, rows = words.t, main_figures(since, document)
    legend = Legend(*(t(f"since.mark.{m}") for m in ("then", "now", "better", "worse")))
    drawn = drawing(rows, words, t("since.chart"), legend, t("state.noise"))
    if drawn is None:
        return None
    return figure(drawn, t("since.chart.caption"), _figure_table(words, rows))


def _figures(
    document: ResultDocument, words: Words, since: Comparison, rows: Changes, full: bool
) -> list[Block]:
    t = words.t
    drawn = chart(document, words, since)
    blocks: list[Block] = []
    early = sorted((m for m in since.metrics if m.early), key=lambda m: m.since is None)
    shown = [*rows.whole.moved[: _most(full)], *(m for m in early if not m.slice)]
    pictured = drawn is not None and not full  # the notes say what is early
    if shown and not pictured:
        blocks.append(_figure_table(words, shown))
        blocks += _more(words, len(rows.whole.moved) + rows.whole.more - _most(full))
    elif not shown:
        blocks.append(Para(t("since.figures.none")))
    blocks += [drawn] if drawn else []
    blocks += _quiet(words, rows.whole)
    parts = rows.parts.moved[:_MOST]
    if parts and full:
        more = _more(words, len(rows.parts.moved) + rows.parts.more - _MOST)
        table: list[Block] = [_figure_table(words, parts), *more]
        blocks.append(Group(t("since.parts"), table))
    return [Group(t("since.figures"), blocks)]


def _figure_table(words: Words, rows: Sequence[MetricChange]) -> Table:
    t = words.t
    columns = [
        Column(t("col.figure"), 6, strong=True), Column(t("since.then"), 3, "right"),
        Column(t("since.now"), 3, "right"), Column(t("since.change"), 8),
    ]  # fmt: skip
    return Table(columns, [
        [_titled(m, words), _value(m, "then", words), _value(m, "now", words),
         _change(m, words)]
        for m in rows
    ])  # fmt: skip


def _titled(row: Any, words: Words) -> str:
    where = f" ({words.where(row.slice)})" if row.slice else ""
    return words.text(row.title) + where


def _value(row: MetricChange, side: str, words: Words) -> str:
    """A figure as people write it; finer where both sides would look alike."""
    then, now = (f.value if f else None for f in (row.then, row.now))
    value, other = (then, now) if side == "then" else (now, then)
    told = words.quantity(value, row.unit)
    if value is None or value == other or row.unit not in _COARSE:
        return told
    alike = told == words.quantity(other, row.unit)
    return words.number(value, 3) if alike else told


def _change(row: MetricChange, words: Words) -> str:
    """The state; the sentence where it says more than the two columns do."""
    word = state_word(row.state).in_(words.lang)
    told = [f"{word}. {words.text(row.reason)}" if row.since and row.reason else word]
    if row.early and not row.since:
        told = [f"{word}. {words.t('since.early')}"]
    for by in row.by:
        values = ", ".join(words.slice_value(by.dimension, v.value) for v in by.values)
        dimension = words.t.code("dim", by.dimension)
        told.append(words.t(f"since.by-{by.because}", by=dimension, values=values))
    return ". ".join(s.rstrip(".") for s in told) + ("." if len(told) > 1 else "")


def _moved(
    words: Words, rows: Rows, full: bool, name: str, heads: tuple[str, str],
    sides: Callable[[Any, Words], str],
) -> list[Block]:  # fmt: skip
    """What moved, row by row, with then and now; `name` is causes or losses."""
    t = words.t
    if rows.is_empty:
        return []
    blocks: list[Block] = []
    if rows.moved:
        what, then_now = heads
        columns = [
            Column(t(what), 7, strong=True), Column(t("since.change"), 3),
            Column(t(then_now), 5), Column(t("since.means"), 7),
        ]  # fmt: skip
        cells = [
            [_titled(x, words), state_word(x.state).in_(words.lang),
             sides(x, words), words.text(x.reason) if x.reason else ""]
            for x in rows.moved[:_most(full)]
        ]  # fmt: skip
        blocks.append(_without_empty(Table(columns, cells)))
        blocks += _more(words, len(rows.moved) + rows.more - _most(full))
    else:
        blocks.append(Para(t(f"since.{name}.none")))
    return [Group(t(f"since.{name}"), [*blocks, *_quiet(words, rows)])]


def _verdicts(row: Any, words: Words) -> str:
    sides = [
        words.t(f"verdict.{s.verdict}") if s else _NOTHING for s in (row.then, row.now)
    ]
    return "\u00a0→ ".join(sides)


def _actuals(row: Any, words: Words) -> str:
    sides = [
        words.quantity(s.actual, row.unit) if s else _NOTHING
        for s in (row.then, row.now)
    ]
    return "\u00a0→ ".join(sides)


def _answers(words: Words, since: Comparison) -> list[Block]:
    """Questionnaires whose answers turned, with the questions."""
    moved = [
        f"{words.text(s.title)}. {words.text(s.reason)}" for s in since.subjects
        if s.reason and s.state in ("better", "worse", "changed")
    ]  # fmt: skip
    return [Group(words.t("since.answers"), [Bullets(moved)])] if moved else []


def _signs(words: Words, rows: Rows) -> list[Block]:
    lines = []
    for state in ("new", "gone"):
        found = _grouped([s for s in rows.moved if s.state == state], words)
        if found:
            word = state_word(state).in_(words.lang)
            lines.append(f"{_large(word)}: {_named(words, found, _MOST)}")
    return [Group(words.t("since.signs"), [Bullets(lines)])] if lines else []


def _grouped(rows: Sequence[Any], words: Words) -> list[str]:
    """Titles; one that many slices share is said once, with the slices."""
    by: dict[str, list[str]] = {}
    for row in rows:
        places = by.setdefault(words.text(row.title), [])
        if row.slice:
            places.append(words.where(row.slice))
    return [f"{k} ({_named(words, v)})" if v else k for k, v in by.items()]


def _quiet(words: Words, rows: Rows) -> list[Block]:
    """What did not move, in one line; what cannot be compared, by the reason."""
    t, blocks = words.t, list[Block]()
    lines = []
    if rows.changed:
        lines.append(t("since.changed", n=str(len(rows.changed))))
    if rows.unchanged:
        lines.append(t("since.unchanged", n=str(len(rows.unchanged))))
    if lines:
        blocks.append(Para(" ".join(lines), "muted"))
    reasons = sorted(rows.unknown, key=lambda r: -len(r[1]))
    if reasons:
        told = [
            t("since.unknown", n=str(len(found)), names=_named(
                words, list(dict.fromkeys(_titled(r, words) for r in found))),
              why=words.text(why) if why else t("since.no-reason"))
            for why, found in reasons[:_MOST]
        ]  # fmt: skip
        blocks += [Para(t("since.unknown.lead"), "muted"), Bullets(told)]
    return blocks


def _counts(words: Words, since: Comparison) -> Table:
    """How many rows of each kind are in each state."""
    t = words.t
    kinds = (
        ("causes", since.causes), ("losses", since.losses),
        ("figures", [m for m in since.metrics if not m.slice]),
        ("parts", [m for m in since.metrics if m.slice]),
        ("signs", since.symptoms), ("answers", since.subjects),
    )  # fmt: skip
    columns = [Column(t("col.what"), 5, strong=True)]
    columns += [
        Column(_large(state_word(s).in_(words.lang)), 3, "right") for s in _STATES
    ]
    cells = []
    for name, found in kinds:
        if found:
            counts = [sum(r.state == s for r in found) for s in _STATES]
            cells.append([t(f"since.{name}"), *(str(n) if n else "" for n in counts)])
    return Table(columns, cells)


def _most(full: bool) -> int:
    return _MOST if full else _BRIEF


def _without_empty(table: Table) -> Table:
    """A last column that says nothing in any row is no column."""
    if any(row[-1] for row in table.rows):
        return table
    return Table(table.columns[:-1], [row[:-1] for row in table.rows])


def _more(words: Words, n: int) -> list[Block]:
    return [Para(words.t("since.more", n=str(n)), "muted")] if n > 0 else []


def _named(words: Words, names: list[str], most: int = _NAMED) -> str:
    rest = len(names) - most
    tail = [words.t("card.more", n=str(rest))] if rest > 0 else []
    return "; ".join([*names[:most], *tail])


def _large(text: str) -> str:
    return text[:1].upper() + text[1:]
