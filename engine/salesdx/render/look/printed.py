"""What a look is for the formats: our own printed colours exchanged for its own.

Formats and charts are drawn in the shipped colours; these mark the role. So nothing
that draws has to know of looks.
"""

import re
from typing import Any

from salesdx.language import Language
from salesdx.render.charts.svg import FONT, PALETTE
from salesdx.render.look import Look
from salesdx.render.look.colours import LIGHT

TEXT_FONTS = ("Inter", "Libertinus Serif")
_LOGO_WIDTH, _LOGO_HEIGHT = 100.0, 13.0  # mm on page one
_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_HEX = re.compile(r"#[0-9a-f]{6}\b")
_CHARTS = {PALETTE[r]: r for r in ("ink", "mute", "line", "bar", "warn", "paper")}
_CHARTS[PALETTE["soft"]] = "ground"


def recoloured(svg: str, look: Look, lang: Language) -> str:
    """A chart in the colours and the font of the look, for typst and Word.

    Only tags are touched: texts may say what they like.
    """
    if look.plain:
        return svg
    family = look.family("text", lang)
    narrow = all(f.narrow for f in look.fonts if f.family == family)
    fonts = f"'{family}', {FONT}" if family and narrow else FONT

    def tag(match: re.Match[str]) -> str:
        told = match[0].replace(f'"{FONT}"', f'"{fonts}"')
        return _HEX.sub(lambda m: look.colours.get(_CHARTS.get(m[0], ""), m[0]), told)

    return _TAG.sub(tag, svg)


def for_typst(look: Look, lang: Language) -> dict[str, Any]:
    """The file look.json beside the report."""
    colours: dict[str, str | None] = {**LIGHT, **look.colours}
    if look.plain:
        colours["paper"] = None
    logo = None
    if look.logo:
        width, height = look.logo.within(_LOGO_WIDTH, _LOGO_HEIGHT)
        logo = {"file": f"logo.{look.logo.kind}", "alt": look.logo.alt.in_(lang),
                "width": width, "height": height}  # fmt: skip
    text, heads = look.family("text", lang), look.family("headings", lang)
    return {
        **colours,
        "fonts": [f for f in (text, *TEXT_FONTS) if f],
        "heading-fonts": [f for f in (heads, text, *TEXT_FONTS) if f],
        "logo": logo,
    }
