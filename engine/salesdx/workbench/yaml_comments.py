"""The comments of a YAML file: what they say, and the depth at which they stand.

ruamel.yaml keeps a comment in its old column when the lines around it move; here it
follows the line that it belongs to.
"""

import bisect
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from salesdx.content import Document, NodePath, parse


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment at a row and column from 0.

    `own`: nothing but spaces stands before it. `inside`: it lies within brackets.
    """

    row: int
    col: int
    text: str
    own: bool
    inside: bool


def remarks(text: str) -> list[Remark]:
    """Every comment of a text that can be read; a # within a value is none."""
    if "#" not in text:
        return []
    found: list[Remark] = []
    lines = text.split("\n")
    end, row, level = 0, 0, 0
    for token in yaml.scan(text, Loader=yaml.CSafeLoader):
        start = token.start_mark.index
        if start > end and "#" in (gap := text[end:start]):
            found += _in_gap(gap, lines, row, level > 0)
        if start >= end:
            end, row = token.end_mark.index, token.end_mark.line
        level += isinstance(token, _OPEN) - isinstance(token, _CLOSED)
    return found + list(_in_gap(text[end:], lines, row, inside=False))


_OPEN = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_CLOSED = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


def _in_gap(gap: str, lines: list[str], row: int, inside: bool) -> Iterator[Remark]:
    for i, part in enumerate(gap.split("\n")):
        _, sign, remark = part.partition("#")
        if sign:
            line = lines[row + i]
            col = len(line) - len(remark) - 1
            own = not line[:col].strip()
            yield Remark(row + i, col, remark.strip(), own, inside)


def aligned(before: str, after: str) -> str:
    """The laid out text with its comments as deep as what they belong to."""
    were, are = ([r for r in remarks(t) if r.own] for t in (before, after))
    old, _ = parse(before, "")
    new, _ = parse(after, "")
    lines = after.split("\n")
    if were and len(were) == len(are) and old is not None and new is not None:
        depths = _Depths(old, before.split("\n")), _Depths(new, lines)
        for was, now in zip(were, are, strict=True):
            depth = _depth(was, *depths)
            if depth is not None:
                lines[now.row] = " " * depth + lines[now.row].strip()
    for remark in remarks("\n".join(lines)):
        line = lines[remark.row]
        if not remark.own and not line[: remark.col].endswith("  "):
            kept = line[: remark.col].rstrip()
            lines[remark.row] = f"{kept}  {line[remark.col :]}"
    return "\n".join(lines)


class _Depths:
    """Where the keys and the dashes of a file stand; both by path and by row."""

    def __init__(self, document: Document, lines: list[str]) -> None:
        self.of: dict[NodePath, int] = {}
        self.rows: list[int] = []  # of keys and dashes, one a path of `paths`
        self.paths: list[NodePath] = []
        for path, (line, col) in document.places.items():
            row, at = line - 1, col - 1
            if path and isinstance(path[-1], int):
                at = lines[row].rfind("-", 0, at)
            elif not path or path[-1] != "@key":
                continue
            if at < 0 or lines[row][:at].strip(" -"):
                continue  # within brackets
            self.of[path] = at
            self.rows.append(row)
            self.paths.append(path)


def _depth(was: Remark, old: _Depths, new: _Depths) -> int | None:
    """The new depth of a comment: that of the next key, or of one still open."""
    at = bisect.bisect_right(old.rows, was.row)
    leads = old.paths[at] if at < len(old.paths) else None
    if leads is not None and old.of[leads] == was.col:
        return new.of.get(leads)
    path = old.paths[at - 1] if at else ()
    while path:
        for step in (path, (*path, "@key")):
            if old.of.get(step) == was.col:
                return new.of.get(step)
        path = path[:-1]
    return new.of.get(leads) if leads is not None else None
