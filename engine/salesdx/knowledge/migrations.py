"""migrations.yaml: what became of questions after a version, and the way from there.

Ids are never used twice, so a step may be taken by answers that need it no more: it
finds nothing to change in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from packaging.version import InvalidVersion, Version
from pydantic import Field, field_validator

from salesdx.errors import Said
from salesdx.knowledge.models import Part
from salesdx.knowledge.pinned import Pinned

FILE = "migrations.yaml"
_ASKED = ("known", "unknown", "disagree", "dont_know")  # of a question, not its value


class Migration(Part):
    """What became of the questions of version `from` (and of older ones).

    `rename` leads old ids to new ones, `options` old codes of a question (by its new
    id) to new ones. What is under `reask` means something else now: the former answer
    is shown and must be confirmed. `drop` are questions that are asked no more.
    """

    from_: str = Field(alias="from", min_length=1)
    rename: dict[str, str] = Field({})
    options: dict[str, dict[str, str]] = Field({})
    reask: list[str] = Field([])
    drop: list[str] = Field([])

    @field_validator("from_")
    @classmethod
    def _is_version(cls, value: str) -> str:
        try:
            Version(value)
        except InvalidVersion as error:
            raise ValueError(Said(
                f"{value!r} is no version; write that of pack.yaml",
                f"«{value}» — не версия; укажите ту, что стоит в pack.yaml",
            )) from error  # fmt: skip
        return value


class Migrations(Part):
    """migrations.yaml."""

    format: Literal[1]
    migrations: list[Migration]


@dataclass(frozen=True, slots=True)
class Step:
    """One migration, and the layer that brings it; "" is the shipped knowledge."""

    layer: str
    spec: Migration


@dataclass(frozen=True, slots=True)
class Followed:
    """Where the way leads from one question."""

    question: str
    dropped: bool = False
    reask: bool = False
    codes: tuple[Mapping[str, str], ...] = ()

    def code(self, code: str) -> str:
        """What an option is called now."""
        for names in self.codes:
            code = names.get(code, code)
        return code

    def knows(self, code: str) -> bool:
        """Whether the way says what an option is called now."""
        return any(code in names for names in self.codes)


@dataclass(frozen=True, slots=True)
class Way:
    """All steps from one version to today's, in order."""

    steps: tuple[Migration, ...] = field(default=())

    def follow(self, question: str) -> Followed:
        """The way of one question."""
        reask, codes = False, []
        for step in self.steps:
            if question in step.drop:
                return Followed(question, dropped=True)
            question = step.rename.get(question, question)
            reask = reask or question in step.reask
            if question in step.options:
                codes.append(step.options[question])
        return Followed(question, False, reask, tuple(codes))

    def lead(self, condition: Any, codes: Followed | None = None) -> Any:
        """A condition under today's ids and codes: it asks what it asked.

        `codes` is the way of the question whose values are read.
        """
        if isinstance(condition, list):
            return [self.lead(part, codes) for part in condition]
        if not isinstance(condition, dict):
            word = written(condition)
            return codes.code(word) if codes and codes.knows(word) else condition
        found = {}
        for key, value in condition.items():
            if key in _ASKED and isinstance(value, str):
                found[key] = self.follow(value).question
                continue
            of = self.follow(key)  # `all` or `one_of` lead nowhere
            found[of.question] = self.lead(value, of if of.codes else codes)
        return found


def written(value: Any) -> str:
    """A value as a key of migrations.yaml: yes and no in the words of the file."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def in_order(steps: Sequence[Step], layers: Sequence[str]) -> tuple[Step, ...]:
    """Steps of the shipped knowledge, then of each layer; the oldest first."""
    order = ["", *layers]
    return tuple(sorted(
        steps, key=lambda s: (order.index(s.layer), Version(s.spec.from_))
    ))  # fmt: skip


def way(steps: Sequence[Step], version: str, old: Pinned | None = None) -> Way:
    """The way to today from a version of the pack; `old` is what was kept of it.

    A step of an overlay is judged by the version of that overlay, if both sides have
    one; else it is taken.
    """
    of_layers = dict(old.layers) if old else {}
    return Way(tuple(
        s.spec for s in steps
        if not _past(s.spec.from_, of_layers.get(s.layer) if s.layer else version)
    ))  # fmt: skip


def until(steps: Sequence[Step], pinned: Pinned) -> tuple[Step, ...]:
    """The steps that lead to kept questions; what came later says nothing of them.

    Where an overlay has no version, a step came later if what it leads away or drops
    was still asked: ids are never used twice.
    """
    of_layers = dict(pinned.layers)

    def led(step: Step) -> bool:
        version = of_layers.get(step.layer) if step.layer else pinned.version
        if version is None:
            return not pinned.questions.keys() & {*step.spec.rename, *step.spec.drop}
        return _past(step.spec.from_, version)

    return tuple(filter(led, steps))


def _past(from_: str, version: str | None) -> bool:
    """Whether a version came after the step."""
    try:
        return version is not None and Version(version) > Version(from_)
    except InvalidVersion:
        return False
