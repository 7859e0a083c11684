"""Tables of databases: the same case as from a file, nothing changed, no password out.

PostgreSQL is a real server started here, SQLite and DuckDB are real files; of the
others only the queries are read.
"""

import os
import re
import sqlite3
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import ibis
import pyarrow as pa
import pytest
from database_fixture import PASSWORD, WHY, postgres, program

from salesdx.case import init_case
from salesdx.crm import database
from salesdx.crm.database import as_asked, read_tables
from salesdx.crm.database_address import address_of, is_address
from salesdx.crm.importing import load_mapping, plan_import, run_import
from salesdx.crm.opening import opened
from salesdx.errors import DataError, SalesdxError, UsageError

HEADERS = ("deal_id", "manager", "status", "amount", "entered_at", "closed_at")
DEALS = [
    (9, "Анна", "won", "1250.50", "2026-01-05 10:00:00", "2026-01-20 12:00:00"),
    (10, "Пётр", "lost", None, "2026-01-06 11:30:00", "2026-02-01 09:00:00"),
    (11, "Пётр", "open", "99.90", "2026-01-07 16:45:00", None),
    (
        9007199254740993,
        'О"Нил',
        "won",
        "7",
        "2026-02-01 08:00:00",
        "2026-02-02 08:00:00",
    ),
]
CREATE = (
    "create table deals (deal_id bigint primary key, manager text, status varchar(9),"
    " amount numeric(18, 2), entered_at timestamp, closed_at timestamp)"
)
Server = tuple[str, str]


def case(folder: Path, name: str) -> Path:
    init_case(folder / name, "Acme")
    return folder / name


def text_of(case: Path) -> str:
    return (case / "data" / "deals.csv").read_text(encoding="utf-8")


def sqlite(folder: Path, *statements: str) -> str:
    path = folder / "crm.db"
    base = sqlite3.connect(path)
    for statement in statements or (CREATE,):
        base.execute(statement)
    if not statements:
        base.executemany("insert into deals values (?, ?, ?, ?, ?, ?)", DEALS)
    base.commit()
    base.close()
    return f"sqlite://{path.as_posix()}"


def duck(folder: Path, *statements: str) -> str:
    path = folder / "crm.duckdb"
    with duckdb.connect(str(path)) as base:
        for statement in statements or (CREATE,):
            base.execute(statement)
        if not statements:
            base.executemany("insert into deals values (?, ?, ?, ?, ?, ?)", DEALS)
    return f"duckdb://{path.as_posix()}"


def one(word: str, table: str) -> pa.Table:
    (rows,) = read_tables(address_of(word, [table]))
    return rows.table


def refused(word: str, tables: Sequence[str] = ("deals",)) -> SalesdxError:
    with pytest.raises(SalesdxError) as caught:
        opened([word], tables)
    return caught.value


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL server; its socket, and the address of the base crm."""
    psycopg = pytest.importorskip("psycopg", reason="the extra postgres is missing")
    if program("initdb") is None:
        pytest.skip(WHY)
    with postgres() as socket:
        given = {"host": socket, "user": "owner", "password": PASSWORD}
        with psycopg.connect(**given, dbname="postgres", autocommit=True) as base:
            base.execute("create database crm")
        with psycopg.connect(**given, dbname="crm") as base:
            base.execute(CREATE)
            base.cursor().executemany(
                "insert into deals values (%s, %s, %s, %s, %s, %s)", DEALS
            )
            base.execute(
                "create view won as select * from deals where status = 'won';"
                "create materialized view lost as"
                " select * from deals where status = 'lost';"
                "create view hidden as select 1 as deal_id;"
                "create role reader login password 'canary';"
                "grant insert on hidden to reader;"
                "create schema old; create table old.deals as select 1 as deal_id;"
                "create table kinds (id bigint, sum numeric, share float8,"
                ' "a ""quoted"" name" text, at timestamptz, day date, sure boolean,'
                " own uuid, more jsonb, many int[], photo bytea)"
            )
            base.execute(
                "insert into kinds values (9007199254740993,"
                " 12345678901234567890.123456789, 2, 'x', '2026-01-02 03:04:05+03',"
                " '2026-01-02', true, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',"
                """ '{"a": 1}', '{1,2}', '\\x00')"""
            )
        yield socket, f"postgres://owner@/crm?host={socket}"


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The password, where it belongs."""
    monkeypatch.setenv("SALESDX_DB_PASSWORD", PASSWORD)


# the twin: a table is what its file would be


def as_csv(folder: Path) -> Path:
    path = folder / "deals.csv"
    lines = [",".join(HEADERS)]
    for deal in DEALS:
        cells = ["" if v is None else str(v).replace('"', '""') for v in deal]
        lines.append(",".join(f'"{c}"' if '"' in c else c for c in cells))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize("make", [sqlite, duck])
