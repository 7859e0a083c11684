"""Kill a process that keeps answers, at seeded moments, and look what is left.

One warm parent forks the processes that are killed: starting Python two hundred times
would take most of the time and kill it while it imports. Everything that is decided by
chance comes from a seed, so that a run can be repeated.
"""

import os
import random
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from kept_places import Place

from salesdx.answers.file import AnswerEntry
from salesdx.errors import SalesdxError

OPENING = 0.15  # the share of kills that are timed from the start of the process


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: seconds after the process started, or after it was ready."""

    seconds: float
    from_start: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One kill: answers there before it, acknowledged until it, and found after it.

    `ready` is the time from the start of the process until it went on.
    """

    moment: Moment
    before: int
    acknowledged: int
    found: int
    ready: float | None

    @property
    def lost(self) -> int:
        """Answers that were acknowledged and are not there."""
        return max(0, self.acknowledged - self.found)

    @property
    def extra(self) -> int:
        """Answers that are there though nobody was told so."""
        return max(0, self.found - self.acknowledged)


def schedule(seed: int, kills: int, span: float) -> list[Moment]:
    """The moments of the kills, within `span` seconds."""
    chance = random.Random(seed)
    return [
        Moment(round(chance.uniform(0, span), 4), chance.random() < OPENING)
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
    strike: Callable[[int], None] = kill,
) -> Outcome:
    """Let a process append, strike it at the moment, and count what is there."""
    read, write = os.pipe()
    started = time.perf_counter()
    process = forked(lambda: append_on(place, seed, write))
    os.close(write)
    text, ready = "", None
    try:
        if moment.from_start:
            time.sleep(moment.seconds)
        else:
            select.select([read], [], [], 60)
            text = os.read(read, 4096).decode()
            ready = time.perf_counter() - started
            time.sleep(moment.seconds)
        strike(process)
        while piece := os.read(read, 65536):  # acknowledged before it died
            text += piece.decode()
    finally:
        os.close(read)
    saved = [int(x.split()[1]) + 1 for x in text.splitlines() if x.startswith("saved")]
    acknowledged = max([before, *saved])
    return Outcome(moment, before, acknowledged, found(place, seed), ready)


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
