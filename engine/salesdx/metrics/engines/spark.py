"""Spark: the same expressions on a cluster, or on two cores of this machine.

Needs the extra `salesdx[spark]` and Java 17. The session speaks UTC, so that times
without a zone stay what they are, and keeps ANSI rules, so that what overflows or
divides by zero fails aloud instead of giving another figure.
"""

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from salesdx.errors import Said, UsageError
from salesdx.metrics.engines import Connect
from salesdx.metrics.engines.sources import Source, rows

LOCAL = "local[2]"
JAVA = 17  # the oldest that Spark 4 runs on
_SETTINGS = {
    "spark.app.name": "salesdx",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_ON_ONE_MACHINE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
# planning and compiling a query takes longer than running it over so few rows
_FEW_ROWS = 500_000
_SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
_LARGE = {
    "spark.sql.shuffle.partitions": "4",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
}
_names = itertools.count()


def connect(master: str = LOCAL) -> Connect:
    """Spark at a master (`local[2]`, `spark://host:7077` …).

    Raises:
        UsageError: PySpark or Java is missing, or Spark cannot be started.
    """
    return partial(Spark, backend=_backend(master))


def session(master: str = LOCAL) -> Any:
    """The session at a master, for work that is no query.

    Raises:
        UsageError: PySpark or Java is missing, or Spark cannot be started.
    """
    return _backend(master)._session


class Spark:
    """Temporary views of one case in a session that several cases may share."""

    def __init__(self, sources: Mapping[str, Source], backend: Any) -> None:
        self._sources = dict(sources)
        self._backend = backend
        self._session = backend._session
        self._prefix = f"salesdx_{next(_names)}"
        if backend._session.sparkContext.master.startswith("local"):
            few = sum(map(rows, sources.values())) <= _FEW_ROWS
            for key, value in (_SMALL if few else _LARGE).items():
                self._session.conf.set(key, value)

    def register(self, name: str) -> Any:
        """The expression of a source; the cluster must see the path of a file."""
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
    try:
        import ibis
        from pyspark import SparkConf, SparkContext, java_gateway
        from pyspark.sql import SparkSession
    except ImportError:
        raise _no_pyspark() from None
    launch: Any = java_gateway.launch_gateway
    java = _java()
    if java is None or java < JAVA:
        raise _no_java(java)
    local = master.startswith("local")
    if local:  # a context takes it as it begins; a cluster is told by its administrator
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = _SETTINGS | (_ON_ONE_MACHINE if local else {})
    conf = SparkConf().setMaster(master).setAll(list(settings.items()))
    # what Java says while it starts is not ours, and stdout is for results alone
    with tempfile.TemporaryFile() as said:
        try:
            gateway = launch(conf, popen_kwargs={"stdout": said, "stderr": said})
            session = SparkSession(SparkContext(conf=conf, gateway=gateway))
        except Exception as error:  # py4j, pyspark and the system each have their own
            said.seek(0)
            raise _not_started(master, error, said.read()) from error
    return ibis.pyspark.connect(session)


def _java() -> int | None:
    """The major version of the Java that Spark would take; None without one."""
    home = os.environ.get("JAVA_HOME")
    program = shutil.which("java", path=f"{home}/bin" if home else None)
    if program is None:
        return None
    told = subprocess.run([program, "-version"], capture_output=True, check=False)
    found = re.search(rb'version "(?:1\.)?(\d+)', told.stderr + told.stdout)
    return int(found[1]) if found else None


def _no_pyspark() -> UsageError:
    return UsageError(
        Said(
            "--engine spark: PySpark is not installed; run "
            "pip install 'salesdx[spark]'",
            "--engine spark: не установлен PySpark; выполните "
            "pip install 'salesdx[spark]'",
        )
    )


def _no_java(found: int | None) -> UsageError:
    here = "" if found is None else str(found)
    return UsageError(
        Said(
            f"--engine spark: {f'Java {here} is too old' if here else 'no Java found'};"
            f" install Java {JAVA} (openjdk-17-jre-headless) or set JAVA_HOME",
            f"--engine spark: {f'Java {here} слишком старая' if here else 'нет Java'};"
            f" установите Java {JAVA} (openjdk-17-jre-headless) или задайте JAVA_HOME",
        )
    )


def _not_started(master: str, error: Exception, said: bytes) -> UsageError:
    lines = said.decode(errors="replace").strip().splitlines()
    why = next(
        (x.strip() for x in reversed(lines) if "Exception" in x or "rror" in x),
        str(error).partition("\n")[0],
    )
    return UsageError(
        Said(
            f"--engine spark: Spark at {master} did not start: {why}; check --master",
            f"--engine spark: Spark по адресу {master} не запустился: {why}; "
            "проверьте --master",
        )
    )


__all__ = ["JAVA", "LOCAL", "Spark", "connect", "run", "session"]
