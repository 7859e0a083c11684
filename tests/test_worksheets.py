"""Worksheets: filled from the case, empty where nothing is known, safe, one in both."""

import dataclasses
import io
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pypdfium2
import pytest
import render_fixture as made
from knowledge_fixture import TEXT, text_file
from test_render import Tags, flat

from salesdx.cli import run, wording
from salesdx.content import content
from salesdx.errors import KnowledgeError, Problem
from salesdx.knowledge.load import load, load_all
from salesdx.knowledge.worksheets import Template
from salesdx.language import LANGUAGES, Language
from salesdx.render.worksheets import FORMATS, fit, render
from salesdx.render.worksheets.parsed import tokens
from salesdx.render.worksheets.pdf import _Reader
from salesdx.render.worksheets.sandbox import CHARACTERS, FILTERS
from salesdx.render.worksheets.sheet import Desk, wanted
from salesdx.render.worksheets.template import fill
from salesdx.render.worksheets.told import Told
from salesdx.render.worksheets.view import View
from salesdx.result import ResultDocument
from salesdx.workbench.lint import lint
from salesdx.workbench.sample_document import everything, nothing
from salesdx.workbench.worksheets import lint_worksheets

pytestmark = pytest.mark.usefixtures("measured_once")
KNOWLEDGE = load()
SHEETS = KNOWLEDGE.worksheets
SNAPSHOTS = Path(__file__).parent / "snapshots"
CASE = Path(__file__).parent / "cases" / "k04"
SAMPLES = {
    "nothing": nothing(),
    "all yes": everything(KNOWLEDGE, yes=True),
    "all no": everything(KNOWLEDGE, yes=False),
    "rich": made.rich(),
    "empty": made.empty(),
    "hostile": fit(made.hostile()),
}
DESKS = {
    (case, lang): Desk(sample, SHEETS, lang)
    for case, sample in SAMPLES.items()
    for lang in LANGUAGES
}
WANTED = (
    "funnel-charter odc-builder offer-per-group why-us product-rework"
    " buying-centre-list hunter-farmer-split presales-rules weekly-monitoring"
    " planning-meeting"
    " ticket-requirements process-kpi churn-survey return-list touch-chain"
    " crm-checklist revenue-profit-control owner-handover growth-session"
    " client-standards sales-scripts loyalty-policy discount-policy assortment-policy"
    " wallet-plan order-forming base-questions hypothesis-tracker custdev-groups"
)


def shape(text: str) -> list[Any]:
    """Headings and tables: what must be alike in both languages."""
    found: list[Any] = []
    for token in tokens(text):
        if token.type == "heading_open":
            found.append(token.tag)
        elif token.type == "table_open":
            found.append(len(token.meta["widths"]))
        elif token.type == "tr_open":
            found.append("row")
    return found


def words(content_: bytes) -> str:
    document = docx.Document(io.BytesIO(content_))
    return "".join(e.text or "" for e in document.element.body.iter() if e.text)


def problem(text: str, lang: Language = "en") -> Problem:
    names = View(made.rich(), lang).names([])
    with pytest.raises(KnowledgeError) as caught:
        fill(Template("own/x.en.md.j2", text), names, lang)
    return caught.value.problems[0]


def filled(text: str, document: ResultDocument | None = None) -> str:
    names = View(document or made.rich(), "en").names([])
    return fill(Template("own/x.en.md.j2", text), names, "en")


def own(folder: Path, entries: list[dict[str, Any]], **templates: str) -> Path:
    """An overlay with worksheets; `a_en` is the English template of `a`."""
    rows = [{"title": TEXT, "purpose": TEXT} | e for e in entries]
    data = json.dumps({"format": 1, "worksheets": rows})
    text_file(folder, "worksheets/worksheets.yaml", data)
    for name, text in templates.items():
        sheet, _, lang = name.replace("0", "-").rpartition("_")
        text_file(folder, f"worksheets/{sheet}.{lang}.md.j2", text)
    return folder


def codes(found: Iterator[Problem] | list[Problem]) -> set[str]:
    return {p.code for p in found}


