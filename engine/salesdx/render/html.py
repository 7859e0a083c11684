"""HTML: one self-contained file, no script, no network, for screen, phone and print."""

import base64
import hashlib
from functools import lru_cache
from urllib.parse import quote

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from salesdx.content import content
from salesdx.language import Language
from salesdx.render.look import PLAIN, Look
from salesdx.render.look.page import css, logo, sources
from salesdx.render.printable import Printable
from salesdx.render.table_widths import shares

_LINE = 58.0  # em of a table on a wide screen, for fonts wider than ours too


def write(edition: Printable) -> bytes:
    """Render the page; the style is allowed by its hash and by nothing else."""
    look, lang = edition.look, edition.lang
    page = _template().render(
        report=edition.report, style=Markup(_style(look, lang)[0]),
        csp=policy(lang, look), logo=logo(look, lang),
    )  # fmt: skip
    return page.encode()


def policy(lang: Language = "en", look: Look = PLAIN) -> str:
    """What the page may load: its own style, what is inside it, and nothing else."""
    return (
        f"default-src 'none'; style-src 'sha256-{_style(look, lang)[1]}';"
        f" img-src data:;{sources(look)} base-uri 'none'; form-action 'none'"
    )


@lru_cache(maxsize=8)
def _style(look: Look, lang: Language) -> tuple[str, str]:
    style = (content("reports") / "report.css").read_text("utf-8") + css(look, lang)
    digest = hashlib.sha256(style.encode()).digest()
    return style, base64.b64encode(digest).decode()


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(content("reports")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["trusted"] = Markup  # our own SVG, escaped where it is drawn
    environment.filters["anchor"] = _anchor
    environment.filters["shares"] = lambda table: shares(table, _LINE)
    return environment.get_template("report.html.j2")


def _anchor(name: str) -> str:
    """An id for links: any text, also one with blanks."""
    return "a-" + quote(name, safe="")
