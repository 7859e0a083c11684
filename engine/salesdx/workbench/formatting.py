"""kb fmt: one way to write knowledge files; comments stay, and what they say stays.

ruamel.yaml sets indentation and quotes, whole lines are moved to bring keys into
order. A result that would say anything else than the file, or lose a comment, is
never written. ruamel reads only what our own reader has let through.
"""

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    SingleQuotedScalarString,
)
from ruamel.yaml.tag import Tag

from salesdx.content import parse, read
from salesdx.errors import Problem, Said
from salesdx.workbench.file_kinds import mappings, model_of
from salesdx.workbench.yaml_comments import aligned, remarks

_COMPARISON = re.compile(r"(<=?|>=?|==|!=)\s*\S+$")
_ESCAPED = re.compile(r'["\\]|[^\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd]')
_WIDE = 1_000_000  # texts are not wrapped: an editor does it better
_NULL = Tag(suffix="tag:yaml.org,2002:null")
CODE = "not-formatted"
_INSIDE = Said(
    "a comment within brackets; the file stays as it is",
    "комментарий внутри скобок; файл оставлен как есть",
)
_ABOVE = Said("move it above the line", "перенесите его выше, на свою строку")
_LOST = Said(
    "this file cannot be laid out without changing what it says; it stays as it is",
    "этот файл не переписать, не изменив его смысла; он оставлен как есть",
)


@dataclass(frozen=True, slots=True)
class Formatted:
    """One file: `text` is None where nothing is to be written."""

    path: Path
    text: str | None
    problems: tuple[Problem, ...] = ()


def format_files(paths: Iterable[Path]) -> Iterator[Formatted]:
    """Format each file; a faulty one is told and does not stop the others."""
    for path in paths:
        document, problems = read(path)
        if document is None:
            yield Formatted(path, None, tuple(problems))
            continue
        before = path.read_bytes().decode("utf-8")
        after, problems = formatted(before, str(path))
        yield Formatted(path, after if after != before else None, tuple(problems))


def knowledge_files(paths: Iterable[Path]) -> list[Path]:
    """The YAML files among the paths, those of folders included, in order."""
    found: set[Path] = set()
    for path in paths:
        found.update(path.rglob("*.yaml") if path.is_dir() else [path])
    return sorted(found)


def formatted(text: str, name: str) -> tuple[str, list[Problem]]:
    """The text as it should be written; a file that is no knowledge stays as it is.

    Returns:
        The text, or the same text with the problem that keeps it from being changed.
    """
    before = text.removeprefix("\ufeff").replace("\r\n", "\n")
    document, problems = parse(before, name)
    if document is None:
        return text, problems
    if model_of(document.data) is None:
        return text, []
    for remark in remarks(before):
        if remark.inside:  # ruamel.yaml would put it somewhere else
            at = Problem(name, remark.row + 1, remark.col + 1, CODE, _INSIDE, _ABOVE)
            return text, [at]
    try:
        after = _in_order(aligned(before, _laid_out(before, document.data)))
    except Exception:  # ruamel.yaml fails in many ways on odd layouts
        return text, [document.problem((), CODE, _LOST)]
    same, _ = parse(after, name)
    if (
        same is None
        or not _equal(same.data, document.data)
        or _said(after) != _said(before)
    ):
        return text, [document.problem((), CODE, _LOST)]
    return after.replace("\n", "\r\n") if "\r\n" in text else after, []


class _AsWritten(VersionedResolver):
    """Every scalar is text: `0.50`, `no` and dates come out as they went in."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode:
            plain = implicit[0] and value == ""
            return _NULL if plain else self.DEFAULT_SCALAR_TAG
        return super().resolve(kind, value, implicit)


def _laid_out(text: str, data: dict[str, Any]) -> str:
    writer = YAML()
    writer.Resolver = _AsWritten
    writer.preserve_quotes = True
    writer.width = _WIDE
    writer.brace_single_entry_mapping_in_flow_sequence = True
    writer.indent(mapping=2, sequence=4, offset=2)
    tree = writer.load(text)
    _quote(tree)
    _order_brackets(tree, data)
    out = io.StringIO()
    writer.dump(tree, out)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return "\n".join(lines).strip("\n") + "\n"


def _quote(node: Any) -> None:
    """Comparisons stand in double quotes, and so does what had single ones."""
    if isinstance(node, CommentedMap):
        items: Iterable[tuple[Any, Any]] = list(node.items())
    elif isinstance(node, CommentedSeq):
        items = list(enumerate(node))
    else:
        return
    for key, value in items:
        plain = type(value) is str and _COMPARISON.fullmatch(value)
        single = isinstance(value, SingleQuotedScalarString)
        if plain or (single and not _ESCAPED.search(value)):
            node[key] = DoubleQuotedScalarString(value)
        _quote(value)


def _order_brackets(tree: Any, data: dict[str, Any]) -> None:
    """Order the keys of mappings that are written as `{…}`."""
    model = model_of(data)
    assert model is not None
    for path, written, ordered in mappings(model, data):
        if written == ordered:
            continue
        node = tree
        for step in path:
            node = node[step]
        if node.fa.flow_style() and not node.ca.items:
            for key in ordered:
                node.move_to_end(key)


def _in_order(text: str) -> str:
    """Order the keys of mappings that are written one key a line, inner ones first."""
    document, _ = parse(text, "")
    model = model_of(document.data) if document else None
    if document is None or model is None:
        return text
    lines = text.split("\n")
    wrong = [m for m in mappings(model, document.data) if m[1] != m[2]]
    for path, written, ordered in sorted(wrong, key=lambda m: -len(m[0])):
        places = [document.places[(*path, key, "@key")] for key in written]
        rows = [line - 1 for line, _ in places]
        if len(set(rows)) == len(rows) and len({col for _, col in places}) == 1:
            _move(lines, rows, places[0][1] - 1, [written.index(k) for k in ordered])
    return "\n".join(lines)


def _move(lines: list[str], rows: list[int], indent: int, order: list[int]) -> None:
    """Lay the blocks of the keys at `rows` in another order, comments above with them.

    What stands before the first key on its line, as the dash of a list, stays there.
    """
    starts = [rows[0]]
    for row, above in zip(rows[1:], rows, strict=False):
        start = row
        while start - 1 > above and _leads(lines[start - 1], indent):
            start -= 1
        starts.append(start)
    stop = rows[-1] + 1
    end = stop
    while stop < len(lines) and (
        not lines[stop].strip() or len(lines[stop]) - len(lines[stop].lstrip()) > indent
    ):
        stop += 1
        end = stop if lines[stop - 1].strip() else end
    dash = lines[rows[0]][:indent]
    lines[rows[0]] = " " * indent + lines[rows[0]][indent:]
    blocks = [lines[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)]
    moved = [line for i in order for line in blocks[i]]
    first = next(i for i, line in enumerate(moved) if not _leads(line, indent))
    moved[first] = dash + moved[first][indent:]
    above = len(dash) - len(dash.lstrip())  # comments on an entry stand before its dash
    moved[:first] = [" " * above + line.lstrip() for line in moved[:first]]
    lines[rows[0] : end] = moved


def _leads(line: str, indent: int) -> bool:
    """Whether a line is a comment that belongs to the key under it."""
    return line.startswith(" " * indent + "#")


def _said(text: str) -> list[str]:
    """What the comments say, in no order: they move with their keys."""
    return sorted(r.text for r in remarks(text))


def _equal(one: Any, other: Any) -> bool:
    """Equal with types: 1, 1.0 and true are three things; the order of keys is none."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_equal(one[k], other[k]) for k in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return bool(one == other)
