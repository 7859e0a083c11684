"""The manual is true: its commands run, its tables exist, its examples load.

A block marked ```console holds commands (`$ salesdx …`) and what they print; a line `…`
stands for any lines, `…` within a line for any text. `console exit=4`: they end so.
```yaml file=PATH (or csv) is a file that the reader writes, ```diff file=PATH lines
that he changes. Blocks of one page run in order, in one new folder that holds
`deals.csv` and the case `acme`.
"""

import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import warm_commands
import yaml

from salesdx.content import Document
from salesdx.demo import write_demo
from salesdx.errors import (
    EXIT_DATA,
    EXIT_GATE,
    EXIT_INTERNAL,
    EXIT_KNOWLEDGE,
    EXIT_OK,
    EXIT_USAGE,
)
from salesdx.knowledge.base import POINTS
from salesdx.knowledge.grammar import Parser
from salesdx.knowledge.load import load, load_all
from salesdx.knowledge.models import MetricEntry
from salesdx.language import Language
from salesdx.tables import TABLES

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / f"{n}.md" for n in ("README", "README.ru", "CONTRIBUTING", "CHANGELOG")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
EXPORT = ROOT / "tests" / "cases" / "k01a" / "data" / "deals.csv"
ANY = "…"


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def spoken(page: Path) -> Language:
    """The language that its reader has chosen."""
    return "ru" if "ru" in {*page.parts, *page.name.split(".")} else "en"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```$", page.read_text(), flags=re.M | re.S
    )


def steps(page: Path) -> Iterator[tuple[str, str, str]]:
    """What the reader does, in order: language, options and text of each block."""
    yield from re.findall(
        r"^```(console|yaml|csv|diff)(?: +(\S+=\S+))?\n(.*?)^```$",
        page.read_text(), flags=re.M | re.S,
    )  # fmt: skip


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with the lines that are shown under it."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, *shown = part.splitlines()
        yield command, shown


def write(language: str, path: Path, text: str) -> None:
    """Write a file, or change lines of it, as the page says."""
    if language == "diff":
        old, new = (
            "".join(f"{line[1:]}\n" for line in text.splitlines() if line[0] == sign)
            for sign in "-+"
        )
        before = path.read_text(encoding="utf-8")
        assert before.count(old) == 1, old
        text = before.replace(old, new)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(command: str, folder: Path, language: str) -> subprocess.CompletedProcess[str]:
    program, *words = shlex.split(command)
    assert program == "salesdx", f"only salesdx runs in ```console blocks: {command}"
    return warm_commands.run(words, folder, SALESDX_LANG=language)


