"""Forty hostile texts in every text of a case run nowhere, whatever the format.

The strongest proof is the shape: a document full of payloads has the very tags,
attributes and objects of one full of harmless texts of the same length.
"""

import io
import json
import re
import socket
import sys
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import typst
from hostile import (
    LONG_WORD,
    PAYLOADS,
    SURROGATE,
    Speech,
    declared,
    full,
    spoken,
    texts,
)
from markdown_it import MarkdownIt

from salesdx.compare import Comparison, compare
from salesdx.content import content
from salesdx.knowledge.load import load
from salesdx.language import Language
from salesdx.render import render
from salesdx.render.clean import plain
from salesdx.render.look_folder.example import write_example
from salesdx.render.look_folder.loading import load_look
from salesdx.render.plan_files import FORMATS as PLANS
from salesdx.render.plan_files import PlanFile
from salesdx.render.plan_files import write as write_plan
from salesdx.render.sheet import neutral
from salesdx.render.terminal import text as terminal
from salesdx.render.typeset import _options
from salesdx.render.worksheets import FORMATS as SHEETS
from salesdx.render.worksheets import fit
from salesdx.render.worksheets import render as sheet
from salesdx.render.worksheets.sheet import Desk, wanted
from salesdx.result import ResultDocument

AT_ONCE = 10
HALVES: tuple[tuple[int, Language], ...] = ((0, "en"), (10, "ru"), (20, "en"),
                                            (30, "ru"))  # fmt: skip
# attributes that hold what somebody reads; all others are ours to the letter
SPOKEN = {"aria-label", "data-label", "alt"}
TARGETS = {"id", "href"}
VOID = {"meta", "link", "col", "br", "img", "input", "hr"}


@cache
def document(turn: int, at_once: int = AT_ONCE, tame: bool = False) -> ResultDocument:
    found = spoken(full(), Speech(turn, at_once, tame=tame))
    return ResultDocument.model_validate(found.model_dump(mode="json", by_alias=True))


@cache
def made(
    fmt: str, lang: Language, turn: int, at_once: int = AT_ONCE, tame: bool = False
) -> bytes:
    return render(
        document(turn, at_once, tame), fmt, lang, since=since(turn, at_once, tame)
    )


@cache
def since(turn: int, at_once: int, tame: bool) -> Comparison:
    """Against an older result without some rows and with other figures."""
    now = document(turn, at_once, tame)
    case = now.case.model_copy(update={"as_of": "2025-12-31"})
    figures = [
        m.model_copy(update={"value": m.value and m.value / 2}) for m in now.metrics
    ]
    then = now.model_copy(update={
        "case": case, "metrics": figures, "causes": now.causes[1:],
        "losses": now.losses[2:], "symptoms": now.symptoms[1:], "plan": now.plan[1:],
    })  # fmt: skip
    return compare(then, now, load())


def pair(fmt: str, lang: Language, turn: int, at_once: int = AT_ONCE) -> list[bytes]:
    """The document with payloads, and its harmless twin."""
    return [made(fmt, lang, turn, at_once, tame) for tame in (False, True)]


def test_there_are_forty_and_every_text_of_a_document_says_one() -> None:
    assert len(set(PAYLOADS)) == 40
    for place, said in texts(document(0, 1)):
        assert any(payload in said for payload in PAYLOADS), place
    # a new text of the result has to be in `full` too
    assert declared(ResultDocument) <= {place for place, _ in texts(full())}


