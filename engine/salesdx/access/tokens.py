"""Tokens of 256 bits: links, sessions, the API. Only their hash is ever stored."""

import hashlib
import hmac
import secrets

_BYTES = 32
_SHORT = 8  # of the public id of a link or token: it opens nothing


def new_token() -> str:
    """43 characters that nobody guesses (OWASP ASVS 5.0, 11.5.1)."""
    return secrets.token_urlsafe(_BYTES)


def new_id() -> str:
    """The public name of a link or token: to list and revoke it."""
    return secrets.token_hex(_SHORT)


def hashed(token: str) -> str:
    """What is stored of a token: SHA-256, for there is nothing in it to guess."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def form_token(session: str) -> str:
    """What the forms of a session carry: nobody else can make it."""
    return hmac.new(session.encode(), b"form", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in the same time wherever they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
