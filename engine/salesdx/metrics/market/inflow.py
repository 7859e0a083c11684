"""What flows in: money, requests, and those that never reach the CRM (M-12 ... M-111).

Money comes from payments; its manager, channel and region are the deal's.
"""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.grain import epoch, leads, minor, moment, month, picked, with_deal
from salesdx.metrics.monthly import Cells, cells_of, counted, mean_month, monthly
from salesdx.metrics.months import Months, last_whole, whole
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import PERIOD, dated, figure, label, unknown

_GAP = "capture.gap-share"
Counts = dict[tuple[str, int], int]  # (value of a dimension, month) -> number
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


def _logged(data: Data, dimension: str) -> Counts:
    """Contacts that channels or sources themselves counted, by value and month."""
    rows = picked(data, "marketing_costs", "channel source period leads")
    rows = rows.mutate(at=epoch(rows.period), month=month(rows.period))
    rows = rows.filter((rows["at"] <= moment(data)) & (rows.leads >= 0))
    rows = rows.filter(rows[dimension].notnull())
    by = rows.group_by(rows[dimension].name("of"), "month").agg(
        n=rows.leads.round().cast("int64").sum()
    )
    return {(str(r["of"]), int(r["month"])): int(r["n"]) for r in data.rows(by)}


def requests_by(data: Data, dimension: str) -> Counts:
    """Requests of the CRM by a dimension and month."""
    rows = _requests(data)
    rows = rows.filter(rows[dimension].notnull())
    by = rows.group_by(rows[dimension].name("of"), "period").agg(n=rows.count())
    return {(str(r["of"]), int(r["period"])): int(r["n"]) for r in data.rows(by)}


def capture_gap(data: Data) -> Iterator[Measurement]:
    """Contacts in the logs of a channel or source that the CRM lacks (M-105).

    Whole months only, and none before the CRM has requests. A name that never occurs
    in the CRM cannot be compared: it may be called otherwise there. The company is
    read by channels, else by sources: one contact may stand in both.
    """
    company: Measurement | None = None
    found: list[Measurement] = []
    for dimension in ("channel", "source"):
        if data.has("marketing_costs", dimension) and data.has("leads", dimension):
            rows = _gaps(data, dimension)
            known = [m for m in rows if m.value is not None]
            total = sum(int(m.denominator or 0) for m in known)
            if known and company is None:
                missing = sum(int(m.numerator or 0) for m in known)
                company = figure(
                    _GAP, missing / total, COMPANY, total, missing, total
                )  # fmt: skip
            found += rows
    yield company or unknown(
        _GAP, "no channel and no source has both its own count and requests in the CRM",
        "ни у одного канала и источника нет одновременно своего счётчика и заявок"
        " в CRM",
    )  # fmt: skip
    yield from found


def _gaps(data: Data, dimension: str) -> list[Measurement]:
    logs, known = _logged(data, dimension), requests_by(data, dimension)
    months = range(min((m for _, m in known), default=0), last_whole(data) + 1)
    logs = {k: n for k, n in logs.items() if k[1] in months}
    found = []
    for value in sorted({v for v, _ in logs}):
        where: Slice = ((dimension, value),)
        at = [m for v, m in logs if v == value]
        counted_there = sum(logs[value, m] for m in at)
        if not any(v == value for v, _ in known):
            found.append(unknown(
                _GAP, "no request in the CRM bears this name",
                "в CRM нет заявок с таким названием", where,
            ))  # fmt: skip
        elif counted_there:
            gap = counted_there - sum(known.get((value, m), 0) for m in at)
            found.append(figure(
                _GAP, gap / counted_there, where, counted_there, gap, counted_there
            ))  # fmt: skip
    return found


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("money.inflow-monthly", "money.inflow-deviation"),
        ("payments.paid_at", "payments.amount"),
        money,
    ),
    Metric(("inflow.requests",), ("leads.created_at",), requests),
    Metric(("inflow.requests-monthly",), ("leads.created_at",), requests_monthly),
    Metric(
        (_GAP,),
        ("marketing_costs.leads", "marketing_costs.period", "leads.created_at"),
        capture_gap,
    ),
)
