"""Groups beside each other: a map of shares, and the differences that are no chance."""

from salesdx.portfolio.model import Difference, Groups, PortfolioDocument
from salesdx.render.portfolio.blocks import figure
from salesdx.render.portfolio.charts import heat
from salesdx.render.portfolio.words import Words
from salesdx.render.report import Block, Column, Group, Para, Section, Table


def section(document: PortfolioDocument, words: Words) -> Section:
    """The chapter; none where the table names no groups."""
    t, found = words.t, document.groups
    if not found.rows:
        return Section("groups", t("groups.title"), [])
    blocks: list[Block] = []
    if len(found.rows) < 2:
        blocks.append(Para(t("groups.alone")))
    elif not found.comparisons:
        least = words.number(document.marks.group_least)
        blocks.append(Para(t("groups.too-few", least=least)))
    else:
        blocks += _compared(document, words)
    blocks.append(_sizes(found, words))
    return Section("groups", t("groups.title"), blocks)


def _compared(document: PortfolioDocument, words: Words) -> list[Block]:
    t, found, marks = words.t, document.groups, document.marks
    blocks: list[Block] = []
    if found.heat:
        marked = {(d.group, d.cause): d.more for d in found.differences}
        drawing = heat.draw(found.heat, found.heat_causes, marked, marks.group_least,
                            words)  # fmt: skip
        table = _heat_table(found, words)
        blocks.append(figure(drawing, t("groups.heat.caption"), table))
    notes = [t("groups.rest", n=words.count("in-pairs", found.comparisons))]
    if found.differences:
        told = [_difference_table(found, words)]
        blocks.append(Group(t("groups.differences"), [*told]))
    else:
        notes = [t("groups.none")]
    if found.slight:
        least = words.points(marks.difference_least)
        n = words.count("differences", found.slight)
        notes.append(t("groups.slight", n=n, least=least))
    if found.more_differences:
        n = words.number(found.more_differences)
        notes.append(t("together.more.differences", n=n))
    if len(found.rows) + found.more - found.too_small > found.compared:
        notes.append(t("groups.largest", n=words.number(found.compared)))
    if found.too_small:
        n = words.count("groups", found.too_small)
        notes.append(t("groups.small", n=n, least=words.number(marks.group_least)))
    blocks.append(Para(" ".join(notes), "muted"))
    return blocks


def _heat_table(found: Groups, words: Words) -> Table:
    columns = [
        Column(words.t("col.group"), 3, strong=True),
        *(Column(words.cause(c), 2, "right") for c in found.heat_causes),
    ]
    rows = [
        [
            words.group(row.group),
            *(words.t("share.of", share=words.percent(c.share),
                      n=words.number(c.examined)) for c in row.cells),
        ]
        for row in found.heat
    ]  # fmt: skip
    return Table(columns, rows)


def _difference_table(found: Groups, words: Words) -> Table:
    t = words.t
    columns = [
        Column(t("col.group"), 3, strong=True), Column(t("col.cause"), 5),
        Column(t("col.how"), 2), Column(t("col.here"), 3, "right"),
        Column(t("col.interval"), 2, "right"), Column(t("col.elsewhere"), 3, "right"),
    ]  # fmt: skip
    return Table(columns, [_difference(d, words) for d in found.differences])


def _difference(one: Difference, words: Words) -> list[str]:
    def share(value: float, n: int) -> str:
        return words.t("share.of", share=words.percent(value), n=words.number(n))

    return [
        words.group(one.group), words.cause(one.cause),
        words.t("groups.more" if one.more else "groups.less"),
        share(one.share, one.examined), words.span(one.interval),
        share(one.elsewhere, one.elsewhere_examined),
    ]  # fmt: skip


def _sizes(found: Groups, words: Words) -> Block:
    t = words.t
    columns = [
        Column(t("col.group"), 5, strong=True), Column(t("col.companies"), 2, "right"),
        Column(t("col.ill"), 3, "right"), Column(t("col.median-coverage"), 3, "right"),
    ]  # fmt: skip
    rows = [
        [
            words.group(g.name), words.number(g.companies),
            t("key.ill.value", n=words.number(g.ill), all=words.number(g.companies)),
            words.percent(g.coverage),
        ]
        for g in found.rows
    ]  # fmt: skip
    blocks: list[Block] = [Table(columns, rows)]
    if found.more:
        more = t("groups.rows.more", n=words.number(found.more))
        blocks.append(Para(more, "muted"))
    return Group(t("groups.sizes"), blocks)
