"""A PostgreSQL server that syncs, and that is killed with everything it has started."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from database_fixture import _as, _run, program

ADDRESS = "postgresql://owner@/postgres?host={}"


@dataclass
class Server:
    """A cluster in a folder; its socket is there too."""

    folder: Path
    _master: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where salesdx finds it."""
        return ADDRESS.format(self.folder)

    def start(self) -> None:
        """Start it, with recovery after a crash, and wait until it answers.

        It is our own child: a killed one must be gone, not a zombie, or the next
        believes that it still runs.
        """
        server = program("postgres")
        assert server is not None
        safe = ["fsync=on", "synchronous_commit=on", "full_page_writes=on"]
        small = ["listen_addresses=", "shared_buffers=16MB"]
        settings = [*safe, *small, f"unix_socket_directories={self.folder}"]
        with (self.folder / "log").open("ab") as log:
            self._master = subprocess.Popen(
                [server, "-D", self.folder / "data", *(f"--{x}" for x in settings)],
                user=_as(), stdout=log, stderr=log, cwd="/",
                env={**os.environ, "LC_ALL": "C"}, start_new_session=True,
            )  # fmt: skip
        self.wait_ready()

    def wait_ready(self) -> None:
        """Until clients can connect."""
        ready = program("pg_isready")
        assert ready is not None
        assert self._master is not None
        for _ in range(600):
            done = subprocess.run(
                [ready, "-q", "-h", str(self.folder)], check=False, cwd="/"
            )
            if done.returncode == 0:
                return
            assert self._master.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.05)
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """kill -9 the postmaster and all its processes, then start anew."""
        master = self._master
        assert master is not None
        family = [master.pid, *children(master.pid)]
        for process in family:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        master.wait()
        wait_gone(family)
        self.start()

    def kill_backend(self) -> None:
        """kill -9 what serves the clients: the server recovers by itself."""
        assert self._master is not None
        for process in children(self._master.pid):
            with suppress(OSError):
                if b"owner postgres" in Path(f"/proc/{process}/cmdline").read_bytes():
                    os.kill(process, signal.SIGKILL)
        time.sleep(0.05)  # until the postmaster has noticed
        self.wait_ready()

    def stop(self) -> None:
        """Stop it at once."""
        assert self._master is not None
        self._master.send_signal(signal.SIGQUIT)
        self._master.wait(30)


def children(process: int) -> list[int]:
    """The processes that one has started."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]


def wait_gone(processes: list[int]) -> None:
    """Until none of them holds shared memory or files any more."""
    for _ in range(600):
        if not any(_alive(process) for process in processes):
            return
        time.sleep(0.02)
    raise AssertionError("processes of the server do not end")


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@contextmanager
def syncing_server() -> Iterator[Server]:
    """A running server with fsync; stopped and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="sdx-pg-") as folder:
        place, owner = Path(folder), _as()
        if owner:
            shutil.chown(place, owner)
        initdb = program("initdb")
        assert initdb is not None
        _run(
            initdb, "-D", str(place / "data"), "-U", "owner", "-E", "UTF8",
            "--no-locale", "--auth=trust",
        )  # fmt: skip
        server = Server(place)
        server.start()
        try:
            yield server
        finally:
            server.stop()
