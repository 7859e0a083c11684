"""Why deals are lost, and whether anybody writes it down (EX-03, EX-17, M-72)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from salesdx.company import LOST_REASONS
from salesdx.facts import Measurement
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.metrics.grain import deals, flag
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import FEW, shares, unknown

_GRAINS = (("manager",), ("segment",))
_SAYS_NOTHING = "other"
_CODES = tuple(c for c in LOST_REASONS if c != _SAYS_NOTHING)
_OF_REASON = {"lost.price-share": "price", "lost.no-decision-share": "no_decision"}
_NO_LOST = ("no deal is marked as lost", "ни одна сделка не отмечена как проигранная")
_UNMAPPED = (
    "most reasons match none of our codes: translate them in company.yaml"
    " (lost_reasons)",
    "большинство причин не сопоставлены с нашими кодами: переведите их в company.yaml"
    " (lost_reasons)",
)
_FEW = Text(
    en=f"fewer than {FEW} lost deals with a reason: too few to judge",
    ru=f"меньше {FEW} проигранных сделок с причиной: для вывода мало",
)


def _words(data: Data, codes: tuple[str, ...]) -> list[str]:
    """A code and the company's own words for it: tables may hold either."""
    own = data.company.lost_reasons
    return [*codes, *sorted(word for word, code in own.items() if code in codes)]


def _lost(data: Data) -> Any:
    rows = deals(data, "lost_reason")
    reason = rows.lost_reason.cast("string").nullif("")
    rows = rows.filter(rows.status == "lost").mutate(reason=reason)
    told = rows.reason.notnull() & ~rows.reason.isin(_words(data, (_SAYS_NOTHING,)))
    return rows.mutate(told=told.fill_null(False))


def known(data: Data) -> Iterator[Measurement]:
    """Lost deals with a reason that says something, among all lost deals.

    "Other" says nothing; words that are none of our codes do, to the company.
    """
    rows = _lost(data)
    found = list(shares("lost.reason-known-share", rows, flag(rows.told), _GRAINS))
    if found[0].n:
        yield from found
    else:
        yield unknown("lost.reason-known-share", *_NO_LOST)


def reasons(data: Data) -> Iterator[Measurement]:
    """Share of one coded reason among lost deals whose reason is coded.

    Unknown where most named reasons match no code: the few that do would then look
    like all there is.
    """
    rows = _lost(data)
    rows = rows.filter(rows.told)
    rows = rows.mutate(coded=rows.reason.isin(_words(data, _CODES)))
    row = data.rows(rows.aggregate(n=rows.count(), coded=rows.coded.sum()))[0]
    named, coded = int(row["n"]), int(row["coded"] or 0)
    rows = rows.filter(rows.coded)
    for metric, code in _OF_REASON.items():
        if not named:
            yield unknown(metric, *_NO_LOST)
        elif 2 * coded < named:
            yield unknown(metric, *_UNMAPPED)
        else:
            hit = flag(rows.reason.isin(_words(data, (code,))))
            for found in shares(metric, rows, hit, _GRAINS):
                yield found if (found.n or 0) >= FEW else _thin(found)


def _thin(found: Measurement) -> Measurement:
    return replace(found, state="insufficient", reason=_FEW)


_NEEDS = ("deals.status", "deals.lost_reason")
METRICS: tuple[Metric, ...] = (
    Metric(("lost.reason-known-share",), _NEEDS, known),
    Metric(tuple(_OF_REASON), _NEEDS, reasons),
)
