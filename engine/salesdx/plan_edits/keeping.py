"""plan.yaml as text: read with every fault located, written the same way always."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

from salesdx import content
from salesdx.answers.locking import locked
from salesdx.answers.whole import write_whole
from salesdx.errors import DataError, Problem, Said
from salesdx.plan_edits.changing import edited
from salesdx.plan_edits.entries import EditFile

NAME = "plan.yaml"
_HEAD = "format: 1\n"


def existing(path: Path) -> EditFile:
    """The file of a case; a missing or empty one holds nothing.

    Raises:
        DataError: it cannot be read as edits of a plan; all faults at once.
    """
    if not path.exists():
        return EditFile()
    text, problems = content.text_of(path, path.name)
    if text is None:
        raise _unreadable(path.name, problems)
    return parsed(text, path.name)


def parsed(text: str, name: str = NAME) -> EditFile:
    """The edits in a text, from wherever it comes.

    Raises:
        DataError: as of `existing`.
    """
    document, problems = content.parse(text, name)
    if document is not None:
        if document.data is None:
            return EditFile()
        found, problems = content.validate(EditFile, document)
        if found is not None:
            return found
    raise _unreadable(name, problems)


def text_of_file(file: EditFile) -> str:
    """The file as YAML: actions by id, fields in one order, so equal edits are equal.

    A text stands in the quotes of JSON, which YAML reads: no word turns into a number.
    """
    lines = [_HEAD]
    if file.actions:
        lines.append("actions:\n")
    for action in sorted(file.actions):
        lines.append(f"  {action}:\n")
        for name, value in file.actions[action].model_dump(exclude_none=True).items():
            lines.append(f"    {name}: {_value(value)}\n")
    return "".join(lines)


def edit_file(
    path: Path, action: str, *, as_of: dt.date | None = None,
    today: dt.date | None = None, **changes: Any,
) -> EditFile:  # fmt: skip
    """Change what is set of an action in the file; whole on disk when this returns.

    Comments of the file are not kept. Writers of one folder wait for each other.

    Raises:
        BadEditError: a value does not do.
        DataError: the file cannot be read.
    """
    with locked(path.parent):
        old = existing(path)
        new = edited(old, action, as_of=as_of, today=today, **changes)
        if new != old:
            write_whole(path, text_of_file(new).encode())
    return new


def _value(value: str | dt.date) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def _unreadable(name: str, problems: list[Problem]) -> DataError:
    return DataError(
        Said(
            f"{name}: the edits of the plan cannot be read; mend the lines below",
            f"{name}: правки плана не читаются; исправьте строки ниже",
        ),
        problems,
    )
