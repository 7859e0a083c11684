"""A judged gap as a row of the result: norm, gap, money with its formula, peers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from salesdx.knowledge.models import MetricEntry, SolutionArea
from salesdx.language import Text
from salesdx.losses.candidate import Candidate
from salesdx.losses.grid import Judged
from salesdx.losses.places import place, plain
from salesdx.losses.worth import Prices
from salesdx.result import Input, LeftOut, Loss, LossPart, LossState, Money

ORDER: dict[LossState, int] = {
    "confirmed": 0, "suspected": 1, "insufficient": 2, "noise": 3,
}  # fmt: skip
SCOPES = ("sales", "step", "service")
SALES = ("conversion.at-horizon", "conversion.mature", "check.average")
NAMED = 3  # peers named as having reached the norm
LISTED = 50  # values listed as left out of it; of thousands of sellers there are many
TITLES = {
    "conversion": Text(en="Conversion to a won deal", ru="Конверсия в сделку"),
    "check": Text(en="Average check", ru="Средний чек"),
}
_FORMULA = {
    "rate": Text(
        en="cases × (norm − own, less what chance explains) × value",
        ru="случаи × (норма − своё, за вычетом случайности) × ценность",
    ),
    "amount": Text(
        en="won deals × (norm of the check − own, less what chance explains)",
        ru="сделки × (норма чека − свой чек, за вычетом случайности)",
    ),
}


@dataclass(frozen=True, slots=True)
class Mixed:
    """The norm without the mix, and the slice on everybody's mix."""

    raw_norm: float
    standardised: float
    turns: bool


@dataclass(frozen=True, slots=True)
class Context:
    """What rows need besides the judgement."""

    metrics: Mapping[str, MetricEntry]
    areas: Mapping[str, SolutionArea]
    prices: Prices
    least_deviation: float = 0.0
    counted: str | None = None
    total: float = 0.0
    measures: Mapping[str, Text] = field(default_factory=dict)
    parts: Mapping[tuple[str, str], Sequence[LossPart]] = field(default_factory=dict)
    mixed: Mapping[tuple[str, str], Mixed] = field(default_factory=dict)


def scope(c: Candidate) -> str:
    """`sales` counts in the total, a `step` is a view of it, `service` has no price."""
    if c.metric in SALES and plain(c.dimension):
        return "sales"
    return "service" if c.kind == "other" else "step"


def rows(judged: Sequence[Judged], context: Context) -> list[Loss]:
    """All rows: by state, sales first, what a peer reaches already, then by money.

    Where a peer of the same kind reaches the norm, the company can do it and only does
    not do it everywhere: such a gap is attainable now and is taken up earlier (IF-92).
    It is no more certain for that: neither its state nor a cause gains by it.
    """
    families: dict[tuple[str, str], list[Candidate]] = {}
    for c in (j.candidate for j in judged):
        if c.enough and c.actual >= c.norm:
            families.setdefault(c.family, []).append(c)
    for peers in families.values():
        peers.sort(key=lambda p: (-p.n, p.value))
    found = [_row(j, families.get(j.candidate.family, []), context) for j in judged]
    return sorted(
        found,
        key=lambda r: (
            ORDER[r.state], SCOPES.index(r.scope), not r.reached_by,
            -(r.money.expected if r.money else 0.0), r.id,
        ),
    )  # fmt: skip


def _row(j: Judged, reached: Sequence[Candidate], context: Context) -> Loss:
    c = j.candidate
    entry = context.metrics.get(c.metric)
    down = entry is not None and entry.direction == "down" and c.kind != "amount"
    # what is compared is the share done well; a figure that should be low is the rest
    compared_directly = c.metric in context.measures or not down
    actual, norm = (
        (c.actual, c.norm) if compared_directly else (1 - c.actual, 1 - c.norm)
    )
    direction = "up" if compared_directly else "down"
    gap = c.norm - c.actual
    where = dict(place(c.dimension, c.value))
    money = money_of(j.money)
    needed = {"insufficient": c.needed_n, "suspected": c.settling_n}.get(j.state)
    key = (c.dimension, c.value)
    mixed = context.mixed.get(key) if c.metric in SALES[:2] else None
    area = _area(entry, where, context)
    return Loss(
        id=_id(c), metric=c.metric, title=_title(c, entry), slice=where,
        norm=norm, actual=actual, n=c.n, state=j.state, money=money,
        share=_share(j, context), norm_of=c.norm_of,
        excluded=[value for value, _ in c.excluded[:LISTED]], probability=c.probability,
        needed_n=needed, reachable=c.reachable, scope=scope(c), unit=_unit(c),
        direction=direction, measure=context.measures.get(c.metric),
        gap=gap, gap_relative=gap / norm if norm > 0 else None,
        left_out=[LeftOut(value=v, reason=r) for v, r in c.excluded[:LISTED]],
        left_out_count=len(c.excluded),
        reached_by=_reached_by(c, reached),
        area=area.id if area else None, area_title=area.title if area else None,
        formula=_FORMULA.get(c.kind) if money else None,
        inputs=_inputs(j, context) if money else [],
        parts=list(context.parts.get(key, ())) if c.metric in SALES[:2] else [],
        raw_norm=mixed.raw_norm if mixed else None,
        standardised=mixed.standardised if mixed else None,
        mix_turns=mixed.turns if mixed else False,
        below_average=j.state != "insufficient" and norm > 0
        and gap / norm >= context.least_deviation,
    )  # fmt: skip


