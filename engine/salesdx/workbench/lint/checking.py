"""Run every check over the loaded knowledge; what is excluded stays out."""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from salesdx.content import content
from salesdx.errors import Problem
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load_all
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.causes import check_causes
from salesdx.workbench.lint.claims import check_claims
from salesdx.workbench.lint.effort import check_effort
from salesdx.workbench.lint.engine import check_engine
from salesdx.workbench.lint.exclusions import read_exclusions, without_excluded
from salesdx.workbench.lint.forms import check_forms
from salesdx.workbench.lint.metrics import check_metrics
from salesdx.workbench.lint.people import check_blame
from salesdx.workbench.lint.proofs import check_tests
from salesdx.workbench.lint.sound import sound_part
from salesdx.workbench.lint.texts import check_placeholders, check_texts
from salesdx.workbench.lint.usage import check_usage
from salesdx.workbench.logic import logic_findings
from salesdx.workbench.unwritten import unwritten
from salesdx.workbench.worksheets import lint_worksheets

CHECKS: tuple[Callable[[KnowledgeBase], Iterator[Finding]], ...] = (
    check_causes, check_blame, check_usage, check_metrics, check_effort, check_claims,
    check_forms, check_texts, check_placeholders, check_engine, lint_worksheets,
    check_tests, logic_findings, unwritten,
)  # fmt: skip
# what is judged cause by cause, so that faults elsewhere do not mislead it
_ALONE = (check_blame, check_placeholders, check_tests)


def lint(overlays: Sequence[Path] = (), folder: Path | None = None) -> list[Problem]:
    """Load everything and judge it; all problems at once, sorted by place.

    Where files cannot be read, of the rest only whole causes are judged, each by
    itself: whether a name is used or a cause reached would be judged without them.
    """
    with _no_collecting():
        return _lint(overlays, folder)


def _lint(overlays: Sequence[Path], folder: Path | None) -> list[Problem]:
    base = folder or content("knowledge_base")
    knowledge, problems = load_all(overlays, folder=folder)
    layers, faults = read_exclusions(base, overlays)
    if problems or faults:
        part = sound_part(knowledge, problems)
        rest = (f.problem for check in _ALONE for f in check(part))
        return sorted({*problems, *faults, *rest})
    found = (finding for check in CHECKS for finding in check(knowledge))
    return sorted(set(without_excluded(found, layers, knowledge)))


@contextmanager
def _no_collecting() -> Iterator[None]:
    """So many small objects and no garbage: looking for it costs a tenth of it all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
