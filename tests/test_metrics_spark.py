"""Spark gives what DuckDB gives, to the last byte, or says what it lacks."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import made_up_tables
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from salesdx.analysis import analyse
from salesdx.case import init_case
from salesdx.crm.importing import plan_import, run_import
from salesdx.demo import write_demo
from salesdx.errors import UsageError
from salesdx.losses.loss_map import loss_map
from salesdx.metrics import METRICS
from salesdx.metrics.data import Data
from salesdx.metrics.engines import Connect, Source, spark
from salesdx.metrics.registry import compute

CASES = Path(__file__).parent / "cases"
PUBLIC = Path(__file__).resolve().parents[2] / "shared" / "data"
PRINTED = {"case", "metrics", "losses", "cohort_curves"}
TOLD = {
    "maven_crm": (
        "sales_pipeline.csv", "sales_teams.csv", "accounts.csv", "products.csv",
    ),
    "olist_funnel": (
        "olist_marketing_qualified_leads_dataset.csv",
        "olist_closed_deals_dataset.csv",
    ),
}  # fmt: skip
# over so few rows Java compiles longer than it computes
QUICK = {"JDK_JAVA_OPTIONS": "-XX:TieredStopAtLevel=1"}
WHY = "Spark is not here: "
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def here() -> None:
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip(f"{WHY}no PySpark; pip install 'salesdx[spark]'")
    if (spark._java() or 0) < spark.JAVA:
        pytest.skip(f"{WHY}no Java {spark.JAVA}")


@pytest.fixture(scope="module")
def connect() -> Iterator[Connect]:
    here()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in QUICK.items():
            patch.setenv(name, value)
        yield spark.connect()
    spark._backend(spark.LOCAL).disconnect()
    spark._backend.cache_clear()


def printed(folder: Path, engine: Connect | None = None) -> list[str]:
    """What `salesdx metrics --format json` prints, and the curves, line by line."""
    document = analyse(folder, engine=engine).document
    return document.model_dump_json(include=PRINTED, indent=2).splitlines()


def both(tables: dict[str, Source], engine: Connect, metrics: Any = METRICS) -> None:
    """Compute on both engines and compare, figure by figure and loss by loss."""
    found = []
    for chosen in (None, engine):
        data = Data(tables, made_up_tables.COMPANY, made_up_tables.AS_OF, engine=chosen)
        figures = compute(data, metrics)
        found.append((figures, loss_map(data, figures, data.settings)))
    (figures, losses), (theirs, theirs_lost) = found
    assert len(figures) == len(theirs)
    for one, other in zip(figures, theirs, strict=True):
        assert one == other
    assert losses == theirs_lost


def test_every_metric_is_the_same_where_every_table_is_there(connect: Connect) -> None:
    both(made_up_tables.arrow(made_up_tables.tables()), connect)


def test_every_metric_is_the_same_over_bad_rows(connect: Connect) -> None:
    tables = deepcopy(made_up_tables.tables())
    for name, columns in tables.items():
        for column, values in columns.items():
            declared = made_up_tables.TABLES[name].column(column)
            factor = -1e9 if declared and declared.type == "money" else 1
            some = [v if i % 3 else None for i, v in enumerate(values)]
            if declared and (declared.required or declared.type == "id"):
                some = values
            some = [v * factor if isinstance(v, float) else v for v in some]
            columns[column] = [*some, *some]  # every row twice
    both(made_up_tables.arrow(tables), connect)


def test_parquet_files_are_read_where_they_are(
    connect: Connect, tmp_path: Path
) -> None:
    files: dict[str, Source] = {}
    for name, table in made_up_tables.arrow(made_up_tables.tables()).items():
        files[name] = tmp_path / f"{name}.parquet"
        pq.write_table(table, tmp_path / f"{name}.parquet")
    both(files, connect, METRICS[:10])


def test_times_texts_and_numbers_come_back_as_they_are(connect: Connect) -> None:
    table = made_up_tables.arrow(made_up_tables.tables())["clients"]
    table = table.append_column("said", pa.array(["Ёлка «№ 1»\n'`\""] * len(table)))
    rows = []
    for engine in (None, connect):
        data = Data({"clients": table}, made_up_tables.COMPANY, None, engine=engine)
        found = data.table("clients").order_by("client_id")
        rows.append(data.rows(found))
    assert rows[0] == rows[1]


def test_the_demo_is_the_same(connect: Connect, tmp_path: Path) -> None:
    write_demo(tmp_path / "demo")
    assert printed(tmp_path / "demo", connect) == printed(tmp_path / "demo")


@pytest.mark.parametrize("name", ["k03", "k17"])
def test_a_worked_case_is_the_same(name: str, connect: Connect, tmp_path: Path) -> None:
    shutil.copytree(CASES / name, tmp_path / name)
    assert printed(tmp_path / name, connect) == printed(tmp_path / name)


@pytest.mark.public_data
@pytest.mark.skipif(not PUBLIC.is_dir(), reason="no public data here")
@pytest.mark.parametrize("name", TOLD)
def test_public_data_are_the_same(name: str, connect: Connect, tmp_path: Path) -> None:
    init_case(tmp_path / name, name)
    files = [PUBLIC / name / file for file in TOLD[name]]
    run_import(plan_import(tmp_path / name, files))
    assert printed(tmp_path / name, connect) == printed(tmp_path / name)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "salesdx", "--lang", "en", "metrics", *words],
        capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, **QUICK, "SALESDX_LANG": "en"},
    )  # fmt: skip


def test_the_command_prints_the_same_and_nothing_else() -> None:
    here()
    words = (str(CASES / "k01c"), "--format", "json")
    on_spark = run(*words, "--engine", "spark")
    assert on_spark.returncode == 0, on_spark.stderr
    assert on_spark.stderr == ""
    assert on_spark.stdout == run(*words).stdout


def test_a_master_that_makes_no_sense_is_told() -> None:
    here()
    refused = run(str(CASES / "k01c"), "--engine", "spark", "--master", "nonsense")
    assert refused.returncode == 2
    assert refused.stdout == ""
    assert "Spark at nonsense did not start" in refused.stderr
    assert "--master" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(UsageError) as refused:
        spark.connect("local[1]")
    for language in ("en", "ru"):
        assert "pip install 'salesdx[spark]'" in refused.value.text(language)


def test_without_java_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyspark", reason=f"{WHY}no PySpark")
    monkeypatch.setenv("JAVA_HOME", "/no/such/folder")
    with pytest.raises(UsageError) as refused:
        spark.connect("local[1]")
    assert "no Java found" in refused.value.text("en")
    assert "нет Java" in refused.value.text("ru")
    assert "openjdk-17-jre-headless" in refused.value.text("en")


def test_an_old_java_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason=f"{WHY}no PySpark")
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_402\"' >&2\n", "utf-8")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UsageError, match="Java 8 is too old"):
        spark.connect("local[1]")
