"""Findings that are meant so: lint.yaml names them, one by one, each with a reason."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from salesdx.content import Document, did_you_mean, read, validate
from salesdx.errors import Problem, Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.files import EXCLUSIONS
from salesdx.knowledge.models import Part
from salesdx.language import Text
from salesdx.workbench.findings import Finding
from salesdx.workbench.lint.codes import CODES

_STALE = "stale-exclusion"


class Exclusion(Part):
    """One finding that is meant so: its code, where it is told, and why it may stay.

    `at` is `cause/rule`, or the id of the cause, question, benchmark, …
    """

    code: str
    at: str
    why: Text


class Exclusions(Part):
    """lint.yaml."""

    format: Literal[1]
    exclusions: list[Exclusion]


@dataclass(frozen=True, slots=True)
class Excluded:
    """The exclusions of one layer; `judged` if its author can mend them."""

    document: Document
    entries: Sequence[Exclusion]
    judged: bool


def read_exclusions(
    base: Path, overlays: Sequence[Path]
) -> tuple[list[Excluded], list[Problem]]:
    """The lint.yaml of every layer, and what is wrong with their writing.

    What the shipped base excludes may be gone where an overlay replaces the entry:
    that is no fault of the overlay, so it is judged only when it stands alone.
    """
    found: list[Excluded] = []
    problems: list[Problem] = []
    for layer in (base, *overlays):
        path = layer / EXCLUSIONS
        if not path.is_file():
            continue
        document, faults = read(path, f"{layer.resolve().name}/{EXCLUSIONS}")
        problems += faults
        if document is None:
            continue
        model, faults = validate(Exclusions, document)
        problems += faults
        if model is not None:
            judged = layer is not base or not overlays
            found.append(Excluded(document, model.exclusions, judged))
    return found, problems


def without_excluded(
    findings: Iterable[Finding], layers: Sequence[Excluded], knowledge: KnowledgeBase
) -> Iterator[Problem]:
    """The problems that stay, and the exclusions that exclude nothing."""
    findings = list(findings)
    named = {(e.code, e.at) for layer in layers for e in layer.entries}
    told = {(f.problem.code, f.subject) for f in findings}
    yield from (f.problem for f in findings if (f.problem.code, f.subject) not in named)
    subjects = _subjects(knowledge)
    for layer in layers:
        seen: set[tuple[str, str]] = set()
        for i, entry in enumerate(layer.entries if layer.judged else ()):
            key = (entry.code, entry.at)
            yield from _faults(layer.document, i, entry, subjects, key in told, seen)
            seen.add(key)


def _faults(
    document: Document, i: int, entry: Exclusion, subjects: set[str], told: bool,
    seen: set[tuple[str, str]],
) -> Iterator[Problem]:  # fmt: skip
    here = ("exclusions", i)
    if entry.code not in CODES:
        yield document.problem(
            (*here, "code"), "unknown-id",
            Said(f"no code {entry.code!r}", f"нет кода «{entry.code}»"),
            did_you_mean(entry.code, CODES),
        )  # fmt: skip
    elif CODES[entry.code].loads:
        yield document.problem(
            (*here, "code"), _STALE,
            Said(
                f"{entry.code!r} keeps files from being read: it cannot be excluded",
                f"из-за «{entry.code}» файлы не читаются: исключить его нельзя",
            ),
        )  # fmt: skip
    elif entry.at not in subjects:
        yield document.problem(
            (*here, "at"), "unknown-id",
            Said(
                f"no rule and no entry {entry.at!r}",
                f"нет ни правила, ни записи «{entry.at}»",
            ),
            did_you_mean(entry.at, subjects),
        )  # fmt: skip
    elif not told or (entry.code, entry.at) in seen:
        yield document.problem(
            here, _STALE,
            Said(
                f"nothing is wrong with {entry.at!r} any more"
                if not told else f"{entry.at!r} is excluded already",
                f"с «{entry.at}» теперь всё в порядке"
                if not told else f"«{entry.at}» уже исключено",
            ),
            Said("delete the exclusion", "удалите исключение"),
        )  # fmt: skip


def _subjects(knowledge: KnowledgeBase) -> set[str]:
    """Everything that an exclusion may name."""
    ids = {name for entries in knowledge.entries.values() for name in entries}
    rules = {f"{c.id}/{r.id}" for c in knowledge.causes.values() for r in c.rules}
    return ids | rules
