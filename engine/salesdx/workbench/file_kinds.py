"""Which kind of knowledge a file holds, seen by its keys and not by its place."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from salesdx.content import NodePath
from salesdx.knowledge import models
from salesdx.knowledge.additions import Additions
from salesdx.knowledge.domain import Domain
from salesdx.knowledge.forms import Form
from salesdx.knowledge.migrations import Migrations
from salesdx.knowledge.tuning import Tuning
from salesdx.workbench.lint.exclusions import Exclusions

# the key that only this kind of file has; the first that fits decides
_BY_KEY: Mapping[str, type[BaseModel]] = {
    "symptoms": models.Symptoms,
    "remedies": models.Remedies,
    "benchmarks": models.Benchmarks,
    "metrics": models.Metrics,
    "claims": models.Claims,
    "roles": models.Roles,
    "statements": models.Quality,
    "areas": models.SolutionAreas,
    "worksheets": models.Worksheets,
    "questions": models.Questionnaire,
    "bands": Form,
    "migrations": Migrations,
    "kinds": Domain,
    "exclusions": Exclusions,
}
# Keys that experts write elsewhere than the model has them: each before the named one.
_HABITS: Mapping[type[BaseModel], tuple[tuple[str, str], ...]] = {
    models.Cause: (("applies_to", "title"),),
    models.Rule: (("for_each", "if"), ("applies_to", "if")),
    models.RuleTest: (("slice", "given"),),
    models.Expectation: tuple(
        (key, "verdict") for key in ("fired", "not_fired", "unknown")
    ),
    models.Symptom: (("for_each", "title"),),
    models.ListedClaim: tuple(
        (key, "grade") for key in ("share", "base", "causes", "unused", "source")
    ),
    models.MetricEntry: tuple((key, "title") for key in ("loss", "worth", "area")),
    models.Remedy: (("repeat", "worksheet"), ("claims", "worksheet")),
    models.Claim: (("source", "grade"),),
    models.Option: (("measured_by", "because"),),
}  # fmt: skip
_FIRST = ("format", "id")  # also where a model inherits other keys before them


def keys_of(model: type[BaseModel]) -> list[str]:
    """The keys of a mapping in the order in which they are written."""
    keys = [f.alias or n for n, f in model.model_fields.items()]
    keys.sort(key=lambda k: _FIRST.index(k) if k in _FIRST else len(_FIRST))
    if "id" in keys and "ref" in keys:
        keys.remove("ref")
        keys.insert(keys.index("id") + 1, "ref")
    for key, before in _HABITS.get(model, ()):
        keys.remove(key)
        keys.insert(keys.index(before), key)
    return keys


def model_of(data: Any) -> type[BaseModel] | None:
    """The model of a file, or None where it is no knowledge that we know."""
    if not isinstance(data, dict):
        return None
    if "evidence" in data and "kind" in data:
        return models.Cause
    if "cause" in data and {"evidence", "against", "tests"} & set(data):
        return Additions
    if {"id", "version", "engine"} <= set(data):
        return models.Pack
    if _tunes(data):
        return Tuning
    return next((m for k, m in _BY_KEY.items() if k in data), None)


def _tunes(data: Mapping[str, Any]) -> bool:
    """Whether it changes entries of the base: they say why, and have no title."""
    lists = [v for k, v in data.items() if k in Tuning.model_fields and k != "format"]
    entries = [e for v in lists if isinstance(v, list) for e in v]
    return bool(entries) and all(
        isinstance(e, dict) and "why" in e and "title" not in e for e in entries
    )


def mappings(
    model: type[BaseModel], data: Any, path: NodePath = ()
) -> Iterator[tuple[NodePath, list[str], list[str]]]:
    """Every mapping with a fixed order: path, keys as written, keys in order.

    A key that the model does not know keeps its place behind the one before it.
    """
    if not isinstance(data, dict):
        return
    fields = {f.alias or n: f.annotation for n, f in model.model_fields.items()}
    written = list(data)
    yield path, written, _ordered(written, keys_of(model))
    for key, value in data.items():
        inner = inner_model(fields.get(key))
        if inner is None:
            continue
        if isinstance(value, list):
            for i, item in enumerate(value):
                yield from mappings(inner, item, (*path, key, i))
        else:
            yield from mappings(inner, value, (*path, key))


def _ordered(written: list[str], known: list[str]) -> list[str]:
    ranks: dict[str, int] = {}
    rank = -1
    for key in written:
        rank = known.index(key) if key in known else rank
        ranks[key] = rank
    return sorted(written, key=ranks.__getitem__)


def inner_model(annotation: Any) -> type[BaseModel] | None:
    """The model of the mappings of a field; None for plain values and open mappings."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is dict:
        return None
    found = (inner_model(part) for part in get_args(annotation))
    return next((m for m in found if m is not None), None)
