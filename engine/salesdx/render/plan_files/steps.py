"""The plan as people follow it: who, until when, and how it stands on a day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from salesdx.language import Text
from salesdx.plan_edits import Edit, state_of
from salesdx.result import EditState, PlanAction, PlanEdit, ResultDocument

Horizon = Literal[30, 60, 90, 0]  # 0: later than ninety days
HORIZONS: tuple[Horizon, ...] = get_args(Horizon)
Wanted = Literal["", "left", "open", "overdue", "done", "dropped"]
WANTED: tuple[Wanted, ...] = get_args(Wanted)
_ROLE = "@"  # begins the key of an owner who is a role and not yet a name


@dataclass(frozen=True, slots=True)
class Owner:
    """Who does an action: whoever was named, else the role that the plan proposes."""

    key: str
    name: Text
    agreed: bool

    def is_called(self, name: str) -> bool:
        """Whether the owner bears this name."""
        return self.agreed and _same(self.name.en, name)


@dataclass(frozen=True, slots=True)
class Step:
    """An action on a day. Dates that nobody set are those that the plan proposes.

    `action` is None where the action has left the plan; `check` is the day to look at
    its figure.
    """

    id: str
    title: Text
    owner: Owner | None
    state: EditState
    start: dt.date | None
    due: dt.date | None
    agreed: bool
    check: dt.date | None
    horizon: Horizon
    edit: Edit
    action: PlanAction | None

    @property
    def is_left(self) -> bool:
        """Whether something is left to do."""
        return self.state in ("open", "overdue")


@dataclass(frozen=True, slots=True)
class Plan:
    """All actions in the order of the plan, and those that left it."""

    day: dt.date
    steps: tuple[Step, ...]
    past: tuple[Step, ...]

    @property
    def counts(self) -> Mapping[EditState, int]:
        """How many actions stand how."""
        return Counter(s.state for s in self.steps)

    @property
    def owners(self) -> list[Owner]:
        """Everybody who does something, each once, in the order of the plan."""
        known = {s.owner.key: s.owner for s in self.steps if s.owner}
        return list(known.values())

    def step(self, action: str) -> Step | None:
        """An action, in the plan or left it."""
        return next((s for s in (*self.steps, *self.past) if s.id == action), None)

    def of(self, owner: str = "", wanted: Wanted = "") -> list[Step]:
        """The actions of an owner, by key or by name, that stand as wanted."""
        return [
            s
            for s in self.steps
            if _stands(s, wanted) and (not owner or _has(s, owner))
        ]

    def by_horizon(self, steps: Iterable[Step]) -> list[tuple[Horizon, list[Step]]]:
        """Thirty, sixty, ninety days, later; what has no action is left out."""
        found = [(h, [s for s in steps if s.horizon == h]) for h in HORIZONS]
        return [(h, some) for h, some in found if some]


def plan_on(document: ResultDocument, day: dt.date) -> Plan:
    """The plan of a result as it stands on a day.

    What is overdue is told by the day of the reader: the document tells it by its own.
    """
    zero = dt.date.fromisoformat(document.case.as_of) if document.case.as_of else None
    today = max(day, zero) if zero else day
    past = [
        Step(
            id=p.id, title=p.title, owner=_named(p.edit), edit=_edit(p.edit),
            state=state_of(_edit(p.edit), today), start=_edit(p.edit).start,
            due=_edit(p.edit).due, agreed=True, check=None, horizon=0, action=None,
        )
        for p in document.past_actions
    ]  # fmt: skip
    steps = tuple(_step(a, zero, today) for a in document.plan)
    return Plan(today, steps, tuple(past))


def _step(action: PlanAction, zero: dt.date | None, today: dt.date) -> Step:
    edit = _edit(action.edit)
    start, due = _dates(action, edit, zero)
    role = Owner(_ROLE + action.owner, action.owner_title, agreed=False)
    check = (
        zero + dt.timedelta(days=action.kpi.check_day) if zero and action.kpi else None
    )
    return Step(
        id=action.id, title=action.title, owner=_named(action.edit) or role,
        state=state_of(edit, today), start=start, due=due, agreed=edit.due is not None,
        check=check, horizon=_horizon(action, edit, zero), edit=edit, action=action,
    )  # fmt: skip


def _dates(
    action: PlanAction, edit: Edit, zero: dt.date | None
) -> tuple[dt.date | None, dt.date | None]:
    """Start and due day; one that was set moves the one that was not."""
    length = dt.timedelta(days=action.days)
    first = zero + dt.timedelta(days=action.start_day) if zero else None
    start = edit.start or first
    due = edit.due or (start + length if start else None)
    if start and due and start > due:  # due earlier than the plan would begin
        start = due - length if edit.start is None else start
    return start, due


def _horizon(action: PlanAction, edit: Edit, zero: dt.date | None) -> Horizon:
    due = _dates(action, edit, zero)[1]
    if zero is None or due is None or (edit.due is None and edit.start is None):
        return action.horizon
    days = (due - zero).days
    return 30 if days <= 30 else 60 if days <= 60 else 90 if days <= 90 else 0


def _edit(found: PlanEdit | None) -> Edit:
    if found is None:
        return Edit()
    given = found.model_dump(exclude={"state"}, exclude_defaults=True)
    return Edit.model_validate(given)


def _named(edit: PlanEdit | None) -> Owner | None:
    if edit is None or not edit.owner:
        return None
    return Owner(edit.owner, Text(en=edit.owner, ru=edit.owner), agreed=True)


def _stands(step: Step, wanted: Wanted) -> bool:
    return not wanted or (step.is_left if wanted == "left" else step.state == wanted)


def _has(step: Step, owner: str) -> bool:
    return step.owner is not None and (
        step.owner.key == owner or step.owner.is_called(owner)
    )


def _same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
