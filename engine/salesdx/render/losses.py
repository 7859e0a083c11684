"""Chapters on the figures: where it is lost, whether it is true, the loss map."""

from itertools import groupby, pairwise

from salesdx.render import curves
from salesdx.render.charts import cohorts, funnel, waterfall
from salesdx.render.key_figures import company_figure
from salesdx.render.map_pages import figure
from salesdx.render.over_time import break_lines, change_lines
from salesdx.render.report import (
    Block,
    Bullets,
    Column,
    Para,
    Section,
    Table,
)
from salesdx.render.words import Words
from salesdx.result import (
    Cohort,
    DataQuality,
    FunnelStep,
    Loss,
    MetricRow,
    ResultDocument,
    TotalLoss,
)

_STEPS, _SMALL = 9, 0.02
_FEWEST = 30  # mature entries: below it bars of a period are single deals
_FAULTS = 4  # of the data, that an owner is told
_GRAVITY = {"error": 0, "warning": 1, "info": 2}


def where_lost(document: ResultDocument, words: Words, money: bool = True) -> Section:
    """Funnel, money by slice, cohorts with their breaks."""
    blocks: list[Block] = []
    if document.funnel:
        blocks += _funnels(document, words)
    if money:
        blocks += _money(document, words)
    if sum(c.mature for c in cohorts.one_grain(document.cohorts)) >= _FEWEST:
        blocks += _cohorts(document, words)
        blocks += curves.blocks(document, words)
    blocks += _over_time(document, words)
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
        blocks.append(figure(drawing, caption, _funnel_table(steps, words)))
    return blocks


def _funnel_table(steps: list[FunnelStep], words: Words) -> Table:
    """Each stage with its count and the step into it, which the stage before knows."""
    t = words.t
    columns = [
        Column(t.code("dim", "stage"), 5, strong=True),
        Column(t("col.reached-stage"), 3, "right"),
        Column(t("col.step"), 3, "right"), Column(t("col.interval"), 4, "right"),
    ]  # fmt: skip
    rows = []
    for before, step in zip([None, *steps], steps, strict=False):
        rate = before.conversion if before else None
        rows.append([
            funnel.stage(step, words), words.number(step.count, 0),
            "\u2014" if rate is None else words.percent(rate),
            words.interval(before.interval, "ratio") if before else "",
        ])  # fmt: skip
    return Table(columns, rows)


def _money(document: ResultDocument, words: Words) -> list[Block]:
    """Bars that add up to the total; a loss with known stages is one bar a stage."""
    total = document.summary.loss
    counted = _counted(document, total.expected) if total else []
    if total is None or not counted:
        return []
    counted.sort(key=lambda x: (-(x.money.expected if x.money else 0.0), x.id))
    steps: list[tuple[str, float]] = []
    for loss in counted:
        steps += _steps(loss, total.expected, words)
    shown = steps[:_STEPS]
    rest = total.expected - sum(value for _, value in shown)
    if len(shown) < 2 and abs(rest) <= 0.005 * max(total.expected, 1):
        return []  # one bar and the same bar as its total say nothing
    drawing = waterfall.draw(shown, rest, total, words)
    caption = words.t("waterfall.caption")
    if any(x.parts for x in counted):
        caption += " " + words.t("waterfall.stages")
    return [figure(drawing, caption, _money_table(shown, rest, total, words))]


def _money_table(
    steps: list[tuple[str, float]], rest: float, total: TotalLoss, words: Words
) -> Table:
    """The bars as rows; the last one is their sum, with its range."""
    t, bars = words.t, waterfall.with_rest(steps, rest, total, words)
    finer = waterfall.digits([value for _, value in bars], total.expected)
    rows = [[name, words.short(value, finer), ""] for name, value in bars]
    whole = words.short(total.expected, finer)
    rows.append([t("waterfall.total"), whole, words.ends(total)])
    columns = [
        Column(t("col.slice"), 6, strong=True), Column(t("col.money"), 3, "right"),
        Column(t("col.range"), 4, "right"),
    ]  # fmt: skip
    return Table(columns, rows)


