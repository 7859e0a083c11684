"""`salesdx share`: a link and its QR code in the terminal."""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from web_fixture import AT, folder_of

from salesdx.cli.share import share
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.storage import links
from salesdx.storage.cases import add_case
from salesdx.storage.upgrading import open_database


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a server with one case."""
    folder = tmp_path_factory.mktemp("share")
    engine = open_database(str(folder / "salesdx.db"))
    add_case(engine, "acme", "Акме", folder_of(folder / "acme", "Акме"), AT)
    engine.dispose()
    return folder


@pytest.fixture(autouse=True)
def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the knowledge once for all of them."""
    monkeypatch.setattr("salesdx.workspace.desk.load", _loaded)


@cache
def _loaded(overlays: tuple[Path, ...]) -> KnowledgeBase:
    return load(overlays)


def shared(data: Path, *given: str) -> str:
    run = CliRunner().invoke(share, ["acme", "--data", str(data), *given])
    assert run.exit_code == 0, run.output
    return run.output


def test_the_link_and_its_code_are_printed(data: Path) -> None:
    told = shared(data, "--role", "owner", "--public", "https://sdx.example.com/")
    assert told.startswith("https://sdx.example.com/s/")
    assert "█" in told and "Who answers: Пётр Орлов, owner" in told
    assert re.search(r"until \d{1,2} [A-Z][a-z]{2} 20\d\d$", told, re.M)  # no ISO date


def test_as_json_it_tells_what_the_link_is(data: Path) -> None:
    told = json.loads(shared(
        data, "--role", "seller", "--by", "Иван", "--form", "why-us", "--days", "3",
        "--format", "json",
    ))  # fmt: skip
    assert (told["role"], told["by"], told["mode"]) == (
        "seller", "Иван", "form:why-us",
    )  # fmt: skip
    engine = open_database(str(data / "salesdx.db"))
    found = links.by_token(engine, told["address"].rpartition("/")[2])
    engine.dispose()
    assert found is not None and found.id == told["id"]


@pytest.mark.parametrize("given, told", [
    (("--role", "owmer"), "owner"),
    (("--role", "owner", "--form", "why-them"), "why-them"),
    (("--role", "seller", "--by", "owner"), "owner"),
])  # fmt: skip
def test_what_cannot_be_is_told(data: Path, given: tuple[str, ...], told: str) -> None:
    run = CliRunner().invoke(share, ["acme", "--data", str(data), *given])
    assert run.exit_code != 0 and told in str(run.exception)
