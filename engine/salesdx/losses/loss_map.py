"""The loss map of a case: who and what falls short of the norm, and what it costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from salesdx.facts import COMPANY, Fact, Measurement, slice_of
from salesdx.language import Text
from salesdx.losses.amount_gaps import LogSum, check_candidates
from salesdx.losses.candidate import Candidate
from salesdx.losses.grid import Judged, Materiality, Worth, judge, once, total
from salesdx.losses.rate_gaps import rate_candidates
from salesdx.losses.settings import GateSettings
from salesdx.metrics.conversion import unjudged
from salesdx.metrics.data import Data
from salesdx.metrics.deal_counts import (
    MIX,
    LifeTable,
    blind_dimensions,
    counts,
    horizon,
    life_tables,
    mature_tables,
)
from salesdx.metrics.deal_rows import DAY, deal_rows, dimensions
from salesdx.result import Loss, Money, TotalLoss

CHECK_MIX = ("segment", "product")
CHECKED_BY = ("manager",)  # checks of unlike segments are not compared
LOG_STEP = 1000  # log amounts in thousandths: 0.1 % of the amount
OPEN = ("confirmed", "suspected")
ORDER = {"confirmed": 0, "suspected": 1, "insufficient": 2, "noise": 3}
TITLES = {
    "conversion": Text(en="Conversion to a won deal", ru="Конверсия в сделку"),
    "check": Text(en="Average check", ru="Средний чек"),
}


@dataclass(frozen=True, slots=True)
class LossMap:
    """All gaps judged; the total counted once; the states for the rules.

    `basis` says what a win is valued at, `counted` which dimension the total sums.
    """

    losses: list[Loss] = field(default_factory=list)
    total: TotalLoss | None = None
    gaps: list[Fact] = field(default_factory=list)
    basis: Literal["margin", "turnover"] | None = None
    counted: str | None = None


def loss_map(
    data: Data,
    measurements: Iterable[Measurement],
    settings: Mapping[str, float],
    titles: Mapping[str, Text] | None = None,
) -> LossMap:
    """Compare slices with their peers and keep what survives the gate.

    Conversion (manager, segment, source, channel, region, product, department) is
    compared on the same mix of segment and source, average check (manager) on the
    same segment and product. Segments, sources and products are kinds of demand: a
    gap between them has a state and no money. The norm leaves out newcomers, extremes
    and the slice itself. Where a dimension as a whole differs no more than chance,
    nothing in it is confirmed.

    The total is counted once: dimensions are views of the same deals, so it is the
    largest sum of confirmed losses of one dimension; within a slice conversion and
    check are split by LMDI so that they add up.

    A slice that only needs longer is no loss: a gap at the horizon that is not there in
    mature conversion is noise.

    Args:
        data: the tables.
        measurements: figures computed before, `conversion.mature` among them.
        settings: benchmarks `statistics.*`.
        titles: metric id -> its title.

    Returns:
        The map; empty when there is nothing to compare.
    """
    gate = GateSettings.of(settings)
    if not data.has("deals", "status"):
        return LossMap()
    candidates = [*_conversion(data, gate), *_checks(data, gate)]
    if not candidates:
        return LossMap()
    basis, worth = _worth(data, candidates, gate)
    judged = judge(candidates, worth, _materiality(data, basis, gate), gate)
    judged = once(_without_the_slow(judged, measurements), worth)
    counted = total(judged)
    return LossMap(
        losses=_losses(judged, counted, titles or {}),
        total=_total(data, counted),
        gaps=[_gap(j) for j in judged],
        basis=basis,
        counted=counted[0] if counted else None,
    )


def _without_the_slow(
    judged: Iterable[Judged], measurements: Iterable[Measurement]
) -> list[Judged]:
    """Call a gap noise when the slice wins as much as the others, only later."""
    mature = {
        m.slice[0]: (m.numerator, m.denominator)
        for m in measurements
        if m.metric == "conversion.mature" and len(m.slice) == 1 and not m.period
        and m.numerator is not None and m.denominator
    }  # fmt: skip
    return [
        replace(j, state="noise", money=None) if _catches_up(j, mature) else j
        for j in judged
    ]


def _catches_up(
    j: Judged, mature: Mapping[tuple[str, str], tuple[float, float]]
) -> bool:
    c = j.candidate
    own = mature.get((c.dimension, c.value))
    if c.metric != "conversion.at-horizon" or own is None or j.state not in OPEN:
        return False
    others = [
        v for (dimension, value), v in mature.items()
        if dimension == c.dimension and value != c.value
    ]  # fmt: skip
    entries = sum(n for _, n in others)
    return entries > 0 and own[0] / own[1] >= sum(k for k, _ in others) / entries


def _conversion(data: Data, gate: GateSettings) -> list[Candidate]:
    if unjudged(data, COMPANY) is not None or data.as_of is None:
        return []
    if not data.has("deals", "entered_at"):
        return []
    days = horizon(data)
    blind = blind_dimensions(data)
    usable = [d for d in dimensions(data) if d not in blind]
    found: list[Candidate] = []
    for dimension in usable:
        cells = tuple(c for c in MIX if c in usable and c != dimension)
        names = (dimension, *cells)
        if days is not None:
            metric, tables = "conversion.at-horizon", life_tables(data, names, days)
        else:
            metric, tables = "conversion.mature", mature_tables(data, names)
        found += rate_candidates(
            metric, dimension, _named(tables), days or 0,
            _novices(data, gate) if dimension == "manager" else (), cells, gate,
        )  # fmt: skip
    return found


def _named(
    tables: Mapping[tuple[str | None, ...], LifeTable],
) -> dict[tuple[str, tuple[str, ...]], LifeTable]:
    """Split keys into value and cell; an unknown cell is a cell of its own, ""."""
    return {
        (key[0], tuple(c or "" for c in key[1:])): table
        for key, table in tables.items()
        if key[0] is not None
    }


def _novices(data: Data, gate: GateSettings) -> frozenset[str]:
    """Managers most of whose entries came in their first days in the job."""
    rows = deal_rows(data)
    rows = rows.filter(
        rows.manager.notnull(), rows.hired.notnull(), rows.entered.notnull()
    )
    early = rows.entered < rows.hired + int(gate.novice_days) * DAY
    found = data.rows(rows.group_by("manager").agg(n=rows.count(), early=early.sum()))
    return frozenset(r["manager"] for r in found if 2 * r["early"] > r["n"])


def _checks(data: Data, gate: GateSettings) -> list[Candidate]:
    if not data.has("deals", "amount"):
        return []
    company = counts(data)[COMPANY]
    if company["priced"] < gate.money_coverage * company["won"]:
        return []
    present = dimensions(data)
    found: list[Candidate] = []
    for dimension in CHECKED_BY:
        if dimension not in present:
            continue
        cells = tuple(c for c in CHECK_MIX if c in present and c != dimension)
        sums, average = _log_sums(data, (dimension, *cells))
        novices = _novices(data, gate) if dimension == "manager" else ()
        found += check_candidates(
            "check.average", dimension, sums, average, novices, cells, gate
        )
    return found


def _log_sums(
    data: Data, names: tuple[str, ...]
) -> tuple[dict[tuple[str, tuple[str, ...]], LogSum], dict[str, float]]:
    """Sums of log amounts by value and cell, and the mean check of each value."""
    rows = deal_rows(data)
    rows = rows.filter(rows[names[0]].notnull(), rows.status == "won", rows.amount > 0)
    bucket = (rows.amount.cast("float64").ln() * LOG_STEP).floor().cast("int64")
    rows = rows.mutate(bucket=bucket)
    grouped = rows.group_by(*names, "bucket").agg(
        n=rows.count(), paid=rows.amount.sum()
    )
    sums: dict[tuple[str, tuple[str, ...]], LogSum] = {}
    paid: dict[str, list[int]] = {}
    for r in sorted(data.rows(grouped), key=_row_order):
        x, n = (r["bucket"] + 0.5) / LOG_STEP, r["n"]
        key = (r[names[0]], tuple(r[c] or "" for c in names[1:]))
        part = LogSum(n, n * x, n * x * x)
        sums[key] = sums.get(key, LogSum()).plus(part)
        whole = paid.setdefault(r[names[0]], [0, 0])
        whole[0] += r["paid"]
        whole[1] += n
    ordered = {key: sums[key] for key in sorted(sums)}
    return ordered, {v: p / n / 100 for v, (p, n) in sorted(paid.items())}


def _row_order(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(f"{value!s:>12}" for value in row.values())


def _worth(
    data: Data, candidates: Iterable[Candidate], gate: GateSettings
) -> tuple[Literal["margin", "turnover"] | None, dict[tuple[str, str], Worth]]:
    """Value of a win per slice: own where enough wins have an amount, else company."""
    found = counts(data)
    company = found[COMPANY]
    basis: Literal["margin", "turnover"] | None = None
    if company["priced"] and company["priced"] >= gate.money_coverage * company["won"]:
        with_cost = company["costed"] >= gate.money_coverage * company["priced"]
        basis = "margin" if with_cost and company["costed"] else "turnover"
    worth = {}
    for dimension, value in sorted({(c.dimension, c.value) for c in candidates}):
        row = found[slice_of(**{dimension: value})]
        own = row if row["priced"] >= gate.min_wins else company
        each = None if basis is None else _value_of_win(own, basis)
        worth[(dimension, value)] = Worth(row["won"], each)
    return basis, worth


def _value_of_win(row: Mapping[str, int], basis: str) -> float:
    check = row["revenue"] / row["priced"] / 100
    if basis == "turnover" or not row["costed"]:
        return check
    return max(check - row["cost"] / row["costed"] / 100, 0.0)


def _materiality(data: Data, basis: str | None, gate: GateSettings) -> Materiality:
    company = counts(data)[COMPANY]
    least_wins = gate.min_loss_share * company["won"]
    if basis is None:
        return Materiality(None, None, least_wins)
    revenue = company["revenue"] / 100
    least = data.company.minimum_loss
    if least is None:
        least = gate.min_loss_share * revenue
    return Materiality(least, revenue, least_wins)


def _losses(
    judged: Iterable[Judged],
    counted: tuple[str, tuple[float, float, float]] | None,
    titles: Mapping[str, Text],
) -> list[Loss]:
    rows = [_loss(j, counted, titles) for j in judged]
    return sorted(
        rows,
        key=lambda r: (
            ORDER[r.state], -(r.money.expected if r.money else 0.0), r.id,
        ),
    )  # fmt: skip


def _loss(
    j: Judged,
    counted: tuple[str, tuple[float, float, float]] | None,
    titles: Mapping[str, Text],
) -> Loss:
    c = j.candidate
    share = None
    if counted and j.state == "confirmed" and j.money and c.dimension == counted[0]:
        share = j.money[1] / counted[1][1] if counted[1][1] > 0 else None
    needed = {"insufficient": c.needed_n, "suspected": c.settling_n}.get(j.state)
    return Loss(
        id=f"{c.metric}:{c.dimension}={c.value}", metric=c.metric,
        title=titles.get(c.metric) or TITLES[c.metric.partition(".")[0]],
        slice={c.dimension: c.value}, norm=c.norm, actual=c.actual, n=c.n,
        state=j.state, money=_money(j.money), share=share, norm_of=c.norm_of,
        excluded=[value for value, _ in c.excluded], probability=c.probability,
        needed_n=needed, reachable=c.reachable,
    )  # fmt: skip


def _money(found: tuple[float, float, float] | None) -> Money | None:
    if found is None:
        return None
    low, expected, high = (round(m, 2) for m in found)
    return Money(low=low, expected=expected, high=high)


def _total(
    data: Data, counted: tuple[str, tuple[float, float, float]] | None
) -> TotalLoss | None:
    if counted is None:
        return None
    low, expected, high = (round(m, 2) for m in counted[1])
    return TotalLoss(
        low=low, expected=expected, high=high, currency=data.company.currency,
        per="period",
    )  # fmt: skip


def _gap(j: Judged) -> Fact:
    """The state as the rules read it; on a metric and a slice."""
    where = slice_of(**{j.candidate.dimension: j.candidate.value})
    return Fact(f"gap:{j.candidate.metric}", j.state, where, origin="gap")
