"""The SQL of an expression, made once in a run of the tests and read after that.

Ibis takes a third of the time of a figure to write its SQL, and made-up cases ask the
same of the same columns hundreds of times. What is kept is known by the whole
expression: by its every node, name, type and number.
"""

import copyreg
import hashlib
import io
import os
import pickle
from pathlib import Path
from typing import Any

from ibis.backends.duckdb import Backend

FOLDER = "SALESDX_TESTS_SQL"  # shared with the other processes of the run
_compile = Backend.compile


class _Key(pickle.Pickler):
    """An expression without the database that it is asked of."""

    dispatch_table = copyreg.dispatch_table | {Backend: lambda _: (str, ("database",))}


def stand_in() -> None:
    """From now on, where there is a folder to keep it in."""
    if FOLDER in os.environ:
        Backend.compile = compile_once


def compile_once(backend: Backend, expression: Any, /, **more: Any) -> str:
    """What Ibis compiles, or has compiled from the same expression."""
    if more:
        return str(_compile(backend, expression, **more))
    key = io.BytesIO()
    _Key(key, pickle.HIGHEST_PROTOCOL).dump(expression.op())
    kept = Path(os.environ[FOLDER], hashlib.sha256(key.getbuffer()).hexdigest())
    try:
        return kept.read_text(encoding="utf-8")
    except FileNotFoundError:
        sql = str(_compile(backend, expression))
    whole = kept.with_name(f"{kept.name}.{os.getpid()}")
    whole.write_text(sql, encoding="utf-8")
    whole.replace(kept)
    return sql
