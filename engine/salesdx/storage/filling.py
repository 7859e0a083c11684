"""The rows of a backup put into tables, each looked at before the database sees it."""

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Integer, LargeBinary, Table

from salesdx.crm.progress import Progress
from salesdx.errors import Said
from salesdx.storage.backup import bytes_of, our_tables
from salesdx.storage.backup_file import BackupFile, Row

RESTORED = Said("Restoring", "Восстанавливаем")
_ROWS, _BYTES = 500, 8 << 20  # of one batch


def fill(
    connection: Connection, file: BackupFile, doomed: Collection[str],
    progress: Progress,
) -> None:  # fmt: skip
    """Insert all rows but those of doomed cases.

    Raises:
        DataError: a row does not fit its table, or names a file outside its case.
    """
    tables = our_tables(connection)
    total = sum(file.manifest.rows(t.name) for t in tables)
    done = 0
    for table in tables:
        for batch in _batches(_rows(table, file, doomed)):
            connection.execute(table.insert(), batch)
            progress(RESTORED, done := done + len(batch), total)


def _rows(table: Table, file: BackupFile, doomed: Collection[str]) -> Iterator[Row]:
    raw, fits = [c.name for c in bytes_of(table)], _fitting(table)
    case = _case_column(table)
    with ExitStack() as stack:
        pieces = stack.enter_context(file.bytes_of(table.name)) if raw else None
        for row in file.rows(table.name):
            if not fits(row):
                raise file.fault(_UNFIT)
            for name in raw:
                assert pieces is not None
                row[name] = pieces.take(row[name])
            if case is None or row[case] not in doomed:
                yield row


def _case_column(table: Table) -> str | None:
    """The column with the case that a row belongs to; events belong to nobody."""
    if table.name == "cases":
        return "id"
    keys = [k for k in table.foreign_keys if k.column.table.name == "cases"]
    return keys[0].parent.name if keys else None


def _fitting(table: Table) -> Callable[[Row], bool]:
    """Tells whether a row fits a table."""
    kinds = {c.name: _kinds(c) for c in table.columns}

    def fits(row: Row) -> bool:
        if row.keys() != kinds.keys():
            return False
        if table.name == "case_files" and not _inside(row["path"]):
            return False
        return all(type(value) in kinds[name] for name, value in row.items())

    return fits


def _kinds(column: Column[Any]) -> tuple[type, ...]:
    """What a value of a column may be; of bytes there is the length."""
    if isinstance(column.type, Boolean):
        kind: type = bool
    else:
        kind = int if isinstance(column.type, Integer | LargeBinary) else str
    return (kind, type(None)) if column.nullable else (kind,)


def _inside(path: object) -> bool:
    """Whether a path stays in the folder of its case, on any system."""
    if not isinstance(path, str) or "\\" in path or "\0" in path or ":" in path[:2]:
        return False
    parts = PurePosixPath(path).parts
    return bool(parts) and parts[0] != "/" and ".." not in parts


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(v) for v in row.values() if isinstance(v, bytes | str))
        if len(batch) >= _ROWS or size >= _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


_UNFIT = Said(
    "a row of it does not fit its table; salesdx did not write this file",
    "в ней есть строка, которой в таблице быть не может; этот файл записал не salesdx",
)
