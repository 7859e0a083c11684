"""One operation of the API: what it takes and gives is checked, and so described.

The description of the API is made of what `operation` was told, and what it was told is
what happens: a body that is not so is refused, a status that was not named is a fault.
"""

import functools
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flask import Blueprint, Response, jsonify, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from salesdx.errors import in_language, visible
from salesdx.faults import of_field
from salesdx.web.faults import RefusedError
from salesdx.web.language import language
from salesdx.web.page import t

ROOT = "/api/v1"
blueprint = Blueprint("api", __name__, url_prefix=ROOT)
_MARK = "salesdx_operation"
_MOST_TOLD = 50  # faults of one body
View = Callable[..., Any]
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route is for; `gives` has a model, or media types, for each status."""

    summary: str
    gives: Mapping[int, type[BaseModel] | tuple[str, ...]]
    takes: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    faults: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A status other than 200, or headers, beside what is given."""

    body: BaseModel
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def operation(told: Operation) -> Callable[[View], View]:
    """Say what a route takes and gives; it gets `body` and `query` accordingly."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def checked(**given: Any) -> Response:
            if told.query is not None:
                given["query"] = _valid(told.query, request.args.to_dict())
            elif request.args:
                raise _unknown(request.args)
            if told.takes is not None:
                given["body"] = _valid(told.takes, _json())
            return _response(view(**given), told)

        setattr(checked, _MARK, told)
        return checked

    return decorate


def operation_of(view: View) -> Operation:
    """What a route of the API was told to be.

    Raises:
        AttributeError: nothing was said of it.
    """
    found: Operation = getattr(view, _MARK)
    return found


def _response(found: Any, told: Operation) -> Response:
    if isinstance(found, Response):
        assert found.status_code in told.gives
        return found
    reply = found if isinstance(found, Reply) else Reply(found)
    model = told.gives[reply.status]
    assert isinstance(model, type) and isinstance(reply.body, model)
    response = jsonify(reply.body.model_dump(mode="json", by_alias=True))
    response.status_code = reply.status
    response.headers.update(reply.headers)
    return response


def _valid(model: type[M], data: Any) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise RefusedError([
            {
                "at": _place(one["loc"]) or "body", "code": one["type"],
                "message": visible(in_language(of_field(one), language())),
            }
            for one in error.errors(include_url=False)[:_MOST_TOLD]
        ]) from None  # fmt: skip


def _place(steps: tuple[str | int, ...]) -> str:
    found = ""
    for step in steps:
        if isinstance(step, int):
            found += f"[{step}]"
        elif step not in ("str", "bool", "int", "float", "list[str]"):  # of a union
            found += f".{visible(step)}" if found else visible(step)
    return found


def _unknown(names: Mapping[str, str]) -> RefusedError:
    return RefusedError([
        {"at": visible(n), "code": "extra_forbidden", "message": t("faults.no-key")}
        for n in list(names)[:_MOST_TOLD]
    ])  # fmt: skip


def _json() -> Any:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return json.loads(
            request.get_data(), parse_constant=_no_number, parse_float=_number,
            parse_int=_whole, object_pairs_hook=_object,
        )  # fmt: skip
    except (ValueError, RecursionError) as error:
        at = (
            f"line {error.lineno}, column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else "body"
        )
        detail = {"at": at, "code": "json", "message": t("faults.not-json")}
        raise RefusedError([detail], 400, t("faults.400-do-json")) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(text: str) -> float:
    raise ValueError(text)


def _number(text: str) -> float:
    found = float(text)
    return found if math.isfinite(found) else _no_number(text)


def _whole(text: str) -> int:
    if len(text) > 18:
        raise ValueError("a number too long to be one of ours")
    return int(text)
