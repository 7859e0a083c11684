"""Change what is set of an action: pure, and every fault by the name of its field."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from salesdx import faults as words
from salesdx.errors import Said, UsageError, in_language
from salesdx.plan_edits.entries import Edit, EditFile

FIELDS = tuple(Edit.model_fields)
_FAR = 5 * 366  # days for which nobody plans


class BadEditError(UsageError):
    """What was given does not do; `faults` are messages by field, "" of them all."""

    def __init__(self, faults: Mapping[str, Said]) -> None:
        self.faults = dict(faults)
        told = {
            lang: "; ".join(
                f"{name}: {text}" if name else text
                for name, what in self.faults.items()
                for text in [in_language(what, lang)]
            )
            for lang in ("en", "ru")
        }
        super().__init__(Said(told["en"], told["ru"]))


def edited(
    file: EditFile, action: str, *, as_of: dt.date | None = None,
    today: dt.date | None = None, **changes: str | dt.date | None,
) -> EditFile:  # fmt: skip
    """The file with other values for an action; None or "" takes a value back.

    An action of which nothing is set any more leaves the file. `as_of` is the day of
    the diagnosis, `today` that of the reader: without them dates are not held against
    them.

    Raises:
        BadEditError: a value does not do.
        TypeError: there is no such field.
    """
    unknown = set(changes) - set(FIELDS)
    if unknown:
        raise TypeError(f"an edit has no {sorted(unknown)}")
    old = file.actions.get(action, Edit())
    given = {n: _blank(v) for n, v in changes.items()}
    try:
        new = Edit.model_validate({**old.model_dump(), **given})
        rest = {i: e for i, e in file.actions.items() if i != action}
        actions = {**rest, action: new} if new != Edit() else rest
        found = EditFile.model_validate({"format": 1, "actions": actions})
    except ValidationError as error:
        raise BadEditError(_by_field(error)) from error
    wrong = faults(new, changes, as_of=as_of, today=today)
    if wrong:
        raise BadEditError(wrong)
    return found


def faults(
    edit: Edit, changed: Mapping[str, Any], *, as_of: dt.date | None,
    today: dt.date | None,
) -> dict[str, Said]:  # fmt: skip
    """What is unlikely about the dates that were just set, by field.

    Only these: the past of an action must not keep anybody from adding a note.
    """
    found: dict[str, Said] = {}
    now = max((d for d in (as_of, today) if d is not None), default=None)
    if "done" in changed and edit.done and today and edit.done > today:
        found["done"] = Said(
            "this day is yet to come; for a plan set the due date",
            "этот день ещё не наступил; для планов есть срок",
        )
    over = edit.done or edit.dropped
    if "due" in changed and edit.due and as_of and edit.due < as_of and not over:
        found["due"] = Said(
            f"before the day of the diagnosis, {as_of.isoformat()}",
            f"раньше даты разбора, {as_of.isoformat()}",
        )
    for name in ("start", "due"):
        day = getattr(edit, name)
        if name in changed and day and now and (day - now).days > _FAR:
            found[name] = Said(
                "more than five years away: check the year",
                "до этого дня больше пяти лет: проверьте год",
            )
    return found


def _blank(value: str | dt.date | None) -> str | dt.date | None:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip() or None
    return value


def _by_field(error: ValidationError) -> dict[str, Said]:
    found: dict[str, Said] = {}
    for one in error.errors(include_url=False):
        name = str(one["loc"][0]) if one["loc"] else ""
        if name not in FIELDS:
            name = ""  # the id of the action, or too many of them
        found.setdefault(name, words.of_field(one))
    return found
