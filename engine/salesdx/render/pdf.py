"""PDF: the report tree as JSON, laid out by reports/report.typ."""

from dataclasses import asdict
from typing import Any

from salesdx.language import Language
from salesdx.render.audience import Audience
from salesdx.render.build import build
from salesdx.render.clean import breakable, walk
from salesdx.render.report import Block, figures
from salesdx.render.typeset import pdf
from salesdx.result import ResultDocument

_KEEP = frozenset({"svg", "kind", "name", "id", "anchor"})


def write(document: ResultDocument, lang: Language, audience: Audience) -> bytes:
    """Typeset the report; very long words may break anywhere."""
    report = build(document, lang, audience)
    blocks: list[Block] = [b for s in report.sections for b in s.blocks]
    pictures = figures(blocks)
    data: dict[str, Any] = walk(asdict(report), breakable, _KEEP)
    _drop_svg(data)
    return pdf(data, pictures)


def _drop_svg(value: Any) -> None:
    """The pictures travel as files, not inside the JSON."""
    if isinstance(value, dict):
        value.pop("svg", None)
        for part in value.values():
            _drop_svg(part)
    elif isinstance(value, list):
        for part in value:
            _drop_svg(part)
