"""CSV to rows of text, at the speed of Arrow and never silently wrong."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from salesdx.crm.decoding import decode
from salesdx.crm.frame_words import is_frame
from salesdx.crm.reasons import FRAME
from salesdx.crm.rows import (
    MAX_CELL,
    MAX_COLUMNS,
    MAX_ROWS,
    Reject,
    Rows,
    from_columns,
)
from salesdx.crm.title_lines import titles_above
from salesdx.errors import DataError, Said

DELIMITERS = (";", ",", "\t")
_BLOCK = 1 << 24
_BLANK_LINES = re.compile(r"(?:[ \t\x0b\x0c]*[\r\n])*")
# a quote inside of a cell, told by doubling it: neither a blank cell nor `\""`
_DOUBLED = re.compile(r'[^\\;,\t\r\n"]""[^;,\t\r\n"]|(?<!\\)"""')


def read_csv(path: Path) -> Rows:
    """Read a CSV file of any of the usual encodings and delimiters.

    Raises:
        DataError: not text, too wide, too long, or a quote that is never closed.
    """
    text, encoding = decode(path.read_bytes(), path.name)
    above: Sequence[int] = ()
    rest = text[_BLANK_LINES.match(text).end() :]  # type: ignore[union-attr]
    blank = text.count("\n", 0, len(text) - len(rest))
    first = _first_line(rest)
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        delimiter, rest = first.strip()[4], rest[len(first) :].lstrip("\r\n")
    elif titled := titles_above(rest, DELIMITERS):
        delimiter, above = titled.delimiter, titled.lines
        rest = rest[titled.start :]
    else:
        delimiter = sniff(rest)
    rest = rest.lstrip("\r\n")
    if not rest.strip():
        return from_columns(path.name, [], [], np.empty(0, np.int64))
    try:
        labels = next(csv.reader(io.StringIO(rest, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _unclosed(path.name, 1) from error
    if len(labels) > MAX_COLUMNS:
        raise DataError(
            Said(
                f"{path.name}:1: {len(labels)} columns, at most {MAX_COLUMNS} are"
                " read; export only the columns you need",
                f"{path.name}:1: колонок {len(labels)}, а читаем не больше"
                f" {MAX_COLUMNS}; выгрузите только нужные колонки",
            )
        )
    columns, bad = _columns(rest, delimiter, len(labels), path.name)
    skipped = text.count("\n", 0, len(text) - len(rest))
    broken = [Reject(number + skipped, why) for number, why in bad if why]
    broken += [Reject(number + blank, FRAME) for number in above]
    total = len(columns[0]) + len(bad) if columns else len(bad)
    numbers = np.arange(2, total + 2, dtype=np.int64)
    numbers = np.delete(numbers, [n - 2 for n, _ in bad]) + skipped
    return from_columns(path.name, labels, columns, numbers, broken, encoding)


def sniff(text: str) -> str:
    """The delimiter that splits the first lines most evenly, most columns first."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]

    def evenness(delimiter: str) -> tuple[bool, int]:
        try:
            widths = [len(r) for r in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:  # a cell longer than any
            return False, 0
        most = max(set(widths), key=lambda w: (widths.count(w), w))
        return widths[0] == most and most > 1, widths[0]

    return max(DELIMITERS, key=evenness) if lines else ","


def _first_line(text: str) -> str:
    return text[: text.find("\n")] if "\n" in text else text


def _columns(
    text: str, delimiter: str, width: int, name: str
) -> tuple[list[pa.ChunkedArray], list[tuple[int, str]]]:
    """Split into string columns; rows of another width as (number, reason or "")."""
    bad: list[tuple[int, str]] = []
    unclosed: list[int] = []

    def skip(row: arrow_csv.InvalidRow) -> str:
        blank = not row.text.strip(f' \t\r\n"{delimiter}')
        few = "too-few-cells" if row.actual_columns < width else "too-many-cells"
        if row.actual_columns < width and is_frame(row.text.strip(), delimiter):
            few = FRAME
        bad.append((row.number, "" if blank else few))
        if "\n" in row.text.strip() and row.text.count('"') % 2:
            unclosed.append(row.number)
        return "skip"

    names = [str(i) for i in range(width)]
    data = text if text.endswith("\n") else text + "\n"
    escape = "\\" if '\\"' in text and not _DOUBLED.search(text) else False
    try:
        table = arrow_csv.read_csv(
            pa.py_buffer(data.encode()),
            read_options=arrow_csv.ReadOptions(
                column_names=names, skip_rows_after_names=1, use_threads=False,
                block_size=_BLOCK,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, escape_char=escape,
                ignore_empty_lines=False, invalid_row_handler=skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""],
                strings_can_be_null=True,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        raise DataError(
            Said(
                f"{name}: cannot be split into rows: a quote is never closed, or a line"
                " is longer than any table's; close it or export the file again",
                f"{name}: не удалось разбить на строки: кавычка не закрыта или строка"
                " слишком длинная; закройте кавычку или выгрузите файл заново",
            )
        ) from error
    if unclosed:
        raise _unclosed(name, unclosed[0])
    if table.num_rows > MAX_ROWS:
        raise DataError(
            Said(
                f"{name}: more than {MAX_ROWS} rows; split the file",
                f"{name}: больше {MAX_ROWS} строк; разделите файл на части",
            )
        )
    _refuse_swallowed_rows(table, data, name)
    return table.columns, bad


def _refuse_swallowed_rows(table: pa.Table, text: str, name: str) -> None:
    """An unclosed quote hides all later rows in one cell: refuse, with the place."""
    for column in table.columns:
        longest = pc.max(pc.utf8_length(column)).as_py() or 0
        if longest > MAX_CELL:
            row = pc.index(pc.utf8_length(column), longest).as_py() + 2
            raise _unclosed(name, row)
    if table.num_rows and text.count('"') % 2:
        last = [str(c[-1].as_py() or "") for c in table.columns]
        if any("\n" in cell for cell in last):
            raise _unclosed(name, table.num_rows + 1)


def _unclosed(name: str, row: int) -> DataError:
    return DataError(
        Said(
            f"{name}: row {row}: a quote is opened and never closed, so the rows after"
            " it cannot be told apart; close it or export the file again",
            f"{name}: строка {row}: кавычка открыта и не закрыта, поэтому дальше строки"
            " не различить; закройте её или выгрузите файл заново",
        )
    )
