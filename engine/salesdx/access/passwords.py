"""Passwords: argon2id; a hash made with weaker parameters is renewed at sign-in."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from salesdx.errors import DataError, Said

SHORTEST, LONGEST = 12, 200
# RFC 9106, second recommended option: 64 MiB, three passes
_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)
# Each takes 64 MiB: many who try at once wait for each other, not for memory.
_AT_ONCE = threading.BoundedSemaphore(2)
# Checked against where there is no such user: the answer takes as long.
_NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$xXf4/rHl0mPjQnSjDQztIQ"
    "$tHV6A5eSo4Su0f7SBYYaRueFn53d/kJStY8g7Hv8Omc"
)


def hash_of(password: str) -> str:
    """What is stored of a password.

    Raises:
        DataError: it is too short or too long.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise DataError(Said(
            f"a password has {SHORTEST} to {LONGEST} characters; several words make a"
            " good one",
            f"пароль — от {SHORTEST} до {LONGEST} знаков; хорош пароль из нескольких"
            " слов",
        ))  # fmt: skip
    return _made(password)


def renewed(password: str) -> str:
    """The hash of a password that has just fitted, with today's parameters."""
    return _made(password)


def fits(password: str, stored: str | None) -> bool:
    """Whether a password is the one stored; as slow where nothing is stored."""
    try:
        with _AT_ONCE:
            found = _hasher.verify(stored or _NOBODY, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return found and stored is not None


def is_weak(stored: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def _made(password: str) -> str:
    with _AT_ONCE:
        return _hasher.hash(_bytes(password))


def _bytes(password: str) -> bytes:
    return password[:LONGEST].encode("utf-8", "surrogatepass")
