"""Saved results on the web: kept once, taken away, compared; broken ones are named."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from plan_case import add_shop, file_of, told
from web_fixture import AT, Visitor, Web, quick_passwords, web, web_database

from salesdx.render.charts.then_and_now import Legend, Pair, draw
from salesdx.result import ResultDocument
from salesdx.storage.accounts import grant
from salesdx.storage.case_file import write_file_of
from salesdx.workspace.saved_runs import save, saved_runs, since_last_run

__all__ = ["quick_passwords", "web", "web_database"]
RUNS = "/cases/shop/runs"


@pytest.fixture
def anna(web: Web, tmp_path: Path) -> Iterator[Visitor]:
    """A consultant before the case `shop`."""
    add_shop(web, tmp_path)
    yield web.staff("anna")


def names(web: Web) -> list[str]:
    return [r.saved.name for r in saved_runs(web.engine, "shop")[0]]


def put(web: Web, name: str, content: bytes) -> None:
    write_file_of(web.engine, "shop", f"results/{name}", content, None)


def older(web: Web) -> ResultDocument:
    """The result with an action that was never set and another verdict."""
    document = web.desk.analysis("shop").document
    first = document.causes[0].model_copy(update={"verdict": "open"})
    causes = [first, *document.causes[1:]]
    case = document.case.model_copy(update={"as_of": "2026-03-31"})
    return document.model_copy(update={"causes": causes, "case": case})


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_without_runs_the_page_says_what_to_do(anna: Visitor, lang: str) -> None:
    anna.lang = lang
    word = {"en": "Nothing is saved yet", "ru": "Пока ничего не сохранено"}[lang]
    assert word in anna.get(RUNS)
    assert anna.http.get(f"{RUNS}/compare").headers["Location"] == RUNS


def test_the_same_result_saved_twice_is_one(anna: Visitor, web: Web) -> None:
    assert anna.post(RUNS) == f"{RUNS}?saved=new"
    version = web.desk.version("shop")
    assert anna.post(RUNS) == f"{RUNS}?saved=same"
    (name,) = names(web)
    assert told(web, "run-saved") == [{"run": name}]
    assert web.desk.version("shop") == version  # a run is no figure
    document = web.desk.analysis("shop").document
    assert file_of(web, f"results/{name}") == document.to_json()
    page = anna.get(RUNS)
    assert "30 Jun 2026" in page and "27 Nov 2026" in page
    assert "saved already" in page and "nothing to compare yet" in page
    assert since_last_run(web.engine, "shop", web.desk.analysis("shop")) is None


def test_a_run_is_taken_away_as_it_lies_there(anna: Visitor, web: Web) -> None:
    anna.post(RUNS)
    (name,) = names(web)
    answer = anna.http.get(f"{RUNS}/{name}")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert ResultDocument.model_validate(json.loads(answer.data)).case.name == "Лавка"
    anna.get(f"{RUNS}/plan.yaml", 404)
    anna.get(f"{RUNS}/..%2Fcompany.yaml", 404)


def test_what_changed_since_is_told_in_one_sentence_and_in_full(
    anna: Visitor, web: Web
) -> None:
    save(web.engine, "shop", older(web), actor="anna", at=AT)
    anna.post("/cases/shop/plan/weekly-monitoring/done", {"back": RUNS})
    sentence = since_last_run(web.engine, "shop", web.desk.analysis("shop"))
    assert sentence and "new causes: 1, actions done: 1" in sentence.en
    assert "новых причин — 1, действий сделано — 1" in sentence.ru
    assert sentence.en in anna.get(RUNS)
    page = anna.get(f"{RUNS}/compare")
    assert "What changed from 31 Mar 2026 to 30 Jun 2026" in page
    assert "What came of the plan" in page and "27 Nov 2026" in page
    anna.lang = "ru"
    assert "Что изменилось с 31 марта 2026 г." in anna.get(f"{RUNS}/compare")


def test_any_two_are_compared_and_no_other_file(anna: Visitor, web: Web) -> None:
    save(web.engine, "shop", older(web), actor="anna", at=AT)
    anna.post(RUNS)
    one, two = names(web)
    page = anna.get(f"{RUNS}/compare?then={two}&now={one}")
    assert "runs backwards" in page
    assert "Both are the same result" in anna.get(f"{RUNS}/compare?then={two}&now=now")
    anna.get(f"{RUNS}/compare?then=../company.yaml", 404)
    anna.get(f"{RUNS}/compare?then={one}&now=plan.yaml", 404)


def test_broken_and_foreign_files_are_named_and_passed_over(
    anna: Visitor, web: Web
) -> None:
    text = web.desk.analysis("shop").document.to_json()
    day = text.replace('"as_of": "2026-06-30"', '"as_of": "<b>soon</b>"')
    newer = text.replace("salesdx/result/1", "salesdx/result/9")
    more = text.replace('"loss": null', '"loss": 7')
    for name, content in {
        "cut.json": text[:900], "foreign.json": "[]", "<img src=x>.json": "{}",
        "day.json": day, "newer.json": newer, "more.json": more, "notes.txt": "x",
        "deep/er.json": text,
    }.items():  # fmt: skip
        put(web, name, content.encode())
    anna.post(RUNS)
    page = anna.get(RUNS)
    for name in ("cut", "foreign", "day", "newer", "more", "&lt;img src=x&gt;"):
        assert f"{name}.json: " in page
    assert "<img src=x>" not in page and "notes.txt" not in page
    assert len(names(web)) == 1
    anna.get(f"{RUNS}/cut.json", 404)


def test_a_result_that_only_looks_sound_is_a_message(anna: Visitor, web: Web) -> None:
    text = older(web).to_json()
    put(web, "half.json", text.replace('"engine":', '"engines": 1, "engine":').encode())
    anna.get(RUNS)  # its head is sound: it is listed
    assert "half.json: the result cannot be read" in anna.get(
        f"{RUNS}/compare?then=half.json", 422
    )


def test_who_may_only_look_saves_nothing(anna: Visitor, web: Web) -> None:
    grant(web.engine, "shop", "vera", AT, "test")
    vera = web.staff("vera")
    vera.post(RUNS, {}, 403)
    assert 'method="post"' not in vera.get(RUNS).partition("<main")[2]


def test_the_drawing_tells_its_figures_in_words_and_shapes() -> None:
    pairs = [
        Pair("A < B", 0.1, 0.2, (0.05, 0.15), (0.15, 0.25), "better", "10 → 20", "up"),
        Pair("C", 1.0, 1.0, (1.0, 1.0), None, "other", "1 → 1", "same"),
        Pair("D", 5.0, 3.0, (4.0, 6.0), (2.0, 4.0), "worse", "5 → 3", "down"),
    ]
    svg = draw(pairs, "Which?", Legend("then", "now", "better", "worse")).svg()
    assert "A &lt; B: 10 → 20, up; C: 1 → 1, same; D: 5 → 3, down" in svg
    assert svg == draw(pairs, "Which?", Legend("then", "now", "better", "worse")).svg()
    inside = [float(x) for x in re.findall(r"M(\d+\.?\d*) ", svg)]
    assert all(0 <= x <= 680 for x in inside)
    assert 'class="f-warn"' in svg and 'class="f-bar"' in svg


def test_a_report_tells_what_changed_since_the_last_run_unless_told_not_to(
    anna: Visitor, web: Web
) -> None:
    file = "/cases/shop/reports/file?format=md&lang=en"
    assert "Since last time" not in anna.get(file)
    save(web.engine, "shop", older(web), actor="anna", at=AT)
    (name,) = names(web)
    for chosen in ("", "&since=", f"&since={name}"):
        told = anna.get(file + chosen).replace("\u00a0", " ")
        assert "Since last time (31 Mar 2026). New: “The head does not" in told
    assert "Since last time" not in anna.get(f"{file}&since=none")
    assert "Since last time" not in anna.get(file.replace("md", "json"))
    assert "Since last time" in anna.get("/cases/shop/reports/read?lang=en")
    anna.get(f"{file}&since=../company.yaml", 404)
    put(web, "half.json", older(web).to_json().replace('"slice":', '"sl":').encode())
    anna.get(f"{file}&since=half.json", 422)


def test_the_page_of_reports_offers_the_runs_and_to_save_this_one(
    anna: Visitor, web: Web
) -> None:
    assert 'name="since"' not in anna.get("/cases/shop/reports")
    save(web.engine, "shop", older(web), actor="anna", at=AT)
    page = anna.get("/cases/shop/reports")
    assert "The last saved: 31 Mar 2026" in page and "No comparison" in page
    assert "Save the result that you hand out" in page
    anna.post(RUNS)
    assert "This result is saved" in anna.get("/cases/shop/reports")
