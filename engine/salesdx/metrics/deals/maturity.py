"""How old an entry must be to be judged, and what young entries do to the figures."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from salesdx.facts import Measurement
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import DAY, deal_rows, sought
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import waits
from salesdx.statistics import histogram, survival

MIN_CLOSINGS = 5.0  # expected, none seen: P < 1 %
_cutoffs: WeakKeyDictionary[Data, "Cutoff"] = WeakKeyDictionary()
_truncations: WeakKeyDictionary[Data, dt.date | None] = WeakKeyDictionary()


@dataclass(frozen=True, slots=True)
class Cutoff:
    """Days after which an entry can be judged; None when no cycle is known."""

    days: int | None
    wins: int
    reason: Text | None = None


NO_CYCLE = Text(
    en="the length of the sales cycle is not known: too few won deals were closed after"
    " they had entered (check both dates, or give cycle_days in company.yaml)",
    ru="неизвестен цикл сделки: слишком мало выигранных сделок, закрытых позже, чем они"
    " вошли в воронку (проверьте обе даты или укажите cycle_days в company.yaml)",
)


def cycle_histogram(data: Data) -> tuple[list[float], list[int]]:
    """Hours from entry to win of won deals: (lower edges, counts).

    Wins dated before their entry are left out: their cycle is a mistake.
    """
    rows = sought(data)
    rows = rows.filter(rows.wait.notnull(), rows.wait >= 0)
    hours = (rows.wait / 3600).floor().cast("int64")
    found = data.rows(rows.group_by(hour=hours).agg(n=rows.count()).order_by("hour"))
    return [float(r["hour"]) for r in found], [r["n"] for r in found]


def cutoff(data: Data) -> Cutoff:
    """One cycle (K-01): of company.yaml, else the p90 of won deals."""
    if data not in _cutoffs:
        _cutoffs[data] = _cutoff(data)
    return _cutoffs[data]


def _cutoff(data: Data) -> Cutoff:
    if data.funnel.cycle_days is not None:
        return Cutoff(int(np.ceil(data.funnel.cycle_days)), 0)
    if data.as_of is None or not data.has("deals", "entered_at", "closed_at"):
        return Cutoff(None, 0, NO_CYCLE)
    hours, counts = cycle_histogram(data)
    wins = sum(counts)
    cycle = histogram.quantile(hours, counts, data.setting("maturity.cycle-quantile"))
    if cycle is None or wins < data.setting("maturity.least-wins"):
        return Cutoff(None, wins, NO_CYCLE)
    return Cutoff(int(np.ceil(cycle / 24)), wins)


def truncated_before(data: Data) -> dt.date | None:
    """Entries before this day are seen only if they lived long enough, or None.

    A CRM that starts recording closings on some day still lists what was open then:
    these deals look better than they are. The sign is that no closing is dated before
    the first one although, by the pace of later entries, five or more should be.
    """
    if data not in _truncations:
        _truncations[data] = _truncated_before(data)
    return _truncations[data]


def _truncated_before(data: Data) -> dt.date | None:
    if data.as_of is None or not data.has("deals", "entered_at", "closed_at"):
        return None
    rows = deal_rows(data)
    rows = rows.filter(rows.age.notnull())
    first = data.rows(rows.agg(first=rows.closed.min()))[0]["first"]
    if first is None:
        return None
    start = first // DAY
    closing = (rows.closed / DAY).floor() - (rows.entered / DAY).floor()
    table = rows.mutate(
        entry=(rows.entered / DAY).floor().cast("int64"),
        gone=closing.cast("int64"),
    )
    early = table.filter(table.entry < start)
    before = data.rows(early.group_by("entry").agg(n=early.count()).order_by("entry"))
    if sum(r["n"] for r in before) < MIN_CLOSINGS:
        return None
    later = table.filter(table.entry >= start)
    later = later.mutate(
        day=later.gone.fill_null(later.age).clip(lower=0),
        closed_now=later.gone.notnull(),
    )
    pace = data.rows(
        later.group_by("day", "closed_now").agg(n=later.count()).order_by("day")
    )
    if not pace:
        return None
    size = max(r["day"] for r in pace) + 1
    done, left = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for r in pace:
        (done if r["closed_now"] else left)[r["day"]] += r["n"]
    curve = survival.incidence(done, left)
    # a closing on day `start` itself is seen, so one day less has passed unseen
    waits = [min(start - r["entry"] - 1, size - 1) for r in before]
    expected = sum(r["n"] * curve[w] for r, w in zip(before, waits, strict=True))
    if expected < MIN_CLOSINGS:
        return None
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(start))


def _cycle(data: Data) -> Iterator[Measurement]:
    hours, counts = cycle_histogram(data)
    wins = sum(counts)
    if not wins:
        for name in ("cycle.won-median", "cycle.won-mean", "cycle.won-p90"):
            yield Measurement(name, None, state="unknown", reason=NO_CYCLE)
        return
    mean = sum(h * n for h, n in zip(hours, counts, strict=True)) / wins / 24
    for name, share in (("cycle.won-median", 0.5), ("cycle.won-p90", 0.9)):
        value = histogram.quantile(hours, counts, share)
        days = None if value is None else value / 24
        yield Measurement(name, days, n=wins)
    yield Measurement("cycle.won-mean", mean, n=wins)
    yield from _cycle_slices(data)


def _cycle_slices(data: Data) -> Iterator[Measurement]:
    """The median cycle by funnel, product and segment (M-23)."""
    rows = deal_rows(data)
    rows = rows.filter(rows.wait.notnull(), rows.wait >= 0)
    rows = rows.mutate(done=rows.wait * 0 + 1, funnel=rows.funnel_id)
    grains = (("funnel",), ("product",), ("segment",))
    found = waits("cycle.won-median", rows, DAY, grains)
    yield from (m for m in found if m.slice)


def _cutoff_days(data: Data) -> Iterator[Measurement]:
    found = cutoff(data)
    if found.days is None:
        yield Measurement("maturity.cutoff", None, state="unknown", reason=found.reason)
    else:
        yield Measurement("maturity.cutoff", float(found.days), n=found.wins or None)


def _span(data: Data) -> Iterator[Measurement]:
    """How many sales cycles the data cover, from the first entry to as-of (G-12)."""
    rows, days = deal_rows(data), cutoff(data).days
    oldest = data.rows(rows.agg(age=rows.age.max()))[0]["age"]
    if days is None or oldest is None:
        why = cutoff(data).reason or NO_CYCLE
        yield Measurement("period.cycles", None, state="unknown", reason=why)
    else:
        yield Measurement("period.cycles", int(oldest) / max(days, 1))


METRICS: tuple[Metric, ...] = (
    Metric(
        ("cycle.won-median", "cycle.won-mean", "cycle.won-p90"),
        ("deals.entered_at", "deals.closed_at"),
        _cycle,
    ),
    Metric(("maturity.cutoff",), ("deals.entered_at",), _cutoff_days),
    Metric(("period.cycles",), ("deals.entered_at",), _span),
)
