"""The site: every entry has its pages, no link is dead, nothing of an overlay runs."""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

import pytest
from knowledge_fixture import cause, metric, question, rule, symptom, write

from salesdx.cli import run
from salesdx.content import content
from salesdx.errors import DataError, KnowledgeError
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.language import LANGUAGES
from salesdx.workbench.site import writing
from salesdx.workbench.site.building import build
from salesdx.workbench.site.glossary import terms
from salesdx.workbench.site.searching import plain

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    None,
)
EVIL = '</h1><script>alert(1)</script><img src=x onerror=alert(1)>"'
EVIL_TEXT = {"en": EVIL, "ru": EVIL}
Site = dict[str, str]


@pytest.fixture(scope="module")
def shipped() -> tuple[KnowledgeBase, Site]:
    knowledge = load()
    words = terms([content("knowledge_base")])
    site = {name: data.decode() for name, data in build(knowledge, words)}
    return knowledge, site


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """One cause of everything, with texts that try to become markup."""
    condition = {"any": [
        {"share": "< 0.5"},
        {"all": [{"unknown": "share"}, {"not": {"q.yes": "yes"}}]},
        {"at_least": {"n": 2, "of": [{"symptom": "low"}, {"q.often": "daily"},
                                     {"share": {"between": [0.1, "mark.low"]}}]}},
    ]}  # fmt: skip
    mark = {
        "id": "mark.low", "value": 0.2, "unit": "ratio", "title": EVIL_TEXT,
        "applies_to": EVIL_TEXT, "source": {"note": EVIL}, "grade": "EX",
        "date": "2026-01",
    }  # fmt: skip
    options = [{"code": "daily", "title": EVIL_TEXT, "causes": ["bad"]}]
    folder = write(
        tmp_path_factory.mktemp("small"),
        metrics=[{**metric("share"), "title": EVIL_TEXT, "definition": EVIL_TEXT}],
        questions=[
            question("q.yes", problem={"when": "no", "causes": ["bad"]}),
            {**question("q.often", "enum", options=options), "title": EVIL_TEXT},
        ],
        benchmarks=[mark],
        symptoms=[{**symptom("low", {"share": "< mark.low"}), "title": EVIL_TEXT}],
        causes=[
            cause(
                "bad", [rule("r", condition, because={
                    "en": f"Only {{share}} {EVIL}", "ru": f"Всего {{share}} {EVIL}",
                }, source={"seed": EVIL})],
                title=EVIL_TEXT, summary=EVIL_TEXT, explains=["low"],
                unless=[{"symptom": "low"}], leads_to=["plain"],
            ),
            cause("plain", [rule("r", {"share": "< 0.5"})], title={
                "en": "Late invoices", "ru": "Счета приходят с опозданием",
            }),
        ],
    )  # fmt: skip
    return load(folder=folder)


def hrefs(page: str) -> list[str]:
    return re.findall(r'(?:href|src|data-index)="([^"]*)"', page)


def test_every_entry_has_a_page_in_both_languages(
    shipped: tuple[KnowledgeBase, Site],
) -> None:
    k, site = shipped
    kinds: dict[str, Any] = {
        "causes": k.causes, "remedies": k.remedies, "symptoms": k.symptoms,
        "questions": k.questions, "metrics": k.metrics, "forms": k.forms,
        "questionnaires": k.questionnaires,
    }  # fmt: skip
    for lang in LANGUAGES:
        for folder, rows in kinds.items():
            assert all(f"{lang}/{folder}/{i}.html" in site for i in rows)
    ids = re.findall(r' id="([^"]+)"', site["ru/benchmarks.html"])
    assert set(k.benchmarks) <= set(ids)


