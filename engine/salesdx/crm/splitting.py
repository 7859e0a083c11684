"""The rows of a text file as Arrow splits them, and what it could not split."""

import io
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from salesdx.crm.decoding import TextFile, utf8
from salesdx.crm.frame_words import is_frame
from salesdx.crm.limits import MAX_CELL, MAX_ROWS
from salesdx.crm.progress import READING, Progress
from salesdx.crm.reasons import FRAME
from salesdx.crm.rows import Reject, Rows, tidy_table
from salesdx.errors import DataError, Said

_SHOWN = 200  # letters of a broken line


class Utf8Stream:
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
        """The next bytes."""
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


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a file by number, and the lines before their end that are none.

    Rows are numbered from 1 below the headers; `broken` tells the number, the reason
    and the start of a line.
    """

    batch: pa.RecordBatch
    numbers: npt.NDArray[np.int64]
    broken: Sequence[tuple[int, str, str]]


class Split:
    """The rows of one file as Arrow splits them, and what it could not split.

    Rows are numbered from 2 in the file below its first `skipped` lines.
    """

    def __init__(
        self, name: str, delimiter: str, width: int, skipped: int,
        most: int | None = MAX_ROWS,
    ) -> None:  # fmt: skip
        self._name = name
        self._delimiter = delimiter
        self._width = width
        self._skipped = skipped
        self._most = most
        self._lines: list[str] = []  # the start of each broken one
        self._bad = array("q")  # numbers; there may be millions of blank lines
        self._broken: list[Reject] = []
        self._unclosed: list[int] = []
        self._good = 0
        self._last: pa.RecordBatch | None = None

    def set_aside(self, lines: Sequence[int]) -> None:
        """Account for lines above the headers."""
        self._broken += [Reject(line, FRAME) for line in lines]
        self._lines += [""] * len(lines)

    def batches(
        self, stream: Utf8Stream, block: int, escape: str | bool
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
        cells = (batch.columns for batch in self._checked(batches))
        table, labels, kept = tidy_table(labels, cells)
        self._refuse_open_quotes(found)
        return Rows(
            self._name, table, self._numbers()[kept],
            tuple(label.strip() for label in labels),
            tuple(sorted(self._broken)), found.encoding,
        )  # fmt: skip

    def parts(
        self, batches: Iterator[pa.RecordBatch], found: TextFile
    ) -> Iterator[Part]:
        """Batch by batch, as the cells stand; the last part may have no rows."""
        ready, past, shape = 1, 0, None
        for batch in self._checked(batches):
            shape = batch.schema
            bad = np.array(self._bad[past:], np.int64) - 1
            numbers = np.arange(ready, ready + batch.num_rows + len(bad))
            numbers = np.setdiff1d(numbers, bad, assume_unique=True)[: batch.num_rows]
            ready = int(numbers[-1]) + 1
            past += int(np.count_nonzero(bad < ready))
            yield Part(batch, numbers, self._taken(ready))
        self._refuse_open_quotes(found)
        if self._broken:
            rest = pa.RecordBatch.from_pylist([], schema=shape or pa.schema([]))
            yield Part(rest, np.empty(0, np.int64), self._taken(None))

    def _taken(self, before: int | None) -> list[tuple[int, str, str]]:
        """Broken lines before a row, which need not be remembered any more."""
        told = [
            (r.row - self._skipped - 1, r.reason, line)
            for r, line in zip(self._broken, self._lines, strict=True)
        ]
        count = len(told) if before is None else sum(n < before for n, _, _ in told)
        del self._broken[:count], self._lines[:count]
        return told[:count]

    def _refuse_open_quotes(self, found: TextFile) -> None:
        if self._unclosed:
            raise unclosed(self._name, self._unclosed[0])
        if found.quotes % 2 and self._last is not None:
            ends = (str(c[-1].as_py() or "") for c in self._last.columns)
            if any("\n" in cell for cell in ends):
                raise unclosed(self._name, self._row(self._good - 1))

    def _numbers(self) -> npt.NDArray[np.int64]:
        numbers = np.arange(2, self._good + len(self._bad) + 2, dtype=np.int64)
        bad = np.array(self._bad, np.int64) - 2
        return np.delete(numbers, bad[bad < len(numbers)]) + self._skipped

    def _row(self, place: int) -> int:
        """The number of a row by its place among those that could be split."""
        return int(self._numbers()[place])

    def _checked(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        try:
            for batch in batches:
                if batch.num_rows:
                    self._check(batch)
                    yield batch
        except pa.ArrowInvalid as error:
            row = self._good + len(self._bad) + 2 + self._skipped
            raise EndlessRowError(row) from error

    def _check(self, batch: pa.RecordBatch) -> None:
        self._good += batch.num_rows
        self._refuse_swallowed_rows(batch)
        if self._most is not None and self._good > self._most:
            raise DataError(
                Said(
                    f"{self._name}: more than {self._most} rows; split the file",
                    f"{self._name}: больше {self._most} строк; разделите файл на части",
                )
            )
        self._last = batch

    def _skip(self, row: arrow_csv.InvalidRow) -> str:
        blank = not row.text.strip(f' \t\r\n"{self._delimiter}')
        few = "too-few-cells" if row.actual_columns < self._width else "too-many-cells"
        if few == "too-few-cells" and is_frame(row.text.strip(), self._delimiter):
            few = FRAME
        self._bad.append(row.number)
        if not blank:
            self._broken.append(Reject(row.number + self._skipped, few))
            self._lines.append(row.text[:_SHOWN])
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
                raise unclosed(self._name, row)


class EndlessRowError(Exception):
    """A row without end in any block, from a row on."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


def unclosed(name: str, row: int) -> DataError:
    """What to say of a quote that hides all rows after it."""
    return DataError(
        Said(
            f"{name}: row {row}: a quote is opened and never closed, so the rows after"
            " it cannot be told apart; close it or export the file again",
            f"{name}: строка {row}: кавычка открыта и не закрыта, поэтому дальше строки"
            " не различить; закройте её или выгрузите файл заново",
        )
    )
