"""Dumps of CRM APIs (JSON, JSON lines, page after page) to rows of text."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from salesdx.crm.decoding import decode
from salesdx.crm.json_answers import error_of, records_of
from salesdx.crm.limits import MAX_COLUMNS, MAX_JSON, MAX_ROWS
from salesdx.crm.reasons import NO_RECORD
from salesdx.crm.rows import Reject, Rows, from_columns
from salesdx.errors import DataError, Said, visible

_EXACT = 1e15
_DIGITS = 400  # a longer whole number stays as it is written


def read_json(path: Path) -> Rows:
    """Read records: a list, an answer of an API with the list inside, or many of them.

    Nested objects become dotted columns (`properties.dealname`); a list stays in its
    cell as JSON, and the first object of it is flattened too (`path.0.name`). What is
    no record in a list of records is rejected by its place.

    Raises:
        DataError: not JSON, too deep, too large, a key twice in one record, an error
            of the API instead of data, or no records inside.
    """
    if path.stat().st_size > MAX_JSON:
        limit = MAX_JSON // 1_000_000
        raise DataError(
            Said(
                f"{path.name}: a JSON file larger than {limit} MB; dump it in parts",
                f"{path.name}: файл JSON больше {limit} МБ; выгрузите его частями",
            )
        )
    text, encoding = decode(path.read_bytes(), path.name)
    try:
        return _rows(text, encoding, path.name)
    except RecursionError as error:
        raise DataError(
            Said(
                f"{path.name}: brackets nested deeper than data are; dump the data"
                " again",
                f"{path.name}: скобки вложены глубже, чем бывает в данных; выгрузите"
                " данные заново",
            )
        ) from error


def _rows(text: str, encoding: str, name: str) -> Rows:
    records: list[dict[str, str | None]] = []
    numbers: list[int] = []
    broken: list[Reject] = []
    place = 0
    for document in _documents(text, name):
        if told := error_of(document):
            raise _answered(name, told)
        for entry in records_of(document):
            place += 1
            if isinstance(entry, dict):
                records.append(flatten(entry))
                numbers.append(place)
            else:
                broken.append(Reject(place, NO_RECORD))
    if not records and broken:
        raise DataError(
            Said(
                f"{name}: {len(broken)} bare values, no records with named fields; dump"
                " the records themselves",
                f"{name}: значений — {len(broken)}, а записей с названиями полей нет;"
                " выгрузите сами записи",
            )
        )
    labels = list(dict.fromkeys(label for record in records for label in record))
    _refuse_large(name, len(records), len(labels))
    columns = [
        pa.chunked_array([pa.array([r.get(n) for r in records], pa.string())])
        for n in labels
    ]
    return from_columns(
        name, labels, columns, np.array(numbers, np.int64), broken, encoding
    )


def flatten(record: Mapping[str, Any], prefix: str = "") -> dict[str, str | None]:
    """A record as texts by dotted name, see `read_json`."""
    found: dict[str, str | None] = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            inside = flatten(value, f"{name}.")
        elif isinstance(value, list):
            inside = _list(name, value)
        else:
            inside = {name: _scalar(value)}
        for label, cell in inside.items():
            found[_free(label, found)] = cell
    return found


def _free(label: str, taken: Mapping[str, object]) -> str:
    """`a.b` may stand beside `a: {b: …}`: neither hides the other."""
    name, count = label, 1
    while name in taken:
        count += 1
        name = f"{label}.{count}"
    return name


def _list(name: str, values: list[Any]) -> dict[str, str | None]:
    if not values:
        return {name: None}
    if all(isinstance(v, str) for v in values):
        return {name: ", ".join(values)}
    found: dict[str, str | None] = {name: json.dumps(values, ensure_ascii=False)}
    if isinstance(values[0], dict):
        found |= flatten(values[0], f"{name}.0.")
    return found


def _scalar(value: Any) -> str | None:
    """A value as text; a long number that lost its digits stays in 1e+18 form."""
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()  # half a pair of UTF-16
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if abs(value) >= _EXACT:
            return f"{value:.14e}"
        return str(int(value)) if value.is_integer() else str(value)
    return str(value)


def _documents(text: str, name: str) -> Iterator[Any]:
    """All values of a file: one, or one after another (lines, pages)."""

    def record(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            _refuse_twice(pairs, name)
        return found

    decoder = json.JSONDecoder(
        object_pairs_hook=record, parse_int=_whole, parse_constant=str
    )
    place = 0
    try:
        while place < len(text):
            if text[place] in " \t\r\n,":
                place += 1
                continue
            document, place = decoder.raw_decode(text, place)
            yield document
    except ValueError as error:
        raise _not_json(text, name, error) from error


def _whole(digits: str) -> int | str:
    return int(digits) if len(digits) <= _DIGITS else digits


def _refuse_twice(pairs: list[tuple[str, Any]], name: str) -> None:
    """A key twice with two values: which one is meant, nobody can tell."""
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen and seen[key] != value:
            record = visible(", ".join(f"{k}: {v}" for k, v in pairs[:3]))[:80]
            shown = visible(key)[:60]
            raise DataError(
                Said(
                    f"{name}: the field {shown!r} stands twice with different values in"
                    f" one record ({record}); dump the data again",
                    f"{name}: поле «{shown}» указано дважды с разными значениями в"
                    f" одной записи ({record}); выгрузите данные заново",
                )
            )
        seen[key] = value


def _answered(name: str, told: str) -> DataError:
    shown = visible(told)[:300]
    return DataError(
        Said(
            f"{name}: not data but an error that the CRM answered with: {shown}; mend"
            " the request or its access and dump the data again",
            f"{name}: это не данные, а ошибка, которой ответила CRM: {shown}; поправьте"
            " запрос или доступ и выгрузите данные заново",
        )
    )


def _not_json(text: str, name: str, error: Exception) -> DataError:
    place = error.pos if isinstance(error, json.JSONDecodeError) else 0
    line = text.count("\n", 0, place) + 1
    column = place - text.rfind("\n", 0, place)
    return DataError(
        Said(
            f"{name}:{line}:{column}: the JSON breaks off or is not valid here; dump"
            " the data again",
            f"{name}:{line}:{column}: здесь JSON обрывается или написан с ошибкой;"
            " выгрузите данные заново",
        )
    )


def _refuse_large(name: str, rows: int, columns: int) -> None:
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise DataError(
            Said(
                f"{name}: {rows} records x {columns} fields, at most {MAX_ROWS} x"
                f" {MAX_COLUMNS} are read; ask the API for fewer fields",
                f"{name}: {rows} записей на {columns} полей, а читаем не больше"
                f" {MAX_ROWS} на {MAX_COLUMNS}; запросите меньше полей",
            )
        )
