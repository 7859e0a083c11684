"""typst as a library: our template, our fonts or the look's, the data as JSON.

The files are handed over in memory, so a template cannot read anything besides them;
the date is off and system fonts are ignored, so equal input gives equal bytes.
"""

import json
from typing import Any

import typst

from salesdx.content import content
from salesdx.language import Language
from salesdx.render.look import PLAIN, Look
from salesdx.render.look.printed import for_typst, recoloured
from salesdx.render.report import Figure

PIXELS_PER_INCH = 160


def pdf(
    data: dict[str, Any], pictures: list[Figure], lang: Language, look: Look = PLAIN
) -> bytes:
    """Typeset the report: reports/report.typ over `data`, dressed in a look."""
    files = {
        "main": (content("reports") / "report.typ").read_bytes(),
        "report.json": json.dumps(data, ensure_ascii=False).encode(),
        **_dress(look, lang),
        **{f"{p.name}.svg": recoloured(p.svg, look, lang).encode() for p in pictures},
    }
    options = _options(look)
    try:
        made = typst.compile(files, format="pdf", pdf_standards="ua-1", **options)
    except typst.TypstError:
        # a name in letters that no font has: an empty box in its place, and no claim
        # to the standard, are better than no report; any other fault is told again
        made = typst.compile(files, format="pdf", **options)
    assert isinstance(made, bytes)
    return made


def pngs(
    pictures: list[Figure], lang: Language = "en", look: Look = PLAIN
) -> list[bytes]:
    """Draw each chart as a PNG, all in one run."""
    svgs = [recoloured(p.svg, look, lang).encode() for p in pictures]
    return drawn(svgs, [82 if p.half else 170 for p in pictures], look)


def drawn(svgs: list[bytes], widths: list[int], look: Look = PLAIN) -> list[bytes]:
    """Draw SVG pictures, each so many millimetres wide, as PNG, all in one run."""
    if not svgs:
        return []
    pages = "\n#pagebreak()\n".join(
        f'#image("{i}.svg", width: {width}mm)' for i, width in enumerate(widths)
    )
    main = f"#set page(width: auto, height: auto, margin: 0pt)\n{pages}\n"
    files = {"main": main.encode(), **{f"{i}.svg": s for i, s in enumerate(svgs)}}
    made = typst.compile(files, format="png", ppi=PIXELS_PER_INCH, **_options(look))
    return made if isinstance(made, list) else [made]


def _dress(look: Look, lang: Language) -> dict[str, bytes]:
    """The files of the look beside a template."""
    files = {"look.json": json.dumps(for_typst(look, lang)).encode()}
    if look.logo:
        files[f"logo.{look.logo.kind}"] = look.logo.data
    return files


def _options(look: Look = PLAIN) -> dict[str, Any]:
    fonts = [str(content("reports") / "fonts")]
    if look.font_folder:
        fonts.append(str(look.font_folder))
    return {"font_paths": fonts, "ignore_system_fonts": True}


def typeset(files: dict[str, bytes], lang: Language, look: Look = PLAIN) -> bytes:
    """Typeset `main` over the other files, which are all that it can read."""
    files = files | _dress(look, lang)
    made = typst.compile(files, format="pdf", **_options(look))
    assert isinstance(made, bytes)
    return made
