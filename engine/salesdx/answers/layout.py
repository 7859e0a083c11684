"""Answers as lines of YAML, and where in a file that people edit they belong.

Comments, order and layout of what stands there are left as they are.
"""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from salesdx.answers.entries import AnswerFile
from salesdx.content import FLOAT

_SECTIONS = ("respondents", "interviews", "answers")
_BREAKS = "\n\r\x85\u2028\u2029"
STEP = 2


class _Dumper(yaml.SafeDumper):
    """Quotes every text that our reader would take for a number; one line a text."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True  # the reader knows no anchors


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = '"' if any(c in text for c in _BREAKS) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", FLOAT, list("-+.0123456789"))


def whole(file: AnswerFile) -> str:
    """The text of a file: a line an answer."""
    return "format: 1\n" + "".join(
        f"{name}:\n{text}" for name, text in _new(file).items() if text
    )


def lines(parts: Sequence[Any], indent: int = STEP) -> str:
    """Entries of a list, each a line."""
    return "".join(f"{' ' * indent}- {_line(_data(p))}" for p in parts)


@dataclass(frozen=True, slots=True)
class _Section:
    """A list of the file: the row of its key (from 0), and its value."""

    row: int
    value: yaml.Node


def added(text: str, old: AnswerFile, new: AnswerFile) -> tuple[str, int | None] | None:
    """The text with what `new` has more than `old`.

    Beside it the indent at which an answer may simply be put at the end of the text;
    None where the answers do not end it. No result at all where the file is laid out
    otherwise than as blocks: it has to be written anew. Whoever calls it must read the
    text and compare.
    """
    top = _sections(text)
    if top is None:
        return None
    windows = "\r\n" in text
    rows = text.split("\n")
    if rows[-1]:
        rows[-1] += "\r" if windows else ""
        rows.append("")
    edits: dict[int, list[str]] = {}
    indent = STEP
    for name in _SECTIONS:
        section = top.get(name)
        place = _place(name, section, top, rows)
        if place is None:
            return None
        row, indent = place
        more = _more(name, old, new, indent)
        if more and section is None:
            more = f"{name}:\n{more}"
        elif more and section is not None and _is_empty(section.value):
            rows[row - 1] = _without(rows[row - 1], section.value)
        edits.setdefault(row, []).append(more)
    ends = len(new.answers) > len(old.answers) and list(top | {"answers": None})[-1]
    plain = ends == "answers" and not windows
    return _edited(rows, edits, windows), indent if plain else None


def _edited(rows: list[str], edits: dict[int, list[str]], windows: bool) -> str:
    found = []
    for number, row in enumerate(rows):
        for more in edits.get(number, []):
            found += more.replace("\n", "\r\n" if windows else "\n").split("\n")[:-1]
        found.append(row)
    return "\n".join(found)


def _sections(text: str) -> dict[str, _Section] | None:
    """The parts of a file with a block at the top; None of any other shape."""
    if text.count("\r") != text.count("\r\n"):
        return None  # YAML breaks lines there, and we would count them wrong
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    if not isinstance(root, yaml.MappingNode) or root.flow_style or not root.value:
        return None
    if root.start_mark.column:
        return None
    return {
        key.value: _Section(key.start_mark.line, value) for key, value in root.value
    }


def _place(
    name: str, section: _Section | None, top: Mapping[str, _Section], rows: list[str]
) -> tuple[int, int] | None:
    """Before which row new entries of a section go, and their indent."""
    if section is None:
        later = [n for n in _SECTIONS[_SECTIONS.index(name) + 1 :] if n in top]
        before = min((top[n].row for n in later), default=len(rows) - 1)
        return _over_comments(before, rows), STEP
    value = section.value
    if _is_empty(value):
        one_line = section.row == value.start_mark.line == value.end_mark.line
        return (section.row + 1, STEP) if one_line else None
    if not isinstance(value, yaml.CollectionNode) or value.flow_style:
        return None
    after = min((s.row for s in top.values() if s.row > section.row), default=None)
    row = len(rows) - 1 if after is None else _over_comments(after, rows)
    return row, value.start_mark.column


def _over_comments(row: int, rows: list[str]) -> int:
    """What is written above a section belongs to it."""
    if row == len(rows) - 1:
        return row
    while row and (not rows[row - 1].strip() or rows[row - 1].startswith("#")):
        row -= 1
    return row


def _is_empty(value: yaml.Node) -> bool:
    return isinstance(value, yaml.CollectionNode) and not value.value


def _without(row: str, value: yaml.Node) -> str:
    """The line of a key without its `[]` or `{}`."""
    start, end = value.start_mark.column, value.end_mark.column
    return row[:start].rstrip() + row[end:]


def _more(name: str, old: AnswerFile, new: AnswerFile, indent: int) -> str:
    if name == "respondents":
        people = {n: p for n, p in new.respondents.items() if n not in old.respondents}
        return _people(people, indent)
    known = len(getattr(old, name))
    return lines(getattr(new, name)[known:], indent)


def _new(file: AnswerFile) -> dict[str, str]:
    nothing = AnswerFile(format=1)
    return {name: _more(name, nothing, file, STEP) for name in _SECTIONS}


def _people(people: dict[str, Any], indent: int) -> str:
    rows = (_dumped({n: _data(p)}, None) for n, p in people.items())
    return textwrap.indent("".join(rows), " " * indent)


def _line(data: Any) -> str:
    return _dumped(data, True)


def _dumped(data: Any, flow: bool | None) -> str:
    return yaml.dump(
        data, Dumper=_Dumper, allow_unicode=True, sort_keys=False,
        default_flow_style=flow, width=float("inf"),
    )  # fmt: skip


def _data(part: Any) -> Any:
    return part.model_dump(mode="json", exclude_defaults=True)
