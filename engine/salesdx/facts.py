"""Facts: where measured metrics and given answers meet before the rules read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from salesdx.language import Text

DIMENSIONS = (
    "manager", "segment", "channel", "source", "stage", "region", "product",
    "department", "client", "funnel",
)  # fmt: skip
Slice = tuple[tuple[str, str], ...]
COMPANY: Slice = ()
Value = bool | int | float | str | tuple[str, ...]
Origin = Literal["metric", "answer", "gap"]
GapState = Literal["confirmed", "suspected", "noise", "insufficient"]


def slice_of(**values: str) -> Slice:
    """Return the canonical form of a slice: (dimension, value) pairs, sorted."""
    return tuple(sorted(values.items()))


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure: a metric on one slice over one period.

    `value` is in the base unit of the metric (ratios 0..1, seconds, days, currency
    units) and None when unknown; then `reason` says why and `supply` what would help.
    `period` is "" for the whole period, else `2025`, `2025-Q1` or `2025-03`.
    `said_by` names who gave the figure where it was said, not measured.
    """

    metric: str
    value: float | None
    slice: Slice = COMPANY
    n: int | None = None
    numerator: float | None = None
    denominator: float | None = None
    interval: tuple[float, float] | None = None
    period: str = ""
    state: Literal["ok", "unknown", "insufficient"] = "ok"
    reason: Text | None = None
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a rule can read: one name on one slice; value None means unknown.

    `confidence` is 0..100 (measured figures are 100); `dont_know` marks an answer
    "I don't know", `not_applicable` that the question does not fit the company;
    `disagree` marks respondents, or claim and figure, that differ.
    """

    name: str
    value: Value | None
    slice: Slice = COMPANY
    confidence: int = 100
    origin: Origin = "metric"
    by: str = ""
    dont_know: bool = False
    disagree: bool = False
    reason: Text | None = None
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class FactBase(Mapping[tuple[str, Slice], Fact]):
    """All facts of one case, by (name, slice). A gap state is named `gap:<metric>`."""

    _facts: dict[tuple[str, Slice], Fact] = field(default_factory=dict)

    @classmethod
    def of(cls, facts: Iterable[Fact]) -> FactBase:
        """Collect facts; a later one replaces an earlier one of the same place."""
        return cls({(f.name, f.slice): f for f in facts})

    def __getitem__(self, key: tuple[str, Slice]) -> Fact:
        return self._facts[key]

    def __iter__(self) -> Iterator[tuple[str, Slice]]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def fact(self, name: str, where: Slice = COMPANY) -> Fact:
        """Return the fact, or an unknown one: missing is never zero or False."""
        return self._facts.get((name, where)) or Fact(name, None, where)

    def values_of(self, dimension: str) -> list[str]:
        """Return the values of a dimension that any single-dimension fact names."""
        found = {
            where[0][1]
            for _, where in self._facts
            if len(where) == 1 and where[0][0] == dimension
        }
        return sorted(found)

    def unlike(self, other: FactBase) -> list[tuple[str, Slice]]:
        """Places of which the two do not hold the same fact."""
        mine, theirs = self._facts, other._facts
        if mine is theirs:
            return []
        found = [
            place for place, fact in mine.items()
            if (old := theirs.get(place)) is not fact and old != fact
        ]  # fmt: skip
        return found + [place for place in theirs if place not in mine]

    def with_facts(self, facts: Iterable[Fact]) -> FactBase:
        """Return a copy with facts added or replaced (what-if)."""
        return FactBase(self._facts | {(f.name, f.slice): f for f in facts})
