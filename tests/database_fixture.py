"""A PostgreSQL server of its own for the tests, on a socket, where one is installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "c4n4ry-p@ss/word"  # with signs that cut an address
WHY = "no PostgreSQL server is installed here (Debian: postgresql)"


def program(name: str) -> str | None:
    """A program of PostgreSQL; Debian keeps them off the PATH."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(places[-1]) if places else None)


def _as() -> str | None:
    """Who runs the server: PostgreSQL refuses to run as root."""
    if os.name != "posix" or os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


def _run(*words: str, **options: object) -> None:
    done = subprocess.run(
        words, user=_as(), capture_output=True, text=True, check=False,
        cwd="/", env={**os.environ, "LC_ALL": "C"}, **options,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def postgres() -> Iterator[str]:
    """A running server; gives the folder of its socket. User owner, base crm."""
    with tempfile.TemporaryDirectory(prefix="sdx-pg-") as folder:
        place = Path(folder)
        (place / "password").write_text(PASSWORD)
        owner = _as()
        if owner:
            for path in (place, place / "password"):
                shutil.chown(path, owner)
        data, control = str(place / "data"), program("pg_ctl")
        assert control is not None
        initdb = program("initdb")
        assert initdb is not None
        _run(
            initdb, "-D", data, "-U", "owner", "-E", "UTF8", "--no-locale", "-N",
            "--auth=scram-sha-256", f"--pwfile={place / 'password'}",
        )  # fmt: skip
        quick = "-c listen_addresses='' -c fsync=off -c shared_buffers=16MB"
        _run(
            control, "-D", data, "-w", "-l", str(place / "log"),
            "-o", f"{quick} -c unix_socket_directories={folder}", "start",
        )  # fmt: skip
        try:
            yield folder
        finally:
            _run(control, "-D", data, "-m", "immediate", "-w", "stop")
