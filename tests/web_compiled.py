"""Templates compiled once for all tests: every test has a server of its own."""

from collections.abc import Iterator

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from web_fixture import Web


class _Memory(BytecodeCache):
    """Bytecode by the hash of a template's text and name."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_CACHE = _Memory()


@pytest.fixture(autouse=True)
def compiled(web: Web) -> Iterator[None]:
    """Let the server of this test use what others have compiled."""
    web.app.jinja_env.bytecode_cache = _CACHE
    yield
