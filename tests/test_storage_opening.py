"""A database opened: as safe as promised, or refused in words, in both languages."""

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from database_fixture import PASSWORD
from sqlalchemy import Engine, text
from storage_fixture import Server, database, postgres_server

from salesdx.case import init_case
from salesdx.errors import EXIT_DATA, DataError
from salesdx.storage import opening
from salesdx.storage.cases import add_case, case_ids
from salesdx.storage.opening import connect, reading, writing
from salesdx.storage.upgrading import open_database, opened

__all__ = ["database", "postgres_server"]
WANTED = {
    "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 60_000,
    "secure_delete": 1,
}  # fmt: skip
AT = "2026-03-01T10:00:00Z"


def pragmas(engine: Engine, writes: bool = False) -> dict[str, object]:
    with (writing if writes else reading)(engine) as connection:
        return {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in WANTED
        }


def refused(address: str, make: bool = True) -> DataError:
    with pytest.raises(DataError) as caught:
        open_database(address, make=make)
    assert caught.value.exit_code == EXIT_DATA
    return caught.value


def says(error: DataError, en: str, ru: str) -> None:
    assert en in error.text("en"), error.text("en")
    assert ru in error.text("ru"), error.text("ru")
    for language in ("en", "ru"):
        assert "Traceback" not in error.text(language)
        assert "sqlalche.me" not in error.text(language)


# what is promised holds on every connection


def test_every_connection_of_sqlite_is_as_promised(tmp_path: Path) -> None:
    with opened(str(tmp_path / "a.db"), make=True) as engine:
        found = [pragmas(engine) for _ in range(3)]
        found += [pragmas(engine, writes=True) for _ in range(3)]
        seen: list[dict[str, object]] = []
        threads = [
            threading.Thread(target=lambda: seen.append(pragmas(engine)))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(seen) == 12
    assert all(one == WANTED for one in found + seen)


@pytest.mark.parametrize(
    "weaker", ["synchronous=NORMAL", "foreign_keys=OFF", "secure_delete=OFF"]
)
def test_a_connection_that_was_weakened_is_not_given_out_again(
    weaker: str, tmp_path: Path
) -> None:
    with opened(str(tmp_path / "a.db"), make=True) as engine:
        with engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute(f"PRAGMA {weaker}")  # type: ignore[attr-defined]
        with pytest.raises(DataError, match=weaker.partition("=")[0]) as caught:
            case_ids(engine)
        says(caught.value, "would not be safe", "под угрозой")


def test_a_setting_that_sqlite_does_not_take_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(opening._PRAGMAS, "locking_mode", "other")
    says(refused(str(tmp_path / "a.db")), "locking_mode", "locking_mode")


def test_a_commit_of_postgresql_waits_for_the_disk(
    postgres_server: Server,
) -> None:
    postgres_server.run("CREATE DATABASE lazy")
    postgres_server.run("ALTER DATABASE lazy SET synchronous_commit = off")
    with opened(postgres_server.address("lazy"), make=True) as engine:
        with writing(engine) as connection:
            found = connection.execute(text("SHOW synchronous_commit")).scalar_one()
        assert found == "on"
    postgres_server.run("ALTER DATABASE lazy SET synchronous_commit = remote_apply")
    with opened(postgres_server.address("lazy")) as engine:
        with writing(engine) as connection:
            found = connection.execute(text("SHOW synchronous_commit")).scalar_one()
        assert found == "remote_apply"  # stronger: left alone


# files


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    says(refused(str(tmp_path)), "this is a folder", "это папка")


def test_a_file_of_something_else_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("format: 1\n" * 100)
    says(refused(str(path)), "no SQLite database", "не база SQLite")
    assert path.read_text() == "format: 1\n" * 100
    assert [p.name for p in tmp_path.iterdir()] == ["notes.db"]


def test_no_file_no_folder(tmp_path: Path) -> None:
    says(refused(str(tmp_path / "a.db"), make=False), "no database here", "ещё нет")
    says(refused(str(tmp_path / "no" / "a.db")), "no such folder", "нет такой папки")
    assert not list(tmp_path.iterdir())


def test_memory_is_no_place_for_answers() -> None:
    for address in ("", "sqlite://", ":memory:", "sqlite:///:memory:"):
        says(refused(address), "in memory is lost", "в памяти")


def broken(path: Path) -> None:
    """Overwrite the middle of the file, and leave its head as it was."""
    size = path.stat().st_size
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * (size - 8192))


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    acme = init_case(tmp_path / "acme", "Acme").parent
    (acme / "big.bin").write_bytes(os.urandom(300_000))
    with opened(str(path), make=True) as engine:
        add_case(engine, "acme", "Acme", acme, AT)
    broken(path)
    with pytest.raises(DataError) as caught, opened(str(path)) as engine:
        case_ids(engine)
    says(caught.value, "damaged; restore", "повреждён; восстановите")


