"""Parquet files one after another as one file, without decoding what is in them.

The pages are copied as they are; of the footers only the places of the pages change.
All files have the same schema and were written by the same writer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from salesdx.portfolio.compact_thrift import STRUCT, Walk, list_head, number_bytes

_MAGIC = b"PAR1"
_LENGTH = 4
_STEP = 1 << 20  # bytes copied at once
_ROWS, _GROUPS = 3, 4  # fields of FileMetaData
_COLUMNS, _GROUP_AT, _ORDINAL = 1, 5, 7  # of RowGroup
_IN_CHUNK, _CHUNK_PLACES = 3, (2, 4, 6)  # of ColumnChunk: ColumnMetaData, offsets
_PAGES = (9, 10, 11, 14)  # of ColumnMetaData: data, index, dictionary, Bloom filter
_LAST_ORDINAL = (1 << 15) - 1  # readers do not look at it


@dataclass(frozen=True, slots=True)
class _Footer:
    """A footer in pieces: before the number of rows, between, and after the groups."""

    rows: int
    before: bytes
    groups: int
    walk: Walk  # stands at the first group

    def tail(self) -> bytes:
        """What stands after the row groups, which have been walked."""
        return self.walk.data[self.walk.at :]


def join(parts: Sequence[Path], out: BinaryIO) -> int:
    """Write the parts as one file, with their row groups; returns its rows.

    A part without rows adds nothing but, being the first, the schema.
    """
    out.write(_MAGIC)
    moved_by = rows = 0
    groups: list[bytes] = []
    before = tail = b""
    for path in parts:
        with path.open("rb") as file:
            footer, size = _footer(file)
            mine = list(_moved(footer, moved_by, len(groups)))
            if not before:
                before, tail = footer.before, footer.tail()
            if footer.rows:
                groups += mine
                rows += footer.rows
                moved_by += size
                file.seek(len(_MAGIC))
                _copy(file, out, size)
    # field 4, a list, stands one after field 3, as in the parts
    listed = b"\x19" + list_head(STRUCT, len(groups)) + b"".join(groups)
    whole = before + number_bytes(rows) + listed + tail
    out.write(whole + len(whole).to_bytes(_LENGTH, "little") + _MAGIC)
    return rows


def _footer(file: BinaryIO) -> tuple[_Footer, int]:
    """The footer of a file, and how many bytes of pages stand before it."""
    end = file.seek(0, 2)
    ending = _LENGTH + len(_MAGIC)
    file.seek(end - ending)
    length = int.from_bytes(file.read(_LENGTH), "little")
    if file.read(len(_MAGIC)) != _MAGIC:
        raise ValueError(f"{file.name}: not a Parquet file")
    file.seek(end - ending - length)
    walk = Walk(file.read(length))
    rows, before = 0, b""
    for number, kind in walk.fields():
        if number == _ROWS:
            before = walk.copy()
            rows = walk.number()
        elif number == _GROUPS:
            break
        else:
            walk.skip(kind)
    groups, _ = walk.items()
    return _Footer(rows, before, groups, walk), end - ending - length - len(_MAGIC)


def _copy(file: BinaryIO, out: BinaryIO, size: int) -> None:
    """The pages, which stand from here to the footer."""
    while size:
        piece = file.read(min(size, _STEP))
        out.write(piece)
        size -= len(piece)


def _moved(footer: _Footer, by: int, first: int) -> Iterator[bytes]:
    """The row groups, with their pages so many bytes further on."""
    walk = footer.walk
    walk.copy()
    for ordinal in range(first, first + footer.groups):
        for number, kind in walk.fields():
            if number == _COLUMNS:
                count, _ = walk.items()
                for _ in range(count):
                    _move_chunk(walk, by)
            elif number == _GROUP_AT:
                _move(walk, by)
            elif number == _ORDINAL:
                begin = walk.at
                walk.skip(kind)
                walk.replace(begin, number_bytes(min(ordinal, _LAST_ORDINAL)))
            else:
                walk.skip(kind)
        yield walk.copy()


def _move_chunk(walk: Walk, by: int) -> None:
    for number, kind in walk.fields():
        if number in _CHUNK_PLACES:
            _move(walk, by)
        elif number == _IN_CHUNK:
            for inner, of in walk.fields():
                if inner in _PAGES:
                    _move(walk, by)
                else:
                    walk.skip(of)
        else:
            walk.skip(kind)


def _move(walk: Walk, by: int) -> None:
    """A place in the file; 0 is told where there is none."""
    begin = walk.at
    value = walk.number()
    if value:
        walk.replace(begin, number_bytes(value + by))
