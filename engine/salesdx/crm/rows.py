"""Rows of text: the one shape that every file takes before it gets types."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.staging import set_aside, set_column_aside

Mask = npt.NDArray[np.bool_]
_SPACES = re.compile(r"\s+")
# what nobody sees: zero width, soft hyphen, marks of direction
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# first bytes of white space in UTF-8, and those of its three-byte characters
_SPACE = np.zeros(256, bool)
_SPACE[[*range(0x21), 0xC2, 0xE1, 0xE2, 0xE3]] = True
_WIDE = np.zeros(256, bool)
_WIDE[[0xE1, 0xE2, 0xE3]] = True


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
    `title` is what stands above the headers: it may tell the unit of all amounts.
    `broken` rows could not be split into columns and are not in `table`.
    """

    source: str
    table: pa.Table
    numbers: npt.NDArray[np.int64]
    headers: tuple[str, ...]
    broken: tuple[Reject, ...] = ()
    encoding: str = "utf-8"
    skipped_sheets: tuple[str, ...] = field(default=())
    title: str = ""

    @property
    def rows_in(self) -> int:
        """Rows that hold anything, usable or not."""
        return len(self.numbers) + len(self.broken)

    def only(self, kept: Mask, aside: Iterable[Reject] = ()) -> "Rows":
        """The rows of a mask; those set aside stay accounted for, with a reason.

        All columns stay even when no row does, so that the table is still what it was.
        """
        return replace(
            self, table=self.table.filter(pa.array(kept)), numbers=self.numbers[kept],
            broken=tuple(sorted((*self.broken, *aside))),
        )  # fmt: skip

    def without(self, away: Mask, reason: str) -> "Rows":
        """The rows but those of a mask, which are rejected with one reason."""
        if not away.any():
            return self
        return self.only(~away, [Reject(int(n), reason) for n in self.numbers[away]])


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
    return pa.chunked_array([trim(c) for c in column.chunks], pa.string())


def trim(cells: pa.Array) -> pa.Array:
    """Trim the cells of one chunk; they are the same array if nothing is to be done."""
    if not _untidy(cells):
        return cells
    text = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _untidy(cells: pa.Array) -> bool:
    """Whether a cell may be empty or have white space at an end."""
    starts, ends, data = text_bytes(cells)
    some = ends > starts
    if not some.all():
        valid = pc.is_valid(cells).to_numpy(zero_copy_only=False)
        if (valid & ~some).any():
            return True
        starts, ends = starts[some], ends[some]
    if not len(starts):
        return False
    last, second, third = (data[np.maximum(ends - n, 0)] for n in (1, 2, 3))
    wide = (last >= 0x80) & ((second == 0xC2) | _WIDE[third])
    return bool((_SPACE[data[starts]] | (last <= 0x20) | wide).any())


def text_bytes(
    cells: pa.Array,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.uint8]]:
    """Where each text starts and ends in the bytes of a chunk, and these bytes."""
    _, offsets, data = cells.buffers()
    if not len(cells) or offsets is None:
        nothing = np.zeros(len(cells), np.int32)
        return nothing, nothing, np.empty(0, np.uint8)
    every = np.frombuffer(offsets, np.int32)[cells.offset :][: len(cells) + 1]
    held = np.empty(0, np.uint8) if data is None else np.frombuffer(data, np.uint8)
    return every[:-1], every[1:], held


def gathered(table: pa.Table, places: npt.NDArray[np.int64]) -> pa.Table:
    """Rows by their places, ascending; `take` would first join a large table."""
    batches = table.to_batches()
    ends = np.cumsum([b.num_rows for b in batches])
    which = np.searchsorted(ends, places, side="right")
    parts = []
    for number in np.unique(which):
        start = ends[number] - batches[number].num_rows
        chosen = pa.array(places[which == number] - start)
        parts.append(batches[number].take(chosen))
    return pa.Table.from_batches(parts, table.schema)


def filled(columns: Iterable[pa.Array | pa.ChunkedArray]) -> Mask:
    """Which rows hold anything."""
    found: Mask | None = None
    for column in columns:
        valid = pc.is_valid(column).to_numpy(zero_copy_only=False)
        found = valid if found is None else found | valid
        if found.all():
            break
    return np.empty(0, bool) if found is None else found


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

    Large columns are set aside one by one: give them as an iterator to bound memory.
    """
    names = unique_headers(labels)
    table = pa.table({
        n: set_column_aside(n, trimmed(c))
        for n, c in zip(names, columns, strict=True)
    })  # fmt: skip
    table, labels = _without_blank(table, labels)
    kept = filled(table.columns)
    if not kept.all():
        table, numbers = table.filter(pa.array(kept)), numbers[kept]
    return Rows(
        source, table, numbers, tuple(label.strip() for label in labels),
        tuple(sorted(broken)), encoding, tuple(skipped_sheets),
    )  # fmt: skip


def tidy_table(
    labels: Sequence[str], batches: Iterable[Sequence[pa.Array]]
) -> tuple[pa.Table, Sequence[str], Mask]:
    """What `from_columns` does to columns, for columns that come in pieces.

    Returns:
        The table, the labels of its columns, and which rows it kept.
    """
    schema = pa.schema([(n, pa.string()) for n in unique_headers(labels)])
    kept = [np.empty(0, bool)]

    def tidy() -> Iterator[pa.RecordBatch]:
        for columns in batches:
            cells = [trim(c) for c in columns]
            kept.append(filled(cells))
            batch = pa.record_batch(cells, schema=schema)
            yield batch if kept[-1].all() else batch.filter(pa.array(kept[-1]))

    table, labels = _without_blank(set_aside(schema, tidy()), labels)
    return table, labels, np.concatenate(kept)


def _without_blank(
    table: pa.Table, labels: Sequence[str]
) -> tuple[pa.Table, Sequence[str]]:
    """A column without a label and a value is what a delimiter at line ends leaves."""
    blank = [
        name
        for name, label in zip(table.column_names, labels, strict=True)
        if not normalise_header(label) and table[name].null_count == table.num_rows
    ]
    if not blank:
        return table, labels
    names = table.column_names
    labels = [w for n, w in zip(names, labels, strict=True) if n not in blank]
    return table.drop_columns(blank), labels
