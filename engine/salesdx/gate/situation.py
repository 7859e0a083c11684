"""What is judged, what a condition finds in it, and the commands that lay it open."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.compare.model import (
    ActionChange,
    CauseChange,
    Comparison,
    LossChange,
    MetricChange,
)
from salesdx.gate.model import Kind, Row
from salesdx.language import Text
from salesdx.result import CauseRow, PlanAction, ResultDocument, Where


@dataclass(frozen=True)
class Situation:
    """What is judged: a result, what changed since an older one, what was promised.

    `promised` are actions held against the plan that set their target first; None
    where there is no older plan. `case` is how a command names the case.
    """

    now: ResultDocument
    since: Comparison | None = None
    promised: Sequence[ActionChange] | None = None
    case: str = "CASE"

    @property
    def is_empty(self) -> bool:
        """Whether there is too little to conclude anything from."""
        return self.now.summary.state == "not_enough_data"

    def command(self, verb: str, *words: str) -> str:
        """The command that lays something of the case open."""
        return " ".join(["salesdx", verb, self.case, *map(shlex.quote, words)])

    def why(self, cause: str, where: Where) -> str:
        """The command that opens a cause in one place."""
        pairs = [f"{k}={v}" for k, v in sorted(where.items())]
        return self.command("why", cause, *(w for p in pairs for w in ("--slice", p)))

    def figures(self, where: Where) -> str:
        """The command that shows figures and loss map, by the dimension of a place."""
        by = next(iter(sorted(where)), None)
        return self.command("metrics", *(["--by", by] if by else []))


@dataclass(frozen=True, slots=True)
class Found:
    """What a condition found; `open` says what of it could not be judged."""

    rows: Sequence[Row] = ()
    open: Text | None = None


def row(
    kind: Kind, of: CauseChange | LossChange | MetricChange | CauseRow,
    because: Text | None, explain: str,
) -> Row:  # fmt: skip
    """A row of a place."""
    return Row(
        kind=kind, id=of.id, title=of.title, slice=of.slice, because=because,
        explain=explain,
    )  # fmt: skip


def action(at: Situation, of: ActionChange | PlanAction, because: Text | None) -> Row:
    """An action of the plan."""
    return Row(
        kind="action", id=of.id, title=of.title, because=because,
        explain=at.command("plan"),
    )  # fmt: skip
