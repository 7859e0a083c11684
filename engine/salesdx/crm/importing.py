"""Import exports of a CRM into a case: propose a mapping, then carry it out.

`plan_import` reads and proposes, and writes nothing; `run_import` writes all tables
at once. Importing the same file again changes nothing; rows of known keys are
replaced, and files that each know a part of a deal join by its key.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from salesdx.company import Company
from salesdx.crm.applying import apply
from salesdx.crm.canonical import TableRead, read_table
from salesdx.crm.company_file import load_company
from salesdx.crm.guess import Guess, guess_tables, personal_headers
from salesdx.crm.headers import detect
from salesdx.crm.import_report import (
    ColumnRow,
    FileReport,
    ImportNote,
    ImportPlan,
    ImportReport,
    TableWritten,
)
from salesdx.crm.mapping import (
    Crm,
    FileMap,
    Mapping,
    StatusRule,
    TableMap,
    load_mapping,
)
from salesdx.crm.merging import merge
from salesdx.crm.quality import Note, reading_notes
from salesdx.crm.questions import Question, questions_of, unknown_file
from salesdx.crm.reading import read_rows
from salesdx.crm.rows import Rows, normalise_header
from salesdx.crm.stored import Stored
from salesdx.crm.writing import rejects_bytes, table_bytes, write_all
from salesdx.errors import DataError, Said, UsageError
from salesdx.tables import TABLES

__all__ = ["ImportPlan", "ImportReport", "load_mapping", "plan_import", "run_import"]


def plan_import(
    case_dir: Path,
    files: Sequence[Path],
    crm: Crm = "auto",
    mapping: Mapping | None = None,
) -> ImportPlan:
    """Propose how files feed the tables of a case; nothing is written.

    Args:
        case_dir: the case folder, with its company.yaml.
        files: exports of one or several kinds.
        crm: which CRM they come from; `auto` looks at the headers, `table` accepts
            only our own column names.
        mapping: a saved mapping (`load_mapping`); files it names are not guessed.

    Raises:
        UsageError: no file, or two files of the same name.
        DataError: no company.yaml, a file is unreadable, or no file fits any table.
    """
    load_company(case_dir)
    _check_names(files)
    maps: list[FileMap] = []
    columns: list[ColumnRow] = []
    questions: list[Question] = []
    unused: list[str] = []
    found_crm: Crm = crm
    for path in files:
        rows = read_rows(path)
        if found_crm == "auto" and (name := detect(rows.table.column_names)) != "table":
            found_crm = name
        given = mapping.of(path.name) if mapping is not None else None
        guesses = [] if given else guess_tables(rows, exact=crm == "table")
        if given is None and not guesses:
            unused.append(path.name)
            questions.append(unknown_file(path.name, rows.headers))
            continue
        file = given or _file_map(rows, guesses)
        maps.append(file)
        columns += _columns(rows, file, guesses)
        questions += questions_of(rows, file, guesses)
    if not maps:
        raise _unrecognised(files)
    maps.sort(key=_base_first)
    if _outcome_known(maps):
        questions = [q for q in questions if (q.table, q.column) != ("deals", "status")]
    crm_name: Crm = "table" if found_crm == "auto" else found_crm
    return ImportPlan(
        case_dir=case_dir, files=list(files), crm=crm_name, columns=columns,
        mapping=Mapping(crm=crm_name, files=maps), questions=questions, unused=unused,
        dropped={f.file: f.drop for f in maps if f.drop},
    )  # fmt: skip


def _unrecognised(files: Sequence[Path]) -> DataError:
    names = ", ".join(p.name for p in files)
    return DataError(
        Said(
            f"none of the files looks like a table we know: {names}; a table needs its"
            " key column (deals: the ID of the deal) and one more. Add it to the"
            " export, or say which column is which in a mapping (--map)",
            f"ни один файл не похож на знакомую таблицу: {names}; таблице нужна"
            " ключевая колонка (у сделок — номер сделки) и хотя бы ещё одна. Добавьте"
            " её в выгрузку или укажите соответствие колонок (--map)",
        )
    )


def run_import(plan: ImportPlan) -> ImportReport:
    """Read the files of a plan, merge them into the case and write it, all or nothing.

    Raises:
        DataError: a file is unreadable, does not fit its mapping, has more than 20 %
            unusable rows, or the case cannot be written.
    """
    company = load_company(plan.case_dir)
    paths = {p.name.casefold(): p for p in plan.files}
    tables: dict[str, pa.Table] = {}
    before: dict[str, int] = {}
    output: dict[Path, bytes] = {}
    reports: list[FileReport] = []
    for file in plan.mapping.files:
        path = paths.get(file.file.casefold())
        if path is None:
            continue
        rows = read_rows(path)
        for wanted in file.tables:
            name = wanted.table
            read = (
                apply(rows, file, wanted, company)
                if rows.rows_in
                else _none(rows, name)
            )
            if name not in tables:
                tables[name] = _existing(plan.case_dir, name, company)
                before[name] = tables[name].num_rows
            weak = {"status"} if wanted.status and wanted.status.always else set()
            if read.arrow.num_rows:
                tables[name] = merge(tables[name], read.arrow, TABLES[name], weak)
            rejects = _rejects(plan.case_dir, rows, read, len(file.tables) > 1)
            output |= rejects
            reports.append(_file_report(name, read, next(iter(rejects), None)))
    written = []
    for name in sorted(tables):
        target = _target(plan.case_dir, name)
        if not tables[name].num_rows:
            continue
        output[target] = table_bytes(tables[name], target.suffix)
        written.append(TableWritten(
            table=name, path=target, rows_before=before[name],
            rows_after=tables[name].num_rows,
        ))  # fmt: skip
    write_all(output)
    return ImportReport(
        crm=plan.crm, files=reports, columns=plan.columns, tables=written,
        dropped=plan.dropped, unused=plan.unused, questions=plan.questions,
    )  # fmt: skip


def _check_names(files: Sequence[Path]) -> None:
    names = [p.name.casefold() for p in files]
    twice = sorted({n for n in names if names.count(n) > 1})
    if not files:
        raise UsageError(
            Said(
                "name at least one file to import",
                "назовите хотя бы один файл для загрузки",
            )
        )
    if twice:
        raise UsageError(
            Said(
                f"two files are called {twice[0]}; import them one by one",
                f"два файла называются {twice[0]}; загрузите их по одному",
            )
        )


def _file_map(rows: Rows, guesses: list[Guess]) -> FileMap:
    labels = _labels(rows)
    mapped = {h for g in guesses for h in g.columns.values()}
    tables = [
        TableMap(
            table=g.table,
            columns={c: labels[h] for c, h in g.columns.items()},
            status=_labelled(g.status, labels),
        )
        for g in guesses
    ]
    drop = [labels[n] for n in personal_headers(rows, mapped)]
    return FileMap(file=rows.source, tables=tables, drop=drop)


def _labels(rows: Rows) -> dict[str, str]:
    """Unique name -> header as written, where that is enough to find it again."""
    return {
        name: label if normalise_header(label) == name else name
        for name, label in zip(rows.table.column_names, rows.headers, strict=True)
    }


def _labelled(rule: StatusRule | None, labels: dict[str, str]) -> StatusRule | None:
    if rule is None:
        return None
    names = ("column", "won_if", "lost_if", "closed_if")
    found = {n: labels[h] for n in names if (h := getattr(rule, n)) is not None}
    return rule.model_copy(update=found)


def _columns(rows: Rows, file: FileMap, guesses: list[Guess]) -> list[ColumnRow]:
    sure = {(g.table, m.column): m.confidence for g in guesses for m in g.matches}
    status = {g.table: 0.9 if g.status_sure else 0.4 for g in guesses}
    found = []
    for table in file.tables:
        pairs = list(table.columns.items())
        rule = table.status
        told = rule and (rule.column or rule.won_if)
        if told:
            pairs.append(("status", told))
        for column, header in pairs:
            confidence = sure.get((table.table, column), 1.0)
            if column == "status" and rule is not None:
                confidence = status.get(table.table, 1.0)
            found.append(ColumnRow(
                file=file.file, table=table.table, column=column, header=header,
                confidence=round(confidence, 2), sample=_sample(rows, header),
            ))  # fmt: skip
    return found


def _sample(rows: Rows, header: str) -> str | None:
    name = normalise_header(header)
    if name not in rows.table.column_names:
        return None
    values = rows.table[name].drop_null().slice(0, 1).to_pylist()
    return values[0][:60] if values else None


def _base_first(file: FileMap) -> tuple[bool, str]:
    """Files that know when a deal entered come before those that only add to it."""
    enters = any({"entered_at", "created_at"} & set(t.columns) for t in file.tables)
    return not enters, file.file


def _outcome_known(maps: list[FileMap]) -> bool:
    """Whether one file tells the outcome of deals that another one only lists."""
    rules = [t.status for f in maps for t in f.tables if t.table == "deals"]
    return len(rules) > 1 and any(r and (r.column or r.won_if) for r in rules)


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
) -> dict[Path, bytes]:
    """The rejects file of one table of one file, if any row was rejected."""
    if not read.rejected:
        return {}
    stem = Path(rows.source).stem + (f".{read.name}" if several else "")
    places = np.searchsorted(rows.numbers, [r.row for r in read.rejected])
    inside = np.minimum(places, max(len(rows.numbers) - 1, 0))
    cells = rows.table.take(pa.array(inside)).to_pylist() if len(rows.numbers) else []
    lines = []
    for place, reject in enumerate(read.rejected):
        known = bool(cells) and rows.numbers[inside[place]] == reject.row
        values = cells[place].values() if known else ()
        lines.append((reject.row, reject.reason, values))
    path = case_dir / "data" / "rejects" / f"{stem}.csv"
    return {path: rejects_bytes(rows.table.column_names, lines)}


def _file_report(name: str, read: TableRead, rejects: Path | None) -> FileReport:
    return FileReport(
        file=read.source, table=name, rows_in=read.rows_in,
        accepted=read.arrow.num_rows, rejected=len(read.rejected),
        rejects_file=rejects, notes=[_note(n, name) for n in reading_notes(read)],
    )  # fmt: skip


def _note(note: Note, table: str) -> ImportNote:
    return ImportNote(id=note.id, table=table, params=dict(note.params))
