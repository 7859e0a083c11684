"""A case folder is destroyed: what is ours, and nothing of others."""

import json
import os
from pathlib import Path

import pytest
from backup_fixture import NOW, folder_of

from salesdx.cli import run
from salesdx.errors import DataError, UsageError
from salesdx.storage import folder_purging
from salesdx.storage.folder_purging import find_folder, purge_folder

CANARY = "canary-51c2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return folder_of(tmp_path, "acme", CANARY)


def purged(folder: Path, acts: Path) -> int:
    return run([
        "--lang", "en", "case", "purge", str(folder), "--act", str(acts), "--yes",
    ])  # fmt: skip


def test_a_folder_is_gone_and_the_act_is_there(folder: Path, tmp_path: Path) -> None:
    inodes = [p for p in folder.rglob("*") if p.is_file()]
    handles = [p.open("rb") for p in inodes]  # what was overwritten reads as nothing
    assert purged(folder, tmp_path / "acts") == 0
    assert not folder.exists()
    for handle in handles:
        assert CANARY.encode() not in handle.read()
        handle.close()
    (act,) = (tmp_path / "acts").glob("*.json")
    told = json.loads(act.read_bytes())
    assert (told["case"], told["where"], told["counts"]["reports"]) == (
        "acme", "folder", 1,
    )  # fmt: skip
    assert [e["action"] for e in told["events"]] == ["purge-begun", "purged"]
    assert told["events"][1]["before"] == told["events"][0]["hash"]
    for paper in (tmp_path / "acts").iterdir():
        assert CANARY.encode() not in paper.read_bytes()
    assert len(list((tmp_path / "acts").iterdir())) == 5  # no journal is left


def test_what_a_killed_writer_left_is_ours_too(folder: Path, tmp_path: Path) -> None:
    (folder / ".answers.yaml.k3x_9qzt.tmp").write_text(CANARY, encoding="utf-8")
    (folder / ".company.yaml.4711.tmp").write_text(CANARY, encoding="utf-8")
    (folder / ".answers.lock").touch()
    assert purged(folder, tmp_path / "acts") == 0
    assert not folder.exists()


def test_what_is_not_ours_stays_and_is_named(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "precious.txt").write_text("precious")
    (folder / "contract.docx").write_text("mine")
    (folder / "data" / "link.csv").symlink_to(outside / "precious.txt")
    (folder / "reports" / "elsewhere").symlink_to(outside)
    (folder / "notes").mkdir()
    (folder / "notes" / "a.txt").write_text("mine")
    os.mkfifo(folder / "data" / "pipe")
    os.link(outside / "precious.txt", folder / "data" / "twin.csv")
    assert purged(folder, tmp_path / "acts") == 0
    told = capsys.readouterr().err
    for name in ("contract.docx", "data/link.csv", "reports/elsewhere", "notes/a.txt",
                 "data/pipe"):  # fmt: skip
        assert f"  {name}\n" in told
    assert (outside / "precious.txt").read_text() == "precious"
    left = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))
    assert left == [
        "contract.docx", "data", "data/link.csv", "data/pipe", "notes", "notes/a.txt",
        "reports", "reports/elsewhere",
    ]  # fmt: skip
    (act,) = (tmp_path / "acts").glob("*.json")
    told_act = json.loads(act.read_bytes())
    assert (told_act["left_foreign"], told_act["not_overwritten"]) == (5, 1)


@pytest.mark.parametrize("kind", ["no-company", "link", "company-link", "acts-inside"])
def test_no_case_folder_is_left_alone(kind: str, folder: Path, tmp_path: Path) -> None:
    acts, target = tmp_path / "acts", folder
    if kind == "no-company":
        (folder / "company.yaml").unlink()
    elif kind == "link":
        target = tmp_path / "link"
        target.symlink_to(folder)
    elif kind == "company-link":
        (folder / "company.yaml").rename(tmp_path / "real.yaml")
        (folder / "company.yaml").symlink_to(tmp_path / "real.yaml")
    else:
        acts = folder / "acts"
    before = sorted(folder.rglob("*"))
    with pytest.raises((DataError, UsageError)):
        find_folder(target, acts)
    assert purged(target, acts) in (2, 3)
    assert [p for p in sorted(folder.rglob("*")) if p != acts] == before


@pytest.mark.parametrize("after", [0, 1, 3, 5])
def test_a_killed_purge_is_finished_with_the_first_numbers(
    after: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts, erased = tmp_path / "acts", [0]
    acts.mkdir()
    erase = folder_purging.erase_in

    def killed(handle: int, name: str) -> bool:
        if erased[0] == after:
            raise KeyboardInterrupt
        erased[0] += 1
        return erase(handle, name)

    found = find_folder(folder, acts)
    with monkeypatch.context() as patched:
        patched.setattr(folder_purging, "erase_in", killed)
        with pytest.raises(KeyboardInterrupt):
            purge_folder(found, acts, NOW, "me", "retention")
    assert (folder / "company.yaml").exists()  # so that the next run knows the folder
    assert purged(folder, acts) == 0
    assert not folder.exists()
    (act,) = acts.glob("*.json")
    assert json.loads(act.read_bytes())["counts"] == found.counts


def test_the_act_of_a_folder_that_is_gone_is_still_written(
    folder: Path, tmp_path: Path
) -> None:
    acts = tmp_path / "acts"
    acts.mkdir()
    found = find_folder(folder, acts)
    purge_folder(found, acts, NOW, "me", "retention")  # killed before the act
    assert not folder.exists()
    assert purged(folder, acts) == 0
    (act,) = acts.glob("*.json")
    assert json.loads(act.read_bytes())["counts"] == found.counts
