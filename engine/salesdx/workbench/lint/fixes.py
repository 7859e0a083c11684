"""kb lint --fix: write what is certain, at its place, and leave every other byte.

A fix is a hint that knows what was meant (`Correction`): a name that is one letter
away from the only one it can be, a percentage where a share is due. All work is done
on a copy of the folders; what came out right is then put in place, file by file.
"""

import difflib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from salesdx.errors import Correction, DataError, Problem, Said, reason_of
from salesdx.workbench.lint.checking import lint
from salesdx.workbench.lint.sources import Sources

PASSES = 10  # a mended file may show the next fault; then people look themselves
_COPIED = (".yaml", ".md.j2")
_HOLES = "unknown-placeholder"


@dataclass(frozen=True, slots=True)
class Fix:
    """One change: what stood at the place of the problem, and what stands there now."""

    problem: Problem
    old: str
    new: str

    def text(self) -> str:
        """`file:line:col CODE old -> new`."""
        p = self.problem
        return f"{p.file}:{p.line}:{p.col} {p.code} {self.old} -> {self.new}"


@dataclass(frozen=True, slots=True)
class Mended:
    """What was changed, as a unified diff too, and what is left to do by hand."""

    fixes: tuple[Fix, ...]
    diff: str
    problems: list[Problem]


def mend(
    overlays: Sequence[Path], folder: Path | None = None, *, write: bool = True
) -> Mended:
    """Mend the folders that the user named; the shipped knowledge is never touched.

    Raises:
        DataError: a file cannot be written; the files before it are.
    """
    with tempfile.TemporaryDirectory() as scratch:
        own = [*([folder] if folder else []), *overlays]
        copies = [_copied(o, Path(scratch) / str(i)) for i, o in enumerate(own)]
        base = copies[0] if folder else None
        layers = copies[1:] if folder else copies
        fixes: list[Fix] = []
        for _ in range(PASSES):
            problems = lint(layers, base)
            made = list(_mend_once(problems, Sources(layers, base)))
            fixes += made
            if not made:
                break
        changed = [c for o, k in zip(own, copies, strict=True) for c in _changed(o, k)]
        if write:
            for path, _, new, _ in changed:
                _put(path, new)
        return Mended(tuple(fixes), "".join(_diff(*c[1:]) for c in changed), problems)


def _copied(folder: Path, into: Path) -> Path:
    """The knowledge of a folder, under the same name, so that places read alike."""
    target = into / folder.resolve().name
    target.mkdir(parents=True)
    for path in sorted(folder.rglob("*")):
        if path.name.endswith(_COPIED) and path.is_file():
            copy = target / path.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copyfile(path, copy)
            except OSError as error:
                raise _failed(path, error, "read", "прочитать") from None
    return target


def _mend_once(problems: Sequence[Problem], sources: Sources) -> Iterator[Fix]:
    """One fix for each place that has one; a file is written back once."""
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        if fixable(problem):
            by_file.setdefault(problem.file, []).append(problem)
    for file, told in by_file.items():
        path = sources.own_path(file)
        if path is None:
            continue
        raw = path.read_bytes()
        text = raw.decode("utf-8-sig")
        places = {span: p for p in sorted(told) for span in spans(text, p)}
        for (start, end), problem in sorted(places.items(), reverse=True):
            text = text[:start] + _meant(problem).instead + text[end:]
        marked = raw.startswith(b"\xef\xbb\xbf")
        path.write_bytes(text.encode("utf-8-sig" if marked else "utf-8"))
        for problem in sorted(set(places.values())):
            hint = _meant(problem)
            yield Fix(problem, hint.written, hint.instead)


def _meant(problem: Problem) -> Correction:
    assert isinstance(problem.hint, Correction)
    return problem.hint


def fixable(problem: Problem) -> bool:
    """Whether it is certain what was meant."""
    return isinstance(problem.hint, Correction) and problem.file.endswith(".yaml")


def spans(text: str, problem: Problem) -> list[tuple[int, int]]:
    """Where the wrong words stand, as offsets; none unless there is just one place.

    The smallest node at the place of the problem that holds them is meant: a key, a
    value, or the list that the value stands in.
    """
    written = re.escape(_meant(problem).written)
    word = re.compile(rf"(?<![\w.-]){written}(?![\w-]|\.\w)")
    if problem.code == _HOLES:  # in either language, as often as it stands there
        word = re.compile(rf"(?<=\{{){written}(?=\}})")
    for start, end in _nodes(text, problem.line, problem.col):
        found = [m.span() for m in word.finditer(text, start, end)]
        if found:
            return found if len(found) == 1 or problem.code == _HOLES else []
    return []


def _nodes(text: str, line: int, col: int) -> list[tuple[int, int]]:
    """Extents of the YAML nodes that begin at a place, the smallest first."""
    found: set[tuple[int, int]] = set()
    top = yaml.compose(text, Loader=yaml.CSafeLoader)
    left: list[yaml.Node] = [top] if top else []
    while left:
        node = left.pop()
        mark = node.start_mark
        if (mark.line + 1, mark.column + 1) == (line, col):
            found.add((mark.index, node.end_mark.index))
        if isinstance(node, yaml.MappingNode):
            left += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            left += node.value
    return sorted(found, key=lambda extent: extent[1] - extent[0])


Change = tuple[Path, bytes, bytes, str]


def _changed(folder: Path, copy: Path) -> Iterator[Change]:
    for path in sorted(copy.rglob("*.yaml")):
        inside = path.relative_to(copy)
        old, new = (folder / inside).read_bytes(), path.read_bytes()
        if old != new:
            yield folder / inside, old, new, f"{copy.name}/{inside.as_posix()}"


def _diff(old: bytes, new: bytes, name: str) -> str:
    was, now = (b.decode("utf-8").splitlines(keepends=True) for b in (old, new))
    told = difflib.unified_diff(was, now, name, name)
    return "".join(x if x.endswith("\n") else f"{x}\n" for x in told)


def _put(path: Path, new: bytes) -> None:
    """Replace a file at once: a crash leaves the old one or the new one."""
    path = path.resolve()  # behind a link lies the file that was read
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(new)
        shutil.copymode(path, draft)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise _failed(path, error, "written", "записать") from None


def _failed(path: Path, error: OSError, en: str, ru: str) -> DataError:
    why = reason_of(error)
    return DataError(Said(
        f"{path.name} cannot be {en}: {why}", f"{path.name} не {ru}: {why.ru}",
    ))  # fmt: skip
