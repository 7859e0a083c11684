"""From which day we look back: the newest plausible date in the data (no clock).

Stray dates (2099, a year mistyped) must not move it. Only columns that say what has
happened count; planned dates (`due_at`, `promised_at`, plan periods ...) never do,
nor does the forecast close date of an open deal.

A date is stray when it stands in a sparse tail behind a gap that the rest of the data
does not know: at most `TAIL_EVENTS` events (or one in a thousand) after a gap of more
than `GAP_DAYS` days and `GAP_FACTOR` times the usual gap. The same holds, mirrored,
for the oldest date (1970-01-01 of an empty field).
"""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.tables import TABLES

GAP_DAYS = 30
GAP_FACTOR = 5.0
TAIL_EVENTS = 3
TAIL_SHARE = 0.001
LONE_GAP_DAYS = 5 * 365  # two dates only: no usual gap to compare with
PLANNED = frozenset({
    ("deals", "next_task_at"), ("quotes", "promised_at"), ("contracts", "promised_at"),
    ("contracts", "start_agreed_at"), ("tickets", "due_at"),
    ("offers", "deadline_at"), ("plans", "period"), ("marketing_costs", "period"),
    ("absences", "from"), ("absences", "to"), ("managers", "hired_at"),
})  # fmt: skip
Days = npt.NDArray[np.int64]


def event_columns(name: str, table: pa.Table) -> list[str]:
    """Columns of a table that hold dates of what has happened."""
    declared = TABLES[name].columns if name in TABLES else ()
    return [
        c.name
        for c in declared
        if c.type in {"time", "date"}
        and (name, c.name) not in PLANNED
        and c.name in table.column_names
    ]


def event_times(name: str, table: pa.Table, column: str) -> pa.Array:
    """Values of an event column, one a row; a forecast close is null."""
    values = table[column].combine_chunks()
    if isinstance(values, pa.ChunkedArray):
        values = pa.concat_arrays(values.chunks)
    values = values.cast(pa.timestamp("s"))
    if name == "deals" and column == "closed_at" and "status" in table.column_names:
        closed = pc.not_equal(table["status"], "open").combine_chunks()
        values = pc.if_else(closed, values, pa.scalar(None, pa.timestamp("s")))
    return values


def event_days(tables: Mapping[str, pa.Table]) -> tuple[Days, Days]:
    """Distinct days of all events as days since 1970, and events on each."""
    found: Counter[int] = Counter()
    for name in sorted(tables):
        if not tables[name].num_rows:
            continue
        for column in event_columns(name, tables[name]):
            found.update(_by_day(event_times(name, tables[name], column)))
    days = sorted(found)
    return np.array(days, np.int64), np.array([found[d] for d in days], np.int64)


def _by_day(times: pa.Array) -> dict[int, int]:
    """Events of one column by day; counted in place, for there may be millions."""
    seconds = times.drop_null().cast(pa.int64()).to_numpy(zero_copy_only=False)
    if not len(seconds):
        return {}
    days = seconds // 86_400
    first = int(days.min())
    counts = np.bincount(days - first)  # years are bounded, so the days are
    some = np.flatnonzero(counts)
    return dict(zip((some + first).tolist(), counts[some].tolist(), strict=True))


def plausible_period(days: Days, counts: Days) -> tuple[dt.date, dt.date] | None:
    """First and last day that are not stray; None without any date.

    Args:
        days: distinct days since 1970, ascending.
        counts: events on each day.
    """
    if not len(days):
        return None
    last = _end(days, counts)
    first = _end(-days[last::-1], counts[last::-1])
    return _date(days[last - first]), _date(days[last])


def _end(days: Days, counts: Days) -> int:
    """Index of the last day before the stray tail."""
    gaps = np.diff(days)
    after = counts[::-1].cumsum()[::-1][1:]  # events behind each gap
    total = int(counts.sum())
    small = (after <= max(TAIL_EVENTS, TAIL_SHARE * total)) & (2 * after < total)
    for place in np.flatnonzero(small & (gaps > GAP_DAYS)):
        before = gaps[:place]
        usual = float(np.quantile(before, 0.95)) if len(before) else None
        if usual is None:
            stray = gaps[place] > LONE_GAP_DAYS
        else:
            stray = gaps[place] > GAP_FACTOR * usual
        if stray:
            return int(place)
    return len(days) - 1


def _date(day: np.int64) -> dt.date:
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(day))
