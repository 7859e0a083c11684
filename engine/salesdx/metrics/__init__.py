"""Every figure that salesdx measures, in the order of a diagnosis.

One area a package (deals, work, clients, products, market, trends), one subject a
module; what all of them stand on lies beside them. Each module exports `METRICS`; a
metric reads canonical tables as Ibis expressions and finishes the statistics in Python.
What each id means stands in `knowledge_base/metrics.yaml`.
"""

from salesdx.metrics.clients import (
    abc_xyz,
    acquisition,
    base,
    churn,
    constancy,
    losing,
    loyalty,
    potential,
    reasons,
    regularity,
    returns,
    wallet,
    warmth,
)
from salesdx.metrics.deals import (
    check,
    cohorts,
    conversion,
    entry,
    funnel,
    funnels,
    maturity,
    mix,
    money_totals,
    prospects,
)
from salesdx.metrics.market import inflow, marketing, plans
from salesdx.metrics.products import (
    assortment,
    catalogue,
    extras,
    offers,
    products,
    profit,
)
from salesdx.metrics.registry import Metric
from salesdx.metrics.trends import by_month, trend
from salesdx.metrics.work import (
    activity,
    chain,
    contact_steps,
    dialogue,
    follow_up,
    papers,
    people,
    presales,
    process,
    replies,
    requests,
    speed,
    stages,
    touches,
)

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
    *replies.METRICS,
    *dialogue.METRICS,
    *inflow.METRICS,
    *process.METRICS,
    *contact_steps.METRICS,
    *by_month.METRICS,
    *potential.METRICS,
    *plans.METRICS,
    *marketing.METRICS,
    *churn.METRICS,
    *losing.METRICS,
    *reasons.METRICS,
    *returns.METRICS,
    *loyalty.METRICS,
    *acquisition.METRICS,
    *base.METRICS,
    *wallet.METRICS,
    *constancy.METRICS,
    *extras.METRICS,
    *abc_xyz.METRICS,
    *regularity.METRICS,
    *touches.METRICS,
    *prospects.METRICS,
)
