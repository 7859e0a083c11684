"""The files of a result, of the pieces or of the result table: whole or not at all."""

import codecs
import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv as arrow_csv

from salesdx.crm.writing import spreadsheet_safe
from salesdx.language import Language
from salesdx.portfolio.chunk import Reject
from salesdx.portfolio.result_files import join

Writer = Callable[[BinaryIO], None]
_FORMULA = r"^[=+\-@\t\r\x00]|[;,\r\n][=+\-@]"
_STEP = 8192  # rows that are text at once


def parquet_of(parts: Sequence[Path]) -> Writer:
    """What writes the files of the pieces as one, a row group each."""

    def write(file: BinaryIO) -> None:
        join(parts, file)

    return write


def csv_of(result: Path) -> Writer:
    """What writes a result table as CSV: UTF-8 with a mark, commas, decimal points."""

    def write(file: BinaryIO) -> None:
        file.write(codecs.BOM_UTF8)
        with pq.ParquetFile(result) as source:
            plain = pa.schema(
                pa.field(f.name, _plain_type(f.type)) for f in source.schema_arrow
            )
            with arrow_csv.CSVWriter(file, plain) as writer:
                for batch in source.iter_batches(_STEP):
                    writer.write_batch(_plain(batch, plain))

    return write


def _plain_type(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _plain(batch: pa.RecordBatch, wanted: pa.Schema) -> pa.RecordBatch:
    columns = [
        _harmless(column.cast(field.type)) if pa.types.is_string(field.type) else column
        for column, field in zip(batch.columns, wanted, strict=True)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=wanted)


def _harmless(texts: pa.Array) -> pa.Array:
    """Texts that no spreadsheet runs as a formula."""
    if not pc.any(pc.match_substring_regex(texts, _FORMULA)).as_py():
        return texts
    safe = (None if t is None else spreadsheet_safe(t) for t in texts.to_pylist())
    return pa.array(safe, pa.string())


def rejects_csv(rejects: Iterable[Reject], language: Language) -> Writer:
    """What writes the rows left out, for a spreadsheet."""

    def write(file: BinaryIO) -> None:
        text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
        writer = csv.writer(text)
        writer.writerow(["row", "id", "column", "value", "reason"])
        for r in rejects:
            cells = (r.id, r.column, r.value, r.reason.in_(language))
            writer.writerow([r.row, *map(spreadsheet_safe, cells)])
        text.detach()

    return write
