"""Broken and hostile files as data: how each is made, and what must come of it.

Each case says what the deals of the case folder hold afterwards and which rows are
rejected, or which words refuse the file. Files are made when a test asks for them.
"""

import datetime as dt
import decimal
import json
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from broken_containers import ole, sheet, xls, xlsx, zipped

Make = Callable[[Path], Any]
Words = tuple[str, str]


@dataclass(frozen=True)
class Broken:
    """One broken file.

    Attributes:
        name: what is wrong.
        make: writes the file at a path, or bytes or text to stand there; may return
            the paths to import instead.
        file: its name.
        deals: column -> values of the deals afterwards; None where it is refused.
        rejected: reason -> rows.
        refused: what the message must say, in English and in Russian.
        unreadable: column -> cells that are counted as unreadable.
        notes: ids of statements on the data that must be made.
        asks: what a question or an advice must say, in English.
        heavy: read in a process with a limit of memory and time.
    """

    name: str
    make: Make | bytes | str
    file: str = "deals.csv"
    deals: Mapping[str, Sequence[str]] | None = None
    rejected: Mapping[str, int] = field(default_factory=dict)
    refused: Words | None = None
    unreadable: Mapping[str, int] = field(default_factory=dict)
    notes: frozenset[str] = frozenset()
    asks: str = ""
    code: int = 3
    heavy: bool = False
    unless: Callable[[], bool] | None = None

    def made(self, folder: Path) -> list[Path]:
        """Make the files in a folder."""
        path = folder / self.file
        if callable(self.make):
            found = self.make(path)
            return list(found) if isinstance(found, list) else [path]
        raw = self.make.encode() if isinstance(self.make, str) else self.make
        path.write_bytes(raw)
        return [path]


HEAD = ("ID", "Статус", "Сумма", "Дата создания")
ROWS = (
    ("1", "Успешно", "100", "01.02.2026"),
    ("2", "Отказ", "200,5", "13.02.2026"),
    ("3", "В работе", "300", "14.02.2026"),
)
GOOD = {
    "deal_id": ("1", "2", "3"), "status": ("won", "lost", "open"),
    "amount": ("100", "200.5", "300"),
    "entered_at": (
        "2026-02-01 00:00:00", "2026-02-13 00:00:00", "2026-02-14 00:00:00",
    ),
}  # fmt: skip
# five more rows, for a column of which too little can be read is none of ours
EIGHT = tuple("12345678")
AMOUNTS = ("1", "2", "3", "4", "5")
MORE = [(str(n), "Отказ", n - 3, f"{n + 11}.02.2026") for n in range(4, 9)]
DAYS = tuple(f"2026-02-{n + 11} 00:00:00" for n in range(4, 9))
IDS = {"deal_id": ("1", "2", "3"), "status": ("won", "lost", "open")}
JSON_DEALS = [
    {"deal_id": "1", "status": "won", "amount": 100, "entered_at": "2026-02-01"},
    {"deal_id": "2", "status": "lost", "amount": 200.5, "entered_at": "2026-02-13"},
    {"deal_id": "3", "status": "open", "amount": 300, "entered_at": "2026-02-14"},
]
ARROW = {
    "deal_id": ["1", "2", "3"], "status": ["won", "lost", "open"],
    "amount": [100.0, 200.5, 300.0],
    "entered_at": [dt.datetime(2026, 2, d) for d in (1, 13, 14)],
}  # fmt: skip


def csv(*rows: Sequence[str], head: Sequence[str] = HEAD, mark: str = ";") -> str:
    """A CSV text of rows as they are, without quoting."""
    return "".join(mark.join(r) + "\n" for r in (head, *rows))


def column(header: str, *cells: str, head: Sequence[str] = HEAD) -> str:
    """The usual rows, one column of them with other cells, as many as there are."""
    place = head.index(header)
    rows = []
    for number, cell in enumerate(cells, 1):
        row = [str(number), *ROWS[(number - 1) % 3][1:]]
        row[place] = cell
        rows.append(row)
    return csv(*rows)


BASE = csv(*ROWS)
CELLS: list[list[Any]] = [list(HEAD), *[[*r] for r in ROWS]]


def cells(**changed: Any) -> list[list[Any]]:
    """Rows for a spreadsheet; `B2=…` changes one cell."""
    rows = [list(r) for r in CELLS]
    for address, cell in changed.items():
        rows[int(address[1:]) - 1][ord(address[0]) - 65] = cell
    return rows


def book(*rows: Sequence[Any], **options: Any) -> bytes:
    return xlsx(sheet(rows, **options))


def parquet(**columns: Any) -> Make:
    """The usual deals with other columns."""
    return lambda path: pq.write_table(pa.table(ARROW | columns), path)


def jsons(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


def sized(size: int, start: bytes = b"") -> Make:
    """A file with a hole: it takes no room on the disk."""

    def make(path: Path) -> None:
        with path.open("wb") as file:
            file.write(start)
            file.truncate(size)

    return make


def changed(raw: bytes, old: bytes, new: bytes) -> bytes:
    assert old in raw
    return raw.replace(old, new)


def _bomb() -> bytes:
    return zipped({
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.xml": "<workbook/>",
        "xl/worksheets/sheet1.xml": b" " * 60_000_000,
    })  # fmt: skip


def _lying(raw: bytes) -> bytes:
    """Every size in the directory is 1,000 bytes, whatever the part unpacks to."""
    found = bytearray(raw)
    place = found.find(b"PK\x01\x02")
    while place >= 0:
        found[place + 24 : place + 28] = (1_000).to_bytes(4, "little")
        place = found.find(b"PK\x01\x02", place + 4)
    return bytes(found)


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(12)
) + "]>"  # fmt: skip
_CORNERS = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>'
)
_CLAIMED = sheet(CELLS).replace(
    "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>'
)


