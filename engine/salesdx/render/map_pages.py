"""The loss map on pages: pictures by slice, the findings, and how money was counted."""

from collections.abc import Callable
from dataclasses import dataclass

from salesdx.render import planning_meeting
from salesdx.render.charts import loss_map, work_map
from salesdx.render.charts.marks import said
from salesdx.render.charts.svg import HALF, Drawing
from salesdx.render.formula import product
from salesdx.render.heat import heat
from salesdx.render.report import Block, Column, Figure, Group, Heat, Para, Table
from salesdx.render.report import Section as Chapter
from salesdx.render.words import Words
from salesdx.result import Loss, ResultDocument

_ROWS, _EXPLAINED, _NAMED = 15, 6, 3
_FEW_ROWS = 8  # of the table that an owner reads
_LARGE = 0.02  # part of a loss worth a word
_SEEN = {"confirmed", "suspected"}
# rows and columns that the charts show
_MAP, _WORK = (loss_map.MOST_ROWS, loss_map.MOST_COLUMNS), (1_000, work_map.MOST)
Cells = dict[tuple[str, str], Loss]
Draw = Callable[[Cells, list[str], list[str], Words, str, bool], Drawing]


def figure(
    drawing: Drawing, caption: str, twin: Table | None = None, by: str = "",
    heat: Heat | None = None,
) -> Figure:  # fmt: skip
    """A drawing as a block, with the same figures as a table."""
    return Figure(
        drawing.name, caption, drawing.desc, drawing.svg(), twin, by,
        drawing.width <= HALF, heat,
    )  # fmt: skip


def map_section(document: ResultDocument, words: Words) -> Chapter:
    """Sales by slice, stages by manager, work by slice; then the findings.

    The owner is spared the maps of work, for what was found there stands in the table,
    and the norms: his cards tell how money was counted.
    """
    t, brief = words.t, words.reader == "owner"
    blocks: list[Block] = []
    if document.losses:
        blocks.append(Para(t("map.lead")))
    quiet_ones: list[str] = []
    maps = [*_sales(document, words, quiet_ones), *_pairs(document, words)]
    work = _work(document, words, quiet_ones)
    blocks += _placed(maps if brief else [*maps, *work])
    if quiet_ones:
        names = "; ".join(dict.fromkeys(quiet_ones))
        blocks.append(Para(t("map.quiet-ways", by=names)))
    found = [x for x in document.losses if x.state in _SEEN]
    found.sort(key=lambda x: (x.state, _SCOPES.index(x.scope), -_money(x), x.id))
    if found:
        most = _FEW_ROWS if brief else _ROWS
        table: list[Block] = [loss_table(found[:most], words)]
        if len(found) > most:
            more = t("map.more", n=str(len(found) - most))
            table.append(Para(more, "muted"))
        blocks.append(Group(t("map.table"), table))
        if sum(x.money is not None and bool(x.slice) for x in found) > 1:
            blocks.append(Para(t("map.overlap"), "muted"))
    blocks += planning_meeting.decided(document, words)
    confirmed = [x for x in found if x.state == "confirmed" and explanation(x, words)]
    how = explained(confirmed[:_EXPLAINED], words)
    if how and not brief:
        blocks.append(Group(t("map.how"), [how]))
    quiet = len(document.losses) - len(found)
    if quiet:
        noise = sum(x.state == "noise" for x in document.losses)
        text = t("map.quiet", noise=str(noise), insufficient=str(quiet - noise))
        blocks.append(Para(text, "muted"))
    below = sum(x.below_average for x in document.losses)
    if below:
        blocks.append(Para(t("map.below", n=str(below)), "muted"))
    return Chapter("map", t("map.title"), blocks)


@dataclass(frozen=True, slots=True)
class _Map:
    """A map to be drawn, over half a line if it is `narrow` and finds a neighbour."""

    draw: Draw
    cells: Cells
    rows: list[str]
    columns: list[str]
    words: Words
    name: str
    caption: str
    twin: Table
    heat: Heat
    by: str
    narrow: bool

    def drawn(self, half: bool) -> Figure:
        """The picture and what goes with it."""
        drawing = self.draw(
            self.cells, self.rows, self.columns, self.words, self.name, half
        )
        return figure(drawing, self.caption, self.twin, self.by, self.heat)