def test_the_shipped_sheets_are_all_there_and_in_order() -> None:
    assert set(WANTED.split()) <= set(SHEETS)
    assert list(lint_worksheets(KNOWLEDGE)) == []
    refs = {r for s in SHEETS.values() for r in s.spec.ref}
    # all that the sources want as a form; 23 and 57 are no forms
    asked = {6, *range(10, 15), *range(16, 23), *range(24, 57), 58, 59}
    assert {f"P-{n:02}" for n in asked} <= refs


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("case", SAMPLES)
def test_every_sheet_is_filled_from_any_case(case: str, lang: Language) -> None:
    desk = DESKS[case, lang]
    for name in SHEETS:
        text = desk.markdown(name)
        assert f"\n# {SHEETS[name].spec.title.in_(lang)}" in f"\n{text}"
        assert not re.search(r"\bTrue\b|\bFalse\b|\{\{|\{%", text), name
        assert not re.search(r"\n\n\n", text)
        for token in tokens(text):
            assert token.type != "html_block"


@pytest.mark.parametrize("case", SAMPLES)
def test_both_languages_have_the_same_form(case: str) -> None:
    for name in SHEETS:
        one, other = (shape(DESKS[case, lang].markdown(name)) for lang in LANGUAGES)
        assert one == other, name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_not_known_is_left_to_be_written(lang: Language) -> None:
    desk = DESKS["nothing", lang]
    unknown = desk.view.words.t("unknown")
    for name in SHEETS:
        text = desk.markdown(name)
        assert unknown not in text.casefold(), name
        assert "None" not in text, name
        blank = [t for t in tokens(text) if t.attrs.get("class") == "blank"]
        assert len(blank) > 20, name


def test_a_sheet_knows_who_does_it_by_when_and_how_it_shows() -> None:
    actions = [
        a.model_copy(update={"worksheet": "reply-norm"}) if a.worksheet else a
        for a in made.plan()
    ]
    document = made.rich().model_copy(update={"plan": actions})
    head = Desk(document, SHEETS, "en").markdown("reply-norm")[:900]
    for said in (
        "ООО «Северный чай»", "Put one person on duty", "Head of sales",
        "3 Jul – 13 Jul 2026", "4.2 h → at most 30 min",
    ):  # fmt: skip
        assert flat(said) in flat(head)


def test_figures_and_answers_of_the_case_stand_in_the_sheet() -> None:
    desk = DESKS["rich", "ru"]
    assert "Отправлено коммерческое предложение" in desk.markdown("funnel-charter")
    passport = desk.markdown("figure-passport")
    assert "2\u00a0%" in passport
    assert "5,9\u00a0%" in passport
    assert "118\u00a0дн." in passport


def test_a_checklist_puts_what_is_missing_first() -> None:
    line = '{% for i in missing_first([("crm.site", "a"), ("crm.email crm.functions='
    line += 'email", "b"), ("ticket.deletable", "c", "no"), ("x.y", "d")]) %}'
    line += "{{ i.name }}{{ i.mark }} {% endfor %}"
    base = everything(KNOWLEDGE, yes=True)
    assert filled(line, base) == "cno d ayes byes "
    base = everything(KNOWLEDGE, yes=False)
    assert filled(line, base) == "ano bno d cyes "
    functions = [a for a in everything(KNOWLEDGE, yes=True).answers
                 if a.question == "crm.functions"]  # fmt: skip
    only = nothing().model_copy(update={"answers": functions})
    assert filled(line, only) == "a c d byes "


@pytest.mark.parametrize("lang", LANGUAGES)
def test_findings_about_people_are_no_matter_for_the_meeting(lang: Language) -> None:
    found = DESKS["rich", lang].markdown("planning-meeting")
    private = {"en": "## In private", "ru": "## Наедине"}[lang]
    common, alone = found.split(private)
    assert not any(name in common for name in made.MANAGERS)
    assert any(name in alone for name in made.MANAGERS)
    assert "conversion.at-horizon\\[manager" in alone  # the id, for the minutes


