"""Erase files: overwritten, then removed. Links are never followed."""

import os
import stat
from pathlib import Path

_ZEROS = bytes(1 << 20)


def erase(path: Path) -> bool:
    """Erase a file; says whether it was overwritten too.

    A file with a second name is only taken out of this folder: overwriting it would
    destroy what another folder holds.
    """
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        return erase_in(folder, path.name)
    finally:
        os.fsync(folder)
        os.close(folder)


def erase_in(folder: int, name: str) -> bool:
    """Erase a file of an open folder."""
    try:
        written = _overwrite(folder, name)
    except PermissionError:
        written = False  # may be removed all the same: that is a right of the folder
    os.unlink(name, dir_fd=folder)
    return written


def _overwrite(folder: int, name: str) -> bool:
    handle = os.open(name, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode) or state.st_nlink > 1:
            return False
        left = state.st_size
        while left > 0:
            left -= os.write(handle, _ZEROS[:left])
        os.fsync(handle)
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)
    return True
