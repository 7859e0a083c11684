"""Lay the edits over a plan; what is set of actions that left the plan is kept."""

import datetime as dt
from collections.abc import Mapping, Sequence

from salesdx.language import Text
from salesdx.plan_edits.entries import Edit, EditFile
from salesdx.result import EditState, PastAction, PlanAction, PlanEdit


def state_of(edit: Edit, day: dt.date | None) -> EditState:
    """How an action stands on a day; without a day or a due date nothing is overdue."""
    if edit.dropped:
        return "dropped"
    if edit.done:
        return "done"
    late = edit.due is not None and day is not None and edit.due < day
    return "overdue" if late else "open"


def applied(
    plan: Sequence[PlanAction], file: EditFile, day: dt.date | None
) -> list[PlanAction]:
    """The plan with what people set; an action of which nothing is set stays as is."""
    return [
        a.model_copy(update={"edit": _shown(file.actions[a.id], day)})
        if a.id in file.actions
        else a
        for a in plan
    ]


def past_actions(
    plan: Sequence[PlanAction], file: EditFile, titles: Mapping[str, Text],
    day: dt.date | None,
) -> list[PastAction]:  # fmt: skip
    """What is set of actions that are not in the plan any more, by id."""
    there = {a.id for a in plan}
    return [
        PastAction(
            id=i, title=titles.get(i, Text(en=i, ru=i)),
            edit=_shown(file.actions[i], day),
        )
        for i in sorted(file.actions)
        if i not in there
    ]  # fmt: skip


def _shown(edit: Edit, day: dt.date | None) -> PlanEdit:
    set_ = edit.model_dump(mode="json", exclude_none=True)
    return PlanEdit(**set_, state=state_of(edit, day))