def test_the_team_reads_no_name() -> None:
    document = fit(made.rich(), "team")
    for name in SHEETS:
        text = Desk(document, SHEETS, "ru").markdown(name)
        assert not any(m.split()[0] in text for m in made.MANAGERS), name
    hidden = fit(made.rich(), anonymise=True)
    text = Desk(hidden, SHEETS, "ru").markdown("daily-activity")
    assert not any(m.split()[0] in text for m in made.MANAGERS)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hostile_values_say_what_they_say_and_do_nothing(lang: Language) -> None:
    desk = DESKS["hostile", lang]
    for name in SHEETS:
        for token in tokens(desk.markdown(name)):
            for child in token.children or []:
                assert child.type not in {"html_inline", "image", "link_open"}
    page = Tags(render(desk, "planning-meeting", "html").decode())
    assert not {"script", "img", "a", "svg"} & {tag for tag, _ in page.tags}
    assert "<script>alert(1)</script>" in "".join(page.words)


@pytest.mark.parametrize(
    "value",
    ["a|b", "a\\|b", "a\\", "`x` | y", "- a", "1. a", "# a", "=1+1", "<b>", "[x](y)",
     "a\nb", "*a* _b_", "{{ 1 }}", "~~a~~", "a\u00a0%"],
)  # fmt: skip
def test_a_value_stays_within_its_cell(value: str) -> None:
    case = made.rich().case.model_copy(update={"name": value})
    document = made.rich().model_copy(update={"case": case})
    text = filled("| a | b |\n|-|-|\n| {{ case.name }} | z |\n", document)
    found = [t for t in tokens(text) if t.type == "inline"]
    said = ["".join(c.content for c in t.children or []) for t in found]
    assert said == ["a", "b", " ".join(value.split("\n")), "z"]


@pytest.mark.parametrize("fmt", FORMATS)
@pytest.mark.parametrize("case", ["rich", "hostile", "nothing"])
def test_equal_input_gives_equal_bytes(fmt: str, case: str) -> None:
    for name in ("planning-meeting", "touch-chain"):
        first = render(DESKS[case, "ru"], name, fmt)
        again = Desk(SAMPLES[case], SHEETS, "ru")
        assert first == render(again, name, fmt)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_format_says_the_same(lang: Language) -> None:
    desk = DESKS["rich", lang]
    for name in ("ticket-requirements", "planning-meeting", "product-rework"):
        text = desk.markdown(name)
        said = [
            "".join(c.content for c in t.children or [])
            for t in tokens(text) if t.type == "inline"
        ]  # fmt: skip
        page = flat("".join(Tags(render(desk, name, "html").decode()).words))
        word = flat(words(render(desk, name, "docx")))
        for line in said:
            assert flat(line) in page, line
            assert flat(line) in word, line
            assert unhyphened(line) in unhyphened(printed_text(desk, name)), line


def unhyphened(text: str) -> str:
    """Where lines end, words may be parted: that is no other word."""
    return re.sub(r"[-\x02\u00ad\ufffe]", "", flat(text))


@cache
def printed(desk: Desk, name: str) -> tuple[tuple[float, float], ...]:
    """The sizes of the pages of a sheet as PDF."""
    document = pypdfium2.PdfDocument(render(desk, name, "pdf"))
    return tuple(page.get_size() for page in document)


@cache
def printed_text(desk: Desk, name: str) -> str:
    """The words of a sheet as PDF, but for the foot of each page."""
    document = pypdfium2.PdfDocument(render(desk, name, "pdf"))
    return "".join(p.get_textpage().get_text_bounded() for p in document)


def test_a_printed_sheet_lies_as_it_should_and_shows_texts_as_texts() -> None:
    desk = DESKS["hostile", "en"]
    assert {w > h for w, h in printed(desk, "return-list")} == {True}
    assert {w > h for w, h in printed(desk, "funnel-charter")} == {False}
    assert "<script>alert(1)</script> · as of" in printed_text(desk, "daily-activity")


def test_what_is_to_be_filled_in_has_lines_to_write_on() -> None:
    read = _Reader(tokens("| Words |\n|---|\n| |\n| |\n\n| a | b |\n|--|--|\n| | |\n"))
    lines, form = read.blocks()
    assert (lines["lines"], len(lines["rows"])) == (True, 2)
    assert (form["lines"], form["rows"]) == (False, [[[], []]])


