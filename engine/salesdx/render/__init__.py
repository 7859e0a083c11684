"""A result document becomes a document that people read: one module a format.

`render(document, "pdf", "ru")` gives bytes, equal for equal input. Importing this
package loads no format: each is loaded on first use.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from salesdx.compare import Comparison
    from salesdx.language import Language
    from salesdx.render.edition import Edition
    from salesdx.render.look import Look
    from salesdx.render.printable import Printable
    from salesdx.result import ResultDocument

Audience = Literal["owner", "consultant", "team"]
AUDIENCES: tuple[Audience, ...] = ("owner", "consultant", "team")


@dataclass(frozen=True, slots=True)
class Format:
    """An output format: file suffix, media type, and the module that writes it."""

    name: str
    suffix: str
    media_type: str
    module: str

    def write(self, edition: "Printable") -> bytes:
        """Load the module of the format and print the edition."""
        found = import_module(f"salesdx.render.{self.module}")
        write: Callable[[Printable], bytes] = found.write
        return write(edition)


_OFFICE = "application/vnd.openxmlformats-officedocument"
FORMATS: dict[str, Format] = {
    f.name: f
    for f in (
        Format("html", ".html", "text/html; charset=utf-8", "html"),
        Format("pdf", ".pdf", "application/pdf", "pdf"),
        Format("docx", ".docx", f"{_OFFICE}.wordprocessingml.document", "word"),
        Format("md", ".md", "text/markdown; charset=utf-8", "markdown"),
        Format("json", ".json", "application/json", "plain_json"),
        Format("xlsx", ".xlsx", f"{_OFFICE}.spreadsheetml.sheet", "sheet"),
    )
}


def edition_for(
    document: "ResultDocument",
    lang: "Language",
    audience: Audience = "consultant",
    anonymise: bool = False,
    since: "Comparison | None" = None,
    look: "Look | None" = None,
) -> "Edition":
    """The result for one reader in one language; print it with `printed`."""
    from salesdx.render.edition import Edition
    from salesdx.render.look import PLAIN

    return Edition.of(document, lang, audience, anonymise, since, look or PLAIN)


def printed(edition: "Edition", fmt: str) -> bytes:
    """An edition in one format; an unknown format is a UsageError."""
    known_format(fmt, FORMATS)
    return FORMATS[fmt].write(edition)


def known_format(fmt: str, formats: Collection[str]) -> None:
    """Refuse what is no format: a UsageError names those there are."""
    from salesdx.errors import Said, UsageError

    if fmt not in formats:
        known = ", ".join(formats)
        raise UsageError(
            Said(
                f"unknown report format {fmt!r}: choose from {known}",
                f"нет формата отчёта «{fmt}»; есть {known}",
            )
        )


def render(
    document: "ResultDocument",
    fmt: str,
    lang: "Language",
    audience: Audience = "consultant",
    anonymise: bool = False,
    since: "Comparison | None" = None,
    look: "Look | None" = None,
) -> bytes:
    """One format alone; of several, make one `edition_for` and print it in each."""
    return printed(edition_for(document, lang, audience, anonymise, since, look), fmt)
