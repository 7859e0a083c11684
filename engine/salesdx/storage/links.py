"""Links for respondents: one case, one role, until a day (ASVS 5.0, 14.2.1).

Opening a link changes nothing, for messengers open links too; finishing spends it, and
the consultant may open it again.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Engine, select

from salesdx.access.tokens import hashed, new_id, new_token
from salesdx.errors import DataError, Said
from salesdx.storage import schema
from salesdx.storage.answers import lock_open
from salesdx.storage.events import record
from salesdx.storage.link_days import DAYS, LONGEST_DAYS
from salesdx.storage.moments import written
from salesdx.storage.opening import reading, writing

State = Literal["open", "finished", "expired", "revoked"]
_table = schema.links


@dataclass(frozen=True, slots=True)
class Link:
    """A link; `by` is the respondent, `mode` is quick, full or `form:ID`."""

    id: str
    case: str
    role: str
    by: str
    mode: str
    made_by: str
    made_at: str
    expires_at: str
    used_at: str | None
    finished_at: str | None
    revoked_at: str | None

    def state(self, now: dt.datetime) -> State:
        """How it stands; what was revoked stays so, whatever else."""
        if self.revoked_at:
            return "revoked"
        if self.finished_at:
            return "finished"
        return "expired" if self.expires_at <= written(now) else "open"


def add_link(
    engine: Engine, case: str, *, role: str, by: str, mode: str, now: dt.datetime,
    actor: str, days: int = DAYS,
) -> tuple[Link, str]:  # fmt: skip
    """A new link and its token, which is told once and never kept.

    Raises:
        DataError: there is no such case, it is closed, or the days are too many.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise DataError(Said(
            f"a link holds for 1 to {LONGEST_DAYS} days, not {days}",
            f"ссылка действует от 1 до {LONGEST_DAYS} дней, а не {days}",
        ))  # fmt: skip
    token, at = new_token(), written(now)
    made = Link(
        new_id(), case, role, by, mode, actor, at,
        written(now + dt.timedelta(days=days)), None, None, None,
    )  # fmt: skip
    with writing(engine) as connection:
        lock_open(connection, case)
        connection.execute(_table.insert().values(
            id=made.id, hash=hashed(token), case_id=case, role=role, by=by, mode=mode,
            made_by=actor, made_at=at, expires_at=made.expires_at,
        ))  # fmt: skip
        record(connection, at, actor, "link-made", case, {"link": made.id})
    return made, token


def by_token(engine: Engine, token: str) -> Link | None:
    """The link of a token; None for a token that is none."""
    return _found(engine, _table.c.hash == hashed(token))


def by_id(engine: Engine, link: str) -> Link | None:
    """The link of an id."""
    return _found(engine, _table.c.id == link)


def links_of(engine: Engine, case: str) -> list[Link]:
    """All links of a case, the newest first."""
    query = select(_table).where(_table.c.case_id == case)
    with reading(engine) as connection:
        found = [_link(row) for row in connection.execute(query)]
    return sorted(found, key=lambda link: (link.made_at, link.id), reverse=True)


def used(engine: Engine, link: Link, now: dt.datetime) -> None:
    """Somebody begins with it on some device."""
    _set(engine, link, now, link.by, "link-used", {"used_at": written(now)})


def finish(engine: Engine, link: Link, now: dt.datetime) -> None:
    """The respondent is through: nobody answers by it any more."""
    _set(engine, link, now, link.by, "link-finished", {"finished_at": written(now)})


def reopen(engine: Engine, link: Link, now: dt.datetime, actor: str) -> None:
    """Let the respondent go on; where its days are over, for as many again."""
    until = max(link.expires_at, written(now + dt.timedelta(days=DAYS)))
    values = {"finished_at": None, "expires_at": until}
    _set(engine, link, now, actor, "link-reopened", values)


def revoke(engine: Engine, link: Link, now: dt.datetime, actor: str) -> None:
    """Shut it for good; whoever is in by it is out."""
    _set(engine, link, now, actor, "link-revoked", {"revoked_at": written(now)})
    gone = schema.sessions.delete().where(schema.sessions.c.link == link.id)
    with writing(engine) as connection:
        connection.execute(gone)


def _set(
    engine: Engine, link: Link, now: dt.datetime, actor: str, action: str,
    values: dict[str, str | None],
) -> None:  # fmt: skip
    with writing(engine) as connection:
        connection.execute(
            _table.update().where(_table.c.id == link.id).values(**values)
        )
        # a respondent's own name is no actor of the log: the link says who it was
        who = actor if actor != link.by else "respondent"
        record(connection, written(now), who, action, link.case, {"link": link.id})


def _found(engine: Engine, where: Any) -> Link | None:
    with reading(engine) as connection:
        row = connection.execute(select(_table).where(where)).first()
    return None if row is None else _link(row)


def _link(row: Any) -> Link:
    return Link(
        row.id, row.case_id, row.role, row.by, row.mode, row.made_by, row.made_at,
        row.expires_at, row.used_at, row.finished_at, row.revoked_at,
    )  # fmt: skip
