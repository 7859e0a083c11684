"""The gallery: five made-up companies, and what must and must not be said of each.

A company is drawn and diagnosed once for all tests. The wholesaler is judged in
`test_demo_diagnosed.py`; here is what the gallery adds to it: the day of the last run.
"""

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from salesdx.analysis import analyse
from salesdx.cli.demo import demo
from salesdx.content import content
from salesdx.demo import gallery, setting
from salesdx.demo.earlier import as_known
from salesdx.demo.examples import WHOLESALER, Example, example, examples
from salesdx.demo.gallery import Made, make_gallery, write_case
from salesdx.demo.names import Names
from salesdx.demo.records import Sheet
from salesdx.demo.writing import sheets
from salesdx.knowledge.load import load
from salesdx.language import Language
from salesdx.result import ResultDocument

pytestmark = pytest.mark.usefixtures("measured_once")
OTHERS = [e for e in examples() if e.id != WHOLESALER]
CHEAP = [e for e in OTHERS if e.id in ("bookkeeping", "kitchens")]
ROOT = Path(__file__).parents[1]
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def named(found: Example) -> str:
    return found.id


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("companies")

    @cache
    def of(name: str) -> ResultDocument:
        case = write_case(example(name), folder / name, "ru")
        return analyse(case, executor="reference", ask_next=False).document

    return of


@pytest.mark.parametrize("company", OTHERS, ids=named)
def test_what_must_and_must_not_be_concluded(company: Example, documents: Any) -> None:
    document: ResultDocument = documents(company.id)
    expect = company.spec["expect"]
    likely = {c.id for c in document.causes if c.verdict == "likely"}
    assert document.summary.state == expect["state"]
    assert set(expect["likely"]) <= likely
    assert expect["likely"] or not likely
    assert not likely & set(expect.get("not_likely", ()))
    assert not [c.id for c in document.causes if c.kind == "people" and c.id in likely]
    if expect.get("no_money"):
        assert document.summary.loss is None


def test_five_companies_of_five_trades_expect_what_the_knowledge_holds() -> None:
    known = set(load().causes)
    assert [e.spec["order"] for e in examples()] == [1, 2, 3, 4, 5]
    for company in examples():
        expect = company.spec["expect"]
        assert set(expect["likely"] + expect.get("not_likely", [])) <= known


def test_a_healthy_company_and_one_without_data_are_given_no_plan(
    documents: Any,
) -> None:
    for name in ("coffee-roaster", "kitchens"):
        assert documents(name).plan == []


# -- two languages ---------------------------------------------------------------


@pytest.mark.parametrize("company", CHEAP, ids=named)
def test_a_case_in_english_holds_no_russian_word(
    company: Example, tmp_path: Path
) -> None:
    case = write_case(company, tmp_path, "en")
    for path in case.rglob("*.*"):
        assert not CYRILLIC.search(path.read_text("utf-8")), path.name


@pytest.mark.parametrize("company", examples(), ids=named)
def test_no_two_names_become_one(company: Example) -> None:
    words = company.names("en").words
    twice = {"снабженец", "Снабжение"}
    said = [w for k, w in words.items() if k not in twice and len(k) > 2]
    same = {w for w in said if said.count(w) > 1}
    assert same <= {"Contract", "Supply", "Design", "Showroom"}


def test_what_is_made_is_named_whole_or_between_dashes() -> None:
    names = Names({"Белова": "Bennett", "Весна": "Spring"})
    assert names.of("CR001-Белова") == "CR001-Bennett"
    assert names.of("Весна-2026") == "Spring-2026"
    assert names.of("plain") == "plain"
    assert names.of(7) == 7


# -- the last run of the wholesaler ------------------------------------------------


DAY = example(WHOLESALER).spec["last_run"]["as_of"]


def made_up(name: str, columns: str, *rows: tuple[object, ...]) -> Sheet:
    return Sheet(name, columns, rows)


