"""Clients who are lost: by silence, by score, by conflict, by the log (M-66 … M-71)."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.clients.client_records import dated_rows
from salesdx.metrics.clients.client_sums import client_sums, persistent, scale
from salesdx.metrics.clients.clients import Totals, client_rows, clients_known
from salesdx.metrics.data import Data
from salesdx.metrics.grain import flag
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, share, sums, unknown

_CUTS = ("manager", "segment", "channel", "region")
NO_RHYTHM = (
    "hardly any client bought a second time: silence says nothing",
    "повторно почти никто не покупал: молчание клиента ни о чём не говорит",
)
NOBODY = (
    "nothing says which clients bought and when: deals need the client and a date",
    "не видно, какие клиенты и когда покупали: в сделках нужны клиент и дата",
)


def counted(
    metric: str, totals: Totals, hit: str, base: str, cuts: Iterable[str]
) -> Iterator[Measurement]:
    """Share of two sums over clients, for the company and the cuts."""
    for where, row in totals.items():
        if not where or (where[0][0] in cuts and row[base]):
            yield share(metric, row[hit], row[base], where)


def _of_clients(
    metric: str, hit: str, base: str, cuts: Iterable[str]
) -> Callable[[Data], Iterator[Measurement]]:
    def compute(data: Data) -> Iterator[Measurement]:
        """Share of clients for which something holds."""
        if not clients_known(data):
            yield unknown(metric, *NOBODY)
            return
        yield from counted(metric, client_sums(data), hit, base, cuts)

    return compute


def inactive(data: Data) -> Iterator[Measurement]:
    """Clients silent beyond their own rhythm: share and number (M-66).

    The limit of a client is three times the own middle gap between days of purchase,
    at least 90 days. Where hardly anybody buys twice, silence says nothing.
    """
    if not clients_known(data):
        reason = NOBODY
    elif not scale(data).rhythm(data.setting("clients.rhythm-needed")):
        reason = NO_RHYTHM
    else:
        totals = client_sums(data)
        for where, row in totals.items():
            if not where or (where[0][0] in _CUTS and row["bought"]):
                hits, n = row["inactive"], row["bought"]
                yield share("churn.inactive-share", hits, n, where)
                if n:
                    yield figure("churn.inactive-clients", hits, where, n)
        return
    for metric in ("churn.inactive-share", "churn.inactive-clients"):
        yield unknown(metric, *reason)


def conflicts(data: Data) -> Iterator[Measurement]:
    """Clients who had a conflict, with whom and where (M-68).

    A client counts once for the company, and once for each manager and department of
    whom the complaints speak; where they name none, for the owner of the client.
    """
    rows = dated_rows(data, "complaints", "department manager_id", "opened_at")
    rows = rows.rename(manager="manager_id")
    owner = client_rows(data).select(
        of="client_id", owner="manager", where="department"
    )
    rows = rows.left_join(owner, rows.client_id == owner.of)
    rows = rows.select(
        "client_id",
        manager=ibis.coalesce(rows.manager, rows.owner),
        department=ibis.coalesce(rows.department, rows.where),
    )
    found = _distinct(rows, ("manager", "department"))
    n = found[COMPANY]
    for where, count in found.items():
        yield figure("churn.conflict-clients", count, where, None if where else n)


def _distinct(rows: Any, names: Iterable[str]) -> dict[Slice, int]:
    """Number of different clients, for the company and by each dimension."""
    names = tuple(names)
    once = rows.group_by("client_id", *names).agg(rows_of=rows.count())
    found: dict[Slice, int] = {}
    for name in ("", *names):
        keys = ("client_id", name) if name else ("client_id",)
        each = once.group_by(*keys).agg(rows_of=once.count())
        each = each.mutate(one=ibis.literal(1, "int64"))
        for where, row in sums(each, ("one",), ((name,),) if name else ()):
            if bool(where) == bool(name):
                found[where] = row["one"]
    return found


def repeat_inquirers(data: Data) -> Iterator[Measurement]:
    """People who asked more than three times and never bought (M-69)."""
    metric = "churn.inquirers-lost"
    rows = client_rows(data)
    asked = data.rows(rows.aggregate(n=rows.asked.sum()))[0]["n"]
    if not asked:
        yield unknown(
            metric, "neither requests nor deals say which client asked",
            "ни в заявках, ни в сделках не указан клиент",
        )  # fmt: skip
        return
    rows = rows.filter(rows.asked > 0)
    rows = rows.select(
        manager=rows.asked_manager, source=rows.asked_source,
        product=rows.asked_product, hit=flag(persistent(data, rows)),
        one=ibis.literal(1, "int64"),
    )  # fmt: skip
    cuts = (("manager",), ("source",), ("product",))
    for where, row in sums(rows, ("hit", "one"), cuts):
        yield figure(metric, row["hit"], where, row["one"])


METRICS: tuple[Metric, ...] = dated(
    Metric(("churn.inactive-share", "churn.inactive-clients"), (), inactive),
    Metric(
        ("churn.inactive-3m-share",), (),
        _of_clients("churn.inactive-3m-share", "inactive_3m", "bought", _CUTS),
    ),
    Metric(
        ("churn.inactive-6m-share",), (),
        _of_clients("churn.inactive-6m-share", "inactive_6m", "bought", _CUTS),
    ),
    Metric(
        ("churn.lost-share",), (),
        _of_clients("churn.lost-share", "lost", "losable", _CUTS),
    ),
    Metric(("churn.conflict-clients",), ("complaints",), conflicts),
    Metric(
        ("churn.conflict-share",), ("complaints",),
        _of_clients(
            "churn.conflict-share", "conflict", "bought", ("manager", "department")
        ),
    ),
    Metric(("churn.inquirers-lost",), (), repeat_inquirers),
)  # fmt: skip
