"""Figures then and now: better or worse only beyond chance, on mature entries only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from salesdx.compare import noise
from salesdx.compare.cohorts import FAMILY, MATURE, Since, since
from salesdx.compare.comparable import obstacle
from salesdx.compare.located import located
from salesdx.compare.model import Direction, Figure, MetricChange, State
from salesdx.compare.pairing import Results, paired
from salesdx.compare.words import Value, joined, said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.result import MetricRow

# how the data were counted: no way of it is better for the company
_COUNTING = ("maturity.", "benchmark.", "period.")
_EQUAL = 1e-9  # of the value: figures carry ten digits


@dataclass(frozen=True)
class _Pair:
    """A figure of both results; `reason` is why it cannot be compared."""

    then: MetricRow | None
    now: MetricRow | None
    direction: Direction
    reason: Text | None
    since: Since | None = None

    @property
    def row(self) -> MetricRow:
        found = self.now or self.then
        assert found is not None
        return found

    @property
    def latest(self) -> Figure | None:
        """What is held against the older figure: what came since, where it is told."""
        if self.since is not None and self.row.id == MATURE:
            return self.since.figure
        return figure(self.now)

    @property
    def equal(self) -> bool:
        a, b = self.then, self.now
        if a is None or b is None or a.value is None or b.value is None:
            return False
        return abs(a.value - b.value) <= _EQUAL * max(abs(a.value), abs(b.value), 1e-12)


def metric_changes(results: Results, knowledge: KnowledgeBase) -> list[MetricChange]:
    """Every figure over the whole period that is known in either result."""
    whole = [
        [m for m in d.metrics if not m.period] for d in (results.then, results.now)
    ]
    later = since(results)
    pairs = [
        _pair(results, knowledge, a, b, later)
        for a, b in paired(*whole).values()
        if any(r is not None and r.value is not None for r in (a, b))
    ]
    # the company and its slices are two families: 500 slices must not hide the whole
    chances = [_chance(p) for p in pairs]
    real = [False] * len(pairs)
    for sliced in (False, True):
        at = [i for i, p in enumerate(pairs) if bool(p.row.slice) is sliced]
        for i, is_real in zip(at, noise.beyond([chances[i] for i in at]), strict=True):
            real[i] = is_real
    return [
        _change(results, p, c, r)
        for p, c, r in zip(pairs, chances, real, strict=True)
    ]  # fmt: skip


def figure(row: MetricRow | None) -> Figure | None:
    """A row as a figure of the comparison."""
    if row is None:
        return None
    return Figure(
        value=row.value, interval=row.interval, n=row.n, numerator=row.numerator,
        denominator=row.denominator, said_by=row.said_by,
    )  # fmt: skip


def _pair(
    results: Results, knowledge: KnowledgeBase, then: MetricRow | None,
    now: MetricRow | None, later: Since | None,
) -> _Pair:  # fmt: skip
    row = now or then
    assert row is not None
    entry = knowledge.metrics.get(row.id)
    told = entry is not None and not row.id.startswith(_COUNTING)
    direction: Direction = entry.direction if entry and told else "none"
    if then is None or now is None:
        reason: Text | None = said(
            "metric.unknown-then" if then is None else "metric.unknown-now"
        )
        return _Pair(then, now, direction, reason)
    found = _Pair(
        then, now, direction, obstacle(results, entry, then, now),
        later if row.id in FAMILY and not row.slice else None,
    )  # fmt: skip
    if found.reason is None and found.latest is None and found.since:
        young = said("metric.not-mature", entries=found.since.entries)
        return _Pair(then, now, direction, young, later)
    return found


def _chance(pair: _Pair) -> float | None:
    then, latest = figure(pair.then), pair.latest
    if pair.reason or then is None or latest is None or pair.equal:
        return None
    return noise.by_chance(then, latest)


def _change(
    results: Results, pair: _Pair, chance: float | None, real: bool
) -> MetricChange:
    row, latest = pair.row, pair.latest
    then, now = figure(pair.then), figure(pair.now)
    state = _state(pair, chance, real)
    small = state == "unchanged" and not pair.equal
    needed = noise.needed(then, latest) if small and then and latest else None
    moved = state in ("better", "worse", "changed") and not row.slice
    aside = pair.since is not None and row.id == MATURE
    return MetricChange(
        id=row.id, title=row.title, slice=row.slice, unit=row.unit,
        direction=pair.direction, state=state, then=then, now=now,
        since=latest if aside and not pair.reason else None,
        early=_early(pair),
        needed_n=needed, by=located(results, row.id) if moved and real else [],
        reason=_reason(results, pair, state, chance, needed),
    )  # fmt: skip


def _early(pair: _Pair) -> bool:
    """Called early, if it is called at all; with nothing mature it is not."""
    later = pair.since
    if later is None or not later.early:
        return False
    return pair.reason is None or not later.mature


def _state(pair: _Pair, chance: float | None, real: bool) -> State:
    then, latest = pair.then, pair.latest
    if pair.reason is not None or then is None or latest is None:
        return "not_comparable"
    if pair.equal or then.value is None or latest.value is None:
        return "unchanged"
    if chance is not None and not real:
        return "unchanged"
    if chance is None or pair.direction not in ("up", "down"):
        return "changed"
    rose = latest.value > then.value
    return "better" if rose is (pair.direction == "up") else "worse"


def _reason(
    results: Results, pair: _Pair, state: State, chance: float | None,
    needed: int | None,
) -> Text | None:  # fmt: skip
    if pair.reason is not None:
        return pair.reason
    if pair.equal or pair.then is None or pair.now is None:
        return None
    currency = results.now.case.currency
    told = {
        name: Value(row.value, row.unit, currency, row.id)
        for name, row in (("then", pair.then), ("now", pair.now))
    }
    if chance is None:
        how = "as-said" if pair.now.said_by else "no-interval"
    else:
        how = "noise" if state == "unchanged" else "moved"
    enough = said("metric.needed", needed=_about(needed)) if needed else None
    return joined(*_cohort(pair), said(f"metric.{how}", **told), enough)


def _about(cases: int) -> int:
    """Two digits of a number that is a guess."""
    return int(float(f"{cases:.2g}"))


def _cohort(pair: _Pair) -> Sequence[Text | None]:
    """What the entries made since then say, where the figure is of mature entries."""
    later = pair.since
    if later is None or later.figure is None:
        return ()
    rate = Value(later.figure.value, "ratio", metric=MATURE)
    counts: Mapping[str, object] = {"mature": later.mature, "entries": later.entries}
    return (
        said("cohort.early", **counts) if later.early else None,
        said("cohort.since", wins=later.wins, mature=later.mature, rate=rate),
    )