def _counted(document: ResultDocument, total: float) -> list[Loss]:
    """The rows of the one way of slicing that makes the total."""
    ways: dict[tuple[str, ...], list[Loss]] = {}
    for loss in document.losses:
        counts = loss.state == "confirmed" and loss.share is not None
        if counts and loss.money and loss.slice:
            ways.setdefault(tuple(sorted(loss.slice)), []).append(loss)

    def miss(way: tuple[str, ...]) -> tuple[float, tuple[str, ...]]:
        found = sum(x.money.expected for x in ways[way] if x.money)
        return abs(total - found), way

    return list(ways[min(ways, key=miss)]) if ways else []


def _steps(loss: Loss, total: float, words: Words) -> list[tuple[str, float]]:
    """One bar, or one a stage; what small stages cost is one bar together."""
    assert loss.money is not None
    who = words.slice_name(loss.slice)
    large = [p for p in loss.parts if p.money >= _SMALL * total]
    if not large:
        return [(f"{who}: {words.text(loss.title)}", loss.money.expected)]
    steps = [
        (f"{who}: {words.slice_value('stage', p.slice['stage'])}", p.money)
        for p in large
    ]
    rest = loss.money.expected - sum(p.money for p in large)
    if abs(rest) >= 0.005:
        steps.append((words.t("waterfall.other-stages", who=who), rest))
    return steps


def _cohorts(document: ResultDocument, words: Words) -> list[Block]:
    breaks = [
        b for b in document.breaks if not b.slice and b.metric.startswith("conversion")
    ]
    shown = cohorts.one_grain(document.cohorts)
    drawing = cohorts.draw(shown, breaks, words, "cohorts")
    return [figure(drawing, words.t("cohorts.caption"), _cohort_table(shown, words))]


def _cohort_table(rows: list[Cohort], words: Words) -> Table:
    t = words.t
    columns = [
        Column(t("col.period"), 4, strong=True), Column(t("col.entries"), 3, "right"),
        Column(t("col.mature"), 3, "right"), Column(t("col.wins"), 3, "right"),
        Column(t("col.rate"), 3, "right"), Column(t("col.interval"), 4, "right"),
    ]  # fmt: skip
    return Table(columns, [
        [
            words.period(c.period), words.number(c.entries, 0),
            words.number(c.mature, 0), words.number(c.wins, 0),
            t("young") if c.rate is None else words.percent(c.rate),
            words.interval(c.interval, "ratio"),
        ]
        for c in rows
    ])  # fmt: skip


def _over_time(document: ResultDocument, words: Words) -> list[Block]:
    said = [*break_lines(document, words), *change_lines(document, words)]
    return [Bullets(said)] if said else []


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
    told = sorted(told, key=lambda q: _GRAVITY[q.severity])
    if words.reader == "owner":
        return Section("gate", t("gate.title"), [*blocks, *_faults(told, words)])
    rows = [
        [
            t(f"severity.{q.severity}"),
            words.text(q.title),
            words.text(q.effect),
            _moved(q.before, q.after, q.dropped_rows, words),
        ]
        for q in told
    ]
    if rows:
        columns = [
            Column(t("col.severity"), 3), Column(t("col.what"), 6, strong=True),
            Column(t("col.effect"), 9), Column(t("col.moved"), 4),
        ]  # fmt: skip
        blocks.append(Table(columns, rows))
    return Section("gate", t("gate.title"), blocks)


def _faults(told: list[DataQuality], words: Words) -> list[Block]:
    """For the owner: the gravest faults, and what each of them changes."""
    t, lines = words.t, []
    for q in told[:_FAULTS]:
        title = words.text(q.title).rstrip(".")
        lines.append(t("gate.fault", title=title, effect=words.text(q.effect)))
    blocks: list[Block] = [Bullets(lines)] if lines else []
    if len(told) > _FAULTS:
        more = t("gate.more", n=str(len(told) - _FAULTS))
        blocks.append(Para(more, "muted"))
    return blocks


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
