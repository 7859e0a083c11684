"""PDF: the report tree as JSON, laid out by reports/report.typ."""

from dataclasses import asdict
from typing import Any

from salesdx.render.clean import breakable, walk
from salesdx.render.edition import Edition
from salesdx.render.typeset import pdf

_KEEP = frozenset({"svg", "kind", "name", "id", "anchor"})


def write(edition: Edition) -> bytes:
    """Typeset the report; very long words may break anywhere."""
    data: dict[str, Any] = walk(asdict(edition.report), breakable, _KEEP)
    _drop_svg(data)
    return pdf(data, edition.pictures)


def _drop_svg(value: Any) -> None:
    """The pictures travel as files, not inside the JSON."""
    if isinstance(value, dict):
        value.pop("svg", None)
        value.pop("heat", None)
        for part in value.values():
            _drop_svg(part)
    elif isinstance(value, list):
        for part in value:
            _drop_svg(part)
