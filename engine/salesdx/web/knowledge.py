"""The knowledge base to read; for trainers also how sound it is."""

import mimetypes

from flask import Blueprint, Response, abort, current_app
from flask.blueprints import BlueprintSetupState

from salesdx.errors import in_language
from salesdx.web.caller import caller, desk, settings
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.page import page
from salesdx.workspace.knowledge_shelf import Shelf

blueprint = Blueprint("knowledge", __name__)
_SHELF = "salesdx.shelf"
_MOST_TOLD = 200  # faults on a page


@blueprint.record
def put_up(state: BlueprintSetupState) -> None:
    """A server has one shelf; nothing is worked out before somebody asks."""
    extensions = state.app.extensions
    extensions[_SHELF] = Shelf(extensions["salesdx.desk"])


@blueprint.get("/knowledge")
@needs("knowledge.read")
def overview() -> Response:
    """What there is to read, in figures; its faults for those who mend them."""
    found = _shelf().state(settings().patience) if _mends() else None
    told = [
        {
            "at": f"{p.file}:{p.line}:{p.col}" if p.line else p.file,
            "code": p.code,
            "message": in_language(p.message, language()),
        }
        for p in (found[1] if found else ())
    ]
    response = page(
        "knowledge/overview.html.j2", place="knowledge", knowledge=desk().knowledge,
        mends=_mends(), counts=found[0] if found else None, faults=told[:_MOST_TOLD],
        more=max(0, len(told) - _MOST_TOLD), overlays=len(desk().overlays),
    )  # fmt: skip
    if _mends() and found is None:
        response.headers["Refresh"] = "2"
    return response


@blueprint.get("/knowledge/<path:name>")
@needs("knowledge.read")
def site(name: str) -> Response:
    """A page of the site, its style, its script, its search index."""
    found = _shelf().page(name)
    if found is None:
        abort(404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(found, 200, {"Content-Type": f"{kind}; charset=utf-8"})


def _mends() -> bool:
    return caller().may("knowledge.change")


def _shelf() -> Shelf:
    found: Shelf = current_app.extensions[_SHELF]
    return found
