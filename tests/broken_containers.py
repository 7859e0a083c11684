"""Containers made by hand, so that every byte of them can be wrong: XLSX, XLS, OLE."""

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from html import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SECTOR = 512
Cell = str | int | float | None


def xlsx(*sheets: str, states: Sequence[str] = (), date1904: bool = False) -> bytes:
    """A workbook of sheets given as XML; `states` are visible, hidden, veryHidden."""
    listed, links = [], []
    parts: dict[str, str] = {}
    for place, inside in enumerate(sheets, 1):
        state = f' state="{states[place - 1]}"' if states else ""
        listed.append(
            f'<sheet name="S{place}" sheetId="{place}"{state} r:id="r{place}"/>'
        )
        links.append(
            f'<Relationship Id="r{place}" Type="{_LINK}/worksheet"'
            f' Target="worksheets/sheet{place}.xml"/>'
        )
        parts[f"xl/worksheets/sheet{place}.xml"] = inside
    links.append(f'<Relationship Id="rs" Type="{_LINK}/styles" Target="styles.xml"/>')
    settings = '<workbookPr date1904="1"/>' if date1904 else ""
    package = "http://schemas.openxmlformats.org/package/2006"
    parts |= {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="r1" Type="{_LINK}/officeDocument"'
        ' Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINK}">{settings}'
        f"<sheets>{''.join(listed)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f"{''.join(links)}</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs count="2">'
        '<xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    }  # style 1 is a date
    return zipped(parts)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """A deflated archive."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in parts.items():
            archive.writestr(name, inside)
    return sink.getvalue()


def sheet(
    rows: Sequence[Sequence[Cell]], merged: Sequence[str] = (), before: str = ""
) -> str:
    """The XML of a sheet; a cell that starts with `<` is the inside of a cell element.

    `<c t="e"><v>#REF!</v></c>` gets its address.
    """
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(
            _cell(f"{_letters(place)}{number}", cell)
            for place, cell in enumerate(row)
            if cell is not None
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    ranges = "".join(f'<mergeCell ref="{r}"/>' for r in merged)
    told = f"<mergeCells>{ranges}</mergeCells>" if merged else ""
    return (
        f'{before}<worksheet xmlns="{_MAIN}"><sheetData>{"".join(lines)}</sheetData>'
        f"{told}</worksheet>"
    )


def _cell(address: str, cell: Cell) -> str:
    if isinstance(cell, int | float):
        return f'<c r="{address}"><v>{cell!r}</v></c>'
    assert cell is not None
    if cell.startswith("<c"):
        return f'<c r="{address}"{cell[2:]}'
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'


def _letters(place: int) -> str:
    first, last = divmod(place, 26)
    return (_letters(first - 1) if first else "") + chr(65 + last)


def ole(streams: Mapping[str, bytes]) -> bytes:
    """A compound file: what old Office files and encrypted new ones are."""
    sectors: list[bytes] = []
    chain: list[int] = []
    entries = [_entry("Root Entry", 5, -2, 0, child=1 if streams else -1)]
    for place, (name, inside) in enumerate(sorted(streams.items()), 1):
        inside = inside.ljust(4096, b"\0")  # shorter ones would be mini streams
        blocks = [inside[i : i + _SECTOR] for i in range(0, len(inside), _SECTOR)]
        first = len(sectors)
        sectors += [b.ljust(_SECTOR, b"\0") for b in blocks]
        chain += [*range(first + 1, first + len(blocks)), -2]
        right = place + 1 if place < len(streams) else -1
        entries.append(_entry(name, 2, first, len(inside), right=right))
    while len(entries) % 4:
        entries.append(b"\0" * 128)
    directory = len(sectors)
    table = b"".join(entries)
    blocks = [table[i : i + _SECTOR] for i in range(0, len(table), _SECTOR)]
    sectors += blocks
    chain += [*range(directory + 1, directory + len(blocks)), -2]
    places, count = len(sectors), 1
    while len(chain) + count > count * 128:
        count += 1
    chain += [-3] * count
    fat = struct.pack(f"<{len(chain)}i", *chain)
    fat = fat.ljust(count * _SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<iiiiiiiii", 0, count, directory, 0, 4096, -2, 0, -2, 0)
    header += struct.pack(f"<{count}i", *range(places, places + count))
    return header.ljust(_SECTOR, b"\xff") + b"".join(sectors) + fat


def _entry(
    name: str, kind: int, start: int, size: int, child: int = -1, right: int = -1
) -> bytes:
    label = name.encode("utf-16-le") + b"\0\0"
    head = label.ljust(64, b"\0") + struct.pack("<HBB", len(label), kind, 1)
    links = struct.pack("<iii", -1, right, child)
    return (head + links + b"\0" * 36 + struct.pack("<iQ", start, size)).ljust(
        128, b"\0"
    )


def xls(rows: Sequence[Sequence[Cell]]) -> bytes:
    """A workbook of Excel 97 with one sheet."""
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if isinstance(cell, int | float):
                body += _record(0x203, struct.pack("<HHHd", r, c, 0, cell))
            elif cell is not None:
                text = cell.encode("utf-16-le")
                told = struct.pack("<HHHHB", r, c, 0, len(cell), 1)
                body += _record(0x204, told + text)
    body += _record(0x0A, b"")
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0))
    bound = 4 + 8 + 2
    start = len(head) + bound + 4
    head += _record(0x85, struct.pack("<IBB", start, 0, 0) + b"\x02\x00S1")
    head += _record(0x0A, b"")
    return ole({"Workbook": head + body})


def _record(kind: int, inside: bytes) -> bytes:
    return struct.pack("<HH", kind, len(inside)) + inside
