"""Bring a database to the schema of this program; alembic is loaded only for that."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, inspect, text

from salesdx.errors import DataError, Said
from salesdx.storage.opening import connect, writing

HEAD = "0001"
_LOCK = 7_300_117  # any number, the same for every salesdx


def open_database(address: str) -> Engine:
    """An engine on a database of today's schema; an empty one is made.

    Raises:
        DataError: it cannot be opened, or a newer salesdx has written it.
    """
    engine = connect(address)
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        found = revision(connection)
        if found != HEAD:
            _refuse_newer(found)
            _upgrade(connection)
    return engine


def revision(connection: Connection) -> str | None:
    """The schema a database is in; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(
        text("SELECT version_num FROM alembic_version")
    ).scalar_one_or_none()


def _refuse_newer(found: str | None) -> None:
    if found is not None and found > HEAD:
        raise DataError(Said(
            f"the database is of a newer salesdx (schema {found}, here {HEAD});"
            " update the program",
            f"базу записала более новая версия salesdx (схема {found}, здесь {HEAD});"
            " обновите программу",
        ))  # fmt: skip


def _upgrade(connection: Connection) -> None:
    from alembic import command

    command.upgrade(_config(connection), HEAD)


def _config(connection: Connection) -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
