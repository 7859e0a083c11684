"""The cases of a user, each with its state in one line."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from salesdx.analysis import Analysis
from salesdx.storage.cases import CaseInfo, case_info
from salesdx.storage.links import links_of
from salesdx.workspace.desk import Desk

_JUDGED = 2  # cases that one look at the list may judge anew; it takes a tenth each


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case; `found` is its analysis where that is at hand."""

    info: CaseInfo
    found: Analysis | None
    links: int  # open ones
    last: str  # when somebody last did something


@dataclass(frozen=True, slots=True)
class CaseList:
    """Cases in work by last activity, closed ones apart, and how many there are."""

    in_work: Sequence[CaseLine]
    closed: Sequence[CaseLine]
    all: int


def case_list(
    desk: Desk, cases: Sequence[str], search: str, now: dt.datetime
) -> CaseList:
    """The cases whose name or id holds what was looked for."""
    infos = [case_info(desk.engine, case) for case in cases]
    wanted = search.casefold()
    shown = [i for i in infos if wanted in f"{i.name}\n{i.id}".casefold()]
    lines, judged = [], 0
    for info in sorted(shown, key=_last, reverse=True):
        found = desk.at_hand(info.id)
        if found is None and judged < _JUDGED and desk.is_ready(info.id):
            found, judged = desk.analysis(info.id), judged + 1
        links = links_of(desk.engine, info.id)
        count = sum(link.state(now) == "open" for link in links)
        last = max([_last(info), *(link.made_at for link in links)])
        lines.append(CaseLine(info, found, count, last))
    lines.sort(key=lambda line: line.last, reverse=True)
    return CaseList(
        [line for line in lines if line.info.closed_at is None],
        [line for line in lines if line.info.closed_at is not None],
        len(infos),
    )


def likely_count(found: Analysis) -> int:
    """How many causes are likely, wherever."""
    return len({c.id for c in found.document.causes if c.verdict == "likely"})


def _last(info: CaseInfo) -> str:
    return max(info.added_at, info.last_answer)
