"""Tables too large for memory, kept in a temporary file that goes away by itself.

The file has no name (or is deleted on closing), so that no crash and no ctrl-C leaves
it behind. The table is mapped from it: the system reads pages when they are used, and
may drop them at any time; `let_go` drops them at once, so that they do not add up.
"""

import mmap
import tempfile
from collections.abc import Iterable, Iterator
from weakref import WeakSet

import pyarrow as pa

from salesdx.errors import DataError, Said, reason_of

KEPT = 1 << 25  # bytes of a table that simply stay in memory
_KEPT_COLUMN = 1 << 22
_BATCH = 1 << 23
_mapped: WeakSet[mmap.mmap] = WeakSet()


def set_aside(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], kept: int | None = None
) -> pa.Table:
    """A table of batches: in memory if it is small, else in a temporary file.

    Raises:
        DataError: there is no room for the temporary file.
    """
    most = KEPT if kept is None else kept
    waiting: list[pa.RecordBatch] = []
    size = 0
    rest = _large(schema, batches)
    for batch in rest:
        waiting.append(batch)
        size += batch.nbytes
        if size > most:
            return _mapped_table(schema, waiting, rest)
    return pa.Table.from_batches(waiting, schema)


def _large(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Batches joined: a page is read with its neighbours, best of the same column."""
    waiting: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        waiting.append(batch)
        size += batch.nbytes
        if size > _BATCH:
            yield _joined(schema, waiting)
            waiting, size = [], 0
    if waiting:
        yield _joined(schema, waiting)


def _joined(schema: pa.Schema, batches: list[pa.RecordBatch]) -> pa.RecordBatch:
    if len(batches) == 1:
        return batches[0]
    columns = [
        pa.concat_arrays([b.column(i) for b in batches]) for i in range(len(schema))
    ]
    return pa.record_batch(columns, schema=schema)


def _mapped_table(
    schema: pa.Schema, waiting: list[pa.RecordBatch], rest: Iterable[pa.RecordBatch]
) -> pa.Table:
    with _temporary() as file:
        sink = _Refusing(file)
        with pa.ipc.new_file(pa.PythonFile(sink, mode="w"), schema) as writer:
            for batch in waiting:
                writer.write_batch(batch)
            waiting.clear()
            for batch in rest:
                writer.write_batch(batch)
        sink.flush()
        pages = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    _mapped.add(pages)
    return pa.ipc.open_file(pa.py_buffer(pages)).read_all()


def set_column_aside(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column that nobody needs in memory now."""
    schema = pa.schema([(name, column.type)])
    batches = (pa.record_batch([c], schema=schema) for c in column.chunks)
    return set_aside(schema, batches, _KEPT_COLUMN).column(0)


def let_go() -> None:
    """Take the pages of all such tables out of memory; they are read again on use."""
    if hasattr(mmap, "MADV_DONTNEED"):
        for pages in list(_mapped):
            pages.madvise(mmap.MADV_DONTNEED)
    pa.default_memory_pool().release_unused()


class _Refusing:
    """A temporary file whose faults are told as ours, not as those of the export."""

    closed = False

    def __init__(self, file: "tempfile._TemporaryFileWrapper[bytes]") -> None:
        self._file = file

    def write(self, data: bytes) -> int:
        try:
            return self._file.write(data)
        except OSError as error:
            raise _no_room(error) from error

    def flush(self) -> None:
        try:
            self._file.flush()
        except OSError as error:
            raise _no_room(error) from error

    def tell(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        """The file stays open until it is mapped."""


def _temporary() -> "tempfile._TemporaryFileWrapper[bytes]":
    try:
        return tempfile.TemporaryFile(prefix="salesdx-")  # type: ignore[return-value]
    except OSError as error:
        raise _no_room(error) from error


def _no_room(error: OSError) -> DataError:
    what = reason_of(error, "cannot be written")
    return DataError(
        Said(
            f"the folder for temporary files: {what}; a large import needs about twice"
            " the size of the file there. Free some space or name another folder in"
            " TMPDIR",
            f"папка для временных файлов: {what.ru}; большой загрузке нужно в ней"
            " примерно вдвое больше места, чем занимает файл. Освободите место или"
            " укажите другую папку в TMPDIR",
        )
    )
