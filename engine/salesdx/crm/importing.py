"""Carry out a planned import: read, merge and write all tables at once.

Importing the same file again changes nothing; rows of known keys are replaced, and
files that each know a part of a deal join by its key.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from salesdx.company import Company
from salesdx.crm.applying import apply
from salesdx.crm.canonical import TableRead, read_table
from salesdx.crm.closings import with_closings
from salesdx.crm.company_file import load_company
from salesdx.crm.currencies import COLUMN, own_currency
from salesdx.crm.import_report import (
    FileReport,
    ImportNote,
    ImportPlan,
    ImportReport,
    TableWritten,
)
from salesdx.crm.kinds import VENDORS
from salesdx.crm.mapping import load_mapping
from salesdx.crm.merging import Part, merged
from salesdx.crm.opening import Opened
from salesdx.crm.progress import Progress, silent
from salesdx.crm.proposing import plan_import
from salesdx.crm.quality import Note, reading_notes
from salesdx.crm.remarks import remarks
from salesdx.crm.rows import Reject, Rows
from salesdx.crm.staging import let_go
from salesdx.crm.stored import Stored
from salesdx.crm.vendors import vendor
from salesdx.crm.writing import Cells, Writer, rejects_writer, table_writer, write_all
from salesdx.errors import UNSEEN, DataError, Said
from salesdx.tables import TABLES

_LONGEST_STEM = 60  # letters; a name may have 255 bytes, and we add to it
__all__ = ["ImportPlan", "ImportReport", "load_mapping", "plan_import", "run_import"]

_STEP = 1 << 13  # rejected rows looked up at once


def run_import(plan: ImportPlan, progress: Progress = silent) -> ImportReport:
    """Read the files of a plan, merge them into the case and write it, all or nothing.

    Args:
        plan: what `plan_import` proposed, as it was agreed to.
        progress: told how far the work is.

    Raises:
        DataError: a file is unreadable, does not fit its mapping, has more than 20 %
            unusable rows, or the case cannot be written.
    """
    company = load_company(plan.case_dir)
    let_go()  # what the proposal has looked at
    paths = {p.name.casefold(): p for p in plan.files}
    parts: dict[str, list[Part]] = {}
    output: dict[Path, Writer] = {}
    reports: list[FileReport] = []
    for file in plan.mapping.files:
        path = paths.get(file.file.casefold())
        if path is None:
            continue
        source = plan.opened(path) or Opened(path, progress=progress)
        for wanted in file.tables:
            name = wanted.table
            rows = source.rows(wanted.shape)
            read = (
                apply(rows, file, wanted, company, plan.mapping.names, progress)
                if rows.rows_in
                else _none(rows, name)
            )
            assumed = wanted.status is not None and wanted.status.always is not None
            weak = frozenset({"status"} if assumed else ())
            part = Part(read.source, read.arrow, weak, file.form or "")
            parts.setdefault(name, []).append(part)
            rejects = _rejects(plan.case_dir, rows, read, len(file.tables) > 1)
            if set(rejects) & set(output):  # `deals.xlsx` beside `deals.csv`
                rejects = {
                    p.with_name(f"{p.stem}.{path.suffix[1:]}.csv"): told
                    for p, told in rejects.items()
                }
            output |= rejects
            reports.append(_file_report(name, read, next(iter(rejects), None), company))
    before = {name: _existing(plan.case_dir, name, company) for name in parts}
    tables = {n: merged(before[n], parts[n], TABLES[n]) for n in parts}
    ends = plan.crm not in VENDORS or vendor(plan.crm).ends_by_stage
    if ends and {"deals", "stage_history"} <= set(tables):
        tables["deals"] = with_closings(tables["deals"], tables["stage_history"])
    written = []
    for name in sorted(tables):
        target = _target(plan.case_dir, name)
        if not tables[name].num_rows:
            continue
        output[target] = table_writer(tables[name], target.suffix, progress)
        written.append(TableWritten(
            table=name, path=target, rows_before=before[name].num_rows,
            rows_after=tables[name].num_rows,
        ))  # fmt: skip
    write_all(output)
    return ImportReport(
        crm=plan.crm, files=reports, columns=plan.columns, tables=written,
        dropped=plan.dropped, unused=plan.unused, questions=plan.questions,
        advice=plan.advice,
        remarks=list(remarks(before["deals"], parts["deals"], tables["deals"]))
        if "deals" in parts
        else [],
    )  # fmt: skip


def _none(rows: Rows, name: str) -> TableRead:
    return TableRead(name, rows.source, pa.table({}), 0, (), {})


def _target(case_dir: Path, name: str) -> Path:
    """Where a table lives: Parquet where it already is, else CSV."""
    parquet = case_dir / "data" / f"{name}.parquet"
    return parquet if parquet.is_file() else parquet.with_suffix(".csv")


def _existing(case_dir: Path, name: str, company: Company) -> pa.Table:
    path = _target(case_dir, name)
    excel = path.with_suffix(".xlsx")
    if excel.is_file():
        raise DataError(
            Said(
                f"{excel}: an import cannot add to an Excel file; save it as"
                f" {name}.csv",
                f"{excel}: загрузка не дописывает файлы Excel; сохраните его как"
                f" {name}.csv",
            )
        )
    if not path.is_file():
        return pa.table({})
    found = read_table(path, TABLES[name], company).arrow
    return found.whole() if isinstance(found, Stored) else found


def _rejects(
    case_dir: Path, rows: Rows, read: TableRead, several: bool
) -> dict[Path, Writer]:
    """The rejects file of one table of one file, if any row was rejected."""
    if not read.rejected:
        return {}
    stem = UNSEEN.sub("_", Path(rows.source).stem)[:_LONGEST_STEM] + (
        f".{read.name}" if several else ""
    )
    path = case_dir / "data" / "rejects" / f"{stem}.csv"
    labels = rows.table.column_names
    return {path: rejects_writer(labels, lambda: _cells(rows, read.rejected))}


def _cells(rows: Rows, rejected: Sequence[Reject]) -> Cells:
    """Number, reason and cells of rejected rows; a broken row has no cells."""
    apart = set(rows.broken)  # not in the table, though another row may have the number
    for start in range(0, len(rejected), _STEP):
        some = rejected[start : start + _STEP]
        places = np.searchsorted(rows.numbers, [r.row for r in some])
        inside = np.minimum(places, max(len(rows.numbers) - 1, 0))
        taken = rows.table.take(pa.array(inside)) if len(rows.numbers) else None
        cells = taken.to_pylist() if taken is not None else []
        for place, reject in enumerate(some):
            known = bool(cells) and rows.numbers[inside[place]] == reject.row
            known = known and reject not in apart
            yield reject.row, reject.reason, cells[place].values() if known else ()


def _file_report(
    name: str, read: TableRead, rejects: Path | None, company: Company
) -> FileReport:
    notes = reading_notes(read)
    arrow = read.arrow.whole() if isinstance(read.arrow, Stored) else read.arrow
    needed = {COLUMN, *(c.name for c in TABLES[name].columns if c.type == "money")}
    some = arrow.select([c for c in arrow.column_names if c in needed])
    money = own_currency(name, some, company).notes
    return FileReport(
        file=read.source, table=name, rows_in=read.rows_in,
        accepted=read.arrow.num_rows, rejected=len(read.rejected),
        rejects_file=rejects, notes=[_note(n, name) for n in (*notes, *money)],
    )  # fmt: skip


def _note(note: Note, table: str) -> ImportNote:
    return ImportNote(id=note.id, table=table, params=dict(note.params))
