"""salesdx batch: any number of processes, any interruption, the same bytes."""

import itertools
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import killing
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batch_fixture import Failing, Killer, contents, shipped, table
from click.testing import CliRunner

from salesdx.cli import program
from salesdx.errors import DataError, UsageError
from salesdx.portfolio import pool
from salesdx.portfolio.batch import Outcome, Wanted, run
from salesdx.portfolio.chunk import Reject
from salesdx.portfolio.document_row import row_of, table_of
from salesdx.portfolio.explaining import explained_row
from salesdx.portfolio.facts_table import open_table
from salesdx.portfolio.parts import Parts, Tally
from salesdx.portfolio.result_files import join
from salesdx.portfolio.standing import Folder
from salesdx.portfolio.table_work import TableWork

ROWS, CHUNK = 120, 40
NO_KNOWLEDGE: Any = None  # whoever does not judge needs none


class Quiet:
    """Hears what a run tells."""

    def __init__(self) -> None:
        self.how: list[tuple[str, int, int]] = []

    def begun(self, how: str, done: int, pieces: int) -> None:
        self.how.append((how, done, pieces))

    def piece(self, done: int, pieces: int) -> None:
        pass

    def joining(self) -> None:
        pass


def batch(
    source: Path, out: Path, jobs: int = 1, stop_after: int | None = None,
    heard: Quiet | None = None, wanted: Wanted | None = None, rules: bool = False,
) -> Outcome:  # fmt: skip
    def work(folder: Folder) -> TableWork:
        opened = open_table(
            source, shipped(), chunk_rows=CHUNK, scratch=folder.scratch
        )  # fmt: skip
        return TableWork(opened, folder.parts, rules)

    def engine(work: pool.Work, knowledge: object, numbers: list[int]) -> pool.Done:
        done = pool.run(work, shipped(), numbers, jobs)
        yield from itertools.islice(done, stop_after)
        if stop_after is not None:
            raise KeyboardInterrupt

    return run(
        work, shipped(), out, wanted or Wanted(), engine, heard or Quiet()
    )  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return table(tmp_path_factory.mktemp("table") / "shops.parquet", ROWS)


