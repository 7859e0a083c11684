"""`salesdx share`: a link for a respondent, and its QR code in the terminal."""

import json
from pathlib import Path

import click

from salesdx.cli import options
from salesdx.cli.checkout import tell
from salesdx.cli.commands import Command
from salesdx.cli.wording import say
from salesdx.storage.link_days import DAYS, LONGEST_DAYS


@click.command(
    "share",
    cls=Command,
    help=say(
        "Make a link by which a respondent answers on a phone, without an account. The "
        "link is printed once and kept nowhere. CASE is a case of the server's "
        "database (`salesdx case list` names all).\n\n"
        "\b\nExamples:\n"
        "  salesdx share acme --role owner --data work\n"
        "  salesdx share acme --role seller --by Ivan --form why-us --data work\n"
        "  salesdx share acme --role owner --public https://sdx.example.com",
        "Сделать ссылку, по которой респондент ответит с телефона, без регистрации. "
        "Ссылка печатается один раз и нигде не хранится. РАЗБОР — из базы сервера (все "
        "покажет `salesdx case list`).\n\n"
        "\b\nПримеры:\n"
        "  salesdx share romashka --role owner --data work\n"
        "  salesdx share romashka --role seller --by Иван --form why-us --data work\n"
        "  salesdx share romashka --role owner --public https://sdx.example.com",
    ),
)
@click.argument("case", metavar=say("CASE", "РАЗБОР"))
@click.option(
    "--role",
    required=True,
    metavar=say("ROLE", "РОЛЬ"),
    help=say("Who answers: a role.", "Кто отвечает: роль."),
)
@click.option(
    "--by",
    default="",
    metavar=say("NAME", "ИМЯ"),
    help=say(
        "The respondent; default: the only one in the role, or the role.",
        "Респондент; иначе единственный в этой роли или сама роль.",
    ),
)
@click.option(
    "--mode",
    type=click.Choice(["quick", "full"]),
    default="quick",
    show_default=True,
    help=say(
        "quick: the core, then what settles most; full: everything in order.",
        "quick — главное, затем решающее; full — всё по порядку.",
    ),
)
@click.option(
    "--form",
    metavar=say("FORM", "ФОРМА"),
    help=say(
        "A short self-check instead; `salesdx interview CASE --form list` names all.",
        "Вместо этого короткая самодиагностика; все назовёт "
        "`salesdx interview РАЗБОР --form list`.",
    ),
)
@click.option(
    "--days",
    type=click.IntRange(1, LONGEST_DAYS),
    default=DAYS,
    show_default=True,
    metavar=say("N", "N"),
    help=say("For how many days it opens.", "Сколько дней действует."),
)
@click.option(
    "--public",
    default="http://127.0.0.1:8080",
    show_default=True,
    metavar="URL",
    help=say(
        "The address by which people reach the server, as given to `serve`.",
        "Адрес, по которому люди попадают на сервер, — тот же, что у `serve`.",
    ),
)
@options.data_folder()
@options.server_db()
@options.overlays()
@options.lang()
@options.output_format()
def share(
    case: str, role: str, by: str, mode: str, form: str | None, days: int, public: str,
    data: Path, db: str | None, overlays: tuple[Path, ...], as_: str,
) -> None:  # fmt: skip
    """Make a link and print it."""
    import datetime as dt

    from salesdx.cli.served import address_of
    from salesdx.language import date
    from salesdx.storage.account import account
    from salesdx.storage.upgrading import opened
    from salesdx.workspace import invitations
    from salesdx.workspace.desk import Desk
    from salesdx.workspace.talks import FORM

    with opened(address_of(data, db), tell=tell) as engine:
        desk = Desk(engine, overlays)
        try:
            made = invitations.invite(
                desk, case, role=role, by=by, mode=FORM + form if form else mode,
                days=days, now=dt.datetime.now(dt.UTC), actor=account(),
            )  # fmt: skip
            who = invitations.invited(desk, made.link)
        finally:
            desk.close()
    link, address = made.link, invitations.address(public, made.token)
    if as_ == "json":
        told = {
            "id": link.id, "case": link.case, "role": link.role, "by": link.by,
            "mode": link.mode, "expires_at": link.expires_at, "address": address,
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(address)
    click.echo()
    click.echo(invitations.qr_lines(address))
    day = dt.date.fromisoformat(link.expires_at[:10])
    click.echo(say(
        f"Who answers: {who.en}. The link works until {date(day, 'en')}\n"
        "Copy it now: it is not shown again.",
        f"Кто отвечает: {who.ru}. Ссылка действует до {date(day, 'ru')}\n"
        "Скопируйте сейчас: больше не покажем.",
    ))  # fmt: skip
