"""Kill a process that keeps answers, at seeded moments, and look what is left.

One warm parent forks the processes that are killed: starting Python two hundred times
would take most of the time and kill it while it imports. Everything that is decided by
chance comes from a seed, so that a run can be repeated.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kept_places import Place

from salesdx.answers.file import AnswerEntry
from salesdx.errors import SalesdxError

OPENING = 0.15  # the share of kills that are timed from the start of the process


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: after so many answers, and into the next one by this fraction.

    Without a number of answers it is that fraction of the time of opening. Fractions,
    for a busy machine takes its time: seconds would hit nothing but waiting there.
    """

    answers: int | None
    fraction: float


@dataclass(slots=True)
class Pace:
    """How long opening and one answer take on this machine now, in seconds."""

    opening: float = 0.1
    answering: float = 0.02

    def until(self, moment: Moment) -> float:
        """How long to wait, once so many answers are acknowledged."""
        whole = self.opening if moment.answers is None else self.answering
        return whole * moment.fraction

    def opened(self, seconds: float) -> None:
        """Learn from an opening."""
        self.opening += (seconds - self.opening) / 4

    def answered(self, seconds: float) -> None:
        """Learn from an answer."""
        self.answering += (seconds - self.answering) / 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """One kill: answers there before it, acknowledged until it, and found after it.

    `ready` is the time from the start of the process until it went on, `used` what it
    took of a processor: that does not depend on what else the machine is doing.
    """

    moment: Moment
    before: int
    acknowledged: int
    found: int
    ready: float | None
    used: float | None

    @property
    def lost(self) -> int:
        """Answers that were acknowledged and are not there."""
        return max(0, self.acknowledged - self.found)

    @property
    def extra(self) -> int:
        """Answers that are there though nobody was told so."""
        return max(0, self.found - self.acknowledged)


def schedule(seed: int, kills: int, most: int = 8) -> list[Moment]:
    """The moments of the kills, each within `most` answers of the start."""
    chance = random.Random(seed)
    return [
        Moment(
            None if chance.random() < OPENING else chance.randint(0, most),
            round(chance.uniform(0, 1.2), 4),
        )
        for _ in range(kills)
    ]


def entry(seed: int, n: int) -> AnswerEntry:
    """The n-th answer of a script: of any length, in the letters of our users."""
    chance = random.Random(f"{seed}/{n}")
    size = int(chance.choice((3, 40, 400, 4000)) * chance.random())
    return AnswerEntry(
        question=f"q.{n}", by="owner", key=str(n),
        value=chance.choice((True, 3, "да", ["a", "б"], 0.25, None)),
        note="".join(chance.choices("абвгдеё жз—«»\n:#'\"-0123456789", k=size)).strip(),
        confidence=chance.choice(("sure", "unsure", "guess")),
        at="2026-03-01T10:00:00Z", interview="one",
    )  # fmt: skip


def forked(work: Callable[[], None]) -> int:
    """Start a process that does the work and ends; gives its id."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # a child must never go on as its parent
        traceback.print_exc()
    finally:
        os._exit(code)


def processor_time(process: int) -> float | None:
    """Seconds of a processor that a process has used; None where nobody counts."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return None
    user, system = text.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def kill(process: int) -> None:
    """End a process as a power button would, and wait until it is gone."""
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def append_on(place: Place, seed: int, told: int) -> None:
    """Append answers without end, writing a line after each that was acknowledged."""
    with suppress(SalesdxError):  # the server was struck: nothing is acknowledged
        store = place()
        n = len(store.file().answers)
        os.write(told, f"ready {n}\n".encode())
        while True:
            store.append([entry(seed, n)])
            os.write(told, f"saved {n}\n".encode())
            n += 1


def killed_while_appending(
    place: Place,
    seed: int,
    moment: Moment,
    before: int,
    pace: Pace,
    strike: Callable[[int], None] = kill,
) -> Outcome:
    """Let a process append, strike it at the moment, and count what is there."""
    read, write = os.pipe()
    started = time.perf_counter()
    process = forked(lambda: append_on(place, seed, write))
    os.close(write)
    text, ready, used = "", None, None
    try:
        if moment.answers is not None:
            text = _heard(read, 1)
            ready, used = time.perf_counter() - started, processor_time(process)
            pace.opened(ready)
        for _ in range(moment.answers or 0):
            began = time.perf_counter()
            text += _heard(read, 1)
            pace.answered(time.perf_counter() - began)
        time.sleep(pace.until(moment))
        strike(process)
        while piece := os.read(read, 65536):  # acknowledged before it died
            text += piece.decode()
    finally:
        os.close(read)
    saved = [int(x.split()[1]) + 1 for x in text.splitlines() if x.startswith("saved")]
    acknowledged = max([before, *saved])
    return Outcome(moment, before, acknowledged, found(place, seed), ready, used)


def _heard(read: int, lines: int) -> str:
    """So many lines more of what a process tells, or all that it ever told."""
    text = ""
    while text.count("\n") < lines and (piece := os.read(read, 1)):
        text += piece.decode()
    return text


def found(place: Place, seed: int) -> int:
    """How many answers of the script are there; all of them whole and in order."""
    answers = place().file().answers
    for n, answer in enumerate(answers):
        assert answer == entry(seed, n), (n, answer)
    return len(answers)


def rounds(
    fresh: Callable[[int], Place],
    moments: list[Moment],
    one: Callable[[Place, Moment, int], Outcome],
    most: int = 150,
) -> Iterator[Outcome]:
    """Kill again and again; with `most` answers a new case is begun."""
    place, before = fresh(0), 0
    for n, moment in enumerate(moments, 1):
        place.close()  # what is forked must not share a connection
        outcome = one(place, moment, before)
        assert not place.faults(), (moment, place.faults())
        yield outcome
        before = outcome.found
        if before >= most:
            place.close()
            place, before = fresh(n), 0
    place.close()
