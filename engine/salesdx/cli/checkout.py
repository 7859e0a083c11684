"""The case that a command works on: a folder, or a case of a database as a folder.

Commands know folders only. This is the one place that knows the database: it checks a
case out, tells where its answers are kept, and shows paths as the user may find them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli.wording import say
from salesdx.errors import DataError, Said, UsageError, hinted, in_language

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from salesdx.answers.keeping import AnswerStore
    from salesdx.answers.pins import Pins
    from salesdx.company import Company

ANSWERS = "answers.yaml"
_KEY = "salesdx.checkout"


@dataclass(frozen=True, slots=True)
class _Checkout:
    """The case of a database that this run works on, and the folder it lies in."""

    engine: "Engine"
    case: str
    folder: Path
    name: str  # of the database, as it may be shown
    typed: bool  # whether --db was typed, or is in SALESDX_DB


def _current() -> _Checkout | None:
    context = click.get_current_context(silent=True)
    return context.meta.get(_KEY) if context else None


@contextmanager
def case_folder(case: str, address: str | None) -> Iterator[Path]:
    """The folder of a case while a command runs."""
    if not address:
        yield _folder(case)
        return
    from salesdx.storage.checkout import checked_out
    from salesdx.storage.faults import name_of
    from salesdx.storage.upgrading import opened

    context = click.get_current_context()
    source = context.get_parameter_source("db")
    typed = source is not None and source.name == "COMMANDLINE"
    with opened(address, tell=tell) as engine:
        _refuse_folder(engine, case)
        with checked_out(engine, case) as folder:
            context.meta[_KEY] = _Checkout(
                engine, case, folder, name_of(engine.url), typed
            )
            yield folder


def tell(what: Said) -> None:
    """Say what was done to a database besides opening it."""
    click.echo(in_language(what, say("en", "ru")), err=True)


def _folder(case: str) -> Path:
    context = click.get_current_context()
    argument = next(p for p in context.command.params if p.name == "case")
    kind = click.Path(path_type=Path, file_okay=False)
    folder: Path = kind.convert(case, argument, context)
    return folder


def _refuse_folder(engine: "Engine", case: str) -> None:
    """SALESDX_DB may be set and forgotten: say so to who names a folder."""
    from salesdx.storage.answers import no_case
    from salesdx.storage.cases import has_case

    if has_case(engine, case):
        return
    hint = Said(
        "for a folder leave --db out and unset SALESDX_DB",
        "если нужна папка, уберите --db и переменную SALESDX_DB",
    )
    raise DataError(hinted(no_case(case).message, hint if Path(case).is_dir() else ""))


def is_of_database(folder: Path) -> bool:
    """Whether the folder holds a case of a database, for this run only."""
    found = _current()
    return found is not None and found.folder == folder


def answers_of(folder: Path, company: "Company") -> "AnswerStore":
    """Where the answers of a case are kept: its folder, or the database it is from."""
    from salesdx.answers.keeping import FolderAnswers

    found = _current()
    if found is None or found.folder != folder:
        return FolderAnswers(folder / ANSWERS, company.respondents)
    from salesdx.storage.answers import DatabaseAnswers

    return DatabaseAnswers(found.engine, found.case, company.respondents)


def pins_of(folder: Path) -> "Pins":
    """Where the questions that interviews are pinned to are kept."""
    from salesdx.answers.pins import FOLDER, FolderPins

    found = _current()
    if found is None or found.folder != folder:
        return FolderPins(folder / FOLDER)
    from salesdx.storage.pinned import DatabasePins

    return DatabasePins(found.engine)


def as_typed(folder: Path) -> str:
    """A case as it is named in the next command."""
    found = _current()
    if found is None or found.folder != folder:
        return str(folder)
    return f"{found.case} --db {found.name}" if found.typed else found.case


def shown(path: Path) -> str:
    """A path as the user may find it, once the run is over."""
    found = _current()
    if found is None or not path.is_relative_to(found.folder):
        return str(path)
    inside = path.relative_to(found.folder).as_posix()
    return say(
        f"{inside} (case {found.case} in {found.name})",
        f"{inside} (разбор {found.case} в базе {found.name})",
    )


def reports_of(case: Path) -> Path:
    """Where reports of a case are written unless told; a database is no place."""
    if _current() is not None:
        raise UsageError(Said(
            "with --db say where to write the reports: --out DIR",
            "с --db укажите, куда писать отчёты: --out ПАПКА",
        ))  # fmt: skip
    return case / "reports"
