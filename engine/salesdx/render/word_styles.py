"""Styles, fonts and colours of the DOCX: those of Word by their own names.

A consultant who edits finds what he knows: Title, Heading 1-4, List Bullet, List
Number, Caption, Quote, Table Grid. Fonts come by the theme, so that one choice under
Design changes them all. Arial is on every Windows and macOS.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from salesdx.render.word_text import NAMESPACES, TWIPS

SIZE = 9.5  # points; a little more is too wide for the tables


@dataclass(frozen=True, slots=True)
class Dress:
    """Fonts and colours; a look may bring its own."""

    font: str = "Arial"
    heading_font: str = "Arial"
    ink: str = "1D2433"
    head: str = "1D2433"
    mute: str = "5B6475"
    rule: str = "C5CCD6"
    soft: str = "F3F6F9"
    warn: str = "A8402C"
    bar: str = "2F6690"


PLAIN = Dress()


@dataclass(frozen=True, slots=True)
class _Style:
    """A style by its id; lengths in points, indents in millimetres."""

    id: str
    name: str
    size: float = SIZE
    before: float = 0
    after: float = 0
    bold: bool = False
    mute: bool = False
    keep: bool = False
    left: float = 0
    hanging: float = 0
    level: int | None = None  # of the outline
    number: int | None = None  # the list that it belongs to
    base: str = "Normal"
    next: str = ""
    own: bool = False  # of ours, not of Word
    page: bool = False  # begins a page
    rank: int = 10  # place in the gallery


_HEADS = (
    _Style("Title", "Title", 22, 0, 2, True, keep=True, next="Small", rank=1),
    _Style("Heading1", "heading 1", 15, 20, 7, True, keep=True, level=0, rank=2),
    _Style("Heading2", "heading 2", 12, 14, 3, True, keep=True, level=1, rank=3),
    _Style("Heading3", "heading 3", 10, 9, 3, True, keep=True, level=2, rank=4),
    _Style("Heading4", "heading 4", SIZE, 7, 2, True, keep=True, level=3, rank=5),
    _Style("AnswerHeading", "Answer Heading", 12, 16, 6, True, keep=True, level=0,
           own=True),
)  # fmt: skip
_TEXT = (
    _Style("Small", "Small", SIZE - 1, 0, 3, mute=True, own=True),
    _Style("Tags", "Tags", SIZE - 1, 0, 4, mute=True, keep=True, own=True),
    _Style("Verdict", "Verdict", 14, 10, 12, own=True),
    _Style("AnswerItem", "Answer Item", SIZE + 0.5, 0, 7, own=True),
    _Style("KeyLabel", "Key Label", SIZE - 1, 6, 2, mute=True, keep=True, own=True),
    _Style("Key", "Key", 19, 0, 2, True, keep=True, own=True),
    _Style("KeyNote", "Key Note", SIZE - 1, 0, 6, mute=True, own=True),
    _Style("Cell", "Cell", SIZE - 1, 2, 2, own=True),
    _Style("CellHead", "Cell Head", SIZE - 1, 2, 2, True, True, True, own=True,
           base="Cell"),
    _Style("Mark", "Map Mark", 8, 1.5, 1.5, own=True),
    _Style("MarkConfirmed", "Map Confirmed", 8, 1.5, 1.5, True, own=True),
    _Style("MarkSuspected", "Map Suspected", 8, 1.5, 1.5, True, own=True),
    _Style("Foot", "Foot", SIZE - 1, 8, 0, mute=True, own=True),
    _Style("MapHead", "Map Head", 8, 2, 2, True, True, True, own=True),
    _Style("Pair", "Pair", SIZE, 0, 2, own=True),
    _Style("Point", "Point", SIZE, 0, 3, left=12, hanging=12, own=True),
    _Style("Gap", "Gap", 4, own=True),
    _Style("Figure", "Figure", SIZE, 2, 8, own=True),
    _Style("Caption", "caption", SIZE - 1, 8, 4, mute=True, keep=True, rank=7),
    _Style("Quote", "Quote", SIZE, 4, 8, left=3, rank=8),
    _Style("ListBullet", "List Bullet", SIZE, 0, 3, number=1, rank=6),
    _Style("ListNumber", "List Number", SIZE, 0, 3, number=2, rank=6),
    _Style("ListContinue", "List Continue", SIZE, 0, 3, left=6),
    _Style("TOCHeading", "TOC Heading", 15, 0, 8, True, keep=True, page=True),
    _Style("TOC1", "toc 1", SIZE, 5, 1, True),
    _Style("TOC2", "toc 2", SIZE, 0, 1, left=5),
    _Style("Header", "header", SIZE - 1, mute=True),
    _Style("Footer", "footer", SIZE - 1, mute=True),
)  # fmt: skip


def language_code(lang: str) -> str:
    """Whose spelling is checked."""
    return "ru-RU" if lang == "ru" else "en-GB"


def styles(lang: str, line: float, dress: Dress = PLAIN) -> str:
    """styles.xml for a page whose lines are `line` millimetres long."""
    return "".join([
        f"<w:styles {NAMESPACES}>", _defaults(lang, dress), _NORMAL,
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/><w:uiPriority w:val="1"/>'
        "<w:semiHidden/></w:style>",
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList">'
        '<w:name w:val="No List"/><w:semiHidden/></w:style>',
        *(_paragraph(s, line, dress) for s in (*_HEADS, *_TEXT)),
        *_characters(dress), *_tables(dress), "</w:styles>",
    ])  # fmt: skip


_NORMAL = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal">'
    '<w:name w:val="Normal"/><w:qFormat/></w:style>'
)


def _defaults(lang: str, dress: Dress) -> str:
    return (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{_fonts('minor')}"
        f'<w:color w:val="{dress.ink}"/>{_size(SIZE)}'
        f'<w:lang w:val="{language_code(lang)}" w:eastAsia="{language_code(lang)}"'
        ' w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr>'
        '<w:spacing w:before="0" w:after="100" w:line="264" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )


def _fonts(kind: str) -> str:
    slots = {"ascii": "HAnsi", "eastAsia": "EastAsia", "hAnsi": "HAnsi", "cs": "Bidi"}
    told = {s: f"{s}Theme" if s != "cs" else "cstheme" for s in slots}
    names = "".join(f' w:{told[s]}="{kind}{name}"' for s, name in slots.items())
    return f"<w:rFonts{names}/>"


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _paragraph(style: _Style, line: float, dress: Dress) -> str:
    custom = ' w:customStyle="1"' if style.own else ""
    follows = style.next or ("Normal" if style.level is not None else "")
    follows = f'<w:next w:val="{follows}"/>' if follows else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{style.id}">'
        f'<w:name w:val="{style.name}"/><w:basedOn w:val="{style.base}"/>'
        f'{follows}<w:uiPriority w:val="{style.rank}"/><w:qFormat/>'
        f"<w:pPr>{_shape(style, line, dress)}</w:pPr>"
        f"<w:rPr>{_dress(style, dress)}</w:rPr></w:style>"
    )


def _shape(style: _Style, line: float, dress: Dress) -> str:
    parts = []
    if style.keep:
        parts.append("<w:keepNext/>")
    if style.keep or style.id in ("Cell", "ListBullet", "ListNumber", "Point"):
        parts.append("<w:keepLines/>")
    if style.page:
        parts.append("<w:pageBreakBefore/>")
    if style.number:
        parts.append(f'<w:numPr><w:numId w:val="{style.number}"/></w:numPr>')
    if style.id == "Heading1":
        parts.append(f"<w:pBdr>{_edge('top', dress.head, 8, 8)}</w:pBdr>")
    elif style.id == "Quote":
        parts.append(f"<w:pBdr>{_edge('left', dress.bar, 18, 8)}</w:pBdr>")
        parts.append(f'<w:shd w:val="clear" w:color="auto" w:fill="{dress.soft}"/>')
    if style.id in ("Header", "Footer"):
        parts.append(f'<w:tabs><w:tab w:val="right" w:pos="{_twips(line)}"/></w:tabs>')
    elif style.hanging:
        place = _twips(style.left)
        parts.append(f'<w:tabs><w:tab w:val="left" w:pos="{place}"/></w:tabs>')
    if style.level is not None or style.id in ("Title", "Key", "Verdict"):
        parts.append("<w:suppressAutoHyphens/>")
    spacing = f'<w:spacing w:before="{style.before * 20:.0f}"'
    parts.append(f'{spacing} w:after="{style.after * 20:.0f}"/>')
    if style.left:
        hanging = f' w:hanging="{_twips(style.hanging)}"' if style.hanging else ""
        parts.append(f'<w:ind w:left="{_twips(style.left)}"{hanging}/>')
    if style.id.startswith(("Map", "Mark")):
        parts.append('<w:jc w:val="center"/>')
    if style.level is not None:
        parts.append(f'<w:outlineLvl w:val="{style.level}"/>')
    return "".join(parts)


def _dress(style: _Style, dress: Dress) -> str:
    parts = []
    head = style.level is not None or style.id in ("Title", "TOCHeading")
    if head:
        parts.append(_fonts("major"))
    if style.bold:
        parts.append("<w:b/><w:bCs/>")
    if style.id == "MarkConfirmed":
        parts.append('<w:color w:val="FFFFFF"/>')
    elif style.mute or head:
        parts.append(f'<w:color w:val="{dress.mute if style.mute else dress.head}"/>')
    return "".join([*parts, _size(style.size)])


def _characters(dress: Dress) -> Iterator[str]:
    """Words inside a paragraph: asides, what is strong, links."""
    small = f'<w:color w:val="{dress.mute}"/>{_size(SIZE - 1)}'
    for name, own, look in (
        ("Strong", "", "<w:b/><w:bCs/>"),
        ("Aside", ' w:customStyle="1"', small),
        ("Hyperlink", "", f'<w:color w:val="{dress.bar}"/>'),
    ):
        yield (
            f'<w:style w:type="character"{own} w:styleId="{name}">'
            f'<w:name w:val="{name}"/><w:uiPriority w:val="20"/><w:qFormat/>'
            f"<w:rPr>{look}</w:rPr></w:style>"
        )


def _tables(dress: Dress) -> Iterator[str]:
    """The plain table of Word, its grid, and ours with lines between the rows."""
    side = 'w:w="{}" w:type="dxa"/>'
    room = (
        f"<w:tblCellMar><w:top {side.format(0)}<w:left {side.format(0)}"
        f"<w:bottom {side.format(0)}<w:right {side.format(140)}</w:tblCellMar>"
    )
    yield (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
        '<w:unhideWhenUsed/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar>'
        f"<w:top {side.format(0)}<w:left {side.format(100)}<w:bottom {side.format(0)}"
        f"<w:right {side.format(100)}</w:tblCellMar></w:tblPr></w:style>"
    )
    for name, title, sides, colour, margins, own in (
        ("TableGrid", "Table Grid",
         ("top", "left", "bottom", "right", "insideH", "insideV"), "9AA3B0", "", ""),
        ("Lines", "Report Table", ("top", "bottom", "insideH"), dress.rule, room,
         ' w:customStyle="1"'),
        ("Keys", "Key Figures", ("top", "bottom"), dress.rule, room,
         ' w:customStyle="1"'),
        ("Map", "Loss Map",
         ("top", "left", "bottom", "right", "insideH", "insideV"), "FFFFFF", "",
         ' w:customStyle="1"'),
    ):  # fmt: skip
        edges = "".join(_edge(s, colour, 4, 0) for s in sides)
        yield (
            f'<w:style w:type="table"{own} w:styleId="{name}"><w:name w:val="{title}"/>'
            '<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="39"/><w:qFormat/>'
            f"<w:tblPr><w:tblBorders>{edges}</w:tblBorders>{margins}</w:tblPr></w:style>"
        )


def _edge(side: str, colour: str, width: int, space: int) -> str:
    return (
        f'<w:{side} w:val="single" w:sz="{width}" w:space="{space}"'
        f' w:color="{colour}"/>'
    )


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS)
