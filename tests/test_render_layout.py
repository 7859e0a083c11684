"""The PDF as a printer sees it: margins, page ends, contents, tags, and how it looks.

A few pages are held against small grey pictures in tests/snapshots/pages. After a
change that is meant to be seen, renew them and look at them before committing:

    UPDATE_SNAPSHOTS=1 python -m pytest -n 0 tests/test_render_layout.py
"""

import os
import struct
import zlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import layout_fixture
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import render_fixture as made
from numpy.typing import NDArray

from salesdx.language import Language
from salesdx.render import edition_for, printed
from salesdx.render.edition import Edition
from salesdx.render.report import Block, Card, Group

PICTURES = Path(__file__).parent / "snapshots" / "pages"
MM = 72 / 25.4
SIDE, TOP, BOTTOM, HEIGHT, LINE = 17 * MM, 17 * MM, 18 * MM, 297 * MM, 210 * MM
CASES = {
    "rich": made.rich, "empty": made.empty, "hostile": made.hostile,
    "crowded": layout_fixture.crowded,
}  # fmt: skip
BOTH = pytest.mark.parametrize("lang", ["en", "ru"])
LONG = pytest.mark.parametrize(
    ("case", "lang"), [("rich", "en"), ("rich", "ru"), ("crowded", "ru")]
)
EVERY = pytest.mark.parametrize(
    ("case", "lang"),
    [("rich", "en"), ("rich", "ru"), ("crowded", "ru"), ("hostile", "en"),
     ("empty", "ru")],
)  # fmt: skip
SLACK, BLANK = 3.0, 6.0  # points: overhang of letters, a blank at the end of a line
LEAST = 0.6  # of the page, unless a chapter starts on the next one
Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Line:
    """A line of text on a page; `bottom` counts from the top edge."""

    left: float
    right: float
    top: float
    bottom: float
    text: str


@dataclass(frozen=True)
class Print:
    """A report as paper: its lines page by page, and its bookmarks."""

    edition: Edition
    data: bytes
    pages: list[list[Line]]
    bookmarks: list[tuple[str, int, float]]

    def body(self, number: int) -> list[Line]:
        """The lines of a page without its footer."""
        return [x for x in self.pages[number] if x.top < HEIGHT - BOTTOM]


@cache
def paper(case: str, lang: Language) -> Print:
    """Print it once for all tests of this module."""
    edition = edition_for(CASES[case](), lang)
    data = printed(edition, "pdf")
    document = pypdfium2.PdfDocument(data)
    try:
        pages = [_lines(page) for page in document]
        marks = []
        for item in document.get_toc():
            to = item.get_dest()
            place = to.get_view()[1][1] if to.get_view()[1] else HEIGHT
            marks.append((item.get_title(), to.get_index(), HEIGHT - place))
    finally:
        document.close()
    return Print(edition, data, pages, marks)


def _lines(page: pypdfium2.PdfPage) -> list[Line]:
    text = page.get_textpage()
    found = []
    for i in range(text.count_rects()):
        left, bottom, right, top = text.get_rect(i)
        said = text.get_text_bounded(left, bottom, right, top)
        found.append(Line(left, right, HEIGHT - top, HEIGHT - bottom, said))
    return found


def flat(text: str) -> str:
    return "".join(text.replace("\u200b", "").replace("\ufffe", "").split())


def headings(blocks: list[Block]) -> list[str]:
    """What stands over groups and cards."""
    found = []
    for block in blocks:
        if isinstance(block, Group | Card):
            found += [flat(block.title), *headings(block.blocks)]
    return found


@EVERY
def test_no_text_leaves_the_margins(case: str, lang: Language) -> None:
    for number, lines in enumerate(paper(case, lang).pages):
        for line in lines:
            if line.text.strip():
                where = (number + 1, line)
                assert line.left >= SIDE - SLACK, where
                blank = BLANK if line.text.endswith(" ") else 0.0
                assert line.right <= LINE - SIDE + SLACK + blank, where
                assert line.top >= TOP - SLACK, where


@LONG
def test_no_heading_is_the_last_line_of_a_page(case: str, lang: Language) -> None:
    found = paper(case, lang)
    sections = found.edition.report.sections
    titles = {flat(s.title) for s in sections}
    titles |= {t for s in sections for t in headings(s.blocks)}
    for number in range(len(found.pages)):
        body = found.body(number)
        last = max(body, key=lambda x: x.bottom)
        foot = "".join(flat(x.text) for x in body if x.bottom > last.bottom - 9)
        assert foot not in titles, (number + 1, foot)


