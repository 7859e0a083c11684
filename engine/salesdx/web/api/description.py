"""The OpenAPI description, made of the routes and their models: it cannot drift."""

import inspect
from importlib.metadata import version
from typing import Any

from flask import Flask, Response, current_app, jsonify
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from salesdx.storage.cases import LONGEST_ID
from salesdx.web.api.models import Failed, Format
from salesdx.web.api.operations import ROOT, Operation, blueprint, operation_of
from salesdx.web.guard import need_of, needs

_REF = "#/components/schemas/{model}"
_WORDS = {
    200: "Done", 201: "Added", 202: "Being measured: ask again",
    400: "The body is no JSON", 401: "No token, or one that does not hold",
    403: "The role of the token does not allow it", 404: "No such case",
    409: "The id is taken", 413: "Too large", 415: "The body is not said to be JSON",
    422: "Something in it is wrong: see details", 429: "Too often: wait Retry-After",
    503: "Busy: wait Retry-After",
}  # fmt: skip
_AGAIN = {
    "Retry-After": {"schema": {"type": "string", "pattern": "^[0-9]+$"},
                    "description": "Seconds"},
}  # fmt: skip


@blueprint.get("/openapi.json")
@needs("public")
def openapi() -> Response:
    """The description itself; it tells nothing about anybody."""
    return jsonify(described(current_app))


def described(app: Flask) -> dict[str, Any]:
    """The description of the API of a server."""
    rules = [
        r for r in app.url_map.iter_rules()
        if r.endpoint.startswith("api.") and r.endpoint != "api.openapi"
    ]  # fmt: skip
    told = {r.endpoint: operation_of(app.view_functions[r.endpoint]) for r in rules}
    schemas, parts = _schemas(told.values())
    paths: dict[str, Any] = {}
    for rule in sorted(rules, key=lambda r: (r.rule, r.endpoint)):
        path, parameters = _path(rule)
        method = next(m for m in sorted(rule.methods or ()) if m in ("GET", "POST"))
        described_ = _operation(rule.endpoint, told[rule.endpoint], schemas, app)
        described_["parameters"] = [*parameters, *described_.pop("parameters")]
        paths.setdefault(path, {})[method.lower()] = described_
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "salesdx", "version": version("salesdx"),
            "description": "Cases, answers, results and reports for programs.",
        },
        "servers": [{"url": ROOT}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": parts,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }  # fmt: skip


def _schemas(told: Any) -> tuple[dict[tuple[type[BaseModel], str], Any], Any]:
    taken = [o.takes for o in told if o.takes]
    given = [m for o in told for m in o.gives.values() if isinstance(m, type)]
    pairs: list[Any] = [(m, "validation") for m in dict.fromkeys(taken)]
    pairs += [(m, "serialization") for m in dict.fromkeys([*given, Failed])]
    found, definitions = models_json_schema(pairs, ref_template=_REF)
    return found, definitions["$defs"]  # type: ignore[return-value]


def _path(rule: Rule) -> tuple[str, list[dict[str, Any]]]:
    """`/cases/{case}`, and what may stand for the names in it."""
    path, parameters = rule.rule.removeprefix(ROOT), []
    for name in sorted(rule.arguments):
        shown = name.rstrip("_")
        path = path.replace(f"<{name}>", f"{{{shown}}}")
        schema: dict[str, Any] = (
            {"enum": list(Format.__args__)}  # type: ignore[attr-defined]
            if shown == "format"
            else {"type": "string", "minLength": 1, "maxLength": LONGEST_ID}
        )
        parameters.append(
            {"name": shown, "in": "path", "required": True, "schema": schema}
        )
    return path, parameters


def _operation(
    endpoint: str, told: Operation, schemas: dict[Any, Any], app: Flask
) -> dict[str, Any]:
    view = app.view_functions[endpoint]
    found: dict[str, Any] = {
        "operationId": endpoint.removeprefix("api."),
        "summary": told.summary,
        "description": f"{inspect.getdoc(view)}\n\nNeeds: {need_of(app, endpoint)}.",
        "parameters": _query(told.query),
        "responses": _responses(told, schemas),
    }
    if told.takes is not None:
        content = {"application/json": {"schema": schemas[told.takes, "validation"]}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _query(model: type[BaseModel] | None) -> list[dict[str, Any]]:
    if model is None:
        return []
    found = model.model_json_schema(ref_template=_REF)["properties"]
    return [
        {"name": name, "in": "query", "required": False, "schema": schema}
        for name, schema in found.items()
    ]


def _responses(told: Operation, schemas: dict[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, model in told.gives.items():
        content = (
            {"application/json": {"schema": schemas[model, "serialization"]}}
            if isinstance(model, type)
            else {m.partition(";")[0]: {} for m in model}
        )
        found[str(status)] = {"description": _WORDS[status], "content": content}
    body = [400, 413, 415] if told.takes else []
    failed = {"application/json": {"schema": schemas[Failed, "serialization"]}}
    for status in sorted({401, 403, 404, 422, 429, 503, *body, *told.faults}):
        found[str(status)] = {"description": _WORDS[status], "content": failed}
    for later in ("202", "429", "503"):
        if later in found:
            found[later]["headers"] = _AGAIN
    return dict(sorted(found.items()))