def test_what_came_later_was_not_known_then() -> None:
    early, late = dt.datetime(2026, 2, 1), dt.datetime(2026, 5, 1)
    columns = "deal_id client_id entered_at closed_at status lost_reason stage_id"
    tables = {
        s.name: s.rows
        for s in as_known(
            [
                made_up(
                    "deals", f"{columns} next_task_at",
                    ("D1", "C1", early, late, "won", "", "contract", None),
                    ("D2", "C1", late, None, "open", "", "request", None),
                    ("D3", "C1", early, early, "won", "", "contract", None),
                ),
                made_up(
                    "stage_history", "deal_id stage_id entered_at left_at",
                    ("D1", "needs", early, late), ("D1", "contract", late, None),
                ),
                made_up("deal_items", "deal_id accepted", ("D1", True), ("D2", True),
                        ("D3", True)),
                made_up("leads", "client_id created_at", ("C1", early), ("C2", late)),
                made_up("clients", "client_id first_purchase_at last_purchase_at",
                        ("C1", late.date(), late.date()), ("C2", None, None)),
            ],
            DAY,
        )
    }  # fmt: skip
    open_, won = tables["deals"]
    assert open_ == ["D1", "C1", early, None, "open", "", "needs", f"{DAY}T12:00:00"]
    assert won[4] == "won"
    assert tables["stage_history"] == [["D1", "needs", early, None]]
    assert tables["deal_items"] == [["D1", False], ["D3", True]]
    assert tables["clients"] == [["C1", early.date(), early.date()]]


def test_the_last_run_lies_before_the_demo_and_its_plan_is_of_the_knowledge() -> None:
    last = example(WHOLESALER).spec["last_run"]
    assert 100 < (setting.AS_OF - last["as_of"]).days < 150
    assert set(last["plan"]) <= set(load().remedies)


# -- the command's work: cases, reports, the page -----------------------------------


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Made]]:
    folder = tmp_path_factory.mktemp("gallery")
    return folder, make_gallery(folder, "en", shown=[example("kitchens")])


def test_every_company_gets_its_reports_and_stays_a_case(
    made: tuple[Path, list[Made]],
) -> None:
    folder, companies = made
    for one in companies:
        assert [p.suffix[1:] for p in one.files] == list(gallery.PRINTED)
        assert all(p.stat().st_size > 1000 for p in one.files)
        told = yaml.safe_load((folder / one.example.id / "company.yaml").read_text())
        assert told["name"] == one.analysis.document.case.name


def test_the_page_is_one_file_without_a_script_and_its_links_lead_somewhere(
    made: tuple[Path, list[Made]],
) -> None:
    folder, _ = made
    page = (folder / "index.html").read_text("utf-8")
    links = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert len(links) == 2 + len(gallery.PRINTED)
    for link in links:
        assert link.startswith("data:image/png;base64,") or (folder / link).is_file()
    assert "<script" not in page
    assert not CYRILLIC.search(page)
    assert 'alt="Page one of the report of Hearth &amp; Oak Kitchens"' in page


def test_the_page_speaks_both_languages() -> None:
    texts = yaml.safe_load((content("examples") / "page" / "texts.yaml").read_text())
    assert all(set(t) == {"en", "ru"} for t in texts.values())


def test_the_demo_is_the_same_but_for_its_names() -> None:
    names = example(WHOLESALER).names("en")
    plain, named_ = (next(sheets(names=n)) for n in (Names(), names))
    assert [list(r) for r in plain.rows] == [list(r) for r in named_.rows]


@pytest.mark.parametrize("page", ["docs/gallery.md", "docs/ru/gallery.md"])
def test_the_manual_gives_a_command_that_is_and_names_every_company(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    lang: Language = "ru" if "/ru/" in page else "en"
    [command] = re.findall(r"^salesdx (?:--lang ru )?demo (.*?) +#", text, re.M)
    given = demo.make_context("demo", command.split()).params
    assert given["gallery"] and given["folder"] == Path("gallery")
    for company in examples():
        assert f"`{company.id}`" in text
        assert company.names(lang).of(company.spec["company"]["name"]) in text
