"""How the values of a file are written: dates, decimal marks, currencies, clocks."""

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.currency_marks import marks_beside
from salesdx.crm.samples import Samples
from salesdx.crm.times import DateOrder, Order, date_order
from salesdx.language import Text
from salesdx.tables import Column

_LOCAL = r"^\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2})(\D|$)"
_CLOCK = r"\d{1,2}:\d{2}"
_ZONED = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s*([Zz]|UTC|GMT|[-+]\d{2}(:?\d{2})?)$"
_BARE = r"^(\d{5}([.,]\d+)?|\d{10}|\d{13})$"
_COMMA = r"\d,\d{1,2}\D*$"
_NIGHT = r"[T\s]0?[0-5]:\d{2}"
_ENOUGH_CLOCKS = 30  # fewer are no habit
AT_NIGHT = 0.4  # a quarter of all hours would be as good as any clock


def local_dates(samples: Samples, names: Iterable[str]) -> list[pa.Array]:
    """Samples of columns that hold dates like 03/04/2026."""
    found = []
    for name in names:
        sample = samples.of(name)
        dates = sample.filter(pc.match_substring_regex(sample, _LOCAL))
        if len(dates):
            found.append(dates)
    return found


def order_of(samples: Samples, names: Iterable[str]) -> DateOrder | None:
    """How local dates read over some columns together; None where there are none."""
    dates = local_dates(samples, names)
    return date_order(dates) if dates else None


def is_naive(samples: Samples, name: str) -> bool:
    """Whether a column has times of day without a zone."""
    sample = samples.of(name)
    clock = pc.match_substring_regex(sample, _CLOCK)
    zoned = pc.match_substring_regex(sample, _ZONED)
    return bool(pc.any(pc.and_not(clock, zoned)).as_py())


def is_zoned(samples: Samples, name: str) -> bool:
    """Whether a column has times of day with their zone."""
    return bool(pc.any(pc.match_substring_regex(samples.of(name), _ZONED)).as_py())


def at_night(samples: Samples, names: Iterable[str]) -> bool:
    """Whether people seem to work at night by the clock of these columns."""
    night = clocks = 0
    for name in names:
        sample = samples.of(name)
        times = sample.filter(pc.match_substring_regex(sample, _CLOCK))
        midnight = pc.match_substring_regex(times, r"[T\s]0?0:00(:00)?")
        times = times.filter(pc.invert(midnight))
        clocks += len(times)
        night += pc.sum(pc.match_substring_regex(times, _NIGHT)).as_py() or 0
    return clocks >= _ENOUGH_CLOCKS and night > AT_NIGHT * clocks


def kind_of(samples: Samples, name: str, column: Column, order: Order) -> Text | None:
    """What the values of a column are, in a few words; None where it is plain text."""
    sample = samples.of(name)
    if not len(sample):
        return Text(en="empty", ru="пусто")
    if column.type in {"time", "date"}:
        return _dates(samples, name, order)
    if column.type in {"money", "number"}:
        marks = marks_beside(sample)
        comma = bool(pc.any(pc.match_substring_regex(sample, _COMMA)).as_py())
        en = ["decimal comma"] if comma else []
        ru = ["десятичная запятая"] if comma else []
        tail = ", ".join(marks)
        return Text(
            en=", ".join(["numbers", *en, *([tail] if tail else [])]),
            ru=", ".join(["числа", *ru, *([tail] if tail else [])]),
        )
    return None


def _dates(samples: Samples, name: str, order: Order) -> Text:
    if samples.matching(name, _BARE):
        return Text(en="dates as numbers", ru="даты числом")
    clock = bool(pc.any(pc.match_substring_regex(samples.of(name), _CLOCK)).as_py())
    en, ru = ("times", "время") if clock else ("dates", "даты")
    if is_zoned(samples, name):
        return Text(en=f"{en} with a zone", ru=f"{ru} с поясом")
    if not local_dates(samples, [name]):
        return Text(en=en, ru=ru)
    if order == "day-first":
        return Text(en=f"{en}, day first", ru=f"{ru}, сначала день")
    return Text(en=f"{en}, month first", ru=f"{ru}, сначала месяц")
