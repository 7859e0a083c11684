"""Figures by month: counts of each month, and the mean of the whole ones."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.months import Months, shown
from salesdx.metrics.shares import PERIOD, Z95, figure, label, placed, totals, unknown


def by_month(dimensions: Sequence[str]) -> list[tuple[str, ...]]:
    """Grains: each dimension, the months, and each dimension by month."""
    crossed = [(d, PERIOD) for d in dimensions]
    return [*((d,) for d in dimensions), (PERIOD,), *crossed]


def is_shown(data: Data, where: Slice) -> bool:
    """Whether a slice is of the whole period, or of a month that gets a row."""
    at, period = placed(where)
    return not period or period in shown(data, by_slice=bool(at))


def counted(
    data: Data, rows: Any, wanted: Mapping[str, Any], dimensions: Sequence[str] = ()
) -> Iterator[Measurement]:
    """Counts of the company and each slice, in all and by month.

    Args:
        data: the tables.
        rows: a relation with the dimensions and `period`; nothing after as-of.
        wanted: metric -> a count or a sum of 0/1 over the rows.
        dimensions: what to slice by.

    What is never recorded at all is unknown, not zero.
    """
    columns = {f"n{i}": value for i, value in enumerate(wanted.values())}
    found = totals(rows, columns, by_month(dimensions))
    whole_company = next(found)[1]
    kept = [(i, c) for i, c in zip(wanted, columns, strict=True) if whole_company[c]]
    for metric, column in kept:
        n = whole_company[column]
        yield Measurement(metric, float(n), n=n)
    for where, row in found:
        if not is_shown(data, where):
            continue
        at, period = placed(where)
        for metric, column in kept:
            n = row[column]
            yield Measurement(metric, float(n), at, n, period=period)
    for metric in sorted(set(wanted) - {metric for metric, _ in kept}):
        yield unknown(
            metric, "nothing of the kind is recorded in the data",
            "в данных нет ни одной такой записи",
        )  # fmt: skip


Cells = dict[Slice, dict[int, tuple[int, int]]]


def monthly(
    data: Data, metric: str, cells: Cells, months: Months, scale: float = 1.0
) -> Iterator[Measurement]:
    """Mean of a monthly total over whole months, and the total of each month.

    Args:
        data: the tables.
        metric: id of the figure.
        cells: as `cells_of` gives them.
        months: the whole months; a slice is averaged from its own first one on.
        scale: units of the totals in one unit of the metric.
    """
    for where, totals_of in cells.items():
        yield mean_month(metric, where, totals_of, months, scale)
        for month, (total, n) in sorted(totals_of.items()):
            period = label(PERIOD, month)
            if is_shown(data, (*where, (PERIOD, period))):
                yield Measurement(metric, total / scale, where, n, period=period)


def cells_of(rows: Any, value: Any, dimensions: Sequence[str], months: Months) -> Cells:
    """Total and number of rows by slice and month; company first, then sorted."""
    inside = rows.mutate(value=value)
    inside = inside.filter(
        (inside[PERIOD] >= months.first) & (inside[PERIOD] <= months.last)
    )
    wanted = {"value": inside.value.sum(), "n": inside.count()}
    cells: Cells = {COMPANY: {}}
    for where, row in totals(inside, wanted, by_month(dimensions)):
        at, period = placed(where)
        if period:
            year, _, month = period.partition("-")
            place = int(year) * 12 + int(month) - 1
            cells.setdefault(at, {})[place] = row["value"], row["n"]
    return cells


def mean_month(
    metric: str, where: Slice, cells: Mapping[int, tuple[int, int]],
    months: Months, scale: float,
) -> Measurement:  # fmt: skip
    """Mean of the months from the first one with a record; empty ones count as zero."""
    first = months.first if not where else min(cells)
    size = months.last - first + 1
    values = [cells.get(m, (0, 0))[0] for m in range(first, months.last + 1)]
    total, n = sum(values), sum(n for _, n in cells.values())
    mean, interval = total / size, None
    if size > 2:
        spread = sum((v - mean) ** 2 for v in values) / (size - 1)
        half = Z95 * float(spread / size) ** 0.5
        interval = ((mean - half) / scale, (mean + half) / scale)
    return figure(metric, mean / scale, where, n, total / scale, size, interval)
