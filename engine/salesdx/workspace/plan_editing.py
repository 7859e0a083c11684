"""Change what is set of an action in plan.yaml of a case in the database.

Two people may have the same page open. Whoever saves says what he saw of the action: if
that is not what stands there, he is told. Edits of other actions never meet.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Engine

from salesdx.errors import DataError, Said
from salesdx.plan_edits import Edit, EditFile, edited, text_of_file
from salesdx.plan_edits.keeping import NAME
from salesdx.storage.case_file import read_file_of, write_file_of
from salesdx.storage.events import record
from salesdx.workspace.desk import edits_of

EVENT = "plan-edited"
_TRIES = 3  # other actions may be edited at the same moment


class StaleEditError(DataError):
    """Somebody else has changed the action meanwhile; `now` is what stands there."""

    def __init__(self, now: Edit) -> None:
        super().__init__(Said(
            "somebody else has changed this action meanwhile",
            "за это время действие изменил кто-то ещё",
        ))  # fmt: skip
        self.now = now


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes an action and when; `seen` marks what he saw of it, None: anything.

    `as_of` is the day of the diagnosis, `today` that of the reader.
    """

    actor: str
    at: str
    today: dt.date
    as_of: dt.date | None = None
    seen: str | None = None


def mark_of(edit: Edit) -> str:
    """What a form carries to tell what its reader saw."""
    return hashlib.sha256(edit.model_dump_json().encode()).hexdigest()[:16]


def change(
    engine: Engine, case: str, action: str, how: Change,
    values: Mapping[str, str | dt.date | None],
) -> Edit:  # fmt: skip
    """Set values of an action; what it is now. Nothing is written if nothing changes.

    Raises:
        BadEditError: a value does not do.
        StaleEditError: somebody else has changed the same action.
        DataError: there is no such case, it is closed, or its plan.yaml cannot be
            read.
    """
    for left in reversed(range(_TRIES)):
        before = read_file_of(engine, case, NAME)
        old = edits_of(before)
        here = old.actions.get(action, Edit())
        if how.seen is not None and mark_of(here) != how.seen:
            raise StaleEditError(here)
        new = edited(old, action, as_of=how.as_of, today=how.today, **values)
        if new == old:
            return here
        try:
            write_file_of(
                engine, case, NAME, text_of_file(new).encode(), before,
                also=partial(
                    _tell, case=case, action=action, how=how, old=old, new=new
                ),
            )  # fmt: skip
        except DataError:
            if left and read_file_of(engine, case, NAME) != before:
                continue
            raise
        return new.actions.get(action, Edit())
    raise AssertionError("the last try returns or raises")


def _tell(
    connection: Connection, case: str, action: str, how: Change, old: EditFile,
    new: EditFile,
) -> None:  # fmt: skip
    """Which fields were changed, and never what they say."""
    one, two = (f.actions.get(action, Edit()) for f in (old, new))
    fields = [n for n in Edit.model_fields if getattr(one, n) != getattr(two, n)]
    detail = {"action": action[:80], "fields": "+".join(fields)}
    record(connection, how.at, how.actor, EVENT, case, detail)
