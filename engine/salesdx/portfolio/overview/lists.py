"""Which companies to look at, and why: a list a reason, and those with most reasons.

A list holds the foremost tenth, twenty at most; what ranks alike is ordered by id.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from salesdx.inference.columnar.judging import VERDICTS
from salesdx.portfolio.model import (
    WHYS,
    Cause,
    Company,
    Listed,
    Listing,
    Marks,
    Reason,
    Why,
)
from salesdx.portfolio.overview.companies import FINEST, Companies
from salesdx.portfolio.overview.counting import Counted
from salesdx.portfolio.overview.picking import Ranking, pick
from salesdx.portfolio.overview.table import ResultTable, verdicts
from salesdx.portfolio.overview.unlike import Far

_MOST, _FEWEST = 20, 3
_RARE_TOLD = 3  # causes of a company
_LIKELY = VERDICTS.index("likely")
_WHO = ("id", "name", "group", "sales_model", "currency")


def lists(
    table: ResultTable, held: Companies, found: Counted, far: Far,
    causes: Sequence[Cause], marks: Marks,
) -> tuple[list[Listed], list[Listing]]:  # fmt: skip
    """The companies to look at first, and the lists that they come from."""
    rare = _rare(causes, marks)
    rankings = _rankings(held, found, far, marks)
    if rare:
        rankings["rare"] = [_rarely(table, held, rare)]
    chosen = {
        why: [(n, i) for places in pick(table, parts) for i, n in enumerate(places, 1)]
        for why, parts in rankings.items()
    }
    numbers = [n for places in chosen.values() for n, _ in places]
    rows = table.rows_at(numbers, [*_WHO, *(f"{c}.verdict" for c in rare)])
    teller = _Teller(table.causes, held, found, far, rare, rows, _totals(held))
    listings = [
        Listing(
            why=why, companies=sum(int(p.chosen.sum()) for p in rankings[why]),
            rows=[
                Listed(company=teller.company(n), reasons=[teller.reason(n, why, i)])
                for n, i in chosen[why]
            ],
        )
        for why in WHYS
        if chosen.get(why)
    ]  # fmt: skip
    return _first(chosen, teller, held, marks), listings


def _most(companies: int) -> int:
    """How many of so many are told."""
    return min(_MOST, max(_FEWEST, math.ceil(companies / 10)))


def _rare(causes: Sequence[Cause], marks: Marks) -> dict[str, float]:
    """Causes that are likely somewhere, yet hardly anywhere: their shares."""
    return {
        c.id: c.share for c in sorted(causes, key=lambda c: (c.share or 0.0, c.id))
        if c.share and c.share < marks.rare and c.examined >= marks.rare_least
    }  # fmt: skip


def _rankings(
    held: Companies, found: Counted, far: Far, marks: Marks
) -> dict[Why, list[Ranking]]:
    """By reason: whom it holds for, and what the foremost have most of.

    Money is ranked in each currency by itself; two companies make no ranking.
    """
    loss = np.where(held.known, held.loss, 0.0)
    score = np.nan_to_num(far.score)
    few = held.coverage < round(marks.low_coverage * FINEST)
    most = _most(held.count)
    parts = sorted(
        ((int((part & held.known).sum()), part) for _, part in held.currency_parts()),
        key=lambda p: -p[0],
    )
    return {
        "most-money": [
            Ranking(part & (loss > 0), (-loss,), _most(count))
            for count, part in parts if count >= _FEWEST
        ],
        "most-causes": [Ranking(held.likely > 0, (-held.likely, -held.possible), most)],
        "above-group": [Ranking(score > marks.far, (-score,), most)],
        "nearly-likely": [
            Ranking(found.nearly > 0, (-found.nearly, held.coverage), most)
        ],
        "hardly-examined": [Ranking(few, (held.coverage, ~held.known), most)],
        "below-group": [Ranking(score < -marks.far, (score,), most)],
    }  # fmt: skip


def _rarely(table: ResultTable, held: Companies, rare: Mapping[str, float]) -> Ranking:
    """Companies with a rare cause: the rarest one first, then how many."""
    rarest, many = np.full(held.count, np.inf), np.zeros(held.count, np.int16)
    for first, batch in table.batches([f"{c}.verdict" for c in rare]):
        here = slice(first, first + batch.num_rows)
        for cause, share in rare.items():
            likely = verdicts(batch, cause) == _LIKELY
            many[here] += likely
            rarest[here] = np.where(
                likely, np.minimum(rarest[here], share), rarest[here]
            )
    return Ranking(many > 0, (rarest, -many), _most(held.count))


@dataclass(frozen=True, slots=True, eq=False)
class _Teller:
    """Says of a row who it is and why it is listed."""

    names: Sequence[str]
    held: Companies
    found: Counted
    far: Far
    rare: Mapping[str, float]
    rows: Mapping[int, Mapping[str, Any]]
    totals: Mapping[int, float]  # by place of the currency

    def company(self, number: int) -> Company:
        """Who it is."""
        held, row, loss = self.held, self.rows[number], float(self.held.loss[number])
        strongest = int(held.strongest[number])
        return Company(
            id=row["id"] or "", name=row["name"], group=row["group"],
            sales_model=row["sales_model"], currency=row["currency"],
            loss=None if math.isnan(loss) else loss, coverage=self.coverage(number),
            likely=int(held.likely[number]), possible=int(held.possible[number]),
            strongest=self.names[strongest] if strongest >= 0 else None,
        )  # fmt: skip

    def coverage(self, number: int) -> float:
        """How much was looked at."""
        return round(int(self.held.coverage[number]) / FINEST, 4)

    def reason(self, number: int, why: Why, place: int | None) -> Reason:
        """Why it is in a list, with the figures behind it."""
        said: dict[str, Any] = {}
        if why == "most-money":
            said["share"] = self._share(number)
        elif why == "most-causes":
            said["count"] = int(self.held.likely[number])
        elif why == "nearly-likely":
            said["count"] = int(self.found.nearly[number])
        elif why == "hardly-examined":
            said["share"] = self.coverage(number)
        elif why == "rare":
            row = self.rows[number]
            likely = [c for c in self.rare if row[f"{c}.verdict"] == "likely"]
            said |= {"count": len(likely), "causes": likely[:_RARE_TOLD]}
        else:
            said["factor"] = float(f"{self.far.factor[number]:.4g}")
            said["score"] = round(float(self.far.score[number]), 2)
        return Reason(why=why, place=place, **said)

    def _share(self, number: int) -> float | None:
        total = self.totals[int(self.held.currency[number])]
        return round(float(self.held.loss[number]) / total, 6) if total > 0 else None


def _totals(held: Companies) -> dict[int, float]:
    found = {}
    for currency in range(-1, len(held.currencies)):
        here = held.known & (held.currency == currency)
        found[currency] = math.fsum(held.loss[here])
    return found


def _first(
    chosen: Mapping[Why, Sequence[tuple[int, int]]], teller: _Teller, held: Companies,
    marks: Marks,
) -> list[Listed]:  # fmt: skip
    """Those with most reasons, then those that stand higher in their lists.

    To be little examined is a reason only beside another one, and to lose far less than
    the others is none.
    """
    reasons: dict[int, list[Reason]] = {}
    for why in WHYS:
        if why in ("hardly-examined", "below-group"):
            continue
        for number, place in chosen.get(why, ()):
            found = reasons.setdefault(number, [])
            found.append(teller.reason(number, why, place))
    for number, found in reasons.items():
        if teller.coverage(number) < marks.low_coverage:
            found.append(teller.reason(number, "hardly-examined", None))
    listed = [
        Listed(company=teller.company(n), reasons=found) for n, found in reasons.items()
    ]
    listed.sort(key=_rank)
    return listed[: max(_most(held.count), 2 * _FEWEST)]


def _rank(one: Listed) -> tuple[int, int, list[int], str]:
    places = sorted(r.place for r in one.reasons if r.place is not None)
    order = [WHYS.index(r.why) for r in one.reasons]
    return -len(one.reasons), places[0], order, one.company.id
