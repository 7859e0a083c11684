"""DOCX: a document to go on writing in, made of the styles, lists and tables of Word.

Maps are tables with marks, other charts are pictures; the contents lead to chapters.
"""

from salesdx.render.office import dress, letterhead
from salesdx.render.printable import Printable
from salesdx.render.report import (
    Block,
    Bullets,
    Card,
    Figure,
    Group,
    Item,
    Pairs,
    Para,
    Points,
    Report,
)
from salesdx.render.typeset import pngs
from salesdx.render.word_lists import BULLETS
from salesdx.render.word_package import Package
from salesdx.render.word_table import halves_xml, heat_xml, keys_xml, table_xml
from salesdx.render.word_text import (
    BREAK,
    field_begins,
    line,
    marked,
    paragraph,
    run,
)

_DEEPEST = 4  # of headings
_LISTED = 2  # headings in the contents
_CHAPTERS = 4  # fewer need no contents


def write(edition: Printable) -> bytes:
    """Build the file; its dates are the day of the case."""
    drawn = [p for p in edition.pictures if p.heat is None]
    look, lang, report = edition.look, edition.lang, edition.report
    shown = pngs(drawn, lang, look)
    found = dict(zip((p.name for p in drawn), shown, strict=True))
    package = Package(
        report, dress=dress(look, lang), head=letterhead(look, lang, report.mark)
    )
    writer = _Writer(package, found)
    writer.report(report)
    return writer.package.write(writer.body, edition.day)


class _Writer:
    """Places blocks one after another."""

    def __init__(self, package: Package, pictures: dict[str, bytes]) -> None:
        self.package, self.pictures = package, pictures
        self.body: list[str] = []
        self.headings: list[tuple[int, str, str]] = []  # level, title, bookmark

    def report(self, report: Report) -> None:
        """Page one, the contents, the chapters."""
        self.page_one(report)
        place = len(self.body)
        listed = len(report.sections) >= _CHAPTERS
        for i, section in enumerate(report.sections):
            self.heading(section.title, 1, page=i == 0 and not listed)
            self.blocks(section.blocks, 2)
        if listed:
            self.body[place:place] = self.contents(report.contents_title)

    def add(self, *parts: str) -> None:
        """Place what is ready."""
        self.body += parts

    def heading(self, title: str, level: int, page: bool = False) -> None:
        """A heading; those that the contents list bear a bookmark."""
        level, runs = min(level, _DEEPEST), run(title)
        if level <= _LISTED:
            number = len(self.headings) + 1
            name = f"_Toc{number:08d}"
            self.headings.append((level, title, name))
            runs = marked(title, number, name)
        self.add(paragraph(f"Heading{level}", runs, page=page))

    def contents(self, title: str) -> list[str]:
        """A field that Word can make anew, and what it would show.

        It has no page numbers: only Word knows them, and wrong ones are worse.
        """
        code = rf'TOC \o "1-{_LISTED}" \n \h \z'
        lines = []
        for i, (level, name, mark) in enumerate(self.headings):
            link = f'<w:hyperlink w:anchor="{mark}" w:history="1">{run(name)}'
            runs = f"{field_begins(code) if i == 0 else ''}{link}</w:hyperlink>"
            if i == len(self.headings) - 1:
                runs += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
            lines.append(paragraph(f"TOC{level}", runs))
        return [
            "<w:sdt><w:sdtPr><w:docPartObj>"
            '<w:docPartGallery w:val="Table of Contents"/>'
            "<w:docPartUnique/></w:docPartObj></w:sdtPr><w:sdtContent>",
            line("TOCHeading", title), *lines, "</w:sdtContent></w:sdt>",
        ]  # fmt: skip

    def page_one(self, report: Report) -> None:
        """The answer by itself."""
        one = report.page_one
        self.add(line("Tags", report.kicker), line("Title", report.company))
        self.add(line("Small", " · ".join(report.meta)), line("Verdict", one.verdict))
        self.add(keys_xml(one.keys, self.package.page.line))
        if one.since:
            self.add(line("Small", one.since))
        if one.enough:
            self.add(line("AnswerHeading", one.enough_title))
            self.bullets(Bullets(one.enough))
        self.items(one.findings_title, one.findings)
        self.items(one.actions_title, one.actions)
        self.add(line("Foot", one.foot))

    def items(self, title: str, items: list[Item]) -> None:
        """Findings or actions of page one."""
        if not items:
            return
        self.add(line("AnswerHeading", title))
        number = self.package.lists.numbered()
        for item in items:
            runs = run(item.title, "Strong") + BREAK + run(item.meta, "Aside")
            if item.text:
                runs += BREAK + run(item.text)
            self.add(paragraph("AnswerItem", runs, number=(number, 0)))

    def blocks(self, blocks: list[Block], level: int) -> None:
        """All blocks in order; a lead never stays alone at the foot of a page."""
        for i, block in enumerate(blocks):
            if i == 0 and isinstance(block, Para) and len(blocks) > 1:
                self.para(block, keep=True)
            else:
                self.block(block, level)

    def block(self, block: Block, level: int) -> None:
        """One block of any kind."""
        match block:
            case Para():
                self.para(block)
            case Bullets():
                self.bullets(block)
            case Pairs():
                for label, value in block.rows:
                    runs = run(f"{label}: ", "Aside") + run(value)
                    self.add(paragraph("Pair", runs))
            case Points():
                for row in block.rows:
                    runs = run(row.mark, "Strong") + run(f"\t{row.text}")
                    if row.note:
                        runs += BREAK + run(row.note, "Aside")
                    self.add(paragraph("Point", runs))
            case Figure():
                self.figure(block)
            case Group():
                self.heading(block.title, level)
                self.blocks(block.blocks, level + 1)
            case Card():
                self.heading(block.title, level)
                self.add(line("Tags", "  ·  ".join(block.tags)))
                self.blocks(block.blocks, level + 1)
            case _:
                self.add(table_xml(block, self.package.page.line))

    def para(self, block: Para, keep: bool = False) -> None:
        """A paragraph in its tone."""
        style = {"note": "Quote", "muted": "Small"}.get(block.tone, "Normal")
        self.add(line(style, block.text, keep))

    def bullets(self, block: Bullets) -> None:
        """A list; each numbered one begins at 1, a long one stands in two columns."""
        if block.is_long:
            lines = [
                paragraph("ListBullet", run(item), number=(BULLETS, 0))
                for item in block.items
            ]
            self.add(halves_xml(lines, self.package.page.line))
            return
        number = self.package.lists.numbered() if block.ordered else BULLETS
        style = "ListNumber" if block.ordered else "ListBullet"
        for item in block.items:
            self.add(paragraph(style, run(item), number=(number, 0)))

    def figure(self, block: Figure) -> None:
        """A map as a table, any other chart as a picture; the caption above."""
        self.add(line("Caption", block.caption))
        about = f"{block.caption}. {block.desc}"
        package = self.package
        if block.heat:
            room, dress = package.page.line, package.dress
            self.add(heat_xml(block.heat, room, block.caption, block.desc, dress))
            return
        picture = package.picture(self.pictures[block.name], block.name, about)
        self.add(paragraph("Figure", picture))
