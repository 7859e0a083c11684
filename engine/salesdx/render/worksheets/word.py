"""A worksheet as DOCX: a table to write in has lines all round and room in its rows."""

from collections.abc import Sequence

from markdown_it.token import Token

from salesdx.render.office import dress, letterhead
from salesdx.render.word_lists import BULLETS
from salesdx.render.word_package import Package, Page
from salesdx.render.word_table import GAP, cell, fill, grid, row
from salesdx.render.word_text import TWIPS, paragraph, run
from salesdx.render.worksheets.paper import Paper
from salesdx.render.worksheets.parsed import closing, runs, tokens

_ROOM = 454  # twips: least height of a row, 8 mm
_HEADINGS = {1: "Title", 2: "Heading1", 3: "Heading2", 4: "Heading3"}


def write(text: str, paper: Paper) -> bytes:
    """Build the file; its dates are the day of the case."""
    look, lang = paper.look, paper.language
    package = Package(
        paper, Page(landscape=paper.landscape), dress(look, lang),
        head=letterhead(look, lang, paper.mark),
    )  # fmt: skip
    writer = _Writer(package)
    writer.write(tokens(text, paper.landscape))
    return package.write(writer.body, paper.day)


class _Writer:
    """Places tokens one after another; knows the style and the list it is in."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.body: list[str] = []
        self.style = "Normal"
        self.lists: list[int] = []  # ids of the open lists
        self.begun = False  # whether the item has its mark

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
                style = _HEADINGS.get(int(token.tag[1:]), "Heading4")
                self.body.append(paragraph(style, _dressed(after[0])))
            case "paragraph_open":
                self.paragraph(after[0], keep=after[-1].type == "table_open")
            case "blockquote_open":
                self.style = "Quote"
            case "blockquote_close":
                self.style = "Normal"
            case "bullet_list_open":
                self.lists.append(BULLETS)
            case "ordered_list_open":
                start = int(token.attrs.get("start", 1))
                depth = len(self.lists)
                self.lists.append(self.package.lists.numbered(start, depth))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.begun = False
            case _:
                pass

    def paragraph(self, inline: Token, keep: bool) -> None:
        """A paragraph, or an item of a list; its further paragraphs bear no mark."""
        style, number = self.style, None
        if self.lists and self.begun:
            style = "ListContinue"
        elif self.lists:
            kind, self.begun = self.lists[-1], True
            style = "ListBullet" if kind == BULLETS else "ListNumber"
            number = (kind, len(self.lists) - 1)
        self.body.append(paragraph(style, _dressed(inline), keep=keep, number=number))

    def table(self, found: Sequence[Token]) -> None:
        """A table with lines all round, its heading repeated on each page."""
        room = self.package.page.line
        self.body += [_table(found, found[0].meta["widths"], room), GAP]


def _dressed(inline: Token, bold: bool = False) -> str:
    """The words of an inline token as runs."""
    return "".join(run(text, "", b or bold, i) for text, b, i in runs(inline))


def _table(found: Sequence[Token], widths: Sequence[int], line: float) -> str:
    total = sum(widths)
    shares = [round(line * TWIPS * w / total) for w in widths]
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
            rows.append(row("".join(cells), head, _ROOM))
    return grid("TableGrid", shares, "".join(rows))


def _cell(inline: Token, width: int, head: bool, hold: bool) -> str:
    """A cell; `hold` keeps its row on one page with the next."""
    style = "CellHead" if head else "Cell"
    inside = paragraph(style, _dressed(inline), keep=hold)
    return cell(width, inside, fill("EEF1F5") if head else "")
