"""`salesdx backup` and `salesdx restore`: a database in one file, and back."""

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.checkout import tell
from salesdx.cli.commands import Command
from salesdx.cli.confirming import agreed
from salesdx.cli.output import percent, print_json
from salesdx.cli.stored import named
from salesdx.cli.wording import language, say
from salesdx.errors import DataError, UsageError, in_language

if TYPE_CHECKING:
    from salesdx.storage.backup_file import BackupFile
    from salesdx.storage.manifest import Manifest
    from salesdx.storage.restoring import Preview

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command(
    "backup",
    cls=Command,
    help=say(
        "Copy a database into one file: all cases, answers, files and the log, as they "
        "are at one moment; others may go on working. The file fits SQLite and "
        "PostgreSQL alike and only you may read it: keep it safe.\n\n"
        "\b\nExamples:\n"
        "  salesdx backup --db cases.db --to cases.backup\n"
        "  salesdx backup --check cases.backup",
        "Скопировать базу в один файл: все разборы, ответы, файлы и журнал на один "
        "момент; остальные могут работать дальше. Копия подходит и для SQLite, и для "
        "PostgreSQL. Прочесть её можете только вы: храните в надёжном месте.\n\n"
        "\b\nПримеры:\n"
        "  salesdx backup --db cases.db --to cases.backup\n"
        "  salesdx backup --check cases.backup",
    ),
)
@options.db(
    say(
        "The database: an SQLite file or postgresql://user@host/name; also by "
        "SALESDX_DB.",
        "База данных: файл SQLite или postgresql://пользователь@сервер/база; можно "
        "задать через SALESDX_DB.",
    )
)
@click.option(
    "--to",
    "target",
    type=_FILE,
    metavar=say("FILE", "ФАЙЛ"),
    help=say("Where to write the copy.", "Куда записать копию."),
)
@click.option(
    "--force",
    is_flag=True,
    help=say("Overwrite a file that is there.", "Перезаписать файл, если он есть."),
)
@click.option(
    "--check",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar=say("FILE", "ФАЙЛ"),
    help=say(
        "Read a copy to the end and see that it is whole; nothing is restored.",
        "Прочесть копию до конца и убедиться, что она цела; ничего не восстанавливать.",
    ),
)
@options.lang()
@options.output_format()
def backup(
    db: str | None, target: Path | None, force: bool, check: Path | None, as_: str
) -> None:
    """Make a backup, or check one."""
    if check is not None:
        _check(check, as_)
        return
    if target is None:
        raise UsageError(
            say(
                "say where to write the copy: --to FILE",
                "укажите, куда записать копию: --to ФАЙЛ",
            )
        )
    from salesdx.storage.account import account
    from salesdx.storage.backup import back_up, note
    from salesdx.storage.upgrading import opened

    at = dt.datetime.now(dt.UTC)
    with opened(named(db), tell=tell) as engine:
        with percent(say("Copying", "Копируем")) as advance:
            made = back_up(engine, target, at, force, advance)
        try:
            note(engine, made, made.manifest.made_at, account())
        except DataError as error:  # a copy is needed most when a disk is full
            told = say(
                "The copy is whole, but the log could not be written",
                "Копия цела, но записать событие в журнал не удалось",
            )
            click.echo(f"{told}: {in_language(error.message, language())}", err=True)
    _show(target, made.manifest, as_, say("Written", "Записано"))


def _check(path: Path, as_: str) -> None:
    from salesdx.storage.backup_file import opened

    with opened(path) as file, percent(say("Checking", "Проверяем")) as advance:
        file.verify(advance)
        found = file.manifest
    _show(path, found, as_, say("The copy is whole", "Копия цела"))


def _show(path: Path, manifest: "Manifest", as_: str, told: str) -> None:
    from salesdx.language import number

    size, cases = path.stat().st_size, manifest.rows("cases")
    answers = manifest.rows("answers")
    if as_ == "json":
        print_json({
            "file": str(path), "bytes": size, "made_at": manifest.made_at,
            "made_by": manifest.made_by, "schema": manifest.schema, "cases": cases,
            "answers": answers, "events": manifest.events, "log": manifest.head,
        })  # fmt: skip
        return
    megabytes = number(size / 1e6, language(), 1)
    click.echo(
        say(
            f"{told}: {path} ({megabytes} MB): cases {cases}, answers {answers}, "
            f"events {manifest.events}; made {manifest.made_at} by {manifest.made_by}.",
            f"{told}: {path} ({megabytes} МБ): разборов {cases}, ответов {answers}, "
            f"событий {manifest.events}; сделана {manifest.made_at}, "
            f"{manifest.made_by}.",
        )
    )


