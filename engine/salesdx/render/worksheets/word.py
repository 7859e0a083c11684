"""A worksheet as DOCX: a table to write in has lines all round and room in its rows."""

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm
from markdown_it.token import Token

from salesdx.render.archive import stable
from salesdx.render.word_styles import prepare
from salesdx.render.worksheets.paper import Paper
from salesdx.render.worksheets.parsed import closing, runs, tokens

_TALL, _WIDE = 176, 263  # mm between the margins, upright and on its side
_TWIPS, _ROOM = 56.693, 454  # in a millimetre; least height of a row, 8 mm


def write(text: str, paper: Paper) -> bytes:
    """Build the file; its dates are the day of the case."""
    file = Document()
    prepare(file, paper)
    if paper.landscape:
        section = file.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    _Writer(file, _WIDE if paper.landscape else _TALL).write(
        tokens(text, paper.landscape)
    )
    out = io.BytesIO()
    file.save(out)
    return stable(out.getvalue(), paper.day)


class _Writer:
    """Places tokens one after another; knows the style and the list it is in."""

    def __init__(self, file: Any, line: float) -> None:
        self.file, self.line = file, line
        self.style = "Normal"
        self.marks: list[int | None] = []  # of open lists: the next number, or none
        self.mark = ""

    def write(self, found: Sequence[Token]) -> None:
        """All tokens; a table is taken as one piece."""
        at = 0
        while at < len(found):
            if found[at].type == "table_open":
                end = closing(found, at)
                self.table(found[at : end + 1])
                at = end
            else:
                self.token(found[at], found[at + 1 : at + 4])
            at += 1

    def token(self, token: Token, after: Sequence[Token]) -> None:
        """One token outside a table."""
        match token.type:
            case "heading_open":
                level = int(token.tag[1:])
                place = 0 if level == 1 else min(level, 4)
                self.runs(self.file.add_heading("", place), after[0])
            case "paragraph_open":
                line = self.paragraph(after[0])
                if after[-1].type == "table_open":
                    line.paragraph_format.keep_with_next = True
            case "blockquote_open":
                self.style = "Note"
            case "blockquote_close":
                self.style = "Normal"
            case "bullet_list_open":
                self.marks.append(None)
            case "ordered_list_open":
                self.marks.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                self.marks.pop()
            case "list_item_open":
                self.mark = "–" if self.marks[-1] is None else f"{self.marks[-1]}."
                if self.marks[-1] is not None:
                    self.marks[-1] += 1
            case _:
                pass

    def paragraph(self, inline: Token) -> Any:
        """A paragraph, or an item of a list with its mark."""
        line = self.file.add_paragraph()
        line._p.style = "Bullet" if self.marks else self.style
        if self.marks:
            line.add_run(f"{self.mark}\t")
            self.mark = ""
            depth = len(self.marks)
            if depth > 1:
                line.paragraph_format.left_indent = Mm(6 * depth)
        self.runs(line, inline)
        return line

    def runs(self, line: Any, inline: Token) -> None:
        """The words with their dress."""
        for text, bold, slanted in runs(inline):
            run = line.add_run(text)
            run.bold, run.italic = bold or None, slanted or None

    def table(self, found: Sequence[Token]) -> None:
        """A table with lines all round, its heading repeated on each page."""
        widths = found[0].meta["widths"]
        body = self.file.element.body
        body.insert(len(body) - 1, parse_xml(_table(found, widths, self.line)))
        gap = self.file.add_paragraph()
        gap._p.style = "Small"


def _table(found: Sequence[Token], widths: Sequence[int], line: float) -> str:
    total = sum(widths)
    shares = [round(line * _TWIPS * w / total) for w in widths]
    grid = "".join(f'<w:gridCol w:w="{s}"/>' for s in shares)
    rows: list[str] = []
    cells: list[str] = []
    head, whole = True, found[0].attrs.get("class") == "whole"
    last = max(i for i, token in enumerate(found) if token.type == "tr_open")
    for i, token in enumerate(found):
        if token.type == "tr_open":
            cells, head = [], found[i + 1].type == "th_open"
        elif token.type in {"th_open", "td_open"}:
            hold = whole and i < last
            cells.append(_cell(found[i + 1], shares[len(cells)], head, hold))
        elif token.type == "tr_close":
            rows.append(_row(cells, head))
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="9AA3B0"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(shares)}" w:type="dxa"/>'
        f"<w:tblBorders>{edges}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _row(cells: Sequence[str], head: bool) -> str:
    mark = "<w:tblHeader/>" if head else ""
    height = f'<w:trHeight w:val="{_ROOM}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{mark}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(inline: Token, width: int, head: bool, hold: bool) -> str:
    """A cell; `hold` keeps its row on one page with the next."""
    keep = "<w:keepNext/>" if head or hold else ""
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EEF1F5"/>' if head else ""
    said = "".join(
        f"<w:r><w:rPr>{'<w:b/>' if bold or head else ''}{'<w:i/>' if slanted else ''}"
        f'</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
        for text, bold, slanted in runs(inline)
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:pStyle w:val="Cell"/>{keep}</w:pPr>{said}</w:p></w:tc>'
    )
