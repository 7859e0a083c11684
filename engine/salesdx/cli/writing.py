"""Write report files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salesdx.cli.output import working
from salesdx.cli.wording import Language, say
from salesdx.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from salesdx.compare import Comparison
    from salesdx.render import Audience
    from salesdx.render.look import Look
    from salesdx.result import ResultDocument


def write_reports(
    document: ResultDocument,
    formats: Sequence[str],
    lang: Language,
    folder: Path,
    audience: Audience = "consultant",
    anonymise: bool = False,
    since: Comparison | None = None,
    look: Look | None = None,
) -> list[Path]:
    """Write one file a format, named by audience and language; returns their paths.

    `since` is what changed since an older result.

    Raises:
        UsageError: a format is not known; nothing is written then.
    """
    from salesdx.render import FORMATS, edition_for, printed

    unknown = [f for f in formats if f not in FORMATS]
    if unknown or not formats:
        raise UsageError(
            say(
                f"--to: no format {', '.join(unknown)}; choose from",
                f"--to: нет формата {', '.join(unknown)}; есть",
            )
            + f" {', '.join(FORMATS)}"
        )
    folder.mkdir(parents=True, exist_ok=True)
    copy = edition_for(document, lang, audience, anonymise, since, look)
    found: list[Path] = []
    for name in formats:
        with working(say(f"Writing {name}…", f"Пишем {name}…")):
            content = printed(copy, name)
        path = folder / f"report-{audience}-{lang}{FORMATS[name].suffix}"
        path.write_bytes(content)
        found.append(path)
    return found
