"""Figures by month: which months are whole, how many are shown, counts and means.

A month counts as whole when the records begin no later than some days into it and
as-of lies no earlier than as many days before its end: half a month beside whole ones
would look like a fall.
"""

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, EPOCH, moment
from salesdx.metrics.shares import PERIOD, Z95, figure, label, placed, totals, unknown

# days from 1970 to 1 March 2000: years that begin in March end with the leap day
_MARCH_2000 = 11_017


def month_of(seconds: Any) -> Any:
    """Number of the month (12 x year + month - 1) of an epoch expression, 1900-2100.

    Whole numbers only, so that every engine agrees; `grain.month` does it for times.
    """
    day = (seconds / DAY).floor().cast("int64") - _MARCH_2000
    year = ((day * 4 + 3) / 1461).floor().cast("int64")
    of_year = day - (year * 1461 / 4).floor().cast("int64")
    month = ((of_year * 5 + 2) / 153).floor().cast("int64")
    return (year + 2000) * 12 + month + 2


def number(day: dt.date) -> int:
    """Number of the month of a date."""
    return day.year * 12 + day.month - 1


def start(month: int) -> dt.date:
    """First day of a month."""
    return dt.date(month // 12, month % 12 + 1, 1)


def seconds(day: dt.date) -> int:
    """Seconds since 1970 at which a day begins."""
    return (day - EPOCH.date()).days * DAY


@dataclass(frozen=True, slots=True)
class Months:
    """Months from `first` to `last`, both included, by number."""

    first: int
    last: int

    def __len__(self) -> int:
        return max(self.last - self.first + 1, 0)

    def __contains__(self, period: object) -> bool:
        """Whether `2026-03` is one of them."""
        return label(PERIOD, self.first) <= str(period) <= label(PERIOD, self.last)


def today(data: Data) -> dt.date:
    """The day the analysis looks back from."""
    return (EPOCH + dt.timedelta(seconds=moment(data))).date()


def _slack(data: Data) -> int:
    return int(data.setting("period.month-slack-days"))


def last_whole(data: Data) -> int:
    """The last month that had ended by as-of, but for a few days."""
    day = today(data)
    ends = calendar.monthrange(day.year, day.month)[1]
    return number(day) - (0 if ends - day.day <= _slack(data) else 1)


def shown(data: Data, *, by_slice: bool = False) -> Months:
    """Months that get a row of their own: of the company, or of a slice."""
    name = "period.months-by-slice" if by_slice else "period.months-shown"
    last = number(today(data))
    return Months(last - int(data.setting(name)) + 1, last)


def whole(data: Data, rows: Any, at: str) -> Months | None:
    """Whole months that the rows cover, as far back as months are shown.

    Args:
        data: the tables.
        rows: a relation; nothing in it lies after as-of.
        at: its column of seconds since 1970.

    Returns:
        None when they cover no whole month.
    """
    last = last_whole(data)
    first = last - int(data.setting("period.months-shown")) + 1
    inside = rows.filter(rows[at] >= seconds(start(first)))
    found = data.rows(inside.aggregate(first=inside[at].min()))[0]["first"]
    if found is None:
        return None
    begun = (EPOCH + dt.timedelta(seconds=int(found))).date()
    late = 1 if begun.day > 1 + _slack(data) else 0
    months = Months(number(begun) + late, last)
    return months if len(months) else None


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
