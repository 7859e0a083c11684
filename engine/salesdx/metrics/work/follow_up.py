"""What happens to a deal between contacts: broken links, next steps, who holds it."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.language import Text
from salesdx.metrics.calendar import on_calendar
from salesdx.metrics.data import Data
from salesdx.metrics.deals.funnels import by_funnel, cycles
from salesdx.metrics.deals.maturity import cutoff
from salesdx.metrics.grain import (
    DAY,
    deals,
    epoch,
    flag,
    leads,
    moment,
    picked,
    with_deal,
)
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, means, shares, sums, unknown
from salesdx.metrics.work.chain import contacts
from salesdx.metrics.work.papers import due
from salesdx.metrics.work.stages import references

_UNTRACED = Text(
    en="who worked on a deal before is not recorded: none is taken to have changed"
    " hands",
    ru="кто вёл сделку раньше, не записано: считаем, что ни одну не передавали",
)
_TALKS = ("meeting", "presentation", "demo")
_TOUCHED = ("first_attempt_at", "reached_at", "first_response_at")
RECEIVED, PROCESSED, QUOTED, STARTED = range(4)


def broken_links(data: Data) -> Iterator[Measurement]:
    """Mean number of broken links of the chain per deal (M-38).

    Links: the request was passed to a manager, was processed, the quote asked for was
    sent, and with a client who is ready the start was agreed. Each link counts once a
    deal, where the data record it, and only when its norm has passed.
    """
    parts = [*_request_links(data), *_quote_links(data), *_start_links(data)]
    if not parts:
        yield unknown(
            "chain.broken-links",
            "no link of the chain can be traced to a deal: neither its request, nor"
            " quote, nor contract",
            "ни одно звено цепочки не прослеживается до сделки: ни заявка, ни КП, ни"
            " договор",
        )
        return
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    rows = rows.filter(rows.deal_id.notnull())
    links = rows.group_by("deal_id", "link").agg(failed=rows.failed.max())
    of_deal = links.group_by("deal_id").agg(failed=links.failed.sum())
    found = with_deal(data, of_deal, ("manager", "stage_id"))
    found = found.mutate(stage=found.stage_id)
    grains = (("manager",), ("stage",))
    yield from means("chain.broken-links", found, found.failed, grains=grains)


def _link(rows: Any, link: int, failed: Any) -> Any:
    return rows.select("deal_id", link=ibis.literal(link, "int64"), failed=failed)


def _request_links(data: Data) -> Iterator[Any]:
    """Received and processed, judged at the end of the next working day."""
    told = data.has("leads", "notified_at")
    touched = [c for c in _TOUCHED if data.has("leads", c)]
    traced = data.has("leads", "created_at") and data.has("deals", "lead_id")
    if not traced or not (told or touched):
        return
    rows = leads(data).mutate(created=epoch(leads(data).created_at))
    rows = rows.filter(rows.created.notnull() & (rows.created <= moment(data)))
    served = ibis.literal(False)
    for name in touched:
        served = served | rows[name].notnull()
    rows = rows.select(
        "lead_id", "created", told=flag(rows.notified_at.isnull()),
        ignored=flag(~served),
    )  # fmt: skip
    rows = on_calendar(data, rows, "created", "in")
    rows = rows.filter(rows.in_deadline <= moment(data))
    of = picked(data, "deals", "deal_id", of="lead_id")
    rows = rows.inner_join(of, rows.lead_id == of.of)
    if told:
        yield _link(rows, RECEIVED, rows.told)
    if touched:
        yield _link(rows, PROCESSED, rows.ignored)


def _quote_links(data: Data) -> Iterator[Any]:
    """Quotes asked for: broken when not sent by the promise, else a working day."""
    if not data.has("quotes", "deal_id", "requested_at"):
        return
    rows = picked(data, "quotes", "deal_id requested_at promised_at sent_at")
    rows = rows.mutate(asked=epoch(rows.requested_at))
    rows = rows.filter(rows.asked.notnull() & (rows.asked <= moment(data)))
    rows = on_calendar(data, rows, "asked", "in")
    sent = epoch(rows.sent_at)
    sent = sent.notnull() & (sent <= moment(data))
    until = ibis.coalesce(due(rows.promised_at), rows.in_deadline)
    rows = rows.mutate(sent=flag(sent), until=until)
    rows = rows.filter((rows.sent == 1) | (rows.until <= moment(data)))
    yield _link(rows, QUOTED, 1 - rows.sent)


def _start_links(data: Data) -> Iterator[Any]:
    """Clients who are ready: broken when a working day later no start is agreed."""
    if not data.has("contracts", "deal_id", "client_ready_at"):
        return
    rows = picked(
        data, "contracts", "deal_id client_ready_at start_agreed_at draft_sent_at"
    )
    rows = rows.mutate(ready=epoch(rows.client_ready_at))
    rows = rows.filter(rows.ready.notnull() & (rows.ready <= moment(data)))
    rows = on_calendar(data, rows, "ready", "in")
    begun = rows.start_agreed_at.notnull() | rows.draft_sent_at.notnull()
    rows = rows.mutate(begun=flag(begun))
    rows = rows.filter((rows.begun == 1) | (rows.in_deadline <= moment(data)))
    yield _link(rows, STARTED, 1 - rows.begun)


def next_step(data: Data) -> Iterator[Measurement]:
    """Open deals whose last talk ended with a dated next step (M-96).

    A next step is a task of the deal, or a ticket on it, due on the day of the talk
    or later.
    """
    tasks, tickets = data.has("deals", "next_task_at"), _has_tickets(data)
    if not tasks and not tickets:
        yield unknown(
            "next-step.share",
            "the next step is dated neither in deals nor in tickets",
            "дата следующего шага не записана ни в сделках, ни в тикетах",
        )
        return
    talks = contacts(data)
    talks = talks.filter(talks.type.isin(_TALKS) & talks.deal_id.notnull())
    last = talks.group_by(talks.deal_id.name("of")).agg(talked=talks.started.max())
    rows = deals(data, "next_task_at")
    rows = rows.filter(rows.status == "open")
    rows = rows.inner_join(last, rows.deal_id == last.of)
    steps = due(rows.next_task_at) >= rows.talked
    if tickets:
        open_ = picked(data, "tickets", "deal_id due_at deleted")
        open_ = open_.filter(open_.deal_id.notnull() & ~open_.deleted.fill_null(False))
        dates = open_.group_by(open_.deal_id.name("ticket_of")).agg(
            dated=due(open_.due_at).max()
        )
        rows = rows.left_join(dates, rows.deal_id == dates.ticket_of)
        steps = due(rows.next_task_at) >= rows.talked
        steps = steps.fill_null(False) | (rows.dated >= rows.talked).fill_null(False)
    rows = rows.mutate(stage=rows.stage_id, hit=flag(steps))
    yield from shares("next-step.share", rows, rows.hit, (("manager",), ("stage",)))


def _has_tickets(data: Data) -> bool:
    return data.has("tickets", "deal_id") and data.has("tickets", "due_at")


def overdue(data: Data) -> Iterator[Measurement]:
    """Open deals older than they should be, still with the same manager (M-122).

    The reference is the sum of the stages' reference days, else the cycle of the
    funnel, else the time in which nine of ten won deals close. A deal changed hands
    when somebody else worked on it before that age and its manager did not.
    """
    lengths, default = _lengths(data)
    if not lengths and default is None:
        yield unknown(
            "deals.overdue-not-reassigned",
            "it is not known how long a deal should take: no reference days of stages,"
            " no cycle",
            "неизвестно, сколько должна длиться сделка: нет ни эталонных сроков этапов,"
            " ни цикла",
        )
        return
    rows = deals(data)
    rows = rows.filter((rows.status == "open") & (rows.entered <= moment(data)))
    rows = rows.mutate(longest=by_funnel(rows, lengths, default) * DAY)
    rows = rows.filter(rows.longest.notnull())
    held = ibis.literal(True)
    traced = data.has("activities", "deal_id", "manager_id", "started_at")
    if traced:
        rows = _worked_before(data, rows)
        held = (rows.own.fill_null(0) > 0) | (rows.others.fill_null(0) == 0)
    late = moment(data) - rows.entered > rows.longest
    rows = rows.mutate(hit=flag(late & held), base=ibis.literal(1, "int64"))
    metric = "deals.overdue-not-reassigned"
    for where, row in sums(rows, ("hit", "base"), (("manager",),)):
        if row["base"] or not where:
            yield Measurement(
                metric,
                float(row["hit"]),
                where,
                row["base"],
                reason=None if traced else _UNTRACED,
            )


def _worked_before(data: Data, rows: Any) -> Any:
    """Add how often the manager (`own`) and `others` acted within the reference."""
    acts = picked(data, "activities", "started_at", of="deal_id", who="manager_id")
    acts = acts.mutate(at=epoch(acts.started_at))
    acts = acts.filter(acts.of.notnull() & acts.who.notnull())
    seen = rows.select("deal_id", "manager", "entered", "longest")
    seen = seen.inner_join(acts, seen.deal_id == acts.of)
    seen = seen.filter(seen["at"] <= seen.entered + seen.longest)
    found = seen.group_by(seen.deal_id.name("worked_deal")).agg(
        own=flag(seen.who == seen.manager).sum(),
        others=flag(seen.who != seen.manager).sum(),
    )
    return rows.left_join(found, rows.deal_id == found.worked_deal)


def _lengths(data: Data) -> tuple[dict[str, int], int | None]:
    """Days a deal should take, by funnel, and for deals of no described funnel."""
    known, found = references(data), cycles(data)
    for funnel in data.company.funnels:
        days = [known.get(stage.id) for stage in funnel.stages]
        if days and None not in days:
            found[funnel.id] = round(sum(d for d in days if d is not None))
    return found, found.get(data.funnel.id, cutoff(data).days)


METRICS: tuple[Metric, ...] = dated(
    Metric(("chain.broken-links",), ("deals",), broken_links),
    Metric(
        ("next-step.share",),
        ("deals.status", "activities.type", "activities.deal_id",
         "activities.started_at"),
        next_step,
    ),
    Metric(
        ("deals.overdue-not-reassigned",),
        ("deals.status", "deals.entered_at", "deals.manager_id"),
        overdue,
    ),
)  # fmt: skip
