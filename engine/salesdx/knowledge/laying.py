"""Lay one overlay over what is below it: replace by id, then add, then tune."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from salesdx.content import Document, did_you_mean, validate
from salesdx.errors import Problem, Said
from salesdx.knowledge import additions, packs, tuning
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.folder import SUFFIX, shown
from salesdx.knowledge.layers import Layer, Off, Tuned, TunedKind
from salesdx.knowledge.models import Pack

Own = dict[str, dict[str, Entry]]  # what one layer brings, by kind and id
OVER: dict[str, type[BaseModel]] = {
    tuning.FILE: tuning.Tuning,
    additions.FOLDER: additions.Additions,
}
_TOLD: dict[str, TunedKind] = {
    "benchmarks": "benchmark", "causes": "cause", "questions": "question",
    "symptoms": "symptom", "remedies": "remedy", "metrics": "metric",
}  # fmt: skip
NOWHERE = Said(
    "no kind of knowledge lives here",
    "в этом месте базы знаний такие файлы не читаются",
)


@dataclass(slots=True)
class Reading:
    """The layer that is being read; `over` are its tuning.yaml and its additions."""

    level: int = 0
    pack: Pack | None = None
    over: list[Entry] = field(default_factory=list)
    digest: Any = field(default_factory=hashlib.sha256)

    def layer(self, folder: Path) -> Layer:
        """Its identity in the result."""
        pack, hash_ = self.pack, self.digest.hexdigest()[:16]
        if pack is None:
            return Layer(folder.resolve().name, None, hash_)
        return Layer(pack.id, pack.version, hash_, pack.engine)

    def take_pack(self, document: Document) -> list[Problem]:
        """Read pack.yaml: it names this layer, never the one below."""
        self.pack, problems = validate(Pack, document)
        unfit = packs.engine_problem(self.pack, document) if self.pack else None
        return [*problems, unfit] if unfit else problems

    def take_over(self, document: Document, path: Path, place: str) -> list[Problem]:
        """Read a file that changes lower layers; it waits until all has been read."""
        found, problems = validate(OVER[place], document)
        if isinstance(found, additions.Additions) and found.cause != path.stem:
            problems.append(_misnamed(document, found.cause, path))
        if found is not None:
            self.over.append(Entry(found, document, (), self.level))
        return problems


def lay(
    below: Own, own: Own, reading: Reading, name: str, tuned: list[Tuned], off: Off
) -> list[Problem]:
    """Change the entries below; what was changed is kept in `tuned` and `off`."""
    problems: list[Problem] = []
    for kind, entries in own.items():
        there = below.setdefault(kind, {})
        for i in sorted(there.keys() & entries.keys()):
            if kind in _TOLD:
                tuned.append(Tuned(name, _TOLD[kind], i, "replaced", None, None, None))
            off.discard((kind, i))
            if kind == "causes":
                off -= {o for o in off if o[0] == "rules" and o[1].startswith(f"{i}/")}
        there.update({i: replace(e, layer=reading.level) for i, e in entries.items()})
    for file in reading.over:
        if isinstance(file.model, additions.Additions):
            told, faults = additions.add(below, file, name)
            tuned += told
            problems += faults
    tuner = tuning.Tuner(below, off, name, tuned, problems)
    for file in reading.over:
        if isinstance(file.model, tuning.Tuning):
            tuner.apply(file)
    return problems


def misspelt(
    folder: Path, paths: Iterable[Path], folders: Iterable[str], files: Iterable[str]
) -> list[Problem]:
    """Files that would be read if they were called `….yaml`, and only those."""
    return [
        _misspelt(folder, path) for path in paths
        if _is_knowledge(path.relative_to(folder).parts, set(folders), set(files))
    ]  # fmt: skip


def _is_knowledge(parts: tuple[str, ...], folders: set[str], files: set[str]) -> bool:
    first, *rest = parts
    if rest:
        return first in folders or first in OVER
    return first.split(".")[0].casefold() + SUFFIX in {*files, *OVER, packs.FILE}


def _misspelt(folder: Path, path: Path) -> Problem:
    right = path.name.split(".")[0] + SUFFIX
    what = Said("not read: the name is not ….yaml", "не читается: имя не ….yaml")
    hint = Said(f"name it {right}", f"переименуйте в {right}")
    return Problem(shown(folder, path), 0, 0, "file-name", what, hint)


def misplaced(document: Document, name: str, known: Iterable[str]) -> Problem:
    """A file or folder that no kind of knowledge has."""
    hint = did_you_mean(name, {*known, *OVER, packs.FILE} - {name})
    return document.problem((), "unknown-file", NOWHERE, hint)


def only_shipped(document: Document, name: str) -> Problem:
    """A file that is read from the shipped knowledge alone."""
    what = Said(
        f"{name} of an overlay is not read",
        f"{name} из своей базы знаний не читается",
    )
    hint = Said(
        "remove it; propose its words for the shipped file",
        "удалите файл; новые слова предложите в поставляемую базу",
    )
    return document.problem((), "unknown-file", what, hint)


def _misnamed(document: Document, cause: str, path: Path) -> Problem:
    what = Said(
        f"an addition to cause {cause!r} in {path.name}",
        f"дополнение к причине «{cause}» лежит в {path.name}",
    )
    hint = Said(f"name it {cause}.yaml", f"назовите файл {cause}.yaml")
    return document.problem(("cause",), "file-name", what, hint)
