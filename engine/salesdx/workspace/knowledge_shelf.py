"""The knowledge that a server works with: its site, and how sound it is.

All of it is worked out once, when somebody first asks, and kept: knowledge does not
change while the server runs.
"""

import threading
import zlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from salesdx.content import content
from salesdx.errors import Problem
from salesdx.workbench.domain import cover
from salesdx.workbench.leaves import leaves, share
from salesdx.workbench.lint import lint
from salesdx.workbench.site.building import build
from salesdx.workbench.site.glossary import terms
from salesdx.workspace.desk import Desk

Site = dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much knowledge there is; `seen` is the share of states that tests saw."""

    causes: int
    rules: int
    questions: int
    metrics: int
    remedies: int
    items: int
    covered: int
    excepted: int
    seen: float


class Shelf:
    """Site, counts and faults of a desk's knowledge. Threads may share it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="knowledge")
        self._site: Future[Site] | None = None
        self._state: Future[tuple[Counts, Sequence[Problem]]] | None = None

    def page(self, name: str) -> bytes | None:
        """A file of the site; None where there is none of that name."""
        with self._lock:
            if self._site is None:
                self._site = self._pool.submit(self._built)
        packed = self._site.result().get(name)
        return None if packed is None else zlib.decompress(packed)

    def state(self, patience: float) -> tuple[Counts, Sequence[Problem]] | None:
        """Counts and faults; None where they are not worked out within the patience."""
        with self._lock:
            if self._state is None:
                self._state = self._pool.submit(self._judged)
        try:
            return self._state.result(patience)
        except TimeoutError:
            return None

    def close(self) -> None:
        """Let nothing run on."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _built(self) -> Site:
        folders = [content("knowledge_base"), *self._desk.overlays]
        files = build(self._desk.knowledge, terms(folders), home="/knowledge")
        return {name: zlib.compress(data, 1) for name, data in files}

    def _judged(self) -> tuple[Counts, Sequence[Problem]]:
        knowledge = self._desk.knowledge
        domain = cover(knowledge)
        counts = Counts(
            causes=len(knowledge.causes),
            rules=sum(
                len(cause.spec.evidence) + len(cause.spec.against)
                for cause in knowledge.causes.values()
            ),
            questions=len(knowledge.questions), metrics=len(knowledge.metrics),
            remedies=len(knowledge.remedies), items=len(domain.items),
            covered=len(domain.having("covered")),
            excepted=len(domain.having("excepted")), seen=share(leaves(knowledge)),
        )  # fmt: skip
        return counts, lint(self._desk.overlays)
