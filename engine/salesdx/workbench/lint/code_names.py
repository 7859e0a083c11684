"""Which benchmarks Python reads: the constants of the compiled modules say so.

Metrics and the loss map take thresholds by name. Nothing is imported for it, so that
the linter does not wait for the engines.
"""

from collections.abc import Collection, Iterator
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType

import salesdx

_READERS = ("metrics", "losses", "claimed_losses.py", "portfolio")


def read_by_code(benchmarks: Collection[str]) -> set[str]:
    """Those of the benchmarks that some figure or the loss map is computed with."""
    named = _constants()
    return {b for b in benchmarks if b in named or _as_setting(b) in named}


def _as_setting(benchmark: str) -> str | None:
    """The loss map names `statistics.min-deals` by the field `min_deals`."""
    area, _, name = benchmark.partition(".")
    return name.replace("-", "_") if area == "statistics" else None


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
