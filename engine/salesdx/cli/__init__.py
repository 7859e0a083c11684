"""The command line: it reads arguments, calls, prints and exits; it decides nothing.

Exit codes: 0 fine, 1 tests or a gate failed, 2 usage, 3 data, 4 knowledge base, 70 a
fault of ours, 130 interrupted. Results go to stdout, everything else to stderr.
"""

import gc
import os
import sys
from collections.abc import Sequence

import click

from salesdx.cli import mistakes, wording
from salesdx.cli.commands import Entry, LazyGroup
from salesdx.cli.wording import say

_HERE = "salesdx.cli"
COMMANDS: dict[str, Entry] = {
    "demo": (
        f"{_HERE}.demo:demo",
        "Make up a company with known ills, diagnose it, write the reports.",
        "Создать вымышленную компанию с известными бедами, разобрать её и написать "
        "отчёты.",
    ),
    "init": (
        f"{_HERE}.case:init",
        "Start a case: a folder with a commented company.yaml.",
        "Начать разбор: папка с пояснённым company.yaml.",
    ),
    "import": (
        f"{_HERE}.importing:import_",
        "Bring CRM exports (CSV, XLSX) into a case.",
        "Загрузить выгрузки из CRM (CSV, XLSX).",
    ),
    "check": (
        f"{_HERE}.checking:check",
        "What the data can and cannot answer, and what would change that.",
        "На какие вопросы данные отвечают, на какие нет и чего не хватает.",
    ),
    "metrics": (
        f"{_HERE}.figures:metrics",
        "Figures and the loss map.",
        "Показатели и карта потерь.",
    ),
    "interview": (
        f"{_HERE}.interview:interview",
        "Ask the questions that matter, in the terminal.",
        "Задать важные вопросы прямо в терминале.",
    ),
    "move-interview": (
        f"{_HERE}.interview_moving:move_interview",
        "Take a begun interview on to today's questions: what is kept, what is not.",
        "Перевести начатое интервью на новые вопросы и увидеть, что сохранится.",
    ),
    "diagnose": (
        f"{_HERE}.diagnose:diagnose",
        "Why the company sells less than it could, in order.",
        "Почему компания продаёт меньше, чем могла бы, по порядку.",
    ),
    "why": (
        f"{_HERE}.explain:why",
        "What speaks for a cause, what against, what is not known.",
        "Что говорит за причину, что против и что неизвестно.",
    ),
    "why-not": (
        f"{_HERE}.explain:why_not",
        "Why a cause is not likely, and what would make it so.",
        "Почему причина не подтвердилась и что её подтвердило бы.",
    ),
    "what-if": (
        f"{_HERE}.explain:what_if",
        "What changes if an answer or a figure were different.",
        "Что изменится, если ответ или показатель станет другим.",
    ),
    "meeting": (
        f"{_HERE}.meeting:meeting",
        "The planning meeting: what lags, why, what to do, who, by when.",
        "Планёрка: что отстаёт, почему, что делать, кто и к какому сроку.",
    ),
    "calculator": (
        f"{_HERE}.calculator:calculator",
        "What the author claims that your mistakes cost: apart from all measured.",
        "Во что, по словам автора, обходятся ваши ошибки: отдельно от измеренного.",
    ),
    "plan": (
        f"{_HERE}.planning:plan",
        "What to do, by whom, by when, and how to see that it works.",
        "Что делать, кому, к какому сроку и как увидеть результат.",
    ),
    "diff": (
        f"{_HERE}.diff:diff",
        "What changed since the last run, and what came of the plan.",
        "Что изменилось с прошлого разбора и что дал план.",
    ),
    "gate": (
        f"{_HERE}.gate:gate",
        "For schedulers: pass or fail by named conditions.",
        "Для расписаний: пройден ли контроль по заданным условиям.",
    ),
    "report": (
        f"{_HERE}.report:report",
        "Write reports: HTML, PDF, Word, Excel, Markdown, JSON.",
        "Написать отчёты: HTML, PDF, Word, Excel, Markdown, JSON.",
    ),
    "batch": (
        f"{_HERE}.batch:batch",
        "Many companies at once: a table of facts or case folders.",
        "Много компаний сразу: таблица фактов или папки разборов.",
    ),
    "look": (
        f"{_HERE}.look:look",
        "The look of your house for reports: make one, check it.",
        "Своё оформление отчётов: создать, проверить.",
    ),
    "serve": (
        f"{_HERE}.serve:serve",
        "The web app: workspace, links for respondents, API.",
        "Веб-приложение: рабочее место, ссылки для респондентов, API.",
    ),
    "share": (
        f"{_HERE}.share:share",
        "Make a link for a respondent, with a QR code.",
        "Сделать ссылку для респондента, с QR-кодом.",
    ),
    "user": (
        f"{_HERE}.user:user",
        "People who sign in to the web app: add, list, change, shut out.",
        "Кто входит в веб-приложение: добавить, показать, изменить, закрыть вход.",
    ),
    "case": (
        f"{_HERE}.case:case",
        "Cases in a database: list, add, show, export, close, purge.",
        "Разборы в базе данных: список, добавить, показать, выгрузить, уничтожить.",
    ),
    "backup": (
        f"{_HERE}.backup:backup",
        "Copy a database of cases into one file.",
        "Скопировать базу разборов в один файл.",
    ),
    "restore": (
        f"{_HERE}.backup:restore",
        "Bring a copy back into a database.",
        "Восстановить базу из копии.",
    ),
    "kb": (
        f"{_HERE}.kb:kb",
        "The knowledge base: lint, test, export, schema.",
        "База знаний: проверка, испытания, выгрузка, схема.",
    ),
    "doctor": (
        f"{_HERE}.doctor:doctor",
        "Whether this machine has all that salesdx needs.",
        "Есть ли на этой машине всё, что нужно salesdx.",
    ),
}


