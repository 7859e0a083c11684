"""Run a batch for the command; imported late, for it is heavy."""

from __future__ import annotations

import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from salesdx.cli import _WithoutPandas
from salesdx.cli.output import advancing, print_json, table, working
from salesdx.cli.wording import language, say
from salesdx.crm.writing import Writer, write_all
from salesdx.errors import Said, UsageError, visible
from salesdx.knowledge.load import load
from salesdx.language import number, percent, quoted
from salesdx.portfolio import pool
from salesdx.portfolio.batch import (
    CSV,
    REJECTS,
    RESULT,
    RULES,
    Outcome,
    Wanted,
    Work,
)
from salesdx.portfolio.batch import run as run_batch
from salesdx.portfolio.chunk import CHUNK_ROWS
from salesdx.portfolio.facts_table import open_table
from salesdx.portfolio.parts import plain
from salesdx.portfolio.standing import PARTS, RUN, SCRATCH
from salesdx.portfolio.table_work import TableWork
from salesdx.render import known_format
from salesdx.render.portfolio import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from salesdx.cli.output import Advance
    from salesdx.knowledge.base import KnowledgeBase
    from salesdx.metrics.engines import Connect
    from salesdx.portfolio.batch import Engine
    from salesdx.portfolio.standing import Begun, Folder
    from salesdx.render.look import Look