def test_a_table_gives_the_same_case_as_its_file(make, tmp_path: Path) -> None:
    from_file, from_base = case(tmp_path, "file"), case(tmp_path, "base")
    run_import(plan_import(from_file, [as_csv(tmp_path)]))
    plan = plan_import(from_base, opened([make(tmp_path)], ["deals"]))
    report = run_import(plan)
    assert text_of(from_base) == text_of(from_file)
    assert [(f.file, f.rows_in, f.accepted) for f in report.files] == [("deals", 4, 4)]


def test_a_table_of_postgresql_gives_the_same_case_as_its_file(
    server: Server, known: None, tmp_path: Path
) -> None:
    from_file, from_base = case(tmp_path, "file"), case(tmp_path, "base")
    run_import(plan_import(from_file, [as_csv(tmp_path)]))
    run_import(plan_import(from_base, opened([server[1]], ["public.deals"])))
    assert text_of(from_base) == text_of(from_file)
    first = text_of(from_base)
    run_import(plan_import(from_base, opened([server[1]], ["public.deals"])))
    assert text_of(from_base) == first


def test_files_and_tables_are_imported_together(tmp_path: Path) -> None:
    team = tmp_path / "team.csv"
    team.write_text("manager_id,name\nАнна,Анна\n", encoding="utf-8")
    sources = opened([sqlite(tmp_path), str(team)], ["deals"])
    report = run_import(plan_import(case(tmp_path, "acme"), sources))
    assert sorted(t.table for t in report.tables) == ["deals", "managers"]


def test_a_saved_mapping_names_the_table_and_is_used_again(tmp_path: Path) -> None:
    acme, word = case(tmp_path, "acme"), sqlite(tmp_path)
    plan = plan_import(acme, opened([word], ["deals"]))
    assert [f.file for f in plan.mapping.files] == ["deals"]
    saved = tmp_path / "map.yaml"
    saved.write_text(plan.mapping.to_yaml(), encoding="utf-8")
    again = plan_import(acme, opened([word], ["deals"]), mapping=load_mapping(saved))
    assert again.mapping == plan.mapping


# values


def test_postgresql_writes_its_values_as_text_and_loses_none(
    server: Server, known: None
) -> None:
    assert one(server[1], "kinds").to_pylist() == [
        {
            "id": "9007199254740993", "sum": "12345678901234567890.123456789",
            "share": "2", 'a "quoted" name': "x", "at": "2026-01-02 00:04:05+00",
            "day": "2026-01-02", "sure": "true",
            "own": "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "more": '{"a": 1}',
            "many": "{1,2}",
        }
    ]  # fmt: skip


def test_duckdb_writes_its_values_as_text_and_loses_none(tmp_path: Path) -> None:
    word = duck(
        tmp_path,
        "create table t (a hugeint, b decimal(38, 10), c double, d timestamptz,"
        " e boolean, f int[], g blob, h enum ('won', 'lost'))",
        "insert into t values (170141183460469231731687303715884105727,"
        " 1234567890123456789012345678.0123456789, 2.0, '2026-01-01 10:00:00+03', true,"
        " [1, 2], '\\x00', 'won')",
    )
    assert one(word, "t").to_pylist() == [
        {
            "a": "170141183460469231731687303715884105727",
            "b": "1234567890123456789012345678.0123456789", "c": "2",
            "d": "2026-01-01 07:00:00+00", "e": "true", "f": "[1, 2]", "h": "won",
        }
    ]  # fmt: skip


def test_sqlite_may_hold_any_value_in_any_column(tmp_path: Path) -> None:
    word = sqlite(
        tmp_path,
        "create table t (id integer, amount real, at timestamp, x)",
        "insert into t values (2, 'n/a', '2026-01-01', 1.0)",
        "insert into t values (10, 5, 1767225600, x'00')",
    )
    assert one(word, "t").to_pylist() == [
        {"id": "2", "amount": "n/a", "at": "2026-01-01", "x": "1"},
        {"id": "10", "amount": "5", "at": "1767225600", "x": None},
    ]


