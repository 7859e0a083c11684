"""`salesdx serve`: the web app over the cases of a database."""

from __future__ import annotations

import ipaddress
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from salesdx.cli import options
from salesdx.cli.checkout import tell
from salesdx.cli.commands import Command
from salesdx.cli.wording import say
from salesdx.errors import UsageError

if TYPE_CHECKING:
    from salesdx.render.look import Look


@click.command(
    "serve",
    cls=Command,
    help=say(
        "Serve the web app: the consultant's workspace, the links that respondents "
        "were sent, the API. The cases lie in DIR/salesdx.db, or in the database "
        "named by --db.\n\n"
        "\b\nExamples:\n"
        "  salesdx user add anna --data work\n"
        "  salesdx serve --data work\n"
        "  salesdx serve --data work --host 0.0.0.0 --public https://sdx.example.com",
        "Запустить веб-приложение: рабочее место консультанта, ссылки респондентов, "
        "API. Разборы лежат в ПАПКА/salesdx.db или в базе из --db.\n\n"
        "\b\nПримеры:\n"
        "  salesdx user add anna --data work\n"
        "  salesdx serve --data work\n"
        "  salesdx serve --data work --host 0.0.0.0 --public https://sdx.example.com",
    ),
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar=say("ADDRESS", "АДРЕС"),
    help=say(
        "Where to listen; other than this machine only with --public.",
        "Где слушать; не только для этого компьютера — вместе с --public.",
    ),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    metavar=say("PORT", "ПОРТ"),
)
@click.option(
    "--public",
    default="",
    metavar="URL",
    help=say(
        "The address that people type, for links; https:// with a TLS proxy before it.",
        "Адрес, который набирают люди, для ссылок; https:// — если впереди TLS-прокси.",
    ),
)
@click.option(
    "--proxy",
    metavar=say("ADDRESS", "АДРЕС"),
    help=say(
        "The proxy whose word on the caller's address is taken; default: that of this "
        "machine, where --public is https and --host is local.",
        "Прокси, которому верим, откуда пришёл запрос; иначе — прокси этого "
        "компьютера, если --public начинается с https, а --host местный.",
    ),
)
@options.data_folder()
@options.server_db()
@options.overlays()
@options.look()
@options.lang()
def serve(
    host: str, port: int, public: str, proxy: str | None, data: Path, db: str | None,
    overlays: tuple[Path, ...], look: Look,
) -> None:  # fmt: skip
    """Serve until stopped."""
    root = public_address(public)
    refuse_open(host, root)
    from salesdx.cli.served import address_of, log_to, server_of
    from salesdx.storage.accounts import all_users
    from salesdx.storage.upgrading import opened
    from salesdx.web.app import create_app
    from salesdx.web.settings import Settings
    from salesdx.workspace.desk import Desk

    with opened(address_of(data, db), make=True, tell=tell) as engine:
        desk = Desk(engine, overlays, look=look)
        settings = Settings(secure=root.startswith("https://"), public=root)
        app = create_app(desk, settings)
        server = server_of(
            app, host, port, secure=settings.secure, proxy=proxy_of(proxy, host, root),
            largest=settings.largest_upload,
        )  # fmt: skip
        log_to(sys.stderr)
        if not all_users(engine):
            _say_first_user(data, db)
        told = root or f"http://{_named(host)}:{port_of(server)}"
        click.echo(say(f"Serving on {told} (stop: Ctrl-C)",
                       f"Работает по адресу {told} (остановить — Ctrl-C)"))  # fmt: skip
        sys.stdout.flush()
        try:
            server.run()
        finally:
            server.close()
            desk.close()


def _say_first_user(data: Path, db: str | None) -> None:
    """Nobody can sign in yet; the first user is made here, not on an open page."""
    where = f"--db {db}" if db and "@" not in db else f"--data {data}" if not db else ""
    command = f"salesdx user add NAME {where}".rstrip()
    click.echo(
        say(
            f"Nobody can sign in yet. Make the first user in another terminal:\n"
            f"  {command}",
            f"Войти пока некому. Создайте первого пользователя в другом терминале:\n"
            f"  {command.replace('NAME', 'ИМЯ')}",
        ),
        err=True,
    )


def port_of(server: Any) -> int:
    """The port that a server listens on, chosen by the system where 0 was asked."""
    several = getattr(server, "effective_listen", None)
    return int(several[0][1] if several else server.effective_port)


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def public_address(public: str) -> str:
    """The address that people type: scheme, host, port and nothing more.

    Raises:
        UsageError: it is no such address.
    """
    if not public:
        return ""
    try:
        parts = urlsplit(public)
        port = parts.port  # a ValueError where it is none
    except ValueError:
        parts, port = urlsplit(""), None
    plain = not (parts.query or parts.fragment or parts.username or parts.password)
    if (
        parts.scheme in ("http", "https") and parts.hostname and plain
        and parts.path in ("", "/") and public.isascii() and public.isprintable()
        and " " not in public
    ):  # fmt: skip
        standard = {"http": 80, "https": 443}[parts.scheme]
        tail = "" if port in (None, standard) else f":{port}"
        return f"{parts.scheme}://{_named(parts.hostname)}{tail}"
    raise UsageError(
        say(
            "--public is an address like https://sdx.example.com, without a path",
            "--public — адрес вида https://sdx.example.com, без пути",
        )
    )


def proxy_of(proxy: str | None, host: str, public: str) -> str | None:
    """Whose word on the caller's address is taken.

    Behind https on a loopback address nobody but the proxy of this machine calls.

    Raises:
        UsageError: it is not one address.
    """
    if proxy is None:
        behind = public.startswith("https://") and is_loopback(host)
        return ("::1" if ":" in host else "127.0.0.1") if behind else None
    try:
        return str(ipaddress.ip_address(proxy))
    except ValueError:
        raise UsageError(
            say(
                "--proxy is the address of one proxy, like 127.0.0.1",
                "--proxy — адрес одного прокси, например 127.0.0.1",
            )
        ) from None


def refuse_open(host: str, public: str) -> None:
    """Passwords and answers do not go through a network in the clear unasked.

    Raises:
        UsageError: the address is open to others, and nobody said how they come.
    """
    if public.startswith("http://"):
        click.echo(
            say(
                "WARNING: over http:// passwords and answers can be read and changed "
                "on the way. Only where nobody can listen in; better a TLS proxy and "
                "--public https://…",
                "ВНИМАНИЕ: по http:// пароли и ответы могут прочитать и подменить в "
                "пути. Годится, только если сеть никто не слушает; надёжнее TLS-прокси "
                "и --public https://…",
            ),
            err=True,
        )
    if is_loopback(host) or public:
        return
    raise UsageError(
        say(
            f"{host} is open to other machines: say by which address they come, "
            "--public https://…, with a TLS proxy before it (--public http://… where "
            "nobody can listen in)",
            f"{host} открыт для других компьютеров: укажите, по какому адресу приходят "
            "люди, --public https://…, и поставьте впереди TLS-прокси (--public "
            "http://… — только там, где некому подслушивать)",
        )
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine gets in at an address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