def _area(
    entry: MetricEntry | None, where: Mapping[str, str], context: Context
) -> SolutionArea | None:
    found = context.areas.get(entry.area) if entry and entry.area else None
    if found is None or (found.by and not set(found.by) & set(where)):
        return None
    return found


def _id(c: Candidate) -> str:
    where = place(c.dimension, c.value)
    return f"{c.metric}:" + ",".join(f"{k}={v}" for k, v in where)


def _title(c: Candidate, entry: MetricEntry | None) -> Text:
    return entry.title if entry else TITLES[c.metric.partition(".")[0]]


def _unit(c: Candidate) -> str:
    return "money" if c.kind == "amount" else "ratio"


def _share(j: Judged, context: Context) -> float | None:
    counts = j.state == "confirmed" and scope(j.candidate) == "sales"
    if not counts or j.money is None or j.candidate.dimension != context.counted:
        return None
    return j.money[1] / context.total if context.total > 0 else None


def money_of(found: tuple[float, float, float] | None) -> Money | None:
    """Money to the cent."""
    if found is None:
        return None
    low, expected, high = (round(m, 2) for m in found)
    return Money(low=low, expected=expected, high=high)


def _reached_by(c: Candidate, reached: Sequence[Candidate]) -> list[dict[str, str]]:
    """Peers that reach their own norm on enough cases; those with most cases."""
    if not c.reachable:
        return []
    peers = [p for p in reached[: NAMED + 1] if p.value != c.value]
    return [dict(place(p.dimension, p.value)) for p in peers[:NAMED]]


def _inputs(j: Judged, context: Context) -> list[Input]:
    """Factors whose product is the expected money (before rounding to the cent)."""
    assert j.money is not None
    c, worth = (
        j.candidate,
        context.prices.worth[j.candidate.dimension, j.candidate.value],
    )
    if c.kind == "amount":
        less = min(j.behind, 0.99)
        found = [
            Input(name=_WON, value=c.n, unit="count"),
            Input(name=_SHORT, value=c.actual * less / (1 - less), unit="money"),
        ]
    else:
        value = worth.value or 0.0
        basis = _MARGIN if context.prices.basis == "margin" else _TURNOVER
        found = [
            Input(name=_CASES, value=c.n, unit="count"),
            Input(name=_BEHIND, value=c.norm * j.behind, unit="ratio"),
            Input(name=basis, value=value, unit="money"),
        ]
        if c.yields != 1.0:
            found.append(Input(name=_YIELD, value=c.yields, unit="ratio"))
    product = math.prod(i.value for i in found)
    if product > 0 and not math.isclose(product, j.money[1], rel_tol=1e-9):
        found.append(Input(name=_KEPT, value=j.money[1] / product, unit="factor"))
    return found


_WON = Text(en="won deals", ru="сделок")
_SHORT = Text(
    en="shortfall of the check, less what chance explains",
    ru="недобор чека за вычетом случайности",
)
_CASES = Text(en="cases", ru="случаев")
_BEHIND = Text(
    en="shortfall against the norm, less what chance explains",
    ru="отставание от нормы за вычетом случайности",
)
_MARGIN = Text(en="margin of one won deal", ru="маржа одной сделки")
_TURNOVER = Text(en="amount of one won deal", ru="сумма одной сделки")
_YIELD = Text(en="won deals to one such case", ru="сделок на один такой случай")
_KEPT = Text(
    en="what is left after the split between conversion and check, and the cap",
    ru="что остаётся после раздела между конверсией и чеком и ограничения сверху",
)
