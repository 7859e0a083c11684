"""The reports of a case as files: one format, or all worksheets of the plan."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from salesdx.analysis import Analysis
from salesdx.compare import Comparison
from salesdx.language import Language
from salesdx.render import FORMATS, Audience, render
from salesdx.render.look import PLAIN, Look
from salesdx.render.worksheets import FORMATS as SHEETS
from salesdx.render.worksheets import fit
from salesdx.render.worksheets import render as fill
from salesdx.render.worksheets.sheet import Desk, wanted
from salesdx.workspace.once import once

SHEET_FORMATS = tuple(SHEETS)
_UNSAFE = re.compile(r"[^\w.-]+")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # equal input gives equal bytes
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Copy:
    """For whom a copy is, in which language, and whether people are letters in it."""

    lang: Language
    audience: Audience = "consultant"
    anonymise: bool = False
    look: Look = PLAIN


@dataclass(frozen=True, slots=True)
class File:
    """A file to download: `name` as people call it, `plain` of ASCII alone."""

    name: str
    plain: str
    media_type: str
    content: bytes


def report_file(
    found: Analysis, fmt: str, copy: Copy, since: Comparison | None = None
) -> File:
    """The report in a format of `FORMATS`, with what changed since an older result."""
    kind = FORMATS[fmt]
    content = render(
        found.document, fmt, copy.lang, copy.audience, copy.anonymise, since, copy.look
    )
    return _file(found, f"report-{copy.audience}-{copy.lang}{kind.suffix}",
                 kind.media_type, content)  # fmt: skip


def sheet_names(found: Analysis, look: Look = PLAIN) -> list[str]:
    """The worksheets that the plan asks for."""
    return once(
        found, "sheets",
        lambda: list(wanted(found.document, found.knowledge.worksheets, False, look)),
    )  # fmt: skip


def worksheets_file(found: Analysis, fmt: str, copy: Copy) -> File:
    """The worksheets of the plan in one format, packed together."""
    document = fit(found.document, copy.audience, copy.anonymise)
    sheets = found.knowledge.worksheets
    desk, out = Desk(document, sheets, copy.lang, copy.look), io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in wanted(document, sheets, False, copy.look):
            info = zipfile.ZipInfo(f"{name}-{copy.lang}{SHEETS[fmt]}", _EPOCH)
            packed.writestr(info, fill(desk, name, fmt), zipfile.ZIP_DEFLATED)
    return _file(found, f"worksheets-{copy.audience}-{copy.lang}.zip",
                 "application/zip", out.getvalue())  # fmt: skip


def _file(found: Analysis, plain: str, media_type: str, content: bytes) -> File:
    """The name begins with the company, as far as a disk takes it."""
    name = unicodedata.normalize("NFC", found.case.company.name)
    company = _UNSAFE.sub("-", name)[:_LONGEST].strip("-._")
    return File("-".join(filter(None, (company, plain))), plain, media_type, content)
