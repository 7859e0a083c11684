"""Funnels of their own: cold contacts, new clients, repeat deals (M-39, M-40, M-110).

A funnel may say its kind in company.yaml. Where it does not, the history of the
client decides: who bought before the deal was entered is a repeat client.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import ibis

from salesdx.facts import Measurement, slice_of
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.metrics.deal_rows import DAY
from salesdx.metrics.deals.conversion import rate, unjudged
from salesdx.metrics.deals.funnel import NOT_REACHED, furthest, stages
from salesdx.metrics.deals.maturity import NO_CYCLE, cutoff
from salesdx.metrics.grain import deals, epoch, flag, moment, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, share, shares, unknown

_ENOUGH = 30  # deals of a kind: a factor of fewer is an accident
_MOST_DAYS = 36_500  # a cycle of a century has no end that anybody sees
_NO_COLD = (
    "company.yaml marks no funnel as cold (kind: cold)",
    "в company.yaml ни одна воронка не отмечена как холодная (kind: cold)",
)
_NO_HISTORY = (
    "it is not known which clients are new: no first purchases, no mark new or current,"
    " and the deals do not reach back far enough",
    "неизвестно, какие клиенты новые: нет ни даты первой покупки, ни отметки «новый»"
    " или «текущий», а история сделок слишком коротка",
)
_NO_REPEAT = (
    "neither a funnel for repeat deals nor clients of the deals are known",
    "нет ни воронки повторных сделок, ни клиентов в сделках",
)


def cycles(data: Data) -> dict[str, int]:
    """Days of one cycle by funnel id, where company.yaml gives it."""
    return {f.id: math.ceil(f.cycle_days) for f in data.company.funnels if f.cycle_days}


def by_funnel(rows: Any, known: Mapping[str, int], default: int | None) -> Any:
    """Whole days by the funnel of the deal; null where nothing is known."""
    rest = None if default is None else min(default, _MOST_DAYS)
    whole = ibis.null("int64") if rest is None else ibis.literal(rest).cast("int64")
    if not known:
        return whole
    days = {funnel: min(n, _MOST_DAYS) for funnel, n in sorted(known.items())}
    return rows.funnel_id.cases(*days.items(), else_=whole).cast("int64")


def _kinds(data: Data) -> Any:
    """One row a mature deal: dimensions, `hit` (won) and `kind` (null: not known)."""
    return data.kept("deal_kinds", lambda: _kind_rows(data))


def _kind_rows(data: Data) -> Any:
    rows = deals(data, "client_id")
    rows = rows.filter(rows.age >= by_funnel(rows, cycles(data), cutoff(data).days))
    rows = _with_history(data, rows)
    day = (rows.entered / DAY).floor().cast("int64") * DAY
    bought = (rows.first_won < rows.entered) | (rows.first_purchase < day)
    never_seen = rows.first_won.isnull() & rows.first_purchase.isnull()
    repeat = bought.fill_null(False) | (
        (rows.new_current == "current").fill_null(False) & never_seen
    )
    known_new = rows.new_current.notnull() | (rows.entered >= _seen_from(data))
    history = ibis.cases(
        (rows.client_id.isnull(), ibis.null("string")),
        (repeat, "repeat"),
        (known_new, "new"),
        else_=ibis.null("string"),
    )
    said = {f.id: f.kind for f in data.company.funnels if f.kind}
    kind = history
    if said:
        kind = ibis.coalesce(
            rows.funnel_id.cases(*sorted(said.items()), else_=ibis.null("string")),
            history,
        )
    return rows.select(
        "deal_id", "manager", "segment", funnel=rows.funnel_id, kind=kind,
        hit=flag(rows.status == "won"),
    )  # fmt: skip


def _with_history(data: Data, rows: Any) -> Any:
    """Add the client's first win (seconds), first purchase (seconds) and mark."""
    won = deals(data, "client_id")
    won = won.filter((won.status == "won") & (won.closed <= moment(data)))
    won = won.group_by(won.client_id.name("won_by")).agg(first_won=won.closed.min())
    rows = rows.left_join(won, rows.client_id == won.won_by)
    if not data.has("clients"):
        return rows.mutate(
            first_purchase=ibis.null("int64"), new_current=ibis.null("string")
        )
    known = picked(data, "clients", "client_id first_purchase_at new_current")
    known = known.group_by(known.client_id.name("known_client")).agg(
        first_purchase=epoch(known.first_purchase_at).min(),
        new_current=known.new_current.max(),
    )
    return rows.left_join(known, rows.client_id == known.known_client)


