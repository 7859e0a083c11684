"""Markdown: the words and tables of the report; a chart is its table, or its words."""

import re

from salesdx.render.markdown_text import escape
from salesdx.render.printable import Printable
from salesdx.render.report import (
    Block,
    Bullets,
    Card,
    Column,
    Figure,
    Group,
    Heat,
    Item,
    Pairs,
    Para,
    Points,
    Report,
    Table,
)

_COLUMNS = 9  # a wider table is no reading


def write(edition: Printable) -> bytes:
    """The report as CommonMark with pipe tables; every value is escaped."""
    report = edition.report
    lines = _page_one(report)
    for section in report.sections:
        lines += ["", f"## {escape(section.title)}", ""]
        for block in section.blocks:
            lines += _block(block, 3)
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return f"{text}\n".encode()


def _page_one(report: Report) -> list[str]:
    one = report.page_one
    lines = [f"# {escape(report.company)}", "", escape(report.kicker), ""]
    lines += [f"**{escape(report.mark)}**", ""] if report.mark else []
    lines += [escape(" · ".join(report.meta)), "", f"**{escape(one.verdict)}**", ""]
    lines += [
        f"- {escape(k.label)}: **{escape(k.value)}** ({escape(k.note)})"
        for k in one.keys
    ]
    if one.since:
        lines += ["", escape(one.since)]
    if one.enough:
        lines += ["", f"## {escape(one.enough_title)}", ""]
        lines += [f"- {escape(item)}" for item in one.enough]
    lines += _items(one.findings_title, one.findings)
    lines += _items(one.actions_title, one.actions)
    return [*lines, "", escape(one.foot)]


def _items(title: str, items: list[Item]) -> list[str]:
    if not items:
        return []
    lines = ["", f"## {escape(title)}", ""]
    for i, item in enumerate(items):
        lines.append(f"{i + 1}. **{escape(item.title)}** ({escape(item.meta)})")
        lines += [f"   {escape(item.text)}"] if item.text else []
    return lines


def _block(block: Block, level: int) -> list[str]:
    mark = "#" * min(level, 6)
    match block:
        case Para():
            quote = "> " if block.tone == "note" else ""
            return [quote + escape(block.text), ""]
        case Bullets():
            marks = [f"{i + 1}." if block.ordered else "-"
                     for i in range(len(block.items))]  # fmt: skip
            pairs = zip(marks, block.items, strict=True)
            return [*(f"{m} {escape(item)}" for m, item in pairs), ""]
        case Pairs():
            return [*(f"- {escape(a)}: {escape(b)}" for a, b in block.rows), ""]
        case Points():
            rows = [
                f"- {f'**{escape(p.mark)}** ' if p.mark else ''}{escape(p.text)}"
                + (f" ({escape(p.note)})" if p.note else "")
                for p in block.rows
            ]
            return [*rows, ""]
        case Table():
            return _table(block)
        case Figure():
            return _figure(block)
        case Group():
            head = [f"{mark} {escape(block.title)}", ""]
            return head + [x for b in block.blocks for x in _block(b, level + 1)]
        case Card():
            head = [f"{mark} {escape(block.title)}", ""]
            head += [escape(" · ".join(block.tags)), ""]
            return head + [x for b in block.blocks for x in _block(b, level + 1)]


def _figure(figure: Figure) -> list[str]:
    """A chart as its table; as words where it has none, or one too wide to read."""
    head = f"**{escape(figure.caption)}**"
    if figure.heat:
        return [head, "", *_map(figure.heat)]
    if figure.twin and len(figure.twin.columns) <= _COLUMNS:
        return [head, "", *_table(figure.twin)]
    return [f"{head}  ", escape(figure.desc), ""]


def _map(heat: Heat) -> list[str]:
    """Signs in cells, as many as the caption speaks of, and what they mean."""
    rows, columns = heat.most
    heads = [heat.head, *heat.columns[:columns]]
    shown = [
        [name, *(mark.text if mark else "" for mark in marks[:columns])]
        for name, marks in heat.rows[:rows]
    ]
    table = Table([Column(h, strong=i == 0) for i, h in enumerate(heads)], shown)
    return [*_table(table), escape(heat.legend), ""]


def _table(table: Table) -> list[str]:
    heads = [escape(c.title) for c in table.columns]
    rules = ["---:" if c.align == "right" else "---" for c in table.columns]
    rows = [[escape(cell) for cell in row] for row in table.rows]
    return [*(f"| {' | '.join(r)} |" for r in (heads, rules, *rows)), ""]