@LONG
def test_no_page_is_half_empty_without_need(case: str, lang: Language) -> None:
    """A page may end early only where the next one starts a chapter or a group."""
    found = paper(case, lang)
    starts = {page for title, page, top in found.bookmarks if top < TOP + 30}
    for number in range(1, len(found.pages) - 1):
        if number + 1 not in starts:
            low = max(x.bottom for x in found.body(number))
            assert low > LEAST * HEIGHT, (number + 1, low / HEIGHT)


@LONG
def test_bookmarks_and_contents_lead_to_one_page(case: str, lang: Language) -> None:
    found = paper(case, lang)
    report = found.edition.report
    marked = {flat(title): page for title, page, _ in found.bookmarks}
    contents = flat("".join(x.text for x in found.pages[1]))
    assert flat(report.company) in marked
    for section in report.sections:
        page = marked[flat(section.title)] + 1
        dotted = contents.replace(".", "")
        assert f"{flat(section.title)}{page}" in dotted, section.title


@BOTH
def test_pages_are_numbered_with_their_count(lang: Language) -> None:
    found = paper("rich", lang)
    count, word = len(found.pages), found.edition.report.page_word
    for number, lines in enumerate(found.pages):
        said = flat("".join(x.text for x in lines if x.top > HEIGHT - BOTTOM))
        assert said.endswith(flat(f"{word} {number + 1} / {count}"))


def test_a_long_table_repeats_its_header() -> None:
    found = paper("crowded", "ru")
    words = found.edition.words
    head = flat(words.t("col.figure") + words.t("col.value"))
    first = next(p for t, p, _ in found.bookmarks if t == words.t("appendix.company"))
    for page in (first, first + 1):
        lines = found.body(page)
        assert head in flat("".join(x.text for x in lines))


@BOTH
def test_the_file_is_tagged_and_says_nothing_of_its_maker(lang: Language) -> None:
    document = pypdfium2.PdfDocument(paper("rich", lang).data)
    try:
        assert pdfium.FPDFCatalog_IsTagged(document.raw)
        said = document.get_metadata_dict(skip_empty=True)
    finally:
        document.close()
    assert said.pop("Title").startswith("ООО «Северный чай»")
    assert said.pop("Creator").startswith("Typst")
    assert said == {}


@pytest.mark.parametrize(
    ("case", "lang", "page"),
    [("rich", "ru", 0), ("rich", "en", 0), ("crowded", "ru", 2), ("crowded", "ru", 3)],
)
def test_pages_look_as_agreed(case: str, lang: Language, page: int) -> None:
    drawn = _grey(paper(case, lang).data, page)
    path = PICTURES / f"{case}-{lang}-{page + 1}.png"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(_png(drawn))
    agreed = _read(path.read_bytes())
    assert drawn.shape == agreed.shape
    apart = np.abs(_soft(drawn) - _soft(agreed))
    assert apart.mean() < 2.5
    assert (apart > 40).mean() < 0.01


def test_a_moved_line_is_seen_in_the_pictures() -> None:
    """The tolerance lets other versions of a library pass, not another layout."""
    drawn = _grey(paper("rich", "ru").data, 0)
    moved = np.roll(drawn, 6, axis=0)
    assert np.abs(_soft(drawn) - _soft(moved)).mean() > 2.5


def _grey(data: bytes, number: int) -> Grey:
    document = pypdfium2.PdfDocument(data)
    try:
        bitmap = document[number].render(scale=0.35, grayscale=True)
        found: Grey = np.array(bitmap.to_numpy(), dtype=np.uint8)
    finally:
        document.close()
    return found.reshape(found.shape[0], found.shape[1])


def _soft(picture: Grey) -> NDArray[np.float64]:
    """Blurred a little: a letter half a pixel aside is the same letter."""
    wide = np.pad(picture.astype(float), 1, mode="edge")
    rows = wide[:-2] + wide[1:-1] + wide[2:]
    found: NDArray[np.float64] = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
    return found


def _png(picture: Grey) -> bytes:
    """Eight-bit grey, no filter: small enough, and every viewer shows it."""
    high, wide = picture.shape
    rows = b"".join(b"\0" + row.tobytes() for row in picture)
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""),
    )  # fmt: skip
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data
        + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )  # fmt: skip


def _read(data: bytes) -> Grey:
    """A picture that `_png` wrote."""
    wide, high = struct.unpack(">II", data[16:24])
    size = struct.unpack(">I", data[33:37])[0]
    rows = np.frombuffer(zlib.decompress(data[41 : 41 + size]), dtype=np.uint8)
    return rows.reshape(high, wide + 1)[:, 1:]