def _placed(maps: list[_Map]) -> list[Block]:
    """Narrow maps in twos first; the odd one out is drawn as wide as the others."""
    narrow = [m for m in maps if m.narrow]
    twos = narrow[: len(narrow) // 2 * 2]
    return [
        *(m.drawn(True) for m in twos),
        *(m.drawn(False) for m in maps if m not in twos),
    ]


_SCOPES = ("sales", "step", "service")


def _money(loss: Loss) -> float:
    return loss.money.expected if loss.money else 0.0


def _confirmed(losses: list[Loss]) -> float:
    return sum(_money(x) for x in losses if x.state == "confirmed")


def _grids(
    document: ResultDocument, words: Words, sales: bool
) -> list[tuple[str, Cells]]:
    """One grid a dimension: (slice, figure) -> row; most money first."""
    grids: dict[str, Cells] = {}
    for loss in document.losses:
        if len(loss.slice) != 1 or (loss.scope == "sales") is not sales:
            continue
        ((dimension, value),) = loss.slice.items()
        cell = (words.slice_value(dimension, value), words.text(loss.title))
        grids.setdefault(dimension, {})[cell] = loss
    order = sorted(grids, key=lambda d: (-_confirmed(list(grids[d].values())), d))
    return [(d, grids[d]) for d in order]


def _seen(cells: Cells) -> bool:
    return any(x.state in _SEEN for x in cells.values())


def _sales(document: ResultDocument, words: Words, quiet: list[str]) -> list[_Map]:
    maps: list[_Map] = []
    for i, (dimension, cells) in enumerate(_grids(document, words, sales=True)):
        name = words.t.code("dim", dimension)
        if not _seen(cells):
            quiet.append(name)
            continue
        rows, columns = _by_money(cells, 0), _by_money(cells, 1)
        caption = words.t("map.caption", by=name)
        maps.append(_Map(
            loss_map.draw, cells, rows, columns, words, f"map{i}",
            caption + _cut_off(cells, words),
            _grid_table(cells, rows, columns, dimension, words),
            heat(caption, cells, rows, columns, name, words, _MAP), dimension,
            narrow=len(columns) <= loss_map.HALF_COLUMNS,
        ))  # fmt: skip
    return maps


def _grid_table(
    cells: Cells, rows: list[str], columns: list[str], head: str, words: Words
) -> Table:
    """A map as a table: the whole of it, each cell in words."""
    shown = [
        [row, *(
            said(cells[row, column], words) if (row, column) in cells else "\u2014"
            for column in columns
        )]
        for row in rows
    ]  # fmt: skip
    name = words.t.code("dim", head)
    first = Column(name[:1].upper() + name[1:], 4, strong=True)
    return Table([first, *(Column(c, 4) for c in columns)], shown)


def _cut_off(
    cells: Cells, words: Words, most: int = loss_map.MOST_ROWS, side: int = 0
) -> str:
    """How many rows with a gap have no room; quiet ones are counted in the picture."""
    found = {cell[side] for cell, x in cells.items() if x.state in _SEEN}
    more = len(found) - most
    return " " + words.t("map.more", n=str(more)) if more > 0 else ""


def _pairs(document: ResultDocument, words: Words) -> list[_Map]:
    """Two dimensions as a matrix a metric; stages in the order of the funnel."""
    grids: dict[tuple[str, str, str], dict[tuple[str, str], Loss]] = {}
    for loss in document.losses:
        if len(loss.slice) == 2:
            one, two = sorted(loss.slice)
            cell = (loss.slice[one], loss.slice[two])
            grids.setdefault((one, two, loss.metric), {})[cell] = loss
    maps: list[_Map] = []
    order = sorted(grids, key=lambda k: (-_confirmed(list(grids[k].values())), k))
    for i, key in enumerate(order):
        if _seen(grids[key]):
            maps.append(_pair(key[:2], grids[key], words, f"pair{i}"))
    return maps


def _pair(dimensions: tuple[str, str], found: Cells, words: Words, name: str) -> _Map:
    one, two = dimensions
    by_value = _by_money(found, 1)
    if two == "stage":
        order = words.stages()
        by_value.sort(key=lambda s: order.index(s) if s in order else len(order))
    rows = [words.slice_value(one, r) for r in _by_money(found, 0)]
    columns = [words.slice_value(two, c) for c in by_value]
    cells = {
        (words.slice_value(one, a), words.slice_value(two, b)): x
        for (a, b), x in found.items()
    }
    stages = dimensions == ("manager", "stage")
    if stages:
        caption = words.t("map.stages")
    else:
        title = words.text(next(iter(found.values())).title)
        by = " × ".join(words.t.code("dim", d) for d in dimensions)
        caption = words.t("map.caption", by=f"{by}: {title}")
    return _Map(
        loss_map.draw, cells, rows, columns, words, name,
        caption + _cut_off(cells, words),
        _grid_table(cells, rows, columns, one, words),
        heat(caption, cells, rows, columns, words.t.code("dim", one), words, _MAP),
        "" if stages else "any", narrow=len(columns) <= loss_map.HALF_COLUMNS,
    )  # fmt: skip


def _work(document: ResultDocument, words: Words, quiet: list[str]) -> list[_Map]:
    maps: list[_Map] = []
    for i, (dimension, cells) in enumerate(_grids(document, words, sales=False)):
        name = words.t.code("dim", dimension)
        if not _seen(cells):
            quiet.append(words.t("map.work-by", by=name))
            continue
        turned = {(metric, who): x for (who, metric), x in cells.items()}
        rows, columns = _by_money(turned, 0), _by_money(turned, 1)
        caption, head = words.t("map.work", by=name), words.t("col.figure")
        maps.append(_Map(
            work_map.draw, turned, rows, columns, words, f"work{i}",
            caption + _cut_off(turned, words, work_map.MOST, side=1),
            _grid_table(cells, columns, rows, dimension, words),
            heat(caption, turned, rows, columns, head, words, _WORK), dimension,
            narrow=len(columns) <= work_map.HALF_COLUMNS,
        ))  # fmt: skip
    return maps


def _by_money(cells: Cells, side: int) -> list[str]:
    """Rows or columns: most money first, then by state, then by name."""
    money: dict[str, float] = {}
    confirmed: dict[str, int] = {}
    suspected: dict[str, int] = {}
    for cell, loss in cells.items():
        key = cell[side]
        money[key] = money.get(key, 0.0) + _confirmed([loss])
        confirmed[key] = confirmed.get(key, 0) + (loss.state == "confirmed")
        suspected[key] = suspected.get(key, 0) + (loss.state == "suspected")
    return sorted(money, key=lambda k: (-money[k], -confirmed[k], -suspected[k], k))


def loss_table(losses: list[Loss], words: Words) -> Table:
    """Slice, what, actual against norm, cases, state, money."""
    t = words.t
    plain = words.reader == "owner"
    rows = []
    for loss in losses:
        unit = loss.unit or words.units.get(loss.metric, "")
        norm = words.quantity(loss.norm, unit)
        rows.append(
            [
                words.slice_name(loss.slice),
                words.text(loss.measure or loss.title),
                t("map.against", actual=words.quantity(loss.actual, unit), norm=norm),
                words.number(loss.n, 0),
                t(f"state.{loss.state}"),
                words.short(loss.money.expected) if loss.money else "\u2014",
                words.ends(loss.money) if loss.money else "",
            ]
        )
    columns = [
        Column(t("col.slice"), 6, strong=True), Column(t("col.what"), 8),
        Column(t("col.actual-plain" if plain else "col.actual"), 5),
        Column(t("col.cases") if plain else "n", 3, "right"),
        Column(t("col.state"), 5), Column(t("col.money"), 4, "right"),
        Column(t("col.range"), 5, "right"),
    ]  # fmt: skip
    priced = any(loss.money for loss in losses)  # else both columns say nothing
    width = len(columns) if priced else len(columns) - 2
    return Table(columns[:width], [row[:width] for row in rows])


def explanation(loss: Loss, words: Words) -> str:
    """Whose norm, who reaches it, who was left out, how the money was counted.

    Empty where nothing of this is known.
    """
    told = [*_compared(loss, words), *_counted(loss, words)]
    if not told:
        return ""
    what = words.text(loss.measure or loss.title)
    return f"{words.slice_name(loss.slice)}, {what}: " + " ".join(told)


def explained(losses: list[Loss], words: Words) -> Table | None:
    """The same for several rows, side by side: what with, and how much it makes."""
    t, rows = words.t, []
    for loss in losses:
        cells = [_compared(loss, words), _counted(loss, words)]
        if any(cells):
            what = words.text(loss.measure or loss.title)
            said = (" ".join(c) or "\u2014" for c in cells)
            name = f"{words.slice_name(loss.slice)}: {what}"
            rows.append([name, *(s[:1].upper() + s[1:] for s in said)])
    columns = [
        Column(t("col.gap"), 4, strong=True), Column(t("col.compared"), 8),
        Column(t("col.counted"), 7),
    ]  # fmt: skip
    return Table(columns, rows) if rows else None


def _compared(loss: Loss, words: Words) -> list[str]:
    t, told = words.t, []
    if loss.norm_of is not None:
        told.append(t("map.norm-of", norm=words.text(loss.norm_of)))
    if loss.reached_by:
        names = ", ".join(_who(w, words) for w in loss.reached_by[:_NAMED])
        told.append(t("map.reached", who=names))
    if loss.left_out:
        names = ", ".join(
            f"{x.value} ({t(f'left-out.{x.reason}')})" for x in loss.left_out[:_NAMED]
        )
        told.append(t("map.left-out", who=names))
    if loss.raw_norm is not None and loss.standardised is not None:
        raw, fair = words.percent(loss.raw_norm), words.percent(loss.standardised)
        told.append(t("map.mix", raw=raw, fair=fair))
    return told


def _counted(loss: Loss, words: Words) -> list[str]:
    t, told = words.t, []
    if loss.inputs and loss.money:
        made = {"product": product(loss, words), "sum": words.short(_money(loss))}
        told.append(t("map.money", **made))
    large = [p for p in loss.parts if loss.money and p.money >= _LARGE * _money(loss)]
    if large:
        split = "; ".join(
            f"{words.slice_value('stage', p.slice['stage'])} {words.short(p.money)}"
            for p in large
        )
        told.append(t("map.parts", split=split))
    if loss.area_title is not None:
        told.append(t("map.area", area=words.text(loss.area_title)))
    return told


def _who(where: dict[str, str], words: Words) -> str:
    names = [words.slice_value(d, v) for d, v in sorted(where.items()) if d != "stage"]
    return " · ".join(names)