def _seen_from(data: Data) -> int:
    """Second from which a client without an earlier purchase is a new one.

    Without purchase dates every client looks new at the start of the data, so deals
    count only after a run-in.
    """
    if data.has("clients", "first_purchase_at"):
        return 0
    rows = deals(data)
    first = data.rows(rows.aggregate(first=rows.entered.min()))[0]["first"]
    return int(first or 0) + int(data.setting("clients.run-in-days") * DAY)


def cold(data: Data) -> Iterator[Measurement]:
    """Mature deals of cold funnels that were won (M-39)."""
    if not any(f.kind == "cold" for f in data.company.funnels):
        yield unknown("conversion.cold", *_NO_COLD)
        return
    grains = (("manager",), ("funnel",))
    yield from _conversion(data, "conversion.cold", "cold", grains, _NO_COLD)


def repeat(data: Data) -> Iterator[Measurement]:
    """Mature deals with clients who bought before that were won (M-40)."""
    grains = (("manager",), ("segment",), ("funnel",))
    yield from _conversion(data, "conversion.repeat", "repeat", grains, _NO_REPEAT)


def _conversion(
    data: Data, metric: str, kind: str, grains: tuple[tuple[str, ...], ...],
    nothing: tuple[str, str],
) -> Iterator[Measurement]:  # fmt: skip
    why = _unjudged(data)
    if why is not None:
        yield Measurement(metric, None, state="unknown", reason=why)
        return
    rows = _kinds(data)
    rows = rows.filter(rows.kind == kind)
    found = list(shares(metric, rows, rows.hit, grains))
    if not found[0].n:
        yield unknown(metric, *nothing)
        return
    yield from found


def _unjudged(data: Data) -> Text | None:
    """Why no conversion of a funnel can be told, or None."""
    if cutoff(data).days is None and not cycles(data):
        return cutoff(data).reason or NO_CYCLE
    return unjudged(data, ())


def new_clients(data: Data) -> Iterator[Measurement]:
    """Mature deals with new clients: won in all, and stage by stage (M-110)."""
    metric = "conversion.new-clients"
    yield from _conversion(data, metric, "new", (("manager",),), _NO_HISTORY)
    order = stages(data)
    if order is None or _unjudged(data) is not None:
        return
    kinds = _kinds(data)
    new = kinds.filter(kinds.kind == "new").select(new_deal=kinds.deal_id)
    rows = furthest(data, order)
    rows = rows.filter(rows.place >= 0).semi_join(new, rows.deal_id == new.new_deal)
    passed: dict[str | None, list[int]] = {}
    for row in data.rows(rows.group_by("manager", "place").agg(n=rows.count())):
        for who in {None, row["manager"]}:
            steps = passed.setdefault(who, [0] * (len(order.ids) + 1))
            for step in range(int(row["place"]) + 1):
                steps[step] += int(row["n"])
    for who in sorted(passed, key=lambda m: m or ""):
        for i, stage in enumerate(order.ids):
            went_on, reached = passed[who][i + 1], passed[who][i]
            if who is None:
                where = slice_of(stage=stage)
                yield rate(metric, went_on, reached, where, empty=NOT_REACHED)
            elif reached:
                where = slice_of(manager=who, stage=stage)
                yield share(metric, went_on, reached, where)


def apart(data: Data) -> Iterator[Measurement]:
    """How many times better deals with known clients convert than those with new ones.

    Far apart, one funnel for both is an average of two trades (IF-90).
    """
    metric = "conversion.repeat-over-new"
    why = _unjudged(data)
    if why is not None:
        yield Measurement(metric, None, state="unknown", reason=why)
        return
    rows = _kinds(data)
    sums = {"n": rows.count(), "won": rows.hit.sum()}
    found = {r["kind"]: r for r in data.rows(rows.group_by("kind").agg(**sums))}
    known, new = (found.get(kind, {"n": 0, "won": 0}) for kind in ("repeat", "new"))
    if min(known["n"], new["n"]) < _ENOUGH or not new["won"]:
        yield unknown(
            metric,
            "there are too few deals with known or with new clients to compare them",
            "сделок с постоянными или с новыми клиентами слишком мало для сравнения",
        )
        return
    repeat_rate, new_rate = known["won"] / known["n"], new["won"] / new["n"]
    yield Measurement(metric, repeat_rate / new_rate, n=known["n"] + new["n"])


METRICS: tuple[Metric, ...] = dated(
    Metric(("conversion.cold",), ("deals.status", "deals.entered_at"), cold),
    Metric(("conversion.repeat",), ("deals.status", "deals.entered_at"), repeat),
    Metric(
        ("conversion.new-clients",), ("deals.status", "deals.entered_at"), new_clients
    ),
    Metric(
        ("conversion.repeat-over-new",), ("deals.status", "deals.entered_at"), apart
    ),
)
