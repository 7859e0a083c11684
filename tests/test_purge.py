"""A destroyed case: no byte of it in any file, all others whole, papers that say so."""

import datetime as dt
import json
import re
import sqlite3
import zipfile
from pathlib import Path

import pytest
from backup_fixture import AT, NOW, Opens, content, folder_of, open_db, put
from sqlalchemy import text
from storage_fixture import Server, database, postgres_server

from salesdx.cli import run
from salesdx.errors import DataError
from salesdx.storage import schema, sweeping
from salesdx.storage.cases import case_ids, export_case
from salesdx.storage.events import events, verify
from salesdx.storage.inventory import destruction
from salesdx.storage.opening import reading, writing
from salesdx.storage.purging import purge
from salesdx.storage.retention import close, due, reopen
from salesdx.tables import TABLES

__all__ = ["database", "open_db", "postgres_server"]
CANARY = "canary-88f1-Канарейкин"


def raw(*folders: Path, but: str = "pg_wal") -> bytes:
    """The bytes of all files of a database."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and but not in path.parts:
                found.append(path.read_bytes())
    return b"".join(found)


def parts_of(secret: str) -> list[bytes]:
    return [secret.encode(), secret.encode("utf-16-le"), secret.encode("cp1251")]


@pytest.fixture
def place(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where the files of the database are."""
    if "://" not in database:
        return tmp_path
    server: Server = request.getfixturevalue("postgres_server")
    return Path(server.socket) / "data"


