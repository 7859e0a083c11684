"""Case folders: which are meant, what each is called, and whether it has changed."""

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from salesdx.case import COMPANY_FILE, load_company
from salesdx.errors import UNSEEN, DataError, Said, SalesdxError, visible
from salesdx.knowledge.own import own_knowledge

_NOT_READ = {"results", "reports"}  # what salesdx itself writes into a case

_LONGEST_NAME = 200  # bytes; what is written aside has a longer one still


def folders_in(sources: Sequence[Path]) -> list[Path]:
    """The case folders that are meant: a folder that holds cases counts as all of them.

    Raises:
        DataError: a folder is no case and holds none.
    """
    found: list[Path] = []
    for source in sources:
        if (source / COMPANY_FILE).is_file():
            found.append(source)
            continue
        inside = sorted(
            p.parent for p in source.glob(f"*/{COMPANY_FILE}")
            if not p.parent.name.startswith(".")
        )  # fmt: skip
        if not inside:
            raise DataError(
                Said(
                    f"{source}: no case here, neither company.yaml nor folders with it",
                    f"{source}: здесь нет разборов: ни company.yaml, ни папок с ним",
                )
            )
        found += inside
    return list({p.resolve(): p for p in found}.values())


@dataclass(frozen=True, slots=True)
class CaseFolder:
    """A case to judge; `print` is another one whenever its files are."""

    id: str
    path: Path
    print: str


def ids_of(folders: Sequence[Path]) -> list[str]:
    """The name of each folder; where two are called alike, with that of its parent.

    Raises:
        DataError: two cases still have the same name.
    """
    full = [f.resolve() for f in folders]
    names = [f.name for f in full]
    for depth in range(2, 5):
        times = Counter(names)
        names = [
            "-".join(f.parts[-depth:]) if times[n] > 1 else n
            for n, f in zip(names, full, strict=True)
        ]
    twice = [n for n, times in Counter(names).items() if times > 1]
    if twice:
        raise DataError(
            Said(
                f"two case folders are called {twice[0]!r}; rename one",
                f"две папки разборов называются «{twice[0]}»; переименуйте одну",
            )
        )
    for name, folder in zip(names, full, strict=True):
        _check(name, folder)
    return names


def _check(name: str, folder: Path) -> None:
    """Files are called by the name, and so is a row of the result table."""
    if UNSEEN.search(name) or len(os.fsencode(name)) > _LONGEST_NAME:
        shown = visible(str(folder).encode(errors="replace").decode())
        raise DataError(
            Said(
                f"{shown}: the name is too long for an id, or holds characters that"
                " nobody can read; rename the folder",
                f"{shown}: такое имя не годится в id: оно слишком длинное или в нём"
                " нечитаемые знаки; переименуйте папку",
            )
        )


def sorted_cases(sources: Sequence[Path]) -> list[CaseFolder]:
    """The cases that are meant, by id.

    Raises:
        DataError: a folder is no case and holds none, or two are called alike.
    """
    folders = folders_in(sources)
    each = sorted(zip(ids_of(folders), folders, strict=True))
    return [CaseFolder(id_, path.resolve(), _print(path)) for id_, path in each]


def _print(case: Path) -> str:
    """Another one whenever a file that the diagnosis reads is another."""
    found = hashlib.sha256()
    for root in (case, *_beyond(case)):
        for path in sorted(root.rglob("*")):
            where = path.relative_to(root)
            if path.is_file() and where.parts[0] not in _NOT_READ:
                with path.open("rb") as file:
                    sum_ = hashlib.file_digest(file, "sha256").hexdigest()
                found.update(f"{where.as_posix()} {sum_}\n".encode())
    return found.hexdigest()


def _beyond(case: Path) -> list[Path]:
    """Installed packs that a case names: they lie elsewhere, and may be renewed."""
    with suppress(SalesdxError, OSError):
        named_ = own_knowledge(case, load_company(case))
        return [f for f in named_ if not f.resolve().is_relative_to(case.resolve())]
    return []
