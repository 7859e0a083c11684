"""The case folder: company.yaml, data/, answers.yaml, plan.yaml, results/."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from salesdx.company import Company
from salesdx.content import did_you_mean
from salesdx.crm.asof import event_days, plausible_period
from salesdx.crm.canonical import TableRead, read_table
from salesdx.crm.company_file import COMPANY_FILE, init_case, load_company
from salesdx.crm.currencies import own_currency
from salesdx.crm.quality import Note, reading_notes, table_notes
from salesdx.crm.stored import Stored
from salesdx.errors import DataError, Said
from salesdx.tables import TABLES

__all__ = ["COMPANY_FILE", "Case", "Note", "init_case", "load_case", "load_company"]
SUFFIXES = (".csv", ".parquet", ".xlsx")


@dataclass(frozen=True, slots=True)
class Case:
    """One company as it was read.

    `as_of` is the last second of the day we look back from, in the company's time;
    None when neither company.yaml nor the data give a day. `period` is the first and
    last day of events up to `as_of`. `notes` are statements on the data, in order.
    """

    company: Company
    path: Path
    tables: Mapping[str, TableRead]
    as_of: dt.datetime | None
    period: tuple[dt.date | None, dt.date | None]
    notes: tuple[Note, ...]

    @property
    def arrow(self) -> dict[str, pa.Table | Stored]:
        """The tables, with the face of Arrow tables; large ones are still files."""
        return {name: read.arrow for name, read in self.tables.items()}

    @property
    def sources(self) -> dict[str, pa.Table | Path]:
        """The tables as `metrics.data.Data` takes them: rows, or a clean large file."""
        return {
            name: table.path if isinstance(table, Stored) else table
            for name, table in self.arrow.items()
        }

    @property
    def answers_path(self) -> Path:
        """Where the answers are; the file may be missing."""
        return self.path / "answers.yaml"

    @property
    def plan_path(self) -> Path:
        """Where edits of the plan are; the file may be missing."""
        return self.path / "plan.yaml"

    @property
    def results_path(self) -> Path:
        """Where results of earlier runs are; the folder may be missing."""
        return self.path / "results"


def load_case(folder: Path) -> Case:
    """Read a case: the company and every table of `data/`.

    Raises:
        DataError: company.yaml is missing or wrong, or a table is unreadable, lacks
            its key column, or has more than 20 % unusable rows. Faults of several
            tables are told together.
    """
    company = load_company(folder)
    found, notes = data_files(folder / "data")
    tables: dict[str, TableRead] = {}
    faults: list[DataError] = []
    for name, path in found.items():
        try:
            tables[name] = read_table(path, TABLES[name], company)
        except DataError as error:
            faults.append(error)
    if faults:
        told = {lang: "\n".join(f.text(lang) for f in faults) for lang in ("en", "ru")}
        raise DataError(Said(told["en"], told["ru"]))
    for name, read in tables.items():
        notes += reading_notes(read)
        own = own_currency(name, read.arrow, company)
        tables[name] = replace(read, arrow=own.table)
        notes += own.notes
    arrow = {name: read.arrow for name, read in tables.items()}
    as_of, period, moved = _look_back(arrow, company)
    notes += moved
    notes += table_notes(arrow, company, as_of)
    return Case(company, folder, tables, as_of, period, tuple(notes))


def data_files(folder: Path) -> tuple[dict[str, Path], list[Note]]:
    """Files of canonical tables by table name, and notes on files left aside.

    Raises:
        DataError: one table stands in two files, so neither can be trusted.
    """
    found: dict[str, Path] = {}
    notes: list[Note] = []
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    for path in files:
        name, suffix = path.stem.casefold(), path.suffix.casefold()
        if path.is_dir() or path.name.startswith((".", "~")):
            continue
        if suffix not in SUFFIXES or name not in TABLES:
            hint = did_you_mean(name, TABLES)
            params = {"count": 1, "examples": hint}
            notes.append(Note("unknown-file", path.name, params))
        elif name in found:
            raise DataError(
                Said(
                    f"{path}: the table {name!r} is also in {found[name].name}; keep"
                    " one",
                    f"{path}: таблица «{name}» есть ещё и в {found[name].name};"
                    " оставьте один файл",
                )
            )
        else:
            found[name] = path
    return dict(sorted(found.items())), notes


Period = tuple[dt.date | None, dt.date | None]


def _look_back(
    tables: Mapping[str, pa.Table], company: Company
) -> tuple[dt.datetime | None, Period, list[Note]]:
    """The day we look back from (end of day), the period, and whether dates moved."""
    days, counts = event_days(tables)
    plausible = plausible_period(days, counts)
    first, last = plausible or (None, None)
    day = company.as_of or last
    if day is None:
        return None, (None, None), []
    as_of = dt.datetime.combine(day, dt.time(23, 59, 59))
    if first is None or last is None or first > day:
        return as_of, (None, None), []
    return as_of, (first, min(last, day)), list(_stale(company, last))


def _stale(company: Company, last: dt.date) -> Iterator[Note]:
    """as_of set by hand far from the data: figures would count silence as failure."""
    if company.as_of is not None and (company.as_of - last).days > 31:
        yield Note("as-of-after-data", "company", {
            "count": (company.as_of - last).days,
            "last": last.isoformat(), "as_of": company.as_of.isoformat(),
        })  # fmt: skip
