"""Extra lines offered and accepted: upsell and cross-sell (M-79)."""

from collections.abc import Iterator
from typing import Any

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, flag, moment, picked
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, share, totals

_EXTRA = ("upsell", "cross-sell")
_CUTS = (("manager",), ("segment",), ("product",))


def attached(data: Data) -> Iterator[Measurement]:
    """Deals with an extra line offered, and with one accepted, among deals with lines.

    A line is extra that was not asked for (origin upsell or cross-sell). It was
    offered unless the line says it was not; accepted if the line says so, and where
    lines do not say it, if the deal was won.
    """
    rows = _deals(data)
    wanted = {
        "offered": rows.offered.sum(), "accepted": rows.accepted.sum(),
        "n": rows.count(),
    }  # fmt: skip
    for where, row in totals(rows, wanted, _CUTS):
        for name in ("offered", "accepted"):
            yield share(f"attach.{name}-share", row[name], row["n"], where)


def _deals(data: Data) -> Any:
    items = picked(data, "deal_items", "origin offered accepted", of="deal_id")
    known = deals(data)
    known = known.filter((known.entered <= moment(data)).fill_null(True))
    known = known.select("deal_id", "manager", "segment", "product", "status")
    rows = known.inner_join(items, known.deal_id == items.of)
    extra = rows.origin.isin(_EXTRA).fill_null(False)
    taken = rows.accepted.fill_null(rows.status == "won")
    offered = extra & (rows.offered.fill_null(True) | taken)
    keys = ("deal_id", "manager", "segment", "product")
    return rows.group_by(*keys).agg(
        offered=flag(offered).max(), accepted=flag(extra & taken).max()
    )


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("attach.offered-share", "attach.accepted-share"), ("deal_items.origin",),
        attached,
    ),
)  # fmt: skip
