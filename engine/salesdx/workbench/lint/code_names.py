"""Which benchmarks Python reads: the constants of the compiled modules say so.

Metrics and the loss map take thresholds by name. Nothing is imported for it, so that
the linter does not wait for the engines.
"""

from collections.abc import Collection, Iterator
from dataclasses import fields
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import salesdx
from salesdx.losses.settings import PREFIX, GateSettings

_READERS = ("metrics", "losses", "claimed_losses.py")


def read_by_code(benchmarks: Collection[str]) -> set[str]:
    """Those of the benchmarks that some figure or the loss map is computed with."""
    named = {PREFIX + f.name.replace("_", "-") for f in fields(GateSettings)}
    return set(benchmarks) & (named | _constants())


@lru_cache(maxsize=1)
def _constants() -> frozenset[str]:
    package = Path(salesdx.__file__).parent
    found: set[str] = set()
    for reader in _READERS:
        at = package / reader
        for path in [at] if at.is_file() else sorted(at.rglob("*.py")):
            name = ".".join(path.relative_to(package.parent).with_suffix("").parts)
            code = SourceFileLoader(name, str(path)).get_code(name)
            found.update(_texts(code))
    return frozenset(found)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, CodeType):
        for constant in value.co_consts:
            yield from _texts(constant)
    elif isinstance(value, tuple | frozenset):
        for part in value:
            yield from _texts(part)
