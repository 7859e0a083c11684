"""The knowledge files of a folder: found in order, within limits, nothing else read.

An overlay may lie in a repository, beside a web site or in somebody's home. Hidden
folders and those of other tools are left out, links are followed but never in a ring,
and a folder that is far too large is refused before it is read.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from salesdx.content import MAX_FILE
from salesdx.errors import Problem, Said, reason_of

SUFFIX = ".yaml"
MAX_ENTRIES = 20_000  # files and folders of any kind
MAX_FILES = 5_000
MAX_BYTES = 50_000_000
_FOREIGN = {"node_modules", "__pycache__", "venv", "site-packages"}
_MISSPELT = (".yml", ".yaml.txt", ".yml.txt")


@dataclass(slots=True)
class Found:
    """Files by their place; `misspelt` are those that are only called wrongly."""

    files: list[Path] = field(default_factory=list)
    misspelt: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_files(folder: Path) -> Found:
    """Every `.yaml` file below a folder, sorted; a fault is told, never raised."""
    found = Found()
    size = 0
    for seen, path in enumerate(_below(folder, found)):
        if seen >= MAX_ENTRIES:
            return _too_large(folder, "files", "файлов", MAX_ENTRIES)
        name = path.name.casefold()
        if path.suffix == SUFFIX:
            found.files.append(path)
            size += _size(path)
        elif name.endswith((SUFFIX, *_MISSPELT)):
            found.misspelt.append(path)
        if len(found.files) > MAX_FILES:
            return _too_large(folder, "YAML files", "файлов YAML", MAX_FILES)
        if size > MAX_BYTES:
            return _too_large(folder, "bytes of YAML", "байт YAML", MAX_BYTES)
    found.files.sort()
    found.misspelt.sort()
    return found


def _below(folder: Path, found: Found) -> Iterator[Path]:
    """Everything below a folder that is not itself a folder, and not hidden."""
    left, seen = [folder], {folder.resolve()}
    while left:
        here = left.pop()
        try:
            entries = sorted(os.scandir(here), key=lambda e: e.name)
        except OSError as error:
            found.problems.append(_unread(folder, here, reason_of(error)))
            continue
        for entry in entries:
            path = Path(entry.path)
            if entry.name.startswith(".") or entry.name in _FOREIGN:
                continue
            if path.is_dir():
                if path.suffix == SUFFIX:
                    what = Said("a folder, not a file", "это папка, а нужен файл")
                    found.problems.append(_unread(folder, path, what))
                real = path.resolve()
                if real not in seen:
                    seen.add(real)
                    left.append(path)
            elif path.exists() and not path.is_file():  # a pipe would never end
                what = Said("not an ordinary file", "это не обычный файл")
                if path.suffix == SUFFIX:
                    found.problems.append(_unread(folder, path, what))
            else:
                yield path


def shown(folder: Path, path: Path) -> str:
    """How messages call a file: from the folder its author gave."""
    inside = path.relative_to(folder).as_posix()
    name = folder.resolve().name
    return name if inside == "." else f"{name}/{inside}"


def _size(path: Path) -> int:
    """Bytes that will be read; a file that is too large is told by itself, unread."""
    try:
        size = path.stat().st_size
    except OSError:  # reading it tells why
        return 0
    return size if size <= MAX_FILE else 0


def _unread(folder: Path, path: Path, why: Said) -> Problem:
    return Problem(shown(folder, path), 0, 0, "file", why)


def _too_large(folder: Path, en: str, ru: str, most: int) -> Found:
    what = Said(
        f"too large for a folder of knowledge: more than {most} {en}",
        f"слишком велика для папки знаний: больше {most} {ru}",
    )
    hint = Said(
        "name the folder that holds causes/, benchmarks/ or tuning.yaml",
        "укажите ту папку, в которой лежат causes/, benchmarks/ или tuning.yaml",
    )
    return Found(problems=[Problem(folder.resolve().name, 0, 0, "size", what, hint)])


def leading_out(folder: Path, home: Path) -> list[Path]:
    """What a folder holds, or is, by a link that leaves `home`; of any kind of file."""
    inside = home.resolve()
    below = islice(_below(folder, Found()), MAX_ENTRIES)
    return [p for p in (folder, *below) if not p.resolve().is_relative_to(inside)]
