"""How many clients are lost in a period, and what they were worth (M-70, M-71, M-77).

Lost is whom the log of losses names; without a log, who is silent beyond the own
rhythm. The rate is on the clients at the opening of the period.
"""

from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import ibis

from salesdx.facts import Measurement
from salesdx.language import Text
from salesdx.metrics.clients.acquisition import cost_per_new_client
from salesdx.metrics.clients.churn import NO_RHYTHM, NOBODY
from salesdx.metrics.clients.client_records import losses
from salesdx.metrics.clients.client_sums import scale, silent
from salesdx.metrics.clients.clients import Totals, by_slice, client_rows, clients_known
from salesdx.metrics.clients.purchases import YEAR, known, span, today
from salesdx.metrics.data import Data
from salesdx.metrics.grain import flag
from salesdx.metrics.months import begins, since
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import PERIOD, dated, figure, label, share, unknown

_LOGGED = ("manager", "channel", "region", "department")
_NO_PROFIT = (
    "the gross profit of the lost clients is not known: deals need amounts and costs",
    "валовая прибыль по ушедшим клиентам неизвестна: в сделках нужны сумма и"
    " себестоимость",
)
SHORT = (
    "purchases are recorded for less than half a year",
    "покупки записаны меньше чем за полгода",
)
_NO_COST = Text(
    en="the cost of winning a new client in place of each is not known",
    ru="сколько стоит привлечь нового клиента взамен, неизвестно",
)
_losing: WeakKeyDictionary[Data, Totals] = WeakKeyDictionary()


def logged(data: Data) -> bool:
    """Whether losses are written down with a date."""
    return data.has("churn_log", "date")


def losing(data: Data) -> Totals:
    """Clients at the opening of the last `span`, those lost in it, and their worth."""
    if data not in _losing:
        rows = lost_clients(data)
        names = ("opening", "gone", "worth", "valued")
        _losing[data] = by_slice(data, rows, {n: rows[n] for n in names})
    return _losing[data]


def lost_clients(data: Data) -> Any:
    """Clients with 0/1 `opening` and `gone`, `worth` (gross profit a year), `valued`.

    A client belongs to the opening who had bought within the limit of silence before
    it, or is lost after it. What the log says of the place of a loss goes first.
    """
    rows = client_rows(data)
    opening = today(data) - (span(data) or 0)
    back = rows["last"] > opening  # a purchase in the span, known from the list alone
    active = (rows.last_before > opening - _limit(data)) | (
        back & (rows["first"] <= opening)
    )
    active = active.fill_null(False)
    if logged(data):
        left = (rows.left_day > opening).fill_null(False)
        before = (rows.left_day <= opening) & (rows.returned == 0)
        before = before & ~(rows.last_before > rows.left_day).fill_null(False)
        base = (active | left) & ~before.fill_null(False)
        gone, priced = left & base, left & base
    else:
        base = active
        gone = active & silent(data, rows).fill_null(False)
        priced = gone & (rows.days > 1)  # one purchase promises no second
    earned = (rows.orders > 0) & (rows.costed == rows.orders)
    lasted = ibis.greatest(rows["last"] - rows["first"], YEAR)
    yearly = (ibis.greatest(rows.profit, 0) / lasted * YEAR).floor().cast("int64")
    valued = (priced & earned).fill_null(False)
    dims = {d: ibis.coalesce(rows[f"left_{d}"], rows[d]) for d in _LOGGED}
    return rows.select(
        "client_id", "segment", **dims, opening=flag(base), gone=flag(gone),
        worth=ibis.ifelse(valued, yearly, 0), valued=flag(valued),
    )  # fmt: skip


def _unfit(data: Data) -> tuple[str, str] | None:
    """Why losses cannot be counted on an opening base, or None."""
    if not clients_known(data):
        return NOBODY
    if span(data) is None:
        return SHORT
    needed = data.setting("clients.rhythm-needed")
    if not logged(data) and not scale(data).rhythm(needed):
        return NO_RHYTHM
    return None


