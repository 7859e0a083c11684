"""Word tables: a repeated header, rows that do not break, marks of the loss map."""

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from salesdx.render.report import Column, Heat, Key, Mark, Table
from salesdx.render.table_widths import shares
from salesdx.render.word_styles import Dress
from salesdx.render.word_text import TWIPS, line, paragraph, run

_LOOK = (
    '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="{first}"'
    ' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
)
GAP = paragraph("Gap", "")  # keeps a table from growing into the next
_EM = 3.3  # millimetres: the size of cells, for fonts a little wider than ours
_WHOLE = 20  # a map of no more rows stays on one page
_UPRIGHT = 6  # more columns than this have their names on their side


def grid(
    style: str, widths: Sequence[int], rows: str, title: str = "", about: str = ""
) -> str:
    """A table of fixed widths, in twips; `about` is read to who cannot see it."""
    columns = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    said = f"<w:tblCaption w:val={quoteattr(title)}/>" if title else ""
    said += f"<w:tblDescription w:val={quoteattr(about)}/>" if about else ""
    return (
        f'<w:tbl><w:tblPr><w:tblStyle w:val="{style}"/>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
        f"{_LOOK.format(first=1)}{said}</w:tblPr><w:tblGrid>{columns}</w:tblGrid>"
        f"{rows}</w:tbl>"
    )


def row(cells: str, head: bool = False, height: int = 0) -> str:
    """A row that stays whole; a head is repeated on every page."""
    marks = "<w:cantSplit/>"
    marks += f'<w:trHeight w:val="{height}" w:hRule="atLeast"/>' if height else ""
    marks += "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr>{marks}</w:trPr>{cells}</w:tr>"


def cell(width: int, inside: str, shade: str = "", extra: str = "") -> str:
    """A cell; `shade` and `extra` are pieces in the order of the schema."""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}{extra}</w:tcPr>'
        f"{inside}</w:tc>"
    )


def fill(colour: str) -> str:
    """A plain ground."""
    return f'<w:shd w:val="clear" w:color="auto" w:fill="{colour}"/>'


def table_xml(table: Table, room: float) -> str:
    """A table of texts, its columns sharing `room` millimetres."""
    parts = shares(table, room / _EM)
    widths = [round(room * TWIPS * part) for part in parts]
    rights = [c.align == "right" for c in table.columns]
    heads = "".join(
        cell(w, paragraph("CellHead", run(c.title), right=right))
        for c, w, right in zip(table.columns, widths, rights, strict=True)
    )
    rows = [row(heads, head=True)]
    # what is the same in every row is made once: long tables are most of the file
    columns = list(zip(table.columns, widths, strict=True))
    frames = [_frame(c, w) for c, w in columns]
    # a head with a single row below it is no way to end a page
    first = [_frame(c, w, keep=len(table.rows) > 1) for c, w in columns]
    for i, texts in enumerate(table.rows):
        cells = [
            f"{before}{run(text, style)}{after}"
            for text, (before, style, after) in zip(
                texts, frames if i else first, strict=True
            )
        ]
        rows.append(row("".join(cells)))
    return grid("Lines", widths, "".join(rows)) + GAP


def _frame(column: Column, width: int, keep: bool = False) -> tuple[str, str, str]:
    """What stands around the words of a cell, and their style."""
    right = column.align == "right"
    around = cell(width, paragraph("Cell", "\0", keep=keep, right=right))
    before, _, after = around.partition("\0")
    return before, "Strong" if column.strong else "", after


def keys_xml(keys: Sequence[Key], room: float) -> str:
    """The headline figures side by side."""
    width = round(room * TWIPS / max(len(keys), 1))
    cells = "".join(
        cell(width, line("KeyLabel", k.label) + line("Key", k.value)
             + line("KeyNote", k.note))
        for k in keys
    )  # fmt: skip
    return grid("Keys", [width] * len(keys), row(cells)) + GAP


def halves_xml(lines: Sequence[str], room: float) -> str:
    """Paragraphs in two columns, read downwards."""
    half, width = -(-len(lines) // 2), round(room * TWIPS / 2)
    sides = ("".join(lines[:half]), "".join(lines[half:]))
    return (
        grid("TableNormal", [width] * 2, row("".join(cell(width, s) for s in sides)))
        + GAP
    )


def heat_xml(heat: Heat, room: float, title: str, about: str, dress: Dress) -> str:
    """The loss map: each state by its sign, its ground and its words."""
    rows, columns = heat.most
    names = heat.columns[:columns]
    aside = len(names) > _UPRIGHT
    # a few columns need not fill the line
    first = round((62 if aside else 40) * TWIPS)
    rest = round(room * TWIPS) - first
    each = min(rest // max(len(names), 1), round((12 if aside else 34) * TWIPS))
    widths = [first, *[each] * len(names)]
    turned = '<w:textDirection w:val="btLr"/><w:vAlign w:val="center"/>'
    heads = cell(first, line("CellHead", heat.head)) + "".join(
        cell(each, _head(name, aside), extra=turned if aside else "") for name in names
    )
    height = round(max((len(n) for n in names), default=0) * 1.75 * TWIPS)
    found = [row(heads, head=True, height=min(height, 2_000) if aside else 0)]
    middle = '<w:vAlign w:val="center"/>'
    shown = heat.rows[:rows]
    whole = len(shown) <= _WHOLE
    for name, marks in shown:
        # the last row stays with the legend
        keep = whole or name == shown[-1][0]
        cells = cell(first, line("Cell", name, keep), extra=middle)
        cells += "".join(_mark(each, m, dress, keep) for m in marks[:columns])
        found.append(row(cells))
    return grid("Map", widths, "".join(found), title, about) + line(
        "Small", heat.legend
    )


def _head(name: str, aside: bool) -> str:
    return line("CellHead" if aside else "MapHead", name)


def _mark(width: int, mark: Mark | None, dress: Dress, keep: bool) -> str:
    if mark is None:
        return cell(width, line("Mark", "", keep))
    middle = '<w:vAlign w:val="center"/>'
    ground = {
        "confirmed": fill(dress.warn),
        # stripes are a shape, too: they stay in grey and in print
        "suspected": f'<w:shd w:val="thinDiagStripe" w:color="{dress.rule}"'
                     ' w:fill="FFFFFF"/>',
        "noise": fill(dress.soft),
    }.get(mark.state, "")  # fmt: skip
    style = {"confirmed": "MarkConfirmed", "suspected": "MarkSuspected"}
    inside = line(style.get(mark.state, "Mark"), mark.text, keep)
    return cell(width, inside, ground, middle)
