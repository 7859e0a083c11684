"""Pieces of work on this machine: in this process, or in several beside it.

Nothing heavy is imported here: a process must first be told to use one thread, so that
as many processes use as many cores.
"""

import multiprocessing
import os
import pickle
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Protocol

from salesdx.errors import DataError, Said

if TYPE_CHECKING:
    from salesdx.knowledge.base import KnowledgeBase
    from salesdx.portfolio.parts import Tally

# threads of a matrix product wait for each other longer than ours take
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"
)
_ENDS = 5.0  # seconds that a process has to end by itself
Prepare = Callable[[], None]


class Work(Protocol):
    """Numbered pieces of work that can be done in any order, in any process."""

    @property
    def pieces(self) -> int:
        """How many there are."""

    def do(self, knowledge: "KnowledgeBase", number: int) -> "Tally":
        """Do a piece and keep what came of it."""

    def done(self, knowledge: "KnowledgeBase", number: int) -> "Tally | None":
        """What came of a piece that need not be done again."""


Done = Iterator[tuple[int, "Tally"]]


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run(
    work: Work, knowledge: "KnowledgeBase", numbers: Iterable[int], jobs: int,
    prepare: Prepare | None = None,
) -> Done:  # fmt: skip
    """Do pieces, as many at once as there are jobs; tells each as it is done.

    `prepare` runs in a new process before anything heavy is imported.

    Raises:
        DataError: a piece cannot be done, or a process died doing one.
    """
    todo = list(numbers)
    jobs = min(jobs, len(todo))
    if jobs > 1:
        yield from _beside(work, knowledge, todo, jobs, prepare)
        return
    one_thread()
    for number in todo:
        yield number, work.do(knowledge, number)


def one_thread() -> None:
    """Let Arrow use this thread alone; others are for other pieces."""
    import pyarrow as pa

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)


def _beside(
    work: Work, knowledge: "KnowledgeBase", todo: list[int], jobs: int,
    prepare: Prepare | None,
) -> Done:  # fmt: skip
    # what the workers know is what was read here, whatever happens to the files
    told = pickle.dumps((work, knowledge), pickle.HIGHEST_PROTOCOL)
    waiting = iter(todo)
    with ExitStack() as stack:
        ours: dict[Connection, BaseProcess] = {}
        for _ in range(jobs):
            line, process = _started(prepare)
            stack.callback(_end, line, process)
            ours[line] = process
        for line, process in ours.items():
            with _at_its_end(process):
                line.send_bytes(told)
                line.send(next(waiting))
        left = len(todo)
        while left:
            for ready in wait(list(ours)):
                assert isinstance(ready, Connection)
                yield _heard(ready, ours[ready])
                left -= 1
                number = next(waiting, None)
                if number is None:
                    del ours[ready]  # ended with the rest
                    continue
                with _at_its_end(ours[ready]):
                    ready.send(number)


def _started(prepare: Prepare | None) -> tuple[Connection, BaseProcess]:
    # a new interpreter: threads of Arrow and DuckDB do not survive a fork
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with closing(theirs):
        process = context.Process(target=_serve, args=(theirs, prepare), daemon=True)
        before = {n: os.environ.get(n) for n in ONE_THREAD}
        os.environ.update(ONE_THREAD)
        try:
            process.start()
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
    return ours, process


def _end(line: Connection, process: BaseProcess) -> None:
    """End a process: it stops when nobody is on the line, unless it is at work."""
    line.close()
    process.terminate()
    process.join(_ENDS)
    if process.exitcode is None:
        process.kill()
        process.join()
    process.close()


def _heard(line: Connection, process: BaseProcess) -> tuple[int, "Tally"]:
    """What a process says when a piece is done.

    Raises:
        DataError: the process died.
    """
    with _at_its_end(process):
        said = line.recv()
    if isinstance(said, BaseException):
        raise said
    number, tally = said
    return number, tally


@contextmanager
def _at_its_end(process: BaseProcess) -> Iterator[None]:
    """Whoever talks to a process that is no more is told how it ended."""
    try:
        yield
    except (EOFError, OSError):
        process.join(_ENDS)
        raise _died(process.exitcode) from None


def _died(code: int | None) -> DataError:
    killed = code is not None and code < 0
    number = -code if killed and code is not None else code
    how = f"signal {number}" if killed else f"exit code {number}"
    said = f"сигнал {number}" if killed else f"код {number}"
    return DataError(
        Said(
            f"a process of this run died ({how}); most often memory was short: run the"
            " same command with fewer --jobs, finished chunks are kept",
            f"один из процессов этого запуска прервался ({said}); чаще всего не хватает"
            " памяти: повторите команду с меньшим --jobs, готовое сохранилось",
        )
    )


def _serve(line: Connection, prepare: Prepare | None) -> None:
    """Do pieces until nobody asks for more."""
    # Ctrl-C goes to all: the process that was asked ends the others
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if prepare is not None:
        prepare()
    with suppress(EOFError, OSError), closing(line):
        work, knowledge = pickle.loads(line.recv_bytes())
        one_thread()
        while True:
            number = line.recv()
            try:
                said: object = number, work.do(knowledge, number)
            except Exception as error:  # told where somebody reads it
                said = portable(error)
            line.send(said)


def portable(error: Exception) -> Exception:
    """The error, or its words where it cannot be sent."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
