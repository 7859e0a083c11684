"""Quotes and contracts: how long they take and whether promises hold (M-33 … M-52)."""

from collections.abc import Callable, Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import (
    DAY,
    deals,
    epoch,
    flag,
    moment,
    picked,
    with_deal,
)
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares, unknown, waits

_BY_MANAGER = (("manager",),)
_WITH = ("manager", "product", "channel", "stage_id")


def waiting(data: Data, rows: Any, start: Any, end: Any, stop: Any = None) -> Any:
    """Add `wait` and `done` from two time expressions; unfinished wait to as-of.

    `stop` (seconds, may be null) ends the waiting earlier without the event: a lost
    deal no longer waits. Ends before the start are faulty rows and left out.
    """
    now = ibis.literal(moment(data), "int64")
    rows = rows.mutate(begun=epoch(start), ended=epoch(end))
    done = rows.ended.notnull() & (rows.ended <= now)
    until = now if stop is None else ibis.least(ibis.coalesce(stop, now), now)
    rows = rows.mutate(
        wait=ibis.ifelse(done, rows.ended, until) - rows.begun, done=flag(done)
    )
    return rows.filter(rows.begun.notnull() & (rows.wait >= 0))


def due(promised: Any) -> Any:
    """Second by which a promise holds: a date without a clock lasts all day."""
    at = epoch(promised)
    return ibis.ifelse(at % DAY == 0, at + DAY - 1, at)


def _quotes(data: Data) -> Any:
    names = "deal_id requested_at promised_at sent_at received_confirmed_at"
    return data.kept(
        "quotes", lambda: with_deal(data, picked(data, "quotes", names), _WITH)
    )  # fmt: skip


def _contracts(data: Data) -> Any:
    return data.kept("contracts", lambda: _contract_rows(data))


def _contract_rows(data: Data) -> Any:
    rows = picked(
        data, "contracts",
        "deal_id client_ready_at start_agreed_at promised_at draft_sent_at signed_at",
    )  # fmt: skip
    rows = with_deal(data, rows, ("manager", "department"))
    if not data.has("deals"):
        return rows.mutate(lost_at=ibis.null("int64"))
    lost = deals(data)
    lost = lost.filter(lost.status == "lost")
    lost = lost.select(lost_deal=lost.deal_id, lost_at=lost.closed)
    return rows.left_join(lost, rows.deal_id == lost.lost_deal)


def quote_days(data: Data) -> Iterator[Measurement]:
    """Median days from the request of a quote to the quote (M-33)."""
    rows = _quotes(data)
    rows = waiting(data, rows, rows.requested_at, rows.sent_at)
    rows = rows.mutate(stage=rows.stage_id)
    grains = (("manager",), ("product",), ("stage",))
    yield from waits("quote.days", rows, DAY, grains)


def _kept(data: Data, rows: Any, end: Any) -> Any:
    """Promises that are due: `hit` when met; an unmet one counts once it is late."""
    rows = rows.mutate(due=due(rows.promised_at), met=epoch(end))
    rows = rows.filter(rows.due.notnull())
    rows = rows.mutate(hit=flag(rows.met <= rows.due))
    # what is sent late is broken at once, what is not sent only when due has passed
    return rows.filter((rows.due <= moment(data)) | (rows.met <= moment(data)))


def quote_on_time(data: Data) -> Iterator[Measurement]:
    """Quotes sent by the promised time (M-33)."""
    rows = _quotes(data)
    rows = _kept(data, rows, rows.sent_at)
    rows = rows.mutate(stage=rows.stage_id)
    grains = (("manager",), ("product",), ("stage",))
    yield from shares("quote.on-time-share", rows, rows.hit, grains)


def quote_confirmed(data: Data) -> Iterator[Measurement]:
    """Quotes sent more than a day ago whose receipt the client confirmed (M-34)."""
    rows = _quotes(data)
    rows = rows.filter(epoch(rows.sent_at) <= moment(data) - DAY)
    hit = flag(rows.received_confirmed_at.notnull())
    grains = (("manager",), ("channel",))
    yield from shares("quote.confirmed-share", rows, hit, grains)


def _contract_days(
    metric: str, start: str, end: str
) -> Callable[[Data], Iterator[Measurement]]:
    def days(data: Data) -> Iterator[Measurement]:
        rows = _contracts(data)
        rows = waiting(data, rows, rows[start], rows[end], rows.lost_at)
        yield from waits(metric, rows, DAY, (("manager",), ("department",)))

    return days


def promises(data: Data) -> Iterator[Measurement]:
    """Promised dates of contracts and quotes that were kept (M-52)."""
    parts = []
    if data.has("contracts", "promised_at"):
        rows = _contracts(data)
        parts.append(_kept(data, rows, rows.draft_sent_at).select("manager", "hit"))
    if data.has("quotes", "promised_at"):
        rows = _quotes(data)
        parts.append(_kept(data, rows, rows.sent_at).select("manager", "hit"))
    if not parts:
        yield unknown(
            "promise.kept-share",
            "no contract or quote has a promised date",
            "ни у договоров, ни у предложений не записан обещанный срок",
        )
        return
    rows = parts[0] if len(parts) == 1 else ibis.union(*parts)
    yield from shares("promise.kept-share", rows, rows.hit, _BY_MANAGER)


METRICS: tuple[Metric, ...] = dated(
    Metric(("quote.days",), ("quotes.requested_at", "quotes.sent_at"), quote_days),
    Metric(("quote.on-time-share",), ("quotes.promised_at",), quote_on_time),
    Metric(
        ("quote.confirmed-share",),
        ("quotes.sent_at", "quotes.received_confirmed_at"),
        quote_confirmed,
    ),
    Metric(
        ("contract.start-lag-days",),
        ("contracts.start_agreed_at",),
        _contract_days("contract.start-lag-days", "start_agreed_at", "draft_sent_at"),
    ),
    Metric(
        ("contract.approval-days",),
        ("contracts.draft_sent_at",),
        _contract_days("contract.approval-days", "draft_sent_at", "signed_at"),
    ),
    Metric(
        ("ready-client.service-days",),
        ("contracts.client_ready_at",),
        _contract_days("ready-client.service-days", "client_ready_at", "draft_sent_at"),
    ),
    Metric(("promise.kept-share",), (), promises),
)
