"""A look over Word and Excel files: fonts, colours, the logo and the mark on top."""

import io
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from openpyxl.styles import Font, PatternFill

from salesdx.language import Language
from salesdx.render.look import Look
from salesdx.render.look.colours import on
from salesdx.render.look.printed import in_words

_LOGO_WIDTH, _LOGO_HEIGHT = 80.0, 10.0  # mm
_HEADS = ("Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4")
_SLOTS = ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia")
_COLOURED = (qn("w:val"), qn("w:fill"), qn("w:color"))


def dress(file: Any, look: Look, lang: Language, mark: str = "") -> None:
    """The finished Word file in the look: our colours stand for roles."""
    if look.plain:
        return
    exchange = in_words(look.colours)
    section = file.sections[0]
    for root in (file.styles.element, file.element, section.footer._element):
        _exchange(root, exchange)
    for style in file.styles:
        heading = style.name in _HEADS
        own = look.family("headings" if heading else "text", lang)
        if name := look.office_font or own:
            _font(style, name)
        if heading:
            style.font.color.rgb = RGBColor.from_string(
                look.colours["head"][1:].upper()
            )
    _header(section, look, lang, mark)


def dress_book(book: Any, look: Look, lang: Language) -> None:
    """Heads of the sheets in the colour of the house."""
    if look.plain:
        return
    ground = look.colours["bar"]
    name = look.office_font or look.family("text", lang) or None
    fill = PatternFill("solid", fgColor=ground[1:].upper())
    font = Font(name=name, bold=True, color=on(ground)[1:].upper())
    plain = Font(name=name)
    for sheet in book.worksheets:
        for number, row in enumerate(sheet.iter_rows()):
            for cell in row:
                if number == 0:
                    cell.font, cell.fill = font, fill
                elif name:
                    cell.font = plain
        # a single & would begin a code of the header
        sheet.oddHeader.left.text = (look.name.in_(lang) if look.name else "").replace(
            "&", "&&"
        )


def _exchange(root: Any, exchange: dict[str, str]) -> None:
    for element in root.iter():
        for key in _COLOURED:
            value = element.get(key)
            if value in exchange:
                element.set(key, exchange[value])


def _font(style: Any, name: str) -> None:
    fonts = style.element.find(f".//{qn('w:rFonts')}")
    if fonts is not None:
        for slot in _SLOTS:
            fonts.set(qn(slot), name)


def _header(section: Any, look: Look, lang: Language, mark: str) -> None:
    if not look.logo and not mark:
        return
    line = section.header.paragraphs[0]
    line._p.style = "Small"
    line.paragraph_format.space_after = Pt(12)
    width = section.page_width - section.left_margin - section.right_margin
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    if look.logo:
        wide, high = look.logo.within(_LOGO_WIDTH, _LOGO_HEIGHT)
        picture = line.add_run().add_picture(
            io.BytesIO(_pixels(look)), width=Mm(wide), height=Mm(high)
        )
        picture._inline.docPr.set("descr", look.logo.alt.in_(lang))
    if mark:
        line.add_run(f"\t{mark}")


def _pixels(look: Look) -> bytes:
    """The logo as Word takes it; a drawing becomes a picture of pixels."""
    from salesdx.render.typeset import drawn

    assert look.logo is not None
    if look.logo.kind == "png":
        return look.logo.data
    return drawn([look.logo.data], look, width="120mm")[0]
