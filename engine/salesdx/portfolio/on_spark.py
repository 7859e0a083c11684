"""The same work on a Spark cluster: a task a piece, each on whatever executor is free.

The executors read the table and write their parts at the same paths as this machine, so
both must lie in a folder that all of them share. A task that fails and is tried again
writes the same bytes over.
"""

import pickle
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pyarrow as pa

from salesdx.errors import DataError, Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.metrics.engines import spark
from salesdx.portfolio.pool import Done, Work, one_thread, portable

_LOOKS = 0.5  # seconds between two looks at what is done
_COLUMNS = "number long, error binary"
_SCHEMA = pa.schema([("number", pa.int64()), ("error", pa.binary())])
_known: dict[str, tuple[Work, KnowledgeBase]] = {}


def run(
    work: Work, knowledge: KnowledgeBase, numbers: Sequence[int], master: str
) -> Done:
    """Do pieces on Spark; tells each when its part is there.

    Raises:
        UsageError: PySpark, Java or the master is missing.
        DataError: a piece cannot be done, or its part does not come to this machine.
    """
    if not numbers:
        return
    context = spark.session(master).sparkContext
    told = context.broadcast(pickle.dumps((work, knowledge), pickle.HIGHEST_PROTOCOL))
    frame = (
        spark.session(master)
        .range(len(numbers), numPartitions=len(numbers))
        .mapInArrow(_task(told, uuid.uuid4().hex, list(numbers)), _COLUMNS)
    )
    with ThreadPoolExecutor(1) as thread:
        try:
            yield from _watched(work, knowledge, numbers, thread.submit(frame.collect))
        except BaseException:
            context.cancelAllJobs()
            raise
        finally:
            told.destroy()


def _watched(
    work: Work, knowledge: KnowledgeBase, numbers: Sequence[int],
    found: "Future[list[Any]]",
) -> Done:  # fmt: skip
    """Tell each piece when its part is there, until Spark is done."""
    waiting, over = list(numbers), False
    while waiting:
        if over:
            raise _not_here()
        over = _soon(found)
        for number in list(waiting):
            tally = work.done(knowledge, number)
            if tally is not None:
                waiting.remove(number)
                yield number, tally


def _task(
    told: Any, run_id: str, numbers: list[int]
) -> Callable[[Any], Iterator[pa.RecordBatch]]:
    """What an executor does: a few rows come in, each the place of a number."""

    def task(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from salesdx.portfolio.on_spark import piece

        for batch in batches:
            for place in batch.column(0).to_pylist():
                yield piece(told, run_id, numbers[place])

    return task


def piece(told: Any, run_id: str, number: int) -> pa.RecordBatch:
    """Do one piece in this executor, which knows everything after its first."""
    one_thread()
    if run_id not in _known:
        _known.clear()
        _known[run_id] = pickle.loads(told.value)
    work, knowledge = _known[run_id]
    error = None
    try:
        work.do(knowledge, number)
    except Exception as raised:  # told where somebody reads it
        error = pickle.dumps(portable(raised))
    return pa.RecordBatch.from_arrays(
        [pa.array([number], pa.int64()), pa.array([error], pa.binary())], schema=_SCHEMA
    )


def _soon(found: "Future[list[Any]]") -> bool:
    """Wait a little; whether Spark is done.

    Raises:
        DataError: Spark could not do it.
    """
    try:
        rows = found.result(timeout=_LOOKS)
    except TimeoutError:
        return False
    except Exception as error:  # py4j and pyspark each have their own
        raise _failed(error) from error
    for row in rows:
        if row.error is not None:
            raise pickle.loads(bytes(row.error))
    return True


def _failed(error: Exception) -> DataError:
    lines = [x.strip() for x in str(error).splitlines() if "Error" in x or "Exc" in x]
    why = lines[-1] if lines else type(error).__name__
    return DataError(
        Said(
            f"Spark could not do it: {why}; the executors need the same salesdx as this"
            " machine, see docs/batch.md",
            f"Spark не справился: {why}; на исполнителях нужен тот же salesdx, что и"
            " здесь, см. docs/ru/batch.md",
        )
    )


def _not_here() -> DataError:
    return DataError(
        Said(
            "the executors have done their work, but their files are not here: --out"
            " must be a folder that this machine and all executors share",
            "исполнители отработали, но их файлов здесь нет: --out должен быть общей"
            " папкой для этой машины и всех исполнителей",
        )
    )