def _sqlite(path: Path) -> None:
    with sqlite3.connect(path) as base:
        base.execute("create table deals (id)")


def _truncated_parquet(path: Path) -> None:
    pq.write_table(pa.table(ARROW), path)
    path.write_bytes(path.read_bytes()[:-40])


def _lying_parquet(path: Path) -> None:
    """The footer says 7 rows where there are 3."""
    pq.write_table(pa.table({"deal_id": ["1", "2", "3"]}), path, compression="none")
    raw = path.read_bytes()
    size = int.from_bytes(raw[-8:-4], "little")
    footer = raw[-8 - size : -8]
    # compact thrift: field 3 of FileMetaData (i64, zigzag) follows the schema
    assert footer.count(b"\x16\x06") >= 1
    path.write_bytes(
        raw[: -8 - size] + footer.replace(b"\x16\x06", b"\x16\x0e", 1) + raw[-8:]
    )


def _dense_parquet(path: Path) -> None:
    """A hundred kilobytes of codes for gigabytes of text."""
    long = pa.DictionaryArray.from_arrays(
        pa.array([0] * 4_000_000, pa.int32()), pa.array(["x" * 30_000])
    )
    pq.write_table(pa.table({"deal_id": long}), path)


def _not_utf8(path: Path) -> None:
    raw = pa.array(["Анна".encode("cp1251")] * 3, pa.binary())
    text = pa.Array.from_buffers(pa.string(), 3, raw.buffers())
    pq.write_table(pa.table(ARROW | {"manager_id": text}), path)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _loop(path: Path) -> None:
    path.symlink_to(path)


def _locked(path: Path) -> None:
    path.write_text(BASE, encoding="utf-8")
    path.chmod(0)


def _same_names(path: Path) -> list[Path]:
    (path.parent / "a").mkdir()
    (path.parent / "b").mkdir()
    found = [path.parent / "a" / path.name, path.parent / "b" / path.name.upper()]
    for one in found:
        one.write_text(BASE, encoding="utf-8")
    return found


def _same_stems(path: Path) -> list[Path]:
    """Both have a rejected row; neither list of rejects may hide the other."""
    other = path.with_suffix(".txt")
    rows = [(str(n), "Успешно", "1", "01.02.2026") for n in range(1, 9)]
    path.write_text(csv(*rows, ("", "Отказ", "5", "01.02.2026")), encoding="utf-8")
    rows = [(str(n), "Отказ", "1", "01.02.2026") for n in range(11, 19)]
    other.write_text(csv(*rows, ("", "Отказ", "6", "01.02.2026")), encoding="utf-8")
    return [path, other]


def _windows() -> bool:
    return os.name != "posix"


def _root() -> bool:
    return _windows() or os.geteuid() == 0


def _bytes_name(path: Path) -> list[Path]:
    path = Path(os.fsdecode(os.fsencode(path.parent) + b"/deals\xff.csv"))
    path.write_bytes(BASE.encode())
    return [path]


