"""`salesdx case close` and `salesdx case events`: the end of work, and the log."""

from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.checkout import tell
from salesdx.cli.commands import Command
from salesdx.cli.output import print_json, table
from salesdx.cli.stored import named
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_GATE

if TYPE_CHECKING:
    from salesdx.storage.events import Chain

_DB = say(
    "The database: an SQLite file or postgresql://user@host/name; also by SALESDX_DB.",
    "База данных: файл SQLite или postgresql://пользователь@сервер/база; можно задать "
    "через SALESDX_DB.",
)


@click.command(
    "close",
    cls=Command,
    help=say(
        "Say that work on a case is over; from then on the time of keeping runs. "
        "Nothing is destroyed.\n\n"
        "\b\nExample:\n  salesdx case close acme --db cases.db",
        "Отметить, что работа над разбором окончена; с этого дня идёт срок хранения. "
        "Ничего не уничтожается.\n\n"
        "\b\nПример:\n  salesdx case close romashka --db cases.db",
    ),
    params=[click.Argument(["case"], metavar=say("CASE", "РАЗБОР"))],
)
@click.option(
    "--reopen",
    "again",
    is_flag=True,
    help=say("Go on with a closed case.", "Продолжить закрытый разбор."),
)
@options.db(_DB)
@options.lang()
def close(case: str, again: bool, db: str | None) -> None:
    """Close or reopen it."""
    from salesdx.storage import retention
    from salesdx.storage.account import account
    from salesdx.storage.checkout import now
    from salesdx.storage.upgrading import opened

    change = retention.reopen if again else retention.close
    with opened(named(db), tell=tell) as engine:
        changed = change(engine, case, now(), account())
    days = retention.KEPT_DAYS
    if again:
        told = say(f"{case} is open again.", f"Разбор {case} снова открыт.")
        if not changed:
            told = say(f"{case} was not closed.", f"Разбор {case} и не был закрыт.")
    elif changed:
        told = say(
            f"{case} is closed. It is due to be destroyed in {days} days: "
            "`salesdx case purge --closed` lists such cases.",
            f"Разбор {case} закрыт. Через {days} дней его пора уничтожить: такие "
            "покажет `salesdx case purge --closed`.",
        )
    else:
        told = say(f"{case} was closed before.", f"Разбор {case} уже был закрыт.")
    click.echo(told)


@click.command(
    "events",
    cls=Command,
    help=say(
        "What happened to the cases of a database: who, when, what; never an answer. "
        "--verify walks the whole log and finds every row that was changed or removed "
        "(exit 1).\n\n"
        "\b\nExamples:\n"
        "  salesdx case events acme --db cases.db\n"
        "  salesdx case events --verify --db cases.db",
        "Что происходило с разборами в базе: кто, когда, что; ответов в журнале нет. "
        "--verify проверяет журнал целиком и находит изменённые и удалённые записи "
        "(код выхода 1).\n\n"
        "\b\nПримеры:\n"
        "  salesdx case events romashka --db cases.db\n"
        "  salesdx case events --verify --db cases.db",
    ),
    params=[
        click.Argument(["case"], required=False, metavar=say("[CASE]", "[РАЗБОР]"))
    ],
)
@click.option(
    "--verify",
    "check",
    is_flag=True,
    help=say("Check the chain of the log.", "Проверить целостность журнала."),
)
@options.db(_DB)
@options.lang()
@options.output_format()
def events(case: str | None, check: bool, db: str | None, as_: str) -> int:
    """Print the log, or what is wrong with it."""
    from salesdx.storage import events as log
    from salesdx.storage.inventory import destruction
    from salesdx.storage.opening import reading
    from salesdx.storage.upgrading import opened

    with opened(named(db), tell=tell) as engine, reading(engine) as connection:
        if check:
            return _verified(log.verify(connection), as_)
        found = list(log.events(connection, case))
    if as_ == "json":
        print_json({"events": [
            {"n": e.n, "at": e.at, "actor": e.actor, "action": e.action,
             "case": e.case, "detail": e.counted(), "hash": e.hash} for e in found
        ]})  # fmt: skip
    elif not found:
        click.echo(say("Nothing has happened yet.", "Событий пока нет."))
    else:
        names = destruction().actions
        rows = [
            (
                str(e.n), e.at, e.actor, e.case,
                names[e.action].in_(language()) if e.action in names else e.action,
            ) for e in found
        ]  # fmt: skip
        click.echo(table(rows, right=(0,)))
    return 0


def _verified(chain: "Chain", as_: str) -> int:
    if as_ == "json":
        faults = [{"n": f.n, "kind": f.kind} for f in chain.faults]
        print_json({"events": chain.count, "hash": chain.hash, "faults": faults})
    elif not chain.faults:
        click.echo(
            say(
                f"The log is whole: events {chain.count}. Last checksum {chain.hash}; "
                "keep it elsewhere to prove that nothing was cut off.",
                f"Журнал цел, событий: {chain.count}. Последняя контрольная сумма "
                f"{chain.hash}; сохраните её отдельно, чтобы доказать, что конец не "
                "отрезан.",
            )
        )
    else:
        kinds = {
            "changed": say("the row was changed", "запись изменена"),
            "gap": say("rows are missing here", "здесь не хватает записей"),
            "unchained": say(
                "the row does not follow the one before it",
                "запись не продолжает предыдущую",
            ),
            "cut": say("the end was cut off", "отрезан конец журнала"),
        }
        for fault in chain.faults:
            told = f"{say('event', 'событие')} {fault.n}: {kinds[fault.kind]}"
            click.echo(told)
    return EXIT_GATE if chain.faults else 0
