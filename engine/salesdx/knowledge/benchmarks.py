"""The shipped benchmarks alone, for figures that are made without a whole case."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from salesdx.content import content, read, validate
from salesdx.errors import KnowledgeError, Said
from salesdx.knowledge.models import Benchmarks


@lru_cache(maxsize=1)
def shipped_settings() -> Mapping[str, float]:
    """Value of every shipped benchmark by its id.

    Raises:
        KnowledgeError: a file of benchmarks is damaged.
    """
    found: dict[str, float] = {}
    for path in sorted((content("knowledge_base") / "benchmarks").glob("*.yaml")):
        document, problems = read(path)
        if document is not None:
            part, problems = validate(Benchmarks, document)
            if part is not None:
                found |= {b.id: b.value for b in part.benchmarks}
        if problems:
            what = Said("the benchmarks are damaged", "файлы ориентиров повреждены")
            raise KnowledgeError(what, problems)
    return MappingProxyType(found)