SPREADSHEETS = [
    Broken("a zip bomb in one part", _bomb(), "bomb.xlsx", refused=(
        "unpacks to 60 MB", "после распаковки 60 МБ")),
    Broken("an archive of 3,000 parts", zipped(
        {f"xl/{n}.xml": "" for n in range(3_000)}), "parts.xlsx",
        refused=("3000 parts", "частей 3000")),
    Broken("a directory that lies about sizes", _lying(_bomb()), "lies.xlsx",
           refused=("damaged|memory|unpacks", "повреждён|памяти|распаковки"),
           heavy=True),
    Broken("a sheet of XML entities that multiply", xlsx(
        sheet(cells(B2="&k;"), before=LAUGHS)), "laughs.xlsx",
        refused=("declares entities", "сущности XML")),
    Broken("two cells in the corners of the largest sheet", xlsx(_CORNERS),
           "corners.xlsx", refused=("memory", "памяти"), heavy=True),
    Broken("a dimension of 17 billion cells with four columns", xlsx(_CLAIMED),
           "claims.xlsx", deals=GOOD),
    Broken("one stray cell 1,500 columns to the right", book(
        *cells(), [None] * 1500 + ["x"]), "stray.xlsx",
        refused=("spans 5 rows x 1501 columns", "5 строк на 1501 колонок")),
    Broken("formulas with their values", book(
        *cells(C2='<c><f>50+50</f><v>100</v></c>')), "f.xlsx", deals=GOOD),
    Broken("a formula that was never calculated", book(
        *cells(C2='<c><f>1+1</f></c>'), *MORE), "f.xlsx",
        deals={"deal_id": EIGHT, "amount": ("", "200.5", "300", *AMOUNTS)},
        unreadable={"amount": 1}),
    Broken("a HYPERLINK and a DDE formula as ids", book(
        *cells(A2='<c><f>HYPERLINK("http://x","1")</f></c>',
               A3="=cmd|' /C calc'!A0")), "f.xlsx",
        deals={"deal_id": ('=HYPERLINK("http://x","1")', "=cmd|' /C calc'!A0", "3")}),
    Broken("cells with errors", book(
        *cells(C2='<c t="e"><v>#REF!</v></c>',
               D4='<c t="e"><f>A1/0</f><v>#DIV/0!</v></c>'), *MORE), "e.xlsx",
        deals={"deal_id": EIGHT, "amount": ("", "200.5", "300", *AMOUNTS),
               "entered_at": (*GOOD["entered_at"][:2], "", *DAYS)},
        unreadable={"amount": 1, "entered_at": 1}),
    Broken("a date merged over three deals", book(
        *cells(D3=None, D4=None), merged=["D2:D4"]), "m.xlsx",
        deals=IDS | {"entered_at": ("2026-02-01 00:00:00",) * 3}),
    Broken("an amount merged over two deals counts once", book(
        *cells(C2=100, C3=None), merged=["C2:C3"]), "m.xlsx",
        deals=IDS | {"amount": ("100", "", "300")}),
    Broken("a hidden sheet before the table", xlsx(
        sheet([["x", "y"], ["1", "2"]]), sheet(CELLS), states=("hidden", "visible")),
        "h.xlsx", deals=GOOD, asks="S1"),
    Broken("all sheets hidden", xlsx(sheet(CELLS), states=("veryHidden",)), "h.xlsx",
           refused=("h.xlsx.*hidden", "h.xlsx.*скрыт")),
    Broken("a cover sheet before the table", xlsx(
        sheet([["Отчёт"], ["за 2026 год"]]), sheet(CELLS)), "c.xlsx",
        deals=GOOD, asks="S1"),
    Broken("a second table on a second sheet", xlsx(
        sheet(CELLS), sheet(CELLS)), "two.xlsx", deals=GOOD, asks="S2"),
    Broken("title lines above the headers", book(
        ["Отчёт по сделкам"], ["Период:", "2026"], [], *CELLS), "t.xlsx",
        deals=GOOD, rejected={"around-the-table": 2}),
    Broken("totals below", book(*CELLS, ["Итого", None, 600.5, None]), "t.xlsx",
           deals=GOOD, rejected={"around-the-table": 1}),
    Broken("the 1904 date system", xlsx(sheet(
        cells(D2='<c s="1"><v>44592</v></c>')), date1904=True), "mac.xlsx",
        deals=IDS | {"entered_at": ("2026-02-01 00:00:00", *GOOD["entered_at"][1:])}),
    Broken("dates as serial numbers", book(
        *cells(D2=46054, D3=46066, D4=46067)), "serial.xlsx", deals=GOOD),
    Broken("a date before the calendar of Excel", book(
        *cells(D2='<c s="1"><v>-5</v></c>'), *MORE), "neg.xlsx",
        deals={"deal_id": EIGHT, "entered_at": ("", *GOOD["entered_at"][1:], *DAYS)},
        unreadable={"entered_at": 1}),
    Broken("an id beyond 2^53, cut by the spreadsheet", book(
        *cells(), *[[str(n), "Отказ", 1, "01.02.2026"] for n in range(4, 9)],
        [1234567890123456789, "Отказ", 1, "01.02.2026"]), "ids.xlsx",
        deals={"deal_id": tuple("12345678")}, rejected={"unreadable-deal_id": 1},
        unreadable={"deal_id": 1}),
    Broken("an id of 16 digits, one too many", book(
        *cells(), *[[str(n), "Отказ", 1, "01.02.2026"] for n in range(4, 9)],
        [1234567890123456, "Отказ", 1, "01.02.2026"]), "ids.xlsx",
        deals={"deal_id": tuple("12345678")}, rejected={"unreadable-deal_id": 1},
        unreadable={"deal_id": 1}),
    Broken("a truncated XLSX", book(*CELLS)[:-200], "cut.xlsx",
           refused=("damaged Excel", "файл Excel повреждён")),
    Broken("an XLSX without its sheet", zipped({"[Content_Types].xml": "<Types/>"}),
           "cut.xlsx", refused=("damaged Excel", "файл Excel повреждён")),
    Broken("a sheet whose XML breaks off", xlsx(sheet(CELLS)[:-120]), "cut.xlsx",
           refused=("damaged Excel", "файл Excel повреждён")),
    Broken("an old XLS", xls(CELLS), "old.xls", deals=GOOD),
    Broken("a truncated XLS", xls(CELLS)[:2500], "old.xls",
           refused=("damaged Excel", "файл Excel повреждён")),
    Broken("an encrypted XLSX", ole(
        {"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"y" * 100}), "locked.xlsx",
        refused=("password", "под паролем")),
    Broken("an old Word document", ole({"WordDocument": b"x" * 5000}), "deals.xls",
           refused=("Excel", "Excel")),
]  # fmt: skip
_HTML = "".join(
    "<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in CELLS
)
_XML_2003 = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"'
    ' xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">%s<Worksheet'
    ' ss:Name="S1"><Table>%s</Table></Worksheet></Workbook>'
)
_XML_ROWS = "".join(
    "<Row>"
    + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row)
    + "</Row>"
    for row in CELLS
)
PAGES = [
    Broken("a page to sign in, named CSV",
           "<!DOCTYPE html><html><body><form><input name=login></form></body></html>",
           refused=("without a table.*sign in", "без таблицы.*страница входа")),
    Broken("a page with a table of other things, named CSV",
           "<html><table><tr><td>Login<td><input></table></html>",
           refused=("headers but no rows", "нет строк")),
    Broken("an HTML table named CSV", f"<html><body><table>{_HTML}</table>",
           deals=GOOD),
    Broken("an HTML table in cp1251 named XLS",
           f"<table>{_HTML}</table>".encode("cp1251"), "deals.xls", deals=GOOD),
    Broken("a cell that reaches down two rows",
           f"<table>{_HTML}</table>".replace(
               "<td>13.02.2026</td>", "<td rowspan=2>13.02.2026</td>"
           ).replace("<td>14.02.2026</td>", ""), "deals.xls",
           deals=IDS | {"entered_at": (
               "2026-02-01 00:00:00", "2026-02-13 00:00:00", "2026-02-13 00:00:00")}),
    Broken("spans of a billion cells",
           f"<table>{_HTML}</table>".replace(
               "<td>300</td>", "<td colspan=999999999 rowspan=999999999>300</td>"),
           "deals.xls", refused=("columns", "колонок"), heavy=True),
    Broken("a CSV named XLS", BASE, "deals.xls", deals=GOOD),
    Broken("an XML spreadsheet of 2003", _XML_2003 % ("", _XML_ROWS), "deals.xls",
           deals=GOOD),
    Broken("an XML spreadsheet of 2003 that breaks off",
           (_XML_2003 % ("", _XML_ROWS))[:-90], "deals.xls",
           refused=("XML breaks off", "XML обрывается")),
    Broken("an XML spreadsheet of 2003 with entities",
           (_XML_2003 % ("&l;", _XML_ROWS)).replace("<Workbook", LAUGHS + "<Workbook"),
           "deals.xls", refused=("entities", "сущности"), heavy=True),
    Broken("other XML", "<?xml version='1.0'?><deals><deal id='1'/></deals>",
           "deals.xml", refused=("without a table", "без таблицы")),
    Broken("100,000 tables in tables", "<table><tr><td>" * 100_000, "deals.xls",
           refused=("none of the files|without a table", "ни один файл|без таблицы"),
           heavy=True),
]  # fmt: skip
OTHER_KINDS = [
    Broken(f"a {kind} named CSV", raw, refused=words) for kind, raw, words in (
        ("PDF", b"%PDF-1.7\n1 0 obj", ("PDF", "PDF")),
        ("picture", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, ("a picture", "картинка")),
        ("ZIP", zipped({"deals.csv": BASE}), ("archive; unpack", "архив; распакуйте")),
        ("GZ", b"\x1f\x8b\x08" + b"\0" * 60, ("archive; unpack", "архив; распакуйте")),
        ("7z", b"7z\xbc\xaf\x27\x1c" + b"\0" * 60, ("archive", "архив")),
        ("RTF", rb"{\rtf1\ansi x}", ("RTF", "RTF")),
        ("DOCX", zipped({"[Content_Types].xml": "", "word/document.xml": "<w/>"}),
         ("Word", "Word")),
    )
] + [
    Broken("an SQLite file named CSV", _sqlite, refused=("SQLite", "SQLite")),
    Broken("random bytes", bytes(range(256)) * 20,
           refused=("neither UTF-8|not a text", "не UTF-8|не текстовый")),
]  # fmt: skip
PARQUET = [
    Broken("a truncated Parquet", _truncated_parquet, "d.parquet",
           refused=("Parquet.*again", "Parquet.*заново")),
    Broken("a Parquet that is its mark only", b"PAR1" + b"\0" * 50 + b"PAR1",
           "d.parquet", refused=("Parquet", "Parquet")),
    Broken("a Parquet that lies about its rows", _lying_parquet, "d.parquet",
           refused=("Parquet", "Parquet")),
    Broken("a Parquet that unpacks to 120 GB", _dense_parquet, "d.parquet",
           refused=("unpacks to more", "после распаковки больше"), heavy=True),
    Broken("ids of 64 bits in Parquet", parquet(
        deal_id=pa.array([2**63 - 1, -(2**63), 7], pa.int64())), "d.parquet",
        deals={"deal_id": ("9223372036854775807", "-9223372036854775808", "7")}),
    Broken("unsigned ids in Parquet", parquet(
        deal_id=pa.array([2**64 - 1, 2**53 + 1, 7], pa.uint64())), "d.parquet",
        deals={"deal_id": ("18446744073709551615", "9007199254740993", "7")}),
    Broken("decimal ids in Parquet", parquet(
        deal_id=pa.array(
            [decimal.Decimal(n) for n in ("12345678901234567890.00", "5.00", "6.00")],
            pa.decimal128(30, 2))),
        "d.parquet", deals={"deal_id": ("12345678901234567890", "5", "6")}),
    Broken("double ids in Parquet, one beyond 2^53", parquet(**{
        k: list(v) * 3 for k, v in ARROW.items() if k != "deal_id"
    }, deal_id=[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 1.2345678901234567e18]),
        "d.parquet", deals={"deal_id": tuple("12345678")},
        rejected={"unreadable-deal_id": 1}, unreadable={"deal_id": 1}),
    Broken("float ids in Parquet beyond their digits", parquet(**{
        k: list(v) * 3 for k, v in ARROW.items() if k != "deal_id"
    }, deal_id=pa.array([*map(float, range(1, 9)), 16777218.0], pa.float32())),
        "d.parquet", deals={"deal_id": tuple("12345678")},
        rejected={"unreadable-deal_id": 1}, unreadable={"deal_id": 1}),
    Broken("columns of every odd type in Parquet", parquet(
        a=[[1, 2]] * 3, b=[{"x": dt.date(2026, 1, 1)}] * 3, c=[b"\xff\x00"] * 3,
        d=[dt.timedelta(seconds=90)] * 3, e=pa.nulls(3), f=[dt.time(3, 4)] * 3,
        g=pa.array(["x"] * 3).dictionary_encode(),
        entered_at=pa.array(
            [dt.datetime(2026, 2, 1, 9)] * 3, pa.timestamp("us", "UTC"))), "d.parquet",
        deals=IDS | {
            "a": ("[1, 2]",) * 3, "b": ('{"x": "2026-01-01"}',) * 3, "c": ("ff00",) * 3,
            "d": ("90",) * 3, "g": ("x",) * 3,
            "entered_at": ("2026-02-01 12:00:00",) * 3}),
    Broken("text in Parquet that is not UTF-8", _not_utf8, "d.parquet",
           refused=("'manager_id'.*UTF-8", "«manager_id».*UTF-8")),
    Broken("a Parquet of 1,001 columns", lambda p: pq.write_table(
        pa.table({f"c{n}": [1] for n in range(1001)}), p), "d.parquet",
        refused=("1001 columns", "1001 колонок")),
    Broken("a Parquet without rows", parquet(
        **{k: pa.array([], pa.string()) for k in ARROW}), "d.parquet",
        deals={}, asks="no rows"),
]  # fmt: skip


