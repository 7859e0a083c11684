"""The parts around the text of a DOCX: page, footer, settings, properties, pictures.

Written by hand and not from a template, so that nothing of a foreign machine is in it:
no author, no program's counters, no unused styles.
"""

from dataclasses import dataclass, field
from struct import unpack
from typing import Protocol
from xml.sax.saxutils import escape, quoteattr

from salesdx.render.archive import packed
from salesdx.render.texts import Labels
from salesdx.render.word_lists import Lists
from salesdx.render.word_styles import PLAIN, Dress, language_code, styles
from salesdx.render.word_text import NAMESPACES, TWIPS, paragraph, run
from salesdx.render.word_text import field as shown
from salesdx.render.word_theme import theme

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_EMU = 36_000  # in a millimetre


class Titled(Protocol):
    """What the footer and the properties need of a report or a worksheet."""

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


@dataclass(frozen=True, slots=True)
class Page:
    """A4 in millimetres, upright or on its side."""

    landscape: bool = False
    side: float = 17
    top: float = 16

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return (297, 210) if self.landscape else (210, 297)

    @property
    def line(self) -> float:
        """What is between the margins."""
        return self.size[0] - 2 * self.side


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What stands on top of every page: a logo, its size in millimetres, a mark."""

    logo: bytes | None = None
    size: tuple[float, float] = (0, 0)
    alt: str = ""
    mark: str = ""


@dataclass
class Package:
    """A document in the making: its lists and pictures, then all of its parts."""

    paper: Titled
    page: Page = field(default_factory=Page)
    dress: Dress = PLAIN
    lists: Lists = field(default_factory=Lists)
    pictures: list[bytes] = field(default_factory=list)
    head: Letterhead | None = None

    def picture(self, png: bytes, name: str, about: str) -> str:
        """A run with a picture as wide as the line."""
        self.pictures.append(png)
        number = len(self.pictures)
        wide, high = unpack(">II", png[16:24])
        width = round(self.page.line * _EMU)
        size = (width, round(width * high / wide))
        return _picture(number, size, f"rPicture{number}", name, about)

    def write(self, body: list[str], day: str | None) -> bytes:
        """The whole file; its dates are the day of the case."""
        parts = {
            "[Content_Types].xml": _types(self.head is not None),
            "_rels/.rels": _rels(_ROOT),
            "docProps/app.xml": _app(),
            "docProps/core.xml": _core(self.paper, day),
            "word/document.xml": _document(body, self.page, self.head is not None),
            "word/_rels/document.xml.rels": _rels([
                *_PARTS, *([_HEADER] if self.head else []), *(
                (f"rPicture{i}", f"{_OFFICE}/relationships/image", f"media/{i}.png")
                for i in range(1, len(self.pictures) + 1)
            )]),
            "word/styles.xml": styles(
                self.paper.language, self.page.line, self.dress
            ),
            "word/numbering.xml": self.lists.xml(),
            "word/settings.xml": _settings(self.paper.language),
            "word/footer1.xml": _footer(self.paper),
            "word/theme/theme1.xml": theme(self.dress),
        }  # fmt: skip
        told: dict[str, str | bytes] = {n: _HEAD + p for n, p in parts.items()}
        pictures = {f"word/media/{i}.png": p for i, p in enumerate(self.pictures, 1)}
        if self.head:
            told["word/header1.xml"] = _HEAD + _header(self.head, self.page)
        if self.head and self.head.logo:
            logo = ("rId1", f"{_OFFICE}/relationships/image", "media/logo.png")
            told["word/_rels/header1.xml.rels"] = _HEAD + _rels([logo])
            pictures["word/media/logo.png"] = self.head.logo
        return packed(told | pictures)


def _picture(
    number: int, size: tuple[int, int], link: str, name: str, about: str
) -> str:
    """A run with a picture; `size` in EMU, `link` is its relation."""
    shape = f'cx="{size[0]}" cy="{size[1]}"'
    words = f"name={quoteattr(name)} descr={quoteattr(about)}"
    return (
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent {shape}/><wp:docPr id="{number}" {words}/>'
        '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/>'
        '</wp:cNvGraphicFramePr><a:graphic><a:graphicData uri="http://schemas.'
        'openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name={quoteattr(name)}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{link}"/>'
        "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>"
        f'<a:off x="0" y="0"/><a:ext {shape}/></a:xfrm><a:prstGeom prst="rect">'
        "<a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r>"
    )


_ROOT = [
    ("rId1", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
    ("rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ("rId3", f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
]
_PARTS = [
    ("rId1", f"{_OFFICE}/relationships/styles", "styles.xml"),
    ("rId2", f"{_OFFICE}/relationships/numbering", "numbering.xml"),
    ("rId3", f"{_OFFICE}/relationships/settings", "settings.xml"),
    ("rId4", f"{_OFFICE}/relationships/footer", "footer1.xml"),
    ("rId5", f"{_OFFICE}/relationships/theme", "theme/theme1.xml"),
]
_HEADER = ("rId6", f"{_OFFICE}/relationships/header", "header1.xml")


def _types(header: bool) -> str:
    overrides = {
        "/word/document.xml": f"{_WORD}.document.main+xml",
        "/word/styles.xml": f"{_WORD}.styles+xml",
        "/word/numbering.xml": f"{_WORD}.numbering+xml",
        "/word/settings.xml": f"{_WORD}.settings+xml",
        "/word/footer1.xml": f"{_WORD}.footer+xml",
        "/word/theme/theme1.xml":
            "application/vnd.openxmlformats-officedocument.theme+xml",
        "/docProps/core.xml":
            "application/vnd.openxmlformats-package.core-properties+xml",
        "/docProps/app.xml":
            "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    }  # fmt: skip
    if header:
        overrides["/word/header1.xml"] = f"{_WORD}.header+xml"
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        + "".join(
            f'<Override PartName="{name}" ContentType="{kind}"/>'
            for name, kind in overrides.items()
        )
        + "</Types>"
    )


def _rels(found: list[tuple[str, str, str]]) -> str:
    return (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="{i}" Type="{kind}" Target="{target}"/>'
            for i, kind, target in found
        )
        + "</Relationships>"
    )


def _app() -> str:
    return (
        f'<Properties xmlns="{_OFFICE}/extended-properties">'
        "<Application>salesdx</Application></Properties>"
    )


def _core(paper: Titled, day: str | None) -> str:
    """Title, language and the day of the case; nobody's name."""
    stamp = f"{day or '1980-01-01'}T00:00:00Z"
    times = "".join(
        f'<dcterms:{what} xsi:type="dcterms:W3CDTF">{stamp}</dcterms:{what}>'
        for what in ("created", "modified")
    )
    title = escape(f"{paper.company} · {paper.kicker}"[:250])
    return (
        f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator></dc:creator>{times}"
        f"<dc:language>{language_code(paper.language)}</dc:language>"
        "</cp:coreProperties>"
    )


