"""From points to a verdict: gates, what cancels, what rules out, harm, rivals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from salesdx.facts import Slice
from salesdx.inference.points import (
    LIKELY,
    POSSIBLE,
    TWO_GROUPS,
    UNLIKELY,
    Item,
    Total,
)
from salesdx.knowledge.base import ReadyCause, ReadyRule
from salesdx.knowledge.conditions import Outcome, State
from salesdx.result import Verdict

SEPARATION = 10


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """A rule on one slice: its tree, and the item it puts on the bill."""

    rule: ReadyRule
    outcome: Outcome
    item: Item
    where: Slice


@dataclass(frozen=True, slots=True)
class CauseOutcome:
    """One cause on one slice: the bill, the checks and the verdict.

    `harm` is false when every symptom the cause explains is known and false;
    `rivals` are the likely causes that nothing separates it from.
    """

    cause: ReadyCause
    where: Slice
    rules: tuple[RuleOutcome, ...]
    total: Total
    gate: tuple[Outcome, ...]
    unless: tuple[Outcome, ...]
    rules_out: tuple[Outcome, ...]
    needs_missing: tuple[str, ...]
    harm: State
    verdict: Verdict
    rivals: tuple[str, ...] = ()


def verdict_of(
    total: Total,
    gate: Sequence[Outcome],
    cancel: Sequence[Outcome],
    needs_missing: Sequence[str],
    harm: State,
) -> Verdict:
    """The verdict before rivals are compared."""
    gates, cancels = [g.state for g in gate], [c.state for c in cancel]
    return verdict_of_states(total, gates, cancels, needs_missing, harm)


def verdict_of_states(
    total: Total,
    gate: Sequence[State],
    cancel: Sequence[State],
    needs_missing: Sequence[str],
    harm: State,
) -> Verdict:
    """The same from the states of the gates and of what cancels.

    A cause is `likely` only with every gate known and true and with harm not known
    to be absent; `possible` needs two groups of evidence or 20 points.
    """
    if any(c is True for c in cancel):
        return "ruled_out"
    if needs_missing:
        return "cannot_judge"
    points = total.points
    if points >= LIKELY and harm is not False and all(g is True for g in gate):
        return "likely"
    if points >= POSSIBLE and (total.groups_for >= 2 or points >= TWO_GROUPS):
        return "possible"
    return "unlikely" if points <= UNLIKELY else "open"


def settle_rivals(
    outcomes: Mapping[tuple[str, Slice], CauseOutcome],
) -> dict[tuple[str, Slice], CauseOutcome]:
    """Demote likely rivals that no discriminator separates by 10 points."""
    settled = dict(outcomes)
    for (cause, where), found in outcomes.items():
        if found.verdict != "likely":
            continue
        against = []
        for other in rivals_of(outcomes, cause):
            rival = outcomes.get((other, where))
            if rival is None or rival.verdict != "likely":
                continue
            if abs(separation(found, other) - separation(rival, cause)) < SEPARATION:
                against.append(other)
        if against:
            settled[cause, where] = replace(
                found, verdict="possible", rivals=tuple(sorted(against))
            )
    return settled


def rivals_of(
    outcomes: Mapping[tuple[str, Slice], CauseOutcome], cause: str
) -> list[str]:
    """Declared by either side."""
    found = set()
    for (other, _), outcome in outcomes.items():
        if other == cause:
            found |= set(outcome.cause.spec.rivals)
        elif cause in outcome.cause.spec.rivals:
            found.add(other)
    return sorted(found)


def separation(outcome: CauseOutcome, rival: str) -> int:
    """Counted points of the evidence that speaks for this cause and not the rival."""
    return sum(
        outcome.total.counted.get((r.rule.direction, r.rule.id), 0)
        for r in outcome.rules
        if rival in r.rule.spec.discriminates
    )
