"""The DOCX as a document that people edit in Word, which forgives less than others."""

import io
import re
import zipfile
from itertools import pairwise
from xml.etree import ElementTree

import docx
import pytest
import render_fixture as made
from docx.document import Document

from salesdx.knowledge.load import load
from salesdx.language import Language
from salesdx.render import edition_for, render
from salesdx.render.worksheets import render as worksheet
from salesdx.render.worksheets.sheet import Desk

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
CASES = {"rich": made.rich, "empty": made.empty, "hostile": made.hostile}
# ECMA-376, wml.xsd: the order of what stands in each kind of properties
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr "
           "suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap "
           "overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd "
           "snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc "
           "textDirection textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr "
           "sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow "
           "emboss imprint noProof snapToGrid vanish webHidden color spacing w kern "
           "position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em "
           "lang eastAsianLayout specVanish oMath",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize "
             "tblStyleColBandSize tblW jc tblCellSpacing tblInd tblBorders shd "
             "tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar "
            "textDirection tcFitText vAlign hideMark",
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar "
              "paperSrc pgBorders lnNumType pgNumType cols formProt vAlign noEndnote "
              "titlePg textDirection bidi rtlGutter docGrid printerSettings",
    "pBdr": "top left bottom right between bar",
    "tblBorders": "top left start bottom right end insideH insideV",
    "tblCellMar": "top left start bottom right end",
    "numPr": "ilvl numId",
    "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId legacy "
           "lvlJc pPr rPr",
    "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
    "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden "
             "unhideWhenUsed qFormat locked personal personalCompose personalReply "
             "rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "styles": "docDefaults latentStyles style",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "settings": "writeProtection view zoom removePersonalInformation defaultTabStop "
                "autoHyphenation consecutiveHyphenLimit hyphenationZone "
                "doNotHyphenateCaps characterSpacingControl compat rsids mathPr "
                "themeFontLang clrSchemeMapping decimalSymbol listSeparator",
}  # fmt: skip


def parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert len(archive.namelist()) == len(set(archive.namelist()))
        return {n: archive.read(n) for n in archive.namelist()}


def out_of_order(xml: bytes) -> list[str]:
    """Where a child stands before one that the schema wants first, or is not known."""
    found = []
    for element in ElementTree.fromstring(xml).iter():
        order = ORDERS.get(element.tag.removeprefix(W))
        if order is None or not element.tag.startswith(W):
            continue
        names = [child.tag.removeprefix(W) for child in element]
        places = order.split()
        unknown = [n for n in names if n not in places]
        wrong = [p for p in pairwise(places.index(n) for n in names if n in places)
                 if p[0] > p[1]]  # fmt: skip
        if unknown or wrong:
            found.append(f"{element.tag.removeprefix(W)}: {' '.join(names)}")
    return found


def opened(lang: Language = "ru", case: str = "rich", **options: str) -> Document:
    file = render(CASES[case](), "docx", lang, **options)
    return docx.Document(io.BytesIO(file))


@pytest.fixture(scope="module")
def rich() -> dict[str, bytes]:
    return parts(render(made.rich(), "docx", "ru"))


@pytest.mark.parametrize("case", CASES)
def test_properties_stand_in_the_order_that_word_demands(case):
    for name, part in parts(render(CASES[case](), "docx", "ru")).items():
        if name.startswith("word/") and name.endswith(".xml") and "theme" not in name:
            assert out_of_order(part) == [], name


def test_worksheets_stand_in_that_order_too():
    desk = Desk(made.rich(), load().worksheets, "ru")
    for name in sorted(desk.sheets)[:4]:
        for part, xml in parts(worksheet(desk, name, "docx")).items():
            if part.startswith("word/") and part.endswith(("t.xml", "s.xml", "g.xml")):
                assert out_of_order(xml) == [], (name, part)


def test_a_wrong_order_is_seen():
    wrong = f'<p xmlns:w="{W[1:-1]}"><w:pPr><w:jc/><w:pStyle/></w:pPr></p>'
    assert out_of_order(wrong.encode()) == ["pPr: jc pStyle"]


def test_every_part_is_named_and_every_name_has_its_part(rich):
    said = rich["[Content_Types].xml"].decode()
    named = set(re.findall(r'PartName="/([^"]+)"', said))
    kinds = set(re.findall(r'Extension="([^"]+)"', said))
    assert named <= rich.keys()
    assert all(n in named or n.rpartition(".")[2] in kinds for n in rich)
    targets = re.findall(
        r'Target="([^"]+)"', rich["word/_rels/document.xml.rels"].decode()
    )
    assert {f"word/{t}" for t in targets} <= rich.keys()
    used = set(re.findall(rb'r:(?:embed|id)="([^"]+)"', rich["word/document.xml"]))
    known = re.findall(rb' Id="([^"]+)"', rich["word/_rels/document.xml.rels"])
    assert used <= set(known)


