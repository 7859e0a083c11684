"""What is recorded: answers appended one by one, the database closed now and then.

python power_cut_workload.py KIND FOLDER LOG ANSWERS [WAY], with the recorder preloaded.
A WAY makes the store unsafe, which the model must notice; `checkpoints` only lets
SQLite carry its log into the database every few answers instead of every few hundred.
"""

import os
import stat
import sys
from pathlib import Path

from kept_places import InFolder, Place, fresh_in
from killing import entry
from power_cut import Recorder

SEED = 5
REOPEN = 9  # answers until everything is closed and opened again


def change(way: str) -> None:
    """Change how the store works."""
    from salesdx.storage import opening

    sync = os.fsync
    match way:
        case "":
            return
        case "checkpoints":
            opening._PRAGMAS["wal_autocheckpoint"] = 12
        case "OFF" | "NORMAL":
            opening._PRAGMAS["synchronous"] = ("OFF", "NORMAL").index(way)
            opening._SET["synchronous"] = way
        case "no-file-sync":
            os.fsync = lambda fd: sync(fd) if _is_folder(fd) else None
        case "no-folder-sync":
            os.fsync = lambda fd: None if _is_folder(fd) else sync(fd)
        case _:
            raise AssertionError(way)


def _is_folder(fd: int) -> bool:
    return stat.S_ISDIR(os.fstat(fd).st_mode)


def place_in(kind: str, folder: Path) -> Place:
    """The place that is recorded, or that is opened again after a cut."""
    if kind == "folder":
        return InFolder(folder)
    return fresh_in(kind, folder)(0)


def run(kind: str, folder: Path, log: Path, answers: int) -> None:
    """Append the answers of the script."""
    recorder = Recorder(folder, log)
    place = place_in(kind, folder)
    store = place()
    for n in range(answers):
        store.append([entry(SEED, n)])
        recorder.mark(f"saved {n}")
        if n % REOPEN == REOPEN - 1:
            place.close()
            store = place()
    place.close()


if __name__ == "__main__":
    kind_, folder_, log_, answers_, *way_ = sys.argv[1:]
    change(*way_ or [""])
    run(kind_, Path(folder_), Path(log_), int(answers_))
