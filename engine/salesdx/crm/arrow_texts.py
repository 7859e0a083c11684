"""Typed columns of Arrow as the texts that every reader starts from."""

import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.errors import DataError, Said

# whole numbers beyond this have lost digits; a spreadsheet keeps 15
_EXACT = {"double": 1e15, "float": 2.0**24, "halffloat": 2.0**11}


def is_bytes(kind: pa.DataType) -> bool:
    """Whether a type holds texts or bytes of any length."""
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
    )


def as_text(column: pa.ChunkedArray, label: str, name: str) -> pa.ChunkedArray:
    """A column as text; whole numbers without a point, but no long id by a float."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = pa.chunked_array([c.storage for c in column.chunks])
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pa.types.is_floating(kind):
        return _floats(column)
    if pa.types.is_decimal(kind):
        return _decimals(column)
    if is_bytes(kind) or pa.types.is_fixed_size_binary(kind):
        return _texts(column, label, name)
    if pa.types.is_duration(kind):
        seconds = column.cast(pa.duration("ns")).cast(pa.int64()).cast(pa.float64())
        return _floats(pc.divide(seconds, 1e9))
    if pa.types.is_nested(kind) or pa.types.is_interval(kind):
        return _python(column, _json)
    return column.cast(pa.string())


def _floats(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    limit = _EXACT[str(kind)]
    column = pc.if_else(pc.is_finite(column), column, pa.scalar(None, kind))
    column = column.cast(pa.float64())
    size = pc.abs(column)
    whole = pc.and_(pc.equal(column, pc.floor(column)), pc.less(size, limit))
    safe = pc.if_else(whole, column, pa.scalar(0.0)).cast(pa.int64())
    text = pc.if_else(whole, safe.cast(pa.string()), column.cast(pa.string()))
    cut = pc.fill_null(pc.greater_equal(size, limit), False)
    if pc.any(cut).as_py():  # as a spreadsheet shows a number that it has cut
        text = pc.if_else(cut, _python(column, "{:.14e}".format), text)
    return text


def _decimals(column: pa.ChunkedArray) -> pa.ChunkedArray:
    text = column.cast(pa.string())
    if column.type.scale <= 0:
        return text
    pattern = r"\.0+$"
    if pc.all(pc.match_substring_regex(text, pattern), min_count=0).as_py():
        return pc.replace_substring_regex(text, pattern, "")  # ids, not amounts
    return text


def _texts(column: pa.ChunkedArray, label: str, name: str) -> pa.ChunkedArray:
    """Texts must be UTF-8; bytes that are not become hexadecimal digits."""
    said_to_be_text = pa.types.is_string(column.type) or pa.types.is_large_string(
        column.type
    )
    try:
        found = column.cast(pa.binary()).cast(pa.string())
        found.validate(full=True)
    except pa.ArrowInvalid as error:
        if not said_to_be_text:
            return _python(column, bytes.hex)
        raise DataError(
            Said(
                f"{name}: the column {label[:60]!r} holds text that is not UTF-8;"
                " write the file again with UTF-8 texts, or export CSV",
                f"{name}: в колонке «{label[:60]}» текст не в UTF-8; запишите файл"
                " заново с текстом в UTF-8 или выгрузите CSV",
            )
        ) from error
    return found


def _python(column: pa.ChunkedArray, form: Any) -> pa.ChunkedArray:
    values = [None if v is None else form(v) for v in column.to_pylist()]
    return pa.chunked_array([pa.array(values, pa.string())])


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)
