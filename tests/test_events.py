"""The log of events: chained, counted, added to by many at once, and free of texts."""

import threading
from pathlib import Path

import pytest
from backup_fixture import NOW, Opens, open_db, put
from sqlalchemy import delete, text, update
from storage_fixture import database, postgres_server

from salesdx.cli import run
from salesdx.storage import schema
from salesdx.storage.events import BEGINNING, Fault, events, record, set_head, verify
from salesdx.storage.opening import reading, writing

__all__ = ["database", "open_db", "postgres_server"]
log = schema.events


@pytest.fixture
def five(open_db: Opens, tmp_path: Path) -> str:
    """A database with five events."""
    address = str(tmp_path / "five.db")
    with writing(open_db(address)) as connection:
        for n in range(1, 6):
            record(connection, NOW, "me", "added", f"case-{n}", {"files": n})
    return address


def faults(open_db: Opens, address: str, *changes: object) -> list[tuple[int, str]]:
    engine = open_db(address)
    with writing(engine) as connection:
        for change in changes:
            connection.execute(change)  # type: ignore[call-overload]
    with reading(engine) as connection:
        return [(f.n, f.kind) for f in verify(connection).faults]


def test_an_untouched_log_is_whole(open_db: Opens, five: str) -> None:
    with reading(open_db(five)) as connection:
        chain = verify(connection)
        found = list(events(connection))
    assert (chain.count, chain.faults, chain.hash) == (5, (), found[-1].hash)
    assert found[0].before == BEGINNING
    assert [e.n for e in found] == [1, 2, 3, 4, 5]
    assert found[2].counted() == {"files": 3}


@pytest.mark.parametrize(
    "column, value",
    [("at", "2020"), ("actor", "you"), ("action", "x"), ("case_id", "y"),
     ("detail", "{}")],
)  # fmt: skip
def test_a_changed_row_is_found(
    open_db: Opens, five: str, column: str, value: str
) -> None:
    change = update(log).where(log.c.n == 3).values({column: value})
    assert faults(open_db, five, change) == [(3, "changed")]


def test_a_row_changed_with_a_hash_of_its_own_breaks_the_chain(
    open_db: Opens, five: str
) -> None:
    from salesdx.storage.events import chained

    with reading(open_db(five)) as connection:
        third = list(events(connection))[2]
    own = chained(3, NOW, "you", "added", "case-3", third.detail, third.before)
    change = update(log).where(log.c.n == 3).values(actor="you", hash=own)
    assert faults(open_db, five, change) == [(4, "unchained")]


def test_removed_rows_are_found(open_db: Opens, five: str) -> None:
    assert faults(open_db, five, delete(log).where(log.c.n == 3)) == [(3, "gap")]


@pytest.mark.parametrize("kept", [0, 3, 4])
def test_a_cut_end_is_found(open_db: Opens, five: str, kept: int) -> None:
    found = faults(open_db, five, delete(log).where(log.c.n > kept))
    assert found == [(kept + 1, "cut")]


def test_a_removed_head_is_found(open_db: Opens, five: str) -> None:
    found = faults(open_db, five, delete(schema.event_head))
    assert found == [(1, "cut")]


def test_an_added_row_is_found(open_db: Opens, five: str) -> None:
    row = log.insert().values(
        n=6, at=NOW, actor="you", action="added", case_id="x", detail="{}",
        before="0" * 64, hash="1" * 64,
    )  # fmt: skip
    found = faults(open_db, five, row)
    assert found == [(6, "unchained"), (6, "changed"), (6, "cut")]


def test_many_write_at_once_and_the_chain_holds(open_db: Opens, database: str) -> None:
    engine = open_db(database)
    failed: list[BaseException] = []

    def write(who: int) -> None:
        try:
            for n in range(6):
                with writing(engine) as connection:
                    record(connection, NOW, f"w{who}", "added", "", {"n": n})
        except BaseException as error:
            failed.append(error)

    writers = [threading.Thread(target=write, args=(who,)) for who in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    with reading(engine) as connection:
        chain = verify(connection)
        told = [(e.actor, e.counted()["n"]) for e in events(connection)]
    assert (chain.count, chain.faults) == (36, ())
    assert len(set(told)) == 36


def test_what_failed_is_not_in_the_log(open_db: Opens, database: str) -> None:
    engine = open_db(database)
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        record(connection, NOW, "me", "added", "x")
        raise ZeroDivisionError
    with reading(engine) as connection:
        assert verify(connection).count == 0


@pytest.mark.parametrize(
    "detail", [{"note": "Иванов сказал"}, {"a b": 1}, {"x": ""}, {"x": "y" * 81}]
)
def test_a_text_never_gets_into_the_log(
    open_db: Opens, tmp_path: Path, detail: dict[str, int | str]
) -> None:
    engine = open_db(tmp_path / "a.db")
    with pytest.raises(ValueError, match="counts and codes"), writing(engine) as found:
        record(found, NOW, "me", "added", "x", detail)


def test_a_head_that_lags_behind_is_told(open_db: Opens, five: str) -> None:
    engine = open_db(five)
    with writing(engine) as connection:
        set_head(connection, 4, "0" * 64)
    with reading(engine) as connection:
        assert verify(connection).faults == (Fault(5, "cut"),)


def test_commands_show_and_check_the_log(
    open_db: Opens, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_db(database)
    put(engine, tmp_path, "acme", "canary-7731")
    put(engine, tmp_path, "beta")
    assert run(["--lang", "ru", "case", "close", "acme", "--db", database]) == 0
    assert "закрыт" in capsys.readouterr().out
    out = str(tmp_path / "out")
    assert run(["case", "export", "acme", out, "--db", database]) == 0
    capsys.readouterr()
    assert run(["--lang", "en", "case", "events", "acme", "--db", database]) == 0
    told = capsys.readouterr().out
    assert [line.split("acme")[1].strip() for line in told.splitlines()] == [
        "case put into the database", "case closed", "case written out as a folder",
    ]  # fmt: skip
    assert run(["case", "events", "--verify", "--db", database]) == 0
    assert "whole" in capsys.readouterr().out
    with reading(engine) as connection:
        rows = connection.execute(text("SELECT * FROM events")).all()
    assert "canary" not in str(rows)
    with writing(engine) as connection:
        connection.execute(delete(log).where(log.c.n == 2))
    assert run(["--lang", "ru", "case", "events", "--verify", "--db", database]) == 1
    assert "не хватает" in capsys.readouterr().out
