"""`salesdx case purge`: destroy a case, and write the act of it."""

import datetime as dt
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from salesdx.cli import options
from salesdx.cli.checkout import tell
from salesdx.cli.commands import Command
from salesdx.cli.confirming import typed
from salesdx.cli.output import print_json, table
from salesdx.cli.stored import named
from salesdx.cli.wording import language, say
from salesdx.errors import UsageError

if TYPE_CHECKING:
    from salesdx.storage.act import Act, Signed
    from salesdx.storage.inventory import Counts

GROUNDS = ("retention", "withdrawn", "unlawful", "needless", "contract", "order")
_DAYS = re.compile(r"(\d{1,5})d?")
_DEFAULT = 180


def _days(_: click.Context, __: click.Parameter, value: str) -> int:
    found = _DAYS.fullmatch(value)
    if found is None:
        raise UsageError(
            say(
                f"--older-than {value}: give days, like 180d",
                f"--older-than {value}: укажите дни, например 180d",
            )
        )
    return int(found[1])


def _signed(name: str, en: str, ru: str) -> click.Option:
    return click.Option(
        [f"--{name}"], default="", metavar=say("TEXT", "ТЕКСТ"), help=say(en, ru)
    )


@click.command(
    "purge",
    cls=Command,
    help=say(
        "Destroy a case for good: in a database (--db) or a case folder. Nothing of it "
        "is left in the files of the database; a backup will not bring it back. An act "
        "of destruction with an extract of the log is written in Russian and English. "
        "Without CASE and with --closed: list the cases that are due.\n\n"
        "\b\nExamples:\n"
        "  salesdx case purge --closed --db cases.db\n"
        "  salesdx case purge acme --db cases.db --act acts\n"
        "  salesdx case purge ./acme --act acts",
        "Уничтожить разбор навсегда: в базе (--db) или в папке. В файлах базы от него "
        "ничего не останется, и резервная копия его не вернёт. На русском и английском "
        "пишется акт об уничтожении с выгрузкой из журнала. Без РАЗБОРА и с --closed "
        "— список тех, чей срок вышел.\n\n"
        "\b\nПримеры:\n"
        "  salesdx case purge --closed --db cases.db\n"
        "  salesdx case purge romashka --db cases.db --act акты\n"
        "  salesdx case purge ./romashka --act акты",
    ),
    params=[
        click.Argument(["case"], required=False, metavar=say("[CASE]", "[РАЗБОР]")),
        click.Option(
            ["--act"],
            type=click.Path(path_type=Path, file_okay=False),
            metavar=say("DIR", "ПАПКА"),
            help=say(
                "Where to write the act; outside of the case.",
                "Куда записать акт; не в папку разбора.",
            ),
        ),
        click.Option(
            ["--ground"],
            type=click.Choice(GROUNDS),
            default="retention",
            show_default=True,
            help=say(
                "Why: purpose reached, consent withdrawn, unlawful, not needed, end of "
                "the contract, order of an authority.",
                "Причина: цель достигнута, отозвано согласие, неправомерно, данные не "
                "нужны, окончен договор, требование органа.",
            ),
        ),
        _signed(
            "operator", "Controller: name and address.", "Оператор: название и адрес."
        ),
        _signed(
            "processor",
            "Processor: name and address.",
            "Обработчик по поручению: название и адрес.",
        ),
        _signed(
            "by",
            "Who destroys: name and position.",
            "Кто уничтожает: ФИО и должность.",
        ),
        _signed(
            "system",
            "What the information system is called in your papers.",
            "Как информационная система названа в ваших документах.",
        ),
        _signed("place", "Place of the act.", "Место составления акта."),
        _signed("number", "Number of the act.", "Номер акта."),
    ],
)
@click.option(
    "--closed",
    is_flag=True,
    help=say(
        "List the cases closed longer ago than --older-than; nothing is destroyed.",
        "Перечислить разборы, закрытые раньше --older-than; ничего не уничтожать.",
    ),
)
@click.option(
    "--older-than",
    "days",
    default=f"{_DEFAULT}d",
    show_default=True,
    callback=_days,
    metavar=say("DAYS", "ДНИ"),
    help=say("How long a closed case is kept.", "Сколько хранится закрытый разбор."),
)
@click.option("--yes", is_flag=True, help=say("Do not ask.", "Не спрашивать."))
@options.db(
    say(
        "The database of the case; also by SALESDX_DB. Without it CASE is a folder.",
        "База, в которой разбор; можно задать через SALESDX_DB. Иначе РАЗБОР — папка.",
    )
)
@options.lang()
@options.output_format()
def purge(
    case: str | None, act: Path | None, ground: str, closed: bool, days: int,
    yes: bool, db: str | None, as_: str, **signed: str,
) -> None:  # fmt: skip
    """Destroy a case, or list those that are due."""
    if case is None or closed:
        if case is not None or not closed:
            raise UsageError(
                say(
                    "name the case to destroy, or list those that are due: --closed",
                    "назовите разбор или запросите список: --closed",
                )
            )
        _list_due(named(db), days, as_)
        return
    if act is None:
        raise UsageError(
            say(
                "say where to write the act of destruction: --act DIR",
                "укажите, куда записать акт об уничтожении: --act ПАПКА",
            )
        )
    from salesdx.storage.act import Signed, ready_for

    ready_for(act)
    if db and "/" not in case:
        _in_database(db, case, act, ground, yes, Signed(**signed), as_)
    else:
        _folder(Path(case), act, ground, yes, Signed(**signed), as_)


def _now() -> str:
    from salesdx.storage.checkout import now

    return now()


