"""Months by number: which are whole, and how many are shown.

A month counts as whole when the records begin no later than some days into it and
as-of lies no earlier than as many days before its end: half a month beside whole ones
would look like a fall.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, EPOCH, moment
from salesdx.metrics.shares import PERIOD, label

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


def of_day(day: int) -> int:
    """Number of the month of a day since 1970."""
    return number(_date(day))


def begins(month: int) -> int:
    """First day of a month, in days since 1970."""
    return (start(month) - EPOCH.date()).days


def _date(day: int) -> dt.date:
    return EPOCH.date() + dt.timedelta(days=day)


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


def since(data: Data, first_day: int) -> range:
    """Whole months from the first day of records (days since 1970) on, in order."""
    begun = _date(first_day)
    late = 1 if begun.day > 1 + _slack(data) else 0
    return range(number(begun) + late, last_whole(data) + 1)


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
    months = since(data, int(found) // DAY)
    return Months(months[0], last) if months else None
