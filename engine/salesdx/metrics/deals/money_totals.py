"""Money won, by every dimension; summed as whole minor units."""

from collections.abc import Iterator

from salesdx.facts import Measurement
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.metrics.deals.deal_counts import counts
from salesdx.metrics.registry import Metric

NO_AMOUNT = Text(
    en="no won deal has an amount", ru="ни у одной выигранной сделки нет суммы"
)


def _revenue(data: Data) -> Iterator[Measurement]:
    for where, row in counts(data).items():
        if row["won"] and not row["priced"]:
            yield Measurement(
                "revenue.won", None, where, 0, state="unknown", reason=NO_AMOUNT
            )
        else:
            n = row["priced"]
            yield Measurement("revenue.won", row["revenue"] / 100, where, n)


METRICS: tuple[Metric, ...] = (
    Metric(("revenue.won",), ("deals.status", "deals.amount"), _revenue),
)
