"""How often something may be tried, and by whom (OWASP ASVS 5.0, 2.4.1)."""

from flask import abort, request

from salesdx.storage.tries import Limit, try_once
from salesdx.web.caller import engine, now

SIGN_IN = Limit("sign-in", 5, 60)
LINK = Limit("link", 20, 60)
UPLOAD = Limit("upload", 10, 3_600)
PRINTING = Limit("printing", 30, 3_600)


def address() -> str:
    """Where the caller is; behind a proxy the server knows it by `--proxy`."""
    return request.remote_addr or "?"


def limit(found: Limit, whose: str) -> None:
    """Count a try; too many are refused with 429."""
    if not try_once(engine(), found, whose, now()):
        abort(429)
