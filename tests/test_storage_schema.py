"""The schema: every released one upgrades to today's, whole or not at all."""

import shutil
import sqlite3
import stat
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, insert, select, text
from storage_fixture import Server, connect, database, postgres_server

from salesdx.errors import DataError
from salesdx.storage import schema, upgrading
from salesdx.storage.opening import reading, writing
from salesdx.storage.upgrading import HEAD, open_database, revision, steps

__all__ = ["database", "postgres_server"]
RELEASED = Path(__file__).parent / "data" / "schemas"
NEXT = "9001"


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True}
    )
    return list(compare_metadata(context, schema.metadata))


def filled(address: str) -> None:
    engine = open_database(address)
    case = {"id": "acme", "name": "Acme", "added_at": "2026-01-01T00:00:00Z"}
    with writing(engine) as connection:
        connection.execute(insert(schema.cases).values(case))
        connection.execute(
            insert(schema.case_files).values(
                case_id="acme", path="company.yaml", piece=0, content=b"format: 1\n"
            )
        )
        connection.execute(
            insert(schema.respondents).values(
                case_id="acme", id="boss", place=0, role="owner"
            )
        )
    engine.dispose()


def content(address: str) -> dict[str, list[tuple[Any, ...]]]:
    engine = open_database(address)
    with reading(engine) as connection:
        found = {
            table.name: sorted(
                tuple(row) for row in connection.execute(select(table)).all()
            )
            for table in schema.metadata.sorted_tables
        }
    engine.dispose()
    return found


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The steps of this program, to which a test may add one."""
    folder = tmp_path / "migrations"
    shutil.copytree(upgrading.MIGRATIONS, folder)
    monkeypatch.setattr(upgrading, "MIGRATIONS", folder)
    yield folder


def add_step(folder: Path, body: str) -> None:
    (folder / "versions" / f"{NEXT}_next.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f'revision = "{NEXT}"\ndown_revision = "{HEAD}"\n'
        f"def upgrade():\n{textwrap.indent(textwrap.dedent(body), '    ')}\n",
        encoding="utf-8",
    )


def test_the_steps_are_those_of_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", str(upgrading.MIGRATIONS))
    folder = ScriptDirectory.from_config(config)
    assert folder.get_heads() == [HEAD]
    walked = [step.revision for step in folder.walk_revisions()]
    assert walked[::-1] == steps()


def test_a_new_database_is_exactly_as_declared(database: str) -> None:
    engine = open_database(database)
    with reading(engine) as connection:
        assert revision(connection) == HEAD
        assert differences(connection) == []
    engine.dispose()


def test_a_difference_would_be_seen(database: str) -> None:
    engine = open_database(database)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE cases DROP COLUMN closed_at"))
        connection.execute(text("CREATE TABLE other (id integer)"))
        assert len(differences(connection)) == 2
    engine.dispose()


@pytest.mark.parametrize(
    "released", sorted(RELEASED.glob("*.sql")), ids=lambda p: p.stem
)
def test_every_released_schema_becomes_today_s_with_all_its_data(
    released: Path, tmp_path: Path
) -> None:
    """A dump of a released SQLite database, a row in each table: it never changes."""
    path = tmp_path / "old.db"
    base = sqlite3.connect(path)
    base.executescript(released.read_text(encoding="utf-8"))
    held = {
        name: base.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
        for (name,) in base.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite_%' AND name != 'alembic_version'"
        ).fetchall()
    }
    base.close()
    assert all(held.values()), f"{released.name} leaves tables empty: {held}"
    engine = open_database(str(path))
    with reading(engine) as connection:
        assert differences(connection) == []
        for name, count in held.items():
            table = schema.metadata.tables[name]
            found = connection.execute(select(func.count()).select_from(table))
            assert found.scalar_one() == count, name
    engine.dispose()


def test_every_step_was_released_with_a_dump() -> None:
    assert [p.stem for p in sorted(RELEASED.glob("*.sql"))] == steps()


def test_a_step_keeps_all_data_though_it_rebuilds_a_table(
    database: str, later: Path
) -> None:
    filled(database)
    before = content(database)
    add_step(
        later,
        """
        with op.batch_alter_table("cases") as table:
            table.alter_column("name", type_=sa.String(500), existing_type=sa.Text())
            table.add_column(sa.Column("more", sa.Text()))
        """,
    )
    told: list[str] = []
    engine = open_database(database, tell=told.append)
    with reading(engine) as connection:
        assert revision(connection) == NEXT
    engine.dispose()
    assert content(database) == before  # nothing went with the old table
    if "://" in database:
        assert not told
        return
    (copy,) = Path(database).parent.glob("*.bak")
    assert str(copy) in told[0] and str(copy) in told[0].ru
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    base = sqlite3.connect(copy)
    assert base.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    assert base.execute("SELECT id FROM cases").fetchall() == [("acme",)]
    base.close()


def test_a_failed_step_leaves_the_old_data_and_schema(
    database: str, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(database)
    before = content(database)
    add_step(
        later,
        """
        op.add_column("cases", sa.Column("more", sa.Text()))
        op.execute("DELETE FROM case_files")
        op.execute("INSERT INTO nowhere VALUES (1)")
        """,
    )
    with pytest.raises(DataError, match="nowhere"):
        open_database(database)
    monkeypatch.undo()
    assert content(database) == before
    engine = open_database(database)
    with reading(engine) as connection:
        assert revision(connection) == HEAD
        assert differences(connection) == []
    engine.dispose()


def test_a_step_that_would_break_links_is_taken_back(
    tmp_path: Path, later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = str(tmp_path / "cases.db")
    filled(address)
    before = content(address)
    add_step(later, 'op.execute("DELETE FROM cases")')
    with pytest.raises(DataError, match="links"):
        open_database(address)
    monkeypatch.undo()
    assert content(address) == before


@pytest.mark.parametrize(
    ("written", "said", "po_russki"),
    [("9999", "newer", "более новая"), ("f2a9c1d0", "another program", "другой")],
)
def test_a_schema_that_is_not_known_is_refused(
    database: str, written: str, said: str, po_russki: str
) -> None:
    filled(database)
    engine = connect(database)
    with writing(engine) as connection:
        connection.execute(
            text("UPDATE alembic_version SET version_num = :v"), {"v": written}
        )
    with pytest.raises(DataError, match=said) as caught:
        open_database(database)
    assert po_russki in caught.value.text("ru")
    engine.dispose()


def test_a_database_of_another_program_is_left_alone(database: str) -> None:
    if "://" in database:
        engine = connect(database)
        with writing(engine) as connection:
            connection.execute(text("CREATE TABLE cases (id integer)"))
        engine.dispose()
    else:
        base = sqlite3.connect(database)
        base.execute("CREATE TABLE cases (id integer)")
        base.close()
        before = Path(database).read_bytes()
    with pytest.raises(DataError, match="another program"):
        open_database(database)
    if "://" not in database:
        assert Path(database).read_bytes() == before


def test_nothing_is_made_unless_asked(database: str) -> None:
    with pytest.raises(DataError, match="case add"):
        open_database(database, make=False)
    if "://" not in database:
        assert not Path(database).exists()


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    address = tmp_path / "cases.db"
    filled(str(address))
    engine = open_database(str(address))
    with writing(engine) as connection:
        connection.execute(text("UPDATE cases SET name = 'B'"))
        modes = {
            path.name: stat.S_IMODE(path.stat().st_mode)
            for path in tmp_path.glob("cases.db*")
        }
    assert modes == dict.fromkeys(("cases.db", "cases.db-shm", "cases.db-wal"), 0o600)
    engine.dispose()


def test_an_encoding_that_loses_letters_is_refused(postgres_server: Server) -> None:
    postgres_server.run(
        "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0"
        " LC_COLLATE 'C' LC_CTYPE 'C'"
    )
    with pytest.raises(DataError, match="LATIN1"):
        open_database(postgres_server.address("latin"))
