"""Carry out a planned import: read, merge and write all tables at once.

Importing the same file again changes nothing; rows of known keys are replaced, and
files that each know a part of a deal join by its key.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

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
from salesdx.crm.notes import Note
from salesdx.crm.opening import Opened
from salesdx.crm.progress import Progress, silent
from salesdx.crm.proposing import plan_import
from salesdx.crm.quality import reading_notes
from salesdx.crm.rejecting import rejects_file
from salesdx.crm.remarks import remarks
from salesdx.crm.rows import Rows
from salesdx.crm.staging import let_go
from salesdx.crm.stored import Stored
from salesdx.crm.vendors import vendor
from salesdx.crm.writing import Writer, table_writer, write_all
from salesdx.errors import DataError, Said
from salesdx.tables import TABLES

__all__ = ["ImportPlan", "ImportReport", "load_mapping", "plan_import", "run_import"]

_REJECTS = Path("data", "rejects")
_CLOSING = frozenset({"deals", "stage_history"})


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
    read = _read_files(plan, company, progress)
    before, tables = _merged(plan, read.parts, company)
    output = dict(read.rejects)
    written = []
    for name in sorted(tables):
        target = _target(plan.case_dir, name)
        if not tables[name].num_rows or tables[name] is before[name]:
            continue
        output[target] = table_writer(tables[name], target.suffix, progress)
        written.append(TableWritten(
            table=name, path=target, rows_before=before[name].num_rows,
            rows_after=tables[name].num_rows,
        ))  # fmt: skip
    write_all(output)
    deals = read.parts.get("deals")
    return ImportReport(
        crm=plan.crm, files=read.reports, columns=plan.columns, tables=written,
        names={kind: len(many) for kind, many in plan.mapping.names.items() if many},
        dropped=plan.dropped, unused=plan.unused, questions=plan.questions,
        advice=plan.advice,
        remarks=list(remarks(before["deals"], deals, tables["deals"])) if deals else [],
    )  # fmt: skip


@dataclass(slots=True)
class _Read:
    """What the files gave: parts of tables, rejects to write, a report each."""

    parts: dict[str, list[Part]] = field(default_factory=dict)
    rejects: dict[Path, Writer] = field(default_factory=dict)
    reports: list[FileReport] = field(default_factory=list)


def _read_files(plan: ImportPlan, company: Company, progress: Progress) -> _Read:
    found = _Read()
    paths = {p.name.casefold(): p for p in plan.files}
    for file in plan.mapping.files:
        path = paths.get(file.file.casefold())
        if path is None:
            continue
        source = plan.opened(path) or Opened(path, progress=progress)
        for wanted in file.tables:
            rows = source.rows(wanted.shape)
            read = (
                apply(rows, file, wanted, company, plan.mapping.names, progress)
                if rows.rows_in
                else _none(rows, wanted.table)
            )
            assumed = wanted.status is not None and wanted.status.always is not None
            weak = frozenset({"status"} if assumed else ())
            part = Part(read.source, read.arrow, weak, file.form or "")
            found.parts.setdefault(read.name, []).append(part)
            rejects = rejects_file(plan.case_dir / _REJECTS, source, file, read)
            place = rejects[0] if rejects else None
            if rejects and place:
                if place in found.rejects:  # `deals.xlsx` beside `deals.csv`
                    place = place.with_name(f"{place.stem}.{path.suffix[1:]}.csv")
                found.rejects[place] = rejects[1]
            found.reports.append(_file_report(read, place, company))
    return found


def _merged(
    plan: ImportPlan, parts: Mapping[str, Sequence[Part]], company: Company
) -> tuple[dict[str, pa.Table], dict[str, pa.Table]]:
    """Tables of the case before and after; one that is the same object did not change.

    A history may come in another import than its deals: closings are filled anyway.
    """
    ends = plan.crm not in VENDORS or vendor(plan.crm).ends_by_stage
    closing = _CLOSING if ends and _CLOSING & set(parts) else frozenset()
    names = closing | set(parts)
    before = {n: _existing(plan.case_dir, n, company) for n in sorted(names)}
    after = {
        n: merged(before[n], parts[n], TABLES[n]) if n in parts else before[n]
        for n in before
    }
    if closing and all(after[n].num_rows for n in closing):
        closed = with_closings(after["deals"], after["stage_history"])
        after["deals"] = after["deals"] if closed.equals(after["deals"]) else closed
    return before, after


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


def _file_report(read: TableRead, rejects: Path | None, company: Company) -> FileReport:
    name, notes = read.name, reading_notes(read)
    arrow = read.arrow.whole() if isinstance(read.arrow, Stored) else read.arrow
    needed = {COLUMN, *(c.name for c in TABLES[name].columns if c.type == "money")}
    some = arrow.select([c for c in arrow.column_names if c in needed])
    money = own_currency(name, some, company).notes
    return FileReport(
        file=read.source, table=name, rows_in=read.rows_in,
        accepted=read.arrow.num_rows, rejected=len(read.rejected),
        reasons=dict(sorted(Counter(r.reason for r in read.rejected).items())),
        rejects_file=rejects, notes=[_note(n, name) for n in (*notes, *money)],
    )  # fmt: skip


def _note(note: Note, table: str) -> ImportNote:
    return ImportNote(id=note.id, table=table, params=dict(note.params))
