"""additions/<cause>.yaml of an overlay: more evidence for a cause, without a copy."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from pydantic import Field

from salesdx.content import NodePath, did_you_mean
from salesdx.errors import Problem, Said
from salesdx.knowledge.entry import Entry, Place
from salesdx.knowledge.layers import Entries, Tuned
from salesdx.knowledge.models import ID, Condition, Part, Rule, RuleTest

FOLDER = "additions"
_RULES = ("evidence", "against")


class Additions(Part):
    """What a layer adds to one cause of a layer below; every list is appended."""

    format: Literal[1]
    cause: str = Field(pattern=ID)
    evidence: list[Rule] = Field([])
    against: list[Rule] = Field([])
    gate: list[Condition] = Field([])
    unless: list[Condition] = Field([])
    rules_out: list[Condition] = Field([])
    explains: list[str] = Field([])
    leads_to: list[str] = Field([])
    aggravates: list[str] = Field([])
    rivals: list[str] = Field([])
    remedies: list[str] = Field([])
    tests: list[RuleTest] = Field([])


_LISTS = tuple(n for n in Additions.model_fields if n not in ("format", "cause"))


def add(
    entries: Entries, file: Entry, layer: str
) -> tuple[Sequence[Tuned], Sequence[Problem]]:
    """Merge one file into its cause; places of what is added stay those of the file."""
    found: Additions = file.model
    causes = entries.get("causes", {})
    if found.cause not in causes:
        what = Said(f"no cause {found.cause!r}", f"нет причины «{found.cause}»")
        hint = did_you_mean(found.cause, causes)
        return [], [file.problem(("cause",), "unknown-id", what, hint)]
    entry = causes[found.cause]
    lists: dict[str, list[Any]] = {}
    parts: dict[NodePath, Place] = {}
    for key in _LISTS:
        own = list(getattr(entry.model, key))
        for i, value in enumerate(getattr(found, key)):
            if isinstance(value, str) and value in own:
                continue  # a later version of the pack may name it by itself
            parts[key, len(own)] = file.at((key, i))
            own.append(value)
        lists[key] = own
    model = entry.model.model_copy(update=lists)
    causes[found.cause] = replace(entry, model=model, parts={**entry.parts, **parts})
    return _added(found, layer), []


def _added(found: Additions, layer: str) -> list[Tuned]:
    changed: Mapping[str, Sequence[Any]] = {
        k: getattr(found, k) for k in _LISTS if k not in (*_RULES, "tests")
    }
    rules = [
        Tuned(layer, "rule", f"{found.cause}/{r.id}", "added", None, r.weight, None)
        for key in _RULES
        for r in getattr(found, key)
    ]
    return rules + [
        Tuned(layer, "cause", found.cause, key, None, list(value), None)
        for key, value in changed.items()
        if value
    ]