def _version() -> str:
    from importlib.metadata import version

    return version("salesdx")


def _show_version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        click.echo(f"salesdx {_version()}")
        ctx.exit()


def program() -> LazyGroup:
    """Build the program in the language of the run."""
    return LazyGroup(
        COMMANDS,
        name="salesdx",
        help=say(
            "Find out why a company sells less than it could, how sure that is and "
            "what it costs, and get the plan that mends it.\n\n"
            "\b\nStart with:\n"
            "  salesdx demo                  see it work on a made-up company\n"
            "  salesdx init acme             your own case\n"
            "  salesdx import acme deals.csv\n"
            "  salesdx diagnose acme\n\n"
            "\b\nCompletion for bash (zsh, fish likewise):\n"
            '  eval "$(_SALESDX_COMPLETE=bash_source salesdx)"',
            "Узнать, почему компания продаёт меньше, чем могла бы, насколько это "
            "надёжно, сколько это стоит, и получить план исправления.\n\n"
            "\b\nНачните так:\n"
            "  salesdx demo                  посмотреть на вымышленной компании\n"
            "  salesdx init acme             свой разбор\n"
            "  salesdx import acme deals.csv\n"
            "  salesdx diagnose acme\n\n"
            "\b\nАвтодополнение для bash (так же для zsh и fish):\n"
            '  eval "$(_SALESDX_COMPLETE=bash_source salesdx)"',
        ),
        params=[
            click.Option(
                ["--lang"],
                type=click.Choice(["ru", "en"]),
                expose_value=False,
                help=say(
                    "Language; default: SALESDX_LANG, else the locale.",
                    "Язык; иначе SALESDX_LANG, иначе язык системы.",
                ),
            ),
            click.Option(
                ["--debug"],
                is_flag=True,
                expose_value=False,
                help=say(
                    "Show the traceback of a fault.",
                    "Показать трассировку при сбое.",
                ),
            ),
            click.Option(
                ["--version"],
                is_flag=True,
                is_eager=True,
                expose_value=False,
                callback=_show_version,
                help=say("Show the version.", "Показать версию."),
            ),
        ],
    )


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return the exit code."""
    arguments = list(arguments)
    wording.choose(arguments, os.environ)
    debug = "--debug" in arguments or os.environ.get("SALESDX_DEBUG", "") == "1"
    arguments = [a for a in arguments if a != "--debug"]
    try:
        code = program().main(arguments, prog_name="salesdx", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        return mistakes.broken_pipe()
    except click.exceptions.Exit as done:
        return done.exit_code
    except (Exception, KeyboardInterrupt) as error:
        return mistakes.report(error, debug)
    return code if isinstance(code, int) else 0


_PANDAS_FOR = {"pyspark", "psycopg", "clickhouse_connect", "MySQLdb", "pyodbc"}


class _WithoutPandas:
    """Tells whoever looks that pandas is not there.

    Arrow imports it (0.3 s) only to ask whether a value is one of its own; none is.
    Only PySpark and what Ibis has for databases cannot do without it.
    """

    def find_spec(self, name: str, *_: object) -> None:
        """Refuse pandas, leave everything else to the usual finders."""
        if name == "pandas" and not (_PANDAS_FOR & sys.modules.keys()):
            raise ModuleNotFoundError("salesdx does without pandas", name=name)


def main() -> None:
    """Entry point of the `salesdx` command: UTF-8 whatever the locale says."""
    sys.meta_path.insert(0, _WithoutPandas())
    # queries are built of very many small objects, nearly none of them in cycles
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if hasattr(sys.stdin, "reconfigure"):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(run(sys.argv[1:]))
