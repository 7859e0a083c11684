"""CSV to rows of text, at the speed of Arrow and never silently wrong."""

import csv
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from salesdx.crm.decoding import BLOCK, TextFile, look_through, utf8
from salesdx.crm.frame_words import is_frame
from salesdx.crm.limits import MAX_CELL, MAX_COLUMNS, MAX_ROWS
from salesdx.crm.progress import READING, Progress, silent
from salesdx.crm.reasons import FRAME
from salesdx.crm.rows import Reject, Rows, from_columns, tidy_table
from salesdx.crm.table_area import MOST_TITLE
from salesdx.crm.title_lines import titles_above
from salesdx.errors import DataError, Said

DELIMITERS = (";", ",", "\t")
# blank lines above the table, of spaces too
_BLANK_LINES = re.compile(r"(?:[ \t\x0b\x0c]*[\r\n])*")
# a quote inside of a cell, told by doubling it: neither a blank cell nor `\""`
_DOUBLED = re.compile(rb'[^\\;,\t\r\n"]""[^;,\t\r\n"]|(?<!\\)"""')
_HELD = 4  # bytes at the end of a block that the next one may complete
LONGEST = 1 << 24  # bytes of a row: no table has longer ones


def read_csv(
    path: Path,
    progress: Progress = silent,
    blocks: Sequence[int] = (BLOCK, LONGEST),
) -> Rows:
    """Read a CSV file of any of the usual encodings and delimiters.

    The file is looked through once and read once, block by block; of a large file the
    text goes to a temporary file, not into memory.

    Args:
        path: the file.
        progress: told how many bytes are read.
        blocks: bytes read at once; the larger ones where a row does not fit.

    Raises:
        DataError: not text, too wide, too long, or a quote that is never closed.
    """
    with path.open("rb") as file:
        found = look_through(file, path.name, LONGEST, blocks[0])
        escape = _escape(found, utf8(file, found.encoding, blocks[0]))
        for block in blocks:  # rows of megabytes are rare: try small first
            stream = _Utf8(file, found.encoding, progress, blocks[0])
            try:
                return _read(stream, found, escape, path.name, block)
            except _EndlessRowError as error:
                fault = error
    raise _unclosed(path.name, fault.row)


def _escape(found: TextFile, blocks: Iterator[bytes]) -> str | bool:
    """The character that makes a quote part of a cell, unless quotes are doubled."""
    if not found.escaped:
        return False
    return False if found.doubled and _doubled(blocks) else "\\"


def _doubled(blocks: Iterator[bytes]) -> bool:
    """Whether a quote inside a cell is written twice anywhere."""
    held, start = b"", 0
    for block in chain(blocks, [b""]):
        text = held + block
        sure = len(text) - _HELD if block else len(text)
        match = _DOUBLED.search(text, start)
        if match is not None and match.start() < sure:
            return True
        cut = max(sure - 1, 0)
        held, start = text[cut:], min(cut, 1)
    return False


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


class _Utf8:
    """A text file as Arrow reads it: UTF-8, and a line break at its end."""

    closed = False

    def __init__(
        self, file: BinaryIO, encoding: str, progress: Progress, block: int
    ) -> None:
        self._file = file
        self._blocks = utf8(file, encoding, block)
        self._waiting = bytearray()
        self._ended = False
        self._progress = progress
        self._size = file.seek(0, io.SEEK_END)

    def read(self, size: int) -> bytes:
        self._fill(size)
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken

    def head(self, size: int) -> tuple[str, bool]:
        """The first characters, which stay to be read, and whether that is all."""
        self._fill(size + 1)
        whole = len(self._waiting) <= size
        return self._waiting[:size].decode(errors="ignore"), whole

    def pass_over(self, text: str) -> None:
        """Leave out the first characters."""
        del self._waiting[: len(text.encode())]

    def _fill(self, size: int) -> None:
        while len(self._waiting) < size and not self._ended:
            block = next(self._blocks, None)
            self._ended = block is None
            self._waiting += block or b""
            if self._ended and not self._waiting.endswith(b"\n"):
                self._waiting += b"\n"
            self._progress(READING, self._file.tell(), self._size)

    def close(self) -> None:
        """Who opened the file closes it."""


def _read(
    stream: _Utf8, found: TextFile, escape: str | bool, name: str, block: int
) -> Rows:
    text, whole = stream.head(BLOCK)
    delimiter, start, titles = _above(text)
    if not text[start:].strip():
        return from_columns(name, [], [], np.empty(0, np.int64))
    labels = _labels(text[start:], delimiter, name, whole)
    stream.pass_over(text[:start])
    split = _Split(name, delimiter, len(labels), text.count("\n", 0, start))
    split.set_aside(titles)
    rows = split.rows(labels, split.batches(stream, block, escape), found)
    return replace(rows, title=text[:start].strip()[:MOST_TITLE]) if titles else rows


def _above(text: str) -> tuple[str, int, Sequence[int]]:
    """The delimiter, where the headers start, and the lines of a title above them."""
    blank = _BLANK_LINES.match(text)
    start = blank.end() if blank else 0
    first = text[start:].partition("\n")[0]
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        rest = text[start + len(first) :]
        return first.strip()[4], len(text) - len(rest.lstrip("\r\n")), ()
    if titled := titles_above(text[start:], DELIMITERS):
        before = text.count("\n", 0, start)
        lines = [line + before for line in titled.lines]
        rest = text[start + titled.start :]
        return titled.delimiter, len(text) - len(rest.lstrip("\r\n")), lines
    return sniff(text[start:]), start, ()


