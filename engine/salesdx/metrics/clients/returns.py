"""Bringing clients back: how often it works, and who is worth it (M-75, M-78)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.clients.churn import NO_RHYTHM, NOBODY
from salesdx.metrics.clients.client_records import last_of, losses
from salesdx.metrics.clients.client_sums import scale, silent
from salesdx.metrics.clients.client_words import (
    OTHER,
    churn_reason,
    client_words,
    code_of,
)
from salesdx.metrics.clients.clients import client_rows, clients_known
from salesdx.metrics.clients.losing import logged
from salesdx.metrics.clients.purchases import YEAR
from salesdx.metrics.data import Data
from salesdx.metrics.grain import flag
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, share, unknown

METHODS = (
    "meeting", "call", "letter", "video", "gift", "guarantee", "special_offer",
    "new_products", OTHER,
)  # fmt: skip
_NATURAL = ("business_gone", "moved")  # nobody brings back who closed or moved away
_INPUTS = ("winback.order-size", "winback.orders-per-year")
_NO_ATTEMPT = (
    "nobody is recorded as having been asked back this way",
    "таким способом, судя по записям, никого не возвращали",
)
_NOBODY_WORTH = (
    "no lost client bought often and much enough",
    "среди ушедших нет тех, кто покупал достаточно часто и много",
)
_NO_RETURN = (
    "neither the log of losses nor purchases say who came back",
    "ни в журнале уходов, ни по покупкам не видно, кто вернулся",
)
_NO_AMOUNT = (
    "purchases have no amounts: the size of an order is not known",
    "у покупок нет сумм: размер заказа неизвестен",
)


def _id(method: str) -> str:
    return f"return.{method.replace('_', '-')}-rate"


def rates(data: Data) -> Iterator[Measurement]:
    """Clients who came back among those whom somebody tried to return, by method.

    Back is whom the log says so, or who bought after the loss.
    """
    if not (data.has("churn_log", "returned_at") or clients_known(data)):
        for metric in ("return.rate", *map(_id, METHODS)):
            yield unknown(metric, *_NO_RETURN)
        return
    rows = losses(data)
    rows = rows.filter(rows.win_back_method.notnull())
    known = client_rows(data).select(of="client_id", segment="segment", bought="last")
    rows = rows.left_join(known, rows.client_id == known.of)
    again = (rows.bought > rows["at"]) & (rows["at"] >= 0)
    back = flag(rows.back.notnull() | again.fill_null(False))
    rows = rows.mutate(hit=back)
    found = data.rows(
        rows.group_by("win_back_method", "segment").agg(
            n=rows.count(), back=rows.hit.sum()
        )
    )
    tried: dict[tuple[str, Slice], list[int]] = {}
    for row in found:
        code = code_of(str(row["win_back_method"]), client_words().return_methods)
        places = [("return.rate", COMPANY), (_id(code), COMPANY)]
        if row["segment"] is not None:
            where: Slice = (("segment", str(row["segment"])),)
            places += [("return.rate", where), (_id(code), where)]
        for place in places:
            cell = tried.setdefault(place, [0, 0])
            cell[0] += int(row["back"])
            cell[1] += int(row["n"])
    for (metric, where), (back, n) in sorted(tried.items()):
        yield share(metric, back, n, where)
    for metric in map(_id, METHODS):
        if (metric, COMPANY) not in tried:
            yield unknown(metric, *_NO_ATTEMPT)


def priority(data: Data) -> Iterator[Measurement]:
    """Lost clients worth returning: bought often enough, and no less than usual (M-78).

    Lost are those whom the log names as not returned, else the silent ones. Clients
    marked as not to be returned, and those whom the log says to have closed or moved
    away, are left out. Order size and frequency are given for
    the largest.
    """
    reason = None
    if not clients_known(data):
        reason = NOBODY
    elif scale(data).check is None:
        reason = _NO_AMOUNT
    elif not logged(data) and not scale(data).rhythm(
        data.setting("clients.rhythm-needed")
    ):
        reason = NO_RHYTHM
    if reason is not None:
        for metric in ("winback.priority-clients", *_INPUTS):
            yield unknown(metric, *reason)
        return
    rows = client_rows(data)
    if logged(data):
        gone = (rows.returned == 0) & (rows["last"] <= rows.left_day)
    else:
        gone = silent(data, rows)
    often = rows.orders >= data.setting("winback.orders")
    usual = rows.revenue >= rows.orders * ibis.literal(scale(data).check or 0.0)
    rows = rows.filter((gone & often & usual & (rows.blocked == 0)).fill_null(False))
    if data.has("churn_log", "reason"):
        left = _naturally_lost(data)
        rows = rows.anti_join(left, rows.client_id == left.of)
    yield from _inputs(data, rows)


def _naturally_lost(data: Data) -> Any:
    """Clients (`of`) whose last reason on record is that they closed or moved."""
    rows = losses(data)
    rows = rows.filter(rows.reason.notnull()).select("client_id", "at", "reason")
    texts = sorted(
        str(r["reason"]) for r in data.rows(rows.select("reason").distinct())
    )
    natural = [t for t in texts if churn_reason(t, data.company) in _NATURAL]
    last = last_of(rows, "reason")
    return last.filter(last.reason.isin(natural)).select(of="client_id")


def _inputs(data: Data, rows: Any) -> Iterator[Measurement]:
    lasted = ibis.greatest(rows["last"] - rows["first"], YEAR)
    rows = rows.select("client_id", "orders", "revenue", lasted=lasted)
    sums = {name: rows[name].sum() for name in ("orders", "revenue", "lasted")}
    whole = data.rows(rows.aggregate(n=rows.count(), **sums))[0]
    n = int(whole["n"])
    yield figure("winback.priority-clients", n, (), n)
    if not n:
        for metric in _INPUTS:
            yield unknown(metric, *_NOBODY_WORTH)
        return
    listed = int(data.setting("clients.listed"))
    top = rows.order_by(ibis.desc("revenue"), "client_id").limit(listed)
    clients = sorted(data.rows(top), key=lambda r: str(r["client_id"]))
    for row in (whole, *clients):
        name = row.get("client_id")
        where: Slice = COMPANY if name is None else (("client", str(name)),)
        orders, days = int(row["orders"]), int(row["lasted"])
        size = int(row["revenue"]) / orders / 100
        yield Measurement(_INPUTS[0], size, where, orders)
        yield Measurement(_INPUTS[1], orders * YEAR / days, where, orders)


METRICS: tuple[Metric, ...] = dated(
    Metric(("return.rate", *map(_id, METHODS)), ("churn_log.win_back_method",), rates),
    Metric(("winback.priority-clients", *_INPUTS), (), priority),
)
