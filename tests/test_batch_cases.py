"""salesdx batch over case folders: each diagnosed in full, one row each."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batch_fixture import contents, shipped
from click.testing import CliRunner, Result

from salesdx.analysis import analyse
from salesdx.cli import batch_running, program
from salesdx.errors import DataError
from salesdx.portfolio.document_row import row_of, table_of
from salesdx.portfolio.folders import folders_in, ids_of

CASES = Path(__file__).parent / "cases"


@pytest.fixture(autouse=True, scope="module")
def shared() -> Iterator[None]:
    before = pa.cpu_count(), pa.io_thread_count()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batch_running, "load", lambda _: shipped())
        yield
    pa.set_cpu_count(before[0])
    pa.set_io_thread_count(before[1])


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two cases, and one that cannot be read."""
    folder = tmp_path_factory.mktemp("clients")
    for name in ("k03", "k11"):
        shutil.copytree(CASES / name, folder / name)
    (folder / "broken").mkdir()
    (folder / "broken" / "company.yaml").write_text("format: 1\n")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "company.yaml").write_text("format: 1\n")
    return folder


def batch(*words: str | Path) -> Result:
    return CliRunner().invoke(program(), ["batch", *map(str, words)])


@pytest.fixture(scope="module")
def whole(clients: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("whole")
    done = batch(clients, "--out", out, "--jobs", "1", "--to", "json")
    assert done.exit_code == 0, done.output
    return out


def test_each_has_its_document_and_its_row(clients: Path, whole: Path) -> None:
    rows = pq.read_table(whole / "result.parquet")
    assert rows["id"].to_pylist() == ["k03", "k11"]
    documents = {name: analyse(clients / name).document for name in ("k03", "k11")}
    for name, document in documents.items():
        kept = (whole / "cases" / f"{name}.json").read_text("utf-8")
        assert kept == document.to_json()
    made = [row_of(d, shipped(), name) for name, d in documents.items()]
    assert table_of(made, shipped()).to_pylist() == rows.to_pylist()


def test_a_row_tells_slices_and_money(whole: Path) -> None:
    row = pq.read_table(whole / "result.parquet").to_pylist()[0]
    document = json.loads((whole / "cases" / "k03.json").read_bytes())
    assert row["loss_expected"] == document["summary"]["loss"]["expected"]
    cause = row["strongest"]
    assert row["likely"] == len({
        c["id"] for c in document["causes"] if c["verdict"] == "likely"
    })  # fmt: skip
    mine = next(c for c in document["causes"] if c["id"] == cause)
    if mine["slice"]:
        told = ";".join(f"{d}={v}" for d, v in sorted(mine["slice"].items()))
        assert row[f"{cause}.slice"] == told
    if mine["money"]:
        assert row[f"{cause}.money"] == mine["money"]["expected"]


def test_what_cannot_be_read_is_left_out(whole: Path) -> None:
    rejects = (whole / "rejects.csv").read_text("utf-8-sig").splitlines()
    assert rejects[1].startswith("1,broken,,broken,")
    assert not (whole / "cases" / "broken.json").exists()


def test_only_what_changed_is_judged_again(
    clients: Path, whole: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(whole, out)
    mine = tmp_path / "clients"
    shutil.copytree(clients, mine)
    again = batch(mine, "--out", out, "--to", "json")
    assert "judged already" in again.output
    assert contents(out).keys() == contents(whole).keys()
    company = mine / "k11" / "company.yaml"
    company.write_text(company.read_text("utf-8") + "\n# changed\n", "utf-8")
    (mine / "k03" / "reports").mkdir()
    (mine / "k03" / "reports" / "r.html").write_text("ours")
    shutil.rmtree(mine / "broken")
    before = (out / "cases" / "k03.json").stat().st_mtime_ns
    renewed = batch(mine, "--out", out, "--to", "json")
    assert renewed.exit_code == 0 and "1 of 2" in renewed.output, renewed.output
    assert (out / "cases" / "k03.json").stat().st_mtime_ns == before
    assert not (out / "rejects.csv").exists()
    assert (out / "result.parquet").read_bytes() == (
        whole / "result.parquet"
    ).read_bytes()


def test_no_file_of_a_result_tells_where_the_cases_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("here", "there/deeper"):
        broken = tmp_path / place / "clients" / "broken"
        broken.mkdir(parents=True)
        (broken / "company.yaml").write_text("format: 1\n")
    words = "--jobs", "1", "--to", "json"
    monkeypatch.chdir(tmp_path / "here" / "clients")
    assert batch(".", "--out", tmp_path / "one", *words).exit_code == 0
    deeper = tmp_path / "there" / "deeper" / "clients"
    assert batch(deeper, "--out", tmp_path / "two", *words).exit_code == 0
    one = contents(tmp_path / "one")
    assert one == contents(tmp_path / "two")
    assert b"broken/company.yaml:1:1" in one["rejects.csv"]


@pytest.mark.parametrize("name", ["о" * 101, "two\nlines", "\udcff"])
def test_a_folder_whose_name_is_no_id_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(DataError, match="rename the folder"):
        ids_of([tmp_path / "k03", tmp_path / name])


def test_only_documents_of_the_result_go(tmp_path: Path, clients: Path) -> None:
    out, words = tmp_path / "out", ("--jobs", "1", "--to", "json")
    assert batch(clients / "broken", "--out", out, *words).exit_code == 0
    (tmp_path / "mine.json").write_text("mine")
    (out / "cases").mkdir()
    run = json.loads((out / "run.json").read_bytes())
    run["input"]["cases"]["../../mine"] = "of an attacker"
    (out / "run.json").write_text(json.dumps(run))
    assert batch(clients / "broken", "--out", out, *words).exit_code == 0
    assert (tmp_path / "mine.json").exists()


def test_one_case_is_explained(clients: Path) -> None:
    told = batch(clients, "--explain", "k03")
    assert told.exit_code == 0 and "K-03" in told.output
    wrong = batch(clients, "--explain", "k3")
    assert "did you mean 'k03'" in str(wrong.exception)


def test_cases_of_one_name_have_that_of_their_folder(tmp_path: Path) -> None:
    for place in ("north/shop", "south/shop", "south/office"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "company.yaml").write_text("format: 1\nname: x\n")
    folders = folders_in([tmp_path / "north", tmp_path / "south"])
    assert ids_of(folders) == ["north-shop", "office", "south-shop"]
    with pytest.raises(DataError, match="no case here"):
        folders_in([tmp_path])