def _labels(text: str, delimiter: str, name: str, whole: bool) -> Sequence[str]:
    """The header row; `text` is the start of the file, or (`whole`) all of it."""
    lines = io.StringIO(text, newline="")
    try:
        labels = next(csv.reader(lines, delimiter=delimiter))
    except csv.Error as error:
        raise _unclosed(name, 1) from error
    if not whole and not lines.read(1):
        raise _unclosed(name, 1)
    if len(labels) > MAX_COLUMNS:
        raise DataError(
            Said(
                f"{name}:1: {len(labels)} columns, at most {MAX_COLUMNS} are read;"
                " export only the columns you need",
                f"{name}:1: колонок {len(labels)}, а читаем не больше {MAX_COLUMNS};"
                " выгрузите только нужные колонки",
            )
        )
    return labels


class _Split:
    """The rows of one file as Arrow splits them, and what it could not split.

    Rows are numbered from 2 in the file below its first `skipped` lines.
    """

    def __init__(self, name: str, delimiter: str, width: int, skipped: int) -> None:
        self._name = name
        self._delimiter = delimiter
        self._width = width
        self._skipped = skipped
        self._bad = array("q")  # numbers; there may be millions of blank lines
        self._broken: list[Reject] = []
        self._unclosed: list[int] = []
        self._good = 0
        self._last: list[str] = []

    def set_aside(self, lines: Sequence[int]) -> None:
        """Account for lines above the headers."""
        self._broken += [Reject(line, FRAME) for line in lines]

    def batches(
        self, stream: _Utf8, block: int, escape: str | bool
    ) -> Iterator[pa.RecordBatch]:
        """Cells as they stand, nothing for an empty one."""
        names = [str(i) for i in range(self._width)]
        yield from arrow_csv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=arrow_csv.ReadOptions(
                column_names=names, skip_rows_after_names=1, use_threads=False,
                block_size=block,
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=self._delimiter, newlines_in_values=True, escape_char=escape,
                ignore_empty_lines=False, invalid_row_handler=self._skip,
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""],
                strings_can_be_null=True,
            ),
        )  # fmt: skip

    def rows(
        self, labels: Sequence[str], batches: Iterator[pa.RecordBatch], found: TextFile
    ) -> Rows:
        """All rows, trimmed, without those that hold nothing."""
        table, labels, kept = tidy_table(labels, self._checked(batches))
        if self._unclosed:
            raise _unclosed(self._name, self._unclosed[0])
        if found.quotes % 2 and any("\n" in cell for cell in self._last):
            raise _unclosed(self._name, self._row(self._good - 1))
        return Rows(
            self._name, table, self._numbers()[kept],
            tuple(label.strip() for label in labels),
            tuple(sorted(self._broken)), found.encoding,
        )  # fmt: skip

    def _numbers(self) -> npt.NDArray[np.int64]:
        numbers = np.arange(2, self._good + len(self._bad) + 2, dtype=np.int64)
        bad = np.array(self._bad, np.int64) - 2
        return np.delete(numbers, bad[bad < len(numbers)]) + self._skipped

    def _row(self, place: int) -> int:
        """The number of a row by its place among those that could be split."""
        return int(self._numbers()[place])

    def _checked(
        self, batches: Iterator[pa.RecordBatch]
    ) -> Iterator[Sequence[pa.Array]]:
        try:
            for batch in batches:
                if batch.num_rows:
                    yield self._sound(batch)
        except pa.ArrowInvalid as error:
            row = self._good + len(self._bad) + 2 + self._skipped
            raise _EndlessRowError(row) from error

    def _sound(self, batch: pa.RecordBatch) -> Sequence[pa.Array]:
        self._good += batch.num_rows
        self._refuse_swallowed_rows(batch)
        if self._good > MAX_ROWS:
            raise DataError(
                Said(
                    f"{self._name}: more than {MAX_ROWS} rows; split the file",
                    f"{self._name}: больше {MAX_ROWS} строк; разделите файл на части",
                )
            )
        self._last = [str(c[-1].as_py() or "") for c in batch.columns]
        columns: Sequence[pa.Array] = batch.columns
        return columns

    def _skip(self, row: arrow_csv.InvalidRow) -> str:
        blank = not row.text.strip(f' \t\r\n"{self._delimiter}')
        few = "too-few-cells" if row.actual_columns < self._width else "too-many-cells"
        if few == "too-few-cells" and is_frame(row.text.strip(), self._delimiter):
            few = FRAME
        self._bad.append(row.number)
        if not blank:
            self._broken.append(Reject(row.number + self._skipped, few))
        if "\n" in row.text.strip() and row.text.count('"') % 2:
            self._unclosed.append(row.number + self._skipped)
        return "skip"

    def _refuse_swallowed_rows(self, batch: pa.RecordBatch) -> None:
        """An unclosed quote hides all later rows in one cell: refuse, with its row."""
        for column in batch.columns:
            if (pc.max(pc.binary_length(column)).as_py() or 0) <= MAX_CELL:
                continue
            lengths = pc.utf8_length(column)
            longest = pc.max(lengths).as_py()
            if longest > MAX_CELL:
                place = self._good - batch.num_rows + pc.index(lengths, longest).as_py()
                row = self._unclosed[0] if self._unclosed else self._row(place)
                raise _unclosed(self._name, row)


class _EndlessRowError(Exception):
    """A row without end in any block, from a row on."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def _unclosed(name: str, row: int) -> DataError:
    return DataError(
        Said(
            f"{name}: row {row}: a quote is opened and never closed, so the rows after"
            " it cannot be told apart; close it or export the file again",
            f"{name}: строка {row}: кавычка открыта и не закрыта, поэтому дальше строки"
            " не различить; закройте её или выгрузите файл заново",
        )
    )
