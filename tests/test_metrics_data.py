"""Where metrics compute: any source, an engine that is closed, the same figures."""

import gc
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import made_up_tables
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salesdx.errors import UsageError
from salesdx.facts import Measurement
from salesdx.losses.loss_map import loss_map
from salesdx.metrics import METRICS, engines, shares
from salesdx.metrics import data as module
from salesdx.metrics.amount_grid import cell, middle
from salesdx.metrics.data import Data
from salesdx.metrics.engines import Source, duck
from salesdx.metrics.registry import Metric, compute

TABLES = made_up_tables.arrow(made_up_tables.tables())


def case(tables: dict[str, Source], **more: Any) -> Data:
    return Data(tables, made_up_tables.COMPANY, made_up_tables.AS_OF, **more)


@pytest.fixture(scope="module")
def usual() -> list[Measurement]:
    return compute(case(TABLES), METRICS)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Source]:
    folder = tmp_path_factory.mktemp("case")
    for name, table in TABLES.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return {name: folder / f"{name}.parquet" for name in TABLES}


def test_keeping_relations_as_tables_changes_no_figure(
    usual: list[Measurement], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_ROWS", 0)
    assert compute(case(TABLES), METRICS) == usual


def test_figures_from_parquet_files_are_those_from_memory(
    usual: list[Measurement], files: dict[str, Source]
) -> None:
    assert compute(case(files), METRICS) == usual


def test_the_order_in_which_an_engine_gives_rows_changes_no_figure(
    usual: list[Measurement], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(3)
    in_order = engines.fetch

    def shuffled(expression: Any) -> pa.Table:
        found = in_order(expression)
        if isinstance(expression.op(), ops.Sort):
            return found
        return found.take(pa.array(rng.permutation(found.num_rows)))

    patched = 0
    for place in all_modules():
        if getattr(place, "fetch", None) is in_order:
            monkeypatch.setattr(place, "fetch", shuffled)
            patched += 1
    assert patched >= 3
    data = case(TABLES)
    found = compute(data, METRICS)
    assert found == usual
    again = case(TABLES)
    assert loss_map(data, found, data.settings) == loss_map(again, usual, data.settings)


def all_modules() -> list[Any]:
    import sys

    return [m for n, m in sorted(sys.modules.items()) if n.startswith("salesdx.")]


def test_a_column_has_a_value_if_any_row_does(tmp_path: Path) -> None:
    table = pa.table(
        {
            "deal_id": ["a", "b"],
            "status": [None, "won"],
            "lost_reason": pa.array([None, None], pa.string()),
        }
    )
    for source in (table, written(table, tmp_path), written(table, tmp_path, False)):
        data = case({"deals": source})
        assert data.has("deals", "deal_id", "status")
        assert not data.has("deals", "lost_reason")
        assert not data.has("deals", "amount")
        assert data.columns("deals") == ("deal_id", "status", "lost_reason")
        assert data.arrow("deals").num_rows == 2


def written(table: pa.Table, folder: Path, statistics: bool = True) -> Path:
    path = folder / f"deals-{statistics}.parquet"
    pq.write_table(table, path, write_statistics=statistics, row_group_size=1)
    return path


def test_a_table_without_rows_is_no_table(tmp_path: Path) -> None:
    empty = pa.table({"deal_id": pa.array([], pa.string())})
    for source in (empty, written(empty, tmp_path)):
        data = case({"deals": source})
        assert not data.has("deals")
        assert data.columns("deals") == ()


@pytest.fixture
def connection(files: dict[str, Source]) -> Iterator[Any]:
    data = case(files)
    yield data.table("deals").get_backend().con
    del data


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('{outside}/secret.txt')",
        "select * from '{outside}/secret.parquet'",
        "select * from glob('{outside}/*')",
        "copy (select 1) to '{outside}/out.csv'",
        "copy deals to '{outside}/out.parquet'",
        "export database '{outside}'",
        "attach '{outside}/other.duckdb'",
        "install httpfs",
        "load httpfs",
        "install spatial from community",
        "select * from read_parquet('https://example.com/x.parquet')",
        "set enable_external_access=true",
        "set memory_limit='100GB'",
        "set allowed_directories=['/']",
        "select * from python_variable",
    ],
)
def test_the_database_is_closed(
    sql: str, connection: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("secret", "utf-8")
    pq.write_table(pa.table({"a": [1]}), outside / "secret.parquet")
    python_variable = pa.table({"a": [1]})
    with pytest.raises(duckdb.Error):
        connection.execute(sql.format(outside=outside)).fetchall()
    assert python_variable.num_rows == 1
    names = {p.name for p in outside.iterdir()}
    assert names == {"secret.txt", "secret.parquet"}


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1 as a) to '{file}' (use_tmp_file false)",
        "attach ':memory:' as other",
        "create table other as select 1",
        "drop view deals",
        "select 1; select 2",
        "pragma database_list",
    ],
)
def test_an_engine_runs_nothing_but_a_select(
    sql: str, connection: Any, files: dict[str, Source]
) -> None:
    path = files["deals"]
    assert isinstance(path, Path)
    before = path.read_bytes()
    statement = sql.format(file=path)
    backend = SimpleNamespace(con=connection, compile=lambda _: statement)
    with pytest.raises(ValueError, match="not a single SELECT"):
        duck.run(backend, None)
    assert path.read_bytes() == before


