"""PDF: the report tree as JSON, laid out by reports/report.typ."""

from dataclasses import asdict
from typing import Any

from salesdx.render.clean import breakable, walk
from salesdx.render.printable import Printable
from salesdx.render.report import Block, Card, Group, Report, Table
from salesdx.render.table_widths import lines, shares, too_long
from salesdx.render.typeset import pdf

_KEEP = frozenset({"svg", "kind", "name", "id", "anchor"})
_LINE_MM = 176.0
_MM_PER_POINT = 0.3528
_WHOLE_MM = 110.0  # a table no taller than this, generously reckoned, stays on one page
_LONG = 20  # rows: a longer table is for looking up and is set in small type
TYPE = {False: 8.2, True: 7.4}  # points, by whether the table is long


def write(edition: Printable) -> bytes:
    """Typeset the report; very long words may break anywhere."""
    report = edition.report
    data: dict[str, Any] = walk(asdict(report), breakable, _KEEP)
    _placed(report, data)
    return pdf(data, edition.pictures, edition.lang, edition.look)


def _placed(report: Report, data: dict[str, Any]) -> None:
    for section, made in zip(report.sections, data["sections"], strict=True):
        _blocks(section.blocks, made["blocks"])


def _blocks(blocks: list[Block], made: list[dict[str, Any]]) -> None:
    """Tables learn their widths; pictures travel as files, not inside the JSON."""
    for block, data in zip(blocks, made, strict=True):
        data.pop("svg", None)
        data.pop("twin", None)
        data.pop("heat", None)
        if isinstance(block, Table):
            size = TYPE[len(block.rows) > _LONG]
            data["size"] = size
            line = _LINE_MM / (size * _MM_PER_POINT)
            data["shares"] = shares(block, line)
            data["long"] = too_long(block, data["shares"], line)
            data["whole"] = len(block.rows) <= _LONG and _tall(block, data) <= _WHOLE_MM
        elif isinstance(block, Group | Card):
            _blocks(block.blocks, data["blocks"])


def _tall(table: Table, data: dict[str, Any]) -> float:
    """About the height in millimetres, with the header."""
    em: float = data["size"] * _MM_PER_POINT
    rows = lines(table, data["shares"], _LINE_MM / em)
    return (rows + 2) * 1.2 * em + (len(table.rows) + 1) * 3.0
