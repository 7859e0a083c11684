"""`salesdx user`: who signs in, from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from web_fixture import folder_of, quick_passwords

from salesdx.access import passwords
from salesdx.cli import run
from salesdx.errors import EXIT_DATA, EXIT_OK, EXIT_USAGE
from salesdx.storage.accounts import password_of
from salesdx.storage.cases import add_case
from salesdx.storage.upgrading import open_database

__all__ = ["quick_passwords"]
PASSWORD = "correct horse battery"


class Terminal:
    """Runs commands over one data folder; standard input is no terminal."""

    def __init__(self, data: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
        self.data, self.monkeypatch, self.capsys = data, monkeypatch, capsys

    def __call__(self, *words: str, say: str = "", code: int = EXIT_OK) -> str:
        import io

        self.monkeypatch.setattr("sys.stdin", io.StringIO(say))
        given = run([*words, "--data", str(self.data), "--lang", "en"])
        told = self.capsys.readouterr()
        assert given == code, told.err
        return told.out + told.err

    def users(self) -> dict[str, dict]:
        told = json.loads(self("user", "list", "--format", "json"))
        return {one["name"]: one for one in told["users"]}


@pytest.fixture
def salesdx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys) -> Terminal:
    monkeypatch.delenv("SALESDX_DB", raising=False)
    return Terminal(tmp_path / "work", monkeypatch, capsys)


def test_users_from_the_first_to_the_last(salesdx: Terminal, tmp_path: Path) -> None:
    salesdx("user", "add", "anna", "--title", "Анна", say=PASSWORD)
    assert (salesdx.data.stat().st_mode & 0o777) == 0o700
    salesdx("user", "add", "boris", "--role", "viewer", "--only", say=PASSWORD)
    engine = open_database(str(salesdx.data / "salesdx.db"))
    add_case(engine, "acme", "A", folder_of(tmp_path / "acme", "A"), "2026")
    assert salesdx.users()["anna"] == {
        "name": "anna", "title": "Анна", "role": "consultant", "every_case": True,
        "disabled": False, "cases": [],
    }  # fmt: skip
    salesdx("user", "grant", "boris", "acme")
    assert salesdx.users()["boris"]["cases"] == ["acme"]
    salesdx("user", "revoke", "boris", "acme")
    assert salesdx.users()["boris"]["cases"] == []
    assert "still sees" in salesdx("user", "revoke", "anna", "acme")
    salesdx("user", "disable", "boris")
    assert "disabled" in salesdx("user", "list")
    assert password_of(engine, "boris") is None
    salesdx("user", "enable", "boris")
    salesdx("user", "password", "boris", say="another horse and battery")
    assert passwords.fits("another horse and battery", password_of(engine, "boris"))
    engine.dispose()


def test_what_cannot_be_is_refused_in_words(salesdx: Terminal) -> None:
    told = salesdx("user", "list", code=EXIT_DATA)
    assert "no database" in told
    salesdx("user", "add", "anna", say=PASSWORD)
    told = salesdx("user", "add", "anna", say=PASSWORD, code=EXIT_DATA)
    assert "already" in told
    assert "12" in salesdx("user", "add", "bob", say="short", code=EXIT_DATA)
    salesdx("user", "add", "bob", say="", code=EXIT_USAGE)
    salesdx("user", "add", "Bad Name", say=PASSWORD, code=EXIT_DATA)
    salesdx("user", "add", "bob", "--role", "king", say=PASSWORD, code=EXIT_USAGE)
    for words in (["password", "eve"], ["disable", "eve"], ["enable", "eve"],
                  ["grant", "anna", "none"], ["revoke", "anna", "none"]):  # fmt: skip
        salesdx("user", *words, say=PASSWORD, code=EXIT_DATA)
    assert list(salesdx.users()) == ["anna"]


def test_no_command_takes_a_password_as_an_argument() -> None:
    from salesdx.cli.user import user

    for name, command in user.commands.items():
        options = [o for p in command.params for o in p.opts]
        assert not any("pass" in o for o in options), name
    assert CliRunner().invoke(user, ["add", "a", "--password", "x"]).exit_code == 2
