"""Which older results a result is held against: those that are saved in the case."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from salesdx.compare import Comparison, compare
from salesdx.compare.model import ActionChange
from salesdx.errors import DataError, Said, UsageError
from salesdx.knowledge.base import KnowledgeBase
from salesdx.result import ResultDocument
from salesdx.runs import Saved, before, read, saved_runs

_DAYS = re.compile(r"(\d{1,4})\s*[dд]?", re.IGNORECASE)


@dataclass(frozen=True)
class Earlier:
    """The comparison with an older result, and what older plans promised."""

    since: Comparison | None
    promised: list[ActionChange] | None


def earlier(
    now: ResultDocument, folder: Path, knowledge: KnowledgeBase, asked: str | None
) -> Earlier:
    """Hold a result against the saved one that was asked for, else the newest.

    `asked` is a file, a day, or days back: then the newest result that is as old.

    Raises:
        DataError: the file that was asked for cannot be read.
        UsageError: it is neither a file nor a day.
    """
    if asked is not None and (Path(asked).is_file() or asked.endswith(".json")):
        found = compare(read(Path(asked)), now, knowledge)
        return Earlier(found, found.actions)
    runs = saved_runs(folder)[0]
    then = _newest(now, folder, runs, asked)
    return Earlier(
        compare(then, now, knowledge) if then else None,
        _promised(now, folder, knowledge, runs) if runs else None,
    )


def refuse_unless_known(asked: str | None) -> None:
    """Refuse what is neither a file nor a day before the long work.

    Raises:
        DataError: there is no such file.
        UsageError: it is neither a file nor a day.
    """
    if asked is None or Path(asked).is_file():
        return
    if asked.endswith(".json"):
        read(Path(asked))
    _day(asked, None)


def _newest(
    now: ResultDocument, folder: Path, runs: Sequence[Saved], asked: str | None
) -> ResultDocument | None:
    if asked is None:
        # a result that is saved already is held against the one before; the first
        # of all against itself: nothing has changed since it was saved
        return before(now, folder) or (now if runs else None)
    day = _day(asked, now.case.as_of)
    old = [r for r in runs if r.as_of is not None and r.as_of <= day]
    return next(filter(None, (_read(folder, r) for r in reversed(old))), None)


def _day(asked: str, as_of: str | None) -> str:
    """The day that was asked for, ISO."""
    try:
        return dt.date.fromisoformat(asked.strip()).isoformat()
    except ValueError:
        pass
    back = _DAYS.fullmatch(asked.strip())
    if back is None:
        raise UsageError(Said(
            f"--since {asked}: neither a file, nor a day like 2026-06-30, nor a number "
            "of days like 30",
            f"--since {asked}: это не файл, не дата вида 2026-06-30 и не число дней "
            "вида 30",
        ))  # fmt: skip
    if as_of is None:
        return ""
    day = dt.date.fromisoformat(as_of) - dt.timedelta(days=int(back[1]))
    return day.isoformat()


def _read(folder: Path, run: Saved) -> ResultDocument | None:
    try:
        return read(folder / run.name)
    except DataError:
        return None


def _promised(
    now: ResultDocument, folder: Path, knowledge: KnowledgeBase, runs: Sequence[Saved]
) -> list[ActionChange]:
    """Each action of today's plan as the oldest plan that has it promised it.

    A plan that is made anew every night moves its days to look along with it; what
    counts is the day that was set first.
    """
    wanted = {a.id for a in now.plan if a.kpi is not None}
    found: list[ActionChange] = []
    for run in runs:
        old = _read(folder, run) if wanted else None
        there = wanted & {a.id for a in old.plan if a.kpi} if old else set()
        if old is not None and there:
            changes = compare(old, now, knowledge).actions
            found += [a for a in changes if a.id in there]
            wanted -= there
    return found
