"""`salesdx user`: who signs in to the web app. The first user is made here too."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesdx.access.roles import ROLES, Role
from salesdx.cli import options
from salesdx.cli.checkout import tell
from salesdx.cli.commands import Command, Group
from salesdx.cli.output import print_json, table
from salesdx.cli.wording import say
from salesdx.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from salesdx.storage.accounts import User


@click.group(
    "user",
    cls=Group,
    help=say(
        "People who sign in to the web app.\n\n"
        "\b\nExample:\n  salesdx user add anna --data work",
        "Кто входит в веб-приложение.\n\n"
        "\b\nПример:\n  salesdx user add anna --data work",
    ),
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


@user.command(
    "list",
    cls=Command,
    help=say(
        "Name all users, their roles and cases.\n\n"
        "\b\nExample:\n  salesdx user list --data work",
        "Перечислить пользователей, их роли и разборы.\n\n"
        "\b\nПример:\n  salesdx user list --data work",
    ),
)
@options.data_folder()
@options.server_db()
@options.lang()
@options.output_format()
def list_(data: Path, db: str | None, as_: str) -> None:
    """Print a line a user."""
    from salesdx.storage.accounts import all_users, cases_of

    with _database(data, db) as engine:
        found = [
            {
                "name": one.name, "title": one.title, "role": one.role,
                "every_case": one.every_case, "disabled": one.disabled,
                "cases": cases_of(engine, one.name),
            }
            for one in all_users(engine)
        ]  # fmt: skip
    if as_ == "json":
        print_json({"users": found})
    elif not found:
        click.echo(say("There are no users yet.", "Пользователей пока нет."))
    else:
        heads = say("NAME ROLE CASES STATE", "ИМЯ РОЛЬ РАЗБОРЫ ВХОД")
        click.echo(table([heads.split(), *map(_row, found)]))


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    every = say("all", "все") if one["every_case"] else ""
    cases = every or ", ".join(one["cases"]) or say("none", "ни одного")
    state = say("disabled", "закрыт") if one["disabled"] else say("open", "открыт")
    return one["name"], one["role"], cases, state


def _of_one(
    name: str, en: str, ru: str, *more: click.Parameter
) -> Callable[[Callable[..., None]], click.Command]:
    """A command on one user: NAME, and where the database is."""

    def decorate(function: Callable[..., None]) -> click.Command:
        for option in (options.lang(), options.server_db(), options.data_folder()):
            function = option(function)
        params = [click.Argument(["name"], metavar=say("NAME", "ИМЯ")), *more]
        return user.command(name, cls=Command, help=say(en, ru), params=params)(
            function
        )

    return decorate


def _case() -> click.Argument:
    return click.Argument(["case"], metavar=say("CASE", "РАЗБОР"))


@_of_one(
    "password",
    "Set another password; whoever is signed in by the old one is out.\n\n"
    "\b\nExample:\n  salesdx user password anna --data work",
    "Задать другой пароль; кто вошёл по старому, выйдет.\n\n"
    "\b\nПример:\n  salesdx user password anna --data work",
)
def password(name: str, data: Path, db: str | None) -> None:
    """Set a password."""
    from salesdx.access.passwords import hash_of
    from salesdx.storage.account import account
    from salesdx.storage.accounts import set_password
    from salesdx.storage.checkout import now

    with _database(data, db) as engine:
        _known(engine, name)
        set_password(engine, name, hash_of(_password()), now(), account())
    click.echo(say(f"{name} has another password.", f"У {name} новый пароль."))


@_of_one(
    "disable",
    "Shut a user out at once: sessions end, API tokens open nothing.\n\n"
    "\b\nExample:\n  salesdx user disable boris --data work",
    "Сразу закрыть пользователю вход: сеансы завершатся, токены API перестанут "
    "действовать.\n\n"
    "\b\nПример:\n  salesdx user disable boris --data work",
)
def disable(name: str, data: Path, db: str | None) -> None:
    """Shut a user out."""
    _turn(name, data, db, off=True)
    click.echo(say(f"{name} is shut out.", f"Вход для {name} закрыт."))


@_of_one(
    "enable",
    "Let a user in again, and forget failed tries to sign in.\n\n"
    "\b\nExample:\n  salesdx user enable boris --data work",
    "Снова открыть пользователю вход и забыть неудачные попытки.\n\n"
    "\b\nПример:\n  salesdx user enable boris --data work",
)
def enable(name: str, data: Path, db: str | None) -> None:
    """Let a user in again."""
    _turn(name, data, db, off=False)
    click.echo(say(f"{name} may sign in.", f"{name} может войти."))


def _turn(name: str, data: Path, db: str | None, *, off: bool) -> None:
    from salesdx.storage.account import account
    from salesdx.storage.accounts import disable as turn
    from salesdx.storage.checkout import now
    from salesdx.storage.tries import forgive
    from salesdx.web.limits import SIGN_IN_ACCOUNT

    with _database(data, db) as engine:
        turn(engine, name, now(), account(), off)
        if not off:
            forgive(engine, SIGN_IN_ACCOUNT, name)


@_of_one(
    "grant",
    "Show a case to a user who does not see every case.\n\n"
    "\b\nExample:\n  salesdx user grant boris acme --data work",
    "Открыть разбор пользователю, который видит не все.\n\n"
    "\b\nПример:\n  salesdx user grant boris romashka --data work",
    _case(),
)
def grant(name: str, case: str, data: Path, db: str | None) -> None:
    """Make a user a member of a case."""
    from salesdx.storage.account import account
    from salesdx.storage.accounts import grant as give
    from salesdx.storage.checkout import now

    with _database(data, db) as engine:
        give(engine, case, name, now(), account())
    click.echo(say(f"{name} sees {case}.", f"{name} видит {case}."))


@_of_one(
    "revoke",
    "Hide a case from a user again.\n\n"
    "\b\nExample:\n  salesdx user revoke boris acme --data work",
    "Закрыть пользователю доступ к разбору.\n\n"
    "\b\nПример:\n  salesdx user revoke boris romashka --data work",
    _case(),
)
def revoke(name: str, case: str, data: Path, db: str | None) -> None:
    """A user is no member of a case any more."""
    from salesdx.storage.account import account
    from salesdx.storage.accounts import withdraw
    from salesdx.storage.checkout import now

    with _database(data, db) as engine:
        withdraw(engine, case, name, now(), account())
        found = _known(engine, name)
    if found.every_case:
        click.echo(
            say(
                f"{name} still sees {case}: as every case.",
                f"{name} по-прежнему видит {case}: ему открыты все разборы.",
            ),
            err=True,
        )
        return
    click.echo(say(f"{name} does not see {case}.", f"{name} больше не видит {case}."))


def _database(data: Path, db: str | None) -> AbstractContextManager["Engine"]:
    from salesdx.cli.served import address_of
    from salesdx.storage.upgrading import opened

    return opened(address_of(data, db), tell=tell)


def _known(engine: "Engine", name: str) -> "User":
    from salesdx.storage.accounts import find_user, no_user

    found = find_user(engine, name)
    if found is None:
        raise no_user(name)
    return found


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
