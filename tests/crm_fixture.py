"""Exports and dumps as the CRMs give them (`crm_files/`), each with its twin case.

`crm_files/<crm>/<fixture>/` holds the files and `case/`, written by hand: what the
import must make of them. Flat exports are also told as files of other kinds.
"""

import contextlib
import csv
import datetime as dt
import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from broken_containers import xls

FIXTURES = sorted(
    p.parent for p in (Path(__file__).parent / "crm_files").glob("*/*/case")
)
Records = list[list[str]]


def files_of(fixture: Path) -> list[Path]:
    """Files of a fixture, by name."""
    return sorted(p for p in fixture.iterdir() if p.is_file())


def without_rows(path: Path, folder: Path) -> Path:
    """A file of the same kind that holds nothing: headers only, or an empty answer."""
    empty = folder / f"empty-{path.name}"
    text = path.read_text(encoding="utf-8-sig")
    head = text.partition("\n")[0] + "\n"
    empty.write_text('{"data": []}' if path.suffix == ".json" else head, "utf-8")
    return empty


def is_flat(fixture: Path) -> bool:
    """Whether all files are tables that a spreadsheet could hold."""
    return all(p.suffix == ".csv" for p in files_of(fixture))


def is_russian(fixture: Path) -> bool:
    """Whether cp1251 has all letters of the files, and some of them are Russian."""
    texts = [p.read_text(encoding="utf-8-sig") for p in files_of(fixture)]
    try:
        "".join(texts).encode("cp1251")
    except UnicodeEncodeError:
        return False
    return all(re.search("[А-Яа-я]", text) for text in texts)


def is_month_first(fixture: Path) -> bool:
    """Whether a dotted date has its month first, which `typed_excel` does not know."""
    texts = [p.read_text(encoding="utf-8-sig") for p in files_of(fixture)]
    return any(re.search(r"\b\d\d\.(1[3-9]|[23]\d)\.\d{4}", text) for text in texts)


def records_of(path: Path) -> Records:
    """Cells of a CSV file as it stands in the folder: UTF-8, any usual delimiter."""
    text = path.read_text(encoding="utf-8-sig")
    delimiter = ";" if text.split("\n", 1)[0].count(";") > 1 else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def delimited(mark: str, encoding: str) -> Callable[[Records, Path], Path]:
    """Writes CSV with a delimiter and an encoding."""

    def write(records: Records, stem: Path) -> Path:
        path = stem.with_suffix(".csv")
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=mark).writerows(records)
        return path

    return write


def excel(records: Records, stem: Path) -> Path:
    """Write XLSX with texts as texts."""
    book = openpyxl.Workbook()
    for record in records:
        book.active.append(record)
    path = stem.with_suffix(".xlsx")
    book.save(path)
    return path


def typed_excel(records: Records, stem: Path) -> Path:
    """Write XLSX whose dates are dates and whose plain numbers are numbers."""
    book = openpyxl.Workbook()
    book.active.append(records[0])
    for record in records[1:]:
        book.active.append([as_typed(cell) for cell in record])
    path = stem.with_suffix(".xlsx")
    book.save(path)
    return path


def as_typed(cell: str) -> str | int | dt.datetime | None:
    """What a spreadsheet makes of a text: Russian and ISO dates, whole numbers."""
    if re.fullmatch(r"[1-9]\d{0,14}", cell):
        return int(cell)
    for shape in ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"):
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(cell, shape)
    return cell or None


def old_excel(records: Records, stem: Path) -> Path:
    """Write XLS as Excel 97 did."""
    path = stem.with_suffix(".xls")
    path.write_bytes(xls(records))
    return path


def html(records: Records, stem: Path) -> Path:
    """Write an HTML table that calls itself .xls."""
    rows = "".join(
        "<tr>" + "".join(f"<td>{escaped(c)}</td>" for c in record) + "</tr>\n"
        for record in records
    )
    path = stem.with_suffix(".xls")
    path.write_text(f"<meta charset='utf-8'><table>{rows}</table>", encoding="utf-8")
    return path


def escaped(cell: str) -> str:
    return cell.replace("&", "&amp;").replace("<", "&lt;")


def parquet(records: Records, stem: Path) -> Path:
    """Write Parquet with text columns; equal headers are numbered."""
    names: list[str] = []
    for place, label in enumerate(records[0]):
        again = records[0][:place].count(label)
        names.append(f"{label}.{again + 1}" if again else label)
    columns = {
        name: pa.array(
            [(r[i] or None) if i < len(r) else None for r in records[1:]], pa.string()
        )
        for i, name in enumerate(names)
    }
    path = stem.with_suffix(".parquet")
    pq.write_table(pa.table(columns), path)
    return path


TYPED = "xlsx of dates and numbers"
KINDS: dict[str, Callable[[Records, Path], Path]] = {
    "csv cp1251 ;": delimited(";", "cp1251"),
    "csv utf-8 bom ,": delimited(",", "utf-8-sig"),
    "csv utf-16 tab": delimited("\t", "utf-16"),
    "xlsx": excel,
    TYPED: typed_excel,
    "xls of Excel 97": old_excel,
    "html named xls": html,
    "parquet": parquet,
}
