"""How many contacts warm a prospect up before the decision (M-92)."""

from collections.abc import Iterator
from typing import Any

import ibis

from salesdx.facts import Measurement, Slice
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, moment
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import dated, figure, label, unknown
from salesdx.metrics.work.chain import CONTACTS, contacts
from salesdx.statistics import histogram

_METRIC = "touches.per-deal"
_CUTS = ("segment", "channel")


def per_deal(data: Data) -> Iterator[Measurement]:
    """Middle number of contacts up to the decision, over deals won and lost.

    Deals decided before the first contact on record are left out: theirs were not
    written down.
    """
    found = data.rows(_counts(data))
    places: dict[Slice, dict[int, int]] = {}
    for row in found:
        cells: list[Slice] = [()]
        cells += [((d, label(d, row[d])),) for d in _CUTS if row[d] is not None]
        for where in cells:
            cell = places.setdefault(where, {})
            touches = int(row["touches"])
            cell[touches] = cell.get(touches, 0) + int(row["n"])
    if not places:
        yield unknown(
            _METRIC, "no decided deal has contacts on record",
            "ни у одной закрытой сделки нет записанных контактов",
        )  # fmt: skip
    for where in sorted(places, key=lambda w: (bool(w), w)):
        numbers = sorted(places[where])
        counts = [places[where][i] for i in numbers]
        middle = histogram.median([float(i) for i in numbers], counts)
        yield figure(_METRIC, middle or 0.0, where, sum(counts))


def _counts(data: Data) -> Any:
    """Number of deals by segment, channel and number of contacts."""
    made = contacts(data)
    made = made.filter(made.type.isin(CONTACTS) & made.deal_id.notnull())
    since = data.rows(made.aggregate(first=made.started.min()))[0]["first"]
    rows = deals(data)
    rows = rows.filter(rows.status.isin(("won", "lost")) & rows.closed.notnull())
    begun = moment(data) + 1 if since is None else int(since)
    rows = rows.filter((rows.closed <= moment(data)) & (rows.closed >= begun))
    rows = rows.select("deal_id", "closed", *_CUTS)
    known = rows.select(of="deal_id", until="closed")
    inside = made.inner_join(known, made.deal_id == known.of)
    inside = inside.filter(inside.started <= inside.until)
    of_deal = inside.group_by("of").agg(touches=inside.count())
    rows = rows.left_join(of_deal, rows.deal_id == of_deal.of)
    rows = rows.mutate(touches=ibis.coalesce(rows.touches, 0))
    return rows.group_by(*_CUTS, "touches").agg(n=rows.count())


METRICS: tuple[Metric, ...] = dated(
    Metric(
        (_METRIC,), ("activities.started_at", "activities.deal_id", "deals.closed_at"),
        per_deal,
    ),
)  # fmt: skip
