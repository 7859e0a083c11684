"""Where expressions of metrics run: DuckDB inside the process, or Spark.

A metric never asks which one it is. An engine takes the tables of a case, keeps what
several metrics read, and gives the rows of an expression back as an Arrow table in
canonical types, the same on every engine. Only the module of the engine in use is
loaded.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Protocol

import pyarrow as pa

from salesdx.metrics.engines.sources import Source


class Engine(Protocol):
    """What `Data` asks of an engine; expressions are Ibis tables."""

    def register(self, name: str) -> Any:
        """The expression of a source that the engine was opened with."""

    def supply(self, name: str, table: pa.Table) -> Any:
        """The expression of a small table made in Python."""

    def keep(self, name: str, expression: Any) -> Any:
        """Compute a relation once and keep its rows under a name."""


Connect = Callable[[Mapping[str, Source]], Engine]
Name = Literal["duckdb", "spark"]
NAMES: tuple[Name, Name] = ("duckdb", "spark")


def named(name: Name, master: str | None = None) -> Connect:
    """An engine by its name; `master` is where Spark runs.

    Raises:
        UsageError: the limits of the environment make no sense, or Spark is asked for
            and PySpark, Java or the master is missing.
    """
    if name == "duckdb":
        from salesdx.metrics.engines import duck

        return duck.connect()
    from salesdx.metrics.engines import spark

    return spark.connect(master or spark.LOCAL)


def fetch(expression: Any) -> pa.Table:
    """Run an expression; its rows, as they come, typed as its schema says."""
    backend = expression.get_backend()
    if backend.name == "duckdb":
        from salesdx.metrics.engines import duck

        found = duck.run(backend, expression)
    else:
        from salesdx.metrics.engines import spark

        found = spark.run(backend, expression)
    return found.cast(expression.schema().to_pyarrow())


__all__ = ["NAMES", "Connect", "Engine", "Name", "Source", "fetch", "named"]
