"""How far a run into a folder has come, so that the next one goes on from there.

`.parts/state.json` says of what the pieces are made; `run.json` of what the finished
result is. Neither holds a clock or a path: the same input gives the same bytes.
"""

import contextlib
import importlib.metadata
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from salesdx.answers.whole import write_whole
from salesdx.errors import DataError, Said, reason_of
from salesdx.knowledge.base import KnowledgeBase

FORMAT = "salesdx/batch/1"
PARTS, SCRATCH, RUN, STATE = ".parts", ".scratch", "run.json", "state.json"
_ASIDE = re.compile(r"\.(result|rules|rejects|run|portfolio)\.[a-z]+\.\w+\.tmp$")
Begun = Literal["new", "goes_on", "other", "forgotten"]


def made_of(
    knowledge: KnowledgeBase, input_: Mapping[str, Any], options: Mapping[str, Any]
) -> dict[str, Any]:
    """All that the bytes of the result depend on."""
    pack = knowledge.pack
    layers = [{"id": x.id, "hash": x.hash} for x in knowledge.layers]
    return {
        "format": FORMAT,
        "input": dict(input_),
        "knowledge": {
            "pack": pack.id, "version": pack.version, "hash": knowledge.hash,
            "layers": layers,
        },
        "engine": {"version": importlib.metadata.version("salesdx")},
        "options": dict(options),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder that a run writes into."""

    out: Path

    @property
    def parts(self) -> Path:
        """Where finished pieces wait."""
        return self.out / PARTS

    @property
    def scratch(self) -> Path:
        """Where a table may be kept as is handy while the run goes on."""
        return self.out / SCRATCH

    def begin(self, made: Mapping[str, Any], fresh: bool) -> Begun:
        """Make ready for the pieces; says whether earlier ones are of use."""
        there = self.parts.is_dir()
        before = _read(self.parts / STATE)
        if there and before == made and not fresh:
            return "goes_on"
        _remove(self.parts)
        self.parts.mkdir()
        text = json.dumps(made, ensure_ascii=False, indent=2)
        write_whole(self.parts / STATE, text.encode())
        if not there or before is None:
            return "new"
        return "forgotten" if before == made else "other"

    def finished(self, made: Mapping[str, Any]) -> dict[str, Any] | None:
        """What run.json says, if that run is of the same and its files are there."""
        found = _read(self.out / RUN)
        if found is None or {n: found.get(n) for n in made} != made:
            return None
        with contextlib.suppress(OSError, AttributeError):
            sizes = found["files"]
            if all((self.out / n).stat().st_size == s for n, s in sizes.items()):
                return found
        return None

    def before(self) -> dict[str, Any] | None:
        """What run.json says, whatever it is of."""
        return _read(self.out / RUN)

    def finish(self, made: Mapping[str, Any], found: Mapping[str, Any]) -> None:
        """Say that the result is there; the pieces are not needed any more."""
        text = json.dumps({**made, **found}, ensure_ascii=False, indent=2)
        write_whole(self.out / RUN, f"{text}\n".encode())
        self.clear()

    def clear(self) -> None:
        """Forget the pieces, and what helped to make them."""
        _remove(self.parts)
        _remove(self.scratch)
        for left in (*self.out.glob(".*.tmp"), *self.out.glob("cases/.*.json.*.tmp")):
            if left.parent != self.out or _ASIDE.match(left.name):
                left.unlink()  # of a run that was killed


def _remove(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)


def _read(path: Path) -> dict[str, Any] | None:
    with contextlib.suppress(OSError, ValueError):
        found = json.loads(path.read_bytes())
        if isinstance(found, dict):
            return found
    return None


@contextlib.contextmanager
def alone(out: Path) -> Iterator[Folder]:
    """The folder for one run at a time; it is made if it is not there.

    Raises:
        DataError: another run writes there, or it cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = _lock(out)
    except BlockingIOError:
        raise DataError(
            Said(
                f"{out}: another salesdx batch is writing there; wait for it, or give"
                " another --out",
                f"{out}: туда сейчас пишет другой запуск salesdx batch; дождитесь его"
                " или укажите другой --out",
            )
        ) from None
    except OSError as error:
        what = reason_of(error, "cannot be written")
        raise DataError(Said(f"{out}: {what}", f"{out}: {what.ru}")) from error
    try:
        (out / SCRATCH).mkdir(exist_ok=True)
        yield Folder(out)
    finally:
        os.close(handle)  # lets the lock go


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(out: Path) -> int:
        handle = os.open(out / ".batch.lock", os.O_RDWR | os.O_CREAT)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(handle)
            raise BlockingIOError from None
        return handle

else:
    import fcntl

    def _lock(out: Path) -> int:
        """Of the folder itself, so that nothing is left; it goes with the process."""
        handle = os.open(out, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            if isinstance(error, BlockingIOError):
                raise
            # NFS locks for writing only what is open for writing
            handle = os.open(out / ".batch.lock", os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(handle)
                raise BlockingIOError from None
        return handle