def test_no_link_is_dead_and_the_switch_leads_to_the_same_page(
    shipped: tuple[KnowledgeBase, Site],
) -> None:
    site = shipped[1]
    pages = {n: p for n, p in site.items() if n.endswith(".html")}
    anchors = {n: set(re.findall(r' id="([^"]+)"', p)) for n, p in pages.items()}
    for name, page in pages.items():
        for target in set(hrefs(page)):
            path, _, anchor = target.partition("#")
            full = normpath(join(dirname(name), path)) if path else name
            assert full in site, (name, target)
            assert not anchor or anchor in anchors[full], (name, target)
        if "/" in name:
            other = {"en": "ru", "ru": "en"}[name[:2]]
            assert f'{other}/{name[3:]}" hreflang' in page
    index = site["assets/index-ru.js"].removeprefix("window.salesdx=")
    for row in json.loads(index.rstrip(";\n"))["rows"]:
        path, _, anchor = row[1].partition("#")
        assert not anchor or anchor in anchors[f"ru/{path}"]
        assert f"ru/{path}" in site


def test_each_page_speaks_one_language(
    shipped: tuple[KnowledgeBase, Site],
) -> None:
    for name, page in shipped[1].items():
        if "/" not in name or not name.endswith(".html"):
            continue
        own, other = name[:2], {"en": "ru", "ru": "en"}[name[:2]]
        rest = re.sub(rf'<(a|span)[^>]* lang="{other}"[^>]*>.*?</\1>', "", page)
        # codes and titles of books stay as they are
        kept = r"<code>.*?</code>|<head>.*?</head>|<p class=\"source\">.*?</p>"
        rest = re.sub(kept, "", rest, flags=re.S)
        text = re.sub(r"<[^>]+>", " ", rest)
        found = re.search("[а-яё]{2}" if own == "en" else "[a-z]{3,} [a-z]{3,} ", text)
        assert found is None, (name, text[found.start() - 40 :][:90])


