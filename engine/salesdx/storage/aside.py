"""Write a file aside and let it appear when it is whole; nobody else may read it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from salesdx.answers.whole import sync_folder
from salesdx.errors import DataError, Said, UsageError


def refuse_existing(target: Path, force: bool) -> None:
    """Overwrite nothing that was not meant.

    Raises:
        UsageError: the file is there, and `force` was not said.
    """
    if target.is_dir():
        raise UsageError(Said(
            f"{target} is a folder; name a file in it",
            f"{target} — это папка; укажите файл в ней",
        ))  # fmt: skip
    if target.exists() and not force:
        raise UsageError(Said(
            f"{target} is there already; name another file, or say --force",
            f"{target} уже есть; укажите другой файл или добавьте --force",
        ))  # fmt: skip


@contextmanager
def aside(target: Path) -> Iterator[IO[bytes]]:
    """A hidden file beside the target that takes its place when the block is done.

    What a killed run has left there is overwritten by the next.

    Raises:
        DataError: another run is writing it.
    """
    beside = target.with_name(f".{target.name}.part")
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(beside, flags, 0o600), "r+b") as stream:
        _own(stream, beside)
        try:
            stream.truncate()
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    sync_folder(target.parent)


def _own(stream: IO[bytes], path: Path) -> None:
    """One run at a time; the lock goes with the process."""
    try:
        import fcntl
    except ImportError:  # Windows: two runs at once are the user's affair
        return
    try:
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise DataError(Said(
            f"{path}: another salesdx is writing this file",
            f"{path}: этот файл сейчас пишет другой salesdx",
        )) from error  # fmt: skip
    os.fchmod(stream.fileno(), 0o600)
