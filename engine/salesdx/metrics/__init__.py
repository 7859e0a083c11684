"""Every figure that salesdx measures, one area a module, in the order of a diagnosis.

Each module exports `METRICS`; a metric reads canonical tables as Ibis expressions and
finishes the statistics in Python. What each id means stands in
`knowledge_base/metrics.yaml`.
"""

from salesdx.metrics import (
    activity,
    assortment,
    catalogue,
    chain,
    check,
    cohorts,
    conversion,
    entry,
    follow_up,
    funnel,
    funnels,
    maturity,
    mix,
    money_totals,
    offers,
    papers,
    people,
    presales,
    products,
    profit,
    requests,
    speed,
    stages,
    trend,
    warmth,
)
from salesdx.metrics.registry import Metric

METRICS: tuple[Metric, ...] = (
    *conversion.METRICS,
    *money_totals.METRICS,
    *maturity.METRICS,
    *cohorts.METRICS,
    *funnel.METRICS,
    *entry.METRICS,
    *trend.METRICS,
    *check.METRICS,
    *speed.METRICS,
    *stages.METRICS,
    *chain.METRICS,
    *papers.METRICS,
    *presales.METRICS,
    *requests.METRICS,
    *assortment.METRICS,
    *activity.METRICS,
    *people.METRICS,
    *mix.METRICS,
    *funnels.METRICS,
    *follow_up.METRICS,
    *warmth.METRICS,
    *offers.METRICS,
    *products.METRICS,
    *catalogue.METRICS,
    *profit.METRICS,
)
