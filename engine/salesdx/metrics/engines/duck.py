"""DuckDB inside the process, closed to everything but the tables of the case."""

import os
import re
import shutil
import tempfile
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from salesdx.errors import Said, UsageError
from salesdx.metrics.engines import Connect
from salesdx.metrics.engines.sources import Source
from salesdx.metrics.engines.sources import rows as rows_of

_NEWER = {"error_on_division_by_zero"}  # older versions do so without being told
_MANY_ROWS = 20_000_000
_MEMORY = re.compile(r"\d+(\.\d+)? ?[KMGT]i?B", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Limits:
    """What DuckDB may take of the machine; None is decided by the size of the case."""

    memory: str | None = None
    threads: int | None = None

    def sized(self, rows: int) -> tuple[str, int]:
        """Memory and threads for a case of so many rows in all tables.

        Up to 20 million rows (two million deals) a case is measured in 1 GiB with all
        that Python holds, above in 3 GiB. More threads would have too little each.
        """
        memory, most = ("400MB", 6) if rows <= _MANY_ROWS else ("1800MB", 16)
        threads = self.threads or min(os.cpu_count() or 1, most)
        return self.memory or memory, threads

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Limits":
        """The limits of SALESDX_MEMORY (`512MB`) and SALESDX_THREADS, if they are set.

        Raises:
            UsageError: a value makes no sense.
        """
        memory = environment.get("SALESDX_MEMORY", "").strip() or None
        if memory is not None and not _MEMORY.fullmatch(memory):
            raise _senseless("SALESDX_MEMORY", memory, "512MB")
        threads = environment.get("SALESDX_THREADS", "").strip()
        if threads and not (threads.isdecimal() and int(threads)):
            raise _senseless("SALESDX_THREADS", threads, "2")
        return cls(memory, int(threads) if threads else None)


def _senseless(name: str, value: str, example: str) -> UsageError:
    return UsageError(
        Said(
            f"{name}={value} makes no sense; write it like {name}={example}",
            f"{name}={value}: так не бывает; напишите, например, {name}={example}",
        )
    )


def connect(limits: Limits | None = None) -> Connect:
    """DuckDB with these limits, or those of the environment."""
    return partial(Duck, limits=limits or Limits.of(os.environ))


class Duck:
    """One database in memory; what does not fit is spilled to a private folder.

    The folder is removed when the engine is no longer used.
    """

    def __init__(self, sources: Mapping[str, Source], limits: Limits) -> None:
        # one select inside another is no slower to run, and quicker to write
        ibis.options.sql.fuse_selects = False
        self._sources = dict(sources)
        self._spill = tempfile.mkdtemp(prefix="salesdx-")
        weakref.finalize(self, shutil.rmtree, self._spill, ignore_errors=True)
        self._backend = ibis.duckdb.connect(":memory:")
        self._connection = self._backend.con
        self._lock(limits)

    def _lock(self, limits: Limits) -> None:
        """Close the database; the order matters, nothing can be set after the last."""
        rows = sum(rows_of(s) for s in self._sources.values())
        memory, threads = limits.sized(rows)
        files = [s for s in self._sources.values() if isinstance(s, Path)]
        allowed = ", ".join(_quoted(os.fspath(f)) for f in files)
        settings = {
            "memory_limit": _quoted(memory),
            "threads": str(int(threads)),
            "temp_directory": _quoted(self._spill),
            "allowed_paths": f"[{allowed}]",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            # every result is sorted later, and rows in order cost memory
            "preserve_insertion_order": "false",
            # x / 0 is null, never infinite
            "ieee_floating_point_ops": "false",
            "error_on_division_by_zero": "false",
            "enable_external_access": "false",
            "lock_configuration": "true",
        }
        known = self._connection.sql("select name from duckdb_settings()").fetchall()
        for name, value in settings.items():
            if (name,) in known or name not in _NEWER:
                self._connection.execute(f"set {name}={value}")

    def register(self, name: str) -> Any:
        """The expression of a source."""
        source = self._sources[name]
        if isinstance(source, Path):
            relation = self._connection.read_parquet(os.fspath(source))
            relation.create_view(name)
        else:
            # ibis.create_table drops its helper view with SQL that newer sqlglot
            # versions print without the name, so the table is registered by hand.
            self._connection.register(name, source)
        return self._backend.table(name)

    def supply(self, name: str, table: pa.Table) -> Any:
        """The expression of a small table made in Python."""
        self._connection.register(name, table)
        return self._backend.table(name)

    def keep(self, name: str, expression: Any) -> Any:
        """Compute a relation once and keep it as a table."""
        selecting = _selecting(self._connection, self._backend.compile(expression))
        self._connection.execute(f'create table "{name}" as {selecting.query}')
        return self._backend.table(name)


def run(backend: Any, expression: Any) -> pa.Table:
    """Rows of an expression; `to_pyarrow` gives the same, but imports pandas."""
    selecting = _selecting(backend.con, backend.compile(expression))
    return backend.con.sql(selecting).to_arrow_table()


def _selecting(connection: Any, sql: str) -> duckdb.Statement:
    """The query parsed, if it only reads: nothing else stops COPY to its own files.

    Raises:
        ValueError: it is not a single SELECT.
    """
    statements = connection.extract_statements(sql)
    if [s.type for s in statements] != [duckdb.StatementType.SELECT]:
        raise ValueError(f"not a single SELECT: {sql}")
    statement: duckdb.Statement = statements[0]
    return statement


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
