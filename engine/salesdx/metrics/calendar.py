"""The working calendar: one row a day, joined by equality, so that it scales.

Business seconds between two moments are W(t2) - W(t1), with W(t) = working seconds
before the day + what of the day has passed between opening and closing.
"""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

import ibis
import numpy as np
import pyarrow as pa

from salesdx.company import DAYS, WorkingHours
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, EPOCH, moment

_AHEAD = 30  # days after as-of that stay in the calendar
_YEARS = 30  # how far back a believable date may lie
# what is set on the calendar: the first of these dates is where it begins
_DATED = (
    ("leads", "created_at"), ("activities", "started_at"), ("tickets", "due_at"),
    ("deals", "entered_at"),
)  # fmt: skip
Days = np.ndarray[Any, np.dtype[np.int64]]
_calendars: WeakKeyDictionary[Data, "Calendar"] = WeakKeyDictionary()


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    """Days off, and weekend days made working ones; none for an unknown country."""
    import holidays  # slow to import, and only working hours need it

    try:
        known = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        return frozenset(), frozenset()
    moved = getattr(known, "weekend_workdays", None) or ()
    return frozenset(known), frozenset(moved)


def is_working(day: dt.date, hours: WorkingHours) -> bool:
    """Whether the company works on a day, with holidays and transferred days."""
    usual = DAYS[day.weekday()] in hours.days
    if not hours.holidays:
        return usual
    off, moved = _holidays(hours.holidays, day.year)
    if day in moved and {"mon", "tue", "wed", "thu", "fri"} <= set(hours.days):
        return True
    return usual and day not in off


@dataclass(frozen=True)
class Calendar:
    """Working days from `first` (days since 1970); seconds of opening and closing."""

    first: int
    working: Days
    opens: int
    closes: int

    @property
    def length(self) -> int:
        """Seconds of one working day."""
        return self.closes - self.opens

    def count(self, start: int, end: int) -> int:
        """Working days from day `start` up to and including day `end`."""
        low = min(max(start - self.first, 0), len(self.working))
        high = min(max(end + 1 - self.first, low), len(self.working))
        return int(self.working[low:high].sum())

    def table(self) -> pa.Table:
        """One row a day: `day`, `hours`, `before`, `end_today`, `end_next` (epochs).

        `end_next` closes the first working day after this one.
        """
        size = len(self.working)
        days = np.arange(self.first, self.first + size, dtype=np.int64)
        hours = self.working * self.length
        following = np.full(size, days[-1] + 1, dtype=np.int64)
        for i in range(size - 2, -1, -1):
            following[i] = days[i + 1] if self.working[i + 1] else following[i + 1]
        return pa.table(
            {
                "day": days,
                "hours": hours,
                "before": np.concatenate(([0], np.cumsum(hours)[:-1])),
                "end_today": days * DAY + self.closes,
                "end_next": following * DAY + self.closes,
            }
        )


def calendar(data: Data) -> Calendar:
    """The calendar of a case: from its first date to shortly after as-of.

    Hours that end before they begin are read as open until midnight.
    """
    if data not in _calendars:
        _calendars[data] = _calendar(data)
    return _calendars[data]


def _calendar(data: Data) -> Calendar:
    last = moment(data) // DAY + _AHEAD
    first = max(min(_first_day(data), last), last - _YEARS * 366)
    hours = data.company.working_hours
    working = np.array(
        [
            is_working((EPOCH + dt.timedelta(days=d)).date(), hours)
            for d in range(first, last + 1)
        ],
        dtype=np.int64,
    )
    opens, closes = _seconds(hours.from_), _seconds(hours.to)
    return Calendar(first, working, opens, closes if closes > opens else DAY)


def _seconds(clock: dt.time) -> int:
    return clock.hour * 3600 + clock.minute * 60 + clock.second


def _first_day(data: Data) -> int:
    """The earliest day (since 1970) of what is set on the calendar, else as-of."""
    found = [
        data.lowest(table, column)
        for table, column in _DATED
        if data.has(table, column)
    ]
    days = [(dt.date(f.year, f.month, f.day) - EPOCH.date()).days for f in found]
    return min(days, default=moment(data) // DAY)


def on_calendar(data: Data, rows: Any, when: str, prefix: str) -> Any:
    """Join the calendar to rows by the epoch column `when`; rows outside are dropped.

    Adds `<prefix>_worked` (working seconds up to the moment), `<prefix>_open` (0/1)
    and `<prefix>_deadline`: the close of the first working day that begins after it.
    """
    days = calendar(data)
    # a view: rows may be set on the calendar twice, by two moments
    table = data.supplied("calendar", days.table).view()
    of_day = (rows[when] / DAY).floor().cast("int64")
    joined = rows.inner_join(table, of_day == table.day)
    clock = joined[when] - joined["day"] * DAY
    passed = ibis.least(ibis.greatest(clock - days.opens, 0), joined["hours"])
    works = joined["hours"] > 0
    early = works & (clock < days.opens)
    return joined.select(
        **{c: joined[c] for c in rows.columns},
        **{
            f"{prefix}_worked": joined["before"] + passed,
            f"{prefix}_open": ibis.ifelse(
                works & (clock >= days.opens) & (clock < days.closes), 1, 0
            ),
            f"{prefix}_deadline": ibis.ifelse(
                early, joined["end_today"], joined["end_next"]
            ),
        },
    )


__all__ = ["Calendar", "calendar", "is_working", "on_calendar"]
