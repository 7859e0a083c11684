"""The same test on SQLite and on PostgreSQL: `database` is the address of an empty one.

`from storage_fixture import database, postgres_server` brings both fixtures in. The
server is started once for the session, where PostgreSQL is installed; else what needs
it is skipped and says why.
"""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from database_fixture import PASSWORD, WHY, postgres, program

from salesdx.storage.opening import connect

__all__ = ["BOTH", "Server", "connect", "database", "postgres_server"]
BOTH = ("sqlite", "postgresql")
_names = itertools.count(1)


class Server:
    """A running PostgreSQL server, and its addresses."""

    def __init__(self, socket: str) -> None:
        self.socket = socket

    def run(self, statement: str) -> None:
        """Run a statement of the administrator."""
        import psycopg

        given: Any = {"host": self.socket, "user": "owner", "password": PASSWORD}
        with psycopg.connect(**given, dbname="postgres", autocommit=True) as base:
            base.execute(statement)

    def address(self, name: str, password: str = PASSWORD, user: str = "owner") -> str:
        """Where a database of this server is."""
        given = quote(password, safe="")
        return f"postgresql://{user}:{given}@/{name}?host={self.socket}"


def _started() -> Iterator[Server]:
    pytest.importorskip("psycopg", reason="the extra postgres is missing")
    if program("initdb") is None:
        pytest.skip(WHY)
    with postgres() as socket:
        yield Server(socket)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for all tests of the session."""
    yield from _started()


@pytest.fixture(params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new empty database."""
    if request.param == "sqlite":
        yield str(tmp_path / "cases.db")
        return
    server: Server = request.getfixturevalue("postgres_server")
    name = f"cases_{next(_names)}"
    server.run(f"CREATE DATABASE {name}")
    yield server.address(name)
    server.run(f"DROP DATABASE {name} WITH (FORCE)")