def test_lists_of_lists_are_read_whole() -> None:
    read = _Reader(tokens("3. one\n   - two **three**\n4. four\n\n> five\n"))
    numbers, note = read.blocks()
    assert (numbers["start"], len(numbers["items"])) == (3, 2)
    inner = numbers["items"][0][1]["items"][0][0]["runs"]
    assert [(r["text"], r["bold"]) for r in inner] == [("two ", False), ("three", True)]
    assert note["kind"] == "note"


def test_the_page_loads_nothing_and_allows_only_its_style() -> None:
    page = render(DESKS["hostile", "en"], "return-list", "html").decode()
    found = Tags(page)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in found.tags}
    for tag, attributes in found.tags:
        assert "style" not in attributes, tag
    policy = next(a["content"] or "" for _, a in found.tags if "http-equiv" in a)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert 'class="sheet wide"' in page


def test_a_wide_sheet_lies_on_its_side_and_widths_follow_the_dashes() -> None:
    file = docx.Document(io.BytesIO(render(DESKS["rich", "en"], "return-list", "docx")))
    assert file.sections[0].page_width > file.sections[0].page_height
    found = tokens("| a | b |\n|--|------|\n| c | d |\n")
    one, three = found[0].meta["widths"]
    assert three == pytest.approx(3 * one)
    found = tokens("| a | b |\n|-|--------------|\n| unbreakable | d |\n")
    assert found[0].meta["widths"][0] > len("unbreakable")


@pytest.mark.parametrize(
    ("name", "lang"),
    [
        ("funnel-charter", "ru"),
        ("planning-meeting", "en"),
        ("ticket-requirements", "ru"),
    ],
)
def test_the_words_are_those_agreed(name: str, lang: Language) -> None:
    text = DESKS["rich", lang].markdown(name)
    assert text == (SNAPSHOTS / f"worksheet-{name}-{lang}.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a\n{{ whatever }}", 2, "no name 'whatever'"),
        ("{{ figur('x') }}", 1, "did you mean 'figure'?"),
        ("a\n\n{{ action.ovner }}", 3, "no field 'ovner' (did you mean 'owner'?)"),
        ("{% if %}", 1, "a name or a value was expected"),
        ("{{ case }}", 1, "cannot be printed"),
        ("{{ 'a'|safe }}", 1, "no filter 'safe'"),
        ("a\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{{ ''.__class__.__mro__ }}", 1, "opens only what the case"),
        ("{{ said.__globals__ }}", 1, "opens only what the case"),
        ("{{ case.name.upper() }}", 1, "opens only what the case"),
        ("{{ _spend(-9) }}", 1, "no name '_spend'"),
        ("{% include 'report.html.j2' %}", 1, "{% include %} is not used"),
        ("{% autoescape false %}{{ case.name }}{% endautoescape %}", 1, "is not used"),
        ("{{ case.name ~ 'x' }}", 1, "write the parts in a row"),
        ("{{ 'a' * 400000000 }}", 1, "only small numbers"),
        ("{{ 10 ** 9 }}", 1, "only small numbers"),
        ("{{ case.name[1:] }}", 1, "only a list is cut"),
        ("{{ case.name|list|length }}", 1, "only a list is cut"),
        ("{{ range(100000)|length }}", 1, "the range is too long"),
        ("{{ actions|upper }}", 1, "this is no text"),
        ("{% set n = 99999 %}" + "{% set n = n * n %}" * 9, 1, "only small numbers"),
        ("{% set a = [case, case] %}", 1, "texts and numbers only"),
        ("{{ " + "(" * 3000 + ")" * 3000 + " }}", 1, "in circles"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", 1, "in circles"),
        ("{% for a in range(900) %}{% for b in range(900) %}{% endfor %}{% endfor %}",
         1, "never comes to an end"),
        ("{% set a = 'xx' %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 30, 1,
         f"more than {CHARACTERS} characters"),
        ("{% for a in range(900) %}" + "x" * 900 + "{% endfor %}", 1, "characters"),
        ("x" * 200_000, 1, "larger than"),
        ("{%" * 19_000, 1, "after {% comes a word"),
    ],
)  # fmt: skip
def test_a_faulty_template_is_told_with_file_and_line(
    text: str, line: int, says: str
) -> None:
    found = problem(text)
    assert str(found).startswith(f"own/x.en.md.j2:{line}:1 template ")
    assert says in str(found)
    assert re.search("[а-я]", found.text("ru"))