@pytest.fixture(scope="module")
def whole(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an undisturbed run writes, rules too."""
    out = tmp_path_factory.mktemp("whole")
    batch(source, out, rules=True)
    return out


@pytest.fixture(autouse=True, scope="module")
def threads() -> Iterator[None]:
    """Work in this process leaves Arrow one thread; other tests may want theirs."""
    before = pa.cpu_count(), pa.io_thread_count()
    yield
    pa.set_cpu_count(before[0])
    pa.set_io_thread_count(before[1])


def test_every_row_is_judged_or_told(source: Path, whole: Path) -> None:
    told = json.loads((whole / "run.json").read_bytes())
    assert told["counts"] == {"judged": ROWS - 7, "rejected": 7}
    assert set(contents(whole)) == {*told["files"], "run.json"}
    result = pq.read_table(whole / "result.parquet")
    assert result.num_rows == ROWS - 7
    assert pq.read_metadata(whole / "result.parquet").num_row_groups == ROWS // CHUNK
    text = (whole / "result.csv").read_text("utf-8-sig").splitlines()
    assert len(text) == ROWS - 7 + 1
    assert '"\'=Магазин 0"' in text[1]  # no formula
    rejects = (whole / "rejects.csv").read_text("utf-8-sig").splitlines()
    assert rejects[0] == "row,id,column,value,reason"
    assert rejects[1].startswith("17,shop-16,odc.deadline-exists,perhaps,")
    assert len(rejects) == 1 + 7


def test_rules_say_what_fired(whole: Path) -> None:
    rules = pq.read_table(whole / "rules.parquet")
    result = pq.read_table(whole / "result.parquet")
    assert rules["id"] == result["id"]
    known = shipped()
    total = sum(
        len(c.rules) for i, c in known.causes.items() if not known.is_off("causes", i)
    )
    assert rules.num_columns == 1 + total
    every = {v for name in rules.column_names[1:] for v in rules[name].unique()}
    assert {v.as_py() for v in every} == {True, False, None}


def test_processes_change_nothing(source: Path, whole: Path, tmp_path: Path) -> None:
    batch(source, tmp_path / "two", jobs=2, rules=True)
    assert contents(tmp_path / "two") == contents(whole)
    assert multiprocessing.active_children() == []


def test_the_row_of_a_document_is_the_row_of_the_table(
    source: Path, whole: Path, tmp_path: Path
) -> None:
    known = shipped()
    opened = open_table(source, known, scratch=tmp_path)
    judged = pq.read_table(whole / "result.parquet").to_pylist()
    chosen = random.Random(3).sample(judged, 3)
    made = []
    for row in chosen:
        document = explained_row(opened, known, row["id"]).document
        made.append(
            row_of(document, known, row["id"], group=row["group"], measured=False)
        )
    assert table_of(made, known, measured=False).to_pylist() == chosen


def test_a_stopped_run_goes_on(source: Path, whole: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        batch(source, tmp_path, stop_after=2, rules=True)
    spoilt = Parts(tmp_path / ".parts").path(1, "result.parquet")
    spoilt.write_bytes(spoilt.read_bytes()[:-9])  # torn by a power cut
    heard = Quiet()
    batch(source, tmp_path, heard=heard, rules=True)
    assert heard.how == [("goes_on", 1, ROWS // CHUNK)]
    assert contents(tmp_path) == contents(whole)


def test_another_input_begins_anew(source: Path, whole: Path, tmp_path: Path) -> None:
    other = table(tmp_path / "other.parquet", ROWS, seed=8)
    heard = Quiet()
    with pytest.raises(KeyboardInterrupt):
        batch(other, tmp_path / "out", stop_after=1)
    batch(source, tmp_path / "out", heard=heard, rules=True)
    assert heard.how == [("other", 0, ROWS // CHUNK)]
    assert contents(tmp_path / "out") == contents(whole)


def test_a_finished_run_is_not_repeated(source: Path, tmp_path: Path) -> None:
    batch(source, tmp_path, wanted=Wanted(csv=False))
    assert not (tmp_path / "result.csv").exists()
    heard = Quiet()
    again = batch(source, tmp_path, heard=heard, wanted=Wanted(csv=True))
    assert again.already and heard.how == []
    assert "result.csv" in again.files and (tmp_path / "result.csv").exists()
    assert not batch(source, tmp_path, wanted=Wanted(fresh=True)).already
    (tmp_path / "result.parquet").unlink()
    assert not batch(source, tmp_path).already


def test_a_table_that_changes_meanwhile_is_told(tmp_path: Path) -> None:
    source, other = tmp_path / "shops.parquet", tmp_path / "other.parquet"
    for path, seed in ((source, 7), (other, 8)):  # so that no copy is read
        rows = pq.read_table(table(path, ROWS, seed))
        pq.write_table(rows, path, row_group_size=CHUNK)
    before, out = source.read_bytes(), tmp_path / "out"

    class Changing(Quiet):
        def piece(self, done: int, pieces: int) -> None:
            if done == 1:
                source.write_bytes(other.read_bytes())

    with pytest.raises(DataError, match="has changed"):
        batch(source, out, heard=Changing())
    source.write_bytes(before)
    heard = Quiet()
    batch(source, out, heard=heard)
    assert heard.how == [("new", 0, ROWS // CHUNK)]


def test_the_table_itself_is_never_written_over(tmp_path: Path) -> None:
    source = table(tmp_path / "result.parquet", 3)
    before = source.read_bytes()
    done = CliRunner().invoke(
        program(), ["batch", str(source), "--out", str(tmp_path), "--jobs", "1"]
    )
    assert isinstance(done.exception, UsageError)
    assert "another --out" in done.exception.text("en")
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    "told",
    [
        {"counts": None}, {"counts": {"judged": "x", "rejected": {}}}, {"counts": {}},
        {"likely": None}, {"likely": {"x": "y"}}, {"rejects": [1]}, {"files": {}},
    ],
)  # fmt: skip
def test_a_run_that_tells_nonsense_is_none(
    told: dict[str, Any], source: Path, tmp_path: Path
) -> None:
    batch(source, tmp_path)
    right = (tmp_path / "run.json").read_bytes()
    (tmp_path / "run.json").write_text(json.dumps(json.loads(right) | told))
    assert not batch(source, tmp_path).already
    assert (tmp_path / "run.json").read_bytes() == right


def test_nothing_is_left_of_a_run_that_was_killed(source: Path, tmp_path: Path) -> None:
    batch(source, tmp_path)
    left = [".portfolio.html.7.tmp", ".result.csv.7.tmp", ".run.json.x_7.tmp"]
    for name in (*left, ".mine.7.tmp"):
        (tmp_path / name).write_text("half")
    assert batch(source, tmp_path).already
    assert [p.name for p in tmp_path.glob(".*.tmp")] == [".mine.7.tmp"]


def test_killed_at_any_moment(source: Path, whole: Path, tmp_path: Path) -> None:
    chance = random.Random(11)
    shipped()

    def work() -> None:
        batch(source, tmp_path, rules=True)

    for _ in range(6):
        child = killing.forked(work)
        time.sleep(chance.uniform(0, 0.3))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    batch(source, tmp_path, rules=True)
    assert contents(tmp_path) == contents(whole)


def test_a_killed_command_goes_on(source: Path, whole: Path, tmp_path: Path) -> None:
    words = ["batch", str(source), "--out", str(tmp_path), "--rules", "--to", "json"]
    words += ["--chunk-rows", str(CHUNK), "--jobs"]
    command = subprocess.Popen([sys.executable, "-m", "salesdx", *words, "2"])
    until = time.monotonic() + 60
    while not list((tmp_path / ".parts").glob("*.tally.json")):
        assert command.poll() is None and time.monotonic() < until
        time.sleep(0.01)
    command.kill()
    command.wait()
    done = CliRunner().invoke(program(), [*words, "1", "--format", "json"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["judged"] == ROWS - 7
    found = contents(tmp_path)
    assert found.pop("portfolio.json")
    assert found == contents(whole)


def test_two_at_once_are_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        batch(source, tmp_path, stop_after=1)
    from salesdx.portfolio.standing import alone

    with alone(tmp_path), pytest.raises(DataError) as refused:
        batch(source, tmp_path)
    assert "another salesdx batch" in refused.value.text("en")
    assert "другой запуск" in refused.value.text("ru")


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(DataError) as died:
        list(pool.run(Killer(), NO_KNOWLEDGE, range(4), 2))
    assert "signal 9" in died.value.text("en") and "--jobs" in died.value.text("ru")
    assert multiprocessing.active_children() == []


def test_a_process_that_dies_between_two_pieces_is_told() -> None:
    with pytest.raises(DataError, match="signal 9"):
        for _ in pool.run(Killer(pieces=9, fatal=-1), NO_KNOWLEDGE, range(9), 2):
            for process in multiprocessing.active_children():
                process.kill()
                process.join()
    assert multiprocessing.active_children() == []


def test_what_a_process_cannot_do_is_told_as_it_is() -> None:
    with pytest.raises(DataError) as failed:
        list(pool.run(Failing(), NO_KNOWLEDGE, range(4), 2))
    assert failed.value.text("ru") == "нет места"


def test_a_table_without_a_sound_row(tmp_path: Path) -> None:
    source = table(tmp_path / "bad.parquet", 3, bad=1)
    found = batch(source, tmp_path / "out")
    assert (found.judged, found.rejected) == (0, 3)
    assert pq.read_table(tmp_path / "out" / "result.parquet").num_rows == 0


def test_parts_are_joined_in_order(tmp_path: Path) -> None:
    parts, tables = [], []
    for number, count in enumerate([0, 5, 1000, 0, 40] * 4):
        chance = random.Random(number)
        made = pa.table({
            "id": [f"x{i}" for i in range(count)],
            "v": [chance.choice("abc") for _ in range(count)],
            "p": [chance.choice([None, 3, -7]) for _ in range(count)],
        })  # fmt: skip
        made = made.cast(pa.schema([
            ("id", pa.string()), ("v", pa.dictionary(pa.int32(), pa.string())),
            ("p", pa.int16()),
        ]))  # fmt: skip
        parts.append(tmp_path / f"{number}.parquet")
        pq.write_table(made, parts[-1], write_statistics=["id"])
        tables.append(made)
    with (tmp_path / "all.parquet").open("wb") as file:
        join(parts, file)
    joined = pq.read_table(tmp_path / "all.parquet")
    expected = pa.concat_tables(tables)
    assert joined.schema == expected.schema
    assert joined.to_pylist() == expected.to_pylist()
    import duckdb

    with duckdb.connect() as reader:
        asked = f"select count(*), sum(p), min(id) from '{tmp_path}/all.parquet'"
        total = sum(v for v in expected["p"].to_pylist() if v is not None)
        assert reader.sql(asked).fetchall() == [(4 * 1045, total, "x0")]


def test_a_tally_of_another_kind_is_none(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    parts.put(0, {"a": b"1"}, Tally(judged=3))
    assert parts.tally(0) == Tally(3, 0, {}, {"a": (1, 2212294583)}, {})
    parts.path(0, "a").write_bytes(b"2")
    assert parts.tally(0) is None
    assert parts.tally(1) is None
    parts.path(2, "tally.json").write_text("[1]")
    assert parts.tally(2) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["batch", "nothing.parquet", "--out", "o"], "nothing.parquet"),
        (["batch", "."], "--out"),
        (["batch", ".", "a.csv", "--out", "o"], "one table, or case folders"),
        (["batch", ".", "--out", "o", "--rules"], "--rules is for a table"),
    ],
)
def test_senseless_words(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(program(), words)
    assert isinstance(done.exception, UsageError | DataError)
    assert told in str(done.exception)


def test_rejects_come_back_as_they_were() -> None:
    from salesdx.language import Text
    from salesdx.portfolio.parts import plain, reject_of

    reject = Reject(3, "x", "c", "v", Text(en="why", ru="почему"))
    assert reject_of(json.loads(json.dumps(plain(reject)))) == reject
