"""A worksheet as a page: self-contained, no script, ready for the printer."""

import base64
import hashlib
from functools import lru_cache

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from salesdx.content import content
from salesdx.language import Language
from salesdx.render.look import Look
from salesdx.render.look.page import css, logo, sources
from salesdx.render.worksheets.paper import Paper
from salesdx.render.worksheets.parsed import page


def write(text: str, paper: Paper) -> bytes:
    """The page; its style is allowed by its hash and by nothing else."""
    style, digest = _style(paper.look, paper.language)
    body = Markup(page(text, paper.landscape))
    found = _template().render(
        lang=paper.language, title=f"{paper.company} · {paper.kicker}",
        footer=paper.footer, wide=paper.landscape, body=body,
        style=Markup(style), logo=logo(paper.look, paper.language), mark=paper.mark,
        csp=f"default-src 'none'; style-src 'sha256-{digest}';"
        f"{' img-src data:;' if paper.look.logo else ''}{sources(paper.look)}"
        " base-uri 'none'; form-action 'none'",
    )  # fmt: skip
    return found.encode()


@lru_cache(maxsize=8)
def _style(look: Look, lang: Language) -> tuple[str, str]:
    names = ("report.css", "worksheet.css")
    style = "".join((content("reports") / n).read_text("utf-8") for n in names)
    style += css(look, lang)
    digest = hashlib.sha256(style.encode()).digest()
    return style, base64.b64encode(digest).decode()


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(content("reports")), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template("worksheet.html.j2")
