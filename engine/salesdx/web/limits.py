"""How often something may be tried, and by whom (OWASP ASVS 5.0, 2.4.1)."""

from flask import request
from werkzeug.exceptions import TooManyRequests

from salesdx.storage.tries import Limit, try_once, wait_for
from salesdx.web.caller import engine, now

SIGN_IN = Limit("sign-in", 5, 60)  # of one account from one place
SIGN_IN_PLACE = Limit("sign-in-place", 30, 60)  # of all accounts from one place
# Of one account from everywhere; a browser that signed in before is not counted, so
# that nobody shuts the owner out.
SIGN_IN_ACCOUNT = Limit("sign-in-account", 100, 3_600)
LINK = Limit("link", 20, 60)
UPLOAD = Limit("upload", 10, 3_600)
PRINTING = Limit("printing", 30, 3_600)
ANSWERING = Limit("answering", 120, 60)  # by one link: no hand is quicker
SUPPOSING = Limit("supposing", 60, 60)  # of one user: each is a judgement of its own
TOKENS = Limit("tokens", 20, 3_600)


def address() -> str:
    """Where the caller is; behind a proxy the server knows it by `--proxy`."""
    return request.remote_addr or "?"


def limit(found: Limit, whose: str) -> None:
    """Count a try; too many are refused with 429."""
    if not try_once(engine(), found, whose, now()):
        raise TooManyRequests(retry_after=wait_for(engine(), found, whose, now()))
