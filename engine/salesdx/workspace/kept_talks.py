"""Talks as the last request left them, so that the next one need not work them out.

A kept talk is found only where the case is just as this talk knows it: whoever else has
answered meanwhile makes it forgotten, and so do other figures. One request at a time
has it; a second one opens its own.
"""

import datetime as dt
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from sqlalchemy import func, select

from salesdx.analysis import Measured
from salesdx.conversation.interview import Interview
from salesdx.storage import schema
from salesdx.storage.opening import reading
from salesdx.workspace.desk import Desk, Version

_MOST = 64
Of = tuple[str, str, str, bool, bool]  # role, by, mode, alone, advise


@dataclass(frozen=True, slots=True)
class State:
    """A talk at a state of its case; the counts only grow."""

    version: Version
    answers: int
    interviews: int
    of: Of


@dataclass
class Held:
    """A talk that some request has: what it began with, and when it is now."""

    state: State
    measured: Measured
    begins: bool  # with its first answer it is recorded as an interview
    heard: int  # answers that it knew when it was taken
    now: dt.datetime


_kept: WeakKeyDictionary[Desk, OrderedDict[State, Interview]] = WeakKeyDictionary()
_held: WeakKeyDictionary[Interview, Held] = WeakKeyDictionary()
_lock = threading.Lock()


def state_of(desk: Desk, case: str, of: Of) -> State:
    """How a case stands now, for a talk with it.

    Raises:
        DataError: there is no such case.
    """
    version = desk.version(case)
    answers, talks = (
        select(func.count()).where(c.case_id == case).scalar_subquery()
        for c in (schema.answers.c, schema.interviews.c)
    )
    with reading(desk.engine) as connection:
        row = connection.execute(select(answers, talks)).one()
    return State(version, row[0], row[1], of)


def take(desk: Desk, state: State, measured: Measured, now: dt.datetime) -> (
    Interview | None
):  # fmt: skip
    """The talk that was left in this state, for this request alone."""
    with _lock:
        talk = _kept.setdefault(desk, OrderedDict()).pop(state, None)
    if talk is None or _held[talk].measured is not measured:
        return None
    _held[talk].now = now
    return talk


def forget(desk: Desk, case: str) -> None:
    """Keep no talk of a case: what was said in one is erased."""
    with _lock:
        kept = _kept.get(desk, OrderedDict())
        for state in [s for s in kept if s.version.case == case]:
            del kept[state]


def hold(talk: Interview, held: Held) -> None:
    """Remember what a new talk began with."""
    _held[talk] = held


def keep(desk: Desk, talk: Interview) -> None:
    """Leave a talk to the next request; what it remembers otherwise is not kept."""
    held = _held[talk]
    if talk.remembers:
        return
    said = len(talk.log.answers) - held.heard
    begun = held.begins and said > 0
    held.state = replace(
        held.state, answers=held.state.answers + said,
        interviews=held.state.interviews + begun,
    )  # fmt: skip
    held.heard, held.begins = len(talk.log.answers), held.begins and not begun
    with _lock:
        kept = _kept.setdefault(desk, OrderedDict())
        kept[held.state] = talk
        while len(kept) > _MOST:
            kept.popitem(last=False)
