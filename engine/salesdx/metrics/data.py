"""What a metric may read: canonical tables as Ibis expressions, and the company.

Rules of the house for portability (DuckDB, Spark and the rest must agree): filter,
equality join, group_by with count/sum/min/max, sum(ifelse), row_number/lead/lag,
floor, epoch_seconds. No engine medians, quantiles, `.delta` or time zones: an
expression returns sufficient statistics, Python finishes them.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import pyarrow as pa

from salesdx.company import Company, Funnel
from salesdx.errors import KnowledgeError, Said
from salesdx.knowledge.benchmarks import shipped_settings
from salesdx.metrics.engines import Connect, Engine, Source, duck, fetch, sources

# Up to so many rows in all, saying a query again and again costs more than running
# it, so what several metrics read is kept as a table; above, memory is what is short.
KEPT_ROWS = 500_000


class Data:
    """The tables of one case, ready for metrics.

    `tables` are Arrow tables, or paths of Parquet files, typed as in
    `salesdx.tables`: ids and texts as strings, times as timestamp("s") in the
    company's own time without zone, dates as date32, money and numbers as float64,
    booleans as bool. `as_of` is the last second of the day that the analysis looks
    back from; None when no table has a date. `settings` are benchmarks by id, with the
    company's own; by default as shipped. `engine` is where expressions run: DuckDB
    unless told otherwise.
    """

    def __init__(
        self,
        tables: Mapping[str, Source],
        company: Company,
        as_of: dt.datetime | None,
        settings: Mapping[str, float] | None = None,
        engine: Connect | None = None,
    ) -> None:
        self.company = company
        self.settings = shipped_settings() if settings is None else settings
        self.as_of = as_of
        self._tables = {n: t for n, t in tables.items() if sources.rows(t)}
        self._columns = {n: sources.columns(t) for n, t in self._tables.items()}
        self._has_value: dict[tuple[str, str], bool] = {}
        self._connect = engine or duck.connect()
        self._expressions: dict[str, Any] = {}

    @cached_property
    def _engine(self) -> Engine:
        return self._connect(self._tables)

    def setting(self, benchmark: str) -> float:
        """The value of a benchmark.

        Raises:
            KnowledgeError: no benchmark has this id.
        """
        if benchmark not in self.settings:
            raise KnowledgeError(
                Said(
                    f"benchmark {benchmark} is missing",
                    f"в базе знаний нет ориентира {benchmark}",
                )
            )
        return self.settings[benchmark]

    def has(self, table: str, *columns: str) -> bool:
        """Whether the table has rows, and each column has at least one value."""
        return table in self._tables and all(
            self._has_a_value(table, c) for c in columns
        )

    def _has_a_value(self, table: str, column: str) -> bool:
        key = table, column
        if key not in self._has_value:
            self._has_value[key] = sources.has_value(self._tables[table], column)
        return self._has_value[key]

    def columns(self, table: str) -> tuple[str, ...]:
        """Names of the columns of a table, () when it is absent."""
        return self._columns.get(table, ())

    def table(self, name: str) -> Any:
        """The table as an Ibis expression; KeyError when it is absent."""
        if name not in self._expressions:
            self._expressions[name] = self._engine.register(name)
        return self._expressions[name]

    def kept(
        self, name: str, build: Callable[[], Any], *, always: bool = False
    ) -> Any:  # fmt: skip
        """A relation that several metrics read, built once under its own name.

        In a case of usual size it becomes a table of the engine, so that whatever is
        built on it stays short; in a large one it stays an expression, unless it is
        `always` kept: one that takes long to make and that many metrics read, or one
        much smaller than the tables it is made of.
        """
        key = f"kept_{name}"
        if key not in self._expressions:
            expression = build()
            if always or self._small:
                expression = self._engine.keep(key, expression)
            self._expressions[key] = expression
        return self._expressions[key]

    def supplied(self, name: str, build: Callable[[], pa.Table]) -> Any:
        """A small table made in Python (a calendar), registered once under its name."""
        key = f"supplied_{name}"
        if key not in self._expressions:
            self._expressions[key] = self._engine.supply(key, build())
        return self._expressions[key]

    @cached_property
    def _small(self) -> bool:
        rows = sum(sources.rows(t) for t in self._tables.values())
        return rows <= KEPT_ROWS

    def arrow(self, name: str) -> pa.Table:
        """All rows of a small table, as they were read."""
        return sources.read(self._tables[name])

    def lowest(self, table: str, column: str) -> Any:
        """The least value of a column, None without any; no row is read for it."""
        return sources.lowest(self._tables[table], column)

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        """Run an expression; rows as dicts (keep it to a few thousand rows)."""
        return fetch(expression).to_pylist()  # type: ignore[no-any-return]

    @cached_property
    def funnel(self) -> Funnel:
        """The main funnel (empty when none is described)."""
        return self.company.funnels[0] if self.company.funnels else Funnel()


__all__ = ["Data", "fetch"]