@pytest.mark.parametrize("kind", ["clickhouse", "mssql", "mysql"])
def test_of_other_databases_the_query_is_a_quoted_select(kind: str) -> None:
    deals = ibis.table(
        {"id": "uint64", 'a`"] b': "string", "sum": "decimal(18, 2)",
         "at": "timestamp('UTC')", "on": "timestamp", "share": "float64"},
        name='odd`"] name', database="sales",
    )  # fmt: skip
    asked = as_asked(deals, deals.columns, kind)  # type: ignore[arg-type]
    query = str(ibis.to_sql(asked, dialect=kind))
    assert query.startswith("SELECT")
    assert ";" not in query
    assert str(database.MAX_ROWS + 1) in query
    quoted = {
        "clickhouse": '"odd`""] name"', "mssql": '[odd`"]] name]',
        "mysql": '`odd``"] name`',
    }[kind]  # fmt: skip
    assert quoted in query
    names = {n: str(t) for n, t in asked.schema().items()}
    assert names == {
        "id": "string", 'a`"] b': "string", "sum": "string",
        "at": "timestamp('UTC')", "share": "float64",
        "on": "timestamp" if kind == "mssql" else "string",
    }  # fmt: skip


def test_the_order_in_which_a_database_gives_its_rows_does_not_matter(
    tmp_path: Path,
) -> None:
    rows = ["(10, 'a')", "(9, 'b')", "(9, 'a')"]
    found = []
    for number, order in enumerate((rows, rows[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        word = duck(
            folder, "create table t (id int, x text)",
            f"insert into t values {', '.join(order)}",
        )  # fmt: skip
        found.append(one(word, "t").to_pylist())
    assert found[0] == found[1]
    assert [(r["id"], r["x"]) for r in found[0]] == [
        ("9", "a"),
        ("9", "b"),
        ("10", "a"),
    ]


# what is asked for


def test_without_a_table_the_tables_are_listed(server: Server, known: None) -> None:
    error = refused(server[1], ())
    assert isinstance(error, UsageError)
    assert (
        "old.deals, public.deals, public.hidden, public.kinds, public.lost, public.won"
        in str(error)
    )
    assert "--table" in error.text("en")
    assert "--table" in error.text("ru")


@pytest.mark.parametrize("make", [sqlite, duck])
def test_a_misspelt_table_is_put_right(make, tmp_path: Path) -> None:
    error = refused(make(tmp_path), ["delas"])
    assert isinstance(error, UsageError)
    assert "did you mean 'deals'" in error.text("en")
    assert "может быть, «deals»" in error.text("ru")


def test_a_name_of_two_schemas_must_say_which(server: Server, known: None) -> None:
    assert "old.deals, public.deals" in str(refused(server[1], ["deals"]))
    both = opened([server[1]], ["old.deals", "public.deals"])
    assert [source.name for source in both] == ["old.deals", "public.deals"]


def test_views_are_tables_too(server: Server, known: None) -> None:
    assert one(server[1], "won")["deal_id"].to_pylist() == ["9", "9007199254740993"]
    assert one(server[1], "lost")["deal_id"].to_pylist() == ["10"]


def test_a_name_is_never_run_as_sql(tmp_path: Path) -> None:
    word = sqlite(tmp_path)
    assert "no table" in str(refused(word, ["deals; drop table deals"]))
    assert "no table" in str(refused(word, ["(select 1)"]))
    assert one(word, "deals").num_rows == 4


def test_several_tables_of_one_address(tmp_path: Path) -> None:
    word = duck(
        tmp_path, CREATE, "create table activities (activity_id int, started_at date)"
    )
    found = opened([f"{word}?table=deals&table=activities"])
    assert [source.name for source in found] == ["deals", "activities"]


def test_a_table_needs_one_database(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--table"):
        opened(["deals.csv"], ["deals"])
    with pytest.raises(UsageError, match="--table"):
        opened(["sqlite:///a.db", "sqlite:///b.db"], ["deals"])


# nothing is changed


def test_a_session_of_postgresql_cannot_write(server: Server, known: None) -> None:
    from salesdx.crm.database_session import connect

    with (
        connect(address_of(server[1])) as base,
        pytest.raises(Exception, match="read-only transaction"),
    ):
        base.raw_sql("delete from public.deals")


@pytest.mark.parametrize("make", [sqlite, duck])
def test_a_session_with_a_file_cannot_write(make, tmp_path: Path) -> None:
    from salesdx.crm.database_session import connect

    with (
        connect(address_of(make(tmp_path))) as base,
        pytest.raises(Exception, match=r"readonly|read-only"),
    ):
        base.con.execute("delete from deals")


def test_a_view_of_duckdb_reads_no_other_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n1,2\n")
    word = duck(tmp_path, f"create view v as select * from read_csv('{secret}')")
    assert isinstance(refused(word, ["v"]), DataError)


# limits


def test_more_rows_than_we_read_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(database, "MAX_ROWS", 3)
    error = refused(sqlite(tmp_path))
    assert isinstance(error, DataError)
    assert "more than 3 rows" in error.text("en")
    assert "больше 3 строк" in error.text("ru")


def test_more_columns_than_we_read_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(database, "MAX_COLUMNS", 5)
    assert "6 columns" in str(refused(duck(tmp_path)))


def test_an_empty_table_imports_nothing(tmp_path: Path) -> None:
    acme = case(tmp_path, "acme")
    word = sqlite(tmp_path, CREATE)
    report = run_import(plan_import(acme, opened([word], ["deals"])))
    assert report.tables == []


# what goes wrong, without the password


def told_everywhere(error: BaseException) -> str:
    texts = "".join(traceback.format_exception(error))
    if isinstance(error, SalesdxError):
        texts += error.text("en") + error.text("ru")
    return texts + repr(error)


def test_a_wrong_password_is_told_plainly_and_not_repeated(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESDX_DB_PASSWORD", "canary-wrong")
    error = refused(server[1])
    assert isinstance(error, DataError)
    assert "the user or the password is not accepted" in error.text("en")
    assert "пользователь или пароль не подошли" in error.text("ru")
    assert "canary" not in told_everywhere(error)


def test_a_table_that_one_may_not_read_is_told(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SALESDX_DB_PASSWORD", "canary")
    error = refused(f"postgres://reader@/crm?host={server[0]}", ["public.hidden"])
    assert isinstance(error, DataError)
    assert "may not read" in error.text("en")
    assert "нет прав" in error.text("ru")
    assert "canary" not in told_everywhere(error)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("postgres://u:canary@127.0.0.1:1/crm", "nothing answers there"),
        ("postgres://u:canary@no-such-host.invalid/crm", "no such host"),
    ],
)
def test_a_server_that_is_not_there_is_told_plainly(word: str, said: str) -> None:
    pytest.importorskip("psycopg", reason="the extra postgres is missing")
    error = refused(word)
    assert isinstance(error, DataError)
    assert said in str(error)
    assert "canary" not in told_everywhere(error)


@pytest.mark.parametrize(
    "word",
    [
        "postgres://u:can#ary@h/crm", "postgres://u:can/ary@h/crm",
        "postgres://u:can?ary@h/crm", "postgres://u:canary@h:port/crm",
        "mysql://u:canary@h/crm?sslpassword=canary", "postgres://:canary@h/x?canary=1",
        "oracle://u:canary@h/x", "clickhouse://u:canary@[::1/x",
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_read_is_not_repeated(word: str) -> None:
    error = refused(word)
    assert isinstance(error, UsageError)
    assert "canary" not in told_everywhere(error)
    assert "ary@h" not in told_everywhere(error)


def test_an_address_shows_itself_without_the_password() -> None:
    address = address_of("postgres://anna:ca%40nary@h:6432/crm?table=deals")
    assert address.password == "ca@nary"
    assert address.name == "postgres://anna@h:6432/crm"
    assert "nary" not in repr(address)


@pytest.mark.parametrize("kind", ["postgres", "clickhouse", "mysql", "mssql"])
def test_a_missing_driver_is_named_with_its_extra(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for driver in ("psycopg", "clickhouse_connect", "MySQLdb", "pymysql", "pyodbc"):
        monkeypatch.setitem(sys.modules, driver, None)
    monkeypatch.delitem(sys.modules, f"ibis.backends.{kind}", raising=False)
    error = refused(f"{kind}://u:canary@h/x")
    assert isinstance(error, UsageError)
    for language in ("en", "ru"):
        assert f"pip install 'salesdx[{kind}]'" in error.text(language)


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
def test_a_file_that_is_no_database_is_told(scheme: str, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    assert "no such database file" in str(refused(f"{scheme}://{path}"))
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 50)
    assert "not such a database" in str(refused(f"{scheme}://{path}"))


def test_paths_are_no_addresses() -> None:
    assert not any(map(is_address, ("deals.csv", "C:\\deals.csv", "a/b://c", "-")))


# the command


def salesdx(folder: Path, *words: str, **environment: str):
    return subprocess.run(
        [sys.executable, "-m", "salesdx", "--lang", "en", *words], cwd=folder,
        capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )  # fmt: skip


def test_the_password_is_written_nowhere(server: Server, tmp_path: Path) -> None:
    case(tmp_path, "acme")
    done = salesdx(
        tmp_path, "--debug", "import", "acme", server[1], "--table", "public.deals",
        "--yes", "--save-map", "acme/map.yaml", SALESDX_DB_PASSWORD=PASSWORD,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(r"deals\.csv: 0 -> 4", done.stdout)
    written = [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()]
    told = [done.stdout.encode(), done.stderr.encode(), *written]
    assert not any(b"c4n4ry" in text for text in told)


def test_the_help_does_not_wait_for_ibis(tmp_path: Path) -> None:
    code = (
        "import sys; from salesdx.cli import run\n"
        "assert run(['import', '--help']) == 0\n"
        "assert 'ibis' not in sys.modules"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
