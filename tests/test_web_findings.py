"""What a consultant reads of a case: the list, the answer, causes, losses, figures."""

import dataclasses
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path

import pytest
import render_fixture as made
from web_fixture import NOW, PASSWORD, Web, quick_passwords, web, web_database

from salesdx.answers.file import AnswerEntry
from salesdx.errors import DataError
from salesdx.result import ResultDocument
from salesdx.storage.upgrading import open_database
from salesdx.web.app import create_app
from salesdx.web.settings import Settings
from salesdx.workspace.desk import Desk

__all__ = ["quick_passwords", "web", "web_database"]
CAUSE = "no-deadline"
PAGES = ("", "/causes", "/losses", "/figures", "/answers", "/reports")


@pytest.fixture(scope="module")
def seen(web_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """One server for all who only read: the case is measured and judged once."""
    path = tmp_path_factory.mktemp("seen") / "salesdx.db"
    shutil.copyfile(web_database, path)
    desk, clock = Desk(open_database(str(path)), executor="reference"), [NOW]
    found = Web(create_app(desk, Settings(patience=60), lambda: clock[0]), desk, clock)
    desk.analysis("acme")
    yield found
    desk.close()
    desk.engine.dispose()


@contextmanager
def shown(web: Web, document: ResultDocument) -> Iterator[None]:
    """Let the case acme have another result: pages read the document alone."""
    found = web.desk.analysis("acme")
    key = next(k for k, judged in web.desk._judged.items() if judged is found)
    web.desk._judged[key] = dataclasses.replace(found, document=document)
    try:
        yield
    finally:
        web.desk._judged[key] = found


class Running(HTMLParser):
    """What of a page might run: handlers, scripts and frames, addresses of scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs) -> None:  # type: ignore[no-untyped-def]
        given = dict(attrs)
        if tag in ("iframe", "object", "embed", "base", "style") or "style" in given:
            self.found.append(f"{tag} {given}")
        if tag == "script" and not (given.get("src") or "").startswith("/static/"):
            self.found.append(f"{tag} {given}")
        self.found += [
            f"{tag} {name}" for name, value in attrs
            if name.startswith("on") or ("script:" in (value or "").lower()
            and name in ("href", "src", "action", "formaction", "xlink:href"))
        ]  # fmt: skip


def cause_of(web: Web, verdict: str) -> str:
    causes = web.desk.analysis("acme").document.causes
    return next(c.id for c in causes if c.verdict == verdict and not c.slice)


def test_the_list_tells_how_each_case_stands(web: Web) -> None:
    visitor = web.staff()
    page = visitor.get("/cases")
    assert "answers: 3" in page and "open it to see" in page
    web.link()
    visitor.get("/cases/acme")
    page = visitor.get("/cases")
    assert "no proven loss" in page and "likely causes: 0" in page
    row = page[page.index("ООО «Акме»"):]  # fmt: skip
    assert '<td class="right" data-label="Open links">1</td>' in row
    assert row.count("</tr>") == 2


def test_the_list_is_searched_by_name(web: Web) -> None:
    visitor = web.staff()
    page = visitor.get("/cases?q=ДРУГАЯ")
    assert "Другая компания" in page and "Акме" not in page
    assert "No company of this name" in visitor.get("/cases?q=nobody")


def test_the_first_run_says_what_a_case_is(web: Web) -> None:
    for case in ("acme", "other"):
        with web.engine.begin() as connection:
            connection.exec_driver_sql(f"delete from cases where id = '{case}'")
    assert "No cases yet" in web.staff().get("/cases")
    assert "Ask whoever runs this server" in web.staff("vera").get("/cases")


def test_a_closed_case_is_read_and_takes_no_answers(web: Web) -> None:
    visitor = web.staff()
    assert "Close “ООО «Акме»”?" in visitor.get("/cases/acme/close")
    assert visitor.post("/cases/acme/close") == "/cases/acme"
    page = visitor.get("/cases/acme")
    assert "Closed on 27 Nov 2026" in page and "Reopen this case" in page
    listed = visitor.get("/cases")
    assert listed.index("Другая компания") < listed.index("<h2>Closed</h2>")
    entry = AnswerEntry(question="why.owner-can-answer", by="owner", value=True)
    with pytest.raises(DataError, match="closed"):
        web.desk.answers("acme").append([entry])
    visitor.post("/cases/acme/reopen")
    assert web.desk.answers("acme").append([entry])
    assert "Close this case" in visitor.get("/cases/acme")


def test_who_may_only_look_closes_nothing(seen: Web) -> None:
    visitor = seen.staff("vera")
    assert "Close this case" not in visitor.get("/cases/acme")
    visitor.get("/cases/acme/close", 403)
    visitor.post("/cases/acme/close", status=403)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_overview_says_what_page_one_says_and_what_is_not_known(
    seen: Web, lang: str
) -> None:
    page = seen.staff(lang=lang).get("/cases/acme")
    found = seen.desk.analysis("acme").document
    asked = found.next_questions[0].title
    assert (asked.en if lang == "en" else asked.ru) in page
    assert ("not examined" if lang == "en" else "не проверили") in page
    assert "deals.csv" in page
    assert ("disagree" if lang == "en" else "расходятся") in page


def test_too_little_known_is_an_answer_too(seen: Web) -> None:
    visitor = seen.staff()
    visitor.get("/cases/acme")
    with shown(seen, made.empty()):
        page = visitor.get("/cases/acme")
    assert "Too little is known for an answer" in page and "<ol" not in page


def test_causes_stand_by_verdict_and_are_narrowed(seen: Web) -> None:
    visitor = seen.staff()
    page = visitor.get("/cases/acme/causes")
    heads = re.findall(r'<span class="tag (\w+)"', page)
    assert heads[:2] == ["possible", "open"]
    cause = cause_of(seen, "possible")
    assert f"/cases/acme/causes/{cause}" in page
    kind = next(c.kind for c in seen.desk.analysis("acme").document.causes
                if c.id == cause)  # fmt: skip
    assert cause in visitor.get(f"/cases/acme/causes?kind={kind}")
    assert cause not in visitor.get("/cases/acme/causes?kind=people")
    assert "No cause fits" in visitor.get("/cases/acme/causes?place=manager:nobody")


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_cause_is_laid_open(seen: Web, lang: str) -> None:
    visitor = seen.staff(lang=lang)
    cause = cause_of(seen, "possible")
    page = visitor.get(f"/cases/acme/causes/{cause}")
    why = seen.desk.analysis("acme").why(cause)
    line = why.accounts[0].lines[0]
    for part in (line.rule, line.grade, f"{abs(line.points)}</b>"):
        assert part in page
    assert "/cases/acme/answers?q=" in page  # an answer can be looked at
    assert ("How to verify" if lang == "en" else "Как проверить") in page
    assert ("points of evidence" if lang == "en" else "балл") in page
    visitor.get("/cases/acme/causes/nothing", 404)
    visitor.get(f"/cases/acme/causes/{cause}?place=manager:nobody", 404)


def test_what_would_make_a_cause_likely_is_searched_when_asked(seen: Web) -> None:
    visitor = seen.staff()
    cause = cause_of(seen, "possible")
    address = f"/cases/acme/causes/{cause}"
    assert "Search the smallest changes" in visitor.get(address)
    page = visitor.get(f"{address}?why-not=1")
    assert "find out:" in page or "would have to differ" in page


def test_what_if_changes_conclusions_and_keeps_nothing(seen: Web) -> None:
    visitor = seen.staff()
    before = seen.desk.analysis("acme").document.to_json()
    address = "/cases/acme/causes/no-deadline/what-if?name=odc.deadline-exists"
    page = visitor.get(address)
    assert 'value="unknown"' in page and "These conclusions" not in page
    page = visitor.get(f"{address}&value=yes&go=1")
    assert "These conclusions would change" in page
    page = visitor.get(f"{address}&value=perhaps&go=1", 422)
    assert "<title>Error:" in page and 'role="alert"' in page
    visitor.get("/cases/acme/causes/no-deadline/what-if?name=nonsense", 404)
    assert seen.desk.analysis("acme").document.to_json() == before


def test_each_chart_answers_a_question_and_has_its_table(seen: Web) -> None:
    visitor = seen.staff()
    visitor.get("/cases/acme")
    with shown(seen, made.rich()):
        page = visitor.get("/cases/acme/losses")
    questions = re.findall(r"<figcaption>(.*?)<small>", page)
    assert questions and all(q.endswith("?") for q in questions)
    assert page.count("<svg") > len(questions) - 1
    assert page.count("The same as a table") == len(questions)
    assert ' style="' not in page and "<style" not in page


def test_figures_are_searched_and_have_a_passport(seen: Web) -> None:
    visitor = seen.staff()
    assert "Not known" in visitor.get("/cases/acme/figures")
    with shown(seen, made.rich()):
        page = visitor.get("/cases/acme/figures?q=conversion")
        assert "/cases/acme/figures/conversion.mature" in page
        for nothing in ("q=zzz", "place=manager:nobody"):
            assert "No figure fits" in visitor.get(f"/cases/acme/figures?{nothing}")
        page = visitor.get("/cases/acme/figures/conversion.mature")
    assert "Passport of the figure" in page and "“Deals”" in page
    visitor.get("/cases/acme/figures/nonsense", 404)


def test_answers_are_told_with_who_said_them(seen: Web) -> None:
    visitor = seen.staff(lang="ru")
    page = visitor.get("/cases/acme/answers?q=odc.deadline-exists")
    assert page.count('<th scope="row"') == 2 and "Анна Климова" in page


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_nothing_hostile_runs_on_any_page(seen: Web, lang: str) -> None:
    visitor = seen.staff(lang=lang)
    visitor.get("/cases/acme")
    with shown(seen, made.hostile()):
        for path in PAGES:
            page = visitor.get(f"/cases/acme{path}")
            assert not Running(page).found, path


def test_pages_of_a_case_belong_to_its_people(seen: Web) -> None:
    visitor = seen.staff("oleg")
    for path in PAGES:
        visitor.get(f"/cases/other{path}", 404)
    assert PASSWORD not in visitor.get("/cases")
