"""How many rows of a comparison are in which state."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from salesdx.compare.model import STATES, ActionChange, Comparison, Totals


def counted(found: Comparison) -> Comparison:
    """The comparison with the totals of the rows that it holds."""
    progress = Counter(a.progress for a in found.actions if a.progress)
    totals = Totals(
        causes=_count(found.causes), losses=_count(found.losses),
        metrics=_count(found.metrics), symptoms=_count(found.symptoms),
        actions=_count(found.actions), progress=dict(sorted(progress.items())),
        subjects=_count(found.subjects),
    )  # fmt: skip
    return found.model_copy(update={"totals": totals})


def _count(rows: Sequence[ActionChange] | Sequence[Any]) -> dict[Any, int]:
    found = Counter(r.state for r in rows)
    return {s: found[s] for s in STATES if found[s]}
