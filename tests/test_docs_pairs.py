"""The manual says the same in both languages, and its pages find each other."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import click
import pytest
from test_docs import PAGES, ROOT, named

from salesdx.cli import program

DOCS = ROOT / "docs"
ENGLISH = [p for p in PAGES if "docs" in p.parts and "ru" not in p.parts]
PAIRS = [(page, DOCS / "ru" / page.relative_to(DOCS)) for page in ENGLISH]
PAIRS.append((ROOT / "README.md", ROOT / "README.ru.md"))
GUIDES = ("consultant", "owner", "trainer", "administrator")


@cache
def told(page: Path) -> str:
    """The text of a page without its blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(), flags=re.M | re.S)


def headings(page: Path) -> list[tuple[int, str]]:
    found = re.findall(r"^(#+) (.+)$", told(page), flags=re.M)
    return [(len(marks), title) for marks, title in found]


@cache
def anchors(page: Path) -> set[str]:
    """The addresses of its headings, as GitHub makes them."""
    found: set[str] = set()
    for _, title in headings(page):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title).lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        same = (f"-{n}" if n else "" for n in range(99))
        found.add(next(slug + more for more in same if slug + more not in found))
    return found


def test_each_page_has_a_twin() -> None:
    there = {p for p in PAGES if "ru" in p.parts}
    assert there == {russian for _, russian in PAIRS if "ru" in russian.parts}


@pytest.mark.parametrize(("english", "russian"), PAIRS, ids=lambda p: p.name)
def test_twins_have_the_same_parts(english: Path, russian: Path) -> None:
    outlines = ([level for level, _ in headings(p)] for p in (english, russian))
    assert next(outlines) == next(outlines)


@pytest.mark.parametrize(("english", "russian"), PAIRS, ids=lambda p: p.name)
def test_twins_run_the_same_commands(english: Path, russian: Path) -> None:
    verbs = (
        re.findall(
            r"^\$ salesdx (?:--lang \w+ )?((?:kb |case )?\S+)", p.read_text(), re.M
        )
        for p in (english, russian)
    )
    assert next(verbs) == next(verbs)


# words to type stand there in the reader's own language first
NAMING = [pair for pair in PAIRS if pair[0].name != "interviewing.md"]


@pytest.mark.parametrize(("english", "russian"), NAMING, ids=lambda p: p.name)
def test_tables_of_twins_list_the_same_names(english: Path, russian: Path) -> None:
    """Rows that begin with a name as it is typed: keys, options, states."""
    names = (
        re.findall(r"^\| `([a-z][a-z_.-]*)`", told(p), flags=re.M)
        for p in (english, russian)
    )
    assert next(names) == next(names)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_to_headings_that_are_there(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", told(page)):
        if "://" not in target:
            there = anchors(page.parent / target if target else page)
            assert unquote(anchor) in there, f"{target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_leads_to_pages_of_its_language(page: Path) -> None:
    if "ru" not in page.parts:
        return
    twins = {english.resolve() for english, _ in PAIRS}
    for target in re.findall(r"\]\(([^)#\s]+\.md)[^)]*\)", told(page)):
        led = (page.parent / target).resolve()
        allowed = led not in twins or page.name == "README.md"
        assert allowed, f"{target} has a twin in Russian"


@pytest.mark.parametrize(
    "front", [DOCS / "README.md", DOCS / "ru" / "README.md"], ids=named
)
def test_the_front_page_leads_to_every_page(front: Path) -> None:
    led = {
        (front.parent / t).resolve() for t in re.findall(r"\]\(([^)#]+)", told(front))
    }
    pages = {p for p in front.parent.glob("*.md") if p != front}
    assert {p.name for p in pages - led} == set()


@pytest.mark.parametrize(
    "readme", [ROOT / "README.md", ROOT / "README.ru.md"], ids=named
)
def test_the_readme_opens_the_four_doors(readme: Path) -> None:
    folder = "docs/ru" if readme.name.endswith(".ru.md") else "docs"
    for guide in GUIDES:
        assert f"({folder}/{guide}.md)" in readme.read_text()


def commands_of(group: click.Group) -> dict[str, set[str]]:
    """The commands of a group -> those of each that is a group itself."""
    context = click.Context(group)
    found = {
        name: group.get_command(context, name) for name in group.list_commands(context)
    }
    return {
        name: set(commands_of(command)) if isinstance(command, click.Group) else set()
        for name, command in found.items()
    }


@pytest.mark.parametrize(
    "readme", [ROOT / "README.md", ROOT / "README.ru.md"], ids=named
)
def test_the_readme_names_every_command(readme: Path) -> None:
    named_there = [
        cell.partition(" ")
        for row in re.findall(r"^\| [\w ]+ \| (`.*`) \|$", told(readme), flags=re.M)
        for cell in re.findall(r"`([^`]+)`", row)
    ]
    listed = {verb: set(more.split("\\|")) - {""} for verb, _, more in named_there}
    assert listed == commands_of(program())
