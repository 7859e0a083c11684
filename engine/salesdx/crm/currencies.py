"""Amounts in another currency than the company's: left out, never added up as if alike.

Where a whole table stands in one other currency its amounts are kept as they are:
then company.yaml is more likely wrong than every row, and `other-currency` says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.company import Company
from salesdx.crm import words
from salesdx.crm.notes import Note
from salesdx.tables import TABLES

COLUMN = "currency"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class OwnCurrency:
    """A table whose amounts are all in the company's currency."""

    table: pa.Table
    notes: tuple[Note, ...]


def own_currency(name: str, table: pa.Table, company: Company) -> OwnCurrency:
    """Take away the amounts in foreign currencies, and count them.

    Args:
        name: canonical name of the table.
        table: the table as it was read; its extra column `currency` is text.
        company: whose currency counts.

    Returns:
        The table with nulls for foreign amounts, and what to say about it.
    """
    if COLUMN not in table.column_names:
        return OwnCurrency(table, ())
    written = sorted(pc.unique(table[COLUMN]).drop_null().to_pylist())
    codes = {w: words.currency_code(w) for w in written}
    if not codes:
        return OwnCurrency(table, ())
    used = sorted(set(codes.values()))
    if len(used) == 1:
        return OwnCurrency(table, tuple(_one(name, table, used[0], company)))
    foreign = [w for w, code in codes.items() if code != company.currency]
    away = pc.fill_null(pc.is_in(table[COLUMN], pa.array(foreign, pa.string())), False)
    for column in _amounts(name, table):
        place = table.column_names.index(column)
        empty = pa.scalar(None, table[column].type)
        kept = pc.if_else(away, empty, table[column])
        table = table.set_column(place, table.schema.field(column), kept)
    note = Note("mixed-currencies", name, {
        "count": len(used), "column": COLUMN, "examples": ", ".join(used[:SHOWN]),
        "currency": company.currency, "dropped": pc.sum(away).as_py() or 0,
    })  # fmt: skip
    return OwnCurrency(table, (note,))


def _amounts(name: str, table: pa.Table) -> list[str]:
    declared = [c.name for c in TABLES[name].columns if c.type == "money"]
    return [c for c in declared if c in table.column_names]


def _one(name: str, table: pa.Table, code: str, company: Company) -> Iterator[Note]:
    if code != company.currency:
        yield Note("other-currency", name, {
            "count": table.num_rows, "column": COLUMN, "examples": code,
            "currency": company.currency,
        })  # fmt: skip
