"""Read every knowledge file of a pack and its overlays; collect all problems.

An entry of an overlay replaces the shipped entry of the same id; within one layer an
id may stand once. Then the layer adds to causes (`additions/`) and tunes what it finds
(`tuning.yaml`): see `laying`.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from salesdx.content import Document, read, validate
from salesdx.errors import Problem, Said
from salesdx.knowledge import migrations, models, packs
from salesdx.knowledge.domain import Domain
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.folder import find_files, shown
from salesdx.knowledge.forms import Form
from salesdx.knowledge.layers import Layer, Off, Tuned
from salesdx.knowledge.laying import (
    NOWHERE,
    OVER,
    Reading,
    lay,
    misplaced,
    misspelt,
    only_shipped,
)
from salesdx.knowledge.mending import STAND_IN, ids_in, ids_of, mend
from salesdx.knowledge.worksheets import LIST, ReadyWorksheet, read_templates


@dataclass(slots=True)
class Raw:
    """All entries by kind and id, before conditions are parsed."""

    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    pack: models.Pack | None = None
    problems: list[Problem] = field(default_factory=list)
    worksheets: dict[str, ReadyWorksheet] = field(default_factory=dict)
    lost: dict[str, set[str]] = field(default_factory=dict)  # ids of faulty files
    digest: Any = field(default_factory=hashlib.sha256)
    reading: Reading = field(default_factory=Reading)
    over: list[Entry] = field(default_factory=list)  # tuning.yaml and additions
    migrations: list[Entry] = field(default_factory=list)  # of all layers
    layers: list[Layer] = field(default_factory=list)
    tuned: list[Tuned] = field(default_factory=list)
    off: Off = field(default_factory=set)

    def of(self, kind: str) -> dict[str, Entry]:
        """Entries of a kind (causes, symptoms, …), sorted by id."""
        return dict(sorted(self.entries.get(kind, {}).items()))

    def lose(self, kind: str, names: Iterable[str]) -> None:
        """Ids that have a fault, or stand in a file that cannot be read."""
        self.lost.setdefault(kind, set()).update(names)


_LISTS: dict[str, tuple[type[BaseModel], str]] = {
    "symptoms": (models.Symptoms, "symptoms"),
    "remedies": (models.Remedies, "remedies"),
    "benchmarks": (models.Benchmarks, "benchmarks"),
    "metrics.yaml": (models.Metrics, "metrics"),
    "claims.yaml": (models.Claims, "claims"),
    "roles.yaml": (models.Roles, "roles"),
    "data_quality.yaml": (models.Quality, "statements"),
    "solution_areas.yaml": (models.SolutionAreas, "areas"),
    "domain.yaml": (Domain, "kinds"),
}
EXCLUSIONS = "lint.yaml"
M = TypeVar("M", bound=BaseModel)
_UNREAD = {"glossary.yaml", "platitudes.yaml"}  # read elsewhere, only as shipped
_FOLDERS = {"causes", "symptoms", "remedies", "benchmarks", "questionnaires"}


def read_layers(
    knowledge: Path, questions: Path, worksheets: Path, overlays: list[Path]
) -> Raw:
    """Read the shipped pack, then each overlay over it."""
    raw = Raw()
    raw.entries = _read_layer(raw, knowledge, questions, worksheets)
    raw.pack = raw.reading.pack
    for level, overlay in enumerate(overlays, start=1):
        raw.reading = Reading(level)
        sheets = overlay / "worksheets"
        own = _read_layer(raw, overlay, overlay / "questionnaires", sheets)
        raw.over += raw.reading.over
        layer = raw.reading.layer(overlay)
        raw.layers.append(layer)
        raw.problems += lay(raw.entries, own, raw.reading, layer.id, raw.tuned, raw.off)
    return raw


def _read_layer(
    raw: Raw, folder: Path, questions: Path, worksheets: Path
) -> dict[str, dict[str, Entry]]:
    if not folder.is_dir():
        message = Said("no such folder", "такой папки нет")
        raw.problems.append(Problem(str(folder), 0, 0, "file", message))
        return {}
    own: dict[str, dict[str, Entry]] = {}
    root = folder if questions.is_relative_to(folder) else questions
    raw.digest.update(b"\1")
    found = find_files(folder)
    raw.problems += found.problems
    raw.problems += misspelt(folder, found.misspelt, _FOLDERS, {*_LISTS, EXCLUSIONS})
    for path in found.files:
        if path.is_relative_to(questions) or path.is_relative_to(worksheets):
            continue
        if path == folder / EXCLUSIONS:  # for the linter; no verdict reads it
            continue
        _read_file(raw, own, path, folder)
    if root != folder and questions.is_dir():
        found = find_files(questions)
        raw.problems += found.problems
    asked = [p for p in found.files if p.is_relative_to(questions)]
    for path in [p for p in asked if p.parent == questions]:
        document = _document(raw, path, questions, root)
        if path.name == migrations.FILE:
            _migrations(raw, document)
        elif document is None:
            raw.lose("questions", ids_of(path))
        else:
            _questionnaire(raw, own, document)
    if (worksheets / LIST).is_file():
        _worksheets(raw, own, worksheets)
    for path in [p for p in asked if p.parent == questions / "forms"]:
        document = _document(raw, path, questions, root)
        form = _whole(raw, document, Form, "forms") if document else None
        if document and form:
            raw.problems += _misnamed(document, form.id, path)
            _add(raw, own, "forms", Entry(form, document, ()))
    for path in asked:
        if path.parent not in (questions, questions / "forms"):
            place = Problem(shown(root, path), 1, 1, "unknown-file", NOWHERE)
            raw.problems.append(place)
    return own


def _misnamed(document: Document, name: str, path: Path) -> list[Problem]:
    """A file that is not called as what stands in it."""
    if name in (path.stem, STAND_IN):
        return []
    what = Said(f"form {name!r} in {path.name}", f"форма «{name}» лежит в {path.name}")
    hint = Said("name the file after the id", f"назовите файл по коду: {name}.yaml")
    return [document.problem(("id",), "file-name", what, hint)]


def _document(
    raw: Raw, path: Path, folder: Path, root: Path | None = None
) -> Document | None:
    """Read a file; what counts for the hash is what it says, not where it lies.

    A fault names it from `root`: of an overlay, from the folder its author gave.
    """
    inside = path.relative_to(folder).as_posix()
    root = root or folder
    document, problems = read(path, shown(root, path))
    if document is not None:
        said = inside.encode() + b"\0" + path.read_bytes() + b"\0"
        raw.digest.update(said)
        raw.reading.digest.update(said)
    raw.problems += problems
    return document


def _read_file(
    raw: Raw, own: dict[str, dict[str, Entry]], path: Path, folder: Path
) -> None:
    document = _document(raw, path, folder)
    parts = path.relative_to(folder).parts
    kind = parts[0].removesuffix(".yaml")
    if document is None:
        raw.lose(kind if kind == "causes" or parts[0] in _LISTS else "", ids_of(path))
    elif parts[0] in _UNREAD:
        if raw.reading.level:
            raw.problems.append(only_shipped(document, parts[0]))
    elif parts == (packs.FILE,):
        raw.problems += raw.reading.take_pack(document)
    elif parts[0] in OVER and raw.reading.level:
        raw.problems += raw.reading.take_over(document, path, parts[0])
    elif kind == "causes":
        cause = _whole(raw, document, models.Cause, kind)
        if cause:
            if cause.id not in (path.stem, STAND_IN):
                raw.problems.append(document.problem(
                    ("id",), "file-name",
                    Said(
                        f"cause {cause.id!r} in {path.name}",
                        f"причина «{cause.id}» лежит в файле {path.name}",
                    ),
                    Said(
                        "name the file after the id",
                        f"назовите файл по коду причины: {cause.id}.yaml",
                    ),
                ))  # fmt: skip
            _add(raw, own, kind, Entry(cause, document, ()))
        raw.lose(kind, [] if cause and cause.id != STAND_IN else [path.stem])
    elif parts[0] in _LISTS:
        model, key = _LISTS[parts[0]]
        for entry in _list_entries(raw, document, model, key, kind):
            _add(raw, own, kind, entry)
    else:
        raw.problems.append(misplaced(document, parts[0], {*_LISTS, *_FOLDERS}))
        raw.lose("", ids_in(document.data))


def _whole(raw: Raw, document: Document, model: type[M], kind: str) -> M | None:
    """A file of one entry, with stand-ins where it has faults."""
    found = mend(model, document)
    raw.problems += found.problems
    if found.model is None:
        raw.lose(kind, ids_in(document.data))
    return found.model


def _list_entries(
    raw: Raw, document: Document, model: type[M], key: str, kind: str
) -> Iterator[Entry]:
    """The entries of a file; one with a fault has stand-ins and counts as lost."""
    yield from _entries(document, _list(raw, document, model, key, kind), key)


def _list(
    raw: Raw, document: Document, model: type[M], key: str, kind: str
) -> M | None:
    found = mend(model, document)
    raw.problems += found.problems
    if found.problems:
        items = enumerate(getattr(found.model, key, []))
        sound = {m.id for i, m in items if not found.touches((key, i))}
        raw.lose(kind, set(ids_in(document.data)) - sound)
    return found.model


def _entries(document: Document, found: BaseModel | None, key: str) -> Iterator[Entry]:
    for i, item in enumerate(getattr(found, key, [])):
        yield Entry(item, document, (key, i))


def _questionnaire(
    raw: Raw, own: dict[str, dict[str, Entry]], document: Document
) -> None:
    key = "questions"
    found = _list(raw, document, models.Questionnaire, key, key)
    if found:
        _add(raw, own, "questionnaires", Entry(found, document, ()))
    for entry in _entries(document, found, key):
        _add(raw, own, key, entry)


def _migrations(raw: Raw, document: Document | None) -> None:
    """What became of questions; every layer speaks for itself."""
    if document is None:
        return
    found, problems = validate(migrations.Migrations, document)
    raw.problems += problems
    entries = _entries(document, found, "migrations")
    raw.migrations += [replace(e, layer=raw.reading.level) for e in entries]


def _worksheets(raw: Raw, own: dict[str, dict[str, Entry]], folder: Path) -> None:
    document = _document(raw, folder / LIST, folder.parent)
    if document is None:
        raw.lose("worksheets", ids_of(folder / LIST))
        return
    kind = "worksheets"
    entries = list(_list_entries(raw, document, models.Worksheets, kind, kind))
    for entry in entries:
        _add(raw, own, "worksheets", entry)
    found, problems = read_templates(
        folder, document, [(e.model, e.path) for e in entries]
    )
    raw.worksheets.update(found)
    raw.problems += problems


def _add(raw: Raw, own: dict[str, dict[str, Entry]], kind: str, entry: Entry) -> None:
    entries = own.setdefault(kind, {})
    if entry.model.id == STAND_IN:  # its own id has a fault: told, and judged by place
        entries[f"{STAND_IN} {entry.file} {entry.path}"] = entry
        return
    first = entries.get(entry.model.id)
    if first is not None:
        line = first.document.place((*first.path, "id"))[0]
        name, where = entry.model.id, f"{first.document.file}:{line}"
        message = Said(
            f"{name!r} stands already at {where}", f"код «{name}» уже занят в {where}"
        )
        place = (*entry.path, "id")
        raw.problems.append(entry.document.problem(place, "duplicate-id", message))
        return
    entries[entry.model.id] = entry
