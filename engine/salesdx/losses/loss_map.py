"""The loss map of a case: who and what falls short of the norm, and what it costs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from salesdx.facts import Fact, Measurement
from salesdx.knowledge.models import MetricEntry, SolutionArea
from salesdx.language import Text
from salesdx.losses import response_gaps, stage_gaps
from salesdx.losses.candidate import Candidate
from salesdx.losses.deal_gaps import (
    amount_candidates,
    conversion_candidates,
    novices,
)
from salesdx.losses.grid import Judged, judge, once, total
from salesdx.losses.mixed import mixed
from salesdx.losses.model import LossMap
from salesdx.losses.parts import parts
from salesdx.losses.places import place
from salesdx.losses.rows import Context, rows
from salesdx.losses.settings import GateSettings
from salesdx.losses.share_gaps import material, share_candidates
from salesdx.losses.stage_gaps import AtStages
from salesdx.losses.worth import prices, yields
from salesdx.metrics.data import Data
from salesdx.result import Loss, TotalLoss

OPEN = ("confirmed", "suspected")


def loss_map(
    data: Data,
    measurements: Iterable[Measurement],
    settings: Mapping[str, float],
    metrics: Mapping[str, MetricEntry] | None = None,
    areas: Mapping[str, SolutionArea] | None = None,
) -> LossMap:
    """Compare slices with their peers and keep what survives the gate.

    Sales: conversion (manager, segment, source, channel, region, product, department)
    on the same mix of segment and source, average check (manager) on the same segment
    and product. Segments, sources and products are kinds of demand: a gap between them
    has a state and no money. The norm leaves out newcomers, extremes and the slice
    itself. The total is counted once: dimensions are views of the same deals, so it is
    the largest sum of confirmed losses of one dimension; within a slice conversion and
    check are split by LMDI so that they add up.

    Work: the steps on the way and how the work is done (every share that `metrics`
    marks with `loss`). They have a small part of the chance of error to themselves, so
    that the many figures of work do not hide a loss of sales. Their money, where they
    have any, is a view of the losses of sales and never part of the total.

    A slice that only needs longer is no loss: a gap at the horizon that is not there in
    mature conversion is noise.

    Args:
        data: the tables.
        measurements: figures computed before, `conversion.mature` among them.
        settings: benchmarks `statistics.*`.
        metrics: declarations of the figures; without them only sales are compared.
        areas: solution areas by id.

    Returns:
        The map; empty when there is nothing to compare.
    """
    gate, declared = GateSettings.of(settings), metrics or {}
    figures = list(measurements)
    sales = _sales(data, gate)
    work = _work(data, figures, declared, gate)
    candidates = [*sales, *work.candidates]
    if not candidates:
        return LossMap()
    priced = prices(data, candidates, gate)
    part = gate.error_of_work if work.candidates and sales else 0.0
    judged = judge(sales, priced.worth, priced.materiality, _with_error(gate, 1 - part))
    judged = once(_without_the_slow(judged, figures), priced.worth)
    counted = total(judged)
    own = judge(
        work.candidates, priced.worth, priced.materiality,
        _with_error(gate, part if sales else 1),
    )  # fmt: skip
    context = Context(
        declared, areas or {}, priced, gate.least_deviation,
        counted=counted[0] if counted else None,
        total=counted[1][1] if counted else 0.0,
        measures=work.measures,
        parts=parts(judged, work.at_stages),
        mixed=mixed(data, judged),
    )  # fmt: skip
    judged += _without_the_small(own, gate)
    losses = rows(judged, context)
    return LossMap(
        losses=losses,
        total=_total(data, counted, losses),
        gaps=[_gap(j) for j in judged],
        basis=priced.basis,
        counted=context.counted,
    )


def _sales(data: Data, gate: GateSettings) -> list[Candidate]:
    if not data.has("deals", "status"):
        return []
    return [*conversion_candidates(data, gate), *amount_candidates(data, gate)]


@dataclass(frozen=True, slots=True)
class _Work:
    """Candidates of steps and work, what they compare in words, and the stages."""

    candidates: tuple[Candidate, ...] = ()
    measures: Mapping[str, Text] = field(default_factory=dict)
    at_stages: AtStages = field(default_factory=AtStages)


def _work(
    data: Data,
    figures: Iterable[Measurement],
    metrics: Mapping[str, MetricEntry],
    gate: GateSettings,
) -> _Work:
    if not metrics:
        return _Work()
    fresh = novices(data, gate) if data.has("deals") else frozenset()
    found = share_candidates(figures, metrics, fresh, yields(data), gate)
    measures: dict[str, Text] = {}
    if _declared(metrics, response_gaps.METRIC):
        in_time = response_gaps.response_candidates(data, fresh, gate)
        if in_time is not None:
            found = [*in_time.candidates, *found]
            measures[response_gaps.METRIC] = response_gaps.measure(in_time.limit)
    at_stages = AtStages()
    if _declared(metrics, stage_gaps.METRIC):
        at_stages = stage_gaps.stage_candidates(data, fresh, gate)
    return _Work((*at_stages.candidates, *found), measures, at_stages)


def _declared(metrics: Mapping[str, MetricEntry], metric: str) -> bool:
    return metric in metrics and metrics[metric].loss


def _with_error(gate: GateSettings, part: float) -> GateSettings:
    return replace(gate, family_error=gate.family_error * part)


def _without_the_small(judged: Iterable[Judged], gate: GateSettings) -> list[Judged]:
    """Call a gap noise when it has no price and is too small to speak of."""
    return [
        replace(j, state="noise")
        if j.state in OPEN and not material(j.candidate, gate)
        else j
        for j in judged
    ]


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


def _total(
    data: Data,
    counted: tuple[str, tuple[float, float, float]] | None,
    losses: Iterable[Loss],
) -> TotalLoss | None:
    """The total; its expected value is the sum of its rows to the cent."""
    if counted is None:
        return None
    low, _, high = (round(m, 2) for m in counted[1])
    cents = sum(
        round(x.money.expected * 100) for x in losses if x.share is not None and x.money
    )
    return TotalLoss(
        low=low, expected=cents / 100, high=high, currency=data.company.currency,
        per="period",
    )  # fmt: skip


def _gap(j: Judged) -> Fact:
    """The state as the rules read it; on a metric and a slice."""
    where = place(j.candidate.dimension, j.candidate.value)
    return Fact(f"gap:{j.candidate.metric}", j.state, where, origin="gap")
