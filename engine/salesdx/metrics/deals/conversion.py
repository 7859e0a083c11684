"""Conversion of entries to wins: raw, mature, at a horizon; by every dimension.

Each figure carries its numerator, denominator and interval. One definition a figure:
raw is all over all (M-19), mature counts entries at least one cycle old (M-20), at
horizon follows every entry to its own age (EX-39).
"""

from collections.abc import Iterator

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import dimensions
from salesdx.metrics.deals.deal_counts import (
    Counts,
    blind_dimensions,
    counts,
    horizon,
    life_tables,
)
from salesdx.metrics.deals.maturity import cutoff
from salesdx.metrics.registry import Metric
from salesdx.statistics import survival
from salesdx.statistics.rates import wilson

MIN_AT_RISK = 10

BLIND = Text(
    en="known almost only for won deals, so a conversion by it would be near 100 %",
    ru="заполнено почти только у выигранных сделок: конверсия по этому разрезу вышла"
    " бы почти 100 %",
)
ONLY_WON = Text(
    en="the file holds won deals only",
    ru="в выгрузке только выигранные сделки",
)
NO_LOST = Text(
    en="no deal is marked as lost",
    ru="ни одна сделка не отмечена как проигранная",
)
NO_ENTRIES = Text(en="no entry is old enough to judge", ru="ещё нет «вызревших» сделок")
NO_DATED_WIN = Text(
    en="no won deal has both dates", ru="нет выигранных сделок с обеими датами"
)
FEW_AT_RISK = Text(
    en="fewer than ten deals were followed up to the horizon",
    ru="до горизонта прослежено меньше десяти сделок",
)


def unjudged(data: Data, where: Slice) -> Text | None:
    """Why a slice can have no conversion at all, or None."""
    company = counts(data)[COMPANY]
    if company["won"] == company["entries"]:
        return ONLY_WON
    if where and where[0][0] in blind_dimensions(data):
        return BLIND
    return None


def rate(
    metric: str, wins: int, n: int, where: Slice = COMPANY, *,
    empty: Text = NO_ENTRIES, period: str = "",
) -> Measurement:  # fmt: skip
    """A rate with its interval, or unknown where nothing was counted."""
    if n == 0:
        return Measurement(
            metric, None, where, n=0, period=period, state="unknown", reason=empty
        )
    return Measurement(
        metric, wins / n, where, n, float(wins), float(n), wilson(wins, n), period
    )


def _unknown(metric: str, where: Slice, reason: Text) -> Measurement:
    return Measurement(metric, None, where, state="unknown", reason=reason)


def _numbers(data: Data) -> Iterator[Measurement]:
    mature_known = cutoff(data).days is not None and data.has("deals", "entered_at")
    for where, row in counts(data).items():
        blind = bool(where) and where[0][0] in blind_dimensions(data)
        yield Measurement("deals.won", float(row["won"]), where, row["won"])
        for name in ("entries", "lost", "open"):
            metric = f"deals.{name}"
            if blind:
                yield _unknown(metric, where, BLIND)
            else:
                yield Measurement(metric, float(row[name]), where, row[name])
        if blind or not mature_known:
            why = BLIND if blind else cutoff(data).reason or NO_ENTRIES
            yield _unknown("deals.mature", where, why)
        else:
            n = row["mature"]
            yield Measurement("deals.mature", float(n), where, n)


def _raw(data: Data) -> Iterator[Measurement]:
    for where, row in counts(data).items():
        reason = unjudged(data, where)
        if reason is not None:
            yield _unknown("conversion.raw", where, reason)
        else:
            yield rate("conversion.raw", row["sought_won"], row["sought"], where)


def _win_rate(data: Data) -> Iterator[Measurement]:
    nobody_lost = counts(data)[COMPANY]["lost"] == 0
    for where, row in counts(data).items():
        reason = NO_LOST if nobody_lost else unjudged(data, where)
        if reason is not None:
            yield _unknown("win-rate.closed", where, reason)
            continue
        closed = row["won"] + row["lost"]
        yield rate("win-rate.closed", row["won"], closed, where, empty=NO_LOST)


