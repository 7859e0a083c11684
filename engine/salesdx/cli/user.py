"""`salesdx user`: who signs in to the web app. The first user is made here too."""

import sys
from pathlib import Path

import click

from salesdx.access.roles import ROLES, Role
from salesdx.cli import options
from salesdx.cli.checkout import tell
from salesdx.cli.commands import Command
from salesdx.cli.wording import say
from salesdx.errors import UsageError


@click.group(
    "user",
    help=say("People who sign in to the web app.", "Кто входит в веб-приложение."),
)
def user() -> None:
    """Users of the web app."""


@user.command(
    "add",
    cls=Command,
    help=say(
        "Add a user; the password is asked for, or read from standard input.\n\n"
        "\b\nExamples:\n"
        "  salesdx user add anna --data work\n"
        "  salesdx user add boris --role viewer --only --data work",
        "Добавить пользователя; пароль программа спросит или прочитает со стандартного "
        "ввода.\n\n"
        "\b\nПримеры:\n"
        "  salesdx user add anna --data work\n"
        "  salesdx user add boris --role viewer --only --data work",
    ),
)
@click.argument("name", metavar=say("NAME", "ИМЯ"))
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="consultant",
    show_default=True,
    help=say(
        "consultant runs cases; trainer reads them, changes knowledge; viewer reads.",
        "consultant ведёт разборы; trainer читает их и меняет знания; viewer читает.",
    ),
)
@click.option(
    "--title",
    metavar=say("TEXT", "ТЕКСТ"),
    help=say("The name shown on pages.", "Имя, которое видно на страницах."),
)
@click.option(
    "--only/--every-case",
    "only",
    default=False,
    help=say(
        "Only cases that he is made a member of, or every case.",
        "Только разборы, куда его добавили, или все.",
    ),
)
@options.data_folder()
@options.server_db()
@options.lang()
def add(
    name: str, role: Role, title: str | None, only: bool, data: Path, db: str | None
) -> None:
    """Add a user."""
    from salesdx.access.passwords import hash_of
    from salesdx.cli.served import address_of
    from salesdx.storage.account import account
    from salesdx.storage.accounts import User, add_user
    from salesdx.storage.checkout import now
    from salesdx.storage.upgrading import opened

    made = User(name, title or name, role, not only)
    with opened(address_of(data, db), make=True, tell=tell) as engine:
        add_user(engine, made, hash_of(_password()), now(), account())
    click.echo(say(f"{name} may sign in now.", f"{name} может войти."))


def _password() -> str:
    if sys.stdin.isatty():
        told = say("Password", "Пароль")
        again = say("Once more", "Ещё раз")
        return str(click.prompt(told, hide_input=True, confirmation_prompt=again))
    found = sys.stdin.readline().rstrip("\r\n")
    if not found:
        raise UsageError(say("give the password on standard input",
                             "передайте пароль через стандартный ввод"))  # fmt: skip
    return found
