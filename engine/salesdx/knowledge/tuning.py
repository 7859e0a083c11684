"""tuning.yaml of an overlay: a weight, a threshold or a switch, without a copy.

Every change says why, and is kept beside the knowledge, so that a result can tell what
was not judged as shipped.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel, Field, model_validator

from salesdx.content import NodePath, did_you_mean
from salesdx.errors import Problem, Said
from salesdx.knowledge.entry import Entry, Place
from salesdx.knowledge.layers import Entries, Off, Tuned, TunedKind
from salesdx.knowledge.models import (
    ID,
    NAME,
    Cause,
    Condition,
    Part,
    Source,
    Variant,
    Weight,
)
from salesdx.language import Text

FILE = "tuning.yaml"
_NO_CHANGE = ("why", "id", "at")
_AT = r"^[a-z0-9-]+/[a-z0-9-]+$"


class Change(Part):
    """One change, and why it was made."""

    why: Text

    @property
    def changed(self) -> dict[str, Any]:
        """What is given besides the id and the reason, as it is called in the file."""
        told = {
            f.alias or n: getattr(self, n)
            for n, f in type(self).model_fields.items()
            if n not in _NO_CHANGE
        }
        return {k: v for k, v in told.items() if v is not None}

    @model_validator(mode="after")
    def _says_what(self) -> "Change":
        if not self.changed:
            fields = type(self).model_fields.items()
            known = ", ".join(f.alias or n for n, f in fields if n not in _NO_CHANGE)
            raise ValueError(Said(
                f"nothing is changed here; give one of {known}",
                f"здесь ничего не меняется; укажите одно из {known}",
            ))  # fmt: skip
        return self


class TunedBenchmark(Change):
    """Another value of a threshold; `variants` replaces the values of narrower scopes.

    Without `variants` the narrower values still come first where they fit.
    """

    id: str = Field(pattern=NAME)
    value: float | None = None
    variants: list[Variant] | None = None


class TunedRule(Change):
    """Another weight, condition or group of a rule, or the rule switched off."""

    at: str = Field(pattern=_AT)
    weight: Weight | None = None
    condition: Condition | None = Field(None, alias="if")
    group: str | None = Field(None, pattern=ID)
    off: bool | None = None


class TunedCause(Change):
    """A cause switched off, or with other remedies."""

    id: str = Field(pattern=ID)
    off: bool | None = None
    remedies: list[str] | None = None


class TunedQuestion(Change):
    """A question in or out of the quick interview, or never asked."""

    id: str = Field(pattern=NAME)
    core: bool | None = None
    off: bool | None = None


class Tuning(Part):
    """tuning.yaml."""

    format: Literal[1]
    benchmarks: list[TunedBenchmark] = Field([])
    rules: list[TunedRule] = Field([])
    causes: list[TunedCause] = Field([])
    questions: list[TunedQuestion] = Field([])


_KINDS: Mapping[str, TunedKind] = {
    "benchmarks": "benchmark", "rules": "rule", "causes": "cause",
    "questions": "question",
}  # fmt: skip
_LACKING = {
    "benchmark": "нет ориентира", "rule": "нет правила", "cause": "нет причины",
    "question": "нет вопроса",
}  # fmt: skip


@dataclass(slots=True)
class Tuner:
    """Applies the changes of one layer to the entries below and in it."""

    entries: Entries
    off: Off
    name: str
    tuned: list[Tuned]
    problems: list[Problem]

    def apply(self, file: Entry) -> None:
        """Make every change of a tuning.yaml; what leads nowhere is told."""
        for key, kind in _KINDS.items():
            seen: dict[str, NodePath] = {}
            for i, change in enumerate(getattr(file.model, key)):
                place = file.at((key, i))
                name = change.at if kind == "rule" else change.id
                if name in seen:
                    self.problems.append(_twice(place, name, seen[name]))
                    continue
                seen[name] = place.path
                self._change(kind, name, change, place)

    def _change(self, kind: TunedKind, name: str, change: Change, place: Place) -> None:
        known = list(self._names(kind, name))
        if name not in known:
            key = "at" if kind == "rule" else "id"
            self.problems.append(_nothing(place, key, kind, name, known))
            return
        if kind == "rule":
            self._rule(name, change.changed, change.why, place)
            return
        entry = self.entries[f"{kind}s"][name]
        changed = dict(change.changed)
        self._switch(f"{kind}s", kind, name, changed, change.why)
        if kind == "benchmark" and changed:
            source = {"grade": "EX", "source": Source(note=self.name)}
        else:
            source = {}
        for key, now in changed.items():
            was = getattr(entry.model, key)
            self._record(kind, name, key, was, now, change.why)
        self.entries[f"{kind}s"][name] = _with(entry, changed | source, place, changed)

    def _rule(
        self, name: str, changes: Mapping[str, Any], why: Text, place: Place
    ) -> None:
        cause, _, rule = name.partition("/")
        entry = self.entries["causes"][cause]
        changed = dict(changes)
        self._switch("rules", "rule", name, changed, why)
        for key in ("evidence", "against"):
            rules = list(getattr(entry.model, key))
            for i, spec in enumerate(rules):
                if spec.id != rule:
                    continue
                fields = {_field(k): v for k, v in changed.items()}
                for k, now in changed.items():
                    was = getattr(spec, _field(k))
                    self._record("rule", name, k, was, now, why)
                rules[i] = spec.model_copy(update=fields)
                parts: dict[NodePath, Place] = {
                    (key, i, k): Place(place.document, (*place.path, k), place.layer)
                    for k in changed
                }
                model = entry.model.model_copy(update={key: rules})
                entry = replace(entry, model=model, parts={**entry.parts, **parts})
        self.entries["causes"][cause] = entry

    def _switch(
        self, place: str, kind: TunedKind, name: str, changed: dict[str, Any], why: Text
    ) -> None:
        """Turn an entry off, or on again where a lower layer turned it off."""
        if "off" not in changed:
            return
        off, was = changed.pop("off"), (place, name) in self.off
        (self.off.add if off else self.off.discard)((place, name))
        if off is not was:
            self._record(kind, name, "off", was, off, why)

    def _record(
        self, kind: TunedKind, name: str, key: str, was: Any, now: Any, why: Text
    ) -> None:
        was, now = _plain(was), _plain(now)
        self.tuned.append(Tuned(self.name, kind, name, key, was, now, why))

    def _names(self, kind: TunedKind, name: str) -> Iterator[str]:
        """What may be tuned; of rules, those of the cause where there is one."""
        if kind != "rule":
            yield from self.entries.get(f"{kind}s", {})
            return
        causes = self.entries.get("causes", {})
        own = name.partition("/")[0]
        for cause in [own] if own in causes else causes:
            yield from (f"{cause}/{r}" for r in rule_ids(causes[cause].model))


def rule_ids(cause: Cause) -> list[str]:
    """Ids of the rules that stand in the file of a cause."""
    return [r.id for r in (*cause.evidence, *cause.against)]


def _plain(value: Any) -> Any:
    """A value as it stands in the file."""
    if isinstance(value, list):
        return [_plain(v) for v in value]
    if isinstance(value, BaseModel):
        return value.model_dump(exclude_defaults=True)
    return value


def _field(key: str) -> str:
    return "condition" if key == "if" else key


def _with(
    entry: Entry, fields: Mapping[str, Any], place: Place, keys: Mapping[str, Any]
) -> Entry:
    """The entry with other values; their places lead to the file that changed them."""
    parts = {p: at for p, at in entry.parts.items() if p[0] not in keys}
    for key in keys:
        parts[key,] = Place(place.document, (*place.path, key), place.layer)
    model = entry.model.model_copy(update=dict(fields))
    return replace(entry, model=model, parts=parts)


def _nothing(
    place: Place, key: str, kind: TunedKind, name: str, known: Sequence[str]
) -> Problem:
    what = Said(f"no {kind} {name!r}", f"{_LACKING[kind]} «{name}»")
    at = replace(place, path=(*place.path, key))
    return at.problem("unknown-id", what, did_you_mean(name, known))


def _twice(place: Place, name: str, first: NodePath) -> Problem:
    line = place.document.place(first)[0]
    what = Said(
        f"{name!r} is tuned already at line {line}",
        f"«{name}» уже настроено в строке {line}",
    )
    return place.problem("duplicate-id", what)
