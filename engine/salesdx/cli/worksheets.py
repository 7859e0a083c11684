"""Write the worksheets of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from salesdx.cli.output import working
from salesdx.cli.wording import Language, say
from salesdx.errors import Said, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from salesdx.analysis import Analysis
    from salesdx.render import Audience
    from salesdx.render.look import Look

DEFAULT = "docx"


def write_worksheets(
    found: Analysis,
    formats: Sequence[str],
    lang: Language,
    folder: Path,
    every: bool = False,
    audience: Audience = "consultant",
    anonymise: bool = False,
    look: Look | None = None,
) -> list[Path]:
    """Write one file a sheet and format; returns the paths in the order of the plan.

    Raises:
        UsageError: a format is not known; nothing is written then.
        KnowledgeError: a template cannot be filled; nothing is written then.
    """
    from salesdx.render.look import PLAIN
    from salesdx.render.worksheets import FORMATS, fit, render
    from salesdx.render.worksheets.sheet import Desk, wanted

    unknown = [f for f in formats if f not in FORMATS]
    if unknown or not formats:
        names, known = ", ".join(unknown), ", ".join(FORMATS)
        raise UsageError(Said(
            f"--to: no worksheet format {names}; choose from {known}",
            f"--to: рабочих листов в формате {names} нет; есть {known}",
        ))  # fmt: skip
    sheets = found.knowledge.worksheets
    document = fit(found.document, audience, anonymise)
    look = look or PLAIN
    desk = Desk(document, sheets, lang, look)
    files: dict[Path, bytes] = {}
    with working(say("Writing worksheets…", "Пишем рабочие листы…")):
        for name in wanted(document, sheets, every, look):
            for fmt in formats:
                path = folder / f"{name}-{lang}{FORMATS[fmt]}"
                files[path] = render(desk, name, fmt)
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
    if not files:
        click.echo(say(
            "No action of the plan has a worksheet; --all writes every one.",
            "У действий плана рабочих листов нет; все листы запишет --all.",
        ), err=True)  # fmt: skip
    return list(files)


def listed(formats: str) -> list[str]:
    """The formats of `--to`, by commas."""
    return [f.strip() for f in formats.split(",") if f.strip()]


def beside_reports(formats: Sequence[str]) -> list[str]:
    """Of the formats of the reports those that a worksheet has, or DOCX."""
    from salesdx.render.worksheets import FORMATS

    return [f for f in formats if f in FORMATS] or [DEFAULT]
