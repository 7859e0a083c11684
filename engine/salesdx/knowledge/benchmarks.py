"""The shipped benchmarks alone, for figures that are made without a whole case."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from salesdx.content import content, shipped
from salesdx.errors import Said
from salesdx.knowledge.models import Benchmarks


@lru_cache(maxsize=1)
def shipped_settings() -> Mapping[str, float]:
    """Value of every shipped benchmark by its id.

    Raises:
        KnowledgeError: a file of benchmarks is damaged.
    """
    found: dict[str, float] = {}
    for path in sorted((content("knowledge_base") / "benchmarks").glob("*.yaml")):
        what = Said("the benchmarks are damaged", "файлы ориентиров повреждены")
        part = shipped(Benchmarks, path, what)
        found |= {b.id: b.value for b in part.benchmarks}
    return MappingProxyType(found)
