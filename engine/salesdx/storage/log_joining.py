"""Two logs made one: that of the database stays whole, the backup's news follow.

A log that a restore could throw away would prove nothing.
"""

import json

from sqlalchemy import Connection, text

from salesdx.storage import schema
from salesdx.storage.events import Detail, Event, record, set_head

WAS = "was"  # in the detail of an event that was brought: its hash in its old log
_COLUMNS = 'n, at, actor, action, case_id, detail, "before", hash'


def keep_log(connection: Connection) -> None:
    """Put the log of the database out of the way of the restore."""
    _copy(connection, "kept_events", "events")
    _copy(connection, "kept_head", "event_head")


def _copy(connection: Connection, to: str, of: str) -> None:
    connection.execute(text(f"CREATE TEMPORARY TABLE {to} AS SELECT * FROM {of}"))


def join_log(connection: Connection, at: str, actor: str, counted: Detail) -> int:
    """Bring the log back, add what only the backup knows, then the restore itself.

    An empty log is simply replaced by that of the backup. Returns how many were added.
    """
    kept = connection.execute(text("SELECT count, hash FROM kept_head")).one_or_none()
    added = 0
    if kept is not None:
        _copy(connection, "brought_events", "events")
        connection.execute(schema.events.delete())
        connection.execute(
            text(f"INSERT INTO events ({_COLUMNS}) SELECT {_COLUMNS} FROM kept_events")
        )
        set_head(connection, kept[0], kept[1])
        added = _add_news(connection)
        connection.execute(text("DROP TABLE brought_events"))
    for name in ("kept_events", "kept_head"):
        connection.execute(text(f"DROP TABLE {name}"))
    record(connection, at, actor, "restored", detail=counted)
    return added


def _add_news(connection: Connection) -> int:
    """Events of the backup that the log does not have, in their own or a told form."""
    told = connection.execute(
        text(f"""SELECT detail FROM kept_events WHERE detail LIKE '%"{WAS}":%'""")
    )
    known = {_was(row.detail) for row in told}
    mine = text("SELECT 1 FROM kept_events WHERE hash = :hash")
    rows = connection.execute(text(
        f"SELECT {_COLUMNS} FROM brought_events"
        " WHERE hash NOT IN (SELECT hash FROM kept_events) ORDER BY n"
    ))  # fmt: skip
    added = 0
    for event in (Event(*row) for row in rows.all()):
        was = _was(event.detail)
        back = was and connection.execute(mine, {"hash": was}).first()  # it came home
        if event.hash not in known and was not in known - {None} and not back:
            _add(connection, event)
            added += 1
    return added


def _was(detail: str) -> str | None:
    try:
        found = json.loads(detail)
    except ValueError:
        return None
    return found.get(WAS) if isinstance(found, dict) else None


def _add(connection: Connection, event: Event) -> None:
    values = (event.at, event.actor, event.action, event.case)
    try:
        record(connection, *values, {**event.counted(), WAS: event.hash})
    except (ValueError, TypeError):  # no detail of ours: its hash will do
        record(connection, *values, {WAS: event.hash})
