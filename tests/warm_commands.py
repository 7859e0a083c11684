"""`salesdx` commands in processes of their own, without starting Python for each.

A parent imports what the commands read and forks for every one of them: that takes a
tenth of a second instead of two. A child has its own folder, surroundings and streams.
What is worded when it is imported is left to the child: it has a language of its own.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import salesdx
from salesdx import cli

_LOADED_LATE = (
    "durable_rules_engine", "ibis.backends.duckdb", "xlsxwriter", "pyarrow.csv",
    "sqlglot.dialects.duckdb", "typst",
)  # fmt: skip

_LEFT = ("salesdx.__main__", "salesdx.cli", "salesdx.storage.migrations")


def run(
    words: Sequence[str], folder: Path, **around: str
) -> subprocess.CompletedProcess[str]:
    """Run `salesdx` with these words in a folder, and wait for what it prints."""
    around = {**os.environ, **around}
    with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
        parent = _parent()
        assert parent.stdin is not None and parent.stdout is not None
        asked = [list(words), os.fspath(folder), around, out.name, err.name]
        parent.stdin.write(f"{json.dumps(asked)}\n")
        parent.stdin.flush()
        code = os.waitstatus_to_exitcode(int(parent.stdout.readline()))
        said, told = (Path(f.name).read_text(encoding="utf-8") for f in (out, err))
    return subprocess.CompletedProcess(["salesdx", *words], code, said, told)


@cache
def _parent() -> subprocess.Popen[str]:
    parent = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    atexit.register(_end, parent)
    return parent


def _end(parent: subprocess.Popen[str]) -> None:
    assert parent.stdin is not None and parent.stdout is not None
    parent.stdin.close()
    parent.wait()
    parent.stdout.close()


def _serve() -> None:
    """Fork for each line, and tell how the child ended."""
    _warm()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(*json.loads(line))
        sys.stdout.write(f"{os.waitpid(child, 0)[1]}\n")
        sys.stdout.flush()
    os._exit(0)  # DuckDB counts what is left, and tells


def _warm() -> None:
    sys.meta_path.insert(0, cli._WithoutPandas())  # as a command imports
    for name in (*_salesdx(), *_LOADED_LATE):
        importlib.import_module(name)
    import compiled_once
    from measured_once import measure_once
    from read_once import ReadOnce

    from salesdx.knowledge.load import load
    from salesdx.measured import measuring

    sys.meta_path.pop(0)  # a command does it itself
    compiled_once.stand_in()
    measuring.measure = measure_once
    ReadOnce().stand_in()
    load()
    gc.freeze()


def _salesdx() -> Iterator[str]:
    """Its modules, but those that have words of one language or do things."""
    for module in pkgutil.walk_packages(salesdx.__path__, "salesdx."):
        if not module.name.startswith(_LEFT):
            yield module.name


def _become(
    words: list[str], folder: str, around: dict[str, str], out: str, err: str
) -> None:
    """Be the command; never comes back."""
    os.environ.clear()
    os.environ.update(around)
    time.tzset()
    os.chdir(folder)
    for number, name in enumerate((os.devnull, out, err)):
        os.dup2(os.open(name, os.O_RDWR), number)
    sys.stdin = os.fdopen(0)  # that of the parent has been read from
    sys.argv = ["salesdx", *words]
    code: Any = 1
    try:
        cli.main()
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