def agrees(shown: list[str], printed: list[str]) -> str | None:
    """The first shown line that is not printed where it should be, or None.

    Without `…` in front a line must follow the line shown before it. Whether a line may
    break at a blank does not show, so it does not matter.
    """
    shown, printed = (
        [re.sub("[\u00a0\u202f]", " ", x) for x in y] for y in (shown, printed)
    )
    at, free = 0, True
    for line in shown:
        if line == ANY:
            free = True
            continue
        pattern = re.compile(".*".join(map(re.escape, line.split(ANY))))
        rest = printed[at:] if free else printed[at : at + 1]
        found = [i for i, told in enumerate(rest) if pattern.fullmatch(told)]
        if not found:
            return line
        at += found[0] + 1
        free = False
    return None


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an export and a case made from it."""
    folder = tmp_path_factory.mktemp("case")
    shutil.copy(EXPORT, folder / "deals.csv")
    for command in ('init acme --name "Acme Ltd"', "import acme deals.csv --yes"):
        done = run(f"salesdx {command}", folder, "en")
        assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def demo(page: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `salesdx demo demo` makes, but for the reports, which no page shows."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    return write_demo(folder, language=spoken(page))


WITH_COMMANDS = [p for p in PAGES if any(s[0] == "console" for s in steps(p))]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=named)
def test_commands_of_the_manual_print_what_it_shows(
    page: Path, case: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    shutil.copytree(case, tmp_path, dirs_exist_ok=True)
    if "\n$ salesdx init acme " in page.read_text():
        shutil.rmtree(tmp_path / "acme")  # made by the page itself
    for language, option, text in steps(page):
        name, _, value = option.partition("=")
        if name == "file":
            write(language, tmp_path / value, text)
        for command, shown in commands(text) if language == "console" else ():
            if command == "salesdx demo demo" and shown == [ANY]:
                shutil.copytree(request.getfixturevalue("demo"), tmp_path / "demo")
                continue
            done = run(command, tmp_path, spoken(page))
            code = int(value) if name == "exit" else 0
            assert done.returncode == code, f"{command}\n{done.stderr}"
            wrong = agrees(shown, done.stdout.splitlines())
            assert wrong is None, f"{command} does not print {wrong!r}:\n{done.stdout}"


BOTH = pytest.mark.parametrize("docs", [ROOT / "docs", ROOT / "docs" / "ru"], ids=named)


def documented_tables(docs: Path) -> dict[str, set[str]]:
    """Table -> columns, from the part of the page between the two marks."""
    page = (docs / "case-folder.md").read_text()
    part = page.split("<!-- tables -->")[1].split("<!-- end of tables -->")[0]
    found = {}
    for section in part.split("### ")[1:]:
        name, _, text = section.partition("\n")
        found[name] = set(re.findall(r"`([a-z_]+)`", text))
    return found


@BOTH
def test_the_manual_lists_every_table_and_no_other(docs: Path) -> None:
    assert list(documented_tables(docs)) == list(TABLES)


@BOTH
@pytest.mark.parametrize("name", TABLES)
def test_the_manual_lists_every_column_and_no_other(name: str, docs: Path) -> None:
    assert documented_tables(docs)[name] == {c.name for c in TABLES[name].columns}


@BOTH
@pytest.mark.parametrize("page", ["case-folder", "administrator"])
def test_the_manual_lists_the_exit_codes(docs: Path, page: str) -> None:
    text = (docs / f"{page}.md").read_text()
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", text, flags=re.M)}
    codes = {
        EXIT_OK, EXIT_GATE, EXIT_USAGE, EXIT_DATA, EXIT_KNOWLEDGE, EXIT_INTERNAL,
    }  # fmt: skip
    assert told == codes | {130}


@BOTH
def test_company_and_answers_of_the_manual_are_understood(
    docs: Path, tmp_path: Path
) -> None:
    from salesdx.answers.log import load as load_answers
    from salesdx.case import load_company

    company, answers = blocks(docs / "case-folder.md", "yaml")
    (tmp_path / "company.yaml").write_text(company)
    (tmp_path / "answers.yaml").write_text(answers)
    people = load_company(tmp_path).respondents
    log = load_answers(tmp_path / "answers.yaml", load(), people)
    assert len(log.answers) == 4


FORMAT = ROOT / "docs" / "knowledge-format.md"


@BOTH
def test_knowledge_of_the_manual_is_valid(docs: Path, tmp_path: Path) -> None:
    cause, _, entries, metrics, claims, form = blocks(docs / FORMAT.name, "yaml")
    (tmp_path / "causes" / "speed").mkdir(parents=True)
    (tmp_path / "causes" / "speed" / "nobody-at-lunch.yaml").write_text(cause)
    (tmp_path / "metrics.yaml").write_text(f"format: 1\n{metrics}")
    (tmp_path / "claims.yaml").write_text(f"format: 1\n{claims}")
    for kind, items in yaml.safe_load(entries).items():
        folder = tmp_path / ("questionnaires" if kind == "questions" else kind)
        folder.mkdir()
        data = {"format": 1, kind: items}
        if kind == "questions":
            texts = {key: {"en": "Lunch", "ru": "Обед"} for key in ("title", "intro")}
            data |= {"id": "lunch", **texts}
        text_ = yaml.safe_dump(data, allow_unicode=True)
        (folder / "manual.yaml").write_text(text_)
    (tmp_path / "questionnaires" / "forms").mkdir()
    (tmp_path / "questionnaires" / "forms" / "lunch.yaml").write_text(form)
    _, problems = load_all([tmp_path])
    assert problems == []


def test_the_manual_explains_every_key_of_a_metric() -> None:
    part = FORMAT.read_text().split("## A metric\n")[1].split("\n## ")[0]
    told = set(re.findall(r"`([a-z_]+)[`:]", part))
    plain = {"id", "ref", "title", "unused"}
    assert sorted(set(MetricEntry.model_fields) - plain - told) == []


def conditions_of_the_manual() -> list[str]:
    part = FORMAT.read_text().split("## Conditions")[1].split("\n## ")[0]
    cells = re.findall(r"^\| (`\{.*?`) \|", part, flags=re.M)
    found = [code for cell in cells for code in re.findall(r"`(\{.*?\})`", cell)]
    return [c for c in found if "name}" not in c and "..." not in c]


@pytest.mark.parametrize("written", conditions_of_the_manual())
def test_conditions_of_the_manual_are_conditions(written: str) -> None:
    parser = Parser(load().vocabulary, Document("manual", {}, {}))
    assert parser.parse(yaml.safe_load(written), ()) is not None, parser.problems


@BOTH
def test_the_manual_tells_the_weights(docs: Path) -> None:
    text = (docs / FORMAT.name).read_text()
    told = re.findall(r"^\| `(\w+)` \| (\d+) \|", text, flags=re.M)
    assert {name: int(points) for name, points in told} == POINTS


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_and_pictures_of_the_manual_are_there(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_the_manual_names_no_machine(page: Path) -> None:
    found = re.findall(
        r"(?<![\w.])/(?:work|opt|home|tmp|root|Users)/\S*", page.read_text()
    )
    assert found == []


def test_the_layers_of_the_manual_are_those_that_are_checked() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    told = re.search(r"^## Layers.*?^```\n(.*?)^```$", page, flags=re.M | re.S)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contracts = project["tool"]["importlinter"]["contracts"]
    assert told is not None
    assert told[1].splitlines() == contracts[0]["layers"]


def test_pictures_stay_small() -> None:
    for picture in (ROOT / "docs" / "images").glob("*.png"):
        assert picture.stat().st_size <= 250_000, picture.name
