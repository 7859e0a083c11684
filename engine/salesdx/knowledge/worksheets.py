"""Worksheets as files: a list, and a template in each language beside it.

The templates are only read here: what they say is judged where they are filled, so
that a broken form never keeps a diagnosis from being made.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from salesdx.content import Document, NodePath, text_of
from salesdx.errors import Problem, Said
from salesdx.knowledge.models import Worksheet
from salesdx.language import LANGUAGES, Language

LARGEST = 400_000  # bytes of a template
LIST = "worksheets.yaml"
_SUFFIX = ".md.j2"


@dataclass(frozen=True, slots=True)
class Template:
    """The text of a template and how its file is called in messages."""

    file: str
    text: str


@dataclass(frozen=True, slots=True)
class ReadyWorksheet:
    """A worksheet with its templates; `line` is its place in the list `file`."""

    spec: Worksheet
    templates: Mapping[Language, Template]
    file: str
    line: int

    @property
    def id(self) -> str:
        """The id of the worksheet."""
        return self.spec.id


def read_templates(
    folder: Path, document: Document, found: Sequence[tuple[Worksheet, NodePath]]
) -> tuple[dict[str, ReadyWorksheet], list[Problem]]:
    """The templates of every worksheet of a list; what is missing or stray is told."""
    ready: dict[str, ReadyWorksheet] = {}
    problems: list[Problem] = []
    for spec, path in found:
        templates: dict[Language, Template] = {}
        for lang in LANGUAGES:
            file = folder / f"{spec.id}.{lang}{_SUFFIX}"
            template, problem = _read(file, document, path)
            if template:
                templates[lang] = template
            problems += [problem] if problem else []
        line = document.place((*path, "id"))[0]
        if len(templates) == len(LANGUAGES):
            ready[spec.id] = ReadyWorksheet(spec, templates, document.file, line)
    problems += _strays(folder, document, {spec.id for spec, _ in found})
    return ready, problems


def _read(
    file: Path, document: Document, path: NodePath
) -> tuple[Template | None, Problem | None]:
    name = document.file.removesuffix(LIST) + file.name
    if not file.exists():
        what = Said(f"no template {file.name}", f"нет шаблона {file.name}")
        return None, document.problem((*path, "id"), "missing-template", what)
    text, problems = text_of(file, name, LARGEST, "template")
    if text is None:
        return None, problems[0]
    return Template(name, text), None


def _strays(folder: Path, document: Document, ids: set[str]) -> Iterator[Problem]:
    """Templates that no entry of the list names: they would never be filled."""
    known = {f"{i}.{lang}{_SUFFIX}" for i in ids for lang in LANGUAGES}
    for file in sorted(folder.glob(f"*{_SUFFIX}")):
        if file.name not in known:
            what = Said(
                f"no worksheet of {LIST} has this template",
                f"в {LIST} нет листа с таким шаблоном",
            )
            name = document.file.removesuffix(LIST) + file.name
            yield Problem(name, 1, 1, "unknown-file", what)
