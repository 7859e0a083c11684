"""The closed list of conditions: what each looks at, and what it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from salesdx.gate import changed, standing
from salesdx.gate.situation import Found, Situation

Takes = Literal["money", "share"]
Need = Literal["since", "promised", "enough"]
Look = Callable[[Situation, float | None], Found]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition; `needs` says what there must be to judge it at all."""

    id: str
    look: Look
    takes: Takes | None = None
    needs: frozenset[Need] = frozenset({"enough"})


_SINCE: frozenset[Need] = frozenset({"since", "enough"})
_ALWAYS: frozenset[Need] = frozenset()
CONDITIONS: dict[str, Condition] = {
    c.id: c
    for c in (
        Condition("new-cause", changed.new_causes, needs=_SINCE),
        Condition("new-loss", changed.new_losses, needs=_SINCE),
        Condition("worse", changed.worse, needs=_SINCE),
        Condition("worse-loss", changed.worse_losses, needs=_SINCE),
        Condition(
            "action-missed", changed.missed, needs=frozenset({"promised", "enough"})
        ),
        Condition("overdue-action", standing.overdue, needs=_ALWAYS),
        Condition("likely-cause", standing.likely),
        Condition("loss-above", standing.loss_above, "money"),
        Condition("coverage-below", standing.coverage_below, "share", _ALWAYS),
        Condition("data-error", standing.data_errors, needs=_ALWAYS),
        Condition("not-enough-data", standing.not_enough, needs=_ALWAYS),
        Condition("early", changed.early, needs=_SINCE),
        Condition("not-comparable", changed.not_comparable, needs=_SINCE),
    )
}
