"""DOCX: real styles, real tables with column widths, charts as pictures."""

import io
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.shared import Emu, Mm, Pt

from salesdx.render.archive import stable
from salesdx.render.edition import Edition
from salesdx.render.report import (
    Block,
    Bullets,
    Card,
    Figure,
    Group,
    Item,
    Pairs,
    Para,
    Points,
    Report,
    Table,
)
from salesdx.render.word_styles import MUTE, SIZE, prepare
from salesdx.render.word_table import table_xml

_LINE = 176  # mm between the margins


def write(edition: Edition) -> bytes:
    """Build the file; its dates are the day of the case."""
    report = edition.report
    file = Document()
    prepare(file, report)
    writer = _Writer(file, edition.pngs)
    writer.page_one(report)
    for section in report.sections:
        file.add_heading(section.title, 1)
        writer.blocks(section.blocks, 2)
    out = io.BytesIO()
    file.save(out)
    return stable(out.getvalue(), edition.document.case.as_of)


class _Writer:
    """Places blocks one after another in a python-docx document."""

    def __init__(self, file: Any, pictures: dict[str, bytes]) -> None:
        self.file, self.pictures = file, pictures

    def page_one(self, report: Report) -> None:
        """The answer, then a page break."""
        one = report.page_one
        self.muted(report.kicker)
        self.file.add_heading(report.company, 0)
        self.muted(" · ".join(report.meta))
        self.line("Verdict", one.verdict)
        self.keys(report)
        if one.since:
            self.muted(one.since)
        if one.enough:
            self.file.add_heading(one.enough_title, 2)
            self.block(Bullets(one.enough), 3)
        self.items(one.findings_title, one.findings)
        self.items(one.actions_title, one.actions)
        self.muted(one.foot)
        if report.sections:
            self.file.add_page_break()

    def keys(self, report: Report) -> None:
        """The headline figures side by side."""
        keys = report.page_one.keys
        table = self.grid(1, [1] * len(keys))
        for cell, key in zip(table.rows[0].cells, keys, strict=True):
            first = cell.paragraphs[0]
            first._p.style = "Small"
            first.add_run(key.label)
            cell.add_paragraph(key.value)._p.style = "Key"
            cell.add_paragraph(key.note)._p.style = "Small"

    def items(self, title: str, items: list[Item]) -> None:
        """Findings or actions of page one."""
        if not items:
            return
        self.file.add_heading(title, 2)
        for i, item in enumerate(items):
            line = self.line("Top")
            line.add_run(f"{i + 1}. {item.title}").bold = True
            line.add_run().add_break()
            self.small(line, item.meta)
            if item.text:
                line.add_run().add_break()
                line.add_run(item.text)

    def line(self, style: str, text: str = "") -> Any:
        """A paragraph of a style, set by id: the look-up by name is slow."""
        line = self.file.add_paragraph(text)
        line._p.style = style
        return line

    def muted(self, text: str) -> None:
        """A line that steps back."""
        self.line("Small", text)

    def small(self, line: Any, text: str) -> None:
        """A muted run inside a paragraph."""
        run = line.add_run(text)
        run.font.size, run.font.color.rgb = Pt(SIZE - 1.5), MUTE

    def blocks(self, blocks: list[Block], level: int) -> None:
        """All blocks in order."""
        for block in blocks:
            self.block(block, level)

    def block(self, block: Block, level: int) -> None:
        """One block of any kind."""
        match block:
            case Para():
                style = {"note": "Note", "muted": "Small"}.get(block.tone, "Normal")
                self.line(style, block.text)
            case Bullets():
                self.bullets(block)
            case Pairs():
                for label, value in block.rows:
                    line = self.line("Pair")
                    self.small(line, f"{label}: ")
                    line.add_run(value)
            case Points():
                for row in block.rows:
                    line = self.line("Point")
                    line.add_run(f"{row.mark}\t").bold = True
                    line.add_run(row.text)
                    if row.note:
                        line.add_run().add_break()
                        self.small(line, row.note)
            case Table():
                self.table(block)
            case Figure():
                self.figure(block)
            case Group():
                self.file.add_heading(block.title, min(level, 4))
                self.blocks(block.blocks, level + 1)
            case Card():
                self.file.add_heading(block.title, min(level, 4))
                self.muted("  ·  ".join(block.tags))
                self.blocks(block.blocks, level + 1)

    def bullets(self, block: Bullets) -> None:
        """A list; steps are numbered by hand, so each list starts at 1."""
        for i, item in enumerate(block.items):
            mark = f"{i + 1}." if block.ordered else "–"
            line = self.line("Bullet")
            line.add_run(f"{mark}\t{item}")

    def figure(self, block: Figure) -> None:
        """The chart as a picture with alternative text and its caption above."""
        line = self.line("Small", block.caption)
        line.paragraph_format.keep_with_next = True
        picture = self.file.add_picture(
            io.BytesIO(self.pictures[block.name]), width=Mm(_LINE)
        )
        about = picture._inline.docPr
        about.set("descr", f"{block.caption}. {block.desc}")

    def grid(self, rows: int, widths: list[int]) -> Any:
        """An empty table whose columns share the line by `widths`."""
        table = self.file.add_table(rows, len(widths))
        table.autofit = False
        total = sum(widths)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(_LINE * width / total)
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Emu(Mm(_LINE * width / total))
        return table

    def table(self, block: Table) -> None:
        """A table with a repeated header and rows that do not break."""
        body = self.file.element.body
        body.insert(len(body) - 1, parse_xml(table_xml(block, _LINE)))
        self.line("Small")
