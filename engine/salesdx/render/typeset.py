"""typst as a library: our template, our fonts, the data as JSON, nothing else.

The files are handed over in memory, so a template cannot read anything besides them;
the date is off and system fonts are ignored, so equal input gives equal bytes.
"""

import json
from typing import Any

import typst

from salesdx.content import content
from salesdx.render.report import Figure

PIXELS_PER_INCH = 160


def pdf(data: dict[str, Any], pictures: list[Figure]) -> bytes:
    """Typeset the report: reports/report.typ over `data`."""
    files = {
        "main": (content("reports") / "report.typ").read_bytes(),
        "report.json": json.dumps(data, ensure_ascii=False).encode(),
        **{f"{p.name}.svg": p.svg.encode() for p in pictures},
    }
    made = typst.compile(files, format="pdf", pdf_standards="ua-1", **_options())
    assert isinstance(made, bytes)
    return made


def pngs(pictures: list[Figure]) -> list[bytes]:
    """Draw each chart as a PNG, all in one run."""
    if not pictures:
        return []
    pages = "\n#pagebreak()\n".join(
        f'#image("{i}.svg", width: {82 if p.half else 170}mm)'
        for i, p in enumerate(pictures)
    )
    main = f"#set page(width: auto, height: auto, margin: 0pt)\n{pages}\n"
    files = {
        "main": main.encode(),
        **{f"{i}.svg": p.svg.encode() for i, p in enumerate(pictures)},
    }
    made = typst.compile(files, format="png", ppi=PIXELS_PER_INCH, **_options())
    return made if isinstance(made, list) else [made]


def _options() -> dict[str, Any]:
    fonts = [str(content("reports") / "fonts")]
    return {"font_paths": fonts, "ignore_system_fonts": True}


def typeset(files: dict[str, bytes]) -> bytes:
    """Typeset `main` over the other files, which are all that it can read."""
    made = typst.compile(files, format="pdf", **_options())
    assert isinstance(made, bytes)
    return made
