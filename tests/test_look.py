"""Looks: what a consultant's folder changes in every format, and what it cannot."""

import base64
import hashlib
import html
import io
import re
import shutil
import struct
import zipfile
import zlib
from pathlib import Path

import openpyxl
import pypdfium2
import pytest
import render_fixture as made
import warm_commands
from docx import Document

from salesdx.content import content
from salesdx.errors import KnowledgeError, Problem, UsageError
from salesdx.knowledge.load import load
from salesdx.language import LANGUAGES, Language
from salesdx.render import AUDIENCES, edition_for, printed, render
from salesdx.render.look import PLAIN, Look, logos
from salesdx.render.look.colours import contrast, dark, faint, light
from salesdx.render.look.fonts import NoFontError, read_font
from salesdx.render.look.words import CHAPTERS
from salesdx.render.look_folder.checking import try_on
from salesdx.render.look_folder.example import example_files, write_example
from salesdx.render.look_folder.loading import load_look, read_look
from salesdx.render.markdown_blocks import blocks_of
from salesdx.render.report import Bullets, Group, Para, Table
from salesdx.render.worksheets import render as fill
from salesdx.render.worksheets.sheet import Desk, wanted
from salesdx.workbench.sample_document import everything, nothing

BAR, HEAD = "0f6a6a", "0c4a4a"
INTER = content("reports") / "fonts" / "Inter-Regular.otf"
NAME = "name: {en: House, ru: Дом}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("looks") / "example"
    write_example(found, "en")
    return found


@pytest.fixture(scope="module")
def look(folder: Path) -> Look:
    return load_look(folder)


