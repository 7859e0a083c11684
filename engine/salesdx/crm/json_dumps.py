"""Dumps of CRM APIs (JSON, JSON lines, page after page) to rows of text."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from salesdx.crm.decoding import decode
from salesdx.crm.rows import MAX_COLUMNS, MAX_ROWS, Rows, from_columns
from salesdx.errors import DataError, Said

MAX_JSON = 200_000_000  # bytes; parsed objects take about five times as much
MAX_DEPTH = 3  # where the records of an answer may lie: `_embedded.leads`
_EXACT = 1e15


def read_json(path: Path) -> Rows:
    """Read records: a list, an answer of an API with the list inside, or many of them.

    Nested objects become dotted columns (`properties.dealname`); a list stays in its
    cell as JSON, and the first object of it is flattened too (`path.0.name`).

    Raises:
        DataError: not JSON, too deep, too large, or no records inside.
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
    records = [
        flatten(record)
        for document in _documents(text, path.name)
        for record in _records(document)
    ]
    if not records:
        return from_columns(path.name, [], [], np.empty(0, np.int64))
    labels = list(dict.fromkeys(name for record in records for name in record))
    _refuse_large(path.name, len(records), len(labels))
    columns = [
        pa.chunked_array([pa.array([r.get(n) for r in records], pa.string())])
        for n in labels
    ]
    numbers = np.arange(1, len(records) + 1, dtype=np.int64)
    return from_columns(path.name, labels, columns, numbers, encoding=encoding)


def flatten(record: Mapping[str, Any], prefix: str = "") -> dict[str, str | None]:
    """A record as texts by dotted name, see `read_json`."""
    found: dict[str, str | None] = {}
    for key, value in record.items():
        name = f"{prefix}{key}"
        if isinstance(value, dict):
            found |= flatten(value, f"{name}.")
        elif isinstance(value, list):
            found |= _list(name, value)
        else:
            found[name] = _scalar(value)
    return found


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
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        return str(int(value))
    return str(value)


def _documents(text: str, name: str) -> Iterator[Any]:
    """All values of a file: one, or one after another (lines, pages)."""
    decoder = json.JSONDecoder()
    place = 0
    try:
        while place < len(text):
            if text[place] in " \t\r\n,":
                place += 1
                continue
            document, place = decoder.raw_decode(text, place)
            yield document
    except (ValueError, RecursionError) as error:
        raise _not_json(text, name, error) from error


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


def _records(document: Any, depth: int = 0) -> list[dict[str, Any]]:
    """The longest list of objects in an answer; an object without one is a record."""
    for _ in range(MAX_DEPTH):
        if (key := _inside(document)) is not None:
            document = document.get(key)
    if isinstance(document, list):
        found = [r for r in document if isinstance(r, dict)]
        if found and depth < MAX_DEPTH and all(map(_inside, found)):
            return [r for answer in found for r in _records(answer, depth + 1)]
        return found
    if not isinstance(document, dict) or "id" in {k.casefold() for k in document}:
        return [document] if isinstance(document, dict) else []
    if depth < MAX_DEPTH:
        inside = [_records(v, depth + 1) for v in document.values()
                  if isinstance(v, dict | list)]  # fmt: skip
        longest = max(inside, key=len, default=[])
        if longest:
            return longest
    return [document] if depth == 0 and document else []


def _inside(document: Any) -> str | None:
    """Where an answer says that its records are, whatever else it holds beside them."""
    if not isinstance(document, dict):
        return None
    if "jsonrpc" in document:
        return "result"
    return "data" if {"success", "data"} <= set(document) else None


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
