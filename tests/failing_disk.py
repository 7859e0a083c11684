"""Let every call that writes fail once, or from then on, and see what is told and kept.

python failing_disk.py KIND WAY LANG STEP, with the recorder preloaded; prints a list of
outcomes as JSON. WAY is `append` (the store alone) or `interview` (the whole command,
typed into). Every STEP-th call is tried.
"""

import dataclasses
import errno
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kept_places import InFolder, Place, fresh_in
from killing import entry, forked
from power_cut import Recorder

ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EROFS": errno.EROFS}
SEED, ANSWERS = 9, 3


@dataclass(frozen=True, slots=True)
class Fault:
    """The call that fails, and how; `forever` when all later ones fail too."""

    call: int
    error: str
    forever: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a process said and left: `acknowledged` answers, `kept` ones, files."""

    fault: Fault
    code: int
    acknowledged: int
    kept: int
    said: str
    left: list[str]


def append(place: Place, lang: str, told: int) -> int:
    """Append some answers; gives the exit code of a command that failed in it."""
    from salesdx.cli import mistakes, wording

    wording.choose(["--lang", lang], os.environ)
    try:
        store = place()
        for n in range(len(store.file().answers), ANSWERS):
            store.append([entry(SEED, n)])
            os.write(told, b"+")
        place.close()
    except Exception as error:  # as the command line does
        return mistakes.report(error, debug=False)
    return 0


def interview(place: Place, lang: str, told: int) -> int:
    """The whole command; what is saved is known by what it says at the end."""
    from killing_talk import command

    from salesdx.cli import run

    read, write = os.pipe()
    os.write(write, b"dunno\n" * ANSWERS)
    os.close(write)
    os.dup2(read, 0)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    return run(command(place, "ru" if lang == "ru" else "en"))


def once(
    kind: str, way: str, lang: str, fault: Fault, folder: Path
) -> tuple[Told, int]:
    """One process with one fault; gives also how many calls there were."""
    place = (
        InFolder(folder / "live" / "case")
        if kind == "folder"
        else fresh_in(kind, folder / "live")(0)
    )
    place.close()
    said = folder / "said"
    counted, count = os.pipe()
    told, tell = os.pipe()

    def work() -> None:
        screen = os.open(said, os.O_CREAT | os.O_WRONLY)
        os.dup2(screen, 1)
        os.dup2(screen, 2)
        for number, name in ((1, "stdout"), (2, "stderr")):
            stream = os.fdopen(number, "w", encoding="utf-8", closefd=False)
            setattr(sys, name, stream)
        recorder = Recorder(folder / "live", folder / "calls")
        recorder.fail(-fault.call if fault.forever else fault.call, ERRORS[fault.error])
        code = (append if way == "append" else interview)(place, lang, tell)
        recorder.fail(0, 0)
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(count, f"{code} {recorder.calls()}".encode())

    process = forked(work)
    os.waitpid(process, 0)
    os.close(count)
    os.close(tell)
    code, calls = (int(x) for x in (os.read(counted, 99) or b"-1 0").split())
    acknowledged = len(os.read(told, 99))
    os.close(counted)
    os.close(told)
    kept = len(place().file().answers)
    text = said.read_text(encoding="utf-8")
    if way == "append":
        more = entry(SEED, kept)
        place().append([more])
        assert place().file().answers[-1] == more, fault
    assert place.faults() == [], fault
    place.close()
    left = [p.name for p in (folder / "live").rglob("*.tmp")]
    return Told(fault, code, acknowledged, kept, text, left), calls


def every(kind: str, way: str, lang: str, step: int) -> Iterator[Told]:
    """All faults of one way."""
    with tempfile.TemporaryDirectory() as name:
        base = Path(name).resolve()
        n = 0

        def tried(fault: Fault) -> tuple[Told, int]:
            nonlocal n
            n += 1
            folder = base / str(n)
            (folder / "live").mkdir(parents=True)
            return once(kind, way, lang, fault, folder)

        whole, calls = tried(Fault(0, "EIO", forever=False))
        yield whole
        chosen = [
            Fault(call, error, forever)
            for call in range(1, calls + 1)
            for error in ERRORS
            for forever in (False, True)
        ]
        for fault in chosen[::step]:
            yield tried(fault)[0]


if __name__ == "__main__":
    if sys.argv[2] == "interview":
        from killing_talk import remember_knowledge, warm

        remember_knowledge()
        warm()
    outcomes = every(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
    print(json.dumps([dataclasses.asdict(t) for t in outcomes]))  # noqa: T201
