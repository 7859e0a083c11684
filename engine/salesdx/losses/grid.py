"""Judge all candidates of a case together: states, money, and the total."""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from salesdx.losses.candidate import Candidate
from salesdx.losses.settings import GateSettings
from salesdx.result import LossState
from salesdx.statistics import money, multiple

Triple = tuple[float, float, float]
# Kinds of demand differ by nature: that large clients buy more than small ones, or
# referrals close better than adverts, is a difference to know, not money lost.
UNLIKE = ("segment", "source", "product")


@dataclass(frozen=True, slots=True)
class Worth:
    """What a slice sells: wins and the value of one.

    `value` is in currency units (margin or turnover), None when amounts are unknown.
    A loss needs no more capacity than the slice has: its entries were served already.
    """

    wins: int
    value: float | None


@dataclass(frozen=True, slots=True)
class Materiality:
    """Smallest and largest loss: in money where it is known, else in won deals."""

    least_money: float | None
    most_money: float | None
    least_wins: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A candidate with its state.

    Money only of confirmed and suspected gaps between slices that serve like demand.
    """

    candidate: Candidate
    state: LossState
    money: Triple | None

    @property
    def behind(self) -> float:
        """Expected gap as a share of the norm, as far as the state grants it."""
        gap = self.candidate.gap
        return gap.real[1] if self.state == "confirmed" else gap.mean


def judge(
    candidates: Sequence[Candidate],
    worth: Mapping[tuple[str, str], Worth],
    materiality: Materiality,
    settings: GateSettings,
) -> list[Judged]:
    """Give every candidate its state; all are corrected for each other.

    Two steps. First each family (one metric by one dimension) must show that it holds
    any gap at all, at a level that leaves a company where all are alike a chance of
    `family_error` of any false finding, however many families there are (Holm over
    the p of each). Then, inside a family that holds gaps, they are told apart at the
    false-discovery rate (Benjamini-Hochberg).
    """
    survivors = _survivors([c for c in candidates if c.enough], settings)
    found = []
    for c in candidates:
        loss = _loss(c, worth[(c.dimension, c.value)], materiality)
        key = (c.metric, c.dimension, c.value)
        state = _state(c, key in survivors, loss, settings)
        counted = state in ("confirmed", "suspected") and c.dimension not in UNLIKE
        granted = loss.real if state == "confirmed" else loss.money
        found.append(Judged(c, state, granted if counted else None))
    return found


def _survivors(
    tested: Sequence[Candidate], settings: GateSettings
) -> set[tuple[str, str, str]]:
    families: dict[tuple[str, str], list[Candidate]] = {}
    for c in tested:
        families.setdefault(c.family, []).append(c)
    p = {f: [c.p_value for c in families[f]] for f in sorted(families)}
    real = multiple.holm([multiple.family_p(p[f]) for f in p], settings.family_error)
    found = set()
    for family in itertools.compress(p, real):
        yes = multiple.benjamini_hochberg(p[family], settings.false_discovery_rate)
        found |= {(*family, c.value) for c in itertools.compress(families[family], yes)}
    return found


@dataclass(frozen=True, slots=True)
class _Loss:
    """Money of a gap, the same if it is granted, and whether it is worth a word."""

    money: Triple | None
    real: Triple | None
    material: bool


def _loss(c: Candidate, worth: Worth, materiality: Materiality) -> _Loss:
    """Shrunk gap x entries x value of a win, capped.

    Whether it is worth a word is asked of the gap as it would be if it is real. A
    confirmed gap is granted to be real; the money of a suspicion also counts the
    chance that it is not.
    """
    if c.kind == "other":
        return _Loss(None, None, True)
    if c.kind == "rate":
        wins = c.gap.scaled(c.norm * c.n * c.yields)
        if worth.value is None:
            return _Loss(None, None, wins.real[1] >= materiality.least_wins)
        loss = wins.scaled(worth.value)
    else:
        # own check is (1 - share) of what it could be
        sold = c.n * c.actual
        loss = c.gap.each(lambda s: sold * min(s, 0.99) / (1 - min(s, 0.99)))
    most = materiality.most_money
    if most is not None:
        loss = loss.each(lambda m: min(m, most))
    least = materiality.least_money
    money = (loss.low, loss.mean, loss.high)
    return _Loss(money, loss.real, least is None or loss.real[1] >= least)


def _state(
    c: Candidate, survives: bool, loss: _Loss, settings: GateSettings
) -> LossState:
    """The four states; the test of money comes before the suspicion."""
    if not c.enough:
        return "insufficient"
    if c.probability >= settings.suspected_probability:
        if not loss.material:
            return "noise"
        sure = c.probability > settings.confirmed_probability
        if sure and survives and c.comparable:
            return "confirmed"
        return "suspected"
    return "noise" if c.sensitive else "insufficient"


def once(judged: Sequence[Judged], worth: Mapping[tuple[str, str], Worth]) -> (
    list[Judged]
):  # fmt: skip
    """Split the loss of a slice confirmed on both conversion and check (LMDI).

    Taken one by one the two gaps miss what they cost together; the parts of the
    split add up to the whole.
    """
    confirmed = {
        (j.candidate.metric.partition(".")[0], *_place(j)): j
        for j in judged
        if j.state == "confirmed" and j.money is not None
    }
    found = []
    for j in judged:
        kind = j.candidate.metric.partition(".")[0]
        other = {"conversion": "check", "check": "conversion"}.get(kind, "")
        partner = confirmed.get((other, *_place(j)))
        if partner is None or j.state != "confirmed" or j.money is None:
            found.append(j)
            continue
        found.append(replace(j, money=_split(j, partner, worth[_place(j)])))
    return found


def _place(j: Judged) -> tuple[str, str]:
    return j.candidate.dimension, j.candidate.value


def _split(j: Judged, partner: Judged, worth: Worth) -> Triple:
    assert j.money is not None
    base = worth.wins * (worth.value or 0.0)
    own, other = 1 - j.behind, 1 - partner.behind
    if base <= 0 or own <= 0 or other <= 0 or j.money[1] <= 0:
        return j.money
    # value now = base; at the norm each factor grows by 1 / (1 - gap)
    part = money.lmdi([base, 1.0, 1.0], [base, 1 / own, 1 / other])[1]
    alone = base * (1 / own - 1)
    scale = part / alone if alone > 0 else 1.0
    low, expected, high = (m * scale for m in j.money)
    return low, expected, high


def total(judged: Sequence[Judged]) -> tuple[str, Triple] | None:
    """The dimension that explains most, and the sum of its confirmed losses.

    The same rouble is lost by a manager, in a segment, on a product: dimensions are
    views of one chain, so only the largest is counted, never their sum.
    """
    by_dimension: dict[str, list[Triple]] = {}
    for j in judged:
        if j.state == "confirmed" and j.money is not None:
            by_dimension.setdefault(j.candidate.dimension, []).append(j.money)
    if not by_dimension:
        return None
    best = max(
        sorted(by_dimension),
        key=lambda d: math.fsum(m[1] for m in by_dimension[d]),
    )
    return best, money.sum_independent(by_dimension[best])