def test_styles_are_those_of_word_and_each_that_is_used_is_there(rich):
    styles = rich["word/styles.xml"].decode()
    there = set(re.findall(r'w:styleId="([^"]+)"', styles))
    used = set(re.findall(rb'w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"',
                          rich["word/document.xml"]))  # fmt: skip
    assert {u.decode() for u in used} <= there
    names = {p.style.name for p in opened().paragraphs}
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "List Bullet",
            "List Number", "Caption", "Quote"} <= names  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_headings_leave_out_no_level(case):
    names = [p.style.name for p in opened(case=case).paragraphs]
    levels = [int(n[-1]) for n in names if n.startswith("Heading ")]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_lists_are_lists_and_each_numbered_one_begins_anew(rich):
    body = rich["word/document.xml"].decode()
    numbering = rich["word/numbering.xml"].decode()
    lists = re.findall(r'<w:numId w:val="(\d+)"', body)
    there = re.findall(r'<w:num w:numId="(\d+)"', numbering)
    assert set(lists) <= set(there)
    assert len(there) == len(set(there))
    numbered = {i for i in lists if i != "1"}
    assert len(numbered) == numbering.count("<w:startOverride ") > 3
    for paragraph in opened().paragraphs:
        assert not re.match(r"(\d+\.|–|-|•)\s", paragraph.text), paragraph.text


def test_tables_repeat_their_head_keep_their_rows_and_share_the_line():
    file = opened()
    assert len(file.tables) > 8
    for table in file.tables:
        rows = table._tbl.tr_lst
        assert all(r.trPr.find(f"{W}cantSplit") is not None for r in rows)
        if table.style.name != "Key Figures":
            assert rows[0].trPr.find(f"{W}tblHeader") is not None
        widths = [int(c.get(f"{W}w")) for c in table._tbl.tblGrid]
        assert sum(widths) <= 176 * 56.7 + 3
        for r in rows:
            cells = [int(c.tcPr.find(f"{W}tcW").get(f"{W}w")) for c in r.tc_lst]
            assert cells == widths


def test_the_loss_map_is_a_table_whose_states_differ_in_signs():
    file = opened()
    maps = [t for t in file.tables if t.style.name == "Loss Map"]
    report = edition_for(made.rich(), "ru").report
    drawn = [b for s in report.sections for b in s.blocks if getattr(b, "heat", None)]
    assert len(maps) == len(drawn) > 0
    signs = {c.text[:1] for t in maps for r in t.rows[1:] for c in r.cells[1:]}
    assert {"▲", "○"} <= signs <= {"▲", "◊", "○", "n", ""}
    for table in maps:
        about = table._tbl.tblPr.find(f"{W}tblDescription")
        assert about.get(f"{W}val")


def test_pictures_are_described_and_charts_alone_are_pictures():
    file = opened()
    names = [s._inline.docPr.get("name") for s in file.inline_shapes]
    assert {"funnel", "waterfall", "cohorts", "causes", "timeline"} <= set(names)
    assert not [n for n in names if n.startswith(("map", "pair", "work"))]
    assert all(s._inline.docPr.get("descr") for s in file.inline_shapes)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_contents_name_every_chapter_and_lead_to_it(lang):
    file = parts(render(made.rich(), "docx", lang))["word/document.xml"].decode()
    contents = file[file.index("<w:sdt>") : file.index("</w:sdt>")]
    assert 'TOC \\o "1-2" \\n \\h \\z' in contents
    for section in edition_for(made.rich(), lang).report.sections:
        assert section.title in contents
    aims = re.findall(r'w:anchor="([^"]+)"', contents)
    marks = re.findall(r'<w:bookmarkStart w:id="\d+" w:name="([^"]+)"', file)
    assert aims == marks
    begins, ends = (file.count(f'fldCharType="{k}"') for k in ("begin", "end"))
    assert begins == ends


@pytest.mark.parametrize(("lang", "code"), [("ru", "ru-RU"), ("en", "en-GB")])
def test_the_spelling_checker_knows_the_language(lang, code):
    file = parts(render(made.rich(), "docx", lang))
    assert f'<w:lang w:val="{code}"' in file["word/styles.xml"].decode()
    assert f"<dc:language>{code}<" in file["docProps/core.xml"].decode()
    hyphens = b"<w:autoHyphenation/>" in file["word/settings.xml"]
    assert hyphens is (lang == "ru")
    foot = file["word/footer1.xml"].decode()
    assert re.findall(r"<w:instrText[^>]*> (\w+) ", foot) == ["PAGE", "NUMPAGES"]


def test_the_properties_name_the_company_and_nobody(rich):
    core = rich["docProps/core.xml"].decode()
    assert "<dc:creator></dc:creator>" in core
    assert "lastModifiedBy" not in core
    assert b"rsid" not in rich["word/document.xml"]
    assert not [n for n in rich if n.startswith(("customXml", "docProps/thumb"))]


def test_a_headed_thing_stays_with_its_heading(rich):
    styles = rich["word/styles.xml"].decode()
    for name in ("Heading1", "Heading2", "Heading3", "Heading4", "Caption", "Tags",
                 "CellHead", "AnswerHeading", "TOCHeading"):  # fmt: skip
        style = styles.partition(f'w:styleId="{name}"')[2].partition("</w:style>")[0]
        assert "<w:keepNext/>" in style, name


@pytest.mark.parametrize("case", CASES)
def test_another_program_opens_it_and_saves_it(case):
    first = opened(case=case)
    out = io.BytesIO()
    first.save(out)
    again = docx.Document(out)
    assert [p.text for p in again.paragraphs] == [p.text for p in first.paragraphs]
    assert len(again.tables) == len(first.tables)
