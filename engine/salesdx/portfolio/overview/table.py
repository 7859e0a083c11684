"""The result table as the report reads it: some columns of some rows at a time."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from salesdx.errors import DataError, Said
from salesdx.inference.columnar.judging import VERDICTS
from salesdx.portfolio.result_table import WHO

ROWS = 32_768  # at once: all causes of so many companies take some 50 MB
_SUFFIX = ".verdict"
_KEPT = (*WHO, "coverage", "loss_expected", "likely", "possible", "strongest")
_PLACES: dict[str, int] = {str(name): i for i, name in enumerate(VERDICTS)}


class ResultTable:
    """`result.parquet`, read as often as needed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with pq.ParquetFile(path) as file:
                schema, metadata = file.schema_arrow, file.metadata
                self.rows = int(metadata.num_rows)
                self._groups = [
                    int(metadata.row_group(i).num_rows)
                    for i in range(metadata.num_row_groups)
                ]
        except (OSError, pa.ArrowException) as error:
            raise _unusable(path, str(error).split("\n", 1)[0]) from None
        self.columns: frozenset[str] = frozenset(schema.names)
        self.causes: list[str] = [
            n.removesuffix(_SUFFIX) for n in schema.names if n.endswith(_SUFFIX)
        ]
        missing = [n for n in _KEPT if n not in self.columns]
        if missing:
            raise _unusable(path, ", ".join(missing))

    @cached_property
    def measured(self) -> bool:
        """Whether the money of each cause was traced."""
        return any(f"{c}.money" in self.columns for c in self.causes)

    def batches(self, columns: Sequence[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """All rows in order, with the number of the first one of each batch."""
        first = 0
        with pq.ParquetFile(self._path, pre_buffer=False) as file:
            for batch in file.iter_batches(ROWS, columns=list(columns)):
                yield first, batch
                first += batch.num_rows

    def rows_at(
        self, numbers: Sequence[int], columns: Sequence[str]
    ) -> dict[int, dict[str, Any]]:
        """Some rows by their numbers; only their row groups are read."""
        found: dict[int, dict[str, Any]] = {}
        wanted, first = sorted(set(numbers)), 0
        with pq.ParquetFile(self._path, pre_buffer=False) as file:
            for group, size in enumerate(self._groups):
                here = [n for n in wanted if first <= n < first + size]
                if here:
                    found |= _taken(file, group, first, here, columns)
                first += size
        return found


def _taken(
    file: pq.ParquetFile, group: int, first: int, numbers: Sequence[int],
    columns: Sequence[str],
) -> dict[int, dict[str, Any]]:  # fmt: skip
    found: dict[int, dict[str, Any]] = {}
    for batch in file.iter_batches(ROWS, row_groups=[group], columns=list(columns)):
        here = [n for n in numbers if first <= n < first + batch.num_rows]
        if here:
            rows = batch.take(pa.array([n - first for n in here])).to_pylist()
            found |= dict(zip(here, rows, strict=True))
        first += batch.num_rows
    return found


def codes(column: pa.Array, places: dict[str, int]) -> NDArray[np.int16]:
    """Texts as their places, -1 for null and for what has none."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    found = np.array(
        [places.get(v, -1) for v in column.dictionary.to_pylist()] + [-1], np.int16
    )
    at = column.indices.fill_null(len(found) - 1).to_numpy(zero_copy_only=False)
    return np.asarray(found[at])


def verdicts(batch: pa.RecordBatch, cause: str) -> NDArray[np.int16]:
    """Verdicts of a cause as places in `VERDICTS`, -1 where it is not judged."""
    return codes(batch.column(cause + _SUFFIX), _PLACES)


def numbers(column: pa.Array) -> NDArray[np.float64]:
    """Figures; NaN for null."""
    return np.asarray(
        column.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    )


def _unusable(path: Path, why: str) -> DataError:
    return DataError(
        Said(
            f"{path} is no result table: {why}",
            f"{path} — не таблица результатов: {why}",
        )
    )
