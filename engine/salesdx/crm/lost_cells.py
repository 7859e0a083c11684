"""Cells of XLSX that its reader leaves blank: errors, and formulas never calculated."""

import html
import re
import zipfile
from xml.etree import ElementTree

from salesdx.crm.limits import MAX_UNPACKED

_ROW = rb"<(?:\w+:)?row\b(?P<row>[^>]*)>"
_CELL = rb"<(?:\w+:)?c\b(?P<cell>[^>]*?)(?:/>|>(?P<in>.*?)</(?:\w+:)?c>)"
_PLACED = re.compile(_ROW + b"|" + _CELL, re.DOTALL)
_FORMULA = re.compile(rb"<(?:\w+:)?f\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?f>)", re.DOTALL)
_ANY_FORMULA = re.compile(rb"<(?:\w+:)?f\b")
_VALUE = re.compile(rb"<(?:\w+:)?v\b[^>/]*>([^<]+)<")
_AT = re.compile(rb'\br=["\']([A-Z]*)(\d+)["\']')
_ERROR = re.compile(rb'\bt=["\']e["\']')
_EMPTY_TEXT = re.compile(rb'\bt=["\']str["\']')
_SHOWN = 200  # letters of a formula


def lost_cells(archive: zipfile.ZipFile, sheet: str) -> dict[int, dict[int, str]]:
    """Errors and formulas without a value by row and column from 0, as they stand."""
    part = _part_of(archive, sheet)
    if part is None:
        return {}
    with archive.open(part) as file:
        raw = file.read(MAX_UNPACKED)
    if not (_ERROR.search(raw) or _ANY_FORMULA.search(raw)):
        return {}
    return _lost_cells(raw)


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """The part that holds a sheet of an XLSX file; None where it cannot be told."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return None
    targets = {r.get("Id"): r.get("Target", "") for r in links}
    for element in book.iter():
        if element.tag.rpartition("}")[2] == "sheet" and element.get("name") == sheet:
            ids = [v for k, v in element.items() if k.rpartition("}")[2] == "id"]
            target = targets.get(ids[0] if ids else "", "")
            part = target[1:] if target.startswith("/") else f"xl/{target}"
            return part if part in archive.namelist() else None
    return None


def _lost_cells(raw: bytes) -> dict[int, dict[int, str]]:
    lost: dict[int, dict[int, str]] = {}
    row, column = -1, -1
    for found in _PLACED.finditer(raw):
        cell = found["cell"]
        at = _AT.search(cell if cell is not None else found["row"])
        if cell is None:
            row, column = int(at[2]) - 1 if at else row + 1, -1
            continue
        column = _column(at[1]) if at and at[1] else column + 1
        if (written := _as_written(cell, found["in"] or b"")) is not None:
            lost.setdefault(row, {})[column] = written
    return lost


def _as_written(attributes: bytes, inside: bytes) -> str | None:
    """An error or a formula without a value; None for a cell that has one."""
    value = _VALUE.search(inside)
    if _ERROR.search(attributes):
        return _unescaped(value[1]) if value else "#ERROR!"
    formula = _FORMULA.search(inside)
    if formula is None or value or _EMPTY_TEXT.search(attributes):
        return None
    return "=" + (_unescaped(formula[1])[:_SHOWN] if formula[1] else "…")


def _unescaped(raw: bytes) -> str:
    return html.unescape(raw.decode("utf-8", "replace"))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number - 1
