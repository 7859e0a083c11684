"""Which language a page speaks: as chosen on some page, else as the browser asks."""

import re
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, redirect, request
from werkzeug.wrappers import Response

from salesdx.language import LANGUAGES, Language
from salesdx.web.caller import settings
from salesdx.web.guard import needs

blueprint = Blueprint("language", __name__)
_TRICKS = re.compile(r"[\\\x00-\x1f\x7f]")
_COOKIE, _YEAR = "language", 365 * 86_400


def install(app: Flask) -> None:
    """Know the language of every request."""
    app.before_request(_choose)
    app.register_blueprint(blueprint)


def language() -> Language:
    """The language of this page."""
    return cast(Language, g.get("language", "en"))


def other(lang: Language) -> Language:
    """The one it can be switched to."""
    return "en" if lang == "ru" else "ru"


def _choose() -> None:
    kept = request.cookies.get(_COOKIE)
    asked = (
        kept if kept in LANGUAGES else request.accept_languages.best_match(LANGUAGES)
    )
    g.language = asked or "en"


@blueprint.post("/language")
@needs("public")
def switch() -> Response:
    """Speak the other language from now on, and show the same page again."""
    chosen = request.form.get("to", "")
    response = redirect(inside(request.form.get("back", "")), 303)
    if chosen in LANGUAGES:
        response.set_cookie(
            _COOKIE, chosen, max_age=_YEAR, secure=settings().secure, httponly=True,
            samesite="Lax",
        )  # fmt: skip
    return response


def inside(path: str) -> str:
    """A path of this server; anything else leads home."""
    # browsers read `\` as `/` and leave out tabs and line ends: neither is in our paths
    sound = path.startswith("/") and not _TRICKS.search(path) and "//" not in path[:2]
    parts = urlsplit(path) if sound else None
    return path if parts and not parts.scheme and not parts.netloc else "/"
