"""Rows of text: the one shape that every file takes before it gets types."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import limits

MAX_ROWS = limits.MAX_ROWS
MAX_COLUMNS = limits.MAX_COLUMNS
MAX_CELL = limits.MAX_CELL
_SPACES = re.compile(r"\s+")
# what nobody sees: zero width, soft hyphen, marks of direction
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True, order=True)
class Reject:
    """One row that cannot be used; `row` as a spreadsheet numbers it, header = 1."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rows:
    """One file as text.

    `table` has one string column a header, named by its normalised unique header, in
    file order; blank cells are null. `numbers` is the row number of each row as a
    spreadsheet shows it (the header is row 1). `headers` are the labels as written.
    `broken` rows could not be split into columns and are not in `table`.
    """

    source: str
    table: pa.Table
    numbers: npt.NDArray[np.int64]
    headers: tuple[str, ...]
    broken: tuple[Reject, ...] = ()
    encoding: str = "utf-8"
    skipped_sheets: tuple[str, ...] = field(default=())

    @property
    def rows_in(self) -> int:
        """Rows that hold anything, usable or not."""
        return len(self.numbers) + len(self.broken)


def normalise_header(label: str) -> str:
    """The form in which headers are compared: `Бюджет ₽ *` is `бюджет ₽`."""
    text = unicodedata.normalize("NFKC", label).casefold().replace("ё", "е")
    text = _UNSEEN.sub("", text.replace("–", "-").replace("—", "-"))
    return _SPACES.sub(" ", text).strip().strip("*").strip()


def unique_headers(labels: Sequence[str]) -> list[str]:
    """Normalise and number duplicates: `источник`, `источник.2`; blanks by place."""
    taken: set[str] = set()
    names = []
    for place, label in enumerate(labels, 1):
        base = normalise_header(label) or f"column {place}"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}.{count}"
        taken.add(name)
        names.append(name)
    return names


def trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Trim cells (NBSP too); a blank cell is null."""
    text = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def from_columns(
    source: str,
    labels: Sequence[str],
    columns: Iterable[pa.ChunkedArray],
    numbers: npt.NDArray[np.int64],
    broken: Sequence[Reject] = (),
    encoding: str = "utf-8",
    skipped_sheets: Sequence[str] = (),
) -> Rows:
    """Build `Rows`: trim cells, name columns, drop rows and columns without anything.

    A column without a label and without a value is what a delimiter at the end of
    each line leaves behind.
    """
    names = unique_headers(labels)
    table = pa.table(dict(zip(names, map(trimmed, columns), strict=True)))
    blank = [
        name
        for name, label in zip(names, labels, strict=True)
        if not normalise_header(label) and table[name].null_count == table.num_rows
    ]
    if blank:
        labels = [w for n, w in zip(names, labels, strict=True) if n not in blank]
        table = table.drop_columns(blank)
    filled = np.zeros(table.num_rows, dtype=bool)
    for column in table.columns:
        filled |= pc.is_valid(column).to_numpy(zero_copy_only=False)
    if not filled.all():
        table, numbers = table.filter(pa.array(filled)), numbers[filled]
    return Rows(
        source, table, numbers, tuple(label.strip() for label in labels),
        tuple(sorted(broken)), encoding, tuple(skipped_sheets),
    )  # fmt: skip


def from_records(
    source: str,
    records: Sequence[Sequence[str | None]],
    numbers: Sequence[int],
    skipped_sheets: Sequence[str] = (),
) -> Rows:
    """Build `Rows` from a header record and data records (spreadsheets, HTML).

    Args:
        source: name of the file.
        records: header first; short records are padded with null.
        numbers: row number of every record, header included.
        skipped_sheets: names of sheets that were not read.
    """
    labels = [str(c) if c is not None else "" for c in records[0]]
    width = len(labels)
    while width and not labels[width - 1].strip():  # an empty right margin
        if any(len(r) >= width and r[width - 1] for r in records[1:]):
            break
        width -= 1
    body = records[1:]
    columns = [
        pa.chunked_array(
            [pa.array([r[i] if i < len(r) else None for r in body], pa.string())]
        )
        for i in range(width)
    ]
    wide = {
        n for r, n in zip(body, numbers[1:], strict=True) if any(r[width:])
    }  # values right of the last header belong to nobody
    broken = [Reject(n, "more-cells-than-headers") for n in sorted(wide)]
    kept = np.array([n not in wide for n in numbers[1:]], dtype=bool)
    rows = np.array(numbers[1:], dtype=np.int64)
    if wide:
        columns = [c.filter(pa.array(kept)) for c in columns]
    return from_columns(
        source, labels[:width], columns, rows[kept], broken,
        skipped_sheets=skipped_sheets,
    )  # fmt: skip
