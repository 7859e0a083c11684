"""The loss map then and now: a gap is gone where it is looked at and is only noise."""

from salesdx.compare import noise
from salesdx.compare.comparable import span
from salesdx.compare.model import Figure, LossChange, LossSeen, State, YearLoss
from salesdx.compare.pairing import Results, paired
from salesdx.compare.words import Value, said
from salesdx.language import Text
from salesdx.result import Loss, Money
from salesdx.statistics.rates import overlap, wilson

_FOUND = ("confirmed", "suspected")
_YEAR = 365
Judged = tuple[State, Text | None]


def loss_changes(results: Results) -> list[LossChange]:
    """Gaps that either result confirms or suspects, in the order of the newer."""
    found = []
    for then, now in paired(results.then.losses, results.now.losses).values():
        row = now or then
        if not (_is_found(then) or _is_found(now)):
            continue
        state, reason = _judged(results, then, now)
        found.append(LossChange(
            id=row.id, metric=row.metric, title=row.title, slice=row.slice,
            unit=row.unit, state=state, then=_seen(then), now=_seen(now),
            reason=reason,
        ))  # fmt: skip
    return found


def year_loss(results: Results) -> YearLoss | None:
    """The confirmed loss of both by the year; None where neither has one."""
    old, new = results.then.summary, results.now.summary
    if old.loss is None and new.loss is None:
        return None
    lengths = span(results.then), span(results.now)
    sums = [
        _scaled(s.loss, _YEAR / length) if s.loss and length else None
        for s, length in zip((old, new), lengths, strict=True)
    ]
    state, reason = _total_judged(results, *sums)
    return YearLoss(state=state, then=sums[0], now=sums[1], reason=reason)


def _total_judged(results: Results, then: Money | None, now: Money | None) -> Judged:
    old, new = results.then, results.now
    if old.case.currency != new.case.currency:
        currencies = {"then": old.case.currency, "now": new.case.currency}
        return "not_comparable", said("metric.currency", **currencies)
    if then is not None and now is not None:
        return _by_money(results, then, now)
    if then is None and old.summary.state == "no_loss_found":
        return "new", None
    if now is None and new.summary.state == "no_loss_found":
        return "gone", None
    return "not_comparable", said("loss.no-price")


def _is_found(row: Loss | None) -> bool:
    return row is not None and row.state in _FOUND


def _seen(row: Loss | None) -> LossSeen | None:
    if row is None:
        return None
    return LossSeen(
        state=row.state, norm=row.norm, actual=row.actual, n=row.n, money=row.money
    )


def _judged(results: Results, then: Loss | None, now: Loss | None) -> Judged:
    row = now or then
    assert row is not None
    meaning = results.meaning(row.metric)
    if meaning is not None:
        return "not_comparable", meaning
    if then is None or not _is_found(then):
        if then is None:
            return "new", said("loss.no-slice-then")
        few = then.state == "insufficient"
        return "new", said("loss.few-then") if few else None
    if now is None:
        return "gone", said("loss.no-slice-now")
    if now.state == "insufficient":
        return "not_comparable", said("loss.few")
    if now.state == "noise":
        return "gone", said("loss.noise-now")
    return _both(results, then, now)


def _both(results: Results, then: Loss, now: Loss) -> Judged:
    """Both lag: by what a year costs, else by the figure itself."""
    if then == now:
        return "unchanged", None
    money = _a_year(results, then, now)
    if money is None:
        return _by_figure(then, now)
    return _by_money(results, *money)


def _by_money(results: Results, a: Money, b: Money) -> Judged:
    """Two sums of a year: apart, or with ranges that overlap."""
    currency = results.now.case.currency
    told = {
        "then": Value(a.expected, "money", currency),
        "now": Value(b.expected, "money", currency),
    }
    if overlap((a.low, a.high), (b.low, b.high)):
        return "unchanged", said("loss.money", **told)
    worse = b.expected > a.expected
    return ("worse" if worse else "better"), said("loss.money-moved", **told)


def _a_year(results: Results, then: Loss, now: Loss) -> tuple[Money, Money] | None:
    """What both cost a year: the data cover different spans. None without a price."""
    old, new = results.then, results.now
    spans = span(old), span(new)
    if old.case.currency != new.case.currency:
        return None
    if then.money is None or now.money is None:
        return None
    if not spans[0] or not spans[1]:
        return None
    return _scaled(then.money, _YEAR / spans[0]), _scaled(now.money, _YEAR / spans[1])


def _scaled(money: Money, factor: float) -> Money:
    return Money(
        low=money.low * factor, expected=money.expected * factor,
        high=money.high * factor,
    )  # fmt: skip


def _by_figure(then: Loss, now: Loss) -> Judged:
    told = {
        "then": Value(then.actual, then.unit, metric=then.metric),
        "now": Value(now.actual, now.unit, metric=now.metric),
    }
    chance = noise.by_chance(_figure(then), _figure(now))
    if chance is None:
        return "unchanged", said("loss.no-money")
    if chance > noise.FALSE:
        return "unchanged", said("metric.noise", **told)
    better = (now.actual > then.actual) is (now.direction == "up")
    return ("better" if better else "worse"), said("metric.moved", **told)


def _figure(row: Loss) -> Figure:
    """The actual of a share of cases as counts; of another no interval is kept."""
    if row.unit != "ratio" or not 0 <= row.actual <= 1 or not row.n:
        return Figure(value=row.actual)
    wins = row.actual * row.n
    return Figure(
        value=row.actual, n=row.n, numerator=wins, denominator=row.n,
        interval=wilson(wins, row.n),
    )  # fmt: skip
