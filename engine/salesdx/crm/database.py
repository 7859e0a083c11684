"""Tables of a database as rows of text, through Ibis; nothing there is ever changed.

Only `SELECT` of named tables is sent, with names quoted by Ibis, in a session that may
only read where the database knows such. The database itself writes its values as
text, so that no whole number, no decimal fraction and no offset of a time is lost.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.content import did_you_mean
from salesdx.crm.arrow_texts import as_text
from salesdx.crm.database_address import FILES, Address, Kind
from salesdx.crm.database_session import connect, plainly
from salesdx.crm.limits import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from salesdx.crm.rows import Rows, from_columns
from salesdx.errors import DataError, Said, UsageError, hinted

_CHUNK = 50_000  # rows that a driver holds at once
_LISTED = 40
_INTERNAL = frozenset({
    "information_schema", "pg_catalog", "pg_toast", "mysql", "performance_schema",
    "sys", "system",
})  # fmt: skip
# their own text of a time leaves out its zone
_ZONE_LEFT_OUT: frozenset[Kind] = frozenset({"clickhouse", "mysql"})
Place = tuple[str | None, str]  # schema, table


def read_tables(address: Address) -> list[Rows]:
    """Read the tables that an address names, each as one source called by its name.

    Raises:
        UsageError: no table named, or no such table: both list what there is; or the
            driver is not installed.
        DataError: no connection, no right to read, too many rows or columns.
    """
    with connect(address) as base, plainly(address):
        places = _places(base, address.kind)
        wanted = [_named(address, word, places) for word in address.tables]
        if not wanted:
            raise _none_named(address, places)
        names = [place[1] for place in wanted]
        return [
            _read(base, address, place, _called(place, names))
            for place in dict.fromkeys(wanted)
        ]


def _called(place: Place, names: Sequence[str]) -> str:
    """Name of a source: that of the table, with its schema where two are alike."""
    schema, table = place
    return f"{schema}.{table}" if schema and names.count(table) > 1 else table


def _places(base: Any, kind: Kind) -> list[Place]:
    """All tables and views that a person made."""
    if kind == "sqlite":
        return [(None, t) for t in sorted(base.list_tables())]
    if kind in {"mysql", "clickhouse"}:  # a database is what others call a schema
        here = base.current_database
        return [(here, t) for t in sorted(base.list_tables(database=here))]
    if kind == "duckdb":
        told = "SELECT table_schema, table_name FROM information_schema.tables"
        return sorted(base.con.execute(told).fetchall())
    schemas = [
        s
        for s in sorted(set(base.list_databases()))
        if s.casefold() not in _INTERNAL
        and not s.startswith(("pg_temp", "pg_toast", "db_"))
    ]
    found = [(s, t) for s in schemas for t in base.list_tables(database=s)]
    if kind == "postgres":  # the standard lists have no materialised views
        with base.begin() as cursor:
            told = "SELECT schemaname, matviewname FROM pg_catalog.pg_matviews"
            found += cursor.execute(told).fetchall()
    return sorted(found)


def _named(address: Address, word: str, places: Sequence[Place]) -> Place:
    """The place that a person means by `deals` or `public.deals`."""
    found = [p for p in places if word in (p[1], _whole(p))]
    if len(found) == 1:
        return found[0]
    exact = [p for p in found if word == _whole(p)]
    if exact:
        return exact[0]
    if found:
        both = ", ".join(map(_whole, found))
        raise UsageError(
            Said(
                f"{address.name}: the table {word!r} stands in several schemas: {both};"
                " name it with its schema",
                f"{address.name}: таблица «{word}» есть в нескольких схемах: {both};"
                " назовите её вместе со схемой",
            )
        )
    what = Said(
        f"{address.name}: there is no table {word!r}; there is {_list(places)}",
        f"{address.name}: нет таблицы «{word}»; есть {_list(places).ru}",
    )
    known = {p[1] for p in places} | {_whole(p) for p in places}
    raise UsageError(hinted(what, did_you_mean(word, known)))


def _whole(place: Place) -> str:
    return f"{place[0]}.{place[1]}" if place[0] else place[1]


def _list(places: Sequence[Place]) -> Said:
    names = ", ".join(map(_whole, places[:_LISTED]))
    more = len(places) - _LISTED
    if not places:
        return Said("no table that you may read", "ни одной доступной вам таблицы нет")
    if more > 0:
        return Said(f"{names} and {more} more", f"{names} и ещё {more}")
    return Said(names, names)


def _none_named(address: Address, places: Sequence[Place]) -> UsageError:
    one = _whole(places[0]) if places else "deals"
    found = _list(places)
    return UsageError(
        Said(
            f"{address.name}: say which table to import, for example --table {one}"
            f" (several: --table again, or ?table={one}&table=… in the address)."
            f" There is {found}",
            f"{address.name}: укажите, какую таблицу загрузить, например --table {one}"
            f" (несколько — повторите --table или допишите в адрес"
            f" ?table={one}&table=…). Есть {found.ru}",
        )
    )


def _read(base: Any, address: Address, place: Place, name: str) -> Rows:
    source = _table(base, address.kind, place)
    labels = [n for n, kind in source.schema().items() if not kind.is_binary()]
    if len(labels) > MAX_COLUMNS:
        raise DataError(
            Said(
                f"{name}: {len(labels)} columns, at most {MAX_COLUMNS} are read; make a"
                " view with the columns you need",
                f"{name}: колонок {len(labels)}, а читаем не больше {MAX_COLUMNS};"
                " сделайте представление (view) с нужными колонками",
            )
        )
    if not labels:
        return from_columns(name, [], [], np.empty(0, np.int64))
    asked = as_asked(source, labels, address.kind)
    text = pa.schema([(n, pa.string()) for n in labels])
    read = pa.Table.from_batches(
        _bounded(_batches(base, asked, address.kind), labels, name), schema=text
    )
    whole = {n for n in labels if source.schema()[n].is_integer()}
    read = _steady(read, whole)
    numbers = np.arange(2, read.num_rows + 2, dtype=np.int64)
    return from_columns(name, labels, read.columns, numbers)


def _table(base: Any, kind: Kind, place: Place) -> Any:
    """The table as an expression of Ibis.

    SQLite holds any value in any column, whatever its declared type, so there every
    column is asked for as it is: Python writes the values as text.
    """
    schema, table = place
    if kind != "sqlite":
        return base.table(table, database=schema)
    ibis: Any = import_module("ibis")
    told = "SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1"
    columns = base.con.execute(told, (table,)).fetchall()
    kinds = {n: "int64" if "INT" in t.upper() else "string" for n, t in columns}
    return ibis.table(kinds, name=table)


def as_asked(source: Any, labels: Iterable[str], kind: Kind) -> Any:
    """What is asked of the database: the columns as text, one row more than we read."""
    columns = {}
    for name in labels:
        column, has = source[name], source.schema()[name]
        as_it_is = (
            kind == "sqlite" or has.is_string() or has.is_floating()
            # SQL Server writes times in the manner of its language
            or (kind == "mssql" and has.is_timestamp())
            or (kind in _ZONE_LEFT_OUT and has.is_timestamp() and has.timezone)
        )  # fmt: skip
        columns[name] = column if as_it_is else column.cast("string")
    return source.select(**columns).limit(MAX_ROWS + 1)


def _batches(base: Any, asked: Any, kind: Kind) -> Iterator[pa.RecordBatch]:
    """Batches as they come, not all rows at once."""
    if kind not in FILES:
        yield from base.to_pyarrow_batches(asked, chunk_size=_CHUNK)
        return
    query = base.compile(asked)
    if kind == "duckdb":  # Ibis 12 asks DuckDB 2 by names that it no longer has
        found = base.con.sql(query)
        older = not hasattr(found, "to_arrow_reader")
        yield from (found.fetch_arrow_reader if older else found.to_arrow_reader)(
            _CHUNK
        )
        return
    cursor = base.con.execute(query)
    while rows := cursor.fetchmany(_CHUNK):
        cells = [
            pa.array(map(_cell, column), pa.string())
            for column in zip(*rows, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(cells, list(asked.columns))


def _cell(value: object) -> str | None:
    """A cell of SQLite as text; a whole number without a point."""
    if value is None or isinstance(value, bytes):
        return None
    text = str(value)
    return (
        text[:-2] if text.endswith(".0") and text[:-2].lstrip("-").isdigit() else text
    )


def _bounded(
    batches: Iterable[pa.RecordBatch], labels: Sequence[str], name: str
) -> Iterator[pa.RecordBatch]:
    """Batches as text, until there are more rows or bytes than we read."""
    rows = size = 0
    for batch in batches:
        table = pa.Table.from_batches([batch])
        # ClickHouse fills short texts of a fixed length with zeros
        cells = [
            pc.utf8_rtrim(as_text(c, label, name), "\x00").combine_chunks()
            for label, c in zip(labels, table.columns, strict=True)
        ]
        found = pa.RecordBatch.from_arrays(cells, list(labels))
        rows += found.num_rows
        size += found.nbytes
        if rows > MAX_ROWS or size > MAX_BYTES:
            raise DataError(
                Said(
                    f"{name}: more than {MAX_ROWS} rows or 1 GB of text; make a view"
                    " with the years and columns you need, and import that",
                    f"{name}: больше {MAX_ROWS} строк или 1 ГБ текста; сделайте"
                    " представление (view) за нужные годы и с нужными колонками и"
                    " загрузите его",
                )
            )
        yield found


def _steady(table: pa.Table, whole: set[str]) -> pa.Table:
    """Rows in an order of their own: a database gives them in any.

    Columns from left to right, whole numbers by size.
    """
    keys: dict[str, pa.ChunkedArray] = {}
    for place, name in enumerate(table.column_names):
        if name in whole:
            keys[f"{place}.size"] = pc.utf8_length(table[name])
        keys[str(place)] = table[name]
    order = pc.sort_indices(pa.table(keys), [(k, "ascending") for k in keys])
    return table.take(order)
