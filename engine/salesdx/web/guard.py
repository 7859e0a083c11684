"""Every route says what it needs; whoever may not do that gets nothing.

A route without a word on it does not start the server: forgetting is not allowing. A
case that is not the caller's does not exist for him (404, not 403): ids tell nothing.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.access.roles import Action
from salesdx.access.tokens import same
from salesdx.storage.accounts import sees
from salesdx.storage.cases import is_case_id
from salesdx.web import caller as calling
from salesdx.web.caller import Caller, caller, engine, now, settings, to_api
from salesdx.web.hosts import same_site

View = TypeVar("View", bound=Callable[..., Any])
_NEED, _UPLOADS = "salesdx_need", "salesdx_uploads"
_LANGUAGE = "language.switch"
_SAFE = ("GET", "HEAD", "OPTIONS")


def needs(action: Action, *, uploads: bool = False) -> Callable[[View], View]:
    """Say what a route needs: `@needs("case.read")` below `@blueprint.get(...)`.

    `uploads` says that it takes files: then a request may be as large as they may be.
    """

    def mark(view: View) -> View:
        setattr(view, _NEED, action)
        setattr(view, _UPLOADS, uploads)
        return view

    return mark


def need_of(app: Flask, endpoint: str) -> Action:
    """What a route needs."""
    found: Action = getattr(app.view_functions[endpoint], _NEED)
    return found


def install(app: Flask) -> None:
    """Guard all routes of a server.

    Raises:
        ValueError: a route does not say what it needs.
    """
    silent = [e for e, v in app.view_functions.items() if not hasattr(v, _NEED)]
    if silent:
        raise ValueError(f"routes that do not say what they need: {silent}")
    app.before_request(_check)


def _check() -> AnyResponse | None:
    g.caller = calling.recognised(request)
    if request.endpoint is None:
        return None  # no such page: 404 follows
    action = need_of(current_app, request.endpoint)
    who = caller()
    if not who.may(action) or (action == "answer" and _shut(who)):
        return _turned_away(who)
    case = (request.view_args or {}).get("case")
    if case is not None and not _is_own(who, case):
        abort(404)
    if getattr(current_app.view_functions[request.endpoint], _UPLOADS):
        request.max_content_length = settings().largest_upload
    _refuse_forged(who)  # last: it reads the form
    return None


def _shut(who: Caller) -> bool:
    """Whether a link holds no longer; a finished one still shows some pages."""
    return who.link is not None and who.link.state(now()) in ("expired", "revoked")


def _is_own(who: Caller, case: str) -> bool:
    return is_case_id(case) and who.user is not None and sees(engine(), who.user, case)


def _refuse_forged(who: Caller) -> None:
    """A form that another site has sent, or that belongs to another session.

    Browsers say where a request comes from (`Sec-Fetch-Site`), older ones by `Origin`.
    The API needs no such proof: it knows no cookies, and no browser adds a token.
    """
    if request.method in _SAFE or to_api(request):
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site not in ("same-origin", "none"):
        abort(403)
    if origin is not None and not same_site(origin):
        abort(403)
    if request.endpoint == _LANGUAGE:
        return  # of both kinds of sessions, and it changes nothing of either
    if who.session and not same(request.form.get("form_token", ""), who.form_token):
        abort(403)


def _turned_away(who: Caller) -> AnyResponse:
    if to_api(request):
        abort(401 if who.kind == "anonymous" else 403)
    if request.path.startswith("/assessment"):
        return redirect(url_for("assessment.closed"), 303)
    if who.kind != "anonymous":
        abort(403)
    back = request.full_path.rstrip("?") if request.method in _SAFE else ""
    return redirect(url_for("account.sign_in", back=back or None), 303)