def _in_database(
    db: str, case: str, acts: Path, ground: str, yes: bool, signed: "Signed", as_: str
) -> None:
    from salesdx.storage.account import account
    from salesdx.storage.act import Act
    from salesdx.storage.events import verify
    from salesdx.storage.opening import reading
    from salesdx.storage.purging import find
    from salesdx.storage.purging import purge as destroy
    from salesdx.storage.upgrading import opened

    with opened(db, tell=tell) as engine:
        found = find(engine, case)
        if found.gone:
            _say(
                "The case is deleted already; its traces are swept once more and the "
                "act is written.",
                "Разбор уже удалён; ещё раз убираем следы и пишем акт.",
            )
        else:
            _warn(case, found.counts)
            if not yes:
                _ask(case)
        done = destroy(engine, case, _now(), account(), ground)
        with reading(engine) as connection:
            chain = verify(connection)
    _finish(
        Act(
            case, done.added_at, done.at, done.actor, done.ground, done.counts,
            done.swept, done.events, chain, signed=signed,
        ), acts, as_,
    )  # fmt: skip


def _folder(
    folder: Path, acts: Path, ground: str, yes: bool, signed: "Signed", as_: str
) -> None:
    from salesdx.measured.cache import forget
    from salesdx.storage.account import account
    from salesdx.storage.act import Act
    from salesdx.storage.folder_purging import find_folder, finished, purge_folder

    found = find_folder(folder, acts)
    _warn(found.case, found.counts)
    if found.foreign:
        names = "\n".join(f"  {name}" for name in found.foreign)
        _say(
            f"Not of salesdx, so they stay:\n{names}",
            f"Созданы не salesdx и останутся на месте:\n{names}",
        )
    if not yes and not found.begun:
        _ask(found.case)
    forget(folder)  # first: a run that is killed after it is repeated from the start
    done = purge_folder(found, acts, _now(), account(), ground)
    _finish(
        Act(
            done.case, "", done.at, done.actor, done.ground, done.counts, done.swept,
            done.events, done.chain, done.unwritten, len(done.foreign), signed,
        ), acts, as_,
    )  # fmt: skip
    finished(found, acts)


def _say(en: str, ru: str) -> None:
    click.echo(say(en, ru), err=True)


def _warn(case: str, counts: "Counts") -> None:
    """What will be gone, by kind."""
    from salesdx.storage.inventory import destruction

    _say(f"This destroys {case} for good:", f"Разбор {case} будет уничтожен навсегда:")
    rows = [
        (f"  {kind.title.in_(language())}", str(counts[kind.id]))
        for kind in destruction().kinds
        if counts.get(kind.id)
    ]
    click.echo(table(rows, right=(1,)), err=True)


def _ask(case: str) -> None:
    typed(
        say(
            f"Type {case} to destroy it:", f"Чтобы уничтожить, наберите {case}:"
        ), case,
    )  # fmt: skip


def _finish(act: "Act", acts: Path, as_: str) -> None:
    from salesdx.storage.act import write_act

    papers = write_act(acts, act)
    if as_ == "json":
        print_json({
            "case": act.case, "destroyed_at": act.at, "counts": act.counts,
            "where": act.swept.kind, "not_allowed": list(act.swept.denied),
            "left_foreign": act.foreign, "log_whole": not act.chain.faults,
            "act": [str(p) for p in papers],
        })  # fmt: skip
        return
    click.echo(say(f"{act.case} is destroyed.", f"Разбор {act.case} уничтожен."))
    click.echo(say("The act:", "Акт:"))
    for path in papers:
        click.echo(f"  {path}")
    _limits(act)


def _limits(act: "Act") -> None:
    """What is out of our reach; the act says it too."""
    if act.swept.kind == "postgresql":
        _say(
            "The server's own log of changes, its archives and replicas may keep "
            "traces until the administrator clears them.",
            "Следы могут остаться в журнале изменений сервера, его архивах и репликах, "
            "пока их не очистит администратор.",
        )
    if act.swept.denied:
        _say(
            "This user is no administrator of the server: have one run VACUUM FULL "
            "pg_catalog.pg_statistic and CHECKPOINT.",
            "У пользователя базы нет прав администратора: попросите администратора "
            "выполнить VACUUM FULL pg_catalog.pg_statistic и CHECKPOINT.",
        )
    if act.swept.kind == "folder":
        return
    _say(
        "Backups made before still hold the case: destroy them too, or let their time "
        "run out. A restore leaves it out.",
        "В прежних резервных копиях разбор ещё есть: уничтожьте и их или дождитесь "
        "конца срока хранения. При восстановлении он не вернётся.",
    )


def _list_due(db: str, days: int, as_: str) -> None:
    from salesdx.storage.retention import due
    from salesdx.storage.upgrading import opened

    with opened(db, tell=tell) as engine:
        found = due(engine, dt.datetime.now(dt.UTC), days)
    if as_ == "json":
        rows: list[dict[str, Any]] = [asdict(c) for c in found]
        print_json({"older_than_days": days, "due": rows})
    elif not found:
        click.echo(
            say(
                f"No case was closed {days} days ago or earlier.",
                f"Разборов, закрытых {days} дней назад и раньше, нет.",
            )
        )
    else:
        heads = (say("ID", "ИМЯ"), say("CLOSED", "ЗАКРЫТ"), say("DAYS", "ДНЕЙ"))
        lines = [(c.case, c.closed_at[:10], str(c.days)) for c in found]
        click.echo(table([heads, *lines], right=(2,)))
        click.echo(
            say(
                "Destroy one: salesdx case purge CASE --act DIR",
                "Уничтожить: salesdx case purge РАЗБОР --act ПАПКА",
            ),
            err=True,
        )