def test_a_text_in_the_data_is_never_sql(tmp_path: Path) -> None:
    hostile = "x'); drop table deals; --"
    data = case({"deals": pa.table({"deal_id": [hostile], "status": ["won"]})})
    deals = data.table("deals")
    same = deals.filter(deals.deal_id == hostile)
    assert data.rows(same) == [{"deal_id": hostile, "status": "won"}]
    quoted = tmp_path / "it's a case" / 'with "quotes".parquet'
    quoted.parent.mkdir()
    pq.write_table(pa.table({"deal_id": ["a"]}), quoted)
    assert data_of(quoted) == [{"deal_id": "a"}]


def data_of(path: Path) -> list[dict[str, Any]]:
    data = case({"deals": path})
    return data.rows(data.table("deals"))


def test_the_private_folder_goes_with_the_engine() -> None:
    engine = duck.Duck(TABLES, duck.Limits())
    folder = Path(setting(engine._connection, "temp_directory"))
    assert folder.is_dir()
    del engine
    gc.collect()
    assert not folder.exists()


def test_more_than_the_memory_is_spilled_to_the_private_folder() -> None:
    limits = duck.Limits(memory="32MB", threads=1)
    numbers = np.arange(2_000_000, dtype=np.int64)[::-1] * 7_919 % 2_000_003
    engine = duck.Duck({"deals": pa.table({"n": numbers})}, limits)
    rows = engine.register("deals")
    place = ibis.row_number().over(ibis.window(order_by=rows.n))
    kept = engine.keep("placed", rows.mutate(place=place))
    [row] = engines.fetch(kept.agg(n=kept.count(), last=kept.place.max())).to_pylist()
    assert row == {"n": 2_000_000, "last": 1_999_999}


def setting(connection: Any, name: str) -> str:
    return str(connection.execute(f"select current_setting('{name}')").fetchone()[0])


def test_limits_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESDX_MEMORY", "300MB")
    monkeypatch.setenv("SALESDX_THREADS", "1")
    connection = case(TABLES).table("deals").get_backend().con
    assert setting(connection, "memory_limit") == "286.1 MiB"
    assert setting(connection, "threads") == "1"


@pytest.mark.parametrize(
    ("name", "value"),
    [("MEMORY", "much"), ("MEMORY", "-1GB"), ("THREADS", "0"), ("THREADS", "two")],
)
def test_senseless_limits_are_refused_in_both_languages(name: str, value: str) -> None:
    with pytest.raises(UsageError) as refused:
        duck.Limits.of({f"SALESDX_{name}": value})
    assert f"SALESDX_{name}={value}" in refused.value.text("en")
    assert "напишите" in refused.value.text("ru")


def test_nothing_divided_by_nothing_is_unknown_not_infinite() -> None:
    data = case({"deals": pa.table({"deal_id": ["a"], "amount": [1.5]})})
    rows = data.table("deals")
    found = rows.select(x=rows.amount / (rows.amount - 1.5), y=rows.amount / 0)
    assert data.rows(found) == [{"x": None, "y": None}]


def test_amounts_are_told_apart_within_a_thousandth() -> None:
    amounts = [1, 1999, 2000, 4999, 5001, 123_456_789, 10**14, 10**17]
    data = case({"deals": pa.table({"amount": pa.array(amounts, pa.int64())})})
    rows = data.table("deals")
    cells = data.rows(rows.select("amount", cell=cell(rows.amount)))
    assert [r["cell"] for r in cells][:6] == [1, 1999, 2000, 4998, 5000, 123_400_000]
    for row in cells:
        assert middle(row["cell"]) == pytest.approx(row["amount"], rel=0.001)


NEEDY = Metric(
    ("check.margin",),
    ("deals", "deals.cost", "deals.closed_at", "quotes.sent_at"),
    lambda data: [],
)


def test_an_unknown_figure_names_all_that_is_missing() -> None:
    data = case({"deals": pa.table({"deal_id": ["a"]})})
    [found] = compute(data, [NEEDY])
    assert found.state == "unknown"
    assert found.reason is not None
    assert found.reason.en == (
        "the data have no “cost” in “Deals”, “closing date” in “Deals” and"
        " “time of sending” in “Quotes”"
    )
    assert found.reason.ru == (
        "в данных нет: «себестоимость» в «Сделки», «дата закрытия» в «Сделки» и"
        " «время отправки» в «Коммерческие предложения»"
    )


def test_of_two_ways_to_a_figure_what_the_first_lacks_is_said() -> None:
    data = case({"deals": pa.table({"deal_id": ["a"]})})
    other = Metric(NEEDY.ids, ("payments",), NEEDY.compute)
    [found] = compute(data, [NEEDY, other])
    assert found.reason is not None
    assert "cost" in found.reason.en
    assert "Payments" not in found.reason.en


def test_a_table_with_nothing_to_count_is_not_called_missing() -> None:
    data = case({"deals": pa.table({"deal_id": ["a"]})})
    [found] = compute(data, [Metric(NEEDY.ids, ("deals.deal_id",), NEEDY.compute)])
    assert found.state == "unknown"
    assert found.reason is not None
    assert found.reason.en == "there is nothing to count in “Deals”"
    assert found.reason.ru == "считать нечего, хотя таблицы есть: «Сделки»"


def test_progress_is_told_before_and_after_every_metric() -> None:
    heard: list[tuple[int, int]] = []
    compute(case(TABLES), METRICS[:3], lambda *told: heard.append(told))
    assert heard == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_means_round_halves_up_whatever_the_engine() -> None:
    data = case({"deals": pa.table({"x": [0.5, 1.5, 2.5, -0.5]})})
    rows = data.table("deals")
    [found] = shares.means("check.lines", rows, rows.x)
    assert found.numerator == 1 + 2 + 3 + 0
