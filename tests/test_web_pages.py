"""Pages that everybody meets: signing in, the list of cases, faults."""

import pytest
from web_fixture import (
    PASSWORD,
    Visitor,
    Web,
    quick_passwords,
    web,
    web_database,
)

from salesdx.web.app import create_app
from salesdx.web.settings import Settings

__all__ = ["quick_passwords", "web", "web_database"]


def test_who_has_not_signed_in_is_asked_to_and_comes_back(web: Web) -> None:
    visitor = web.client()
    answer = visitor.http.get("/cases/acme")
    assert answer.headers["Location"] == "/sign-in?back=/cases/acme"
    assert "Sign in" in visitor.get("/sign-in?back=/cases/acme")


def test_a_user_sees_own_cases_only(web: Web) -> None:
    assert "Другая компания" in web.staff("anna").get("/cases")
    page = web.staff("oleg").get("/cases")
    assert "ООО «Акме»" in page and "Другая компания" not in page
    web.staff("oleg").get("/cases/other", 404)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_a_case_opens(web: Web, lang: str) -> None:
    assert "ООО «Акме»" in web.staff("vera", lang).get("/cases/acme")


def test_a_form_of_another_site_changes_nothing(web: Web) -> None:
    visitor = web.staff()
    forged = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.http.post("/sign-out", headers=forged).status_code == 403
    assert visitor.http.post("/sign-out").status_code == 403  # no token of the form
    assert visitor.post("/sign-out") == "/sign-in"


def test_who_comes_before_the_figures_is_told_to_wait(web: Web) -> None:
    impatient = create_app(web.desk, Settings(patience=0), lambda: web.now)
    visitor = Visitor(web, impatient.test_client(), "en")
    visitor.http.post("/sign-in", data={"name": "anna", "password": PASSWORD})
    web.desk._measured.clear()
    answer = visitor.http.get("/cases/acme/causes")
    assert answer.status_code == 200 and answer.headers["Refresh"] == "2"
    assert "being computed" in answer.text
    assert web.desk.wait("acme", 60)
    assert "ООО «Акме»" in visitor.get("/cases/acme/causes")
