"""A column of an untrusted file as its different texts and where they stand."""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from salesdx.crm.arrow_texts import as_text, is_bytes

Codes = NDArray[np.int32]
_MIDNIGHT = re.compile(r"[ T]00:00:00(\.0+)?$")
_LONGEST = 32_768  # as `crm.limits.MAX_CELL`
# what stands for a value that is no text: no UTF-8 decodes to it
BROKEN = "\ud800"
TOO_LONG = "\ud801"


@dataclass(frozen=True, slots=True)
class Texts:
    """`codes` are places in `values`, −1 where there is nothing."""

    codes: Codes
    values: list[str]

    def each(self) -> list[str | None]:
        """The text of every row."""
        table = np.array([*self.values, None], object)
        found: list[str | None] = table[self.codes].tolist()
        return found


def texts(column: pa.Array, *, tidy: bool = True) -> Texts:
    """Trimmed unless they are somebody's words; a blank cell is nothing.

    A value that is no UTF-8 is BROKEN, one that is too long is TOO_LONG.
    """
    codes, different = encoded(column)
    values = _values(different)
    if tidy:
        values = [v.strip() for v in values]
    blank = [i for i, v in enumerate(values) if not v or v.isspace()]
    if blank:
        gone = np.zeros(len(values) + 1, np.bool_)
        gone[blank] = True
        codes = np.where(gone[codes], np.int32(-1), codes)
    return Texts(codes, values)


def encoded(column: pa.Array) -> tuple[Codes, pa.Array]:
    """Places (−1 for null) and what stands there, each as text."""
    if pa.types.is_null(column.type):
        return np.full(len(column), -1, np.int32), pa.array([], pa.string())
    if is_list(column.type):
        column = _joined(column)
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return places(column), _written(column.dictionary)


def places(column: pa.DictionaryArray) -> Codes:
    """The places of a dictionary, −1 for null."""
    indices = column.indices
    if indices.null_count:
        indices = pc.fill_null(indices.cast(pa.int32()), -1)
    found: Codes = np.asarray(indices).astype(np.int32, copy=False)
    if column.dictionary.null_count:
        nothing = np.append(np.asarray(column.dictionary.is_null()), False)
        found = np.where(nothing[found], np.int32(-1), found)
    return found


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
    if pa.types.is_dictionary(column.type.value_type):
        column = column.cast(pa.list_(pa.string()))
    if pa.types.is_null(column.type.value_type):
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


def _values(different: pa.Array) -> list[str]:
    """Texts of any length may stand for many rows: they are never spread out."""
    longest = pc.max(pc.binary_length(different)).as_py() or 0
    if longest <= _LONGEST:
        try:
            found: list[str | None] = different.to_pylist()
        except UnicodeDecodeError:
            pass
        else:
            return ["" if v is None else v for v in found]
    raw = pc.binary_slice(different.cast(pa.large_binary()), 0, 4 * _LONGEST + 4)
    return [_decoded(v) for v in raw.to_pylist()]


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
