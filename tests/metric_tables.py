"""Small tables for the tests of metrics: typed like a case, measured by one module."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from salesdx.company import Company
from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.registry import Metric, compute
from salesdx.tables import TABLES

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
TYPES = {
    "number": pa.float64(), "money": pa.float64(), "time": pa.timestamp("s"),
    "date": pa.date32(), "bool": pa.bool_(),
}  # fmt: skip


def day(text: str) -> dt.datetime:
    """`2026-03-01` or `2026-03-01 10:30`."""
    return dt.datetime.fromisoformat(text)


def typed(name: str, columns: dict[str, list[Any]]) -> pa.Table:
    """One canonical table with the types that a case gives it."""
    found = {}
    for column, values in columns.items():
        declared = TABLES[name].column(column)
        kind = TYPES.get(declared.type if declared else "text", pa.string())
        found[column] = pa.array(values, kind)
    return pa.table(found)


def measured(
    metrics: Iterable[Metric], company: dict[str, Any] | None = None, /, **tables: Any
) -> dict[tuple[str, str], Measurement]:
    """Figures by (metric, values of the slice joined by "+")."""
    told = {"format": 1, "name": "Acme", **(company or {})}
    data = Data(
        {n: typed(n, t) for n, t in tables.items()}, Company.model_validate(told), AS_OF
    )
    rows = compute(data, metrics)
    return {(r.metric, "+".join(v for _, v in r.slice)): r for r in rows}
