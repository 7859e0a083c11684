"""How usual a discount is (EX-08)."""

from collections.abc import Iterator

from salesdx.facts import Measurement
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, flag
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import shares, unknown

_METRIC = "discount.given-share"
_GRAINS = (("manager",), ("segment",))


def given(data: Data) -> Iterator[Measurement]:
    """Won deals with a discount, among won deals where it is recorded.

    How deep it was is not told: files give per cent, a part of one or money without
    saying which. Where only discounts are written down and a blank may mean none or
    not recorded, the share is unknown.
    """
    rows = deals(data, "discount")
    rows = rows.filter(rows.status == "won")
    kept = rows.discount.notnull()
    row = data.rows(
        rows.aggregate(n=rows.count(), kept=kept.sum(), none=(rows.discount <= 0).sum())
    )[0]
    n, recorded, none = (int(row[c] or 0) for c in ("n", "kept", "none"))
    if not recorded or (recorded < n and not none):
        yield unknown(
            _METRIC,
            "nothing tells a deal without a discount from one where it is not recorded",
            "сделку без скидки не отличить от сделки, где скидку не записали",
        )
        return
    rows = rows.filter(rows.discount.notnull())
    yield from shares(_METRIC, rows, flag(rows.discount > 0), _GRAINS)


METRICS: tuple[Metric, ...] = (
    Metric((_METRIC,), ("deals.status", "deals.discount"), given),
)
