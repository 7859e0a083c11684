"""The chain from the request to the contract: each link kept or broken (M-30 … M-37).

What is due only tomorrow is not judged today: requests and client actions count once
the norm, the end of the next working day, has passed.
"""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.calendar import on_calendar
from salesdx.metrics.data import Data
from salesdx.metrics.grain import DAY, epoch, flag, leads, moment, picked, with_deal
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares

CONTACTS = ("letter", "call", "chat", "presentation", "meeting", "demo")
_LIVE = ("call", "presentation", "meeting", "demo")
_BY_MANAGER = (("manager",),)
_BY_STAGE = (("manager",), ("stage",))
_STAGE = ("stage_id",)


def due_requests(data: Data) -> Any:
    """Requests whose norm has passed: one row a request, with `due` in seconds."""
    return data.kept("due_requests", lambda: _due_requests(data))


def _due_requests(data: Data) -> Any:
    rows = leads(data)
    rows = rows.select(
        "manager", "source", "channel", "notified_at", "first_attempt_at", "reached_at",
        "first_response_at", created=epoch(rows.created_at),
    )  # fmt: skip
    rows = rows.filter(rows.created.notnull() & (rows.created <= moment(data)))
    rows = on_calendar(data, rows, "created", "in")
    return rows.filter(rows.in_deadline <= moment(data))


def notified(data: Data) -> Iterator[Measurement]:
    """Requests of which a manager was told (M-30)."""
    rows = due_requests(data)
    hit = flag(rows.notified_at.notnull())
    grains = (("manager",), ("channel",))
    yield from shares("chain.notified-share", rows, hit, grains)


def reached(data: Data) -> Iterator[Measurement]:
    """Requests where the client was reached at the contact given (M-31)."""
    rows = due_requests(data)
    hit = flag(rows.reached_at.notnull())
    grains = (("manager",), ("source",))
    yield from shares("chain.reached-share", rows, hit, grains)


def contacts(data: Data) -> Any:
    """Contacts held up to as-of: `started` in seconds, `manager` (else the deal's)."""
    return data.kept("contacts", lambda: _contacts(data))


def _contacts(data: Data) -> Any:
    rows = picked(
        data, "activities",
        "activity_id type direction client_id deal_id lead_id started_at duration_s"
        " outcome outcome_logged_at adapted",
        manager="manager_id",
    )  # fmt: skip
    rows = with_deal(data, rows)
    rows = rows.mutate(started=epoch(rows.started_at))
    return rows.filter(rows.started.notnull() & (rows.started <= moment(data)))


def to_be_logged(rows: Any) -> Any:
    """Contacts that have an outcome: ours, and talks; not the client's letters."""
    ours = (rows.direction.fill_null("out") == "out") | rows.type.isin(_LIVE)
    return rows.filter(rows.type.isin(CONTACTS) & ours)


def logged(data: Data) -> Iterator[Measurement]:
    """Contacts whose outcome was written down by the end of the next working day.

    Where the time of writing is not recorded at all, a written outcome is enough.
    """
    rows = to_be_logged(contacts(data))
    rows = rows.select("deal_id", "manager", "started", "outcome", "outcome_logged_at")
    rows = on_calendar(data, rows, "started", "at")
    rows = rows.filter(rows.at_deadline <= moment(data))
    written = rows.outcome.notnull()
    if data.has("activities", "outcome_logged_at"):
        written = written & (epoch(rows.outcome_logged_at) <= rows.at_deadline)
    rows = with_deal(data, rows.mutate(hit=flag(written)), _STAGE)
    rows = rows.mutate(stage=rows.stage_id)
    yield from shares("chain.logged-share", rows, rows.hit, _BY_STAGE)


