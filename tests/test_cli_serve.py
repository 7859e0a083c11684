"""`salesdx serve`: what it refuses, what it says, and that it answers."""

import errno
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from salesdx.cli import run
from salesdx.cli.serve import proxy_of, public_address, refuse_open
from salesdx.cli.served import server_of
from salesdx.errors import EXIT_USAGE, UsageError


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_this_machine_alone_needs_nothing(host: str) -> None:
    refuse_open(host, "")


def test_other_machines_come_only_by_an_address_that_was_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for host in ("0.0.0.0", "::", "192.168.1.5", "sdx.example.com", ""):
        with pytest.raises(UsageError, match="--public"):
            refuse_open(host, "")
    given = run(["serve", "--host", "0.0.0.0", "--data", str(tmp_path / "no")])
    assert given == EXIT_USAGE and not (tmp_path / "no").exists()
    refuse_open("0.0.0.0", "https://sdx.example.com")
    assert "WARNING" not in capsys.readouterr().err
    refuse_open("0.0.0.0", "http://10.0.0.5:8080")
    assert "WARNING" in capsys.readouterr().err


def test_the_public_address_is_an_origin() -> None:
    assert public_address("https://SDX.example.com:443/") == "https://sdx.example.com"
    assert public_address("http://[::1]:81") == "http://[::1]:81"
    for wrong in (
        "sdx.example.com", "ftp://x", "https://", "https://x/path", "https://x?y",
        "https://u:p@x", "https://x:port", "https://x y", "https://ы.рф", "https://x\n",
    ):  # fmt: skip
        with pytest.raises(UsageError):
            public_address(wrong)


def test_whose_word_is_taken() -> None:
    assert proxy_of(None, "127.0.0.1", "https://x") == "127.0.0.1"
    assert proxy_of(None, "::1", "https://x") == "::1"
    assert proxy_of(None, "127.0.0.1", "") is None
    assert proxy_of(None, "0.0.0.0", "https://x") is None
    assert proxy_of("10.0.0.7", "0.0.0.0", "https://x") == "10.0.0.7"
    for wrong in ("*", "10.0.0.0/8", "proxy.local"):
        with pytest.raises(UsageError):
            proxy_of(wrong, "0.0.0.0", "https://x")


def test_a_port_that_is_taken_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def taken(*_: object, **__: object) -> None:
        raise OSError(errno.EADDRINUSE, "Address already in use")

    monkeypatch.setattr("waitress.server.create_server", taken)
    with pytest.raises(UsageError, match=r"127\.0\.0\.1:80: another program"):
        server_of(repr, "127.0.0.1", 80, secure=False, proxy=None, largest=1)


def test_it_starts_without_users_answers_and_stops(tmp_path: Path) -> None:
    """Once as a process: nobody can sign in yet, and no page makes a user."""
    environment = {**os.environ, "SALESDX_LANG": "en", "PYTHONUTF8": "1"}
    environment.pop("SALESDX_DB", None)
    with subprocess.Popen(
        [sys.executable, "-m", "salesdx", "serve", "--data", "work", "--port", "0"],
        cwd=tmp_path, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # a shell that runs tests in the background has them ignore Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        address = line.removeprefix("Serving on ").partition(" ")[0]
        with urllib.request.urlopen(f"{address}/sign-in", timeout=10) as answer:
            assert answer.status == 200 and "Server" not in answer.headers
        process.send_signal(signal.SIGINT)
        told = process.stderr.read()
        process.wait(20)
    assert "salesdx user add NAME --data work" in told
    assert " GET /sign-in 200 " in told
