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

import ibis
import pyarrow as pa

from salesdx.company import Company, Funnel
from salesdx.errors import KnowledgeError, Said
from salesdx.knowledge.benchmarks import shipped_settings

MEMORY_LIMIT = "1GB"
# Up to so many rows in all, saying a query again and again costs more than running
# it, so what several metrics read is kept as a table; above, memory is what is short.
KEPT_ROWS = 500_000


class Data:
    """The tables of one case, ready for metrics.

    `tables` are Arrow tables typed as in `salesdx.tables`: ids and texts as strings,
    times as timestamp("s") in the company's own time without zone, dates as date32,
    money and numbers as float64, booleans as bool. `as_of` is the last second of the
    day that the analysis looks back from; None when no table has a date. `settings`
    are benchmarks by id, with the company's own; by default as shipped.
    """

    def __init__(
        self,
        tables: Mapping[str, pa.Table],
        company: Company,
        as_of: dt.datetime | None,
        settings: Mapping[str, float] | None = None,
    ) -> None:
        self.company = company
        self.settings = shipped_settings() if settings is None else settings
        self.as_of = as_of
        self._tables = {n: t for n, t in tables.items() if t.num_rows}
        self._expressions: dict[str, Any] = {}

    @cached_property
    def _engine(self) -> Any:
        # one select inside another is no slower to run, and quicker to write
        ibis.options.sql.fuse_selects = False
        engine = ibis.duckdb.connect(":memory:")
        engine.con.execute(f"set memory_limit='{MEMORY_LIMIT}'")
        engine.con.execute("set enable_external_access=false")
        engine.con.execute("set lock_configuration=true")
        return engine

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
        found = self._tables.get(table)
        return found is not None and all(
            c in found.column_names and found[c].null_count < found.num_rows
            for c in columns
        )

    def columns(self, table: str) -> tuple[str, ...]:
        """Names of the columns of a table, () when it is absent."""
        found = self._tables.get(table)
        return () if found is None else tuple(found.column_names)

    def table(self, name: str) -> Any:
        """The table as an Ibis expression; KeyError when it is absent."""
        if name not in self._expressions:
            engine = self._engine
            # ibis.create_table drops its helper view with SQL that newer sqlglot
            # versions print without the name, so the table is registered by hand.
            engine.con.register(name, self._tables[name])
            self._expressions[name] = engine.table(name)
        return self._expressions[name]

    def kept(self, name: str, build: Callable[[], Any]) -> Any:
        """A relation that several metrics read, built once under its own name.

        In a case of usual size it becomes a table of the engine, so that whatever is
        built on it stays short; in a large one it stays an expression.
        """
        key = f"kept_{name}"
        if key not in self._expressions:
            expression = build()
            if self._small:
                engine = self._engine
                sql = engine.compile(expression)
                engine.con.execute(f'create table "{key}" as {sql}')
                expression = engine.table(key)
            self._expressions[key] = expression
        return self._expressions[key]

    def supplied(self, name: str, build: Callable[[], pa.Table]) -> Any:
        """A small table made in Python (a calendar), registered once under its name."""
        key = f"supplied_{name}"
        if key not in self._expressions:
            self._engine.con.register(key, build())
            self._expressions[key] = self._engine.table(key)
        return self._expressions[key]

    @cached_property
    def _small(self) -> bool:
        rows: int = sum(t.num_rows for t in self._tables.values())
        return rows <= KEPT_ROWS

    def arrow(self, name: str) -> pa.Table:
        """The table as it was read."""
        return self._tables[name]

    def rows(self, expression: Any) -> list[dict[str, Any]]:
        """Run an expression; rows as dicts (keep it to a few thousand rows)."""
        return fetch(expression).to_pylist()  # type: ignore[no-any-return]

    @cached_property
    def funnel(self) -> Funnel:
        """The main funnel (empty when none is described)."""
        return self.company.funnels[0] if self.company.funnels else Funnel()


def fetch(expression: Any) -> pa.Table:
    """Run an expression; its rows, as they come."""
    # expression.to_pyarrow() gives the same, but imports pandas, which nobody needs
    engine = expression.get_backend()
    found = engine.con.sql(engine.compile(expression)).to_arrow_table()
    return found.cast(expression.schema().to_pyarrow())