def _dated(data: Data) -> Iterator[Measurement]:
    for where, row in counts(data).items():
        reason = unjudged(data, where)
        for metric, wins, n, missing in _dated_counts(data, row):
            why = reason or missing
            if why is not None:
                yield _unknown(metric, where, why)
            else:
                yield rate(metric, wins, n, where)


def _dated_counts(
    data: Data, row: Counts
) -> Iterator[tuple[str, int, int, Text | None]]:
    no_wins = None if data.has("deals", "closed_at") else NO_DATED_WIN
    no_cycle = None if cutoff(data).days is not None else cutoff(data).reason
    yield "conversion.mature", row["mature_won"], row["mature"], no_cycle
    for days in (30, 90):
        wins, n = row[f"won{days}"], row[f"aged{days}"]
        yield f"conversion.{days}d", wins, n, no_wins


def _at_horizon(data: Data) -> Iterator[Measurement]:
    days = horizon(data)
    for names in ((), *((d,) for d in dimensions(data))):
        if days is None or unjudged(data, ()) is not None:
            if not names:
                why = unjudged(data, ()) or NO_DATED_WIN
                yield _unknown("conversion.at-horizon", (), why)
            continue
        for key, table in life_tables(data, names, days).items():
            if any(value is None for value in key):
                continue
            where = tuple(zip(names, (str(v) for v in key), strict=True))
            reason = unjudged(data, where)
            if reason is not None:
                yield _unknown("conversion.at-horizon", where, reason)
                continue
            found = survival.at_horizon(table.won, table.left, days)
            if found is not None:
                yield _incidence(where, found)


def _incidence(where: Slice, found: survival.Incidence) -> Measurement:
    thin = found.at_risk < MIN_AT_RISK
    within = Text(
        en=f"within {found.horizon} days of entry",
        ru=f"за {found.horizon} дн. от входа в воронку",
    )
    return Measurement(
        "conversion.at-horizon", None if thin else found.rate, where, found.entries,
        float(found.wins), float(found.entries),
        None if thin else (found.low, found.high),
        state="insufficient" if thin else "ok",
        reason=FEW_AT_RISK if thin else within,
    )  # fmt: skip


def _maturity(data: Data) -> Iterator[Measurement]:
    row = counts(data)[COMPANY]
    days = cutoff(data).days
    if days is None:
        why = cutoff(data).reason or NO_ENTRIES
        yield _unknown("maturity.young-share", COMPANY, why)
        yield _unknown("maturity.distortion", COMPANY, why)
        return
    young = row["dated"] - row["mature"]
    yield rate("maturity.young-share", young, row["dated"])
    for where, part in counts(data).items():
        by_source = bool(where) and where[0][0] == "source" and part["dated"] > 0
        if by_source and unjudged(data, where) is None:
            late = part["dated"] - part["mature"]
            yield rate("maturity.young-share", late, part["dated"], where)
    comparable = unjudged(data, ()) is None and row["mature"] and row["won"]
    if not comparable:
        why = unjudged(data, ()) or NO_ENTRIES
        yield _unknown("maturity.distortion", COMPANY, why)
        return
    mature = row["mature_won"] / row["mature"]
    factor = mature / (row["won"] / row["entries"])
    yield Measurement("maturity.distortion", factor, n=row["entries"])


METRICS: tuple[Metric, ...] = (
    Metric(
        ("deals.entries", "deals.won", "deals.lost", "deals.open", "deals.mature"),
        ("deals.status",),
        _numbers,
    ),
    Metric(("conversion.raw",), ("deals.status",), _raw),
    Metric(("win-rate.closed",), ("deals.status",), _win_rate),
    Metric(
        ("conversion.mature", "conversion.30d", "conversion.90d"),
        ("deals.status", "deals.entered_at"),
        _dated,
    ),
    Metric(
        ("conversion.at-horizon",),
        ("deals.status", "deals.entered_at", "deals.closed_at"),
        _at_horizon,
    ),
    Metric(
        ("maturity.young-share", "maturity.distortion"),
        ("deals.status", "deals.entered_at"),
        _maturity,
    ),
)
