"""The SQL of an expression, made once in a run of the tests and read after that.

Ibis takes a third of the time of a figure to write its SQL, and made-up cases ask the
same of the same columns hundreds of times. What is kept is known by the whole
expression: by its every node, name, type and number.
"""

import copyreg
import hashlib
import io
import pickle
from typing import Any

from ibis.backends.duckdb import Backend
from kept_for_run import kept

_compile = Backend.compile


class _Key(pickle.Pickler):
    """An expression without the database that it is asked of."""

    dispatch_table = copyreg.dispatch_table | {Backend: lambda _: (str, ("database",))}


def stand_in() -> None:
    """From now on."""
    Backend.compile = compile_once


def compile_once(backend: Backend, expression: Any, /, **more: Any) -> str:
    """What Ibis compiles, or has compiled from the same expression."""
    if more:
        return str(_compile(backend, expression, **more))
    key = io.BytesIO()
    _Key(key, pickle.HIGHEST_PROTOCOL).dump(expression.op())

    def compiled() -> bytes:
        return str(_compile(backend, expression)).encode()

    return kept(hashlib.sha256(key.getbuffer()).hexdigest(), compiled).decode()
