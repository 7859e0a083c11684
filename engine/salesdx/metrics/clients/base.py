"""The base of clients: new ones, those who stay, what they bring (M-84 … M-89)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement
from salesdx.metrics.clients.churn import NOBODY, counted
from salesdx.metrics.clients.client_sums import client_sums, scale
from salesdx.metrics.clients.client_words import client_words, says
from salesdx.metrics.clients.clients import client_rows
from salesdx.metrics.clients.losing import SHORT
from salesdx.metrics.clients.purchases import known, purchases, span, today
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, deals, flag, moment
from salesdx.metrics.months import begins, since
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import (
    PERIOD,
    dated,
    figure,
    label,
    mean,
    share,
    sums,
    totals,
    unknown,
)

_NEW = ("clients.new", "clients.new-revenue")
_ROLES = ("roles.dual-duty-share", "roles.new-business-share")
_NO_MANAGER = (
    "deals do not say which manager led them and which client bought",
    "в сделках не указаны менеджер и клиент",
)


def new_clients(data: Data) -> Iterator[Measurement]:
    """Clients whose first purchase lies in the last period, and what they paid (M-85).

    The manager and the channel are those of the first purchase. Months show the money
    of the month in which the client first bought.
    """
    reason = NOBODY if not known(data) else SHORT if span(data) is None else None
    if reason is not None:
        for metric in _NEW:
            yield unknown(metric, *reason)
        return
    rows = client_rows(data)
    opening = today(data) - (span(data) or 0)
    rows = rows.filter((rows["first"] > opening) & (rows.orders > 0))
    rows = rows.select(
        "channel", manager=rows.winner, revenue=ibis.coalesce(rows.revenue, 0),
        one=ibis.literal(1, "int64"),
    )  # fmt: skip
    paid = data.has("deals", "amount")
    for where, row in sums(rows, ("one", "revenue"), (("manager",), ("channel",))):
        yield figure("clients.new", row["one"], where, row["one"])
        if paid:
            money = row["revenue"] / 100
            yield figure("clients.new-revenue", money, where, row["one"])
    if not paid:
        yield unknown("clients.new-revenue", *_NO_AMOUNT)
    yield from _new_by_month(data, opening)


_NO_AMOUNT = ("won deals have no amounts", "у выигранных сделок нет сумм")


def _new_by_month(data: Data, opening: int) -> Iterator[Measurement]:
    rows = purchases(data)
    first = client_rows(data).select(of="client_id", came="first")
    rows = rows.inner_join(first, rows.client_id == first.of)
    rows = rows.filter(rows.came > opening)
    counts = data.rows(
        rows.group_by("came", "month").agg(
            new=flag(rows.number == 1).sum(),
            revenue=ibis.coalesce(rows.amount, 0).sum(),
        )
    )
    paid = data.has("deals", "amount")
    for place in since(data, opening + 1):
        inside = range(begins(place), begins(place + 1))
        cells = [r for r in counts if r["came"] in inside and r["month"] == place]
        n = sum(int(r["new"]) for r in cells)
        period = label(PERIOD, place)
        yield Measurement("clients.new", n, (), n, period=period)
        if paid:
            money = sum(int(r["revenue"]) for r in cells) / 100
            yield Measurement("clients.new-revenue", money, (), n, period=period)


def retention(data: Data) -> Iterator[Measurement]:
    """Clients of the period before who bought again in the last one (M-86)."""
    metric = "clients.retention"
    if not known(data) or span(data) is None:
        yield unknown(metric, *(SHORT if known(data) else NOBODY))
        return
    cuts = ("manager", "segment")
    yield from counted(metric, client_sums(data), "kept", "was_current", cuts)


def repeats(data: Data) -> Iterator[Measurement]:
    """Clients with a second purchase, and purchases after the first (M-87)."""
    ids = ("repeat.share", "repeat.orders-per-client")
    if not known(data):
        for metric in ids:
            yield unknown(metric, *NOBODY)
        return
    for where, row in client_sums(data).items():
        if not where or (where[0][0] == "segment" and row["ordered"]):
            yield from _repeat(where, row["repeat"], row["orders"], row["ordered"])
    rows = purchases(data)
    each = rows.group_by("client_id", "product").agg(orders=rows.count())
    each = each.mutate(again=flag(each.orders > 1), one=ibis.literal(1, "int64"))
    for where, row in sums(each, ("orders", "again", "one"), (("product",),)):
        if where:
            yield from _repeat(where, row["again"], row["orders"], row["one"])


def _repeat(where: Any, again: int, orders: int, n: int) -> Iterator[Measurement]:
    yield share("repeat.share", again, n, where)
    if n:
        later = orders - n
        yield figure("repeat.orders-per-client", later / n, where, n, later, n)
    else:
        yield unknown("repeat.orders-per-client", *NOBODY, where)


def lifetime_value(data: Data) -> Iterator[Measurement]:
    """Mean gross profit of a client so far, where every purchase has a cost (M-88)."""
    metric, step = "ltv.mean", scale(data).step
    for where, row in client_sums(data).items():
        n = row["earned"]
        if not n and not where:
            yield unknown(
                metric, "no client has all purchases with amount and cost",
                "нет клиентов, у которых у всех покупок есть сумма и себестоимость",
            )  # fmt: skip
        elif n and (not where or where[0][0] in {"segment", "channel"}):
            squares = float(row["profit_squared"]) * step * step
            yield mean(metric, row["profit"], squares, n, 100.0, where)


def roles(data: Data) -> Iterator[Measurement]:
    """Share of new business by manager, and of managers with both duties (M-84).

    A deal of the last period is new business when its client had not bought before it
    was entered. A duty is material from a fifth of a manager's deals on.
    """
    if not data.has("deals", "client_id", "manager_id", "entered_at", "status"):
        for metric in _ROLES:
            yield unknown(metric, *_NO_MANAGER)
        return
    rows = deals(data, "client_id")
    rows = rows.mutate(day=(rows.entered / DAY).floor().cast("int64"))
    start = today(data) - (span(data) or today(data))
    inside = (rows.entered <= moment(data)) & (rows.day > start)
    rows = rows.filter(inside & rows.client_id.notnull() & rows.manager.notnull())
    first = client_rows(data).select(of="client_id", came="first")
    rows = rows.left_join(first, rows.client_id == first.of)
    old = (rows.came < rows.day).fill_null(False)
    rows = rows.select("manager", new=flag(~old))
    found = []
    wanted = {"new": rows.new.sum(), "n": rows.count()}
    for where, row in totals(rows, wanted, (("manager",),)):
        figure_ = share("roles.new-business-share", row["new"], row["n"], where)
        yield figure_
        if where and figure_.state == "ok" and figure_.value is not None:
            found.append(figure_.value)
    least = data.setting("roles.material-share")
    both = [v for v in found if least <= v <= 1 - least]
    if found:
        yield share("roles.dual-duty-share", len(both), len(found))
    else:
        yield unknown(
            "roles.dual-duty-share", "no manager has ten deals of known clients",
            "ни у одного менеджера нет десяти сделок с известными клиентами",
        )  # fmt: skip


def referrals(data: Data) -> Iterator[Measurement]:
    """Won deals that came by recommendation, among those of a known source (M-89)."""
    metric = "referral.share"
    rows = deals(data)
    rows = rows.filter((rows.status == "won") & rows.source.notnull())
    by = data.rows(rows.group_by("source", "channel").agg(n=rows.count()))
    if not by:
        yield unknown(
            metric,
            "no won deal has a source",
            "ни у одной выигранной сделки нет источника",
        )
        return
    words = client_words().referral
    cells = [(r["channel"], says(str(r["source"]), words), int(r["n"])) for r in by]
    channels = sorted({str(c) for c, _, _ in cells if c is not None})
    for channel in (None, *channels):
        own = [(hit, n) for c, hit, n in cells if channel is None or c == channel]
        where = COMPANY if channel is None else (("channel", channel),)
        yield share(
            metric, sum(n for hit, n in own if hit), sum(n for _, n in own), where
        )


METRICS: tuple[Metric, ...] = dated(
    Metric(_NEW, (), new_clients),
    Metric(("clients.retention",), (), retention),
    Metric(("repeat.share", "repeat.orders-per-client"), (), repeats),
    Metric(
        ("ltv.mean",), ("deals.client_id", "deals.amount", "deals.cost"), lifetime_value
    ),
    Metric(_ROLES, (), roles),
    Metric(("referral.share",), ("deals.status",), referrals),
)
