"""Read YAML with a line and column for every node; find the shipped content.

PyYAML quietly changes `no`, `12:30` and duplicate keys; this reader refuses or keeps
them as text, and refuses anchors, tags and deep nesting before anything is built.
"""

import difflib
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError

from salesdx import faults
from salesdx.errors import Correction, KnowledgeError, Problem, Said, reason_of

NodePath = tuple[str | int, ...]
_PACKAGE = Path(__file__).parent  # engine/salesdx in a checkout
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
MAX_CHARACTERS = 5_000_000
MAX_DIGITS = 18  # a longer row of digits is a name, not a number
MAX_DEPTH = 40
LEAST_LETTERS = 4  # a shorter name is one letter away from too many others
_MARKS = re.compile(r"[-_.: ]")
_LETTERS = re.compile(r"[^0-9]")
M = TypeVar("M", bound=BaseModel)


def content(folder: str) -> Path:
    """Return a content folder: inside the package once installed, else at the root."""
    installed = _PACKAGE / "_content" / folder
    return installed if installed.is_dir() else _PACKAGE.parents[1] / folder


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data of one YAML file with the place of every key and value.

    `places` maps a node path to (line, column), both from 1; `(*path, "@key")` is the
    place of a key.
    """

    file: str
    data: Any
    places: dict[NodePath, tuple[int, int]] = field(repr=False)

    def place(self, path: Iterable[str | int]) -> tuple[int, int]:
        """Return the place of a node, or of its nearest known ancestor."""
        path = tuple(path)
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (1, 1))

    def problem(
        self, path: Iterable[str | int], code: str, message: str, hint: str = ""
    ) -> Problem:
        """Return a problem located at a node."""
        line, col = self.place(path)
        return Problem(self.file, line, col, code, message, hint)


class _YamlError(Exception):
    def __init__(self, mark: tuple[int, int], en: str, ru: str) -> None:
        self.mark, self.what = mark, Said(en, ru)
        super().__init__(en)


def read(path: Path, name: str | None = None) -> tuple[Document | None, list[Problem]]:
    """Read one YAML file; a fault is a located problem, never an exception."""
    name = name or str(path)
    try:
        if path.stat().st_size > 4 * MAX_CHARACTERS:
            what = Said("the file is too large", "файл слишком большой")
            return None, [Problem(name, 1, 1, "yaml-size", what)]
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = Said(
            f"not UTF-8 text (byte {error.start})",
            f"это не текст в UTF-8 (байт {error.start})",
        )
        hint = Said("save it as UTF-8", "сохраните его в UTF-8")
        return None, [Problem(name, 1, 1, "yaml-encoding", what, hint)]
    except OSError as error:
        return None, [Problem(name, 0, 0, "file", reason_of(error))]
    return parse(text, name)


def parse(text: str, name: str) -> tuple[Document | None, list[Problem]]:
    """Parse YAML text; returns the document, or None and the problem."""
    try:
        builder = _Builder(text)
        data = builder.document()
    except _YamlError as fault:
        return None, [Problem(name, *fault.mark, "yaml-syntax", fault.what)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        quote = "block scalar" in str(error) or "character" in str(error)
        hint = Said('quote comparisons: ">= 30"', 'сравнения берите в кавычки: ">= 30"')
        what = faults.of_syntax(str(error.problem or error))
        return None, [Problem(name, *at, "yaml-syntax", what, hint if quote else "")]
    except yaml.YAMLError as error:  # a NUL or another forbidden character
        what = faults.of_syntax(str(error).splitlines()[0])
        return None, [Problem(name, 1, 1, "yaml-syntax", what)]
    return Document(name, data, builder.places), []


class _Builder:
    """Builds plain data from the events of one document, in a single pass.

    Aliases, anchors, tags and deep nesting are refused as they come, before anything
    below them is built, so the recursion is never deeper than MAX_DEPTH.
    """

    def __init__(self, text: str) -> None:
        if len(text) > MAX_CHARACTERS:
            raise _YamlError(
                (1, 1),
                f"larger than {MAX_CHARACTERS} characters",
                f"больше {MAX_CHARACTERS} знаков",
            )
        self._events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
        self.places: dict[NodePath, tuple[int, int]] = {}

    def document(self) -> Any:
        """The data of the only document; None when there is none."""
        data = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _YamlError(
                        _place(event),
                        "but found another document",
                        "в файле больше одного документа",
                    )
                data = self._value(self._next(), (), 0)
        return data

    def _next(self) -> yaml.Event:
        event = next(self._events)
        if isinstance(event, yaml.NodeEvent):
            if event.anchor is not None:
                raise _YamlError(
                    _place(event),
                    "anchors and aliases are not allowed",
                    "якоря и ссылки на них (& и *) не поддерживаются",
                )
            if getattr(event, "tag", None):
                raise _YamlError(
                    _place(event), "tags are not allowed", "теги (!) не поддерживаются"
                )
        return event

    def _value(self, event: yaml.Event, path: NodePath, level: int) -> Any:
        self.places[path] = _place(event)
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else _scalar(event.value)
        if level == MAX_DEPTH:
            raise _too_deep(_place(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path, level + 1)
        return self._mapping(path, level + 1)

    def _sequence(self, path: NodePath, level: int) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            found.append(self._value(event, (*path, len(found)), level))
        return found

    def _mapping(self, path: NodePath, level: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            at = _place(event)
            if not isinstance(event, yaml.ScalarEvent):
                if level == MAX_DEPTH:
                    raise _too_deep(at)
                raise _YamlError(
                    at, "a key must be a word", "ключом может быть только слово"
                )
            key = event.value
            if key in found:
                first = self.places[(*path, key, "@key")][0]
                raise _YamlError(
                    at,
                    f"duplicate key {key!r}, first at line {first}",
                    f"ключ «{key}» уже есть в строке {first}",
                )
            self.places[(*path, key, "@key")] = at
            found[key] = self._value(self._next(), (*path, key), level)
        return found


def _too_deep(at: tuple[int, int]) -> _YamlError:
    return _YamlError(
        at,
        f"nested deeper than {MAX_DEPTH}",
        f"вложенность глубже {MAX_DEPTH} уровней",
    )


def _place(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _scalar(value: str) -> Any:
    """YAML 1.2 core, minus surprises: no, on, 12:30, 010 and 1_000 stay text."""
    if value in _WORDS:
        return _WORDS[value]
    if _INT.match(value):
        return int(value) if len(value) <= MAX_DIGITS else value
    if FLOAT.match(value) and math.isfinite(found := float(value)):
        return found
    return value


def validate(
    model: type[M], document: Document, path: NodePath = (), data: Any = None
) -> tuple[M | None, list[Problem]]:
    """Build a model from (a node of) a document; faults become located problems."""
    if data is None:
        data = document.data
        for step in path:
            data = data[step]
    try:
        return model.model_validate(data), []
    except ValidationError as error:
        return None, [_located(model, document, path, e) for e in error.errors()]


def shipped(model: type[M], path: Path, wrong: Said) -> M:
    """Read a list that comes with the code: a whole file of one shape.

    Raises:
        KnowledgeError: the file is not valid; `wrong` opens the message.
    """
    document, problems = read(path)
    if document is not None:
        found, problems = validate(model, document)
        if found is not None:
            return found
    raise KnowledgeError(wrong, problems)


def _located(
    model: type[BaseModel], document: Document, path: NodePath, error: Any
) -> Problem:
    loc = (*path, *error["loc"])
    kind, message = error["type"], faults.of_field(error)
    hint = Said("", "")
    if kind == "extra_forbidden":
        loc = (*loc, "@key") if (*loc, "@key") in document.places else loc
        known = _fields(model, error["loc"][:-1])
        hint = did_you_mean(str(error["loc"][-1]), known)
    elif kind in {"literal_error", "enum"}:
        hint = did_you_mean(str(error["input"]), faults.choices(error))
    code = "schema"
    if kind in {"missing", "string_too_short"} and loc[-1] in _TOLD:
        code, (message, hint) = "missing-language", _TOLD[str(loc[-1])]
    return document.problem(loc, code, message, hint)


_TOLD: dict[str, tuple[Said, Said]] = {
    language: (
        Said(en, ru),
        Said("write both: {en: …, ru: …}", "нужны оба: {en: …, ru: …}"),
    )
    for language, en, ru in (
        ("en", "the English text is missing", "нет английского текста"),
        ("ru", "the Russian text is missing", "нет русского текста"),
    )
}


def _fields(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """Names a mapping at `loc` inside a model may have (for suggestions)."""
    current: Any = model
    mapping = False
    for step in loc:
        if mapping or isinstance(step, int) or not hasattr(current, "model_fields"):
            mapping = False  # a key of a mapping is a name of its own, not a field
            continue
        found = [
            f
            for n, f in current.model_fields.items()
            if step in (n, f.alias)  # YAML uses the alias (`if`)
        ]
        current = _inner_model(found[0].annotation) if found else None
        mapping = bool(found) and get_origin(found[0].annotation) is dict
    if not hasattr(current, "model_fields"):
        return []
    return [f.alias or n for n, f in current.model_fields.items()]


def _inner_model(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for part in get_args(annotation):
        found = _inner_model(part)
        if found is not None:
            return found
    return None


def did_you_mean(name: str, known: Iterable[str]) -> Said:
    """Return a suggestion for a misspelt name, or an empty text."""
    known = sorted(known)
    slips = [k for k in known if _is_slip(name, k)]
    close = slips[:1] or difflib.get_close_matches(name, known, 1)
    if not close:
        return Said("", "")
    en, ru = f"did you mean {close[0]!r}?", f"может быть, «{close[0]}»?"
    return Correction(en, ru, name, close[0]) if len(slips) == 1 else Said(en, ru)


def _is_slip(written: str, name: str) -> bool:
    """Whether a name was meant for certain: one letter is wrong, or only its dashes.

    Another digit is another name: `-3m` was never meant by `-6m`.
    """
    plain, meant = (_MARKS.sub("", n).casefold() for n in (written, name))
    if len(plain) < LEAST_LETTERS or _LETTERS.sub("", plain) != _LETTERS.sub("", meant):
        return False
    i = next((i for i, (a, b) in enumerate(zip(plain, meant, strict=False)) if a != b),
             min(len(plain), len(meant)))  # fmt: skip
    a, b = plain[i:], meant[i:]
    replaced, extra, lacking = a[1:] == b[1:], a[1:] == b, a == b[1:]
    swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return replaced or extra or lacking or swapped
