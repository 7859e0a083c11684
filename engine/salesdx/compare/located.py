"""Which values of which dimension explain that a rate of the company moved."""

from salesdx.compare.pairing import Results
from salesdx.result import BreakBy, Explainer, ResultDocument
from salesdx.statistics.location import explain

_MOST = 3  # dimensions
Side = dict[str, tuple[int, int]]


def located(results: Results, metric: str) -> list[BreakBy]:
    """Dimensions behind a change, the most surprising first; none where all moved."""
    before, after = (_sides(d, metric) for d in (results.then, results.now))
    both = sorted(set(before) & set(after))
    found = [b for d in both if (b := _by(d, before[d], after[d], len(both)))]
    found.sort(key=lambda b: (-b.surprise, b.dimension))
    return found[:_MOST]


def _by(dimension: str, before: Side, after: Side, tests: int) -> BreakBy | None:
    known = explain(before, after, tests)
    if known is None:
        return None
    return BreakBy(
        dimension=dimension, because="mix" if known.by_mix else "rate",
        values=[Explainer(value=v, share=s) for v, s in known.values],
        surprise=known.surprise, rate=known.rate, mix=known.mix,
    )  # fmt: skip


def _sides(document: ResultDocument, metric: str) -> dict[str, Side]:
    """(successes, cases) by dimension and value, where every value is counted."""
    found: dict[str, Side] = {}
    for row in document.metrics:
        if row.id != metric or row.period or len(row.slice) != 1:
            continue
        if row.numerator is None or not row.denominator or row.n != row.denominator:
            continue
        [(dimension, value)] = row.slice.items()
        counts = round(row.numerator), round(row.denominator)
        found.setdefault(dimension, {})[value] = counts
    return found
