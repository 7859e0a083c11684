"""Offers: what they lead to, how they are made, whether their deadline means anything.

M-93 and M-95, and the two elements of the closing formula that a list of offers shows:
a limit and a call.
"""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.deals.maturity import cutoff
from salesdx.metrics.grain import DAY, deals, epoch, flag, moment, picked, with_deal
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares, unknown
from salesdx.metrics.work.papers import due

_LIMITS = ("deadline_type", "deadline_at", "limit_qty")


def conversion(data: Data) -> Iterator[Measurement]:
    """Offers whose deal was won afterwards, by target group (M-93).

    Offers not linked to a deal cannot be followed and stay out; one on an open deal
    counts once a cycle has passed since it was made.
    """
    rows = picked(data, "offers", "offer_id deal_id target_group granted_at")
    rows = rows.mutate(made=epoch(rows.granted_at))
    rows = rows.filter(rows.made.isnull() | (rows.made <= moment(data)))
    known = deals(data)
    known = known.select("segment", "status", "closed", "entered", of=known.deal_id)
    rows = rows.inner_join(known, rows.deal_id == known.of)
    won = (rows.status == "won") & (rows.closed <= moment(data))
    won = won & (rows.made.isnull() | (rows.closed >= _day(rows.made)))
    rows = rows.select(
        segment=ibis.coalesce(rows.target_group, rows.segment),
        hit=flag(won), decided=_decided(data, rows),
    )  # fmt: skip
    rows = rows.filter(rows.decided)
    yield from shares("offer.conversion", rows, rows.hit, (("segment",),))


def _day(second: Any) -> Any:
    """The beginning of the day: many files give closings without a clock."""
    return (second / DAY).floor().cast("int64") * DAY


def _decided(data: Data, rows: Any) -> Any:
    closed = rows.status.isin(["won", "lost"])
    days = cutoff(data).days
    if days is None:
        return closed
    since = ibis.coalesce(rows.made, rows.entered)
    return closed | (since <= moment(data) - days * DAY).fill_null(False)


def after_deadline(data: Data) -> Iterator[Measurement]:
    """Expired offers that were granted all the same (M-95)."""
    marked = data.has("offers", "granted_after_deadline")
    if not marked and not data.has("offers", "granted_at"):
        yield unknown(
            "offer.after-deadline-share",
            "it is not recorded when an offer was granted",
            "не записано, когда предложением воспользовались",
        )
        return
    rows = picked(
        data, "offers", "deal_id deadline_at granted_at granted_after_deadline",
        manager="manager_id",
    )  # fmt: skip
    rows = with_deal(data, rows)
    rows = rows.mutate(until=due(rows.deadline_at), granted=epoch(rows.granted_at))
    rows = rows.filter(rows.until <= moment(data))
    late = (rows.granted > rows.until) & (rows.granted <= moment(data))
    said = rows.granted_after_deadline
    hit = flag(ibis.coalesce(said, late.fill_null(False)))
    yield from shares("offer.after-deadline-share", rows, hit, (("manager",),))


def limited(data: Data) -> Iterator[Measurement]:
    """Offers with a limit: a deadline, a quantity, or a kind of limit by name.

    A file in which no offer has any of them does not keep them: nothing is said then.
    """
    if not any(data.has("offers", column) for column in _LIMITS):
        yield unknown(
            "offer.limited-share",
            "limits of offers are not recorded",
            "ограничения предложений не записаны",
        )
        return
    rows = _made(data, " ".join(_LIMITS))
    kind = rows.deadline_type.cast("string").nullif("")
    hit = kind.notnull() | rows.deadline_at.notnull() | rows.limit_qty.notnull()
    yield from shares("offer.limited-share", rows, flag(hit), (("manager",),))


def calling(data: Data) -> Iterator[Measurement]:
    """Offers that tell the client what to do next."""
    rows = _made(data, "cta")
    hit = rows.cta.cast("string").nullif("").notnull()
    yield from shares("offer.with-call-share", rows, flag(hit), (("manager",),))


def _made(data: Data, columns: str) -> Any:
    """Offers with the manager of their deal where they name none."""
    rows = picked(data, "offers", f"deal_id {columns}", manager="manager_id")
    return with_deal(data, rows)


METRICS: tuple[Metric, ...] = (
    *dated(
        Metric(("offer.conversion",), ("offers.deal_id", "deals.status"), conversion),
        Metric(
            ("offer.after-deadline-share",), ("offers.deadline_at",), after_deadline
        ),
    ),
    Metric(("offer.limited-share",), ("offers",), limited),
    Metric(("offer.with-call-share",), ("offers.cta",), calling),
)
