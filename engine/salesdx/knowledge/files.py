"""Read every knowledge file of a pack and its overlays; collect all problems.

An entry of an overlay replaces the shipped entry of the same id; within one layer an
id may stand once. Then the layer adds to causes (`additions/`) and tunes what it finds
(`tuning.yaml`).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from salesdx.content import Document, did_you_mean, read, validate
from salesdx.errors import Problem, Said
from salesdx.knowledge import additions, models, packs, tuning
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.folder import SUFFIX, find_files, shown
from salesdx.knowledge.forms import Form
from salesdx.knowledge.layers import Layer, Off, Tuned, TunedKind
from salesdx.knowledge.worksheets import LIST, ReadyWorksheet, read_templates


@dataclass(slots=True)
class Raw:
    """All entries by kind and id, before conditions are parsed."""

    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    pack: models.Pack | None = None
    problems: list[Problem] = field(default_factory=list)
    worksheets: dict[str, ReadyWorksheet] = field(default_factory=dict)
    digest: Any = field(default_factory=hashlib.sha256)
    layers: list[Layer] = field(default_factory=list)
    tuned: list[Tuned] = field(default_factory=list)
    off: Off = field(default_factory=set)

    def of(self, kind: str) -> dict[str, Entry]:
        """Entries of a kind (causes, symptoms, …), sorted by id."""
        return dict(sorted(self.entries.get(kind, {}).items()))


_LISTS: dict[str, tuple[type[BaseModel], str]] = {
    "symptoms": (models.Symptoms, "symptoms"),
    "remedies": (models.Remedies, "remedies"),
    "benchmarks": (models.Benchmarks, "benchmarks"),
    "metrics.yaml": (models.Metrics, "metrics"),
    "claims.yaml": (models.Claims, "claims"),
    "roles.yaml": (models.Roles, "roles"),
    "data_quality.yaml": (models.Quality, "statements"),
    "solution_areas.yaml": (models.SolutionAreas, "areas"),
}
# Read elsewhere, and only as shipped.
_UNREAD = {"glossary.yaml", "platitudes.yaml"}
_FOLDERS = {"causes", "symptoms", "remedies", "benchmarks", "questionnaires"}
_NOWHERE = Said(
    "no kind of knowledge lives here",
    "в этом месте базы знаний такие файлы не читаются",
)
_OVER: dict[str, type[BaseModel]] = {
    tuning.FILE: tuning.Tuning,
    additions.FOLDER: additions.Additions,
}


@dataclass(slots=True)
class _Own:
    """What one layer brings; `over` are its tuning.yaml and its additions."""

    level: int
    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    over: list[Entry] = field(default_factory=list)
    pack: models.Pack | None = None
    digest: Any = field(default_factory=hashlib.sha256)


def read_layers(
    knowledge: Path, questions: Path, worksheets: Path, overlays: list[Path]
) -> Raw:
    """Read the shipped pack, then each overlay over it."""
    raw = Raw()
    raw.pack = _read_layer(raw, 0, knowledge, questions, worksheets).pack
    for level, overlay in enumerate(overlays, start=1):
        sheets = overlay / "worksheets"
        own = _read_layer(raw, level, overlay, overlay / "questionnaires", sheets)
        name = own.pack.id if own.pack else overlay.resolve().name
        version, engine = (
            (own.pack.version, own.pack.engine) if own.pack else (None, None)
        )
        raw.layers.append(Layer(name, version, own.digest.hexdigest()[:16], engine))
        _lay(raw, own, name)
    return raw


def _read_layer(
    raw: Raw, level: int, folder: Path, questions: Path, worksheets: Path
) -> _Own:
    own = _Own(level)
    if not folder.is_dir():
        message = Said("no such folder", "такой папки нет")
        raw.problems.append(Problem(str(folder), 0, 0, "file", message))
        return own
    root = folder if questions.is_relative_to(folder) else questions
    raw.digest.update(b"\1")
    found = find_files(folder)
    raw.problems += found.problems
    raw.problems += [
        _misspelt(folder, p) for p in found.misspelt if _is_knowledge(p, folder)
    ]
    for path in found.files:
        if path.is_relative_to(questions) or path.is_relative_to(worksheets):
            continue
        _read_file(raw, own, path, folder)
    if root != folder:
        found = find_files(questions)
        raw.problems += found.problems
    for path in found.files:
        if path.is_relative_to(questions):
            _asked(raw, own, path, questions, root)
    if (worksheets / LIST).is_file():
        _worksheets(raw, own, worksheets)
    if level == 0:
        raw.entries = own.entries
    return own


_TOLD: dict[str, TunedKind] = {
    "benchmarks": "benchmark", "causes": "cause", "questions": "question",
    "symptoms": "symptom", "remedies": "remedy", "metrics": "metric",
}  # fmt: skip


def _lay(raw: Raw, own: _Own, name: str) -> None:
    """Put a layer over those below: replace by id, then add, then tune."""
    for kind, entries in own.entries.items():
        below = raw.entries.setdefault(kind, {})
        for i in sorted(below.keys() & entries.keys()):
            if kind in _TOLD:
                told = Tuned(name, _TOLD[kind], i, "replaced", None, None, None)
                raw.tuned.append(told)
            raw.off.discard((kind, i))
            if kind == "causes":
                raw.off -= {o for o in raw.off if o[1].startswith(f"{i}/")}
        below.update(entries)
    for file in own.over:
        if isinstance(file.model, additions.Additions):
            told_, problems = additions.add(raw.entries, file, name)
            raw.tuned += told_
            raw.problems += problems
    tuner = tuning.Tuner(raw.entries, raw.off, name, raw.tuned, raw.problems)
    for file in own.over:
        if isinstance(file.model, tuning.Tuning):
            tuner.apply(file)


def _is_knowledge(path: Path, folder: Path) -> bool:
    """Whether a file would be read if it were called `….yaml`."""
    first, *rest = path.relative_to(folder).parts
    if rest:
        return first in _FOLDERS or first == additions.FOLDER
    name = first.split(".")[0].casefold() + SUFFIX
    return name in {*_LISTS, *_OVER, packs.FILE}


def _misspelt(folder: Path, path: Path) -> Problem:
    right = path.name.split(".")[0] + SUFFIX
    what = Said("not read: the name is not ….yaml", "не читается: имя не ….yaml")
    hint = Said(f"name it {right}", f"переименуйте в {right}")
    return Problem(shown(folder, path), 0, 0, "file-name", what, hint)


def _misnamed(document: Document, name: str, path: Path) -> list[Problem]:
    """A file that is not called as what stands in it."""
    if name == path.stem:
        return []
    what = Said(f"form {name!r} in {path.name}", f"форма «{name}» лежит в {path.name}")
    hint = Said("name the file after the id", f"назовите файл по коду: {name}.yaml")
    return [document.problem(("id",), "file-name", what, hint)]


def _document(
    raw: Raw, own: _Own, path: Path, folder: Path, root: Path | None = None
) -> Document | None:
    """Read a file; what counts for the hash is what it says, not where it lies.

    A fault names it from `root`: of an overlay, from the folder its author gave.
    """
    inside = path.relative_to(folder).as_posix()
    document, problems = read(path, shown(root or folder, path))
    if document is not None:
        said = inside.encode() + b"\0" + path.read_bytes() + b"\0"
        raw.digest.update(said)
        own.digest.update(said)
    raw.problems += problems
    return document


def _read_file(raw: Raw, own: _Own, path: Path, folder: Path) -> None:
    document = _document(raw, own, path, folder)
    parts = path.relative_to(folder).parts
    if document is None:
        return
    if parts[0] in _UNREAD:
        if own.level:
            raw.problems.append(_only_shipped(document, parts[0]))
    elif parts == (packs.FILE,):
        own.pack, problems = validate(models.Pack, document)
        raw.problems += problems
        unfit = packs.engine_problem(own.pack, document) if own.pack else None
        raw.problems += [unfit] if unfit else []
    elif parts[0] in _OVER and own.level:
        _over(raw, own, document, path, parts[0])
    elif parts[0] == "causes":
        cause, problems = validate(models.Cause, document)
        raw.problems += problems
        if cause:
            if cause.id != path.stem:
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
            _add(raw, own, "causes", Entry(cause, document, (), own.level))
    elif parts[0] in _LISTS:
        model, key = _LISTS[parts[0]]
        for entry in _list_entries(raw, own, document, model, key):
            _add(raw, own, parts[0].removesuffix(".yaml"), entry)
    else:
        known = {*_LISTS, *_FOLDERS, *_OVER, packs.FILE}
        hint = did_you_mean(parts[0], known - {parts[0]})
        raw.problems.append(document.problem((), "unknown-file", _NOWHERE, hint))


def _only_shipped(document: Document, name: str) -> Problem:
    what = Said(
        f"{name} of an overlay is not read",
        f"{name} из своей базы знаний не читается",
    )
    hint = Said(
        "remove it; propose the words for the shipped file",
        "удалите файл; новые слова предложите в поставляемую базу",
    )
    return document.problem((), "unknown-file", what, hint)


def _over(raw: Raw, own: _Own, document: Document, path: Path, place: str) -> None:
    """A file that changes lower layers; kept until the whole layer has been read."""
    found, problems = validate(_OVER[place], document)
    raw.problems += problems
    if isinstance(found, additions.Additions) and found.cause != path.stem:
        raw.problems += _misnamed_addition(document, found.cause, path)
    if found is not None:
        own.over.append(Entry(found, document, (), own.level))


def _misnamed_addition(document: Document, cause: str, path: Path) -> list[Problem]:
    what = Said(
        f"an addition to cause {cause!r} in {path.name}",
        f"дополнение к причине «{cause}» лежит в {path.name}",
    )
    hint = Said(f"name it {cause}.yaml", f"назовите файл {cause}.yaml")
    return [document.problem(("cause",), "file-name", what, hint)]


def _asked(raw: Raw, own: _Own, path: Path, questions: Path, root: Path) -> None:
    """A file of questions, or a form."""
    document = _document(raw, own, path, questions, root)
    if document is None:
        return
    if path.parent == questions:
        _questionnaire(raw, own, document)
    elif path.parent == questions / "forms":
        form, problems = validate(Form, document)
        raw.problems += problems
        if form:
            raw.problems += _misnamed(document, form.id, path)
            _add(raw, own, "forms", Entry(form, document, (), own.level))
    else:
        raw.problems.append(document.problem((), "unknown-file", _NOWHERE))


def _list_entries(
    raw: Raw, own: _Own, document: Document, model: type[BaseModel], key: str
) -> Iterator[Entry]:
    found, problems = validate(model, document)
    raw.problems += problems
    for i, item in enumerate(getattr(found, key) if found else []):
        yield Entry(item, document, (key, i), own.level)


def _questionnaire(raw: Raw, own: _Own, document: Document) -> None:
    found, problems = validate(models.Questionnaire, document)
    raw.problems += problems
    if found:
        _add(raw, own, "questionnaires", Entry(found, document, (), own.level))
        for i, question in enumerate(found.questions):
            place = ("questions", i)
            _add(raw, own, "questions", Entry(question, document, place, own.level))


def _worksheets(raw: Raw, own: _Own, folder: Path) -> None:
    document = _document(raw, own, folder / LIST, folder.parent)
    if document is None:
        return
    entries = list(_list_entries(raw, own, document, models.Worksheets, "worksheets"))
    for entry in entries:
        _add(raw, own, "worksheets", entry)
    found, problems = read_templates(
        folder, document, [(e.model, e.path) for e in entries]
    )
    raw.worksheets.update(found)
    raw.problems += problems


def _add(raw: Raw, own: _Own, kind: str, entry: Entry) -> None:
    entries = own.entries.setdefault(kind, {})
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
