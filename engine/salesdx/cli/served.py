"""The server as it runs: which database it means, how it listens, what it logs."""

import errno
import logging
from pathlib import Path
from typing import IO, Any

from salesdx.errors import Said, UsageError, reason_of

_THREADS = 8
_HEADERS = 32 << 10  # bytes of all headers of a request: cookies and little else
_PATIENCE_S = 60  # for a caller who says nothing
_CALLERS = 200  # connections at once


def address_of(data: Path, db: str | None) -> str:
    """The address of the database; the folder is made if need be, for its owner only.

    Raises:
        UsageError: the folder cannot be made.
    """
    if db:
        return db
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{data}: {reason_of(error)}") from None
    return str(data / "salesdx.db")


def server_of(
    app: Any, host: str, port: int, *, secure: bool, proxy: str | None, largest: int
) -> Any:
    """A server that listens already and answers once it runs.

    What a proxy may tell is who called and whether by https; of nobody else is taken
    that either.

    Raises:
        UsageError: it cannot listen there.
    """
    from waitress.server import create_server

    trusted = {
        "trusted_proxy": proxy, "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }  # fmt: skip
    try:
        return create_server(
            app, host=host, port=port, threads=_THREADS, ident=None,
            url_scheme="https" if secure else "http", max_request_body_size=largest,
            max_request_header_size=_HEADERS, channel_timeout=_PATIENCE_S,
            connection_limit=_CALLERS, clear_untrusted_proxy_headers=True,
            expose_tracebacks=False, log_socket_errors=False,
            **(trusted if proxy else {}),
        )  # fmt: skip
    except OSError as error:
        taken = Said(
            "another program listens there", "адрес уже занят другой программой"
        )
        what = taken if error.errno == errno.EADDRINUSE else reason_of(error)
        raise UsageError(
            Said(f"{host}:{port}: {what}", f"{host}:{port}: {what.ru}")
        ) from None
    except ValueError:
        raise UsageError(Said(
            f"{host}:{port}: there is no such address on this machine",
            f"{host}:{port}: у этого компьютера нет такого адреса",
        )) from None  # fmt: skip


def log_to(stream: IO[str]) -> None:
    """Write the log of requests and faults to a stream, a line each."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(message)s"))
    handler.addFilter(_without_traceback)
    for name, level in (
        ("salesdx.access", logging.INFO), ("salesdx.web", logging.WARNING),
        ("waitress", logging.WARNING),
    ):  # fmt: skip
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)


def _without_traceback(record: logging.LogRecord) -> bool:
    """Let no traceback and no path through: both may hold what somebody typed."""
    if record.exc_info:
        kind = record.exc_info[0]
        record.msg = f"{record.name}: {kind.__name__ if kind else 'fault'}"
        record.args, record.exc_info, record.exc_text = (), None, None
    elif record.name.startswith("waitress") and record.name != "waitress.queue":
        record.msg, record.args = f"{record.name}: a request could not be read", ()
    return True
