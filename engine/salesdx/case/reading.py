"""Read the tables of a case folder, and see what they are worth."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from salesdx.case.files import data_files
from salesdx.case.model import Case, Period
from salesdx.company import Company
from salesdx.crm.asof import event_days, plausible_period
from salesdx.crm.canonical import TableRead, read_table
from salesdx.crm.company_file import load_company
from salesdx.crm.currencies import own_currency
from salesdx.crm.notes import Note
from salesdx.crm.quality import reading_notes, table_notes
from salesdx.errors import DataError, Said
from salesdx.tables import TABLES


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
