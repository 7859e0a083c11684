"""Excel files, and the HTML tables that some CRMs call .xls, to rows of text."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.in_child import MEMORY, SECONDS, StoppedError, answers
from salesdx.crm.limits import MAX_ROWS, MAX_TEXT
from salesdx.crm.reasons import FRAME
from salesdx.crm.rows import Reject, Rows, from_columns
from salesdx.errors import DataError, Said

_CHILD = "salesdx.crm.sheet_child"


def read_excel(path: Path) -> Rows:
    """Read the first visible sheet that holds a table (.xlsx, .xlsb, .ods, old .xls).

    Rows above the headers are set aside with that reason.

    Raises:
        DataError: damaged, protected by a password, or more than a table may be.
    """
    return _read(path, "book")


def read_html(path: Path) -> Rows:
    """Read the largest table of an HTML file, or an XML Spreadsheet 2003.

    Raises:
        DataError: no table inside, too large, or damaged.
    """
    return _read(path, "page")


def _read(path: Path, kind: str) -> Rows:
    gathered = _Gathered(path.name)
    try:
        with (
            path.open("rb") as file,
            closing(answers(_CHILD, file, (kind, path.name))) as told,
        ):
            for answer in told:
                gathered.take(answer)
    except StoppedError as stopped:
        raise _stopped(path.name, stopped.why) from stopped
    return gathered.rows()


class _Gathered:
    """What the child has told of a file so far."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._labels: list[str] = []
        self._chunks: list[list[pa.Array]] = []
        self._numbers: list[Sequence[int]] = []
        self._broken: list[Reject] = []
        self._others: list[str] = []
        self._bytes = 0
        self._title = ""

    def take(self, answer: dict[str, Any]) -> None:
        """One line of the child: the headers, a block of rows, or a refusal."""
        if "refused" in answer:
            raise DataError(Said(*answer["refused"]))
        if "labels" in answer:
            self._labels, self._others = answer["labels"], answer["others"]
            self._title = answer["title"]
            self._broken += [Reject(n, FRAME) for n in answer["above"]]
            self._chunks = [[] for _ in self._labels]
            return
        self._numbers.append(answer["numbers"])
        self._broken += [Reject(n, "more-cells-than-headers") for n in answer["wide"]]
        for chunks, cells in zip(self._chunks, answer["columns"], strict=True):
            chunks.append(pa.array(cells, pa.string()))
            self._bytes += chunks[-1].nbytes
        if self._bytes > MAX_TEXT or sum(map(len, self._numbers)) > MAX_ROWS:
            raise _stopped(self._name, "memory")

    def rows(self) -> Rows:
        """The file as rows of text, without an empty right margin."""
        columns = [pa.chunked_array(c, pa.string()) for c in self._chunks]
        while columns and not self._labels[len(columns) - 1].strip():
            if pc.any(pc.not_equal(columns[-1], "")).as_py():
                break
            columns.pop()
        numbers = np.array([n for many in self._numbers for n in many], np.int64)
        found = from_columns(
            self._name, self._labels[: len(columns)], columns, numbers, self._broken,
            skipped_sheets=self._others,
        )  # fmt: skip
        return replace(found, title=self._title)


def _stopped(name: str, why: str) -> DataError:
    if why == "time":
        return DataError(
            Said(
                f"{name}: not read within {SECONDS} seconds; save it as CSV, or export"
                " a shorter period",
                f"{name}: не прочитан за {SECONDS} секунд; сохраните его в CSV или"
                " выгрузите период покороче",
            )
        )
    if why == "memory":
        return DataError(
            Said(
                f"{name}: would take more than {MEMORY // 1_000_000} MB of memory: the"
                " sheet is very large, a stray cell stands far from the table, or the"
                " file is damaged; save it as CSV",
                f"{name}: на чтение не хватает {MEMORY // 1_000_000} МБ памяти: лист"
                " очень большой, далеко от таблицы стоит случайная ячейка или файл"
                " повреждён; сохраните его в CSV",
            )
        )
    return DataError(
        Said(
            f"{name}: a damaged Excel file: its reader breaks down on it; export it"
            " again, or save it as CSV",
            f"{name}: файл Excel повреждён, прочитать его не удаётся; выгрузите его"
            " заново или сохраните в CSV",
        )
    )
