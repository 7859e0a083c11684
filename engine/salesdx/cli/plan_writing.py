"""Write the plan for other programs, and its worksheets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from salesdx.cli.checkout import reports_of
from salesdx.cli.output import working
from salesdx.cli.wording import Language, say
from salesdx.cli.worksheets import DEFAULT, write_worksheets
from salesdx.errors import Said, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from salesdx.analysis import Analysis
    from salesdx.render import Audience
    from salesdx.render.look import Look
    from salesdx.result import ResultDocument


@dataclass(frozen=True, slots=True)
class Readers:
    """For whom a copy is, in which language, and whether people are letters in it."""

    lang: Language
    audience: Audience
    anonymise: bool
    look: Look

    def fit(self, document: ResultDocument) -> ResultDocument:
        """What they may see; the document itself where that is all of it."""
        if self.audience == "consultant" and not self.anonymise:
            return document
        from salesdx.render.worksheets import fit

        return fit(document, self.audience, self.anonymise)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to write: worksheets into `folder`, the plan into `out`."""

    folder: Path | None
    every: bool
    out: Path | None = None
    formats: Sequence[str] = field(default=())
    sheets: Sequence[str] = field(default=())


def files_asked(
    case: Path, formats: Sequence[str], out: Path | None, asked: Asked
) -> Asked:
    """Sort the formats: some are of the plan, the others of its worksheets.

    Raises:
        UsageError: a format is not known, or nothing is to be written in it.
    """
    from salesdx.render.plan_files import FORMATS as PLANS
    from salesdx.render.worksheets import FORMATS as SHEETS

    unknown = [f for f in formats if f not in PLANS and f not in SHEETS]
    if unknown:
        names, plans, sheets = map(", ".join, (unknown, PLANS, SHEETS))
        raise UsageError(Said(
            f"--to: no format {names}; of the plan there are {plans}, of worksheets "
            f"{sheets}",
            f"--to: нет формата {names}; у плана есть {plans}, у рабочих листов "
            f"{sheets}",
        ))  # fmt: skip
    plans_, sheets_ = ([f for f in formats if f in known] for known in (PLANS, SHEETS))
    if sheets_ and asked.folder is None:
        raise UsageError(Said(
            f"--to {sheets_[0]}: of worksheets; say where to write them: "
            "--worksheets DIR",
            f"--to {sheets_[0]}: это формат рабочих листов; укажите, куда их писать: "
            "--worksheets ПАПКА",
        ))  # fmt: skip
    if asked.every and asked.folder is None:
        raise UsageError(say("--all needs --worksheets", "--all нужен --worksheets"))
    if out is not None and not plans_:
        plans_ = ["ics", "csv"]
    if asked.folder is not None and not sheets_:
        sheets_ = [DEFAULT]
    where = (out or reports_of(case)) if plans_ else None
    return replace(asked, out=where, formats=plans_, sheets=sheets_)


def write_asked(found: Analysis, asked: Asked, readers: Readers) -> list[Path]:
    """Write what was asked for; returns the paths, those of the plan first."""
    written: list[Path] = []
    if asked.out is not None:
        written += _plan(found, asked.formats, asked.out, readers)
    if asked.folder is not None:
        written += write_worksheets(
            found, asked.sheets, readers.lang, asked.folder, asked.every,
            readers.audience, readers.anonymise, readers.look,
        )  # fmt: skip
    return written


def _plan(
    found: Analysis, formats: Sequence[str], folder: Path, readers: Readers
) -> list[Path]:
    from salesdx.render.plan_files import FORMATS, PlanFile, write
    from salesdx.render.worksheets import fit

    document = fit(found.document, readers.audience, readers.anonymise)
    plan = PlanFile.of(document, readers.lang, found.case.company.name)
    name = f"plan-{readers.audience}-{readers.lang}"
    with working(say("Writing the plan…", "Пишем план…")):
        files = {folder / f"{name}{FORMATS[f].suffix}": write(plan, f) for f in formats}
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
    return list(files)