def written(folder: Path, text: str, **files: str | bytes) -> Path:
    """A look of these files; `a__b` stands for a/b, `_` before a suffix for a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "look.yaml").write_text(f"format: 1\n{NAME}{text}", "utf-8")
    for name, data in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def faults(folder: Path) -> list[Problem]:
    return read_look(folder)[1]


def text_of_pdf(data: bytes) -> str:
    opened = pypdfium2.PdfDocument(data)
    try:
        return "".join(p.get_textpage().get_text_bounded() for p in opened)
    finally:
        opened.close()


def test_the_example_says_the_same_whatever_its_comments_speak(
    folder: Path, tmp_path: Path
) -> None:
    write_example(tmp_path / "ru", "ru")
    both = [load_look(folder), load_look(tmp_path / "ru")]
    first, second = (
        {k: v for k, v in vars(one).items() if k not in ("sections", "worksheets")}
        for one in both
    )
    assert first == second
    assert [s.id for s in both[0].sections] == [s.id for s in both[1].sections]
    assert both[0].worksheets.keys() == both[1].worksheets.keys()
    assert example_files("en").keys() == example_files("ru").keys()


def test_the_example_can_be_filled_from_nothing_and_from_everything(look: Look) -> None:
    knowledge = load()
    samples = [nothing(), *(everything(knowledge, yes) for yes in (True, False))]
    assert not list(try_on(look, samples, dict(knowledge.worksheets)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_wears_the_look_and_its_policy_fits(look: Look, lang: Language) -> None:
    page = html.unescape(render(made.rich(), "html", lang, look=look).decode())
    style = re.search(r"<style>(.*?)</style>", page, re.S)
    assert style
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in page
    assert f"--bar: #{BAR};" in style[1]
    assert "prefers-color-scheme: dark" in style[1]
    assert '<img class="logo" src="data:image/svg+xml;base64,' in page
    assert 'alt="' in page
    assert {"en": "Confidential", "ru": "Конфиденциально"}[lang] in page
    assert {"en": "What to do", "ru": "Что делать"}[lang] in page  # texts.yaml
    assert 'id="s-appendix"' not in page
    assert page.index('id="s-plan"') < page.index('id="s-own-how-we-work"')
    assert page.index('id="s-own-how-we-work"') < page.index('id="s-map"')


def test_no_line_of_page_one_leads_to_a_chapter_that_was_left_out(
    tmp_path: Path,
) -> None:
    bare = load_look(written(tmp_path, "chapters: {leave_out: [findings, plan]}\n"))
    page = render(made.rich(), "html", "en", look=bare).decode()
    ids = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= ids


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pdf_and_markdown_have_the_words_of_the_house(
    look: Look, lang: Language
) -> None:
    said = {
        "en": ("How we go on from here", "Confidential", "Beacon Consulting"),
        "ru": ("Как мы работаем дальше", "Конфиденциально", "Маяк"),
    }[lang]
    edition = edition_for(made.rich(), lang, look=look)
    text = text_of_pdf(printed(edition, "pdf"))
    plain = printed(edition, "md").decode()
    for words in said:
        assert words in text, words
        assert words in plain, words
    assert printed(edition, "pdf") == printed(edition, "pdf")


def test_word_and_excel_wear_it(look: Look) -> None:
    edition = edition_for(made.rich(), "ru", look=look)
    data = printed(edition, "docx")
    file = Document(io.BytesIO(data))
    assert str(file.styles["Heading 1"].font.color.rgb) == HEAD.upper()
    header = file.sections[0].header._element.xml
    assert "Конфиденциально" in header
    assert 'descr="Консалтинг «Маяк»"' in header
    (logo,) = (r.target_part.blob for r in file.sections[0].header.part.rels.values())
    assert logo.startswith(b"\x89PNG")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        said = b"".join(packed.read(n) for n in packed.namelist() if "xml" in n)
    assert b"2F6690" not in said  # our colour of bars
    assert BAR.upper().encode() in said
    assert printed(edition, "docx") == data
    bare = render(made.rich(), "docx", "ru")
    with zipfile.ZipFile(io.BytesIO(bare)) as packed:
        assert not [n for n in packed.namelist() if "header" in n]
    book = openpyxl.load_workbook(io.BytesIO(printed(edition, "xlsx")))
    cell = book.worksheets[1].cell(1, 1)
    assert cell.fill.fgColor.rgb == f"FF{BAR.upper()}"
    assert cell.font.color.rgb == "FFFFFFFF"
    assert book.worksheets[1].oddHeader.right.text == "Консалтинг «Маяк»"


def test_charts_change_colour_in_tags_only(look: Look) -> None:
    base = made.rich()
    name = 'fill="#2f6690"'
    case = base.case.model_copy(update={"name": name})
    edition = edition_for(base.model_copy(update={"case": case}), "en", look=look)
    assert name in text_of_pdf(printed(edition, "pdf"))
    from salesdx.render.look.printed import recoloured

    svg = '<svg><title>fill="#2f6690"</title><rect fill="#2f6690"/></svg>'
    found = recoloured(svg, look, "en")
    assert found == f'<svg><title>fill="#2f6690"</title><rect fill="#{BAR}"/></svg>'
    assert recoloured(svg, PLAIN, "en") == svg


@pytest.mark.parametrize("fmt", ["html", "docx", "md", "pdf"])
def test_worksheets_wear_it_and_the_own_one_always_goes_along(
    look: Look, fmt: str
) -> None:
    sheets = load().worksheets
    assert "first-meeting" in wanted(nothing(), sheets, False, look)
    assert "first-meeting" not in wanted(nothing(), sheets, False)
    desk = Desk(made.rich(), sheets, "ru", look)
    data = fill(desk, "first-meeting", fmt)
    if fmt == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            data = packed.read("word/document.xml")
        assert any(n.startswith("word/media/") for n in names)
    if fmt == "pdf":
        text = text_of_pdf(data)
        assert "Кому рассказать" in text
        assert "Конфиденциально" in text
        return
    assert "Кому рассказать" in data.decode()
    assert ("data:image/svg+xml" in data.decode()) == (fmt == "html")


def test_a_worksheet_of_a_shipped_id_replaces_it(tmp_path: Path) -> None:
    folder = written(
        tmp_path, "",
        worksheets__worksheets_yaml="format: 1\nworksheets:\n  - id: reply-norm\n"
        "    title: {en: Ours, ru: Наш}\n    purpose: {en: P, ru: Ц}\n",
    )  # fmt: skip
    for lang in LANGUAGES:
        (folder / f"worksheets/reply-norm.{lang}.md.j2").write_text("Our own words")
    look = load_look(folder)
    sheets = load().worksheets
    assert "Our own words" in Desk(made.rich(), sheets, "en", look).markdown(
        "reply-norm"
    )
    assert wanted(nothing(), sheets, False, look) == []


@pytest.mark.parametrize("fmt", ["html", "md", "pdf"])
def test_an_own_section_names_nobody_in_an_anonymised_copy(
    tmp_path: Path, fmt: str
) -> None:
    folder = written(tmp_path, "sections: [{id: people, title: {en: P, ru: Л}}]\n")
    (folder / "sections").mkdir()
    for lang in LANGUAGES:
        (folder / f"sections/people.{lang}.md.j2").write_text(
            "{% for n in names('manager') %}- who {{ n }}\n{% endfor %}\n"
        )
    look = load_look(folder)
    for hidden in (True, False):
        data = render(made.rich(), fmt, "ru", anonymise=hidden, look=look)
        text = text_of_pdf(data) if fmt == "pdf" else data.decode()
        assert "who" in text
        found = any(name.split()[0] in text for name in made.MANAGERS)
        assert found != hidden


def test_only_known_chapters_can_be_named() -> None:
    seen = {
        s.id
        for document in (made.rich(), made.empty(), made.hostile())
        for audience in AUDIENCES
        for s in edition_for(document, "en", audience).report.sections
    }
    assert seen <= set(CHAPTERS)


def test_the_plain_look_adds_nothing() -> None:
    page = render(made.rich(), "html", "en").decode()
    assert 'class="logo"' not in page
    assert "--head" not in page


def test_markdown_becomes_blocks_that_every_format_has() -> None:
    text = (
        "Lead **bold** line\ngoes on\n\n> A note\n\n- one\n- two\n  - nested\n\n"
        "## Head\n\n1. first\n\n| A | B |\n|-|---|\n| 1 | 2 |\n\n## Empty\n"
    )
    lead, note, dots, group = blocks_of(text)
    assert lead == Para("Lead bold line goes on")
    assert note == Para("A note", "note")
    assert dots == Bullets(["one", "two nested"])
    assert isinstance(group, Group) and group.title == "Head"
    steps, table = group.blocks
    assert steps == Bullets(["first"], ordered=True)
    assert isinstance(table, Table) and table.rows == [["1", "2"]]
    assert blocks_of("<script>x</script>\n\n![a](http://b)\n")  # only words


FAULTY = {
    "colour without quotes": ("colours:\n  bar: #123456\n", "4:7", "schema"),
    "colour by name": ("colours: {bar: red}\n", "3:16", "schema"),
    "css in a colour": ('colours: {bar: "#123456;}*{"}\n', "3:16", "schema"),
    "pale text": ('colours: {mute: "#999999"}\n', "3:17", "contrast"),
    "dark paper": ('colours: {paper: "#222222"}\n', "3:18", "contrast"),
    "pale bars": ('colours: {bar: "#ffee00"}\n', "3:16", "contrast"),
    "unknown key": ("colors: {}\n", "3:1", "schema"),
    "one language": ("mark: {en: Secret}\n", "3:7", "missing-language"),
    "unknown hole": ('footer: {en: "{hause}", ru: "{house}"}\n', "3:9", "placeholder"),
    "unknown chapter": ("chapters: {order: [findngs]}\n", "3:20", "unknown-chapter"),
    "own id without prefix": ("chapters: {leave_out: [own-x]}\n", "3:24",
                              "unknown-chapter"),
    "no such logo": ("logo: {file: l.svg, alt: {en: a, ru: б}}\n", "3:14", "file"),
    "logo elsewhere": ("logo: {file: ../l.svg, alt: {en: a, ru: б}}\n", "3:14", "file"),
    "logo of a kind": ("logo: {file: l.gif, alt: {en: a, ru: б}}\n", "3:14", "file"),
    "no such font": ("fonts: {text: Lato}\n", "3:15", "font"),
    "css in a font": ("fonts: {office: 'a\";}'}\n", "3:17", "font"),
    "section without file": ("sections: [{id: a, title: {en: a, ru: б}}]\n", "3:17",
                             "missing-template"),
    "path as an id": ("sections: [{id: ../a, title: {en: a, ru: б}}]\n", "3:17",
                      "schema"),
    "after nothing": ("sections: [{id: a, title: {en: a, ru: б}, after: plann}]\n",
                      "3:50", "unknown-chapter"),
    "two lines": ('mark: {en: "a\\nb", ru: б}\n', "3:12", "length"),
    "anchors": ("mark: &a {en: a, ru: б}\nfooter: *a\n", "3:7", "yaml-syntax"),
    "tags": ("mark: !!python/name:os.system x\n", "3:7", "yaml-syntax"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "place", "code"), FAULTY.values(), ids=FAULTY)
def test_a_fault_names_its_place(
    text: str, place: str, code: str, tmp_path: Path
) -> None:
    found = faults(written(tmp_path / "house", text))
    assert (f"house/look.yaml:{place}", code) in {
        (f"{p.file}:{p.line}:{p.col}", p.code) for p in found
    }, found
    for problem in found:
        assert problem.text("ru") != problem.text("en")


def test_all_faults_come_at_once_and_each_says_what_would_do(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "house",
        'colours: {mute: "#999999", warn: "#ff9999"}\nlogo: {file: l.svg, alt: '
        "{en: a, ru: б}}\nsections: [{id: a, title: {en: a, ru: б}}]\n",
        l_svg="<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>\n<script/>"
        "</svg>", texts_yaml="plan.titel: {en: a, ru: б}\nfooter: {en: x, ru: у}\n",
        fonts__a_ttf="no font",
    )  # fmt: skip
    (folder / "sections").mkdir()
    (folder / "sections/a.en.md.j2").write_text("one\n\n{{ nothing.at.all( }}\n")
    (folder / "sections/a.ru.md.j2").write_text("раз\n\n{% include 'b' %}\n")
    with pytest.raises(KnowledgeError) as told:
        load_look(folder)
    assert told.value.exit_code == 4
    text = str(told.value)
    for line in (
        "house/look.yaml:3:17 contrast mute on ", "house/look.yaml:3:34 contrast warn",
        "house/l.svg:2:1 logo <script>", "house/texts.yaml:1:1 unknown-text",
        "did you mean 'plan.title'?", "house/texts.yaml:2:14 placeholder",
        "house/fonts/a.ttf:1:1 font this is no font",
        "house/sections/a.en.md.j2:3:1 template",
        "house/sections/a.ru.md.j2:3:1 template",
    ):  # fmt: skip
        assert line in text, line
    assert re.search(r"contrast 2\.\d\d, at least 4\.5 is needed", text)


def test_one_colour_of_the_house_is_enough() -> None:
    for bar in ("#000000", "#0f6a6a", "#5b2a86", "#7a1f1f", "#1d4ed8", "#777777"):
        on_paper = light({"bar": bar})
        assert not list(faint(on_paper, False)), bar
        assert not list(faint(dark({"bar": bar}, {}), True)), bar
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_a_missing_folder_is_a_matter_of_the_command(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        load_look(tmp_path / "nowhere")
    (tmp_path / "look.yml").write_text("format: 1\n")
    with pytest.raises(UsageError, match=re.escape("rename look.yml")):
        load_look(tmp_path)


# what a stranger's folder may try


SVG = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>"
BAD_SVG = {
    "script": SVG + "<script>alert(1)</script></svg>",
    "handler": SVG + "<g onload='x()'/></svg>",
    "image": SVG + "<image href='file:///etc/passwd'/></svg>",
    "use": SVG + "<g id='a'/><use href='#a'/></svg>",
    "foreign": SVG + "<foreignObject><p/></foreignObject></svg>",
    "style": SVG + "<style>@import url(http://x)</style></svg>",
    "text": SVG + "<text>a</text></svg>",
    "animation": SVG + "<animate attributeName='x'/></svg>",
    "link": SVG + "<a href='http://x'><path d='M0 0'/></a></svg>",
    "gradient elsewhere": SVG + "<linearGradient href='http://x#a'/></svg>",
    "paint elsewhere": SVG + "<path fill='url(http://x#a)'/></svg>",
    "paint in a style": SVG + "<path style='fill:url(file:///etc/passwd)'/></svg>",
    "escapes": SVG + "<path style='fill:u\\72l(x)'/></svg>",
    "entities": "<!DOCTYPE svg [<!ENTITY a 'b'><!ENTITY c '&a;&a;'>]>" + SVG + "</svg>",
    "outer entity": "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + SVG
    + "&a;</svg>",
    "depth": SVG + "<g>" * 3000 + "</g>" * 3000 + "</svg>",
    "parts": SVG + "<path/>" * 6000 + "</svg>",
    "nested": SVG + SVG + "</svg></svg>",
    "no size": "<svg xmlns='http://www.w3.org/2000/svg'/>",
    "a hair": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 900 1'/>",
    "endless": "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 nan inf'/>",
    "no svg": "<html><body/></html>",
    "no xml": "plain words",
    "cut off": SVG + "<g>",
}  # fmt: skip


@pytest.mark.parametrize("drawing", BAD_SVG.values(), ids=BAD_SVG)
def test_a_drawing_that_does_more_than_draw_is_refused(drawing: str) -> None:
    with pytest.raises(logos.NoLogoError) as told:
        logos.svg(drawing.encode())
    assert told.value.said.ru != told.value.said


def test_what_is_kept_of_a_drawing_are_its_shapes() -> None:
    drawing = (
        "<?xml version='1.0'?><!DOCTYPE svg><!-- who drew it -->"
        "<svg xmlns='http://www.w3.org/2000/svg' xmlns:i='urn:inkscape' width='20px' "
        "height='10' i:version='1'><metadata><i:secret>x</i:secret></metadata>"
        "<title>t</title><i:view/><path class='a' data-b='c' style='fill:#fff;"
        "stroke-dasharray:0.00001;font:x' d='M0 0h9' stroke-dasharray='0.00001'/></svg>"
    )
    data, ratio = logos.svg(drawing.encode())
    assert ratio == 2
    assert data.decode() == (
        '<svg height="10" viewBox="0 0 20 10" width="20" '
        'xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink"><path d="M0 0h9" fill="#fff">'
        "</path></svg>"
    )


def png(width: int, height: int, rows: bytes, *more: tuple[bytes, bytes]) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", head), *more, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d))
        for n, d in chunks
    )


def test_a_picture_is_of_known_size_and_says_nothing_else() -> None:
    data, ratio = logos.png(png(4, 2, bytes(10), (b"tEXt", b"Author\0Someone")))
    assert ratio == 2
    assert b"Someone" not in data
    for bad in (
        png(100_000, 100_000, bytes(9)), png(4, 2, bytes(90_000_000)),
        png(4, 2, bytes(3)), png(400, 2, bytes(10)), png(4, 2, bytes(10))[:-20],
        b"\x89PNG\r\n\x1a\n", b"GIF89a", b"",
        png(4, 2, bytes(10)).replace(b"IDAT", b"IDAX"),
    ):  # fmt: skip
        with pytest.raises(logos.NoLogoError):
            logos.png(bad)


def test_fonts_are_plain_fonts() -> None:
    data = INTER.read_bytes()
    font = read_font(data)
    assert (font.family, font.weight, font.slanted) == ("Inter", 400, False)
    assert font.cyrillic and font.narrow
    for bad in (
        b"", b"OTTO", b"wOFF" + data[4:], b"wOF2" + data[4:], b"ttcf" + data[4:],
        data[:2000], data[:4] + b"\xff\xff" + data[6:], data.replace(b"GSUB", b"SVG "),
        data[:300] + bytes(len(data) - 300), zlib.compress(bytes(10_000_000)),
    ):  # fmt: skip
        with pytest.raises(NoFontError):
            read_font(bad)


def test_an_own_font_is_inside_the_page_and_in_the_pdf(tmp_path: Path) -> None:
    files = {"fonts__a_otf": INTER.read_bytes(), "fonts__OFL_txt": "licence"}
    folder = written(tmp_path, "fonts: {text: Inter}\n", **files)
    look = load_look(folder)
    assert look.font_folder == folder.resolve() / "fonts"
    page = render(made.rich(), "html", "en", look=look).decode()
    assert "font-src data:" in page
    assert '@font-face { font-family: "Inter"; font-weight: 400;' in page
    assert render(made.rich(), "pdf", "en", look=look)


@pytest.mark.parametrize(
    "name", ["logo.svg", "sections/a.en.md.j2", "fonts/x.ttf", "fonts/.x.ttf",
             "texts.yaml", "sections"],
)  # fmt: skip
def test_no_link_leads_out_of_the_folder(name: str, tmp_path: Path) -> None:
    folder = written(tmp_path / "house", "")
    outside = tmp_path / "secret"
    if name == "sections":
        outside.mkdir()
        (outside / "a.md").write_text("secret")
    else:
        outside.write_text("secret")
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(outside)
    found, problems = read_look(folder)
    assert found is None
    assert "a link out of the folder" in str(problems[0])


HOSTILE = [
    "{{ ''.__class__.__mro__ }}", "{{ case.__class__ }}", "{% include '/etc/passwd' %}",
    "{% for a in range(900) %}{% for b in range(900) %}x{% endfor %}{% endfor %}",
    "{{ 'a' * 400000000 }}", "{{ '%400000000d' | format(1) }}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{{ config }}",
    "{{ range(10**9) }}", "{% import 'os' as os %}",
]  # fmt: skip


@pytest.mark.parametrize("template", HOSTILE)
def test_no_template_gets_out_or_goes_on_for_ever(
    template: str, tmp_path: Path
) -> None:
    folder = written(tmp_path / "house", "sections: [{id: a, title: {en: a, ru: б}}]\n")
    (folder / "sections").mkdir()
    for lang in LANGUAGES:
        (folder / f"sections/a.{lang}.md.j2").write_text(f"line one\n{template}\n")
    with pytest.raises(KnowledgeError, match=r"house/sections/a\.en\.md\.j2:2:"):
        render(made.rich(), "md", "en", look=load_look(folder))


def test_files_have_limits(tmp_path: Path) -> None:
    folder = written(
        tmp_path / "house", "logo: {file: l.png, alt: {en: a, ru: б}}\n",
        l_png=bytes(1_000_001), fonts__a_ttf=bytes(5_000_001),
        texts_yaml="a" * 200_001,
    )  # fmt: skip
    told = " ".join(map(str, faults(folder)))
    for line in ("house/l.png:1:1 file larger than 1 MB", "house/texts.yaml:1:1",
                 "house/fonts/a.ttf:1:1 file larger than 5 MB"):  # fmt: skip
        assert line in told
    for i in range(210):
        (folder / f"n{i}").touch()
    assert "more than 200 files" in " ".join(map(str, faults(folder)))


def test_the_commands(tmp_path: Path) -> None:
    run = warm_commands.run
    done = run(["look", "new", "ours"], tmp_path, SALESDX_LANG="ru")
    assert done.returncode == 0
    assert "salesdx look check ours" in done.stdout
    again = run(["look", "new", "ours"], tmp_path, SALESDX_LANG="ru")
    assert again.returncode == 3
    assert "уже существует" in again.stderr
    done = run(["look", "check", "ours"], tmp_path, SALESDX_LANG="en")
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "ours/look.yaml").read_text()
    (tmp_path / "ours/look.yaml").write_text(text.replace("#0f6a6a", "#ffff00"))
    bad = run(
        ["look", "check", "ours", "--format", "json"], tmp_path, SALESDX_LANG="en"
    )
    assert bad.returncode == 4
    assert '"contrast"' in bad.stdout
    # a bad look is told before anything is computed
    for words in (["report", "nowhere"], ["plan", "nowhere"], ["serve"]):
        bad = run(words, tmp_path, SALESDX_LANG="en", SALESDX_LOOK="ours")
        assert bad.returncode == 4, bad.stderr
        assert "ours/look.yaml:" in bad.stderr
    missing = run(["report", "x", "--look", "nowhere"], tmp_path, SALESDX_LANG="en")
    assert missing.returncode == 2
    words = run(["look", "words", "plan.title"], tmp_path, SALESDX_LANG="en")
    assert words.stdout.startswith("plan.title: {en: ")
    shutil.rmtree(tmp_path / "ours")
