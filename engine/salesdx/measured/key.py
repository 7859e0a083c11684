"""On what the figures of a case hang, as one digest.

Tables, company.yaml, knowledge and its overlays, and the code: whoever changes a cell,
a threshold or a line of a metric never sees figures of before. Answers, the plan and
the engine are not in it: the figures are the same whatever these are.
"""

import hashlib
import importlib.metadata
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from salesdx.case.files import data_files
from salesdx.crm.company_file import COMPANY_FILE

_PACKAGE = Path(__file__).parents[1]
# folders of the package whose code or words can move a figure
_FOLDERS = (
    "case", "crm", "knowledge", "losses", "measured", "metrics", "result",
    "statistics",
)  # fmt: skip
_CODE = (".py", ".yaml")
# libraries whose releases may round otherwise, or know other days off
_LIBRARIES = (
    "duckdb", "holidays", "ibis-framework", "numpy", "pyarrow", "pydantic",
    "python-calamine", "salesdx", "scipy", "sqlglot", "tzdata",
)  # fmt: skip
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Key:
    """The digest, and how the files looked when they were read for it."""

    digest: str
    seen: tuple[tuple[str, int, int], ...]


def key_of(folder: Path, knowledge: str) -> Key:
    """The key of a case folder under a knowledge base of this hash.

    Raises:
        DataError: one table stands in two files.
        OSError: a file cannot be read.
    """
    seen = look(folder)
    digest = hashlib.sha256()
    tables, left_aside = data_files(folder / "data")
    told = [*_code(), knowledge, *(f"aside {n.table}" for n in left_aside)]
    for text in told:
        digest.update(f"{text}\0".encode(errors="surrogateescape"))
    for path in (folder / COMPANY_FILE, *tables.values()):
        content = hashlib.sha256()
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                content.update(block)
        name = path.name.encode(errors="surrogateescape")
        digest.update(name + b"\0" + content.digest())
    return Key(digest.hexdigest(), seen)


def look(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, sizes and times of all that figures are made of; cheap."""
    data = folder / "data"
    files = [folder / COMPANY_FILE, *(data.iterdir() if data.is_dir() else ())]
    states = ((p.name, p.stat()) for p in files if p.is_file())
    return tuple(sorted((name, s.st_size, s.st_mtime_ns) for name, s in states))


@cache
def _code() -> tuple[str, ...]:
    """What measures: versions, and the package's own source (10 ms)."""
    source = hashlib.sha256()
    for path in _sources():
        source.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0")
        source.update(path.read_bytes())
    versions = (f"{name} {_version(name)}" for name in _LIBRARIES)
    return sys.version, *versions, source.hexdigest()


def _sources() -> Iterator[Path]:
    yield from sorted(_PACKAGE.glob("*.py"))
    for folder in _FOLDERS:
        found = (_PACKAGE / folder).rglob("*")
        yield from sorted(p for p in found if p.suffix in _CODE)


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return ""
