"""A column of an untrusted file as its different texts and where they stand."""

import re
from dataclasses import dataclass
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from salesdx.crm.arrow_texts import as_text, is_bytes
from salesdx.portfolio.facts_table.cells import Flags, there

Codes = NDArray[np.int32]
_MIDNIGHT = re.compile(r"[ T]00:00:00(\.0+)?$")
_LONGEST = 32_768  # as `crm.limits.MAX_CELL`
# what stands for a value that is no text: no UTF-8 decodes to it
BROKEN = "\ud800"
TOO_LONG = "\ud801"


@dataclass(frozen=True, slots=True)
class Texts:
    """`codes` are places in `values`, −1 where there is nothing.

    `readable` says that no value is BROKEN or TOO_LONG.
    """

    codes: Codes
    values: list[str]
    readable: bool = True

    def each(self) -> list[str | None]:
        """The text of every row."""
        table = np.array([*self.values, None], object)
        found: list[str | None] = table[self.codes].tolist()
        return found


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as it lies in a file: where a row is not `there`, its place is nothing.

    `readable` as of Texts.
    """

    places: Codes
    there: Flags
    values: list[str]
    readable: bool = True


def texts(column: pa.Array) -> Texts:
    """Trimmed; a blank cell is nothing.

    A value that is no UTF-8 is BROKEN, one that is too long is TOO_LONG.
    """
    found = coded(column)
    codes = found.places
    if not found.there.all():
        codes = np.where(found.there, codes, np.int32(-1))
    return Texts(codes, found.values, found.readable)


def coded(column: pa.Array, *, tidy: bool = True) -> Coded:
    """Trimmed unless they are somebody's words."""
    if pa.types.is_null(column.type):
        nothing = np.zeros(len(column), np.int32)
        return Coded(nothing, nothing.astype(np.bool_), [])
    if is_list(column.type):
        column = _joined(column)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    values, readable = _values(_written(column.dictionary))
    places, rows = indices(column)
    bare = list(map(str.strip, values))
    if "" in bare:
        some = np.array([bool(v) for v in bare])
        rows = rows & some.take(places, mode="clip")
    return Coded(places, rows, bare if tidy else values, readable)


def indices(column: pa.DictionaryArray) -> tuple[Codes, Flags]:
    """Places in a dictionary, and where there is one."""
    codes = column.indices.cast(pa.int32())
    everything = np.frombuffer(codes.buffers()[1] or b"", np.int32)
    return everything[codes.offset :][: len(codes)], there(codes)


def is_list(kind: pa.DataType) -> bool:
    """Whether a cell holds several values."""
    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind)
        or pa.types.is_fixed_size_list(kind)
    )  # fmt: skip


def _joined(column: pa.Array) -> pa.Array:
    """Lists of options as CSV has them; a list with an empty place is BROKEN's kin."""
    if pa.types.is_fixed_size_list(column.type):
        column = column.cast(pa.list_(column.type.value_type))
    if column.type != pa.list_(pa.string()):  # Arrow joins no large texts
        column = column.cast(pa.list_(pa.string()))
    joined = pc.binary_join(column, ";")  # null where any of them is
    size = pc.list_value_length(column)
    joined = pc.if_else(pc.equal(size, 0), pa.scalar("[]", joined.type), joined)
    hollow = pc.and_(column.is_valid(), joined.is_null())
    return pc.if_else(hollow, pa.scalar(";", joined.type), joined)


def _written(values: pa.Array) -> pa.Array:
    if is_bytes(values.type):
        return values
    found = as_text(pa.chunked_array([values]), "", "")
    if pa.types.is_timestamp(values.type):
        found = pc.replace_substring_regex(found, _MIDNIGHT.pattern, "")
    return found.combine_chunks()


def _values(different: pa.Array) -> tuple[list[str], bool]:
    """Texts of any length may stand for many rows: they are never spread out."""
    longest = pc.max(pc.binary_length(different)).as_py() or 0
    if longest <= _LONGEST:
        try:
            found: list[str | None] = different.to_pylist()
        except UnicodeDecodeError:
            pass
        else:
            if different.null_count:
                found = ["" if v is None else v for v in found]
            return cast(list[str], found), True
    raw = pc.binary_slice(different.cast(pa.large_binary()), 0, 4 * _LONGEST + 4)
    values = [_decoded(v) for v in raw.to_pylist()]
    return values, BROKEN not in values and TOO_LONG not in values


def _decoded(raw: bytes | None) -> str:
    if raw is None:
        return ""
    if len(raw) > 4 * _LONGEST:
        return TOO_LONG
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return BROKEN
    return text if len(text) <= _LONGEST else TOO_LONG
