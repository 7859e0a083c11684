"""A line a request: when, what route, how it ended, how long it took, who.

The pattern of the route stands for the path, which may hold the token of a link; who is
a user, "respondent" or nobody. Nothing that anybody typed, asked for or answered.
"""

import logging
import time

from flask import Flask, Response, g, request

from salesdx.web.caller import caller, now

_log = logging.getLogger("salesdx.access")


def install(app: Flask) -> None:
    """Log every request but those for styles and scripts."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.began = time.monotonic()


def _end(response: Response) -> Response:
    if request.endpoint != "static":
        rule = request.url_rule.rule if request.url_rule else "-"
        spent = 1000 * (time.monotonic() - g.get("began", time.monotonic()))
        _log.info(
            "%s %s %s %d %.0f %s", f"{now():%Y-%m-%dT%H:%M:%SZ}", _method(), rule,
            response.status_code, spent, _who(),
        )  # fmt: skip
    return response


def _method() -> str:
    known = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
    return request.method if request.method in known else "-"


def _who() -> str:
    found = caller()
    if found.user is not None:
        return found.user.name
    return "respondent" if found.kind == "respondent" else "-"
