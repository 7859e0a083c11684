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

from salesdx.crm.fixed_times import Parts, fixed
from salesdx.crm.staging import let_go

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
    r"^(?P<a>\d{1,2})[-\s.]*(?P<b>%s)[a-zа-я]*[-\s.,]*(?P<y>\d{4}|\d{2})"
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
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How `03/04/2026` reads; `evident` is False when nothing in the data says so."""

    order: Order
    evident: bool = True
    mixed: bool = False  # both orders are proved: the more frequent one counts


def date_order(columns: Iterable[pa.Array | pa.ChunkedArray]) -> DateOrder:
    """Decide day-first or month-first over all date columns of a table together.

    A first part above 12 proves day-first, a second above 12 month-first; the more
    frequent proof (of distinct texts) wins. Without proof: dots and dashes are
    day-first, slashes too unless the clock says AM/PM, and slashes are not `evident`.
    """
    many = list(columns)
    found = _Proofs()
    for column in many:
        for chunk in _chunks(column):
            found.see(chunk)
        let_go()
    if found.first and found.second:  # only now does it matter how often
        found = _Proofs()
        for column in many:
            for chunk in _chunks(pc.unique(column)):
                found.see(chunk)
    if found.first or found.second:
        proved: Order = "day-first" if found.first >= found.second else "month-first"
        return DateOrder(proved, mixed=bool(found.first and found.second))
    order: Order = "month-first" if found.american else "day-first"
    return DateOrder(order, not found.slashes)


class _Proofs:
    """How many texts prove each order, and whether any are of doubtful kinds."""

    def __init__(self) -> None:
        self.first = self.second = 0
        self.american = self.slashes = False

    def see(self, texts: pa.Array) -> None:
        rest = np.ones(len(texts), bool)
        for parts in fixed(texts):
            rest[parts.places] = False
            if not parts.iso:
                self._count(parts.a, parts.b)
                self.slashes = self.slashes or parts.slashes
        if not rest.any():
            return
        texts = pc.unique(texts.filter(pa.array(rest))).drop_null()
        parts = pc.extract_regex(texts, pattern=_LOCAL)
        matching = texts.filter(pc.is_valid(parts))
        parts = parts.drop_null()
        if not len(parts):
            return
        self._count(*(_ints(pc.struct_field(parts, n)) for n in ("a", "b")))
        half = _any(pc.struct_field(parts, "half"), ".")
        self.american = self.american or half
        self.slashes = self.slashes or _any(matching, "/")

    def _count(self, a: Ints, b: Ints) -> None:
        self.first += int(((a > 12) & (b <= 12)).sum())
        self.second += int(((b > 12) & (a <= 12)).sum())


def _chunks(column: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    return column.chunks if isinstance(column, pa.ChunkedArray) else [column]


def parse_times(
    texts: pa.Array, order: Order, zone: str, written_in: str | None = None
) -> pa.Array:
    """Times of the texts of a chunk.

    Reads ISO, `dd.mm.yyyy`, `mm/dd/yyyy`, month names in both languages, Excel
    serials and Unix seconds. A time with a zone becomes the company's local time.

    Args:
        texts: trimmed texts.
        order: how to read `03/04/2026`, see `date_order`.
        zone: the company's time zone.
        written_in: the zone of times without one, if not the company's; a date
            without a clock stays that date.

    Returns:
        timestamp("s") without zone; null where a text is no date at all.
    """
    size = len(texts)
    seconds = np.zeros(size, np.int64)
    known = pc.is_null(texts).to_numpy(zero_copy_only=False)
    blank = known.copy()
    for parts in fixed(texts):
        _take_fixed(parts, order, zone, written_in, seconds, known)
    rest = np.flatnonzero(~known)
    if len(rest):
        encoded = pc.dictionary_encode(texts.take(pa.array(rest)))
        at = encoded.indices.to_numpy()
        found, read = _otherwise(encoded.dictionary, order, zone, written_in)
        seconds[rest], known[rest] = found[at], read[at]
    values = seconds.astype("datetime64[s]")
    return pa.array(values, pa.timestamp("s"), mask=blank | ~known)


def _take_fixed(
    parts: Parts, order: Order, zone: str, written_in: str | None, seconds: Ints,
    known: Mask,
) -> None:  # fmt: skip
    swapped = not parts.iso and order == "day-first"
    months, days = (parts.b, parts.a) if swapped else (parts.a, parts.b)
    moment, real = _moments(parts.year, months, days)
    real &= parts.seconds >= 0
    moment += parts.seconds
    if parts.timed and written_in is not None and written_in != zone:
        moment[real] = to_local(_to_utc(moment[real], written_in), zone)
    place = parts.places[real]
    seconds[place] = moment[real]
    known[place] = True


def _moments(year: Ints, months: Ints, days: Ints) -> tuple[Ints, Mask]:
    """Midnight of each day in seconds, and whether there is such a day."""
    real = (months >= 1) & (months <= 12) & (days >= 1)
    real &= (year >= YEARS[0]) & (year <= YEARS[1])
    start = (np.where(real, year, 2000) - 1970).astype("datetime64[Y]").astype(
        "datetime64[M]"
    ) + (np.where(real, months, 1) - 1)
    length = (start + 1).astype("datetime64[D]") - start.astype("datetime64[D]")
    real &= days <= length.astype(np.int64)
    moment: Ints = start.astype("datetime64[s]").astype(np.int64)
    moment += (days - 1) * 86_400
    return moment, real


def _otherwise(
    texts: pa.Array, order: Order, zone: str, written_in: str | None
) -> tuple[Ints, Mask]:
    """Seconds of distinct texts that are not written in full, and which are read."""
    seconds = np.zeros(len(texts), np.int64)
    known = np.zeros(len(texts), bool)
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
    return seconds, known


def _any(texts: pa.Array, words: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(texts, words)).as_py())


def _take(
    texts: pa.Array, pattern: str, names: str, seconds: Ints,
    known: Mask, zone: str, month: int = 0, naive: str | None = None,
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
    moment, real = _moments(year, months, days)
    real &= (hours < 24) & (minutes < 60) & (secs < 60)
    moment += hours * 3600 + minutes * 60 + secs
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
    moment: Ints, zones: npt.NDArray[np.str_], real: Mask, zone: str
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


def _numbers(texts: pa.Array, seconds: Ints, known: Mask, zone: str) -> None:
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