def rate(data: Data) -> Iterator[Measurement]:
    """Clients lost in the last period among those at its opening (M-70, M-71)."""
    reason = _unfit(data)
    if reason is not None:
        yield unknown("churn.rate", *reason)
        return
    for where, row in losing(data).items():
        if not where or (where[0][0] in _LOGGED and row["opening"]):
            yield share("churn.rate", row["gone"], row["opening"], where)
    if logged(data) and known(data):
        yield from _monthly(data)


def _monthly(data: Data) -> Iterator[Measurement]:
    """Lost in each of the last twelve whole months on the clients at its opening.

    A client is there from the day after the first purchase to the loss in the log, or
    as long after the last purchase as silence is no loss. A return hides the loss
    before it: such a client was there all the time.
    """
    rows = client_rows(data)
    left = ibis.ifelse(rows.returned == 1, ibis.null("int64"), rows.left_day)
    rows = rows.filter(rows["first"].notnull())
    rows = rows.select(
        "first", left=left, until=ibis.coalesce(left, rows["last"] + _limit(data))
    )
    rows = rows.filter(rows.until >= rows["first"])
    came, ended = _by_day(data, rows, "first"), _by_day(data, rows, "until")
    logged_ = rows.filter(rows.left.notnull())
    gone = data.rows(logged_.group_by("first", "left").agg(n=logged_.count()))
    if not gone:
        return
    for place in since(data, min(came))[1:][-12:]:
        opens, closes = begins(place), begins(place + 1)
        base = sum(n for day, n in came.items() if day < opens)
        base -= sum(n for day, n in ended.items() if day < opens)
        lost = sum(
            int(r["n"])
            for r in gone
            if r["first"] < opens and opens <= r["left"] < closes
        )
        if base > 0:
            yield share("churn.rate", lost, base, ((PERIOD, label(PERIOD, place)),))


def _by_day(data: Data, rows: Any, name: str) -> dict[int, int]:
    """Number of rows by a column of days."""
    by = data.rows(rows.group_by(name).agg(n=rows.count()))
    return {int(r[name]): int(r["n"]) for r in by}


def _limit(data: Data) -> int:
    """Days of silence after which a client is no longer counted on."""
    return int(data.setting("churn.lost-after-days")) or YEAR


def refusals(data: Data) -> Iterator[Measurement]:
    """Losses written down in the last period, and in each of its months (M-70)."""
    rows = losses(data)
    days = span(data) or YEAR
    rows = rows.filter((rows["at"] >= 0) & (rows["at"] > today(data) - days))
    per_day = {
        int(r["at"]): int(r["n"])
        for r in data.rows(rows.group_by("at").agg(n=rows.count()))
    }
    total = sum(per_day.values())
    yield figure("churn.refusals", total, (), total)
    for place in since(data, today(data) - days + 1):
        inside = range(begins(place), begins(place + 1))
        n = sum(count for at, count in per_day.items() if at in inside)
        # a month without a loss is a figure too
        yield Measurement("churn.refusals", n, (), n, period=label(PERIOD, place))


def profit_lost(data: Data) -> Iterator[Measurement]:
    """Gross profit a year of those lost in the last period, and of replacing them."""
    metric = "churn.profit-lost"
    reason = _unfit(data)
    if reason is None and not losing(data)[()]["valued"] and losing(data)[()]["gone"]:
        reason = _NO_PROFIT
    if reason is not None:
        yield unknown(metric, *reason)
        return
    cost = cost_per_new_client(data)
    for where, row in losing(data).items():
        if where and (where[0][0] != "segment" or not row["gone"]):
            continue
        money = row["worth"] + (cost or 0.0) * row["valued"]
        note = _NO_COST if cost is None else None
        yield figure(metric, money / 100, where, row["valued"], reason=note)


METRICS: tuple[Metric, ...] = dated(
    Metric(("churn.rate",), (), rate),
    Metric(("churn.refusals",), ("churn_log.date",), refusals),
    Metric(("churn.profit-lost",), (), profit_lost),
)
