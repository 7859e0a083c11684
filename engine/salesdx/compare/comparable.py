"""Whether two rows of a figure speak of the same thing, and if not, why."""

from salesdx.compare.cohorts import days
from salesdx.compare.pairing import Results
from salesdx.compare.words import Value, said
from salesdx.knowledge.models import MetricEntry
from salesdx.language import Text
from salesdx.result import CaseInfo, MetricRow, ResultDocument

RAW, YOUNG = "conversion.raw", "maturity.young-share"
# figures that count entries, so that they change with what an entry is
_ENTRIES = ("conversion", "deals", "maturity", "cohort", "stage", "win-rate")


def obstacle(
    results: Results, entry: MetricEntry | None, then: MetricRow, now: MetricRow
) -> Text | None:
    """Why the two are not compared; None where they can be."""
    return (
        _meaning(results, then, now)
        or _company(results, then, now)
        or _known(then, now)
        or _span(results, entry, then, now)
        or _young(results, then, now)
    )


def _meaning(results: Results, then: MetricRow, now: MetricRow) -> Text | None:
    found = results.meaning(now.id)
    if found is None and then.unit != now.unit:
        found = said("metric.unit")
    return found


def _company(results: Results, then: MetricRow, now: MetricRow) -> Text | None:
    """What the company itself changed."""
    old, new = results.then.case, results.now.case
    if now.unit == "money" and old.currency != new.currency:
        return said("metric.currency", then=old.currency, now=new.currency)
    if then.benchmark != now.benchmark:
        marks = [Value(r.benchmark, r.unit, new.currency) for r in (then, now)]
        return said("metric.benchmark", then=marks[0], now=marks[1])
    if now.id.startswith(_ENTRIES) and _entry(old) != _entry(new):
        return said("metric.entry")
    return None


def _entry(case: CaseInfo) -> list[tuple[object, ...]]:
    return [(f.id, f.kind, f.entry, f.cycle_days) for f in case.funnels]


def _known(then: MetricRow, now: MetricRow) -> Text | None:
    if now.value is None:
        return now.reason or said("metric.unknown-now")
    if then.value is None:
        return said("metric.unknown-then")
    if bool(then.said_by) != bool(now.said_by):
        return said("metric.said-and-measured")
    few = "insufficient" in (then.state, now.state)
    same = then.value == now.value and then.state == now.state
    return said("metric.insufficient") if few and not same else None


def _span(
    results: Results, entry: MetricEntry | None, then: MetricRow, now: MetricRow
) -> Text | None:
    """A total over two years is more than one over a year, and says nothing by that."""
    if entry is None or entry.type not in ("count", "sum") or now.said_by:
        return None
    spans = [span(d) for d in (results.then, results.now)]
    if spans[0] == spans[1] or None in spans or then.value == now.value:
        return None
    return said("metric.total", then=spans[0], now=spans[1])


def span(document: ResultDocument) -> int | None:
    """Days that the data of a result cover."""
    found = days(document.case.period.from_, document.case.period.to)
    return None if found is None else found + 1


def _young(results: Results, then: MetricRow, now: MetricRow) -> Text | None:
    if now.id != RAW or then.value == now.value:
        return None
    shares = [
        m.value
        for d in (results.then, results.now)
        for m in d.metrics
        if m.id == YOUNG and not m.slice and not m.period
    ]
    return said("metric.immature") if any(shares) else None
