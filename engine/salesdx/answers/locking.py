"""One writer at a time in a case folder, of however many processes and threads."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

_NAME = ".answers.lock"  # only where the folder itself cannot be locked


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Wait until nobody else writes, and keep the others out meanwhile.

    POSIX: `flock` of the folder itself, so that no file is left behind; the system lets
    it go when the process dies. A network file system that locks no folders, and
    Windows, lock one byte of a file beside the answers (`lockf`, `msvcrt`).
    """
    handle = _lock(folder)
    try:
        yield
    finally:
        os.close(handle)  # lets the lock go


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(folder: Path) -> int:
        handle = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT)
        while True:
            try:
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
            except OSError:  # it gives up after ten seconds
                continue
            return handle

else:
    import fcntl

    def _lock(folder: Path) -> int:
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError:  # NFS locks for writing only what is open for writing
            os.close(handle)
            handle = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.lockf(handle, fcntl.LOCK_EX)
        return handle
