"""A template becomes a page: the names that every template knows."""

import datetime as dt
import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    make_response,
    render_template,
    request,
    url_for,
)
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from salesdx import language as told
from salesdx.content import content
from salesdx.storage.moments import read
from salesdx.web.caller import caller
from salesdx.web.language import language, other
from salesdx.web.words import word


def install(app: Flask) -> None:
    """Teach the templates of `pages/` what they may say."""
    env = app.jinja_env
    env.loader = FileSystemLoader(content("pages"))
    env.undefined = StrictUndefined
    env.autoescape = True
    env.trim_blocks = env.lstrip_blocks = True
    env.filters |= {
        "money": lambda v, currency: told.money(v, currency, language()),
        "short_money": lambda v, currency: told.short_money(v, currency, language()),
        "number": lambda v, digits=1: told.number(v, language(), digits),
        "percent": lambda v, digits=0: told.percent(v, language(), digits),
        "quantity": lambda v, unit, currency="": told.quantity(
            v, unit, language(), currency
        ),
        "day": _day,
        "moment": _moment,
        "in_lang": lambda text: text.in_(language()),
        "drawing": Markup,  # our own SVG, escaped where it is drawn
    }
    app.context_processor(_names)


def page(template: str, status: int = 200, /, **values: Any) -> Response:
    """Show a template of `pages/`."""
    response = make_response(render_template(template, **values), status)
    response.headers["Content-Language"] = language()
    return response


def t(key: str, /, **values: object) -> str:
    """A word in the language of this page."""
    return word(key, language(), **values)


def _names() -> dict[str, Any]:
    lang = language()
    return {
        "t": t, "lang": lang, "other": other(lang), "caller": caller(),
        "form_token": caller().form_token, "here": _here(),
        "asset": asset, "tab": "", "tabs": [], "failed": False,
    }  # fmt: skip


def _here() -> str:
    """This page, to come back to; where it has no address, the page before."""
    try:
        current_app.url_map.bind("").match(request.path, method="GET")
    except HTTPException:
        parts = urlsplit(request.referrer or "")
        return f"{parts.path}?{parts.query}".rstrip("?") or "/"
    return request.full_path.rstrip("?")


def asset(name: str) -> str:
    """The address of a static file; another content has another address."""
    return url_for("static", filename=name, v=_mark(name))


@lru_cache(maxsize=32)
def _mark(name: str) -> str:
    found = (content("pages") / "static" / Path(name).name).read_bytes()
    return hashlib.sha256(found).hexdigest()[:10]


def _day(value: dt.date | str) -> str:
    found = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return told.date(found, language())


def _moment(value: str) -> str:
    """`27 Nov 2026, 20:15 UTC`."""
    found = read(value).astimezone(dt.UTC)
    return f"{told.date(found.date(), language())}, {found:%H:%M} UTC"
