"""Parquet files one after another as one file, without decoding what is in them.

The pages are copied as they are; of the footers only the places of the pages change.
All files have the same schema and were written by the same writer.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO

from salesdx.portfolio.compact_thrift import I16, I64, LIST, STRUCT, Reader, list_head
from salesdx.portfolio.compact_thrift import written as struct_bytes

_MAGIC = b"PAR1"
_LENGTH = 4
_STEP = 1 << 20  # bytes copied at once
_ROWS, _GROUPS = 3, 4  # fields of FileMetaData
_COLUMNS, _GROUP_ROWS, _GROUP_AT, _ORDINAL = 1, 3, 5, 7  # of RowGroup
_IN_CHUNK, _CHUNK_PLACES = 3, (2, 4, 6)  # of ColumnChunk: ColumnMetaData, offsets
_PAGES = (9, 10, 11, 14)  # of ColumnMetaData: data, index, dictionary, Bloom filter


def join(parts: Sequence[Path], out: BinaryIO) -> int:
    """Write the parts as one file, a row group each at least; returns its rows.

    A part without rows adds nothing but, being the first, the schema.
    """
    out.write(_MAGIC)
    at, rows = len(_MAGIC), 0
    groups: list[bytes] = []
    first: dict[int, Any] | None = None
    for path in parts:
        with path.open("rb") as file:
            footer, size = _footer(file)
            first = first or footer
            if not footer[_ROWS][1]:
                continue
            file.seek(len(_MAGIC))
            _copied(file, out, size)
        for group in footer[_GROUPS][1][1]:
            groups.append(_moved(group, at - len(_MAGIC), len(groups)))
        rows += footer[_ROWS][1]
        at += size
    assert first is not None, "nothing to join"
    footer_bytes = _joined(first, rows, groups)
    out.write(footer_bytes + len(footer_bytes).to_bytes(_LENGTH, "little") + _MAGIC)
    return rows


def _footer(file: BinaryIO) -> tuple[dict[int, Any], int]:
    """The footer of a file, and how many bytes of pages stand before it."""
    end = file.seek(0, 2)
    tail = _LENGTH + len(_MAGIC)
    file.seek(end - tail)
    length = int.from_bytes(file.read(_LENGTH), "little")
    if file.read(len(_MAGIC)) != _MAGIC:
        raise ValueError(f"{file.name}: not a Parquet file")
    file.seek(end - tail - length)
    return Reader(file.read(length)).struct(), end - tail - length - len(_MAGIC)


def _copied(file: BinaryIO, out: BinaryIO, size: int) -> None:
    """The pages, which stand from here to the footer."""
    while size:
        piece = file.read(min(size, _STEP))
        out.write(piece)
        size -= len(piece)


def _moved(group: dict[int, Any], by: int, ordinal: int) -> bytes:
    """A row group whose pages stand so many bytes further on."""
    kind, chunks = group[_COLUMNS][1]
    assert kind == STRUCT
    for chunk in chunks:
        # writers that follow the newest rule leave 0 where the place is not told
        _shift(chunk, _CHUNK_PLACES, by)
        _shift(chunk[_IN_CHUNK][1], _PAGES, by)
    _shift(group, (_GROUP_AT,), by)
    if _ORDINAL in group:
        group[_ORDINAL] = I16, min(ordinal, (1 << 15) - 1)
    return struct_bytes(group)


def _shift(struct: dict[int, Any], fields: Sequence[int], by: int) -> None:
    for number in fields:
        if number in struct and struct[number][1]:
            struct[number] = struct[number][0], struct[number][1] + by


def _joined(first: dict[int, Any], rows: int, groups: Sequence[bytes]) -> bytes:
    """The footer of the whole; row groups are already bytes."""
    before = {n: v for n, v in first.items() if n < _ROWS}
    after = {n: v for n, v in first.items() if n > _GROUPS}
    head = struct_bytes({**before, _ROWS: (I64, rows)})[:-1]
    # field 4 stands one after field 3, as it does in the parts
    listed = bytes([1 << 4 | LIST]) + list_head(STRUCT, len(groups)) + b"".join(groups)
    # the fields after are numbered as if from 0: the first of them needs its distance
    tail = struct_bytes({n - _GROUPS: v for n, v in after.items()})
    return head + listed + tail