def _document(body: list[str], page: Page, header: bool) -> str:
    wide, high = (round(x * TWIPS) for x in page.size)
    side, top = round(page.side * TWIPS), round(page.top * TWIPS)
    top_line = '<w:headerReference w:type="default" r:id="rId6"/>' if header else ""
    turned = ' w:orient="landscape"' if page.landscape else ""
    return (
        f"<w:document {NAMESPACES}><w:body>{''.join(body)}<w:sectPr>"
        f"{top_line}"
        '<w:footerReference w:type="default" r:id="rId4"/>'
        f'<w:pgSz w:w="{wide}" w:h="{high}"{turned}/>'
        f'<w:pgMar w:top="{top}" w:right="{side}" w:bottom="{top}" w:left="{side}"'
        f' w:header="{round(8 * TWIPS)}" w:footer="{round(8 * TWIPS)}" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def _header(head: Letterhead, page: Page) -> str:
    """The logo at the left, the mark at the right."""
    size = (round(head.size[0] * _EMU), round(head.size[1] * _EMU))
    logo = _picture(1, size, "rId1", "logo", head.alt) if head.logo else ""
    end = round(page.line * TWIPS)
    shape = (
        '<w:pPr><w:pStyle w:val="Header"/><w:tabs><w:tab w:val="clear" w:pos="4677"/>'
        f'<w:tab w:val="right" w:pos="{end}"/></w:tabs><w:spacing w:after="240"/>'
        "</w:pPr>"
    )
    mark = run(f"\t{head.mark}") if head.mark else ""
    return f"<w:hdr {NAMESPACES}><w:p>{shape}{logo}{mark}</w:p></w:hdr>"


def _footer(paper: Titled) -> str:
    """Whose and what at the left, the page of how many at the right."""
    of = Labels("ru" if paper.language == "ru" else "en")("page.of")
    line = "".join([
        run(f"{paper.footer}\t{paper.page_word}\u00a0"), shown("PAGE", "1"),
        run(f" {of}\u00a0"), shown("NUMPAGES", "1"),
    ])  # fmt: skip
    return f"<w:ftr {NAMESPACES}>{paragraph('Footer', line)}</w:ftr>"


def _settings(lang: str) -> str:
    """Russian words are long: they are hyphenated, two lines in a row at most."""
    hyphens = ""
    if lang == "ru":
        hyphens = (
            '<w:autoHyphenation/><w:consecutiveHyphenLimit w:val="2"/>'
            '<w:hyphenationZone w:val="283"/><w:doNotHyphenateCaps/>'
        )
    compat = "".join(
        f'<w:compatSetting w:name="{name}"'
        f' w:uri="http://schemas.microsoft.com/office/word" w:val="{value}"/>'
        for name, value in (
            ("compatibilityMode", 15),  # else Word says "compatibility mode"
            ("overrideTableStyleFontSizeAndJustification", 1),
            ("enableOpenTypeFeatures", 1),
            ("doNotFlipMirrorIndents", 1),
            ("differentiateMultirowTableHeaders", 1),
        )
    )
    code = language_code(lang)
    comma = "," if lang == "ru" else "."
    return (
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/>'
        f'<w:defaultTabStop w:val="708"/>{hyphens}'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        f'<w:compat>{compat}</w:compat><w:themeFontLang w:val="{code}"/>'
        '<w:clrSchemeMapping w:bg1="light1" w:t1="dark1" w:bg2="light2" w:t2="dark2"'
        ' w:accent1="accent1" w:accent2="accent2" w:accent3="accent3"'
        ' w:accent4="accent4" w:accent5="accent5" w:accent6="accent6"'
        ' w:hyperlink="hyperlink" w:followedHyperlink="followedHyperlink"/>'
        f'<w:decimalSymbol w:val="{comma}"/><w:listSeparator w:val=";"/></w:settings>'
    )