def answered(data: Data) -> Iterator[Measurement]:
    """Client actions followed by ours by the end of the next working day (M-37).

    A talk that took place is its own answer; letters, chats and missed calls need a
    later action towards the same client (else deal, else request).
    """
    rows = contacts(data)
    rows = rows.select(
        "activity_id", "type", "direction", "duration_s", "manager", "started",
        "client_id", "deal_id", "lead_id",
    )  # fmt: skip
    who = ibis.coalesce(
        "client " + rows.client_id, "deal " + rows.deal_id, "lead " + rows.lead_id
    )
    rows = rows.mutate(who=who, out=flag(rows.direction == "out"))
    rows = rows.filter(rows.who.notnull())
    order = [rows.started, rows.out, rows.activity_id]
    so_far = ibis.window(group_by=rows.who, order_by=order, preceding=None, following=0)
    rows = rows.mutate(place=rows.out.sum().over(so_far))
    replies = rows.filter(rows.out == 1).select(
        to_whom=rows.who, reply_place=rows.place, replied=rows.started
    )
    asked = rows.filter(rows.direction == "in").mutate(next_place=rows.place + 1)
    asked = on_calendar(data, asked, "started", "at")
    joined = asked.left_join(
        replies,
        [asked.who == replies.to_whom, asked.next_place == replies.reply_place],
    )
    talked = joined.type.isin(_LIVE) & (joined.duration_s.fill_null(0) > 0)
    served = talked | (joined.replied <= joined.at_deadline)
    joined = joined.mutate(served=flag(served))
    joined = joined.filter((joined.served == 1) | (joined.at_deadline <= moment(data)))
    joined = with_deal(data, joined.select("deal_id", "manager", "served"), _STAGE)
    joined = joined.mutate(stage=joined.stage_id)
    yield from shares("chain.answered-share", joined, joined.served, _BY_STAGE)


def consultation_to_quote(data: Data) -> Iterator[Measurement]:
    """Consultations after which the client asks for a quote or an order (M-29).

    A later request of the same client for a quote or an order counts, and so does a
    quote on the deal of the consultation; consultations younger than 30 days count
    only when they have led to one.
    """
    rows = leads(data)
    rows = rows.select(
        "lead_id", "client_id", "manager", "source", "channel",
        created=epoch(rows.created_at), kind=rows.request_type.lower(),
    )  # fmt: skip
    rows = rows.filter(rows.created <= moment(data))
    asked = rows.filter(rows.kind == "consultation")
    later = rows.filter(rows.kind.isin(["quote", "order"]) & rows.client_id.notnull())
    later = later.group_by(later.client_id.name("who")).agg(last=later.created.max())
    found = asked.left_join(later, asked.client_id == later.who)
    found = found.mutate(hit=flag(found.last > found.created))
    if data.has("quotes", "deal_id") and data.has("deals", "lead_id"):
        of_deal = picked(data, "deals", "deal_id", of="lead_id")
        quoted = picked(data, "quotes", "deal_id").distinct()
        of_deal = of_deal.filter(of_deal.of.notnull()).semi_join(quoted, "deal_id")
        of_deal = of_deal.select(quoted_lead=of_deal.of).distinct()
        found = found.left_join(of_deal, found.lead_id == of_deal.quoted_lead)
        hit = flag((found.hit == 1) | found.quoted_lead.notnull())
        found = found.mutate(hit=hit)
    found = found.filter((found.hit == 1) | (found.created <= moment(data) - 30 * DAY))
    grains = (("manager",), ("source",), ("channel",))
    yield from shares("conversion.consultation-to-quote", found, found.hit, grains)


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("chain.notified-share",), ("leads.created_at", "leads.notified_at"), notified
    ),
    Metric(("chain.reached-share",), ("leads.created_at", "leads.reached_at"), reached),
    Metric(
        ("chain.logged-share",),
        ("activities.type", "activities.started_at", "activities.outcome"),
        logged,
    ),
    Metric(
        ("chain.answered-share",),
        ("activities.type", "activities.started_at", "activities.direction"),
        answered,
    ),
    Metric(
        ("conversion.consultation-to-quote",),
        ("leads.created_at", "leads.request_type"),
        consultation_to_quote,
    ),
)
