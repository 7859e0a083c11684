"""Destroy a case folder: what salesdx keeps in one, and nothing else.

Links are never followed, files of others are left and named. What is to be destroyed is
counted in a journal beside the act first, so that a run that was killed is finished by
running it again, with the numbers of the beginning.
"""

import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from salesdx.answers.whole import sync_folder
from salesdx.errors import DataError, Said, UsageError
from salesdx.storage.aside import aside
from salesdx.storage.erasing import erase_in
from salesdx.storage.events import BEGINNING, Chain, Event, chained
from salesdx.storage.inventory import OWN, Counts, of_files
from salesdx.storage.sweeping import Swept

COMPANY = "company.yaml"
_FOLDERS = ("data", "results", "reports", "questionnaires", "company-versions")
# what a killed run may have left of a file of ours
_LEFT = re.compile(
    r"\.(company|mapping|plan|answers)\.yaml\.\w+\.tmp|tmp\w{8}\.tmp|\.answers\.lock"
)


@dataclass(frozen=True, slots=True)
class FolderFound:
    """What is in a case folder: ours by path and size, and what is not ours."""

    folder: Path
    case: str
    files: tuple[tuple[str, int], ...]
    foreign: tuple[str, ...]
    begun: bool  # an earlier run was killed

    @property
    def counts(self) -> Counts:
        """What there is by kind."""
        return of_files(self.files)


@dataclass(frozen=True, slots=True)
class FolderPurged:
    """A destroyed folder."""

    case: str
    at: str
    actor: str
    ground: str
    counts: Counts
    swept: Swept
    events: tuple[Event, ...]
    chain: Chain
    unwritten: int
    foreign: tuple[str, ...]


def find_folder(folder: Path, acts: Path) -> FolderFound:
    """Look at a case folder before it is destroyed.

    Raises:
        DataError: it is no case folder, or a link to one.
        UsageError: the acts would be written into it.
    """
    case, begun = folder.resolve().name, _journal(folder, acts).exists()
    if folder.is_symlink():
        raise DataError(Said(
            f"{folder} is a link; name the folder itself",
            f"{folder} — это ссылка; укажите саму папку",
        ))  # fmt: skip
    company = folder / COMPANY
    if not begun and (not company.is_file() or company.is_symlink()):
        raise DataError(Said(
            f"{folder} is no case folder: there is no company.yaml in it; nothing was"
            " removed",
            f"{folder} — не папка разбора: в ней нет company.yaml; ничего не удалено",
        ))  # fmt: skip
    if acts.resolve().is_relative_to(folder.resolve()):
        raise UsageError(Said(
            "--act lies in the folder that is to be destroyed; name another",
            "--act лежит в папке, которую вы уничтожаете; укажите другую",
        ))  # fmt: skip
    ours, foreign = [], []
    for path, size in sorted(_walk(folder)):
        if size is None:
            foreign.append(path)
        else:
            ours.append((path, size))
    return FolderFound(folder, case, tuple(ours), tuple(foreign), begun)


def _walk(folder: Path) -> Iterator[tuple[str, int | None]]:
    """All that is in the folder; without a size what is not ours."""
    for here, folders, names in os.walk(folder, followlinks=False):
        for name in [*names, *(f for f in folders if (Path(here) / f).is_symlink())]:
            path = Path(here) / name
            state, inner = path.lstat(), path.relative_to(folder).as_posix()
            ours = stat.S_ISREG(state.st_mode) and is_ours(inner)
            yield inner, state.st_size if ours else None


def is_ours(path: str) -> bool:
    """Whether a path inside a case folder is one that salesdx writes or reads there."""
    parts = path.split("/")
    if len(parts) == 1:
        return path in (*OWN, "answers.yaml") or bool(_LEFT.fullmatch(path))
    return parts[0] in _FOLDERS


def purge_folder(found: FolderFound, acts: Path, at: str, actor: str, ground: str
                 ) -> FolderPurged:  # fmt: skip
    """Destroy what is ours in a case folder; company.yaml goes last.

    Raises:
        OSError: a file cannot be removed; the command may be repeated.
    """
    journal = _journal(found.folder, acts)
    if not journal.exists():
        begun = {"at": at, "actor": actor, "ground": ground, "counts": found.counts,
                 "foreign": list(found.foreign)}  # fmt: skip
        with aside(journal) as stream:
            stream.write(json.dumps(begun, ensure_ascii=False).encode())
    told = json.loads(journal.read_bytes())
    unwritten = 0
    for path, _ in sorted(found.files, key=lambda f: (f[0] == COMPANY, f[0])):
        unwritten += not _erase(found.folder, path)
    _remove_empty(found.folder)
    files = sum(n for k, n in told["counts"].items() if k != "bytes")
    first = _event(1, told["at"], told["actor"], "purge-begun", found.case,
                   {"files": files, "ground": told["ground"]}, BEGINNING)  # fmt: skip
    last = _event(2, at, actor, "purged", found.case,
                  {**told["counts"], "ground": told["ground"]}, first.hash)  # fmt: skip
    return FolderPurged(
        found.case, at, actor, told["ground"], told["counts"], Swept("folder"),
        (first, last), Chain(2, last.hash, ()), unwritten, tuple(told["foreign"]),
    )  # fmt: skip


def finished(found: FolderFound, acts: Path) -> None:
    """The act is written: the journal has done its work."""
    _journal(found.folder, acts).unlink(missing_ok=True)
    sync_folder(acts)


def _journal(folder: Path, acts: Path) -> Path:
    return acts / f".purge-{folder.resolve().name}.begun.json"


def _erase(folder: Path, path: str) -> bool:
    """Erase one file; the way to it may hold no link, whoever put one there since."""
    *way, name = path.split("/")
    flags = os.O_RDONLY | os.O_DIRECTORY
    handle = os.open(folder, flags)
    try:
        for step in way:
            inner = os.open(step, flags | os.O_NOFOLLOW, dir_fd=handle)
            os.close(handle)
            handle = inner
        written = erase_in(handle, name)
        os.fsync(handle)
    finally:
        os.close(handle)
    return written


def _remove_empty(folder: Path) -> None:
    """Folders of ours that hold nothing any more, then the case itself if it does."""
    if not folder.exists():
        return
    for name in _FOLDERS:
        for here, _, _ in os.walk(folder / name, topdown=False, followlinks=False):
            _rmdir(Path(here))
    _rmdir(folder)


def _rmdir(folder: Path) -> None:
    if not folder.is_symlink() and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def _event(
    n: int, at: str, actor: str, action: str, case: str, detail: Counts, before: str
) -> Event:
    packed = json.dumps(detail, sort_keys=True, separators=(",", ":"))
    found = chained(n, at, actor, action, case, packed, before)
    return Event(n, at, actor, action, case, packed, before, found)
