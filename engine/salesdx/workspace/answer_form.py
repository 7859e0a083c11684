"""An answer as the fields of a form, read and told what is wrong with it.

Fields: `value` (several times where several may be chosen), `state` (`answered` or one
of STATES; where one of several is chosen, the state may stand in `value` as
`state:dont_know`), `reason`, `confidence`, `note`, `evidence` (a line each), `key`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from salesdx.answers.file import AnswerEntry, State
from salesdx.answers.typed_values import typed
from salesdx.answers.values import BadValue, bounds, read_value
from salesdx.interview.agenda import Ask
from salesdx.knowledge.models import QuestionEntry

STATES: tuple[State, ...] = ("dont_know", "not_applicable", "later", "refused")
STATE = "state:"  # before a state among the options of a question
NONE = "none-of-these"  # the box that says that no option fits
LONGEST = 2_000  # characters of a note
_KEY = re.compile(r"[0-9a-f]{16}")
_SURENESS = ("sure", "unsure", "guess")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: the field, the word of it, and what the word is filled with.

    Words: `empty`, `both`, `none-and-some`, `no-reason`, `not-a-number`, `range`,
    `whole`, `date`, `unit`, `option`, `long`.
    """

    field: str
    word: str
    values: dict[str, Any]


def read_answer(
    ask: Ask, field: Callable[[str], str], fields: Callable[[str], Sequence[str]],
    by: str,
) -> AnswerEntry | list[Fault]:  # fmt: skip
    """The answer of a form: `field` gives one value of a name, `fields` all of them."""
    question = ask.question
    values = [v.strip() for v in fields("value") if v.strip()]
    state = _state(field, values)
    faults = list(_texts(field))
    value: Any = None
    if state == "answered":
        found = _value(question, values)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            value = list(found) if isinstance(found, tuple) else found
    elif question.type in TYPED and values:
        faults.append(Fault("value", "both", {}))
    if state == "not_applicable" and not field("reason"):
        faults.append(Fault("reason", "no-reason", {}))
    if faults:
        return faults
    key, sure = field("key"), field("confidence")
    return AnswerEntry(
        question=question.id, by=by, value=value, state=state, about=dict(ask.about),
        confidence=sure if state == "answered" and sure in _SURENESS else "sure",
        note=field("note"), reason=field("reason") if state != "answered" else "",
        evidence=[x.strip() for x in field("evidence").splitlines() if x.strip()],
        key=key if _KEY.fullmatch(key) else "",
    )  # fmt: skip


# Types that are typed or ticked: beside them stands a choice of states.
TYPED = ("number", "date", "text", "multi")


def _state(field: Callable[[str], str], values: list[str]) -> State:
    told = field("state")
    if values and values[0].startswith(STATE):
        told = values[0].removeprefix(STATE)
    return next((s for s in STATES if s == told), "answered")


def _texts(field: Callable[[str], str]) -> list[Fault]:
    return [
        Fault(name, "long", {"most": LONGEST})
        for name in ("note", "reason", "evidence", "value")
        if len(field(name)) > LONGEST
    ]


def _value(question: QuestionEntry, values: list[str]) -> Any:
    if not values:
        return Fault("value", "empty-" + question.type, {})
    given: object = values[0]
    if question.type == "multi":
        some = [v for v in values if v != NONE]
        if some and NONE in values:
            return Fault("value", "none-and-some", {})
        given = some
    elif question.type in ("number", "date"):
        given = typed(values[0], question)
    found = read_value(question, given)
    return _fault(question, given) if isinstance(found, BadValue) else found


def _fault(question: QuestionEntry, given: object) -> Fault:
    """Which fault it is, for the page says it in its own words."""
    if question.type == "date":
        return Fault("value", "date", {})
    if question.type not in ("number", "scale"):
        return Fault("value", "option", {})
    bare = re.sub(r"\s", "", str(given)).replace(",", ".")
    try:
        float(bare)
    except ValueError:
        return Fault("value", "not-a-number", {})
    low, high = bounds(question)
    return Fault("value", "range", {"low": low, "high": high})
