"""The style of a look for pages: variables over report.css, fonts and logo inside."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from salesdx.content import content
from salesdx.language import Language
from salesdx.render.look import Font, Look

_VARIABLES = {"ground": "f-soft"}
_HIGH, _WIDE = 44, 400  # px of the logo
_SANS = (
    'Inter, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", '
    '"PT Sans", Arial, sans-serif'
)


@dataclass(frozen=True, slots=True)
class PageLogo:
    """The logo as an image of a page."""

    uri: str
    alt: str
    width: int
    height: int


@lru_cache(maxsize=8)
def css(look: Look, lang: Language) -> str:
    """What follows report.css; nothing for the plain look."""
    if look.plain:
        return ""
    light, dark = _variables(look.colours), _variables(look.dark)
    parts = [
        f":root {{ {light} }}",
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}",
        f"@media print {{ :root {{ {light} }} }}",
        *(_face(font) for font in look.fonts),
    ]
    if text := look.family("text", lang):
        parts.append(f'body {{ font-family: "{text}", {_SANS}; }}')
    if heads := look.family("headings", lang):
        parts.append(f'h1, h2, h3, h4, h5 {{ font-family: "{heads}", {_SANS}; }}')
    own = (content("reports") / "look.css").read_text("utf-8")
    return "\n" + "\n".join([*parts, own])


def logo(look: Look, lang: Language) -> PageLogo | None:
    """The logo inside the page."""
    if look.logo is None:
        return None
    width, height = look.logo.within(_WIDE, _HIGH)
    kind = "svg+xml" if look.logo.kind == "svg" else "png"
    uri = f"data:image/{kind};base64,{_base64(look.logo.data)}"
    return PageLogo(uri, look.logo.alt.in_(lang), round(width), round(height))


def sources(look: Look) -> str:
    """What a page of the look may load beyond its style: fonts inside it."""
    return " font-src data:;" if look.fonts else ""


def _variables(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{_VARIABLES.get(r, r)}: {c};" for r, c in colours.items())


def _face(font: Font) -> str:
    style = "italic" if font.slanted else "normal"
    return (
        f'@font-face {{ font-family: "{font.family}"; font-weight: {font.weight};'
        f" font-style: {style};"
        f' src: url("data:font/{font.kind};base64,{_base64(font.data)}"); }}'
    )


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
