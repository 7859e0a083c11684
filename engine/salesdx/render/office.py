"""A look for Word and Excel: fonts, colours, the logo and the mark on top."""

from salesdx.language import Language
from salesdx.render.look import Look
from salesdx.render.look.colours import on
from salesdx.render.sheet_book import PLAIN_PAINT, Paint
from salesdx.render.typeset import drawn
from salesdx.render.word_package import Letterhead
from salesdx.render.word_styles import PLAIN, Dress

_LOGO_WIDTH, _LOGO_HEIGHT = 80.0, 10.0  # mm


def dress(look: Look, lang: Language) -> Dress:
    """Fonts and colours of Word; a file only names its fonts."""
    if look.plain:
        return PLAIN
    found = {role: colour[1:].upper() for role, colour in look.colours.items()}
    text = look.office_font or look.family("text", lang) or PLAIN.font
    heads = look.office_font or look.family("headings", lang) or text
    return Dress(
        text, heads, found["ink"], found["head"], found["mute"], found["line"],
        found["soft"], found["warn"], found["bar"],
    )  # fmt: skip


def letterhead(look: Look, lang: Language, mark: str = "") -> Letterhead | None:
    """The top of every page of Word; none where the look brings nothing for it."""
    if look.logo is None:
        return Letterhead(mark=mark) if mark else None
    data = look.logo.data
    if look.logo.kind == "svg":  # Word takes pixels
        data = drawn([data], [120], look)[0]
    size = look.logo.within(_LOGO_WIDTH, _LOGO_HEIGHT)
    return Letterhead(data, size, look.logo.alt.in_(lang), mark)


def paint(look: Look, lang: Language) -> Paint:
    """Fonts and colours of Excel: heads in the colour of the house."""
    if look.plain:
        return PLAIN_PAINT
    found = {role: colour.upper() for role, colour in look.colours.items()}
    return Paint(
        look.office_font or look.family("text", lang) or PLAIN_PAINT.font,
        found["mute"], found["bar"], on(look.colours["bar"]).upper(), found["line"],
        found["warn"], found["soft"], look.name.in_(lang) if look.name else "",
    )  # fmt: skip
