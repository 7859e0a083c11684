"""Where the money is: per currency, never mixed; sums are exact (`math.fsum`)."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from salesdx.portfolio.model import CurvePoint, Money, Share
from salesdx.portfolio.overview.companies import Companies

_GROUPS = 20  # of a currency that are listed
_CURVE = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
_FEWEST = 10  # losses: a tenth of fewer is nobody


def money(held: Companies, causes: Sequence[str]) -> list[Money]:
    """The largest sums first, by how many companies count in them."""
    found = [
        _of(name, part, held, causes)
        for name, part in held.currency_parts()
        if (part & held.known).any()
    ]
    return sorted(found, key=lambda m: (-m.known, m.currency or ""))


def amount(values: Iterable[float]) -> float:
    """An exact sum, to the hundredth."""
    return round(math.fsum(values), 2)


def _of(
    currency: str | None, part: NDArray[np.bool_], held: Companies,
    causes: Sequence[str],
) -> Money:  # fmt: skip
    known = part & held.known
    losses = np.sort(held.loss[known])[::-1]
    total = amount(losses)
    top, half, curve = _concentration(losses, total)
    likely = np.where(held.likely > 0, held.strongest, -1)
    groups = _shares(held.group, held.groups, known, held.loss, total)
    more = groups[_GROUPS:]
    return Money(
        currency=currency, companies=int(part.sum()), known=len(losses), total=total,
        median=round(float(np.median(losses)), 2), top_tenth=top, half=half,
        curve=curve,
        strongest=_shares(likely, causes, known, held.loss, total),
        groups=groups[:_GROUPS] if held.groups else [],
        more_groups=len(more) if held.groups else 0,
        more_groups_amount=amount(s.amount for s in more) if held.groups else 0.0,
    )  # fmt: skip


def _concentration(
    losses: NDArray[np.float64], total: float
) -> tuple[float | None, int | None, list[CurvePoint]]:
    """The share of the top tenth, how many make up half, and points of the curve."""
    count = len(losses)
    if total <= 0 or (losses < 0).any():
        return None, None, []
    upto = np.cumsum(losses)
    half = int(np.searchsorted(upto, total / 2 * (1 - 1e-12))) + 1
    if count < _FEWEST:
        return None, min(half, count), []
    places = sorted({math.ceil(count * share - 1e-9) for share in _CURVE})
    curve = [
        CurvePoint(companies=n, share=_share(float(upto[n - 1]), total)) for n in places
    ]
    top = count // 10
    return _share(float(upto[top - 1]), total), min(half, count), curve


def _shares(
    at: NDArray[np.signedinteger], names: Sequence[str], known: NDArray[np.bool_],
    loss: NDArray[np.float64], total: float,
) -> list[Share]:  # fmt: skip
    """The parts of a sum by a place in `names`, the largest first."""
    chosen, values = at[known], loss[known]
    order = np.argsort(chosen, kind="stable")
    chosen, values = chosen[order], values[order]
    places, starts = np.unique(chosen, return_index=True)
    ends = [*starts[1:], len(chosen)]
    found = []
    for place, start, end in zip(places, starts, ends, strict=True):
        part = amount(values[start:end])
        found.append(Share(
            of=names[place] if place >= 0 else None, companies=int(end - start),
            amount=part, share=_share(part, total) if total > 0 else None,
        ))  # fmt: skip
    return sorted(found, key=lambda s: (-s.amount, s.of is None, s.of or ""))


def _share(part: float, total: float) -> float:
    return round(part / total, 6)