_SHOWN = 5  # likely causes of the summary


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed."""

    sources: tuple[Path, ...]
    out: Path | None
    engine: Literal["duckdb", "spark"]
    master: str
    jobs: int | None
    formats: tuple[str, ...]
    csv: bool | None
    rules: bool
    ignore: tuple[str, ...]
    fresh: bool
    chunk_rows: int | None
    overlays: tuple[Path, ...]
    look: Look

    @property
    def is_table(self) -> bool:
        """Whether a table was named, not case folders.

        Raises:
            UsageError: both were named, or several tables.
        """
        folders = [s.is_dir() for s in self.sources]
        if all(folders):
            return False
        if len(folders) > 1:
            raise UsageError(
                Said(
                    "give one table, or case folders; not both, nor several tables",
                    "укажите одну таблицу или папки разборов, но не вместе и не"
                    " несколько таблиц",
                )
            )
        return True


def run(asked: Asked, as_: str) -> None:
    """Judge all, write the files and say what came of it.

    Raises:
        UsageError: the words make no sense together.
    """
    out = asked.out
    if out is None:
        raise UsageError(
            Said("--out DIR is needed: where to write", "нужен --out: куда писать")
        )
    is_table = asked.is_table
    if asked.rules and not is_table:
        raise UsageError(
            Said(
                "--rules is for a table; of a case folder the document in DIR/cases"
                " tells every rule",
                "--rules работает только с таблицей: у папки разбора все правила есть"
                " в документе в ПАПКА/cases",
            )
        )
    if is_table:
        _keep(asked.sources[0], out)
    for name in asked.formats:  # a wrong one is told before the long work
        known_format(name, FORMATS)
    with working(say("Reading the knowledge…", "Читаем базу знаний…")):
        knowledge = load(asked.overlays)
    with _shown(is_table) as shown:

        def work(folder: Folder) -> Work:
            if not is_table:
                from salesdx.portfolio.case_work import case_work

                return case_work(
                    asked.sources, asked.overlays, knowledge, folder, _measuring(asked)
                )
            rows = open_table(
                asked.sources[0].resolve(), knowledge, ignore=asked.ignore,
                scratch=folder.scratch, chunk_rows=asked.chunk_rows or CHUNK_ROWS,
            )  # fmt: skip
            return TableWork(rows, folder.parts, asked.rules, asked.ignore)

        wanted = Wanted(asked.csv, language(), asked.fresh)
        try:
            found = run_batch(
                work, knowledge, out.resolve(), wanted, _engine(asked), shown
            )
        except KeyboardInterrupt:
            click.echo(_go_on(), err=True)
            raise
    files = [*found.files, *_report(found, knowledge, out, asked)]
    if as_ == "json":
        print_json(_plain(found, out, files))
    else:
        click.echo(_told(found, knowledge, out, files))


def _keep(table: Path, out: Path) -> None:
    """Refuse to write where the table itself lies under the name of a result.

    Raises:
        UsageError: it does.
    """
    reports = [f"portfolio{kind.suffix}" for kind in FORMATS.values()]
    names = (RESULT, CSV, RULES, REJECTS, RUN, *reports)
    mine = table.resolve()
    if any((out / name).resolve() == mine for name in names) or any(
        mine.is_relative_to((out / name).resolve()) for name in (PARTS, SCRATCH)
    ):
        raise UsageError(
            Said(
                f"{table}: the result would be written over the table; give another"
                " --out",
                f"{table}: результат записался бы поверх самой таблицы; укажите"
                " другой --out",
            )
        )


def _report(
    found: Outcome, knowledge: KnowledgeBase, out: Path, asked: Asked
) -> list[str]:
    """Write what all companies have in common; the names of the files."""
    from salesdx.portfolio import overview
    from salesdx.render.portfolio import write

    with working(say("Writing the report…", "Пишем отчёт…")):
        document = overview.of(out / RESULT, knowledge, rejected=found.rejected)
        content: dict[Path, Writer | bytes] = {
            out / f"portfolio{FORMATS[name].suffix}": write(
                document, name, language(), asked.look
            )
            for name in dict.fromkeys((*asked.formats, "json"))
        }
        write_all(content)
    return [p.name for p in content]


def explained(asked: Asked, id_: str, as_: str) -> None:
    """Print the whole diagnosis of one company."""
    from salesdx.cli.running import run_analysis
    from salesdx.portfolio.explaining import case_of, explained_row
    from salesdx.render.terminal import text

    if asked.is_table:
        with tempfile.TemporaryDirectory() as scratch:
            knowledge = load(asked.overlays)
            rows = open_table(
                asked.sources[0], knowledge, ignore=asked.ignore, scratch=Path(scratch)
            )
            document = explained_row(rows, knowledge, id_).document
    else:
        case = case_of(asked.sources, id_)
        document = run_analysis(case, asked.overlays, "auto").document
    if as_ == "json":
        click.echo(document.to_json(), nl=False)
    else:
        click.echo(text(document, language()))


def _engine(asked: Asked) -> Engine:
    """Where the pieces are done."""
    jobs = asked.jobs or pool.cores()
    if asked.engine == "spark" and asked.is_table:
        from salesdx.portfolio import on_spark

        return partial(on_spark.run, master=asked.master)
    if asked.engine == "spark":
        jobs = 1  # the cluster measures one case after another

    def local(
        work: pool.Work, knowledge: KnowledgeBase, numbers: Sequence[int]
    ) -> pool.Done:
        return pool.run(work, knowledge, numbers, jobs, _without_pandas)

    return local


def _measuring(asked: Asked) -> Connect | None:
    """Where figures of cases are computed; None: here, on one thread a process."""
    if asked.engine == "duckdb":
        return None
    from salesdx.metrics import engines

    return engines.named("spark", asked.master)


def _without_pandas() -> None:
    """In a new process, as the command itself begins."""
    sys.meta_path.insert(0, _WithoutPandas())


class _Shown:
    """What is seen on stderr while it goes on."""

    def __init__(self, advance: Advance, is_table: bool) -> None:
        self._advance, self._is_table = advance, is_table

    def begun(self, how: Begun, done: int, pieces: int) -> None:
        """Say what an earlier run is good for."""
        if how == "other":
            told = say(
                "The input, the knowledge or the options are not those of the run that"
                " was interrupted: starting anew.",
                "Исходные данные, база знаний или ключи не те, что у прерванного"
                " запуска: начинаем заново.",
            )
            click.echo(told, err=True)
        elif done:
            told = say(
                f"Going on: {done} of {pieces} are done already.",
                f"Продолжаем: {done} из {pieces} уже готово.",
            )
            click.echo(told, err=True)
        self.piece(done, pieces)

    def piece(self, done: int, pieces: int) -> None:
        """Move the bar."""
        told = say("Judging the table…", "Разбираем таблицу…")
        if not self._is_table:
            told = say("Judging the cases…", "Разбираем папки…")
        self._advance(told, done, pieces)

    def joining(self) -> None:
        """Nothing is left but to write."""
        self._advance(say("Writing the result…", "Записываем результат…"), 0, 0)


@contextmanager
def _shown(is_table: bool) -> Iterator[_Shown]:
    with advancing(say("Reading the input…", "Читаем данные…")) as advance:
        yield _Shown(advance, is_table)


def _go_on() -> str:
    return say(
        "What is done is kept: repeat the command to go on.",
        "Готовое сохранено: повторите команду, и она продолжит.",
    )


def _plain(found: Outcome, out: Path, files: Sequence[str]) -> dict[str, Any]:
    """The summary as data."""
    return {
        "judged": found.judged,
        "rejected": found.rejected,
        "likely": [{"id": i, "companies": n} for i, n in found.likely.items()],
        "rejects": [plain(r) for r in found.rejects],
        "files": [str(out / name) for name in files],
        "already": found.already,
    }


def _told(
    found: Outcome, knowledge: KnowledgeBase, out: Path, files: Sequence[str]
) -> str:
    """The summary in words."""
    lines = []
    if found.already:
        lines.append(say(
            "This was judged already; nothing had to be computed.",
            "Всё уже разобрано раньше, считать заново не пришлось.",
        ))  # fmt: skip
    judged = number(found.judged, language())
    lines.append(say(f"Companies judged: {judged}", f"Разобрано компаний: {judged}"))
    if found.rejected:
        lines += _left_out(found, out)
    if found.likely:
        lines += ["", say(
            "Likely most often (of all companies):",
            "Чаще всего вероятны (доля от всех компаний):",
        )]  # fmt: skip
        rows = [
            (number(n, language()), percent(n / found.judged, language(), 0),
             knowledge.causes[i].spec.title.in_(language()))
            for i, n in list(found.likely.items())[:_SHOWN]
        ]  # fmt: skip
        lines += [f"  {row}" for row in table(rows, right=(0, 1)).splitlines()]
    lines += ["", say("Written:", "Записано:")]
    lines += [f"  {out / name}" for name in files]
    return "\n".join(lines)


def _left_out(found: Outcome, out: Path) -> Iterator[str]:
    count = number(found.rejected, language())
    yield say(
        f"Left out: {count}; why: {out / REJECTS}, beginning with",
        f"Не разобрано: {count}; почему — в {out / REJECTS}, начало:",
    )
    for r in found.rejects:
        parts = [say(f"row {r.row}, {r.id}", f"строка {r.row}, {r.id}")]
        if r.column:
            parts.append(f"{r.column} = {quoted(r.value, language())}")
        parts += r.reason.in_(language()).splitlines()[:1]
        yield visible(f"  {': '.join(parts)}")
