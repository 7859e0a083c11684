"""Rows of text to one canonical table: typed, with every rejected row accounted for.

A faulty cell becomes null and is counted; a row without its key or status, or with a
key seen before, is rejected with a reason. Rows in = accepted + rejected, always.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.company import Company
from salesdx.content import did_you_mean
from salesdx.crm.progress import Progress, silent
from salesdx.crm.reading import read_rows
from salesdx.crm.reasons import COPY, DUPLICATE, SUPERFLUOUS, reason_text
from salesdx.crm.repeats import Places, identical, repeats
from salesdx.crm.rows import Reject, Rows
from salesdx.crm.staging import KEPT, let_go, set_aside
from salesdx.crm.stored import Stored, clean
from salesdx.crm.times import DateOrder, Order, date_order
from salesdx.crm.values import ARROW_TYPES, BadValues, Reading, convert
from salesdx.errors import DataError, Said
from salesdx.tables import Column, Table

MAX_UNUSABLE = 0.2  # design: exit 3 above this share of unusable rows
MAX_TABLE = 4_000_000_000  # bytes; what imports add up to may be more than one export
_PLAIN = DateOrder("day-first")
_CONVERTING = Said("Reading the columns", "Разбираем колонки")


@dataclass(frozen=True, slots=True)
class TableRead:
    """One canonical table as it was read.

    `arrow` is typed as `metrics.data.Data` wants it, declared columns in the order of
    the schema, then extra columns as text; of a large file that needed no cleaning it
    is the file itself, read when asked. `rows_in` = `arrow.num_rows` + rejected.
    """

    name: str
    source: str
    arrow: pa.Table | Stored
    rows_in: int
    rejected: tuple[Reject, ...]
    bad_values: Mapping[str, BadValues]
    extra: tuple[str, ...] = ()
    order: DateOrder = _PLAIN

    @property
    def empty(self) -> bool:
        """Whether the file held no rows at all."""
        return not self.rows_in


def read_table(path: Path, table: Table, company: Company) -> TableRead:
    """Read one canonical table from a file.

    Raises:
        DataError: unreadable, lacks its key column, or more than 20 % of its rows
            are unusable. An empty file is a table without rows.
    """
    reading = Reading(company.timezone, lost_reasons=company.lost_reasons)
    stored = clean(path, table, reading)
    if stored is not None:
        extra = tuple(n for n in stored.column_names if table.column(n) is None)
        return TableRead(table.name, path.name, stored, stored.num_rows, (), {}, extra)
    return to_table(read_rows(path, most=MAX_TABLE), table, company)


def to_table(
    rows: Rows,
    table: Table,
    company: Company,
    zone: str | None = None,
    dates: Order | None = None,
    progress: Progress = silent,
) -> TableRead:
    """Give rows whose headers are canonical names their types; see `read_table`.

    Args:
        rows: the file.
        table: its schema.
        company: whose clock and words for lost reasons count.
        zone: time zone of times without one; the company's by default.
        dates: how `03/04/2026` reads; decided over all dates by default.
        progress: told how many columns are converted.
    """
    if not rows.rows_in:
        return _empty(rows, table)
    _require_columns(rows, table)
    declared = [c for c in table.columns if c.name in rows.table.column_names]
    extra = tuple(n for n in rows.table.column_names if table.column(n) is None)
    let_go()  # what the mapping has looked at
    order = DateOrder(dates) if dates else _order(rows, declared)
    let_go()
    reading = Reading(company.timezone, order.order, company.lost_reasons, zone)
    arrays: dict[str, pa.ChunkedArray] = {}
    bad: dict[str, BadValues] = {}
    for place, column in enumerate(declared):
        progress(_CONVERTING, place, len(declared))
        cells = rows.table[column.name]
        arrays[column.name], faulty = convert(column, cells, rows.numbers, reading)
        if faulty:
            bad[column.name] = faulty
        let_go()
    for name in extra:
        arrays[name] = rows.table[name]
    rejected, kept = _reject(rows, table, arrays)
    _refuse_unusable(rows, rejected)
    arrow = _kept(pa.table(arrays), kept)
    return TableRead(
        table.name, rows.source, arrow, rows.rows_in,
        tuple(sorted((*rows.broken, *rejected))), bad, extra, order,
    )  # fmt: skip


def _kept(table: pa.Table, kept: npt.NDArray[np.bool_]) -> pa.Table:
    """The rows of a mask; texts of a large table stay in its temporary file."""
    if not kept.all():
        table = set_aside(table.schema, _filtered(table, kept))
    # the size of the buffers: to know that of the texts, all of them would be looked at
    small = table.get_total_buffer_size() <= KEPT
    return table.combine_chunks() if small else table


def _filtered(table: pa.Table, kept: npt.NDArray[np.bool_]) -> Iterator[pa.RecordBatch]:
    start = 0
    for batch in table.to_batches():
        yield batch.filter(pa.array(kept[start : start + batch.num_rows]))
        start += batch.num_rows


def _empty(rows: Rows, table: Table) -> TableRead:
    must = [c for c in table.columns if c.required]
    arrays = {c.name: pa.array([], ARROW_TYPES[c.type]) for c in must}
    return TableRead(table.name, rows.source, pa.table(arrays), 0, (), {})


def _require_columns(rows: Rows, table: Table) -> None:
    present = rows.table.column_names
    lacking = [c.name for c in table.columns if c.required and c.name not in present]
    if lacking:
        hints = [did_you_mean(n, present) for n in lacking]
        hint = next((h for h in hints if h), Said("", ""))
        found = ", ".join(rows.headers[:12])
        names = ", ".join(f"«{n}»" for n in lacking)
        raise DataError(
            Said(
                f"{rows.source}:1: the table {table.name!r} needs the column"
                f" {', '.join(map(repr, lacking))}{f' ({hint})' if hint else ''};"
                f" found {found or 'no column'}. Rename it, or let `salesdx import`"
                " map the columns of your CRM",
                f"{rows.source}:1: таблице «{table.name}» нужна колонка {names}"
                f"{f' ({hint.ru})' if hint else ''}; есть {found or 'ни одной'}."
                " Переименуйте её или загрузите выгрузку через `salesdx import`:"
                " он сопоставит колонки вашей CRM",
            )
        )


def _order(rows: Rows, declared: list[Column]) -> DateOrder:
    return date_order(
        rows.table[c.name] for c in declared if c.type in {"time", "date"}
    )


def _reject(
    rows: Rows, table: Table, arrays: Mapping[str, pa.ChunkedArray]
) -> tuple[list[Reject], npt.NDArray[np.bool_]]:
    """Rows without a required value or with a repeated key; the mask of the rest."""
    kept = np.ones(len(rows.numbers), dtype=bool)
    rejected: list[Reject] = []

    def reject(mask: npt.NDArray[np.bool_], reason: str) -> None:
        rejected.extend(Reject(int(n), reason) for n in rows.numbers[mask])
        kept[mask] = False

    for column in table.columns:
        if not column.required:
            continue
        null = pc.is_null(arrays[column.name]).to_numpy(zero_copy_only=False) & kept
        blank = pc.is_null(rows.table[column.name]).to_numpy()
        reject(null & blank, f"no-{column.name}")
        reject(null & ~blank, f"unreadable-{column.name}")
    if table.key:
        again, first = _repeats(arrays[table.key], kept)
        same = identical(rows.table, first, again)
        for chosen, reason in ((same, COPY), (~same, DUPLICATE)):
            mask = np.zeros(len(kept), dtype=bool)
            mask[again[chosen]] = True
            reject(mask, reason)
    return rejected, kept


def _repeats(
    key: pa.ChunkedArray, kept: npt.NDArray[np.bool_]
) -> tuple[Places, Places]:
    """Places of later rows of a key among the kept ones, and of its first row."""
    if kept.all():
        return repeats(key)
    places = np.flatnonzero(kept)
    later, first = repeats(key.filter(pa.array(kept)))
    return places[later], places[first]


def _refuse_unusable(rows: Rows, rejected: list[Reject]) -> None:
    """Exit 3 above 20 % unusable rows; copies are superfluous, not unusable."""
    everyone = [*rows.broken, *rejected]
    faulty = [r for r in everyone if r.reason not in SUPERFLUOUS]
    usable_base = rows.rows_in - (len(everyone) - len(faulty))
    if len(faulty) <= MAX_UNUSABLE * usable_base:
        return
    counts = Counter(r.reason for r in faulty)
    most = [
        (reason, count, min(r.row for r in faulty if r.reason == reason))
        for reason, count in sorted(counts.items(), key=lambda c: (-c[1], c[0]))[:4]
    ]
    en = "; ".join(f"{reason} {count} (row {row})" for reason, count, row in most)
    ru = "; ".join(
        f"{reason_text(reason).ru} — {count} (строка {row})"
        for reason, count, row in most
    )
    raise DataError(
        Said(
            f"{rows.source}: {len(faulty)} of {usable_base} rows cannot be used, more"
            f" than {MAX_UNUSABLE:.0%}: {en}. Check the delimiter, the key column and"
            " the words of the status, or export the file again",
            f"{rows.source}: не годятся строки, {len(faulty)} из {usable_base}, это"
            f" больше {100 * MAX_UNUSABLE:.0f} %: {ru}. Проверьте разделитель, ключевую"
            " колонку и слова статуса или выгрузите файл заново",
        )
    )
