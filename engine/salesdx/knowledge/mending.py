"""What can be kept of a file with faults, so that the rest of it is judged too.

Every fault is told. Then its place gets a stand-in that is valid and says nothing, or
is left out where nothing need stand: the other entries of the file, and the other
rules of a cause, keep their places and are looked at as if nothing had happened.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import (
    Annotated,
    Any,
    Generic,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
)

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from salesdx.content import Document, NodePath, located
from salesdx.errors import Problem

STAND_IN = "unread"  # no entry has this id; what names it is not looked for
_ROUNDS = 3
_MANY = 40  # faults of one file up to which mending is worth while
_READ = 1_000_000  # bytes of a file that are searched for ids
_STRINGS = (STAND_IN, "2000-01", "XXX")
_ID = re.compile(r"(?m)(?:^|[\s{,])id[ \t]*:[ \t]*[\"']?([^\s\"',}#]+)")
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Mended(Generic[M]):
    """A model with stand-ins at `faulty`, or None where nothing could be kept."""

    model: M | None
    problems: list[Problem]
    faulty: frozenset[NodePath]

    def touches(self, path: NodePath) -> bool:
        """Whether something at or below a place has a fault."""
        return any(f[: len(path)] == path for f in self.faulty)


def mend(model: type[M], document: Document) -> Mended[M]:
    """Validate a document and keep what can be kept."""
    data = document.data
    problems: list[Problem] = []
    faulty: set[NodePath] = set()
    for _ in range(_ROUNDS):
        try:
            return Mended(model.model_validate(data), problems, frozenset(faulty))
        except ValidationError as error:
            found = located(model, document, (), data, error)
        data = deepcopy(data)
        for loc, problem in found:
            if problem and not any(_related(loc, f) for f in faulty):
                problems.append(problem)
        faulty |= {loc for loc, _ in found}
        if len(found) > _MANY or not isinstance(data, dict):
            break
        for loc, _ in reversed(found):
            _replace(model, data, loc)
    return Mended(None, problems, frozenset(faulty))


def _related(loc: NodePath, other: NodePath) -> bool:
    """Whether one place holds the other: a second fault there comes of the first."""
    n = min(len(loc), len(other))
    return loc[:n] == other[:n]


def ids_in(data: Any) -> Iterator[str]:
    """Every id of plain data; the depth of a document is bounded."""
    if isinstance(data, dict):
        if isinstance(data.get("id"), str):
            yield data["id"]
        for value in data.values():
            yield from ids_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from ids_in(value)


def ids_of(path: Path) -> set[str]:
    """Ids that a file would have declared which cannot be read: what looks like one."""
    found = {path.stem}
    try:
        if path.is_file() and path.stat().st_size <= _READ:
            raw = path.read_bytes()
            code = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
            found |= set(_ID.findall(raw.decode(code, errors="replace")))
    except OSError:
        pass  # told already by whoever tried to read it
    return found


def _replace(model: type[BaseModel], data: Any, loc: NodePath) -> None:
    """Put a stand-in at a place, or drop what need not be there."""
    kind: Any = model
    for i, step in enumerate(loc):
        field, last = _field(kind, data, step), i + 1 == len(loc)
        if field is None and _is_model(_bare(kind, data)):
            data.pop(step, None)  # an unknown key
            return
        if isinstance(field, FieldInfo):
            if last and not field.is_required():
                data.pop(step, None)
                return
            kind = _annotated(field)
        else:
            kind = field
        if last:
            data[step] = _stand_in(kind)
            return
        data = data[step]


def _annotated(field: FieldInfo) -> Any:
    return Annotated[field.annotation, *field.metadata, None]


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _field(kind: Any, data: Any, step: str | int) -> Any:
    """The field or type that a step leads to; None where there is none."""
    bare = _bare(kind, data)
    if _is_model(bare):
        for name, field in bare.model_fields.items():
            if step in (name, field.alias):
                return field
        return None
    parts = get_args(bare)
    if get_origin(bare) is list:
        return parts[0]
    return parts[1] if get_origin(bare) is dict else None


def _bare(kind: Any, data: Any = None) -> Any:
    """A type without annotations and without None; of a choice, what fits the data."""
    while get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        parts = [_bare(p) for p in get_args(kind) if p is not type(None)]
        models = [p for p in parts if _is_model(p)]
        return models[0] if models and isinstance(data, dict) else parts[0]
    return kind


def _stand_in(kind: Any) -> Any:
    """A valid value of a type that says nothing."""
    constraints = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    bare = _bare(kind)
    if _is_model(bare):
        return {
            f.alias or n: _stand_in(_annotated(f))
            for n, f in bare.model_fields.items()
            if f.is_required()
        }
    if get_origin(bare) is Literal:
        return get_args(bare)[0]
    if get_origin(bare) is list:
        least = any(getattr(c, "min_length", 0) for c in constraints)
        return [_stand_in(get_args(bare)[0])] if least else []
    if get_origin(bare) is dict:
        return {STAND_IN: STAND_IN}
    if bare in (int, float):
        return 1
    if bare is bool:
        return False
    patterns = [p for c in constraints if (p := getattr(c, "pattern", None))]
    fits = (s for s in _STRINGS if all(re.search(p, s) for p in patterns))
    return next(fits, STAND_IN)
