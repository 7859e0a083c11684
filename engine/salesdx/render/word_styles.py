"""Styles, page, footer and language of the DOCX."""

import datetime as dt
from typing import Any, Protocol

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

FONT, SIZE = "Calibri", 10.5
INK, MUTE = RGBColor(0x1D, 0x24, 0x33), RGBColor(0x5B, 0x64, 0x75)


class Titled(Protocol):
    """What the styles, the footer and the properties need of a report or a sheet."""

    @property
    def language(self) -> str:
        """Language code."""

    @property
    def company(self) -> str:
        """Whose it is."""

    @property
    def kicker(self) -> str:
        """What it is."""

    @property
    def footer(self) -> str:
        """The line at the foot of each page."""

    @property
    def page_word(self) -> str:
        """What stands before the page number."""


def prepare(file: Any, report: Titled) -> None:
    """Set the page, the styles, the footer and the properties."""
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(17)
    section.top_margin, section.bottom_margin = Mm(16), Mm(16)
    _styles(file, report.language)
    _footer(section, report)
    properties = file.core_properties
    properties.title = f"{report.company} · {report.kicker}"[:250]
    properties.author = properties.last_modified_by = "salesdx"
    properties.comments = ""
    properties.language = report.language
    properties.created = properties.modified = dt.datetime(1980, 1, 1)  # noqa: DTZ001


def _styles(file: Any, lang: str) -> None:
    styles = file.styles
    _style(styles["Normal"], SIZE, after=5)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "ru-RU" if lang == "ru" else "en-GB")
    styles["Normal"].element.get_or_add_rPr().append(language)
    heads = {"Title": (22, 0, 2), "Heading 1": (16, 20, 8), "Heading 2": (12.5, 14, 4),
             "Heading 3": (11, 10, 3), "Heading 4": (SIZE, 8, 2)}  # fmt: skip
    for name, (size, before, after) in heads.items():
        _style(styles[name], size, before, after, bold=True)
        styles[name].paragraph_format.keep_with_next = True
    _plain_title(styles["Title"])
    _add(styles, "Small", SIZE - 1.5, after=3, colour=MUTE)
    _add(styles, "Verdict", 14, before=8, after=8)
    _add(styles, "Key", 18, bold=True)
    _add(styles, "Cell", SIZE - 1.5, before=2, after=2)
    _add(styles, "Top", SIZE, after=6)
    _add(styles, "Pair", SIZE, after=2)
    for name, left in (("Point", 12), ("Bullet", 6)):
        style = _add(styles, name, SIZE, after=3)
        style.paragraph_format.left_indent = Mm(left)
        style.paragraph_format.first_line_indent = Mm(-left)
        style.paragraph_format.tab_stops.add_tab_stop(Mm(left))
    note = _add(styles, "Note", SIZE, before=4, after=8)
    note.paragraph_format.left_indent = Mm(3)
    properties = note.element.get_or_add_pPr()
    _border(properties, "w:pBdr", {"left": ("2F6690", 24)})
    # the schema wants the border before spacing and indent
    properties.insert(0, properties[-1])
    lines = styles.add_style("Lines", WD_STYLE_TYPE.TABLE)
    properties = OxmlElement("w:tblPr")
    edge = ("C5CCD6", 4)
    _border(properties, "w:tblBorders",
            {"top": edge, "bottom": edge, "insideH": edge})  # fmt: skip
    lines.element.append(properties)


def _style(
    style: Any, size: float, before: float = 0, after: float = 0,
    bold: bool = False, colour: RGBColor = INK,
) -> None:  # fmt: skip
    font = style.font
    font.name, font.size, font.bold = FONT, Pt(size), bold
    font.color.rgb, font.italic = colour, False
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        if key.endswith("Theme"):
            del fonts.attrib[key]
    for slot in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(slot), FONT)
    shape = style.paragraph_format
    shape.space_before, shape.space_after = Pt(before), Pt(after)
    shape.line_spacing = 1.1


def _add(styles: Any, name: str, size: float, **options: Any) -> Any:
    style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = styles["Normal"]
    _style(style, size, **options)
    return style


def _plain_title(style: Any) -> None:
    """Without the default rule under the title."""
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _border(parent: Any, name: str, edges: dict[str, tuple[str, int]]) -> None:
    box = OxmlElement(name)
    for edge, (colour, size) in edges.items():
        side = OxmlElement(f"w:{edge}")
        for key, value in (("val", "single"), ("sz", str(size)), ("space", "6"),
                           ("color", colour)):  # fmt: skip
            side.set(qn(f"w:{key}"), value)
        box.append(side)
    parent.append(box)


def _footer(section: Any, report: Titled) -> None:
    line = section.footer.paragraphs[0]
    line.style = "Small"
    line.add_run(f"{report.footer}   ·   {report.page_word} ")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = line.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)
