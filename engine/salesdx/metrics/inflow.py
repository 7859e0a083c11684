"""What flows in: money, requests, and those that never reach the CRM (M-12 ... M-111).

Money comes from payments; its manager, channel and region are the deal's.
"""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.grain import epoch, leads, minor, moment, month, picked, with_deal
from salesdx.metrics.monthly import (
    Cells,
    Months,
    cells_of,
    counted,
    last_whole,
    mean_month,
    monthly,
    whole,
)
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import PERIOD, dated, figure, label, unknown

_MONEY_BY = ("manager", "channel", "region")


def _payments(data: Data) -> Any:
    rows = picked(data, "payments", "deal_id amount paid_at")
    rows = rows.mutate(
        at=epoch(rows.paid_at), period=month(rows.paid_at), paid=minor(rows.amount)
    )
    rows = rows.filter((rows["at"] <= moment(data)) & rows.paid.notnull())
    return with_deal(data, rows, _MONEY_BY)


def money(data: Data) -> Iterator[Measurement]:
    """Payments of a month, and how far a slice or a month is from the mean (M-12)."""
    rows = data.kept("paid_invoices", lambda: _payments(data))
    months = whole(data, rows, "at")
    if months is None:
        for metric in ("money.inflow-monthly", "money.inflow-deviation"):
            yield _too_short(metric)
        return
    cells = cells_of(rows, rows.paid, _MONEY_BY, months)
    yield from monthly(data, "money.inflow-monthly", cells, months, 100.0)
    yield from _deviation(cells, months)


def _too_short(metric: str) -> Measurement:
    return unknown(
        metric, "the data cover no whole month",
        "данные не охватывают ни одного полного месяца",
    )  # fmt: skip


def _deviation(cells: Cells, months: Months) -> Iterator[Measurement]:
    """A month against the mean month; a manager against the mean of managers, etc."""
    metric = "money.inflow-deviation"
    of = {w: mean_month(metric, w, c, months, 1.0) for w, c in cells.items()}
    level = of[COMPANY].value or 0.0
    if level <= 0:
        yield unknown(metric, "no money came in", "поступлений денег не было")
        return
    for place in range(months.first, months.last + 1):
        total, n = cells[COMPANY].get(place, (0, 0))
        yield Measurement(
            metric, total / level - 1, COMPANY, n, total / 100, level / 100,
            period=label(PERIOD, place),
        )  # fmt: skip
    for dimension in _MONEY_BY:
        own = {w: m for w, m in of.items() if w and w[0][0] == dimension}
        norm = sum(m.value or 0.0 for m in own.values()) / max(len(own), 1)
        if len(own) < 2 or norm <= 0:
            continue
        for where, m in own.items():
            value = m.value or 0.0
            yield figure(metric, value / norm - 1, where, m.n, value / 100, norm / 100)


def _requests(data: Data) -> Any:
    rows = leads(data)
    rows = rows.mutate(at=epoch(rows.created_at), period=month(rows.created_at))
    return rows.filter(rows["at"] <= moment(data))


def requests(data: Data) -> Iterator[Measurement]:
    """Requests in all, by channel, source, region and target group (M-107, M-111)."""
    rows = _requests(data)
    wanted = {"inflow.requests": rows.count()}
    yield from counted(data, rows, wanted, ("channel", "source"))
    for m in counted(data, rows, wanted, ("segment", "region")):
        if m.slice:  # the company and its months are there already
            yield m


def requests_monthly(data: Data) -> Iterator[Measurement]:
    """People who come in a month: requests (M-13)."""
    rows = _requests(data)
    months = whole(data, rows, "at")
    if months is None:
        yield _too_short("inflow.requests-monthly")
        return
    one = ibis.literal(1, "int64")
    cells = cells_of(rows, one, ("channel", "source", "region"), months)
    yield from monthly(data, "inflow.requests-monthly", cells, months)


def logged_contacts(data: Data) -> dict[tuple[str, int], int]:
    """Contacts that the channels themselves counted, by channel and month."""
    rows = picked(data, "marketing_costs", "channel period leads")
    rows = rows.mutate(at=epoch(rows.period), month=month(rows.period))
    rows = rows.filter((rows["at"] <= moment(data)) & (rows.leads >= 0))
    rows = rows.filter(rows.channel.notnull())
    by = rows.group_by("channel", "month").agg(n=rows.leads.round().cast("int64").sum())
    return {(str(r["channel"]), int(r["month"])): int(r["n"]) for r in data.rows(by)}


def requests_by(data: Data, dimension: str) -> dict[tuple[str, int], int]:
    """Requests of the CRM by a dimension and month."""
    rows = _requests(data)
    rows = rows.filter(rows[dimension].notnull())
    by = rows.group_by(rows[dimension].name("of"), "period").agg(n=rows.count())
    return {(str(r["of"]), int(r["period"])): int(r["n"]) for r in data.rows(by)}


def capture_gap(data: Data) -> Iterator[Measurement]:
    """Contacts in the logs of a channel that the CRM lacks (M-105).

    Whole months only, and none before the CRM has requests. A channel whose name never
    occurs in the CRM cannot be compared: it may be called otherwise there.
    """
    metric = "capture.gap-share"
    logs, known = logged_contacts(data), requests_by(data, "channel")
    if not logs or not known:
        need = "no channel has both its own count and requests"
        yield unknown(metric, need, "ни по одному каналу нет и счётчика, и заявок")
        return
    months = Months(min(m for _, m in known), last_whole(data))
    whole_months = range(months.first, months.last + 1)
    logs = {k: n for k, n in logs.items() if k[1] in whole_months}
    total, missing = 0, 0
    found: list[Measurement] = []
    for channel in sorted({c for c, _ in logs}):
        where: Slice = (("channel", channel),)
        if not any(c == channel for c, _ in known):
            found.append(unknown(
                metric, "no request in the CRM names this channel",
                "в CRM нет заявок с таким названием канала", where,
            ))  # fmt: skip
            continue
        at = [m for c, m in logs if c == channel]
        counted_there = sum(logs[channel, m] for m in at)
        if not counted_there:
            continue
        gap = counted_there - sum(known.get((channel, m), 0) for m in at)
        total, missing = total + counted_there, missing + gap
        found.append(figure(
            metric, gap / counted_there, where, counted_there, gap, counted_there
        ))  # fmt: skip
    if total:
        yield figure(metric, missing / total, COMPANY, total, missing, total)
    else:
        yield unknown(
            metric, "no channel can be compared with the CRM",
            "ни один канал не удаётся сопоставить с CRM",
        )  # fmt: skip
    yield from found


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("money.inflow-monthly", "money.inflow-deviation"),
        ("payments.paid_at", "payments.amount"),
        money,
    ),
    Metric(("inflow.requests",), ("leads.created_at",), requests),
    Metric(("inflow.requests-monthly",), ("leads.created_at",), requests_monthly),
    Metric(
        ("capture.gap-share",),
        (
            "marketing_costs.leads",
            "marketing_costs.channel",
            "marketing_costs.period",
            "leads.created_at",
            "leads.channel",
        ),
        capture_gap,
    ),
)
