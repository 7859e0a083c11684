"""Moving a begun interview to newer questions: what would become of it; the move."""

import datetime as dt
import secrets

from salesdx.interview.moving import Preview, moved, outdated, preview
from salesdx.storage.moments import written
from salesdx.workspace.desk import Desk


def preview_of(desk: Desk, case: str, by: str, role: str, mode: str) -> Preview | None:
    """What moving would make of it; None where it is on today's questions."""
    measured = desk.measured(case)
    file = desk.answers(case).file()
    mine = [
        t for t in outdated(file, measured.knowledge) if (t.by, t.mode) == (by, mode)
    ]  # fmt: skip
    if not mine:
        return None
    return preview(
        file, mine[-1], measured.knowledge, desk.pins, role=role,
        sales_model=measured.case.company.sales_model,
    )  # fmt: skip


def move(desk: Desk, case: str, shown: Preview, now: dt.datetime) -> None:
    """Continue it in a new interview; the former one stays as it is."""
    knowledge = desk.measured(case).knowledge
    name = f"{shown.talk.by}-{secrets.token_hex(4)}"
    talk, copies = moved(shown, knowledge, name=name, started=written(now))
    desk.pins.keep(knowledge.pinned)
    desk.answers(case).append(copies, interview=talk)
