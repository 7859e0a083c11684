"""The impact report as data: cases, verdicts, what each edit did."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from salesdx.errors import SalesdxError
from salesdx.facts import Slice
from salesdx.language import Text
from salesdx.result import Verdict
from salesdx.workbench.attribution import Proof
from salesdx.workbench.differences import Edit
from salesdx.workbench.impact_grounds import Ground
from salesdx.workbench.seen import Seen
from salesdx.workbench.versions import Version


@dataclass(frozen=True, slots=True)
class Standing:
    """A verdict with its points."""

    verdict: Verdict
    points: int


@dataclass(frozen=True, slots=True)
class Row:
    """One cause on one slice that stands otherwise; None where it has no row.

    `turned` says that the verdict is another, not only its points.
    """

    cause: str
    title: Text
    where: Slice
    place: Text | None
    old: Standing | None
    new: Standing | None
    turned: bool
    proof: Proof
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class Action:
    """An action that the plan gains or loses."""

    id: str
    title: Text
    proof: Proof


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure that is counted otherwise; None is unknown."""

    metric: str
    where: Slice
    text: Text
    old: float | None
    new: float | None


@dataclass(frozen=True, slots=True)
class Named:
    """An id with its title."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class Kept:
    """A verdict that an edit keeps from changing: without it the others change it."""

    edit: str
    cause: str
    where: Slice


@dataclass(frozen=True)
class CaseImpact:
    """What is otherwise in one case.

    `refused` is why it cannot be judged any more under NEW, `accepted` why it could not
    be under OLD; then nothing else is known.
    """

    case: str
    company: str
    rows: tuple[Row, ...] = ()
    top_gained: tuple[Named, ...] = ()
    top_lost: tuple[Named, ...] = ()
    plan_gained: tuple[Action, ...] = ()
    plan_lost: tuple[Action, ...] = ()
    questions_gained: tuple[Named, ...] = ()
    questions_lost: tuple[Named, ...] = ()
    answers_dropped: tuple[Named, ...] = ()
    answers_taken: tuple[Named, ...] = ()
    unknown: tuple[Named, ...] = ()
    figures: tuple[Moved, ...] = ()
    figures_by: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    refused: SalesdxError | None = None
    accepted: SalesdxError | None = None

    @property
    def turned(self) -> list[Row]:
        """Verdicts that are others."""
        return [r for r in self.rows if r.turned]

    @property
    def verdict(self) -> bool:
        """Whether a verdict is another, or there is none on one side."""
        return bool(self.refused or self.accepted or self.turned)

    @property
    def telling(self) -> bool:
        """Whether a client would be told something else."""
        page_one = self.top_gained or self.top_lost
        return self.verdict or bool(page_one or self.plan_gained or self.plan_lost)

    @property
    def any(self) -> bool:
        """Whether anything at all is otherwise."""
        return self.telling or bool(
            self.rows or self.questions_gained or self.questions_lost or self.unknown
            or self.figures or self.answers_dropped or self.answers_taken
        )  # fmt: skip

    @property
    def proofs(self) -> list[Proof]:
        """What every change is laid to."""
        actions = (*self.plan_gained, *self.plan_lost)
        return [r.proof for r in self.rows] + [a.proof for a in actions]


@dataclass(frozen=True)
class Impact:
    """The whole report. `edits` are all differences, `seen` what cases test of them."""

    old: Version
    new: Version
    edits: tuple[Edit, ...]
    cases: tuple[CaseImpact, ...]
    faulty: tuple[tuple[str, SalesdxError], ...]
    seen: Mapping[str, Counter[Seen]] = field(default_factory=dict)

    @property
    def changed(self) -> list[CaseImpact]:
        """Cases in which a client would be told something else."""
        return [c for c in self.cases if c.telling]

    @property
    def moved(self) -> list[CaseImpact]:
        """Cases in which only points, questions or figures are otherwise."""
        return [c for c in self.cases if c.any and not c.telling]

    @property
    def working(self) -> list[Edit]:
        """Edits that can change a verdict or a plan: what a replay can show."""
        return [
            e for e in self.edits
            if e.bearing == "verdict"
            or (e.bearing == "plan" and e.kind in ("causes", "remedies"))
        ]  # fmt: skip

    def share_of(self, edit: str) -> "Share":
        """What one edit did."""
        share = Share()
        for case in self.cases:
            rows = [r for r in case.rows if edit in r.proof.edits]
            turned = [r for r in rows if r.turned]
            actions = [
                a for a in (*case.plan_gained, *case.plan_lost) if edit in a.proof.edits
            ]
            share.cases += bool(turned)
            share.verdicts += len(turned)
            share.together += sum(r.proof.together for r in turned)
            share.points += len(rows) - len(turned)
            share.actions += len(actions)
            share.figures += edit in case.figures_by
            share.kept += sum(k.edit == edit for k in case.kept)
        return share


@dataclass(slots=True)
class Share:
    """What one edit did: verdicts, points, actions of plans and so on."""

    cases: int = 0
    verdicts: int = 0
    together: int = 0
    points: int = 0
    actions: int = 0
    figures: int = 0
    kept: int = 0

    @property
    def nothing(self) -> bool:
        """Whether no stored case shows the edit at all."""
        shown = self.verdicts, self.points, self.actions, self.figures, self.kept
        return not any(shown)
