"""The base as work: clients without a deal, cold, warm and hot ones (M-120, M-121)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, flag, moment, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, shares, sums, unknown

_DEGREES = ("cold", "warm", "hot")


def without_deals(data: Data) -> Iterator[Measurement]:
    """Clients with no open deal (M-120).

    Clients who must not return are left out. The manager is the client's own, else
    that of the client's last deal.
    """
    rows = picked(data, "clients", "client_id owner_manager do_not_return")
    rows = rows.filter(~rows.do_not_return.fill_null(False))
    held = deals(data, "client_id")
    held = held.filter(held.client_id.notnull())
    if data.has("deals", "entered_at"):  # a deal of the future is no deal yet
        held = held.filter(held.entered.isnull() | (held.entered <= moment(data)))
    latest = ibis.window(
        group_by=held.client_id,
        order_by=[held.entered.fill_null(0).desc(), held.deal_id.desc()],
    )
    placed = held.mutate(place=ibis.row_number().over(latest))
    last = placed.filter(placed.place == 0)
    last = last.select(last_client=last.client_id, last_manager=last.manager)
    open_ = held.group_by(held.client_id.name("busy")).agg(
        open=flag(held.status == "open").sum()
    )
    rows = rows.left_join(open_, rows.client_id == open_.busy)
    rows = rows.left_join(last, rows.client_id == last.last_client)
    rows = rows.select(
        manager=ibis.coalesce(rows.owner_manager, rows.last_manager),
        hit=flag(rows.open.fill_null(0) == 0), base=ibis.literal(1, "int64"),
    )  # fmt: skip
    for where, row in sums(rows, ("hit", "base"), (("manager",),)):
        yield Measurement(
            "clients.without-deals", float(row["hit"]), where, row["base"]
        )


def _base(data: Data) -> Any:
    """Clients whose warmth is known, with `manager`: the owner, else of a ticket."""
    return data.kept("warmth", lambda: _base_rows(data))


def _base_rows(data: Data) -> Any:
    rows = picked(data, "clients", "client_id segment warmth owner_manager")
    rows = rows.filter(rows.warmth.isin(_DEGREES))
    if not data.has("tickets", "client_id", "assignee"):
        return rows.mutate(manager=rows.owner_manager)
    tasks = picked(data, "tickets", "client_id assignee closed_at deleted")
    tasks = tasks.filter(tasks.closed_at.isnull() & ~tasks.deleted.fill_null(False))
    tasks = tasks.group_by(tasks.client_id.name("of")).agg(who=tasks.assignee.max())
    rows = rows.left_join(tasks, rows.client_id == tasks.of)
    return rows.mutate(manager=ibis.coalesce(rows.owner_manager, rows.who))


def mix(data: Data) -> Iterator[Measurement]:
    """Cold, warm and hot clients of the base, each as a share (M-121)."""
    rows = _base(data)
    for degree in _DEGREES:
        hit = flag(rows.warmth == degree)
        grains = (("manager",), ("segment",))
        yield from shares(f"warmth.{degree}-share", rows, hit, grains)


def mismatch(data: Data) -> Iterator[Measurement]:
    """Cold clients given to a seller, warm and hot ones given to nobody (M-121)."""
    owned = data.has("clients", "owner_manager")
    if not owned and not data.has("tickets", "client_id", "assignee"):
        yield unknown(
            "warmth.mismatch-share",
            "it is not recorded who is responsible for a client",
            "не записано, кто отвечает за клиента",
        )
        return
    rows = _base(data)
    cold = rows.warmth == "cold"
    hit = flag((cold & rows.manager.notnull()) | (~cold & rows.manager.isnull()))
    grains = (("manager",), ("segment",))
    yield from shares("warmth.mismatch-share", rows, hit, grains)


METRICS: tuple[Metric, ...] = (
    *dated(
        Metric(
            ("clients.without-deals",),
            ("clients", "deals.client_id", "deals.status"),
            without_deals,
        )
    ),
    Metric(tuple(f"warmth.{d}-share" for d in _DEGREES), ("clients.warmth",), mix),
    Metric(("warmth.mismatch-share",), ("clients.warmth",), mismatch),
)