def test_a_truncated_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(str(path), make=True):
        pass
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DataError) as caught, opened(str(path)) as engine:
        case_ids(engine)
    says(caught.value, "damaged", "повреждён")


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that another user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="sdx-shared-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def in_child(work: Callable[[], object]) -> str:
    """Run something in a process of its own; gives what it printed."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(out)
            try:
                told = str(work())
            except DataError as error:
                told = f"{error.text('en')}\n{error.text('ru')}"
            except BaseException as error:
                told = f"{type(error).__name__}: {error}"
            os.write(into, told.encode())
        finally:
            os._exit(0)
    os.close(into)
    with os.fdopen(out) as stream:
        told = stream.read()
    os.waitpid(child, 0)
    return told


def as_nobody() -> None:
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)


def test_a_file_that_may_only_be_read_is_told(shared: Path, tmp_path: Path) -> None:
    path = shared / "a.db"
    acme = init_case(tmp_path / "acme", "Acme").parent
    with opened(str(path), make=True) as engine:
        add_case(engine, "acme", "Acme", acme, AT)
    path.chmod(0o444)
    shared.chmod(0o555)

    def append() -> object:
        as_nobody()
        with opened(str(path)) as engine:
            return case_ids(engine)

    told = in_child(append)
    assert "may not be written to" in told or "cannot be opened" in told, told
    assert "запрещена" in told or "не открывается" in told


def test_a_file_that_may_not_be_read_is_told(shared: Path) -> None:
    path = shared / "a.db"
    with opened(str(path), make=True):
        pass
    path.chmod(0o000)

    def read() -> object:
        as_nobody()
        return open_database(str(path))

    told = in_child(read)
    assert "Permission denied" in told and "нет прав доступа" in told


@pytest.mark.parametrize("pages", [1, 8, 20, 40])
def test_a_full_disk_is_told_and_nothing_is_half_written(
    pages: int, tmp_path: Path
) -> None:
    """The limit of a file's size stands for the disk; it hits at several places."""
    path = tmp_path / "a.db"
    acme = init_case(tmp_path / "acme", "Acme").parent
    (acme / "big.bin").write_bytes(os.urandom(2_000_000))
    with opened(str(path), make=True) as engine:
        add_case(engine, "small", "Acme", init_case(tmp_path / "b", "B").parent, AT)

    def fill() -> object:
        size = pages * 4096
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        with opened(str(path)) as engine:
            return add_case(engine, "acme", "Acme", acme, AT)

    told = in_child(fill)
    assert "disk" in told and "диск" in told, told
    with opened(str(path)) as engine:
        assert case_ids(engine) == ["small"]
    base = sqlite3.connect(path)
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert base.execute("SELECT DISTINCT case_id FROM case_files").fetchall() == [
        ("small",)
    ]
    base.close()


def test_a_database_that_is_full_is_told(tmp_path: Path) -> None:
    acme = init_case(tmp_path / "acme", "Acme").parent
    (acme / "big.bin").write_bytes(os.urandom(500_000))
    with opened(str(tmp_path / "a.db"), make=True) as engine:
        with reading(engine) as connection:  # SQLITE_FULL, as a full disk gives
            connection.exec_driver_sql("PRAGMA max_page_count=60")
        with pytest.raises(DataError) as caught:
            add_case(engine, "acme", "Acme", acme, AT)
        says(caught.value, "no space left", "не осталось места")
        assert case_ids(engine) == []


