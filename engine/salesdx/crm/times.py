"""Dates and times of whole columns, to the company's own clock, vectorised."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Order = Literal["day-first", "month-first"]
_CLOCK = (
    r"(?:[T,\s]+(?P<H>\d{1,2}):(?P<M>\d{2})(?::(?P<S>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<half>[AaPp][Mm])?)?"
)
_ZONE = r"\s*(?P<zone>[Zz]|UTC|GMT|[-+]\d{2}(?::?\d{2})?)?"
_ISO = rf"^(?P<y>\d{{4}})[-/.](?P<a>\d{{1,2}})[-/.](?P<b>\d{{1,2}}){_CLOCK}{_ZONE}$"
_LOCAL = (
    r"^(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4}|\d{2})"
    rf"{_CLOCK}{_ZONE}$"
)
_NAMED = (
    r"^(?P<a>\d{1,2})[-\s.]*(?P<b>%s)[a-zа-я]*[-\s.,]*(?P<y>\d{4})"
    rf"(?:\s*г\.?)?{_CLOCK}$",
    rf"^(?P<b>%s)[a-zа-я]*[-\s.]*(?P<a>\d{{1,2}})[\s.,]+(?P<y>\d{{4}}){_CLOCK}$",
)
_MONTHS = (
    "jan|янв", "feb|фев", "mar|мар", "apr|апр", "may|мая|май", "jun|июн", "jul|июл",
    "aug|авг", "sep|сен", "oct|окт", "nov|ноя", "dec|дек",
)  # fmt: skip
_EXCEL_DAYS = (20_000.0, 60_000.0)  # 1954 to 2064
_EXCEL_ZERO = np.datetime64("1899-12-30", "s")
YEARS = (1900, 2199)
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How `03/04/2026` reads; `evident` is False when nothing in the data says so."""

    order: Order
    evident: bool = True
    mixed: bool = False  # both orders are proved: the more frequent one counts


def date_order(columns: Iterable[pa.Array]) -> DateOrder:
    """Decide day-first or month-first over all date columns of a table together.

    A first part above 12 proves day-first, a second above 12 month-first; the more
    frequent proof wins. Without proof: dots and dashes are day-first, slashes too
    unless the clock says AM/PM, and slashes are not `evident`.
    """
    first = second = slashes = american = 0
    for column in columns:
        parts = pc.extract_regex(column, pattern=_LOCAL)
        parts = parts.filter(pc.is_valid(parts))
        if not len(parts):
            continue
        a, b = (_ints(pc.struct_field(parts, n)) for n in ("a", "b"))
        first += int(((a > 12) & (b <= 12)).sum())
        second += int(((b > 12) & (a <= 12)).sum())
        american += int((_texts(parts, "half") != "").sum())
        matching = column.filter(pc.match_substring_regex(column, _LOCAL))
        slashes += int(pc.sum(pc.match_substring(matching, "/")).as_py() or 0)
    if first or second:
        order: Order = "day-first" if first >= second else "month-first"
        return DateOrder(order, mixed=bool(first and second))
    return DateOrder("month-first" if american else "day-first", not slashes)


def parse_times(
    texts: pa.Array, order: Order, zone: str, written_in: str | None = None
) -> pa.Array:
    """Times of distinct texts.

    Reads ISO, `dd.mm.yyyy`, `mm/dd/yyyy`, month names in both languages, Excel
    serials and Unix seconds. A time with a zone becomes the company's local time.

    Args:
        texts: distinct trimmed texts.
        order: how to read `03/04/2026`, see `date_order`.
        zone: the company's time zone.
        written_in: the zone of times without one, if not the company's; a date
            without a clock stays that date.

    Returns:
        timestamp("s") without zone; null where a text is no date at all.
    """
    size = len(texts)
    seconds = np.zeros(size, np.int64)
    known = np.zeros(size, bool)
    for pattern, names in ((_ISO, "ab"), (_LOCAL, "ba")):
        if names == "ba" and order == "month-first":
            names = "ab"
        _take(texts, pattern, names, seconds, known, zone, naive=written_in)
    if not known.all():
        _numbers(texts, seconds, known, zone)
    if not known.all():
        lowered = pc.utf8_lower(texts)
        for number, words in enumerate(_MONTHS, 1):
            if not _any(lowered, words):
                continue
            for shape in _NAMED:
                pattern = shape % words
                _take(lowered, pattern, "ba", seconds, known, zone, number)
    values = seconds.astype("datetime64[s]")
    return pa.array(values, pa.timestamp("s"), mask=~known)


def _any(texts: pa.Array, words: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, words)).as_py())


