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
    """Deals with an extra line offered, and won deals with one accepted (M-79).

    Both among deals with lines: who bought nothing could not take an extra. A line is
    extra that was not asked for (origin upsell or cross-sell). It was offered unless
    the line says it was not; accepted if the line says so, and where lines do not say
    it, if the deal was won.
    """
    rows = _deals(data)
    wanted = {
        "offered": rows.offered.sum(), "n": rows.count(),
        "accepted": (rows.accepted * rows.won).sum(), "won": rows.won.sum(),
    }  # fmt: skip
    for where, row in totals(rows, wanted, _CUTS):
        yield share("attach.offered-share", row["offered"], row["n"], where)
        yield share("attach.accepted-share", row["accepted"], row["won"], where)


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
        offered=flag(offered).max(), accepted=flag(extra & taken).max(),
        won=flag(rows.status == "won").max(),
    )  # fmt: skip


METRICS: tuple[Metric, ...] = dated(
    Metric(
        ("attach.offered-share", "attach.accepted-share"), ("deal_items.origin",),
        attached,
    ),
)  # fmt: skip