def test_a_writer_that_never_ends_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "WAIT_MS", 50)
    monkeypatch.setitem(opening._PRAGMAS, "busy_timeout", 50)
    with opened(str(tmp_path / "a.db"), make=True) as engine:
        other = sqlite3.connect(tmp_path / "a.db")
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DataError) as caught, writing(engine):
            pass
        says(caught.value, "another program", "другая программа")
        assert case_ids(engine) == []  # reading goes on meanwhile
        other.close()


# servers


def test_what_a_server_refuses_is_told_without_the_password(
    postgres_server: Server, tmp_path: Path
) -> None:
    secret = "s3cr3t-of-mine"
    wrong = postgres_server.address("postgres", secret)
    cases = [
        (wrong, "not accepted", "не подошли"),
        (postgres_server.address("postgres", secret, "nobody"), "accepted", "подошли"),
        (postgres_server.address("nowhere"), "no such database", "такой базы там нет"),
        (
            f"postgresql://owner:{secret}@/postgres?host={tmp_path}",
            "nothing answers", "никто не отвечает",
        ),
        (
            f"postgresql://owner:{secret}@no-such-host.invalid/postgres",
            "no such host", "такого сервера не найти",
        ),
        (
            f"postgresql://owner:{secret}@127.0.0.1:9/postgres",
            "nothing answers", "никто не отвечает",
        ),
    ]  # fmt: skip
    for address, en, ru in cases:
        error = refused(address)
        says(error, en, ru)
        told = error.text("en") + error.text("ru") + repr(error.__cause__)
        assert secret not in told and PASSWORD not in told, told


def test_the_password_may_come_from_the_environment(
    postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESDX_DB_PASSWORD", PASSWORD)
    postgres_server.run("CREATE DATABASE by_variable")
    address = f"postgresql://owner@/by_variable?host={postgres_server.socket}"
    with opened(address, make=True) as engine:
        assert case_ids(engine) == []


def test_rights_that_are_missing_are_told(postgres_server: Server) -> None:
    postgres_server.run("CREATE DATABASE shut")
    postgres_server.run("CREATE ROLE guest LOGIN PASSWORD 'guest'")
    error = refused(postgres_server.address("shut", "guest", "guest"))
    says(error, "lacks the rights", "не хватает прав")


@pytest.mark.parametrize(
    "address",
    [
        "mysql://me:s3cret@host/db",
        "postgresql://me:s3c@ret/x@host/db",
        "postgresql://me:s3cret@host:port/db",
        "postgresql+asyncpg://me:s3cret@host/db",
        "postgresql://me@host/db?password=s3cret",
        "sqlite://s3cret.db",
        "sqlite:///a.db?mode=ro&uri=true&s3cret=1",
        "://s3cret",
    ],
)
def test_an_address_of_nothing_is_refused_and_not_repeated(address: str) -> None:
    error = refused(address)
    says(error, "address", "адрес")
    assert "s3c" not in error.text("en") + error.text("ru")


@pytest.mark.parametrize("address", ["postgres://h/d", "postgresql+psycopg://h/d"])
def test_other_spellings_of_postgresql_are_known(address: str) -> None:
    assert connect(address).url.drivername == "postgresql+psycopg"


def test_the_driver_that_is_missing_is_named(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from salesdx.storage.opening import connect\n"
        "from salesdx.errors import DataError\n"
        "try: connect('postgresql://h/d')\n"
        "except DataError as error: print(error.text('en'), error.text('ru'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout.count("salesdx[postgres]") == 2, done.stderr


def test_a_schema_of_our_own_beside_other_programs(postgres_server: Server) -> None:
    postgres_server.run("CREATE DATABASE together")
    with connect(postgres_server.address("together")).begin() as connection:
        connection.execute(text("CREATE TABLE cases (id integer)"))
        connection.execute(text("CREATE SCHEMA salesdx"))
    refused(postgres_server.address("together"))
    ours = postgres_server.address("together") + "&options=-csearch_path%3Dsalesdx"
    with opened(ours, make=True) as engine:
        assert case_ids(engine) == []
        with reading(engine) as connection:
            found = connection.execute(text("SELECT current_schema()")).scalar_one()
    assert found == "salesdx"
