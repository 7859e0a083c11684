"""Spark: the same expressions on a cluster, or on two cores of this machine.

Needs the extra `salesdx[spark]` and Java 17. The session speaks UTC, so that times
without a zone stay what they are, and keeps ANSI rules, so that what overflows or
divides by zero fails aloud instead of giving another figure.
"""

import itertools
import os
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from salesdx.errors import Said, UsageError
from salesdx.metrics.engines import Connect
from salesdx.metrics.engines.sources import Source

LOCAL = "local[2]"
_SETTINGS = {
    "spark.app.name": "salesdx",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.ansi.enabled": "true",
}
_names = itertools.count()


def connect(master: str = LOCAL) -> Connect:
    """Spark at a master (`local[2]`, `spark://host:7077` …).

    Raises:
        UsageError: pyspark or Java is missing.
    """
    return partial(Spark, backend=_backend(master))


class Spark:
    """Temporary views of one case in a session that several cases may share."""

    def __init__(self, sources: Mapping[str, Source], backend: Any) -> None:
        self._sources = dict(sources)
        self._backend = backend
        self._session = backend._session
        self._prefix = f"salesdx_{next(_names)}"

    def register(self, name: str) -> Any:
        """The expression of a source."""
        source = self._sources[name]
        if isinstance(source, Path):
            return self._view(name, self._session.read.parquet(os.fspath(source)))
        return self.supply(name, source)

    def supply(self, name: str, table: pa.Table) -> Any:
        """The expression of a small table made in Python."""
        return self._view(name, self._session.createDataFrame(table))

    def keep(self, name: str, expression: Any) -> Any:
        """Compute a relation once and keep its rows in the executors."""
        frame = self._session.sql(self._backend.compile(expression))
        return self._view(name, frame.localCheckpoint())

    def _view(self, name: str, frame: Any) -> Any:
        view = f"{self._prefix}_{name}"
        frame.createOrReplaceTempView(view)
        return self._backend.table(view)


def run(backend: Any, expression: Any) -> pa.Table:
    """Rows of an expression."""
    return backend._session.sql(backend.compile(expression)).toArrow()


@lru_cache(maxsize=1)
def _backend(master: str) -> Any:
    """A session of its own; starting one takes several seconds."""
    import ibis

    pyspark = _pyspark()
    builder = pyspark.SparkSession.builder.master(master)
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    return ibis.pyspark.connect(builder.getOrCreate())


def _pyspark() -> Any:
    try:
        import pyspark.sql as found
    except ImportError:
        raise UsageError(
            Said(
                "--engine spark needs PySpark: run pip install 'salesdx[spark]'",
                "для --engine spark нужен PySpark: выполните "
                "pip install 'salesdx[spark]'",
            )
        ) from None
    return found


__all__ = ["LOCAL", "Spark", "connect", "run"]