def test_no_byte_of_a_destroyed_case_is_left_and_others_are_whole(
    open_db: Opens,
    database: str,
    place: Path,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    engine, sources = open_db(database), tmp_path.parent / f"{tmp_path.name}-sources"
    sources.mkdir()
    put(engine, sources, "before", "other-1")
    put(engine, sources, "victim", CANARY)
    put(engine, sources, "after", "other-2")
    big = folder_of(sources / "more", "big", CANARY)
    (big / "data" / "notes.txt").write_text(f"{CANARY}\n" * 60_000)
    from salesdx.storage.cases import add_case

    add_case(engine, "big", "Big", big, NOW)
    if "://" in database:
        request.getfixturevalue("postgres_server").run("CHECKPOINT")
    assert CANARY.encode() in raw(place)
    kept = {t: [r for r in rows if "before" in r or "after" in r]
            for t, rows in content(engine, "events").items()}  # fmt: skip
    for case in ("victim", "big"):
        done = purge(engine, case, NOW, "me", "retention")
        assert done.counts["answers"] == 2
    found = raw(place)
    for part in parts_of(CANARY):
        assert found.count(part) == 0
    assert b"other-1" in found or "://" in database  # compressed on the server
    left = {t: [r for r in rows if "before" in r or "after" in r]
            for t, rows in content(engine, "events").items()}  # fmt: skip
    assert left == kept and case_ids(engine) == ["after", "before"]
    export_case(engine, "after", sources / "out")
    assert (sources / "out" / "data" / "deals.csv").read_bytes() == (
        sources / "after" / "data" / "deals.csv"
    ).read_bytes()
    with reading(engine) as connection:
        assert verify(connection).faults == ()


def test_the_act_says_what_and_how_much_and_nothing_else(
    open_db: Opens, database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(open_db(database), tmp_path, "acme", CANARY)
    acts = tmp_path / "acts"
    code = run([
        "--lang", "ru", "case", "purge", "acme", "--db", database, "--act", str(acts),
        "--yes", "--ground", "withdrawn", "--operator", "ООО «Аудит», Москва",
        "--by", "Петров П. П., консультант", "--number", "7",
    ])  # fmt: skip
    assert code == 0
    told = capsys.readouterr()
    assert "уничтожен" in told.out and CANARY not in told.out + told.err
    papers = sorted(acts.iterdir())
    assert [p.name.split(".", 1)[1] for p in papers] == [
        "en.docx", "en.html", "json", "ru.docx", "ru.html",
    ]  # fmt: skip
    for path in papers:
        data = path.read_bytes()
        if path.suffix == ".docx":
            with zipfile.ZipFile(path) as archive:
                data = archive.read("word/document.xml")
        assert CANARY.encode() not in data and b"canary" not in data
        assert path.stat().st_mode & 0o777 == 0o600
    act = json.loads(papers[2].read_bytes())
    assert (act["case"], act["ground"]["id"]) == ("acme", "withdrawn")
    assert act["counts"]["respondents"] == act["counts"]["named"] == 1
    assert act["counts"]["answers"] == 2 and act["counts"]["staff-tables"] == 1
    assert [e["action"] for e in act["events"]] == ["added", "purged", "swept"]
    assert act["log"]["whole"]
    page = re.sub(r"<[^>]+>", "", papers[4].read_text("utf-8"))
    for words in (
        "Акт об уничтожении персональных данных № 7", "ООО «Аудит», Москва",
        "ч. 5 ст. 21", "30 дней с даты поступления отзыва", "Петров П. П.",
        "записей: 2, с примечанием: 2", "Приложение № 1", "данные удалены",
        "Дата составления: «___» ______________ 20___ г.",
        "Журнал проверен целиком, событий: 3",
    ):  # fmt: skip
        assert words in page, words
    english = re.sub(r"<[^>]+>", "", papers[1].read_text("utf-8"))
    assert "Annex 1" in english and "records: 2, with a note: 2" in english
    assert ("реплики" in page) == ("://" in database)


def test_the_id_must_be_typed(
    open_db: Opens, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    import io

    db, acts = str(tmp_path / "a.db"), str(tmp_path / "acts")
    put(open_db(db), tmp_path, "acme")
    words = ["--lang", "en", "case", "purge", "acme", "--db", db, "--act", acts]
    for typed in ("yes\n", ""):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert run(words) == 2
        assert "nothing was changed" in capsys.readouterr().err
    assert run([*words[:5], "--db", db]) == 2  # no --act
    assert run(["case", "purge", "--db", db]) == 2
    (tmp_path / "file").write_text("")
    blocked = str(tmp_path / "file" / "acts")
    assert run([*words[:7], "--act", blocked, "--yes"]) == 3
    assert case_ids(open_db(db)) == ["acme"]
    monkeypatch.setattr("sys.stdin", io.StringIO("acme\n"))
    assert run(words) == 0
    assert case_ids(open_db(db)) == []


def test_a_purge_that_was_killed_is_finished_by_the_next(
    open_db: Opens, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    db, acts = str(tmp_path / "a.db"), tmp_path / "acts"
    engine = open_db(db)
    put(engine, tmp_path, "acme", CANARY)

    def killed(_: object) -> None:
        raise KeyboardInterrupt

    words = ["--lang", "en", "case", "purge", "acme", "--db", db, "--act", str(acts)]
    with monkeypatch.context() as patched:
        patched.setattr("salesdx.storage.purging.sweep", killed)
        assert run([*words, "--yes"]) == 130
    assert case_ids(engine) == [] and not list(acts.iterdir())
    assert run(words) == 0  # nobody is asked twice
    assert "deleted already" in capsys.readouterr().err
    (act,) = acts.glob("*.json")
    assert json.loads(act.read_bytes())["counts"]["answers"] == 2
    import shutil

    shutil.rmtree(tmp_path / "acme")
    assert CANARY.encode() not in raw(tmp_path)
    assert run(["case", "purge", "never", "--db", db, "--act", str(acts)]) == 3


def test_traces_are_not_called_removed_while_somebody_reads(
    open_db: Opens, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_db(tmp_path / "a.db")
    put(engine, tmp_path, "acme", CANARY)
    monkeypatch.setattr(sweeping, "PATIENCE", 0.3)
    reader = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM answers").fetchone()
    with pytest.raises(DataError, match="reading the database"):
        purge(engine, "acme", NOW, "me", "retention")
    reader.close()
    done = purge(engine, "acme", NOW, "me", "retention")
    assert [e.action for e in done.events] == ["added", "purged", "swept"]
    assert CANARY.encode() not in (tmp_path / "a.db").read_bytes()


def test_copies_made_by_upgrades_go_too(open_db: Opens, tmp_path: Path) -> None:
    engine = open_db(tmp_path / "a.db")
    put(engine, tmp_path, "acme")
    copy = tmp_path / "a.db.schema-0001.bak"
    copy.write_text(CANARY)
    other = tmp_path / "b.db.schema-0001.bak"
    other.write_text("of another database")
    assert purge(engine, "acme", NOW, "me", "retention").swept.copies == 1
    assert not copy.exists() and other.exists()


def test_an_id_may_be_used_again(open_db: Opens, tmp_path: Path) -> None:
    engine = open_db(tmp_path / "a.db")
    for n in range(2):  # even within one second
        put(engine, tmp_path / str(n), "acme")
        purge(engine, "acme", NOW, "me", "retention")
    with reading(engine) as connection:
        told = [e.action for e in events(connection, "acme")]
        assert connection.execute(text("SELECT count(*) FROM purged")).scalar() == 1
    assert told == ["added", "purged", "swept"] * 2


def test_own_questionnaires_go_with_the_last_case_that_used_them(
    open_db: Opens, database: str, tmp_path: Path
) -> None:
    engine = open_db(database)
    put(engine, tmp_path, "acme")
    put(engine, tmp_path, "beta")
    with writing(engine) as connection:
        for sha in ("abc", "def"):
            connection.execute(
                schema.questionnaires.insert().values(
                    sha256=sha, version="1", content=b"own"
                )
            )
        connection.execute(
            schema.interviews.update()
            .where(schema.interviews.c.case_id == "beta").values(sha256="def")
        )  # fmt: skip
    purge(engine, "acme", NOW, "me", "retention")
    with reading(engine) as connection:
        left = connection.execute(schema.questionnaires.select()).all()
    assert [row.sha256 for row in left] == ["def"]


def test_closed_cases_are_due_after_their_time(
    open_db: Opens, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_db(tmp_path / "a.db")
    for name in ("old", "fresh", "open"):
        put(engine, tmp_path, name)
    assert close(engine, "old", "2026-01-01T00:00:00Z", "me")
    assert close(engine, "fresh", "2026-11-01T00:00:00Z", "me")
    assert not close(engine, "fresh", "2026-11-02T00:00:00Z", "me")
    assert [c.case for c in due(engine, AT)] == ["old"]
    edge = dt.datetime(2026, 6, 30, tzinfo=dt.UTC)  # the 180th day
    assert [c.case for c in due(engine, edge)] == ["old"]
    assert due(engine, edge - dt.timedelta(seconds=1)) == []
    assert reopen(engine, "old", NOW, "me") and due(engine, AT) == []
    with pytest.raises(DataError, match="no case"):
        close(engine, "none", NOW, "me")
    db = ["--db", str(tmp_path / "a.db")]
    listed = ["case", "purge", "--closed", *db, "--format", "json", "--older-than"]
    assert run([*listed, "0d"]) == 0
    assert [c["case"] for c in json.loads(capsys.readouterr().out)["due"]] == ["fresh"]
    assert run([*listed, "soon"]) == 2
    assert run(["case", "purge", "acme", "--closed", *db]) == 2


def test_every_table_belongs_to_one_kind() -> None:
    kinds = destruction().kinds
    named = [t for kind in kinds for t in kind.tables]
    assert sorted(named) == sorted(TABLES)
    from salesdx.cli.case_purge import GROUNDS

    assert tuple(g.id for g in destruction().grounds) == GROUNDS
