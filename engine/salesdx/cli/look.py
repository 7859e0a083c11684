"""`salesdx look`: the look of a house, made, checked, and its words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli import options
from salesdx.cli.commands import Command, LazyGroup
from salesdx.cli.output import print_json
from salesdx.cli.wording import language, say
from salesdx.errors import EXIT_KNOWLEDGE, DataError, Said, in_language, reason_of

if TYPE_CHECKING:
    from salesdx.errors import Problem
    from salesdx.render.look import Look

_HERE = "salesdx.cli.look"
_BOLD = 600  # weight of what stands out
look = LazyGroup(
    {
        "new": (
            f"{_HERE}:new",
            "Write a commented example into a new folder.",
            "Создать папку с примером и пояснениями.",
        ),
        "check": (
            f"{_HERE}:check",
            "All mistakes of a look, with file and line.",
            "Все ошибки оформления с файлом и строкой.",
        ),
        "words": (
            f"{_HERE}:words",
            "The words of reports, with the keys to change them by.",
            "Слова отчётов и ключи, по которым их можно заменить.",
        ),
    },
    name="look",
    help=say(
        "Reports in the look of your house: logo, colours, fonts, own chapters and "
        "worksheets, without programming.\n\n"
        "\b\nExample:\n"
        "  salesdx look new our-look\n"
        "  salesdx look check our-look\n"
        "  salesdx report acme --look our-look",
        "Отчёты в вашем оформлении: логотип, цвета, шрифты, свои разделы и рабочие "
        "листы, без программирования.\n\n"
        "\b\nПример:\n"
        "  salesdx look new наш-стиль\n"
        "  salesdx look check наш-стиль\n"
        "  salesdx report romashka --look наш-стиль",
    ),
)


def _folder_argument() -> click.Argument:
    return click.Argument(
        ["folder"], type=click.Path(path_type=Path), metavar=say("DIR", "ПАПКА")
    )


@click.command(
    "new",
    cls=Command,
    help=say(
        "Write a look to begin with: a made-up house with a logo, colours, a chapter "
        "and a worksheet of its own. Nothing is overwritten.",
        "Создать оформление для начала: вымышленная фирма с логотипом, цветами, своим "
        "разделом и рабочим листом. Ничего не перезаписывается.",
    ),
    params=[_folder_argument()],
)
@options.lang()
def new(folder: Path) -> None:
    """Write the example and say what comes next."""
    from salesdx.render.look_folder.example import write_example

    try:
        written = write_example(folder, language())
    except OSError as error:
        said, name = reason_of(error, "cannot be written"), error.filename or folder
        raise DataError(Said(f"{name}: {said}", f"{name}: {said.ru}")) from None
    for path in written:
        click.echo(path.as_posix())
    click.echo(say(
        f"\nOpen {folder.as_posix()}/look.yaml in an editor. Then:\n"
        f"  salesdx look check {folder.as_posix()}\n"
        f"  salesdx report CASE --look {folder.as_posix()}",
        f"\nОткройте {folder.as_posix()}/look.yaml в редакторе. Потом:\n"
        f"  salesdx look check {folder.as_posix()}\n"
        f"  salesdx report РАЗБОР --look {folder.as_posix()}",
    ))  # fmt: skip


@click.command(
    "check",
    cls=Command,
    help=say(
        "Tell all mistakes of a look at once, each with file and line; every template "
        "is tried on made-up cases. Exit code 0: it can be used; 4: it cannot.",
        "Назвать сразу все ошибки оформления, каждую с файлом и строкой; все шаблоны "
        "примеряются на выдуманных данных. Код завершения 0 — можно пользоваться, "
        "4 — нельзя.",
    ),
    params=[_folder_argument()],
)
@options.overlays()
@options.output_format()
@options.lang()
def check(folder: Path, overlays: tuple[Path, ...], as_: str) -> None:
    """Print the faults, or what the look holds."""
    from salesdx.render.look_folder.loading import read_look

    found, problems = read_look(folder)
    if found is not None:
        problems = sorted({*problems, *_tried(found, overlays)})
    lang = language()
    if as_ == "json":
        print_json({"sound": not problems, "problems": [
            {"file": p.file, "line": p.line, "col": p.col, "code": p.code,
             "message": in_language(p.message, lang), "hint": in_language(p.hint, lang)}
            for p in problems
        ]})  # fmt: skip
    else:
        for problem in problems:
            click.echo(problem.text(lang))
        if found is not None and not problems:
            _tell(folder, found)
    if problems:
        raise click.exceptions.Exit(EXIT_KNOWLEDGE)


def _tried(found: Look, overlays: tuple[Path, ...]) -> list[Problem]:
    """Its templates over a case of which nothing, all good or all bad is known."""
    from salesdx.knowledge.load import load
    from salesdx.render.look_folder.checking import try_on
    from salesdx.workbench.sample_document import everything, nothing

    knowledge = load(overlays)
    samples = [nothing(), *(everything(knowledge, yes) for yes in (True, False))]
    return list(try_on(found, samples, dict(knowledge.worksheets)))


def _tell(folder: Path, found: Look) -> None:
    """What a sound look brings."""
    name = found.name.in_(language()) if found.name else ""
    families = sorted({f.family for f in found.fonts})
    told = [
        say("the look can be used", "оформление годится"),
        say(f"sections: {len(found.sections)}", f"разделов: {len(found.sections)}"),
        say(f"worksheets: {len(found.worksheets)}",
            f"рабочих листов: {len(found.worksheets)}"),
        say(f"fonts: {', '.join(families) or 'ours'}",
            f"шрифты: {', '.join(families) or 'наши'}"),
    ]  # fmt: skip
    click.echo(f"{folder.name} ({name}): {'; '.join(told)}")
    for family in families:
        if all(f.weight < _BOLD for f in found.fonts if f.family == family):
            click.echo(say(
                f"{family} has no bold file in fonts/: titles stay as light as text.",
                f"Для {family} нет жирного файла в fonts/: заголовки будут светлыми.",
            ))  # fmt: skip
        if not all(f.cyrillic for f in found.fonts if f.family == family):
            click.echo(say(
                f"{family} has no Cyrillic letters: Russian reports use Inter instead.",
                f"В {family} нет кириллицы: в русских отчётах вместо него Inter.",
            ))  # fmt: skip
        if not all(f.narrow for f in found.fonts if f.family == family):
            click.echo(say(
                f"{family} is wide: charts in PDF and Word keep Inter, so that nothing "
                "runs over.",
                f"{family} широк: графики в PDF и Word остаются на Inter, чтобы "
                "подписи не наезжали.",
            ))  # fmt: skip


@click.command(
    "words",
    cls=Command,
    help=say(
        "Print the words of reports with their keys, as texts.yaml of a look has them; "
        "PART keeps only what contains it.",
        "Напечатать слова отчётов с ключами — в том виде, в каком они стоят в "
        "texts.yaml; ЧАСТЬ оставит только то, где она встречается.",
    ),
    params=[click.Argument(["part"], required=False, metavar=say("[PART]", "[ЧАСТЬ]"))],
)
@options.lang()
def words(part: str | None) -> None:
    """Print `key: {en: …, ru: …}` lines."""
    import json

    from salesdx.render.texts import known_texts

    for key, text in known_texts().items():
        en, ru = (json.dumps(t, ensure_ascii=False) for t in (text.en, text.ru))
        line = f"{key}: {{en: {en}, ru: {ru}}}"
        if not part or part.casefold() in line.casefold():
            click.echo(line)
