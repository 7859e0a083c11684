"""Figures of a case, computed once in a run for all tests that judge the same tables.

What a case concludes depends on its answers and on who judges; its figures do not. For
tests of conclusions and of what is printed; those of figures measure each time.
"""

import hashlib
import pickle
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from kept_for_run import kept

from salesdx.case import Case
from salesdx.knowledge.base import KnowledgeBase
from salesdx.measured import measuring
from salesdx.metrics.engines.duck import Limits

_measure = measuring.measure


@pytest.fixture(scope="module")
def measured_once() -> Iterator[None]:
    """Within a module a case is measured anew only if its tables are other ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measuring, "measure", measure_once)
        yield


def measure_once(
    case: Case, knowledge: KnowledgeBase, progress: Any, engine: Any
) -> Any:
    """What the engine measures, or has measured of the same tables."""
    if engine is not None and not _usual(engine):
        return _measure(case, knowledge, progress, engine)

    def measured() -> bytes:
        return pickle.dumps(_measure(case, knowledge, progress))

    return pickle.loads(kept(_tables(case.path, knowledge), measured))


def _usual(engine: Any) -> bool:
    """Whether it is DuckDB that nobody has limited."""
    return isinstance(engine, partial) and engine.keywords == {"limits": Limits()}


def _tables(folder: Path, knowledge: KnowledgeBase) -> str:
    """A digest of all that figures are made of."""
    digest = hashlib.sha256(f"figures {knowledge.hash}".encode())
    files = [folder / "company.yaml", *sorted((folder / "data").rglob("*"))]
    for path in (p for p in files if p.is_file()):
        digest.update(f"\0{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
