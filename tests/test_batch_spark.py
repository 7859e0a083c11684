"""salesdx batch on Spark writes what it writes on this machine, to the last byte."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from batch_fixture import Failing, contents, shipped, table
from click.testing import CliRunner, Result
from test_metrics_spark import CASES, QUICK, here

from salesdx.cli import batch_running, program
from salesdx.errors import DataError
from salesdx.metrics.engines import spark
from salesdx.portfolio import on_spark

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
MASTER = "local[1]"


@pytest.fixture(autouse=True, scope="module")
def session() -> Iterator[None]:
    here()
    before = pa.cpu_count(), pa.io_thread_count()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in QUICK.items():
            patch.setenv(name, value)
        patch.setattr(batch_running, "load", lambda _: shipped())
        # not by our environment: the Java of an earlier test keeps the old one
        context = spark.session(MASTER).sparkContext
        context.environment["PYTHONPATH"] = str(Path(__file__).parent)
        yield
    spark._backend(MASTER).disconnect()
    spark._backend.cache_clear()
    pa.set_cpu_count(before[0])
    pa.set_io_thread_count(before[1])


def batch(*words: str | Path) -> Result:
    done = CliRunner().invoke(program(), ["batch", *map(str, words), "--to", "json"])
    assert done.exit_code == 0, (done.output, done.exception)
    return done


def test_a_table_gives_the_same_bytes(tmp_path: Path) -> None:
    source = table(tmp_path / "shops.parquet", 60)
    asked = (source, "--chunk-rows", "30", "--rules", "--out")
    batch(*asked, tmp_path / "here", "--jobs", "1")
    batch(*asked, tmp_path / "there", "--engine", "spark", "--master", MASTER)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_a_case_gives_the_same_bytes(tmp_path: Path) -> None:
    shutil.copytree(CASES / "k07-not-low", tmp_path / "k07-not-low")
    asked = (tmp_path / "k07-not-low", "--out")
    batch(*asked, tmp_path / "here", "--jobs", "1")
    batch(*asked, tmp_path / "there", "--engine", "spark", "--master", MASTER)
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_what_an_executor_cannot_do_is_told_as_it_is() -> None:
    with pytest.raises(DataError) as failed:
        list(on_spark.run(Failing(), shipped(), [1, 2], MASTER))
    assert failed.value.text("ru") == "нет места"


def test_a_folder_that_is_not_shared_is_told() -> None:
    with pytest.raises(DataError, match="must be a folder that"):
        list(on_spark.run(Failing(), shipped(), [1], MASTER))
