"""Whole months: a month cut by the first record or by as-of is no month of sales."""

import calendar
import datetime as dt

from salesdx.metrics.clients.purchases import today
from salesdx.metrics.data import Data

_EPOCH = dt.date(1970, 1, 1).toordinal()


def _slack(data: Data) -> int:
    """Days that a month may lack and still be whole."""
    return int(data.setting("period.month-slack-days"))


def month_of(day: int) -> int:
    """Number of the month (12 x year + month - 1) of a day since 1970."""
    date = dt.date.fromordinal(day + _EPOCH)
    return date.year * 12 + date.month - 1


def begins(month: int) -> int:
    """First day of a month, in days since 1970."""
    return dt.date(month // 12, month % 12 + 1, 1).toordinal() - _EPOCH


def last_whole(data: Data) -> int:
    """The last month that is over at as-of, but for a few days."""
    date = dt.date.fromordinal(today(data) + _EPOCH)
    left = calendar.monthrange(date.year, date.month)[1] - date.day
    return month_of(today(data)) - (0 if left <= _slack(data) else 1)


def whole_months(data: Data, first_day: int) -> range:
    """Months from the first day of records that are whole, in order."""
    date = dt.date.fromordinal(first_day + _EPOCH)
    start = month_of(first_day) + (0 if date.day <= 1 + _slack(data) else 1)
    return range(start, last_whole(data) + 1)
