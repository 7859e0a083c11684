"""Plain data out of YAML text, with a line and column for every node.

PyYAML quietly changes `no`, `12:30` and duplicate keys; this reader refuses or keeps
them as text, and refuses anchors, tags and deep nesting before anything is built.
"""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from salesdx import faults
from salesdx.errors import Problem, Said

NodePath = tuple[str | int, ...]
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
MAX_CHARACTERS = 5_000_000
MAX_VALUES = 100_000  # keys and values of one file: what is read within a second
MAX_DIGITS = 18  # a longer row of digits is a name, not a number
MAX_DEPTH = 40
_SPLIT = Said("split it into several files", "разделите его на несколько файлов")


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
    def __init__(self, mark: tuple[int, int], what: Said, hint: str = "") -> None:
        self.mark, self.what, self.hint = mark, what, hint
        super().__init__(what)


def parse(text: str, name: str) -> tuple[Document | None, list[Problem]]:
    """Parse YAML text; returns the document, or None and the problem."""
    unseen = faults.of_character(text)
    if unseen is not None:
        at, what, hint = unseen
        return None, [Problem(name, *at, "yaml-syntax", what, hint)]
    try:
        builder = _Builder(text)
        data = builder.document()
    except _YamlError as fault:
        at, what = fault.mark, fault.what
        return None, [Problem(name, *at, "yaml-syntax", what, fault.hint)]
    except yaml.MarkedYAMLError as error:
        at, what, hint = faults.of_syntax(error, text)
        return None, [Problem(name, *at, "yaml-syntax", what, hint)]
    return Document(name, data, builder.places), []


class _Builder:
    """Builds plain data from the events of one document, in a single pass.

    Aliases, anchors, tags and deep nesting are refused as they come, before anything
    below them is built, so the recursion is never deeper than MAX_DEPTH.
    """

    def __init__(self, text: str) -> None:
        if len(text) > MAX_CHARACTERS:
            what = Said(
                f"larger than {MAX_CHARACTERS:,} characters",
                f"больше {MAX_CHARACTERS // 1_000_000} млн знаков",
            )
            raise _YamlError((1, 1), what, _SPLIT)
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
                    what = Said(
                        "a second document begins here",
                        "здесь начинается второй документ",
                    )
                    hint = Said(
                        "a file holds one: delete `---` or make another file",
                        "в файле должен быть один: уберите `---` или заведите ещё файл",
                    )
                    raise _YamlError(_place(event), what, hint)
                data = self._value(self._next(), (), 0)
        return data

    def _next(self) -> yaml.Event:
        event = next(self._events)
        if isinstance(event, yaml.NodeEvent):
            if event.anchor is not None:
                what = Said(
                    "anchors and aliases (& and *) are not allowed",
                    "якоря и ссылки на них (& и *) не поддерживаются",
                )
                hint = Said(
                    "write the value out, or put the text into quotes",
                    "напишите значение полностью, а текст возьмите в кавычки",
                )
                raise _YamlError(_place(event), what, hint)
            if getattr(event, "tag", None):
                what = Said(
                    "a value cannot begin with !: tags are not allowed",
                    "значение не может начинаться с !: теги не поддерживаются",
                )
                hint = Said("put the text into quotes", "возьмите текст в кавычки")
                raise _YamlError(_place(event), what, hint)
        return event

    def _value(self, event: yaml.Event, path: NodePath, level: int) -> Any:
        self.places[path] = at = _place(event)
        if len(self.places) > MAX_VALUES:
            what = Said(
                f"more than {MAX_VALUES:,} keys and values",
                f"больше {MAX_VALUES // 1000} тысяч ключей и значений",
            )
            raise _YamlError(at, what, _SPLIT)
        if isinstance(event, yaml.ScalarEvent):
            return event.value if event.style else _scalar(event.value)
        if level == MAX_DEPTH:
            raise _too_deep(at)
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
                what = Said("a key must be a word", "ключом может быть только слово")
                hint = Said(
                    "a text that begins with { or [ stands in quotes",
                    "текст, который начинается с { или [, берут в кавычки",
                )
                raise _YamlError(at, what, hint)
            key = event.value
            if key in found:
                first = self.places[(*path, key, "@key")][0]
                name = faults.short(key)
                raise _YamlError(at, Said(
                    f"duplicate key {name!r}, first at line {first}",
                    f"ключ «{name}» уже есть в строке {first}",
                ))  # fmt: skip
            self.places[(*path, key, "@key")] = at
            found[key] = self._value(self._next(), (*path, key), level)
        return found


def _too_deep(at: tuple[int, int]) -> _YamlError:
    what = Said(
        f"nested deeper than {MAX_DEPTH}", f"вложенность глубже {MAX_DEPTH} уровней"
    )
    return _YamlError(at, what, Said("close the brackets", "закройте скобки"))


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