class Outline(HTMLParser):
    """Checks that tags nest, and collects headings, attributes and ids."""

    VOID = frozenset({"meta", "link", "input", "br", "col", "rect", "path"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.levels: list[int] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert tag in self.VOID or self.open.pop() == tag


def one_of_each(site: Site) -> Iterator[tuple[str, str]]:
    seen = set()
    for name, page in site.items():
        if name.endswith(".html") and dirname(name) not in seen | {"en", "ru"}:
            seen.add(dirname(name))
            yield name, page
    yield from ((n, p) for n, p in site.items() if re.fullmatch("ru/[b-z]+.html", n))


def test_pages_are_sound_and_can_be_read_aloud(
    shipped: tuple[KnowledgeBase, Site],
) -> None:
    for name, page in one_of_each(shipped[1]):
        outline = Outline(page)
        tags = [tag for tag, _ in outline.found]
        assert tags.count("h1") == 1, name
        steps = zip(outline.levels, outline.levels[1:], strict=False)
        assert all(b <= a + 1 for a, b in steps), name
        ids = [a["id"] for _, a in outline.found if "id" in a]
        assert len(ids) == len(set(ids)), name
        assert outline.found[0] == ("html", {"lang": name[:2] if "/" in name else "en"})
        assert "main" in tags
        assert not any(k.startswith("on") or k == "style" for _, a in outline.found
                       for k in a)  # fmt: skip
        scripts = [a for tag, a in outline.found if tag == "script"]
        assert all(set(a) == {"defer", "src"} for a in scripts)


def test_the_site_is_small_and_needs_no_network(
    shipped: tuple[KnowledgeBase, Site],
) -> None:
    _, site = shipped
    assert sum(len(p) for p in site.values()) < 15_000_000
    for name, page in site.items():
        if name.endswith(".html"):
            assert "script-src 'self' file:;" in page.replace("&#39;", "'"), name
            assert not re.search(r'(?:href|src)="(?:https?:)?//', page), name


def test_a_condition_reads_as_sentences_with_links(
    shipped: tuple[KnowledgeBase, Site],
) -> None:
    page = shipped[1]["ru/causes/low-motivation.html"]
    assert (
        '<a href="../metrics/activity.contacts-per-day.html">Контактов за рабочий '
        'день</a>: не меньше <a href="../benchmarks.html#'
    ) in page
    assert "knowledge_base/causes/people/low-motivation.yaml:1" in page
    claimed = shipped[1]["en/causes/no-churn-work.html"]
    assert "Nobody has measured this and nothing is computed" in claimed


def test_an_overlay_cannot_become_markup(small: KnowledgeBase) -> None:
    site = {n: d.decode() for n, d in build(small)}
    assert site == {n: d.decode() for n, d in build(small)}
    for name, page in site.items():
        if name.endswith(".html"):
            assert "<script>" not in page, name
            assert "<img" not in page, name
            Outline(page)
    assert "glossary.html" not in "".join(site)
    assert "at least 2 of 3:" in site["en/causes/bad.html"]
    assert "хотя бы одно:" in site["ru/causes/bad.html"]


@contextmanager
def opened(page: Path, troubles: list[str]) -> Iterator[Any]:
    """A page in a browser; what its console says is trouble."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page()
        tab.on("console", lambda m: troubles.append(m.text))
        tab.on("pageerror", lambda e: troubles.append(str(e)))
        tab.on("dialog", lambda d: (troubles.append(d.message), d.dismiss()))
        tab.goto(page.as_uri())
        yield tab
        browser.close()


def found(tab: Any, words: str) -> list[str]:
    tab.fill("#q", words)
    tab.wait_for_function("window.salesdx")
    tab.dispatch_event("#q", "input")
    return tab.locator("#found a").all_inner_texts()


def test_the_search_works_from_the_disk(small: KnowledgeBase, tmp_path: Path) -> None:
    writing.write(tmp_path, build(small))
    troubles: list[str] = []
    with opened(tmp_path / "ru/causes/bad.html", troubles) as tab:
        style = "getComputedStyle(document.body).maxWidth"
        assert tab.evaluate(style) != "none"  # the style was let in
        invoices = "Счета приходят с опозданием"
        assert found(tab, "опозданиями") == [invoices]  # another form
        assert found(tab, "счёт приход") == [invoices]  # ё is е, half a word
        assert found(tab, "PLAIN") == [invoices]  # the code
        assert found(tab, "плёнка") == []
        assert "указателе" in tab.inner_text("#count")
        assert EVIL in found(tab, "script")
        assert found(tab, "опозданием") == [invoices]
        tab.press("#q", "Enter")
        tab.wait_for_function("document.activeElement.matches('#found a')")
        with tab.expect_navigation(url="**/ru/causes/plain.html"):
            tab.keyboard.press("Enter")
        with tab.expect_navigation(url="**/en/causes/plain.html"):
            tab.click("text=English")
        assert tab.inner_text("h1") == "Late invoices"
    assert troubles == []


def test_words_are_compared_without_accents() -> None:
    assert plain("Ёлки, café — Йод’s C-22") == ["елки", "cafe", "йод's", "c", "22"]


FILES = [("index.html", b"1"), ("en/a.html", b"2"), ("en/deep/b.html", b"3")]


def test_a_later_run_leaves_nothing_of_the_earlier(tmp_path: Path) -> None:
    assert writing.write(tmp_path, FILES) == 3
    (tmp_path / "mine.txt").write_text("keep")
    writing.write(tmp_path, FILES[:1])
    left = sorted(p.name for p in tmp_path.rglob("*"))
    assert left == [writing.MARKER, "index.html", "mine.txt"]


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(DataError, match="something else"):
        writing.write(tmp_path, FILES)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]
    (tmp_path / writing.MARKER).write_text("salesdx kb docs\n../x\n/etc/y\n")
    victim = tmp_path.parent / "x"
    victim.write_text("outside")
    writing.write(tmp_path, FILES)
    assert victim.read_text() == "outside"


def test_the_command_refuses_and_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    assert run(["--lang", "ru", "kb", "docs", "--out", str(tmp_path)]) == 3
    assert "в папке лежит что-то другое" in capsys.readouterr().err


def test_a_broken_glossary_is_located(tmp_path: Path) -> None:
    (tmp_path / "glossary.yaml").write_text("format: 1\nterms:\n  - {en: only}\n")
    with pytest.raises(KnowledgeError, match=r"glossary.yaml:3:\d+ missing-language"):
        terms([tmp_path])
    assert terms([tmp_path / "none"]) == []