def _half(first: str, second: str) -> bytes:
    lines = BASE.splitlines(keepends=True)
    lines += [f"{n};Отказ;1;01.02.2026\n" for n in range(4, 400)]
    half = len(lines) // 2
    return "".join(lines[:half]).encode(first) + "".join(lines[half:]).encode(second)


_LONG = BASE.encode() + b"".join(
    f"{n};Отказ;1;01.02.2026\n".encode() for n in range(4, 3_000)
)
ENCODINGS = [
    Broken("half UTF-8, half cp1251", _half("utf-8", "cp1251"),
           refused=(r"deals\.csv:\d+: the encoding", r"deals\.csv:\d+: кодировка")),
    Broken("half cp1251, half UTF-8", _half("cp1251", "utf-8"),
           refused=(r"deals\.csv:\d+: the encoding", r"deals\.csv:\d+: кодировка")),
    Broken("a lone bad byte late in UTF-8", _LONG + "3000;Отказ;1;01.02.2026;".encode()
           + b"\xff\n", refused=(r"deals\.csv:3001", r"deals\.csv:3001")),
    Broken("UTF-16 with its mark", BASE.encode("utf-16"), deals=GOOD),
    Broken("UTF-16 without its mark", BASE.encode("utf-16-le"),
           refused=("UTF-16", "UTF-16")),
    Broken("UTF-16, the other order, without its mark", BASE.encode("utf-16-be"),
           refused=("UTF-16", "UTF-16")),
    Broken("UTF-16 that breaks off in a letter", BASE.encode("utf-16")[:-1],
           refused=("damaged utf-16", "повреждён")),
    Broken("UTF-32", BASE.encode("utf-32"), refused=("UTF-32", "UTF-32")),
    Broken("cp866", BASE.encode("cp866"), refused=("neither UTF-8", "не UTF-8")),
    Broken("koi8-r", BASE.encode("koi8-r"), refused=("neither UTF-8", "не UTF-8")),
    Broken("latin-1", "ID;Größe\n1;café été\n2;naïve\n".encode("latin-1"),
           refused=("neither UTF-8", "не UTF-8")),
    Broken("cp1251", BASE.encode("cp1251"), deals=GOOD),
]  # fmt: skip
SHAPES = [
    Broken("nothing at all", b"", refused=("deals.csv.*empty", "deals.csv.*пуст")),
    Broken("the mark of UTF-8 only", b"\xef\xbb\xbf", refused=("empty", "пуст")),
    Broken("the mark of UTF-16 only", b"\xff\xfe", refused=("empty", "пуст")),
    Broken("blank lines only", b"\n \r\n\t\n" * 50, refused=("empty", "пуст")),
    Broken("headers only", csv(), deals={}, asks="no rows"),
    Broken("600 blank lines before the table", "\n" * 600 + BASE, deals=GOOD),
    Broken("one column", "ID\n1\n2\n", refused=("one more", "ещё одна")),
    Broken("5,000 columns", csv(head=[f"c{n}" for n in range(5_000)]),
           refused=("5000 columns, at most 1000", "колонок 5000")),
    Broken("a line of 2 GB", sized(2 << 30, b"a;b\n1;"), refused=("1 GB", "1 ГБ"),
           heavy=True),
    Broken("2 GB of NUL", sized(2 << 30), refused=("1 GB", "1 ГБ"), heavy=True),
    Broken("300 MB of NUL", sized(300 << 20), refused=("NUL", "нулевые"), heavy=True),
    Broken("a table that ends in 100 MB of NUL", sized(100 << 20, BASE.encode()),
           refused=("NUL", "нулевые"), heavy=True),
    Broken("a line of 50 MB", lambda p: p.write_bytes(
        BASE.encode() + b"4;" + b"x" * 50_000_000 + b";1;01.02.2026\n"),
        refused=("row", "строк"), heavy=True),
    Broken("title lines above the headers of a CSV",
           "Отчёт по сделкам\nПериод: 2026\n\n" + BASE,
           deals=GOOD, rejected={"around-the-table": 2}),
    Broken("title lines as Excel saves them",
           "Отчёт по сделкам;;;\nПериод;2026;;\n;;;\n" + BASE,
           deals=GOOD, rejected={"around-the-table": 2}),
    Broken("totals below a CSV", BASE + "Итого:;;600,5;\n",
           deals=GOOD, rejected={"around-the-table": 1}),
    Broken("grand totals and a note below",
           "Opportunity ID,Stage,Amount,Created Date,Owner\n"
           "006A,Closed Won,100,2026-02-01,Ann\n006B,Closed Lost,200,2026-02-13,Ann\n"
           "006C,Prospecting,300,2026-02-14,Bob\nGrand Total,,600,,\n"
           "Confidential Information - Do Not Distribute,,,,\n", "report.csv",
           deals={"deal_id": ("006A", "006B", "006C"), "amount": ("100", "200", "300")},
           rejected={"around-the-table": 2}),
    Broken("a quote that is never closed", BASE.replace("Отказ", '"Отказ'),
           refused=("row 3.*quote", "строка 3.*кавычка")),
    Broken("quotes inside of a field", csv(
        *ROWS[:2], ("3", "В работе", "300", "14.02.2026", 'ООО "Ромашка"'),
        head=(*HEAD, "Компания")).replace(
            "01.02.2026", "01.02.2026;A").replace("13.02.2026", "13.02.2026;B"),
        deals=GOOD | {"client_id": ("A", "B", 'ООО "Ромашка"')}),
    Broken("backslashes before quotes", csv(*ROWS, head=HEAD).replace(
        "Дата создания\n", 'Дата создания;Компания\n').replace(
        ".2026\n", '.2026;"ООО \\"Ромашка\\""\n'),
        deals=GOOD | {"client_id": ('ООО "Ромашка"',) * 3}),
    Broken("delimiters and line ends inside of quotes", BASE.replace(
        "Дата создания", "Дата создания;Компания").replace(
        ".2026\n", '.2026;"a;b\nc"\n'),
        deals=GOOD | {"client_id": ("a;b\nc",) * 3}),
    Broken("rows too short and too long", csv(
        *[(str(n), "Отказ", "1", "01.02.2026") for n in range(1, 10)],
        ("10", "Отказ"), ("11", "Отказ", "1", "01.02.2026", "x")),
        deals={"deal_id": tuple("123456789")},
        rejected={"too-few-cells": 1, "too-many-cells": 1}),
    Broken("half of the rows too short", csv(*ROWS, *[("4", "Отказ")] * 3),
           refused=("3 of 6 rows", "3 из 6")),
    Broken("line ends of an old Mac", BASE.replace("\n", "\r"), deals=GOOD),
    Broken("mixed line ends", csv(*ROWS).replace("1;", "1;", 1).replace(
        "01.02.2026\n", "01.02.2026\r\n").replace("13.02.2026\n", "13.02.2026\r"),
        deals=GOOD),
    Broken("a NUL in a cell", BASE.replace("Отказ", "От\0каз"),
           refused=("NUL", "нулевые")),
    Broken("form feeds and line separators in cells", csv(
        *[(r[0], r[1], r[2], r[3], "a\x0cb\u2028c\x85d") for r in ROWS],
        head=(*HEAD, "Компания")), deals=GOOD | {
            "client_id": ("a\x0cb\u2028c\x85d",) * 3}),
    Broken("headers with a reversal and zero width", csv(
        *ROWS, head=("\u202eID", "Ста\u200bтус", "Сумма\u200d", "\ufeffДата создания")),
        deals=GOOD),
    Broken("a header three times", csv(
        *[(*r, "a", "b", "c") for r in ROWS],
        head=(*HEAD, "Тег", "тег ", "ТЕГ*")), deals=GOOD | {
            "тег": ("a",) * 3, "тег_2": ("b",) * 3, "тег_3": ("c",) * 3}),
    Broken("two columns of ids with different values", csv(
        *[(*r, f"9{r[0]}") for r in ROWS], head=(*HEAD, "id")), deals=GOOD),
    Broken("blank headers", csv(
        *[("x", *r, "y") for r in ROWS], head=("", *HEAD, "")), deals=GOOD),
    Broken("a blank header before tabs", csv(
        *[("x", *r) for r in ROWS], head=("", *HEAD), mark="\t"), deals=GOOD),
    Broken("a quote that is never closed among the headers", '"' + BASE,
           refused=("quote", "кавычк")),
    Broken("a first line of 20 MB", lambda p: p.write_bytes(
        b"ID;" + b"x" * 20_000_000 + b"\n1;2\n"),
        refused=("csv:1: a line of more than 16 MB", "csv:1: строка длиннее 16 МБ"),
        heavy=True),
    Broken("two columns, the header of one is blank", csv(
        ("1", "Отказ"), ("2", "Успешно"), head=("ID", "")),
        deals={"deal_id": ("1", "2"), "status": ("lost", "won")}),
    Broken("headers that are weapons", csv(
        *[(*r, "a", "b", "c", "d") for r in ROWS],
        head=(*HEAD, "__proto__", "../../etc/passwd", "=cmd|' /C calc'!A0",
              "<script>alert(1)</script>")), deals=GOOD),
    Broken("a header of 10 kB", csv(
        *[(*r, "a") for r in ROWS], head=(*HEAD, "х" * 10_000)), deals=GOOD),
    Broken("a header of colours and bells", csv(
        *[(*r, "a") for r in ROWS], head=(*HEAD, "\x1b[31mred\x07")), deals=GOOD),
]  # fmt: skip
VALUES = [
    Broken("dates in two orders, both proved", column(
        "Дата создания", "13/02/2026", "14/02/2026", "02/15/2026", "03/04/2026",
        "16/02/2026"), notes=frozenset({"mixed-date-orders"}),
        deals={"entered_at": ("2026-02-13 00:00:00", "2026-02-14 00:00:00", "",
                              "2026-04-03 00:00:00", "2026-02-16 00:00:00")},
        unreadable={"entered_at": 1},
        asks="both orders, 31/12 and 12/31 (taken: day first)"),
    Broken("dates in two orders, the American ones more", column(
        "Дата создания", "02/13/2026", "02/14/2026", "15/02/2026", "03/04/2026",
        "02/16/2026"), notes=frozenset({"mixed-date-orders"}),
        deals={"entered_at": ("2026-02-13 00:00:00", "2026-02-14 00:00:00", "",
                              "2026-03-04 00:00:00", "2026-02-16 00:00:00")},
        unreadable={"entered_at": 1},
        asks="both orders, 31/12 and 12/31 (taken: month first)"),
    Broken("dates that could be either", column(
        "Дата создания", "03/04/2026", "05/06/2026"), asks="3rd of April",
        deals={"entered_at": ("2026-04-03 00:00:00", "2026-06-05 00:00:00")},
        notes=frozenset({"ambiguous-dates"})),
    Broken("years of two digits", column(
        "Дата создания", "01.02.26", "13.02.25", "14.02.24"),
        deals={"entered_at": ("2026-02-01 00:00:00", "2025-02-13 00:00:00",
                              "2024-02-14 00:00:00")}),
    Broken("dates of no calendar", column(
        "Дата создания", "01.02.2026", "30.02.2026", "00.00.0000", "01.01.9999",
        "31.12.1899", *(f"{d}.03.2026" for d in range(10, 30))),
        deals={"entered_at": ("2026-02-01 00:00:00", "", "", "", "",
                              *(f"2026-03-{d} 00:00:00" for d in range(10, 30)))},
        unreadable={"entered_at": 4}),
    Broken("the years 1900 and 2199", column(
        "Дата создания", "01.01.1900", "31.12.2199"),
        deals={"entered_at": ("1900-01-01 00:00:00", "2199-12-31 00:00:00")}),
    Broken("the same row twice", csv(*ROWS, ROWS[1]), deals=GOOD,
           rejected={"row-of-the-same-deal": 1}),
    Broken("one id with different contents", csv(
        *[(str(n), "Отказ", "1", "01.02.2026") for n in range(1, 9)],
        ("1", "Успешно", "5", "02.02.2026")),
        deals={"deal_id": tuple("12345678"), "status": ("lost",) * 8},
        rejected={"duplicate-key": 1}),
    Broken("ids beyond 2^53 in a CSV", column(
        "ID", "9007199254740993", "9007199254740992", "123456789012345678901234567890"),
        deals={"deal_id": ("9007199254740993", "9007199254740992",
                           "123456789012345678901234567890")}),
    Broken("ids that a spreadsheet cut before", column(
        "ID", "1,23457E+18", *"2345678"), deals={"deal_id": tuple("2345678")},
        rejected={"unreadable-deal_id": 1}, unreadable={"deal_id": 1}),
    Broken("ids with leading zeros", column("ID", "007", "07", "7"),
           deals={"deal_id": ("007", "07", "7")}),
    Broken("ids that differ by case or space", column(
        "ID", "Ab", "aB", "a b", "a  b", " a b "),
        deals={"deal_id": ("Ab", "aB", "a b", "a  b")}, rejected={"duplicate-key": 1}),
    Broken("thousands and decimals by both marks", column(
        "Сумма", "1.234", "1,234", "5,75", "7.25", *AMOUNTS, "6", "7"),
        deals={"amount": ("", "", "5.75", "7.25", *AMOUNTS, "6", "7")},
        unreadable={"amount": 2}),
    Broken("a point and a comma before three digits, nothing to tell them by", column(
        "Сумма", "1.234", "2,345", "10", "20", "30", "40", "50", "60", "70", "80"),
        deals={"amount": ("", "", *(str(n) for n in range(10, 90, 10)))},
        unreadable={"amount": 2}),
    Broken("amounts as people write them", column(
        "Сумма", "1'234.50", "(15)", "-", "-5", "2 000,00 ₽", "12 %"),
        deals={"amount": ("1234.5", "-15", "", "-5", "2000", "0.12")}),
    Broken("amounts that are none", column(
        "Сумма", "1e999", "NaN", "inf", "1" * 40, "١٢٣", "１２３", "abc",
        *map(str, range(1, 31))), unreadable={"amount": 6},
        deals={"amount": ("",) * 7 + tuple(map(str, range(1, 31)))}),
    Broken("roubles and dollars in one column", column(
        "Сумма", "100 ₽", "$200", "300"),
        deals={"amount": ("100", "200", "300"), "currency": ("RUB", "USD", "RUB")}),
    Broken("an amount marked otherwise than its column of currencies", csv(
        *[(*r[:2], a, r[3], c) for r, a, c in zip(
            ROWS, ("100", "$200", "$300"), ("RUB", "", "EUR"), strict=True)],
        head=(*HEAD, "Валюта")), deals={
            "amount": ("100", "200", "300"), "currency": ("RUB", "USD", "EUR")}),
    Broken("dollars where the company counts in roubles", column(
        "Сумма", "$100", "$200", "$300"), deals={
            "amount": ("100", "200", "300"), "currency": ("USD",) * 3}),
    Broken("booleans as words and figures", csv(
        *[(*r, f) for r, f in zip(ROWS, ("да", "нет", "0"), strict=True)],
        head=(*HEAD, "Сделка закрыта")), deals=GOOD),
    Broken("a status that is empty", column("Статус", "Успешно", "", *["Отказ"] * 6),
           deals={"status": ("won", *("lost",) * 6)}, rejected={"no-status": 1}),
    Broken("statuses that nobody knows", column("Статус", "Ёлка", "Берёза", "Дуб"),
           deals={"status": ("open",) * 3}, asks="mean that the deal is won"),
]  # fmt: skip
FILES = [
    Broken("a pipe", _fifo, refused=("a pipe or a device", "канал или устройство"),
           unless=_windows),
    Broken("a folder", lambda p: p.mkdir(), refused=("a folder", "это папка")),
    Broken("a link to itself", _loop, refused=("link|symbolic", "по кругу"),
           unless=_windows),
    Broken("no right to read", _locked, refused=("ermission", "нет прав"),
           unless=_root),
    Broken("no such file", lambda _: None,
           refused=("No such file", "нет такого файла")),
    Broken("two files of one name", _same_names, refused=(
        "two files are called", "два файла называются"), code=2),
    Broken("two files of one stem, each with rejects", _same_stems, deals={
        "deal_id": (*"12345678", *map(str, range(11, 19)))},
        rejected={"no-deal_id": 2}),
    Broken("a line end in the name", BASE, "de\nals.csv", deals=GOOD, unless=_windows),
    Broken("an emoji in the name", BASE, "💰 сделки.csv", deals=GOOD),
    Broken("bells and colours in the name", b"%PDF", "\x1b[31m\x07.csv",
           refused=("PDF", "PDF"), unless=_windows),
    Broken("a name of 5,000 points", lambda p: [p.parent / ("." * 5_000)],
           refused=("name too long", "слишком длинное имя")),
    Broken("a name of 250 letters, with rejects", csv(
        *[(str(n), "Отказ", "1", "01.02.2026") for n in range(1, 9)], ("", "Отказ")),
        "a" * 246 + ".csv", deals={"deal_id": tuple("12345678")},
        rejected={"too-few-cells": 1}),
    Broken("the folder above", lambda p: [p.parent / ".."],
           refused=("a folder", "это папка")),
    Broken("a name that is not Unicode", _bytes_name,
           refused=("rename", "переименуйте"), unless=_windows),
]  # fmt: skip
_BIG_ID = '{"deal_id": 12345678901234567890123, "status": "won"}'
JSON = [
    Broken("JSON that breaks off", jsons(JSON_DEALS)[:-30], "d.json",
           refused=(r"d\.json:1:\d+: the JSON breaks", r"d\.json:1:\d+: здесь JSON")),
    Broken("100,000 brackets", "[" * 100_000, "d.json",
           refused=("nested deeper", "вложены глубже"), heavy=True),
    Broken("100,000 objects in objects", '{"a":' * 100_000, "d.json",
           refused=("nested deeper", "вложены глубже"), heavy=True),
    Broken("900 objects in objects", '[{"id": 1, "a":' + '{"a":' * 900 + "1"
           + "}" * 900 + "}]", "d.json",
           refused=("none of the files|nested", "ни один файл|вложены")),
    Broken("a key twice with two values", jsons(JSON_DEALS).replace(
        '"amount": 100', '"amount": 100, "amount": 999'), "d.json",
        refused=("'amount' stands twice", "«amount» указано дважды")),
    Broken("a key twice with one value", jsons(JSON_DEALS).replace(
        '"amount": 100', '"amount": 100, "amount": 100'), "d.json", deals=GOOD),
    Broken("a dotted key beside the object it would come from", jsons(
        [r | {"a.b": "x", "a": {"b": "y"}} for r in JSON_DEALS]), "d.json",
        deals=GOOD | {"a_b": ("x",) * 3, "a_b_2": ("y",) * 3}),
    Broken("NaN and Infinity", jsons(JSON_DEALS).replace("200.5", "Infinity").replace(
        "300", "NaN"), "d.json", deals=IDS | {"amount": ("100", "", "")},
        unreadable={"amount": 1}),
    Broken("whole numbers beyond 2^53", f"[{_BIG_ID}]", "d.json",
           deals={"deal_id": ("12345678901234567890123",)}),
    Broken("a whole number of 5,000 digits", jsons(JSON_DEALS).replace(
        "300", "3" * 5_000), "d.json", deals=IDS | {"amount": ("100", "200.5", "")},
        unreadable={"amount": 1}),
    Broken("ids with exponents", jsons(
        [{"deal_id": n, "status": "won"} for n in range(1, 9)]).replace(
        '"deal_id": 8', '"deal_id": 8e5').replace('"deal_id": 7', '"deal_id": 7.1e18'),
        "d.json", deals={"deal_id": (*"123456", "800000")},
        rejected={"unreadable-deal_id": 1}, unreadable={"deal_id": 1}),
    Broken("records of different shapes", jsons(
        [*JSON_DEALS[:2], JSON_DEALS[2] | {"region": "Юг"}]), "d.json",
        deals=GOOD | {"region": ("", "", "Юг")}),
    Broken("bare values among records", jsons([*JSON_DEALS, 5, None, "x"]), "d.json",
           refused=("3 of 6 rows", "3 из 6")),
    Broken("one bare value among records", jsons([*JSON_DEALS * 1, *[
        {"deal_id": str(n), "status": "won"} for n in range(4, 9)], 5]), "d.json",
        deals={"deal_id": tuple("12345678")}, rejected={"not-a-record": 1}),
    Broken("a list of bare values", "[1, 2, 3]", "d.json",
           refused=("3 bare values", "значений — 3")),
    Broken("an empty list", "[]", "d.json", refused=("empty", "пуст")),
    Broken("an error instead of data (Bitrix24)", jsons(
        {"error": "expired_token", "error_description": "The access token expired"}),
        "d.json", refused=("expired_token: The access", "ошибка.*expired_token")),
    Broken("an error instead of data (amoCRM)", jsons(
        {"title": "Unauthorized", "type": "https://x", "status": 401,
         "detail": "Неверный логин"}), "d.json",
        refused=("Unauthorized", "Неверный логин")),
    Broken("an error instead of data (HubSpot)", jsons(
        {"status": "error", "message": "Authentication not found", "category": "X"}),
        "d.json", refused=("Authentication not found", "ошибка")),
    Broken("an error instead of data (Salesforce)", jsons(
        [{"message": "Session expired", "errorCode": "INVALID_SESSION_ID"}]), "d.json",
        refused=("INVALID_SESSION_ID", "Session expired")),
    Broken("an error instead of data (GraphQL)", jsons(
        {"data": None, "errors": [{"message": "Not allowed", "path": ["deals"]}]}),
        "d.json", refused=("Not allowed", "ошибка")),
    Broken("an error on the second page", jsons({"result": JSON_DEALS}) + "\n" + jsons(
        {"error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"}),
        "d.json", refused=("QUERY_LIMIT", "QUERY_LIMIT")),
    Broken("records as GraphQL nests them", jsons(
        {"data": {"deals": {"edges": [{"node": r, "cursor": "x"} for r in JSON_DEALS]}}}
        ), "d.json", deals=GOOD),
    Broken("lines of JSON, one of them bad", "\n".join(map(jsons, JSON_DEALS)).replace(
        '"lost"', '"lost'), "d.jsonl", refused=(r"d\.jsonl:2:", r"d\.jsonl:2:")),
    Broken("5,000 fields", jsons([{f"f{n}": n for n in range(5_000)}]), "d.json",
           refused=("5000 fields", "5000 полей")),
    Broken("half a letter of UTF-16", jsons(JSON_DEALS).replace(
        '"won"', '"won", "title": "\\ud83d"'), "d.json", deals=GOOD),
]  # fmt: skip
CORPUS = [
    *SPREADSHEETS, *PAGES, *OTHER_KINDS, *PARQUET, *ENCODINGS, *SHAPES, *VALUES, *FILES,
    *JSON,
]  # fmt: skip
