import io
import json
import os
import subprocess
import sys
import time
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import docx
import pypdfium2
import pytest
import render_fixture as made
from render_fixture import both

from salesdx.errors import UsageError
from salesdx.language import Language
from salesdx.render import AUDIENCES, FORMATS, edition_for, render
from salesdx.render.report import Block, figures
from salesdx.render.terminal import text
from salesdx.render.words import Words
from salesdx.result import Money, ResultDocument

SNAPSHOTS = Path(__file__).parent / "snapshots"
LANGUAGES: tuple[Language, Language] = ("en", "ru")
CASES = {"rich": made.rich, "empty": made.empty, "hostile": made.hostile}


class Tags(HTMLParser):
    """Every tag and attribute of a page, and the text of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data) -> None:
        self.words.append(data)


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [p.get_textpage().get_text_bounded() for p in document]
    finally:
        document.close()


def flat(text_: str) -> str:
    return "".join(text_.replace("\u200b", "").replace("\ufffe", "").split())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("fmt", FORMATS)
def test_equal_input_gives_equal_bytes(fmt, case, lang):
    first = render(CASES[case](), fmt, lang)
    assert first == render(CASES[case](), fmt, lang)
    assert first


@pytest.mark.parametrize("fmt", ["html", "docx", "xlsx", "pdf"])
def test_bytes_do_not_depend_on_hash_seed_locale_or_time_zone(fmt):
    code = (
        "import hashlib, render_fixture as f; from salesdx.render import render;"
        f"print(hashlib.sha256(render(f.rich(), {fmt!r}, 'ru')).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], check=True, capture_output=True, text=True,
            env={"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C.UTF-8",
                 "PYTHONPATH": str(made.__file__).rpartition("/")[0]},
        ).stdout
        for seed, zone in (("1", "UTC"), ("77", "Asia/Tokyo"))
    }  # fmt: skip
    assert len(seen) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_page_one_of_the_pdf_holds_the_whole_answer(case, lang):
    report = edition_for(CASES[case](), lang).report
    first = flat(pages(render(CASES[case](), "pdf", lang))[0])
    one = report.page_one
    said = [one.verdict, *(k.value for k in one.keys), *(i.title for i in one.findings)]
    said += [i.title for i in one.actions] + [i.meta for i in one.actions] + one.enough
    for words in said:
        assert flat(words) in first, words


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_format_says_the_same(lang):
    document = made.rich()
    report = edition_for(document, lang).report
    page = Tags(render(document, "html", lang).decode())
    word = docx.Document(io.BytesIO(render(document, "docx", lang)))
    said = {
        "html": flat("".join(page.words)),
        "pdf": flat("".join(pages(render(document, "pdf", lang)))),
        "docx": flat("".join(p.text for p in word.element.body.iter() if p.text)),
        "md": flat(render(document, "md", lang).decode().replace("\\", "")),
    }
    wanted = [s.title for s in report.sections]
    wanted += [getattr(c.title, lang) for c in document.causes]
    wanted += [getattr(a.title, lang) for a in document.plan]
    wanted += [k.value for k in report.page_one.keys]
    for fmt, words in said.items():
        for title in wanted:
            assert flat(title) in words, (fmt, title)


@pytest.mark.parametrize("case", CASES)
def test_the_page_holds_no_script_no_link_out_and_nothing_loaded(case):
    page = Tags(render(CASES[case](), "html", "ru").decode())
    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "img", "link", "iframe", "object", "form", "b/"}
    for tag, attributes in page.tags:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes), tag
        for name in ("href", "src", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")


def test_the_policy_allows_the_style_by_its_hash_only():
    page = render(made.rich(), "html", "en").decode()
    policy = next(
        a["content"] for t, a in Tags(page).tags if a.get("http-equiv") is not None
    )
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "sha256-" in policy


def test_ids_are_unique_and_links_lead_somewhere():
    page = Tags(render(made.rich(), "html", "ru").decode())
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for _, a in page.tags if a.get("href")}
    assert targets <= set(ids)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_charts_are_xml_with_a_title_and_a_description(case, lang):
    report = edition_for(CASES[case](), lang).report
    blocks: list[Block] = [b for s in report.sections for b in s.blocks]
    drawn = figures(blocks)
    assert len({f.name for f in drawn}) == len(drawn)
    for chart in drawn:
        root = ElementTree.fromstring(chart.svg)
        assert [child.tag.rpartition("}")[2] for child in root][:2] == ["title", "desc"]
        assert root[0].text
        assert root[1].text


def test_the_rich_case_draws_every_chart():
    report = edition_for(made.rich(), "en").report
    names = {f.name for s in report.sections for f in figures(s.blocks)}
    assert {"funnel", "waterfall", "cohorts", "map0", "causes", "timeline"} <= names


def test_owners_have_the_bars_and_others_the_curves_beside_them():
    for audience, expected in (("owner", False), ("consultant", True), ("team", True)):
        report = edition_for(made.rich(), "en", audience=audience).report
        names = {f.name for s in report.sections for f in figures(s.blocks)}
        assert ("curves" in names) is expected
        assert "cohorts" in names


def test_markdown_escapes_markup():
    page = render(made.hostile(), "md", "en").decode()
    assert "<script" not in page.replace("\\<", "")
    assert "\n# <" not in page


def test_json_is_the_contract_itself():
    document = made.rich()
    data = render(document, "json", "ru")
    assert data == document.to_json().encode()
    assert ResultDocument.model_validate_json(data) == document


@pytest.mark.parametrize("fmt", ["docx", "xlsx"])
def test_office_files_carry_no_clock(fmt):
    with zipfile.ZipFile(io.BytesIO(render(made.rich(), fmt, "ru"))) as archive:
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2026-06-30T00:00:00Z") == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_not_enough_data_says_what_would_be_enough(lang):
    one = edition_for(made.empty(), lang).report.page_one
    told = [k.value for k in one.keys]  # only what is known: examined, answered
    assert told == {"en": ["0%", "0"], "ru": ["0\u00a0%", "0"]}[lang]
    assert len(one.enough) == 4  # what suffices, two exports, a question
    assert not one.findings
    assert not one.actions


def test_the_data_gate_calls_a_recount_a_recount():
    said = render(made.rich(), "md", "en").decode()
    assert "50:1" in said
    assert "17:1" in said
    assert "a recount, not a gain" in said


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", CASES)
def test_a_weight_is_never_called_a_chance(case, lang):
    said = render(CASES[case](), "md", lang).decode().lower()
    assert "%" not in "".join(x for x in said.splitlines() if "weight of ev" in x)
    assert "nan" not in said.split()
    assert "none" not in said.split()


def test_a_claim_is_marked_as_its_authors():
    said = render(made.rich(), "md", "ru").decode()
    told = "Слова автора методики, а не наш прогноз; в суммы не входят: Продажи растут"
    assert told in said


def test_the_team_reads_no_names_and_no_answers():
    document = made.rich()
    told = both("Смирнова Анна отстаёт", "Смирнова Анна отстаёт")
    summary = document.summary.model_copy(update={"verdict": told})
    document = document.model_copy(update={"summary": summary})
    said = render(document, "md", "ru", audience="team").decode()
    assert not [m for m in made.MANAGERS if m in said]
    assert "собственник" not in said.partition("Приложение")[2]


def test_the_owner_is_spared_rules_and_the_appendix():
    said = render(made.rich(), "md", "en", audience="owner").decode()
    assert "Appendix" not in said
    assert "raw\\_and" not in said
    assert "rule raw-and-mature-diverge" not in said


@pytest.mark.parametrize("width", [40, 80, 200])
def test_terminal_text_is_plain_and_keeps_to_the_width(width):
    for make in CASES.values():
        for lang in LANGUAGES:
            lines = text(make(), lang, width).splitlines()
            assert max(map(len, lines)) <= width
            assert all(c.isprintable() for line in lines for c in line)


def test_an_unknown_format_names_the_known_ones():
    with pytest.raises(UsageError, match="html, pdf, docx, md, json, xlsx"):
        render(made.rich(), "odt", "en")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_audience_gets_a_report(audience):
    assert render(made.rich(), "html", "ru", audience=audience)


def test_importing_the_package_loads_no_format():
    code = (
        "import sys, salesdx.render;"
        "print([m for m in ('typst','jinja2','xlsxwriter','babel')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert json.loads(done.stdout.replace("'", '"')) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["md", "txt"])
def test_the_words_are_those_agreed(kind, lang):
    """UPDATE_SNAPSHOTS=1 writes them anew: read the difference before committing."""
    document = made.rich()
    words = (
        render(document, "md", lang).decode()
        if kind == "md"
        else text(document, lang, 80)
    )
    path = SNAPSHOTS / f"report-{lang}.{kind}"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(words, "utf-8")
    assert words == path.read_text("utf-8")


def test_the_three_documents_of_one_language_are_quick():
    document = made.rich()
    started = time.perf_counter()
    for fmt in ("html", "pdf", "docx"):
        render(document, fmt, "ru")
    assert time.perf_counter() - started < 3  # about half a second; slow machines


def test_chosen_options_are_shown_by_their_titles():
    document = made.rich()
    row = document.answers[0].model_copy(
        update={"value": "next_day", "shown": both("The next day", "Назавтра")}
    )
    document = document.model_copy(update={"answers": [row]})
    said = render(document, "md", "ru").decode()
    assert "Назавтра" in said
    assert "next\\_day" not in said


def test_the_team_plan_holds_nothing_done_about_one_person():
    document = made.rich()
    personal = [c.id for c in document.causes if c.slice.get("manager")]
    action = document.plan[0].model_copy(update={"causes": personal})
    document = document.model_copy(update={"plan": [action, *document.plan[1:]]})
    title = action.title.ru
    assert title in render(document, "md", "ru").decode()
    assert title not in render(document, "md", "ru", audience="team").decode()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("«Новички и «звёзды» искажают»", "«Новички и „звёзды“ искажают»"),
        ("Есть регламент?: да", "Есть регламент?\u00a0— да"),
        ("к прошлому году -5 %", "к прошлому году −5\u00a0%"),
    ],
)
def test_russian_keeps_its_typography(said, shown):
    words = Words(made.rich(), "ru")
    assert words.text(both("x", said)) == shown


def test_a_plan_day_without_a_date_is_declined():
    words = Words(made.empty(), "ru")
    assert [words.day(5), words.day(5, "day.until"), words.day(5, "day.on")] == [
        "день 5", "5-го дня", "на 5-й день",
    ]  # fmt: skip
    assert Words(made.empty(), "en").day(5, "day.until") == "day 5"


def test_a_range_names_its_unit_once():
    words = Words(made.rich(), "ru")
    money = Money(low=4_200_000, expected=5_100_000, high=6_000_000)
    assert words.span(money).replace("\u00a0", " ") == "от 4,2 до 6 млн ₽"
    assert words.interval((0.675, 0.71), "ratio") == "67,5–71\u00a0%"