def _take(
    texts: pa.Array, pattern: str, names: str, seconds: Ints,
    known: npt.NDArray[np.bool_], zone: str, month: int = 0, naive: str | None = None,
) -> None:  # fmt: skip
    """Fill `seconds` and `known` where a pattern gives a real calendar time.

    `names` are the parts holding month and day, in this order.
    """
    parts = pc.extract_regex(texts, pattern=pattern)
    found = pc.is_valid(parts).to_numpy(zero_copy_only=False) & ~known
    if not found.any():
        return
    parts = parts.filter(pa.array(found))
    year = _ints(pc.struct_field(parts, "y"))
    year = np.where(year < 100, year + 2000, year)
    months = (
        np.full(len(year), month) if month else _ints(pc.struct_field(parts, names[0]))
    )
    days = _ints(pc.struct_field(parts, names[1]))
    hours, minutes, secs = (_ints(pc.struct_field(parts, n)) for n in "HMS")
    half = np.char.lower(_texts(parts, "half"))
    hours = np.where((half == "pm") & (hours < 12), hours + 12, hours)
    hours = np.where((half == "am") & (hours == 12), 0, hours)
    real = (months >= 1) & (months <= 12) & (days >= 1) & (hours < 24)
    real &= (minutes < 60) & (secs < 60) & (year >= YEARS[0]) & (year <= YEARS[1])
    start = (np.where(real, year, 2000) - 1970).astype("datetime64[Y]").astype(
        "datetime64[M]"
    ) + (np.where(real, months, 1) - 1)
    length = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
    real &= days <= length.astype(np.int64)
    moment = start.astype("datetime64[s]").astype(np.int64)
    moment += ((days - 1) * 24 + hours) * 3600 + minutes * 60 + secs
    if "zone" in parts.type.names:
        zones = _texts(parts, "zone")
        if naive is not None and naive != zone:
            clock = real & (zones == "") & (_texts(parts, "H") != "")
            moment[clock] = to_local(_to_utc(moment[clock], naive), zone)
        moment = _localised(moment, zones, real, zone)
    place = np.flatnonzero(found)[real]
    seconds[place] = moment[real]
    known[place] = True


def _localised(
    moment: Ints, zones: npt.NDArray[np.str_], real: npt.NDArray[np.bool_], zone: str
) -> Ints:
    for text in sorted(set(zones.tolist()) - {""}):
        rows = (zones == text) & real
        moment[rows] = to_local(moment[rows] - _offset(text), zone)
    return moment


def _offset(text: str) -> int:
    if text[0] not in "+-":
        return 0
    digits = text[1:].replace(":", "").ljust(4, "0")
    sign = -1 if text[0] == "-" else 1
    return sign * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)


def _to_utc(local: Ints, zone: str) -> Ints:
    """Seconds of a local clock to UTC; of a doubled hour in autumn the first counts."""
    quarters, inverse = np.unique(local // 900, return_inverse=True)
    info = ZoneInfo(zone)
    zero = dt.datetime(1970, 1, 1, tzinfo=info)
    shift = np.array(
        [_offset_of(zero + dt.timedelta(seconds=int(q) * 900)) for q in quarters],
        np.int64,
    )
    return local - shift[inverse] if len(local) else local


def _offset_of(moment: dt.datetime) -> int:
    offset = moment.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def to_local(utc: Ints, zone: str) -> Ints:
    """UTC seconds to seconds of the local clock (zones change on quarter hours)."""
    quarters, inverse = np.unique(utc // 900, return_inverse=True)
    info = ZoneInfo(zone)
    offsets = [
        _offset_of(dt.datetime.fromtimestamp(int(q) * 900, info)) for q in quarters
    ]
    shift = np.array(offsets, np.int64)
    return utc + shift[inverse] if len(utc) else utc


def _numbers(
    texts: pa.Array, seconds: Ints, known: npt.NDArray[np.bool_], zone: str
) -> None:
    """Excel serial days, Unix seconds and milliseconds."""
    plain = pc.match_substring_regex(texts, r"^(\d{5}([.,]\d+)?|\d{10}|\d{13})$")
    found = plain.to_numpy(zero_copy_only=False) & ~known
    if not found.any():
        return
    chosen = pc.replace_substring(texts.filter(pa.array(found)), ",", ".")
    number = chosen.cast(pa.float64()).to_numpy(zero_copy_only=False)
    serial = (number >= _EXCEL_DAYS[0]) & (number <= _EXCEL_DAYS[1])
    unix = number >= 1e9
    days = np.where(serial, number, 0.0)
    moment = _EXCEL_ZERO.astype(np.int64) + np.rint(days * 86_400).astype(np.int64)
    utc = np.where(number >= 1e12, number // 1000, number).astype(np.int64)
    moment[unix] = to_local(utc[unix], zone)
    place = np.flatnonzero(found)[serial | unix]
    seconds[place] = moment[serial | unix]
    known[place] = True


def _ints(parts: pa.Array) -> Ints:
    """Digits of a part; an absent part is 0."""
    text = pc.if_else(pc.equal(parts, ""), "0", parts)
    filled: Ints = (
        pc.fill_null(text, "0").cast(pa.int64()).to_numpy(zero_copy_only=False)
    )
    return filled


def _texts(parts: pa.Array, name: str) -> npt.NDArray[np.str_]:
    found = pc.fill_null(pc.struct_field(parts, name), "").to_pylist()
    return np.array(found, dtype=np.str_)