class Shape(HTMLParser):
    """How often each element stands where, with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.path: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:  # fmt: skip
        told = [
            name if name in SPOKEN | TARGETS else f"{name}={value}"
            for name, value in sorted(attrs)
            if not _is_place(tag, name)
        ]
        for name, value in attrs:
            assert name != "href" or re.fullmatch(r"#[\w%.~-]+", value or ""), value
            assert not name.startswith("on") and name != "style", (tag, name)
        self.found["/".join(self.path) + f"/{tag} {' '.join(told)}"] += 1
        if tag not in VOID:
            self.path.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.path:
            while self.path.pop() != tag:
                pass

    def handle_comment(self, data: str) -> None:
        self.found[f"<!--{data}-->"] += 1

    def handle_decl(self, decl: str) -> None:
        self.found[f"<!{decl}>"] += 1

    def handle_pi(self, data: str) -> None:
        self.found[f"<?{data}>"] += 1

    def unknown_decl(self, data: str) -> None:
        self.found[f"<![{data}]>"] += 1


def _is_place(tag: str, name: str) -> bool:
    """Where a label of a chart stands, how wide a column is: that hangs on texts."""
    if tag == "col":
        return name == "width"
    return tag in {"text", "rect", "path", "svg"} and name in {
        "x", "y", "d", "width", "height", "transform", "viewbox",
    }  # fmt: skip


@pytest.mark.parametrize(("turn", "lang"), HALVES)
def test_a_page_has_the_tags_of_a_harmless_one(turn: int, lang: Language) -> None:
    wild, tame = (Shape(page.decode()).found for page in pair("html", lang, turn))
    assert wild == tame


RUNS = {b"/JavaScript", b"/JS", b"/OpenAction", b"/AA", b"/Launch", b"/URI",
        b"/EmbeddedFile", b"/EmbeddedFiles", b"/Filespec", b"/GoToR", b"/SubmitForm",
        b"/AcroForm", b"/RichMedia"}  # fmt: skip


def names(pdf: bytes) -> set[bytes]:
    """All names of all objects, those in packed ones too, but none inside a text."""
    packed = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    found = set()
    for part in [
        re.sub(rb"stream\r?\n.*?endstream", b"", pdf, flags=re.DOTALL),
        *packed,
    ]:
        if part in packed:
            try:
                part = zlib.decompress(part)
            except zlib.error:
                continue  # a picture or a font
        said = re.sub(rb"\\[\\()]", b"", part)
        for _ in range(3):  # brackets may stand in brackets
            said = re.sub(rb"\([^()]*\)", b"", said)
        found.update(re.findall(rb"/[A-Za-z]+", said))
    return found


@pytest.mark.parametrize(("turn", "lang"), [(0, "en"), (20, "ru")])
def test_a_print_holds_words_and_nothing_that_acts(turn: int, lang: Language) -> None:
    page = made("pdf", lang, turn, 2)
    assert b"/Font" in names(page) and not names(page) & RUNS
    opened = pypdfium2.PdfDocument(page)
    try:
        assert pdfium.FPDFDoc_GetAttachmentCount(opened) == 0
        assert pdfium.FPDFDoc_GetJavaScriptActionCount(opened) == 0
        for page_ in opened:  # links of the contents, each to a page of the file
            for place in range(pdfium.FPDFPage_GetAnnotCount(page_)):
                annot = pdfium.FPDFPage_GetAnnot(page_, place)
                assert pdfium.FPDFAnnot_GetSubtype(annot) == pdfium.FPDF_ANNOT_LINK
                link = pdfium.FPDFAnnot_GetLink(annot)
                assert pdfium.FPDFLink_GetDest(opened, link)
        said = "".join(p.get_textpage().get_text_bounded() for p in opened)
    finally:
        opened.close()
    flat = re.sub(r"[\s\u200b\ufffe]", "", said)
    assert "root:x:0:0" not in flat
    if lang == "en":
        assert "<script>window.__pwned=1</script>" in flat
    else:
        assert '#read("/etc/passwd")#import"@preview/a:0.1.0"' in flat
        assert "{{7*7}}" in flat


@pytest.mark.parametrize(
    "line", ['#read("/etc/passwd")', '#read("../../etc/passwd")', '#image("a.svg")',
             '#import "@preview/cetz:0.3.1"', '#include "/proc/self/environ"'],
)  # fmt: skip
def test_not_even_a_template_reads_what_it_was_not_handed(line: str) -> None:
    with pytest.raises(typst.TypstError):
        typst.compile({"main": line.encode()}, format="pdf", **_options())


def parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {n: archive.read(n) for n in archive.namelist()}


def kinds(xml: bytes, values: bool = True) -> Counter[str]:
    """How often each element stands, with its attributes; also proves it is XML."""
    return Counter(
        f"{e.tag} {sorted(e.attrib.items()) if values else sorted(e.attrib)}"
        for e in ElementTree.fromstring(xml).iter()
    )


@pytest.mark.parametrize("turn", [0, 20])
def test_a_word_file_has_the_parts_of_a_harmless_one(turn: int) -> None:
    wild, tame = (
        parts(made("docx", "ru", turn, 20)),
        parts(made("docx", "ru", 0, 20, True)),
    )
    assert wild.keys() == tame.keys()
    for name in wild:
        if name in ("word/document.xml", "word/footer1.xml"):  # breaks hang on words
            met = kinds(wild[name], False).keys() - kinds(tame[name], False).keys()
            assert {kind.partition("}")[2] for kind in met} <= {"br []", "tab []"}
        elif name.endswith((".xml", ".rels")):
            assert kinds(wild[name]) == kinds(tame[name]), name
    whole = b"".join(wild[n] for n in wild if n.endswith((".xml", ".rels")))
    assert b"</script>" not in whole
    fields = re.findall(rb"<w:instrText[^>]*> (\w+)", whole)
    assert sorted(fields) == [b"NUMPAGES", b"PAGE", b"TOC"]
    for link in re.findall(rb"<w:hyperlink[^>]*>", whole):  # inside the file only
        assert re.fullmatch(rb'<w:hyperlink w:anchor="_Toc\d+" w:history="1">', link)
    for tag in (b"TargetMode", b"<w:fldSimple", b"<w:object", b"<w:altChunk", b"<!D"):
        assert tag not in whole


@pytest.mark.parametrize("turn", range(0, len(PAYLOADS), 5))
def test_a_workbook_computes_nothing(turn: int) -> None:
    lang: Language = "ru" if turn % 2 else "en"
    file = parts(made("xlsx", lang, turn, 1))
    sheets = [v for n, v in file.items() if n.startswith("xl/worksheets/sheet")]
    for xml in sheets:
        assert not [k for k in kinds(xml) if "}f " in k or "hyperlink" in k]
    assert not [n for n in file if "external" in n or "sheet1.xml.rels" in n]
    book = openpyxl.load_workbook(io.BytesIO(made("xlsx", lang, turn, 1)))
    for page in book:
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str):
                    assert neutral(cell.value) == cell.value, cell.coordinate


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_spreadsheet_takes_a_text_for_a_formula(payload: str) -> None:
    said = str(neutral(plain(payload)))
    assert not said.startswith(("=", "+", "-", "@", "\t", "\r", "\0"))


@pytest.mark.parametrize(("turn", "lang"), HALVES)
def test_markdown_is_the_document_that_was_meant(turn: int, lang: Language) -> None:
    def outline(text: bytes) -> list[str]:
        found = []
        for token in MarkdownIt("commonmark").enable("table").parse(text.decode()):
            found.append(token.type)
            found += [c.type for c in token.children or [] if c.type != "text_special"]
        return [t for t in found if t not in {"text", "softbreak"}]

    wild, tame = (outline(page) for page in pair("md", lang, turn))
    assert wild == tame
    assert not set(wild) & {"html_block", "html_inline", "link_open", "image", "fence",
                            "code_block", "code_inline"}  # fmt: skip


@pytest.mark.parametrize("turn", [0, 20])
def test_a_worksheet_has_the_tags_of_a_harmless_one(turn: int) -> None:
    sheets = load().worksheets
    wild, tame = (
        Desk(fit(document(turn, 20, tame)), sheets, "ru") for tame in (False, True)
    )
    for name in ("planning-meeting", "figure-passport"):
        pages = [sheet(desk, name, "html").decode() for desk in (wild, tame)]
        assert Shape(pages[0]).found == Shape(pages[1]).found
        files = [parts(sheet(desk, name, "docx")) for desk in (wild, tame)]
        assert (
            files[0]["word/_rels/document.xml.rels"]
            == (files[1]["word/_rels/document.xml.rels"])
        )
        kinds(files[0]["word/document.xml"])


def test_json_keeps_the_words_and_the_terminal_drops_what_moves_it() -> None:
    data = json.loads(made("json", "en", 0))
    assert data["case"]["name"].startswith(PAYLOADS[0])
    for turn, lang in HALVES:
        shown = terminal(document(turn), lang)
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


@pytest.mark.parametrize("fmt", ["html", "pdf", "xlsx"])
def test_one_word_of_ten_thousand_letters_is_no_matter(fmt: str) -> None:
    base = full()
    title = base.causes[0].title.model_copy(update={"en": LONG_WORD})
    cause = base.causes[0].model_copy(update={"title": title})
    assert render(base.model_copy(update={"causes": [cause]}), fmt, "en")


@pytest.mark.parametrize("fmt", ["html", "docx", "xlsx"])
def test_half_a_character_is_dropped(fmt: str) -> None:
    base = full()
    case = base.case.model_copy(update={"name": SURROGATE})
    assert render(base.model_copy(update={"case": case}), fmt, "en")


@pytest.fixture
def watched() -> Iterator[list[str]]:
    """What is opened, called or connected to while a test runs."""
    seen: list[str] = []
    WATCHING.append(seen)
    yield seen
    WATCHING.remove(seen)


WATCHING: list[list[str]] = []
_ACTS = ("open", "socket.", "subprocess.", "os.system", "os.exec", "urllib.", "ctypes.")


def _hear(event: str, args: tuple[object, ...]) -> None:
    if WATCHING and event.startswith(_ACTS):
        WATCHING[-1].append(f"{event} {args[0] if args else ''}")


sys.addaudithook(_hear)


def test_rendering_calls_nobody_and_opens_its_own_files_only(
    watched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for fmt in ("html", "pdf", "docx", "xlsx", "md", "json"):
        made(fmt, "en", 0, 1)  # modules are loaded
    watched.clear()
    monkeypatch.setattr(socket, "socket", None)
    for fmt in ("html", "pdf", "docx", "xlsx", "md", "json"):
        render(document(0, 1), fmt, "en")
    ours = str(content("reports"))
    spare = f"{tempfile.gettempdir()}/openpyxl."  # sheets are written aside
    for act in watched:
        assert of_ours(act, ours, spare), act


def test_what_changed_the_plan_and_its_forms_open_their_own_files_only(
    watched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found, sheets = document(0, 1), load().worksheets
    desk = Desk(fit(found), sheets, "en")
    name = wanted(found, sheets, True)[0]
    plan = PlanFile.of(found, "en", "life")

    def all_of_it() -> None:
        for fmt in ("html", "pdf", "docx", "xlsx", "md"):
            render(found, fmt, "en", since=since(0, 1, False))
        for fmt in PLANS:
            write_plan(plan, fmt)
        for fmt in SHEETS:
            sheet(desk, name, fmt)

    all_of_it()  # modules are loaded
    watched.clear()
    monkeypatch.setattr(socket, "socket", None)
    all_of_it()
    spare = f"{tempfile.gettempdir()}/openpyxl."
    for act in watched:
        assert of_ours(act, str(content("reports")), spare), act


def of_ours(act: str, *places: str) -> bool:
    """Whether only a file below these places was opened, or a part of python-docx."""
    opened = act.removeprefix("open ")
    known = opened.startswith(places) or opened == tempfile.gettempdir()
    return known or bool(re.search("/docx/(parts/../)?templates/", opened))


def test_a_look_is_read_and_worn_without_leaving_its_folder(
    watched: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "house"
    write_example(folder, "en")
    formats = ("html", "pdf", "docx", "xlsx", "md")
    for fmt in formats:
        render(document(0, 1), fmt, "en", look=load_look(folder))  # modules are loaded
    watched.clear()
    monkeypatch.setattr(socket, "socket", None)
    worn = load_look(folder)
    assert str(folder / "look.yaml") in " ".join(watched)
    for fmt in formats:
        render(document(0, 1), fmt, "en", look=worn)
    spare = f"{tempfile.gettempdir()}/openpyxl."
    for act in watched:
        assert of_ours(act, str(content("reports")), spare, str(folder)), act


@pytest.mark.parametrize("fmt", ["html", "docx", "md", "xlsx"])
def test_a_hostile_case_does_no_more_in_a_look(fmt: str, tmp_path: Path) -> None:
    write_example(tmp_path / "house", "ru")
    made = render(document(0, 1), fmt, "ru", look=load_look(tmp_path / "house"))
    if fmt == "html":
        assert b"<script" not in made
    assert made
