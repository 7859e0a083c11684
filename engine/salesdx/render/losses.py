"""Chapters on the figures: where it is lost, whether it is true, the loss map."""

from itertools import groupby, pairwise

from salesdx.render.charts import cohorts, funnel, loss_map, waterfall
from salesdx.render.charts.svg import Drawing
from salesdx.render.page_one import company_figure
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
from salesdx.render.words import Words
from salesdx.result import Loss, MetricRow, Money, ResultDocument

_STEPS, _ROWS = 9, 15
_FEWEST = 30  # mature entries: below it bars of a period are single deals
_GRAVITY = {"error": 0, "warning": 1, "info": 2}
_SEEN = {"confirmed", "suspected"}


def figure(drawing: Drawing, caption: str) -> Figure:
    """A drawing as a block."""
    return Figure(drawing.name, caption, drawing.desc, drawing.svg())


def where_lost(document: ResultDocument, words: Words, money: bool = True) -> Section:
    """Funnel, money by slice, cohorts with their breaks."""
    blocks: list[Block] = []
    if document.funnel:
        blocks += _funnels(document, words)
    if money:
        blocks += _money(document, words)
    if sum(c.mature for c in cohorts.one_grain(document.cohorts)) >= _FEWEST:
        blocks += _cohorts(document, words)
    return Section("lost", words.t("lost.title"), blocks)


def _funnels(document: ResultDocument, words: Words) -> list[Block]:
    blocks: list[Block] = []
    groups = [list(g) for _, g in groupby(document.funnel, lambda s: s.funnel)]
    for i, steps in enumerate(groups):
        caption = words.t("funnel.title")
        if len(groups) > 1:
            caption += f" · {steps[0].funnel}"
        known = [
            (a.conversion, a, b) for a, b in pairwise(steps) if a.conversion is not None
        ]
        if len(known) > 1:
            share, start, end = min(known, key=lambda k: (k[0], k[1].stage))
            step = f"{funnel.stage(start, words)} → {funnel.stage(end, words)}"
            low = words.t("funnel.low", stage=step, share=words.percent(share))
            caption += f". {low}"
        drawing = funnel.draw(steps, words, f"funnel{i or ''}")
        blocks.append(figure(drawing, caption))
    return blocks


def _money(document: ResultDocument, words: Words) -> list[Block]:
    total = document.summary.loss
    best = _best_dimension(document)
    if total is None or not best:
        return []
    steps: list[tuple[str, Money]] = []
    for loss in best[:_STEPS]:
        label = words.slice_name(loss.slice)
        label = f"{label}: {words.text(loss.title)}"
        if loss.money:
            steps.append((label, loss.money))
    rest = total.expected - sum(m.expected for _, m in steps)
    drawing = waterfall.draw(steps, rest, total, words)
    if len(steps) < 2 and abs(rest) <= 0.005 * max(total.expected, 1):
        return []  # one bar and the same bar as its total say nothing
    return [figure(drawing, words.t("waterfall.caption"))]


