"""Read a file in a process of its own: what it costs is bounded, its crash is ours not.

Readers of spreadsheets allocate what a file claims to hold, and a library that aborts
would take us with it. The child gets the open file as its stdin, a limit of memory and
a limit of time, and answers in lines of JSON.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from typing import Any, BinaryIO, Literal

MEMORY = 1_500_000_000  # bytes of address space
SECONDS = 120
OUT_OF_MEMORY = 12  # how the child says so
Stop = Literal["time", "memory", "crash"]


class StoppedError(Exception):
    """The child did not come to its end; `why` says what stopped it."""

    def __init__(self, why: Stop) -> None:
        super().__init__(why)
        self.why: Stop = why


def answers(
    module: str,
    file: BinaryIO,
    arguments: Sequence[str] = (),
    seconds: float = SECONDS,
    memory: int = MEMORY,
) -> Generator[Any]:
    """What a module says about a file, line by line.

    Args:
        module: qualified name of a module that reads stdin and prints lines of JSON.
        file: the open file.
        arguments: what the module is told besides.
        seconds: how long it may take.
        memory: how many bytes it may use.

    Raises:
        StoppedError: it took too long or too much, or it crashed.
    """
    found = [p for p in sys.path if p]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(found), "PYTHONIOENCODING": "utf-8",
        "RUST_BACKTRACE": "0",
    }  # fmt: skip
    late = threading.Event()
    command = [sys.executable, "-P", "-m", module, str(memory), *arguments]
    with subprocess.Popen(
        command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment,
    ) as child:  # fmt: skip

        def stop() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            assert child.stdout is not None
            last = True
            for line in child.stdout:
                last = line.endswith(b"\n")
                if last:
                    yield json.loads(line)
            child.wait()
        finally:
            timer.cancel()
            child.kill()
    if late.is_set():
        raise StoppedError("time")
    if child.returncode or not last:
        raise StoppedError("memory" if _starved(child.returncode) else "crash")


def _starved(code: int) -> bool:
    """Whether the child ran out of memory: it says so, or is aborted for it."""
    return code in {OUT_OF_MEMORY, -6, -9}


def bound(memory: int) -> None:
    """Limit the memory of this process where the system can; leave no core file."""
    try:
        import resource
    except ImportError:  # Windows: only the time is bounded there
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    with contextlib.suppress(ValueError, OSError):  # not every system lets us
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))
