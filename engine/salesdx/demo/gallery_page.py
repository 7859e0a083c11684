"""The page that shows the companies of the gallery: one file, no script."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from salesdx.content import content
from salesdx.demo.examples import Example
from salesdx.demo.firm_files import load
from salesdx.demo.pictures import page_picture
from salesdx.language import Language
from salesdx.result import ResultDocument

WIDTH = 480  # pixels of a picture: sharp at half of it


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page says of one company."""

    example: Example
    document: ResultDocument
    files: Sequence[Path]


def index_page(shown: Sequence[Shown], folder: Path, lang: Language) -> str:
    """The page as HTML; its links are relative to the folder."""
    page = content("examples") / "page"
    texts = {k: v[lang] for k, v in load(page / "texts.yaml").items()}
    surroundings = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        keep_trailing_newline=True,
    )  # fmt: skip
    template = surroundings.from_string((page / "index.html.j2").read_text("utf-8"))
    companies = [_company(s, folder, lang) for s in shown]
    return template.render(lang=lang, say=texts, companies=companies, width=WIDTH // 2)


def _company(shown: Shown, folder: Path, lang: Language) -> dict[str, Any]:
    example = shown.example
    said = {key: example.text(key).in_(lang) for key in ("kind", "given", "shows")}
    pdf = next(p for p in shown.files if p.suffix == ".pdf")
    picture = page_picture(pdf.read_bytes(), 1, WIDTH)
    editions = [_edition(a, shown.files, folder) for a in example.spec["editions"]]
    return said | {
        "id": example.id,
        "name": shown.document.case.name,
        "verdict": shown.document.summary.verdict.in_(lang),
        "picture": "data:image/png;base64," + base64.b64encode(picture).decode(),
        "editions": editions,
        "first": editions[0]["files"][0]["path"],
    }


def _edition(audience: str, files: Sequence[Path], folder: Path) -> dict[str, Any]:
    mine = [p for p in files if p.name.startswith(f"report-{audience}-")]
    return {
        "audience": audience,
        "files": [
            {
                "path": p.relative_to(folder).as_posix(),
                "label": p.suffix[1:].upper(),
            }
            for p in mine
        ],
    }