def _best_dimension(document: ResultDocument) -> list[Loss]:
    """Findings of the one way of slicing whose money adds up closest to the total."""
    ways: dict[tuple[str, ...], list[Loss]] = {}
    for loss in document.losses:
        if loss.money and loss.state == "confirmed" and loss.slice:
            ways.setdefault(tuple(sorted(loss.slice)), []).append(loss)
    goal = document.summary.loss.expected if document.summary.loss else 0.0

    def miss(way: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
        return abs(goal - sum(x.money.expected for x in ways[way] if x.money)), way

    rows = ways[min(ways, key=miss)] if ways else []
    return sorted(rows, key=lambda x: (-(x.money.expected if x.money else 0), x.id))


def _cohorts(document: ResultDocument, words: Words) -> list[Block]:
    t = words.t
    breaks = [
        b for b in document.breaks if not b.slice and b.metric.startswith("conversion")
    ]
    drawing = cohorts.draw(
        cohorts.one_grain(document.cohorts), breaks, words, "cohorts"
    )
    blocks: list[Block] = [figure(drawing, t("cohorts.caption"))]
    said = [
        t(
            "break.line",
            title=words.title(b.metric),
            where=words.where(b.slice),
            at=words.iso(b.at),
            factor=words.number(b.factor),
            times=words.times(b.factor),
            turn=t("break.fall" if b.after < b.before else "break.rise"),
            wins1=words.number(b.before_counts[0], 0),
            wins2=words.number(b.after_counts[0], 0),
            before=words.quantity(b.before, "ratio"),
            after=words.quantity(b.after, "ratio"),
            n1=words.number(b.before_counts[1], 0),
            n2=words.number(b.after_counts[1], 0),
        )
        for b in document.breaks
        if b.metric.startswith("conversion")
    ]
    return [*blocks, *([Bullets(said)] if said else [])]


def gate(document: ResultDocument, words: Words) -> Section:
    """Is the figure true: the recount first, then what was dropped and moved."""
    t = words.t
    blocks: list[Block] = []
    told = document.data_quality
    raw = company_figure(document, "conversion.raw")
    mature = company_figure(document, "conversion.mature")
    if raw and mature and raw.value and mature.value:
        odds = (words.odds(raw.value), words.odds(mature.value))
        if odds[0] != odds[1]:
            blocks.append(Para(_recount(raw, mature, words), "note"))
            told = [q for q in told if q.id != "immature-left-out"]  # just said
    rows = [
        [
            t(f"severity.{q.severity}"),
            words.text(q.title),
            words.text(q.effect),
            _moved(q.before, q.after, q.dropped_rows, words),
        ]
        for q in sorted(told, key=lambda q: _GRAVITY[q.severity])
    ]
    if rows:
        columns = [
            Column(t("col.severity"), 3), Column(t("col.what"), 6, strong=True),
            Column(t("col.effect"), 9), Column(t("col.moved"), 4),
        ]  # fmt: skip
        blocks.append(Table(columns, rows))
    return Section("gate", t("gate.title"), blocks)


def _recount(raw: MetricRow, mature: MetricRow, words: Words) -> str:
    """Both figures with the counts they are made of, so that nobody reads a gain."""
    said = {
        "raw": words.odds(raw.value), "mature": words.odds(mature.value),
        "raw_share": words.quantity(raw.value, "ratio"),
        "mature_share": words.quantity(mature.value, "ratio"),
    }  # fmt: skip
    counts = (raw.numerator, raw.denominator, mature.numerator, mature.denominator)
    known = [words.number(c, 0) for c in counts if c is not None]
    if len(known) < len(counts):
        return words.t("gate.recount", **said)
    names = ("raw_wins", "raw_n", "mature_wins", "mature_n")
    said |= dict(zip(names, known, strict=True))
    left = (raw.denominator or 0) - (mature.denominator or 0)
    return words.t("gate.recount.counts", **said, left=words.number(left, 0))


def _moved(
    before: float | None, after: float | None, dropped: int | None, words: Words
) -> str:
    parts = []
    if before is not None and after is not None:
        ratio = all(0 <= v <= 1 for v in (before, after)) and before + after > 0
        unit = "ratio" if ratio else ""
        parts.append(f"{words.quantity(before, unit)} → {words.quantity(after, unit)}")
    if dropped:
        parts.append(words.t("gate.dropped", n=words.number(dropped, 0)))
    return "; ".join(parts) or "\u2014"


def map_section(document: ResultDocument, words: Words) -> Section:
    """The loss map, one picture a way of slicing, and the findings as a table."""
    t = words.t
    blocks: list[Block] = []
    if document.losses:
        blocks.append(Para(t("map.lead")))
    quiet_ones: list[str] = []
    for i, (name, cells) in enumerate(_grids(document, words)):
        if not any(x.state in _SEEN for x in cells.values()):
            quiet_ones.append(name)
            continue
        rows = _by_money(cells, 0)
        columns = _by_money(cells, 1)
        drawing = loss_map.draw(cells, rows, columns, words, f"map{i}")
        caption = t("map.caption", by=name)
        if len(rows) > loss_map.MOST_ROWS:
            caption += " " + t("map.more", n=str(len(rows) - loss_map.MOST_ROWS))
        blocks.append(figure(drawing, caption))
    if quiet_ones:
        blocks.append(Para(t("map.quiet-ways", by="; ".join(quiet_ones))))
    found = [x for x in document.losses if x.state in _SEEN]
    found.sort(key=lambda x: (x.state, -_total([x]), x.id))
    if found:
        table = loss_table(found[:_ROWS], words)
        blocks.append(Group(t("map.table"), [table]))
        if sum(x.money is not None and bool(x.slice) for x in found) > 1:
            blocks.append(Para(t("map.overlap"), "muted"))
    quiet = len(document.losses) - len(found)
    if quiet:
        noise = sum(x.state == "noise" for x in document.losses)
        text = t("map.quiet", noise=str(noise), insufficient=str(quiet - noise))
        blocks.append(Para(text, "muted"))
    return Section("map", t("map.title"), blocks)


def _grids(
    document: ResultDocument, words: Words
) -> list[tuple[str, dict[tuple[str, str], Loss]]]:
    """Pairs of dimensions as a matrix a metric; single ones as slices by metric."""
    grids: dict[tuple[str, ...], dict[tuple[str, str], Loss]] = {}
    names: dict[tuple[str, ...], str] = {}
    for loss in document.losses:
        title = words.text(loss.title)
        keys = sorted(loss.slice)
        if len(keys) == 1:
            key: tuple[str, ...] = (keys[0],)
            cell = (loss.slice[keys[0]], title)
        elif len(keys) == 2:
            key = (*keys, loss.metric)
            cell = (loss.slice[keys[0]], loss.slice[keys[1]])
        else:
            continue
        by = " × ".join(words.t.code("dim", k) for k in keys)
        names[key] = by if len(keys) == 1 else f"{by}: {title}"
        grids.setdefault(key, {})[cell] = loss
    order = sorted(grids, key=lambda k: (-_total(list(grids[k].values())), k))
    return [(names[k], grids[k]) for k in order]


def _total(losses: list[Loss]) -> float:
    return sum(x.money.expected for x in losses if x.money and x.state == "confirmed")


def _by_money(cells: dict[tuple[str, str], Loss], side: int) -> list[str]:
    """Rows or columns: most money first, then the suspected, then the rest."""
    money: dict[str, float] = {}
    suspected: dict[str, int] = {}
    for cell, loss in cells.items():
        key = cell[side]
        money[key] = money.get(key, 0.0) + _total([loss])
        suspected[key] = suspected.get(key, 0) + (loss.state == "suspected")
    return sorted(money, key=lambda k: (-money[k], -suspected[k], k))


def loss_table(losses: list[Loss], words: Words) -> Table:
    """Slice, what, actual against norm, n, state, money."""
    t = words.t
    rows = []
    for loss in losses:
        unit = words.units.get(loss.metric, "")
        norm = words.quantity(loss.norm, unit)
        rows.append(
            [
                words.slice_name(loss.slice),
                words.text(loss.title),
                t("map.against", actual=words.quantity(loss.actual, unit), norm=norm),
                words.number(loss.n, 0),
                t(f"state.{loss.state}"),
                words.short(loss.money.expected) if loss.money else "\u2014",
                words.ends(loss.money) if loss.money else "",
            ]
        )
    columns = [
        Column(t("col.slice"), 6, strong=True), Column(t("col.what"), 5),
        Column(t("col.actual"), 5), Column("n", 3, "right"),
        Column(t("col.state"), 6), Column(t("col.money"), 4, "right"),
        Column(t("col.range"), 6, "right"),
    ]  # fmt: skip
    return Table(columns, rows)
