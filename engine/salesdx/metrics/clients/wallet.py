"""Our share in what clients buy, and who could buy much more (M-81 … M-83)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.clients.abc_xyz import classes
from salesdx.metrics.clients.churn import NOBODY, counted
from salesdx.metrics.clients.client_records import MILLION
from salesdx.metrics.clients.client_sums import client_sums
from salesdx.metrics.clients.clients import client_rows, clients_known
from salesdx.metrics.clients.purchases import known
from salesdx.metrics.data import Data
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, unknown

_CUTS = ("manager", "segment")
_HIDDEN = ("wallet.hidden-potential-clients", "wallet.hidden-potential")
_NO_SHARE = (
    "no client who bought within the last year has a share of wallet",
    "ни у одного клиента, покупавшего за последний год, не указана наша доля",
)


def known_shares(data: Data) -> Iterator[Measurement]:
    """Clients of the last year whose share, and whose stock, is known (M-81, M-82)."""
    for metric, hit in (
        ("wallet.known-share", "share_known"),
        ("wallet.stock-known-share", "stock_known"),
    ):
        if clients_known(data):
            yield from counted(metric, client_sums(data), hit, "current", _CUTS)
        else:
            yield unknown(metric, *NOBODY)


def share_of_wallet(data: Data) -> Iterator[Measurement]:
    """Our part of what clients of the last year buy in the category (M-82).

    Weighed by their demand where it is known for those with a share; else the mean of
    the shares. The largest clients are shown one by one.
    """
    metric, totals = "wallet.share", client_sums(data)
    weighed = totals[COMPANY]["weighed"] > 0
    n_of = "weighed" if weighed else "share_known"
    for where, row in totals.items():
        n = row[n_of]
        if where and (where[0][0] != "segment" or not n):
            continue
        if not n:
            yield unknown(metric, *_NO_SHARE)
        elif weighed:
            value = row["ours"] / row["demand"] if row["demand"] else 0.0
            ours, demand = row["ours"] / 100, row["demand"] / 100
            yield figure(metric, min(value, 1.0), where, n, ours, demand)
        else:
            yield figure(metric, row["share"] / MILLION / n, where, n)
    rows = client_rows(data)
    rows = rows.filter(rows["last"].notnull() & rows.wallet_share.notnull())
    rows = rows.mutate(size=ibis.coalesce(rows.revenue, 0))
    listed = int(data.setting("clients.listed"))
    top = rows.order_by(ibis.desc("size"), "client_id").limit(listed)
    found = data.rows(top.select("client_id", "wallet_share"))
    for row in sorted(found, key=lambda r: str(r["client_id"])):
        at: Slice = (("client", str(row["client_id"])),)
        yield Measurement(metric, int(row["wallet_share"]) / MILLION, at, 1)


def hidden_potential(data: Data) -> Iterator[Measurement]:
    """Small and middling clients who buy much, and little of it from us (M-83).

    Small or middling is who is not in class A of our revenue; much is a demand in the
    upper quarter of those known; little is a share below the benchmark.
    """
    if not known(data):
        for metric in _HIDDEN:
            yield unknown(metric, *NOBODY)
        return
    found = _measured(data)
    if not found:
        for metric in _HIDDEN:
            yield unknown(
                metric, "no buyer has both a demand and our share in it",
                "ни у одного клиента не указаны и спрос, и наша доля",
            )  # fmt: skip
        return
    demands = sorted(int(r["wallet_demand"]) for r in found)
    place = data.setting("wallet.demand-high") * (len(demands) - 1)
    much = demands[min(int(place + 0.5), len(demands) - 1)]
    little = data.setting("wallet.share-low") * MILLION
    hidden = [
        r for r in found
        if int(r["wallet_demand"]) >= much and int(r["wallet_share"]) < little
        and r["abc"] != "a"
    ]  # fmt: skip
    rest = (
        int(r["wallet_demand"]) * (MILLION - int(r["wallet_share"])) for r in hidden
    )
    yield figure(_HIDDEN[0], len(hidden), (), len(found))
    yield figure(_HIDDEN[1], sum(rest) / MILLION / 100, (), len(hidden))


def _measured(data: Data) -> list[dict[str, Any]]:
    """Buyers with a demand and a share, with the class of our revenue."""
    rows = client_rows(data)
    rows = rows.filter(rows["last"].notnull())
    rows = rows.filter(rows.wallet_demand.notnull() & rows.wallet_share.notnull())
    rows = rows.select("client_id", "wallet_demand", "wallet_share")
    known_ = classes(data)
    rows = rows.left_join(known_, rows.client_id == known_.of)
    return data.rows(rows.select("wallet_demand", "wallet_share", "abc"))


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("wallet.known-share", "wallet.stock-known-share"), ("wallet",), known_shares
    ),
    Metric(("wallet.share",), ("wallet.our_share",), share_of_wallet),
    Metric(_HIDDEN, ("wallet.total_demand", "wallet.our_share"), hidden_potential),
)