@click.command(
    "restore",
    cls=Command,
    help=say(
        "Bring a backup into an empty database, of either kind, or in place of what a "
        "database holds (--replace): all of it or nothing. The copy is checked first. "
        "Cases that were destroyed since are not brought back.\n\n"
        "\b\nExamples:\n"
        "  salesdx restore cases.backup --db new.db\n"
        "  salesdx restore cases.backup --db cases.db --replace",
        "Восстановить копию в пустую базу любого вида или на место того, что в базе "
        "есть (--replace): целиком или никак. Сначала копия проверяется. Разборы, "
        "уничтоженные после её создания, не возвращаются.\n\n"
        "\b\nПримеры:\n"
        "  salesdx restore cases.backup --db new.db\n"
        "  salesdx restore cases.backup --db cases.db --replace",
    ),
)
@click.argument(
    "file",
    metavar=say("FILE", "ФАЙЛ"),
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
)
@options.db(
    say(
        "The database to restore into; a new SQLite file is made. Also by SALESDX_DB.",
        "База, в которую восстановить; нового файла SQLite может не быть, он появится. "
        "Можно задать через SALESDX_DB.",
    )
)
@click.option(
    "--replace",
    is_flag=True,
    help=say(
        "Put the copy in the place of what the database holds.",
        "Заменить копией всё, что в базе есть.",
    ),
)
@click.option(
    "--acts",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    metavar=say("DIR", "ПАПКА"),
    help=say(
        "A folder with acts of destruction: their cases stay destroyed on a new "
        "machine too.",
        "Папка с актами об уничтожении: названные в них разборы не вернутся и на новой "
        "машине.",
    ),
)
@click.option(
    "--yes",
    is_flag=True,
    help=say("Do not ask.", "Не спрашивать подтверждения."),
)
@options.lang()
@options.output_format()
def restore(
    file: Path, db: str | None, replace: bool, acts: Path | None, yes: bool, as_: str
) -> None:
    """Check the copy, ask, restore, and say what was left out."""
    from salesdx.storage import backup_file, upgrading
    from salesdx.storage.account import account
    from salesdx.storage.act import lives
    from salesdx.storage.restoring import preview
    from salesdx.storage.restoring import restore as bring_back

    address, gone = named(db), lives(acts) if acts else ()
    with backup_file.opened(file) as found:
        with percent(say("Checking", "Проверяем")) as advance:
            found.verify(advance)
        with upgrading.opened(address, make=True, tell=tell) as engine:
            before = preview(engine, found, gone)
            if before.now and replace and not yes:
                _ask(before, found)
            at = dt.datetime.now(dt.UTC)
            with percent(say("Restoring", "Восстанавливаем")) as advance:
                done = bring_back(engine, found, at, account(), replace, gone, advance)
    if as_ == "json":
        print_json({
            "cases": done.cases, "answers": done.answers, "events_added": done.events,
            "not_brought_back": list(done.destroyed), "lost": list(before.lost),
        })  # fmt: skip
        return
    click.echo(
        say(
            f"Restored: cases {done.cases}, answers {done.answers}.",
            f"Восстановлено: разборов {done.cases}, ответов {done.answers}.",
        )
    )
    if done.destroyed:
        names = ", ".join(done.destroyed)
        click.echo(
            say(
                f"Not brought back, for they were destroyed: {names}.",
                f"Не возвращены, потому что были уничтожены: {names}.",
            )
        )


def _ask(before: "Preview", found: "BackupFile") -> None:
    made, lost = found.manifest.made_at, ", ".join(before.lost)
    click.echo(
        say(
            f"The database holds cases: {before.now}. All of it gives way to the copy "
            f"of {made}; what was answered since is lost.",
            f"Разборов в базе: {before.now}. Всё заменит копия от {made}; что "
            "ответили после неё, пропадёт.",
        ),
        err=True,
    )
    if lost:
        click.echo(
            say(
                f"These are not in the copy and are lost: {lost}.",
                f"Этих в копии нет, они пропадут: {lost}.",
            ),
            err=True,
        )
    agreed(say("Go on?", "Продолжить?"))
