"""Activity of sellers, quality of calls, rhythm of reviews (M-49, M-56, M-118)."""

from collections.abc import Callable, Iterator
from typing import Any

from salesdx.facts import COMPANY, Measurement
from salesdx.metrics.calendar import calendar
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, epoch, moment, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, means, share, unknown
from salesdx.metrics.work.chain import contacts
from salesdx.metrics.work.people import absent_days

_MADE = ("letter", "call", "chat", "presentation", "meeting")
_YEAR = 365
_WEEK = 7


def contacts_per_day(data: Data) -> Iterator[Measurement]:
    """Contacts made for each working day present, in the last year of records (M-56).

    Contacts begun by the client are not counted.
    """
    rows = contacts(data)
    # a direction that was not recorded is read as ours: the seller logged it
    rows = rows.filter(
        rows.type.isin(_MADE) & (rows.direction.fill_null("out") == "out")
    )
    yield from per_working_day(data, "activity.contacts-per-day", rows)


def per_working_day(data: Data, metric: str, rows: Any) -> Iterator[Measurement]:
    """What managers did for each working day present, in the last year of records.

    A manager's days run from the first of the rows in that year to the last day that
    has any, without absences.

    Args:
        data: the tables.
        metric: id of the figure.
        rows: one row each thing done, with `manager` and `started` (seconds), up to
            as-of.
    """
    rows = rows.filter(rows.manager.notnull())
    rows = rows.filter(rows.started > moment(data) - _YEAR * DAY)
    by = rows.group_by("manager").agg(
        n=rows.count(), first=rows.started.min(), last=rows.started.max()
    )
    found = sorted(data.rows(by), key=lambda r: str(r["manager"]))
    if not found:
        return
    last = max(int(r["last"]) for r in found) // DAY
    days = calendar(data)
    total, worked = 0, 0
    for row in found:
        manager, first = str(row["manager"]), int(row["first"]) // DAY
        away = absent_days(data, manager)
        away = [d for d in away if first <= d <= last and days.count(d, d)]
        present = days.count(first, last) - len(away)
        if present > 0:
            where = (("manager", manager),)
            yield _rate(metric, int(row["n"]), present, where)
            total, worked = total + int(row["n"]), worked + present
    if worked:
        yield _rate(metric, total, worked, COMPANY)


def _rate(metric: str, made: int, days: int, where: Any) -> Measurement:
    return figure(metric, made / days, where, days, made, days)


def _score(metric: str, column: str) -> Callable[[Data], Iterator[Measurement]]:
    def score(data: Data) -> Iterator[Measurement]:
        """Mean score of reviewed calls, in the scale of the review."""
        rows = picked(data, "call_reviews", column, manager="manager_id")
        # on no scale in use a review gives less than 0 or more than 1000 points
        rows = rows.filter(rows[column] >= 0, rows[column] <= 1000)
        scaled = (rows[column] * 1000).round()
        yield from means(metric, rows, scaled, 1000.0, (("manager",),))

    return score


def weekly_reviews(data: Data) -> Iterator[Measurement]:
    """Whole weeks of the last year in which the head reviewed deals (M-49).

    The year is counted back from as-of in steps of seven days; it begins with the
    first deal (without deals: the first review) where the data are shorter.
    """
    rows = picked(data, "management_reviews", "date")
    rows = rows.mutate(at=epoch(rows.date))
    rows = rows.filter(rows["at"] <= moment(data))
    first = _first(data, rows["at"])
    if data.has("deals", "entered_at"):
        entered = deals(data).entered
        first = _first(data, entered) or first
    if first is None:
        return
    weeks = min((moment(data) + 1 - first) // (_WEEK * DAY), 52)
    if weeks < 1:
        yield unknown(
            "review.weekly-adherence", "the data cover less than a week",
            "данные охватывают меньше недели",
        )  # fmt: skip
        return
    ago = ((moment(data) - rows["at"]) / (_WEEK * DAY)).floor().cast("int64")
    rows = rows.mutate(ago=ago)
    rows = rows.filter(rows.ago < weeks)
    held = int(data.rows(rows.aggregate(n=rows.ago.nunique()))[0]["n"] or 0)
    yield share("review.weekly-adherence", held, int(weeks))


def _first(data: Data, value: Any) -> int | None:
    found = data.rows(value.min().name("first").as_table())[0]["first"]
    return None if found is None else int(found)


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("activity.contacts-per-day",),
        ("activities.type", "activities.started_at"),
        contacts_per_day,
    ),
    Metric(
        ("script.score",),
        ("call_reviews.script_score",),
        _score("script.score", "script_score"),
    ),
    Metric(
        ("objection.score",),
        ("call_reviews.objection_score",),
        _score("objection.score", "objection_score"),
    ),
    Metric(("review.weekly-adherence",), ("management_reviews.date",), weekly_reviews),
)
