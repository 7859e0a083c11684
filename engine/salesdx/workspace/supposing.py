"""What if: another value of an answer or a figure, and what would follow from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from salesdx.analysis import Analysis
from salesdx.explanation.what_if import WhatIf
from salesdx.language import Text
from salesdx.result import Where

UNKNOWN = "unknown"
_YES, _NO = Text(en="Yes", ru="Да"), Text(en="No", ru="Нет")
_NOT_KNOWN = Text(en="Not known", ru="Неизвестно")
Kind = Literal["one", "several", "line"]


@dataclass(frozen=True, slots=True)
class Supposable:
    """A figure or an answer, and how another value of it is given."""

    name: str
    title: Text
    kind: Kind
    options: Sequence[tuple[str, Text]]
    unit: str


def supposable(found: Analysis, name: str) -> Supposable | None:
    """How a value of the name is entered; None for a name that nobody knows."""
    knowledge = found.knowledge
    metric, question = knowledge.metrics.get(name), knowledge.questions.get(name)
    unknown = (UNKNOWN, _NOT_KNOWN)
    if metric is not None:
        if metric.type == "flag":
            options = [("1", _YES), ("0", _NO), unknown]
            return Supposable(name, metric.title, "one", options, "")
        return Supposable(name, metric.title, "line", (), metric.unit)
    if question is None:
        return None
    if question.type == "yesno":
        options = [("yes", _YES), ("no", _NO), unknown]
    else:
        options = [(o.code, o.title) for o in question.options]
        if options and question.type != "multi":
            options.append(unknown)
    kind: Kind = "several" if question.type == "multi" else "one" if options else "line"
    return Supposable(name, question.title, kind, options, question.unit or "")


def address(found: Analysis, name: str, where: Where) -> str:
    """The name at the slice, as far as it has values there."""
    grain = found.knowledge.grain(name)
    return name + "".join(f"@{d}:{v}" for d, v in sorted(where.items()) if d in grain)


def suppose(found: Analysis, name: str, where: Where, value: str) -> WhatIf:
    """What would be concluded.

    Raises:
        UsageError: the value is none of the name.
    """
    changes: Mapping[str, str] = {address(found, name, where): value}
    return found.what_if(changes)