def test_a_template_may_do_what_a_form_needs() -> None:
    assert filled("{% macro m(a) %}[{{ a }}]{% endmacro %}{{ m(case.name) }}") == (
        "[ООО «Северный чай»]"
    )
    assert filled("{{ ['a|b', 'c']|join(', ') }}") == "a\\|b, c"
    ns = "{% set n = namespace(x=0) %}{% for i in range(3) %}"
    assert filled(ns + "{% set n.x = n.x + 2 %}{% endfor %}{{ n.x }}") == "6"
    assert filled("{% for b in blanks(5, 3) %}| |\n{% endfor %}") == "| |\n| |\n"
    assert filled("a{% if 1 %} b{% endif %}\nc") == "a b\nc"
    assert filled("{{ figure('no.such') or said('no.such') }}|") == "|"
    assert filled("{{ day(1) }}, {{ weekly(2)|join(', ') }}") == (
        "1\u00a0Jul\u00a02026, 6 Jul 2026, 13 Jul 2026"
    )


def test_lint_knows_every_name_in_a_template(tmp_path: Path) -> None:
    text = (
        '{{ figure("response.frist-business") }}\n'
        '{% if said("crm.sites").yes %}{% endif %}\n'
        '{% if said("churn.methods").chosen("vidoe") %}{% endif %}\n'
        '{{ names("managers") }}\n'
        '{% for q, t in [("crm.email crm.functions=emial", "x")] %}{% endfor %}\n'
        '{{ figure("check.average", person="a") }}'
    )
    entry = {"id": "mine", "unused": "for this test"}
    overlay = own(tmp_path, [entry], mine_en=text, mine_ru="а")
    found = [str(p) for p in lint([overlay])]
    assert any("mine.en.md.j2:4:1 template" in line for line in found)
    for says in ("did you mean 'response.first-business'?", "did you mean 'crm.site'?",
                 "no option 'vidoe' (did you mean 'video'?)",
                 "no option 'emial' (did you mean 'email'?)",
                 "no cut 'person'", "no cut 'managers'"):  # fmt: skip
        assert any(says in line for line in found), (says, found)


def test_a_sheet_of_ones_own_lies_over_the_shipped_one(tmp_path: Path) -> None:
    entry = {"id": "why-us", "title": {"en": "Ours", "ru": "Наш"}}
    overlay = own(tmp_path, [entry], why0us_en="own {{ case.name }}", why0us_ru="своё")
    knowledge = load([overlay])
    assert lint([overlay]) == []
    desk = Desk(made.rich(), knowledge.worksheets, "en")
    assert "own ООО «Северный чай»" in desk.markdown("why-us")
    assert len(knowledge.worksheets) == len(SHEETS)


def test_what_does_not_fit_together_is_told(tmp_path: Path) -> None:
    overlay = own(
        tmp_path, [{"id": "mine", "along": ["why-uss"]}], mine_en="a", stray_ru="b"
    )
    remedy = {
        "id": "mend", "title": TEXT, "steps": [TEXT], "owner": "owner", "days": 5,
        "worksheet": "why-is", "source": {"seed": "1"}, "grade": "E1",
    }  # fmt: skip
    text_file(tmp_path, "remedies/own.yaml",
              json.dumps({"format": 1, "remedies": [remedy]}))  # fmt: skip
    _, found = load_all([overlay])
    told = [str(p) for p in found]
    assert codes(found) == {"missing-template", "unknown-file", "unknown-id"}
    assert any("no template mine.ru.md.j2" in t for t in told)
    assert any("stray.ru.md.j2:1:1 unknown-file" in t for t in told)
    assert sum("did you mean 'why-us'?" in t for t in told) == 2
    overlay = own(tmp_path / "two", [{"id": "lone"}], lone_en="a", lone_ru="б")
    assert [p.code for p in lint([overlay])] == ["unused-worksheet"]


