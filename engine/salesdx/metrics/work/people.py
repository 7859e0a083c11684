"""Circumstances that explain a manager without blame: absence, tenure (X-1, X-7)."""

import datetime as dt
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from salesdx.facts import Measurement
from salesdx.metrics.calendar import calendar
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, EPOCH, deals, epoch, moment, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure

_away: WeakKeyDictionary[Data, dict[str, list[int]]] = WeakKeyDictionary()


def absent_days(data: Data, manager: str) -> list[int]:
    """Days (since 1970) on which a manager was away, each once, sorted."""
    if data not in _away:
        _away[data] = _absences(data)
    return _away[data].get(manager, [])


def _absences(data: Data) -> dict[str, list[int]]:
    days: dict[str, set[int]] = {}
    rows = data.arrow("absences").to_pylist() if data.has("absences") else []
    for row in rows:
        start, end = row.get("from"), row.get("to")
        if start and end:
            first, last = _day(start), _day(end)
            away = days.setdefault(row.get("manager_id"), set())
            away.update(range(first, min(last, first + 3660) + 1))
    return {manager: sorted(away) for manager, away in days.items()}


def _day(value: dt.date) -> int:
    return (dt.date(value.year, value.month, value.day) - EPOCH.date()).days


def _managers(data: Data) -> dict[str, tuple[int, int, int]]:
    """First and last entry (seconds) and number of entries up to as-of, by manager."""
    rows = deals(data)
    rows = rows.filter(rows.manager.notnull() & (rows.entered <= moment(data)))
    by = rows.group_by("manager").agg(
        first=rows.entered.min(), last=rows.entered.max(), n=rows.count()
    )
    return {
        str(r["manager"]): (int(r["first"]), int(r["last"]), int(r["n"]))
        for r in sorted(data.rows(by), key=lambda r: str(r["manager"]))
    }


def _hired(data: Data) -> dict[str, int]:
    """Day of hiring (seconds since 1970) by manager, as far as known."""
    if not data.has("managers", "hired_at"):
        return {}
    rows = picked(data, "managers", "manager_id hired_at")
    rows = rows.mutate(hired=epoch(rows.hired_at))
    known = rows.filter(rows.hired.notnull())
    by = known.group_by("manager_id").agg(hired=known.hired.min())
    return {str(r["manager_id"]): int(r["hired"]) for r in data.rows(by)}


def absence(data: Data) -> Iterator[Measurement]:
    """Share of working days away, by manager (D-17).

    A manager's days run from hiring (else the first day of the data) to as-of. Where
    absences are kept, a manager without any was present.
    """
    entries = _managers(data)
    if not entries:
        return
    start = min(first for first, _, _ in entries.values()) // DAY
    today, hired = moment(data) // DAY, _hired(data)
    days = calendar(data)
    away_total, total = 0, 0
    for manager in entries:
        begins = max(start, hired.get(manager, 0) // DAY)
        n = days.count(begins, today)
        away = sum(
            days.count(d, d) for d in absent_days(data, manager) if begins <= d <= today
        )
        if n:
            where = (("manager", manager),)
            yield figure("manager.absence-share", away / n, where, n, away, n)
            away_total, total = away_total + away, total + n
    if total:
        yield figure(
            "manager.absence-share", away_total / total, (), total, away_total, total
        )


def tenure(data: Data) -> Iterator[Measurement]:
    """Days from hiring to as-of, by manager (D-16)."""
    for manager, hired in sorted(_hired(data).items()):
        days = (moment(data) - hired) // DAY
        if days >= 0:
            yield Measurement(
                "manager.tenure-days", float(days), (("manager", manager),)
            )


def novice(data: Data) -> Iterator[Measurement]:
    """1 for a manager whose entries were made as a beginner, else 0 (X-1).

    The tenure is taken at the middle between the manager's first and last entry: the
    figures of that time are judged, not today's skill. Without a date of hiring the
    first entry stands in for it when it is well after the beginning of the data: who
    was there from the start is no beginner.
    """
    entries, hired = _managers(data), _hired(data)
    if not entries:
        return
    start = min(first for first, _, _ in entries.values())
    ramp = data.setting("manager.novice-days") * DAY
    few = data.setting("manager.few-entries")
    for manager, (first, last, n) in entries.items():
        begun = hired.get(manager)
        if begun is None and first - start >= ramp:
            begun = first
        new = begun is not None and (first + last) // 2 - begun < ramp
        value = 1.0 if new or n < few else 0.0
        yield Measurement("manager.novice", value, (("manager", manager),), n)


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("manager.absence-share",),
        (
            "absences.from",
            "absences.to",
            "deals.manager_id",
            "deals.entered_at",
        ),
        absence,
    ),
    Metric(("manager.tenure-days",), ("managers.hired_at",), tenure),
    Metric(("manager.novice",), ("deals.manager_id", "deals.entered_at"), novice),
)
