"""The appendix: figures of the company and of slices, the quiet gaps, the answers.

It is there to look things up in: short rows, no row that says nothing, and what is not
printed is named.
"""

from salesdx.render.report import Block, Column, Group, Para, Section, Table
from salesdx.render.words import Words
from salesdx.result import AnswerRow, Loss, MetricRow, ResultDocument

_MOST = 120
_VALUES, _ACROSS = 14, 7  # values of a dimension that are printed, and in one table
_QUIET = ("noise", "insufficient")
Key = tuple[str, str]


def appendix(document: ResultDocument, words: Words) -> Section:
    """Every figure and every answer, as far as paper is the place for them."""
    t = words.t
    groups = (
        ("company", _company(document, words)), ("slices", _slices(document, words)),
        ("losses", _quiet(document, words)), ("answers", _answers(document, words)),
    )  # fmt: skip
    blocks: list[Block] = [
        Group(t(f"appendix.{name}"), found) for name, found in groups if found
    ]
    return Section("appendix", t("appendix.title"), blocks)


def _company(document: ResultDocument, words: Words) -> list[Block]:
    """What is known with its interval; why the rest is not is a chapter of its own."""
    rows = [m for m in document.metrics if not m.slice and not m.period]
    known = [m for m in rows if m.value is not None and m.state == "ok"]
    blocks: list[Block] = []
    if known:
        blocks.append(_known(known[:_MOST], words))
    if len(known) > _MOST:
        blocks.append(_cut(_MOST, len(known), words))
    if len(known) < len(rows):
        text = words.t(
            "appendix.unknown", n=words.number(len(rows) - len(known), 0),
            chapter=words.t("quote", text=words.t("unseen.title")),
        )  # fmt: skip
        blocks.append(Para(text, "muted"))
    return blocks


def _known(rows: list[MetricRow], words: Words) -> Table:
    t = words.t
    columns = [
        Column(t("col.figure"), 8, strong=True), Column(t("col.value"), 4, "right"),
        Column(t("col.interval"), 5, "right"), Column("n", 3, "right"),
    ]  # fmt: skip
    against = any(m.benchmark is not None for m in rows)
    if against:
        columns.append(Column(t("col.benchmark"), 4, "right"))
    shown = []
    for m in rows:
        cells = [
            words.text(m.title), words.quantity(m.value, m.unit),
            words.interval(m.interval, m.unit) if m.said_by is None else "",
            "" if m.n is None else words.number(m.n, 0),
        ]  # fmt: skip
        if against:
            norm = m.benchmark
            cells.append("" if norm is None else words.quantity(norm, m.unit))
        shown.append(cells)
    return Table(columns, shown)


def _slices(document: ResultDocument, words: Words) -> list[Block]:
    """Figures of the loss map, figure by value; the others are in the workbook."""
    mapped = {x.metric for x in document.losses}
    grids: dict[str, dict[Key, MetricRow]] = {}
    titles: dict[str, str] = {}
    sliced = [m for m in document.metrics if m.slice or m.period]
    for m in sliced:
        if len(m.slice) == 1 and not m.period and m.id in mapped and m.state == "ok":
            ((dimension, value),) = m.slice.items()
            grids.setdefault(dimension, {})[m.id, value] = m
            titles[m.id] = words.text(m.title)
    blocks: list[Block] = []
    printed = 0
    for dimension, cells in grids.items():
        values = list(dict.fromkeys(value for _, value in cells))
        if len(values) <= _VALUES:
            printed += len(cells)
            blocks += _grids(cells, dimension, values, titles, words)
    if blocks and printed < len(sliced):
        blocks.append(_cut(printed, len(sliced), words))
    return blocks


def _grids(
    cells: dict[Key, MetricRow], dimension: str, values: list[str],
    titles: dict[str, str], words: Words,
) -> list[Block]:  # fmt: skip
    """As many tables as the values need, all of about the same width."""
    parts = -(-len(values) // _ACROSS)
    step = -(-len(values) // parts)
    name = words.t.code("dim", dimension)
    blocks: list[Block] = []
    for start in range(0, len(values), step):
        shown = values[start : start + step]
        columns = [Column(name[:1].upper() + name[1:], 10, strong=True)]
        columns += [Column(words.slice_value(dimension, v), 3, "right") for v in shown]
        rows = []
        for metric in dict.fromkeys(metric for metric, _ in cells):
            found = [cells.get((metric, v)) for v in shown]
            told = ["" if m is None else words.quantity(m.value, m.unit) for m in found]
            if any(told):
                rows.append([titles[metric], *told])
        if rows:
            blocks.append(Table(columns, rows))
    return blocks


def _quiet(document: ResultDocument, words: Words) -> list[Block]:
    """Who was compared without a gap, one line a figure and way of slicing."""
    t = words.t
    blocks: list[Block] = []
    for state in _QUIET:
        lines: dict[Key, list[Loss]] = {}
        for x in document.losses:
            if x.state == state:
                by = " \u00b7 ".join(t.code("dim", d) for d in sorted(x.slice))
                key = (words.text(x.measure or x.title), by)
                lines.setdefault(key, []).append(x)
        if lines:
            columns = [
                Column(t("col.figure"), 5, strong=True), Column(t("col.slice"), 3),
                Column(t("appendix.who"), 12),
            ]  # fmt: skip
            rows = [
                [what, by, "; ".join(_who(x, words) for x in found)]
                for (what, by), found in lines.items()
            ]
            name = t(f"state.{state}")
            title = name[:1].upper() + name[1:]
            blocks.append(Group(title, [Table(columns, rows)]))
    return blocks


def _who(loss: Loss, words: Words) -> str:
    """The slice without the names of its dimensions; how few cases, if too few."""
    ordered = sorted(loss.slice.items())
    name = " \u00b7 ".join(words.slice_value(d, v) for d, v in ordered)
    few = loss.state == "insufficient"
    return f"{name} (n = {words.number(loss.n, 0)})" if few else name


def _answers(document: ResultDocument, words: Words) -> list[Block]:
    """By who gave them; only an answer that was not sure is marked."""
    t = words.t
    by: dict[str, list[AnswerRow]] = {}
    for a in document.answers[:_MOST]:
        by.setdefault(words.who(a.by, a.role, a.name), []).append(a)
    columns = [Column(t("col.question"), 8, strong=True), Column(t("col.answer"), 5)]
    blocks: list[Block] = [
        Group(who, [Table(columns, [_answer(a, words) for a in rows])])
        for who, rows in by.items()
    ]
    if len(document.answers) > _MOST:
        blocks.append(_cut(_MOST, len(document.answers), words))
    return blocks


def _answer(a: AnswerRow, words: Words) -> list[str]:
    t = words.t
    answered = a.state == "answered"
    value = (
        words.given(a.question, a.value, a.unit)
        if answered
        else t.code("answer", a.state)
    )
    title = words.text(a.title)
    if a.about:
        title += f" ({words.where(a.about)})"
    told = [x for x in (a.reason, a.note) if x]
    if answered and a.confidence < 100:
        told.insert(0, t("sure.unsure" if a.confidence >= 60 else "sure.guess"))
    if a.evidence:
        told.append(t("answer.evidence", what="; ".join(a.evidence)))
    if a.inactive:
        told.append(t("answer.inactive"))
    return [title, f"{value} ({'; '.join(told)})" if told else value]


def _cut(shown: int, total: int, words: Words) -> Para:
    text = words.t("appendix.cut", shown=words.number(shown, 0),
                   total=words.number(total, 0))  # fmt: skip
    return Para(text, "muted")
