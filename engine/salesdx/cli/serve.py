"""`salesdx serve`: the web app over the cases of a database."""

import ipaddress
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.checkout import tell
from salesdx.cli.commands import Command
from salesdx.cli.wording import say
from salesdx.errors import UsageError

_THREADS = 8
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


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
        "The proxy whose word on the caller's address is taken.",
        "Прокси, которому верим, откуда пришёл запрос.",
    ),
)
@options.data_folder()
@options.server_db()
@options.overlays()
@options.lang()
def serve(
    host: str, port: int, public: str, proxy: str | None, data: Path, db: str | None,
    overlays: tuple[Path, ...],
) -> None:  # fmt: skip
    """Serve until stopped."""
    _refuse_open(host, public)
    from waitress.server import create_server

    from salesdx.cli.served import address_of
    from salesdx.storage.upgrading import opened
    from salesdx.web.app import create_app
    from salesdx.web.settings import Settings
    from salesdx.workspace.desk import Desk

    with opened(address_of(data, db), make=True, tell=tell) as engine:
        desk = Desk(engine, overlays)
        settings = Settings(secure=public.startswith("https://"), public=public)
        app = create_app(desk, settings)
        trusted = {
            "trusted_proxy": proxy, "trusted_proxy_count": 1,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
            "clear_untrusted_proxy_headers": True,
        }  # fmt: skip
        server = create_server(
            app, host=host, port=port, threads=_THREADS, ident=None,
            max_request_body_size=settings.largest_upload,
            **(trusted if proxy else {}),
        )  # fmt: skip
        told = public or f"http://{_named(host)}:{server.effective_port}"
        click.echo(say(f"Serving on {told} (stop: Ctrl-C)",
                       f"Работает по адресу {told} (остановить — Ctrl-C)"))  # fmt: skip
        try:
            server.run()
        finally:
            server.close()
            desk.close()


def _named(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _refuse_open(host: str, public: str) -> None:
    """Passwords and answers do not go through a network in the clear unasked."""
    if public and not public.startswith(("https://", "http://")):
        raise UsageError(
            say(
                "--public is an address like https://sdx.example.com",
                "--public — адрес вида https://sdx.example.com",
            )
        )
    if _is_loopback(host) or public:
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


def _is_loopback(host: str) -> bool:
    try:
        return host in _LOOPBACK or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
