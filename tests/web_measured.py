"""Cases measured once for all tests: every test has a copy of the same database."""

from collections.abc import Iterator

import pytest
from web_fixture import Web

from salesdx.workspace.desk import Desk

# not what was judged: its keys tell how much was answered, which is enough in one life
_KEPT: dict[str, dict[object, object]] = {"_measured": {}, "_choosers": {}}


@pytest.fixture(autouse=True)
def measured(web: Web) -> Iterator[None]:
    """Let the desk of this test find what others have measured of the same state."""
    caches(web.desk, into=True)
    yield
    caches(web.desk, into=False)


def caches(desk: Desk, *, into: bool) -> None:
    """Lend what was worked out, or take it back."""
    for name, kept in _KEPT.items():
        own = getattr(desk, name)
        target, source = (own, kept) if into else (kept, own)
        target.update(source)