def test_a_broken_template_keeps_no_diagnosis_from_being_made(tmp_path: Path) -> None:
    overlay = own(tmp_path, [{"id": "why-us"}], why0us_en="{% if %}", why0us_ru="a")
    assert load([overlay]).worksheets["why-us"].templates["en"].text == "{% if %}"
    assert codes(lint([overlay])) == {"template"}


def test_only_the_sheets_of_the_plan_are_wanted_and_what_goes_along() -> None:
    plan = [a for a in everything(KNOWLEDGE, True).plan
            if a.id in {"standards-from-analysis", "ticket-system"}]  # fmt: skip
    document = nothing().model_copy(update={"plan": plan})
    found = wanted(document, SHEETS, every=False)
    assert set(found) == {"client-standards", "ticket-requirements",
                          *SHEETS["client-standards"].spec.along}  # fmt: skip
    assert set(wanted(document, SHEETS, every=True)) == set(SHEETS)
    text = Desk(document, SHEETS, "en").markdown("discount-policy")
    assert "Turn analysis into standards" in text
    unknown = [dataclasses.replace(SHEETS["why-us"])]
    assert wanted(document, {s.id: s for s in unknown}, every=False) == []


def test_every_template_ends_well_and_holds_no_tab() -> None:
    for path in (content("reports") / "worksheets").glob("*.j2"):
        text = path.read_text("utf-8")
        assert text.endswith("\n"), path
        assert "\t" not in text, path


@pytest.fixture(autouse=True)
def steady_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALESDX_LANG", "en")
    wording.choose([], {})


def test_the_command_writes_the_sheets_of_the_plan(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "sheets"
    assert run(["plan", str(CASE), "--worksheets", str(folder), "--to", "md,html"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told == [str(p) for p in map(Path, told)]
    assert {p.name for p in folder.iterdir()} == {Path(t).name for t in told}
    assert "ticket-requirements-en.md" in {Path(t).name for t in told}
    assert "return-list-en.md" not in {Path(t).name for t in told}


def test_the_reports_take_their_sheets_along(tmp_path: Path) -> None:
    words_ = ["report", str(CASE), "--to", "md", "--worksheets", "--out", str(tmp_path)]
    assert run(words_) == 0
    assert (tmp_path / "report-consultant-en.md").is_file()
    assert (tmp_path / "worksheets" / "ticket-requirements-en.md").is_file()


def test_a_format_that_no_sheet_has_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "none"
    assert run(["plan", str(CASE), "--worksheets", str(folder), "--to", "doc"]) == 2
    assert "docx, pdf, html, md" in capsys.readouterr().err
    assert not folder.exists()
    assert run(["plan", str(CASE), "--all"]) == 2


DOCS = Path(__file__).parents[1] / "docs"
PAGES: dict[Language, Path] = {
    "en": DOCS / "worksheets.md", "ru": DOCS / "ru" / "worksheets.md",
}  # fmt: skip


def blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", page, flags=re.M | re.S)


def test_the_sheet_of_the_manual_is_a_sheet(tmp_path: Path) -> None:
    texts = {lang: page.read_text("utf-8") for lang, page in PAGES.items()}
    for page in texts.values():
        (entry,) = blocks(page, "yaml")
        text_file(tmp_path, "worksheets/worksheets.yaml", entry)
        for lang, other in texts.items():
            name = f"worksheets/speed-diary.{lang}.md.j2"
            text_file(tmp_path, name, blocks(other, "jinja")[0])
        assert lint([tmp_path]) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_manual_names_all_sheets_and_all_that_a_template_may_say(
    lang: Language,
) -> None:
    page = PAGES[lang].read_text("utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \| ", page, flags=re.M)[: len(SHEETS)] == (
        list(SHEETS)
    )
    told = set(re.findall(r"[`(]([a-z_]+)", page)) | set(re.findall(r"`(\w+)`", page))
    kinds: list[type[Told]] = [Told, *Told.__subclasses__()]
    fields_ = {name for kind in kinds for name in kind.opens()}
    assert set(DESKS["rich", lang].view.names([])) - told == set()
    assert fields_ - told == set()
    assert set(FILTERS) - told == set()
