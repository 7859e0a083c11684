"""How one step leads to the next: letter, call, meeting; request, sale (M-62 ... M-64).

A letter led to a call when the next of both between the same seller and client is a
call, soon enough: a call is credited to one letter only, the last before it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.deals.deal_counts import KNOWN_RATIO
from salesdx.metrics.deals.maturity import NO_CYCLE, cutoff
from salesdx.metrics.grain import DAY, deals, epoch, flag, leads, moment
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares, unknown
from salesdx.metrics.work.chain import contacts

_MEETING = ("presentation", "meeting")
_LEADS_BY = ("manager", "source", "channel")


def letter_to_call(data: Data) -> Iterator[Measurement]:
    """Our letters that the next thing after is a call (M-62)."""
    days = int(data.setting("process.letter-to-call-days"))
    yield from _led(data, "conversion.letter-to-call", "letter", ("call",), days)


def call_to_meeting(data: Data) -> Iterator[Measurement]:
    """Our calls that the next thing after is a presentation or a meeting (M-63)."""
    days = int(data.setting("process.call-to-meeting-days"))
    yield from _led(data, "conversion.call-to-meeting", "call", _MEETING, days)


def _led(
    data: Data, metric: str, step: str, then: Sequence[str], days: int
) -> Iterator[Measurement]:
    """Share of steps whose window has passed and that led to what should follow.

    A call without a second of talk was missed: it is neither a step nor a result.
    """
    rows = contacts(data)
    who = ibis.coalesce(
        "client " + rows.client_id, "deal " + rows.deal_id, "lead " + rows.lead_id
    )
    rows = rows.mutate(who=who, seller=ibis.coalesce(rows.manager, ""))
    missed = (rows.type == "call") & (rows.duration_s.fill_null(1) <= 0)
    ours = rows.direction.fill_null("out") == "out"
    rows = rows.filter(
        rows.who.notnull()
        & ~missed
        & (((rows.type == step) & ours) | rows.type.isin(then))
    )
    rows = rows.select(
        "manager", "who", "seller", "started", "activity_id",
        result=flag(rows.type.isin(then)),
    )  # fmt: skip
    order = [rows.started, rows.result, rows.activity_id]
    within = ibis.window(group_by=[rows.seller, rows.who], order_by=order)
    rows = rows.mutate(
        next_result=rows.result.lead().over(within),
        next_at=rows.started.lead().over(within),
    )
    window = days * DAY
    rows = rows.filter((rows.result == 0) & (rows.started <= moment(data) - window))
    hit = flag((rows.next_result == 1) & (rows.next_at - rows.started <= window))
    yield from shares(metric, rows, hit, (("manager",),))


def lead_to_sale(data: Data) -> Iterator[Measurement]:
    """Requests at least one cycle old that became a won deal (M-64, X-4)."""
    metric = "conversion.lead-to-sale"
    days = cutoff(data).days
    if days is None:
        why = cutoff(data).reason or NO_CYCLE
        yield unknown(metric, why.en, why.ru)
        return
    sold = deals(data, "lead_id")
    sold = sold.filter(sold.status == "won")
    linked = data.rows(sold.aggregate(n=sold.count(), known=sold.lead_id.count()))[0]
    if linked["known"] < linked["n"] * data.setting("leads.linked-low"):
        yield unknown(
            metric, "too few won deals name the request they came from",
            "слишком мало выигранных сделок, где указана заявка",
        )  # fmt: skip
        return
    sold = sold.filter(sold.lead_id.notnull())
    sold = sold.filter(sold.closed.isnull() | (sold.closed <= moment(data)))
    sold = sold.group_by(sold.lead_id.name("sold_lead")).agg(times=sold.count())
    rows = leads(data)
    rows = rows.select("lead_id", *_LEADS_BY, created=epoch(rows.created_at))
    rows = rows.filter(rows.created <= moment(data) - days * DAY)
    rows = rows.left_join(sold, rows.lead_id == sold.sold_lead)
    rows = rows.mutate(hit=flag(rows.sold_lead.notnull()))
    yield from shares(metric, rows, rows.hit, _judged(data, rows))


def _judged(data: Data, rows: Any) -> list[tuple[str]]:
    """Dimensions that are not written down almost only when a request is sold."""
    left = 1 - rows.hit
    wanted = {"sold": rows.hit.sum(), "rest": left.sum()}
    for name in _LEADS_BY:
        known = rows[name].notnull()
        wanted[f"sold_{name}"] = rows.hit.sum(where=known)
        wanted[f"rest_{name}"] = left.sum(where=known)
    n = {k: int(v or 0) for k, v in data.rows(rows.aggregate(**wanted))[0].items()}
    if not n["sold"] or not n["rest"]:
        return [(name,) for name in _LEADS_BY]
    return [
        (name,) for name in _LEADS_BY
        if n[f"rest_{name}"] / n["rest"]
        >= KNOWN_RATIO * n[f"sold_{name}"] / n["sold"]
    ]  # fmt: skip


_CONTACTS = ("activities.type", "activities.started_at")
METRICS: tuple[Metric, ...] = dated(
    Metric(("conversion.letter-to-call",), _CONTACTS, letter_to_call),
    Metric(("conversion.call-to-meeting",), _CONTACTS, call_to_meeting),
    Metric(
        ("conversion.lead-to-sale",),
        ("leads.created_at", "deals.status", "deals.lead_id"),
        lead_to_sale,
    ),
)
