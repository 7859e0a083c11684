"""Respondents of a case: who answered, inviting, answers to agree on."""

import re

import pytest
import segno
from web_fixture import Visitor, Web, quick_passwords, web, web_database

from salesdx.storage import links
from salesdx.workspace.invitations import qr_svg

__all__ = ["quick_passwords", "web", "web_database"]
PEOPLE = "/cases/acme/people"
NEW = {"role": "seller", "name": "Иван", "mode": "quick", "days": "7"}


def invited(visitor: Visitor, **given: str) -> tuple[str, str]:
    """Where a new link is shown, and the page."""
    where = visitor.post(f"{PEOPLE}/invite", {**NEW, **given})
    return where, visitor.get(where)


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_respondents_and_differences_are_listed(web: Web, lang: str) -> None:
    page = web.staff("vera", lang).get(PEOPLE)
    assert "Пётр Орлов" in page and "Анна Климова" in page
    differ = "Where people differ" if lang == "en" else "В чём люди расходятся"
    assert differ in page
    assert "/people/invite" not in page and "/people/agree/" not in page  # may not


def test_a_link_is_shown_to_whoever_made_it_and_opens(web: Web) -> None:
    visitor = web.staff("oleg")
    where, page = invited(visitor)
    address = re.search(r'value="http://localhost(/s/[\w-]{43})"', page)
    assert address is not None
    assert qr_svg(f"http://localhost{address[1]}") in page and "style=" not in page
    web.staff("anna").http.get(where)
    assert web.staff("anna").http.get(where).status_code == 303  # not in her browser
    (link,) = links.links_of(web.engine, "acme")
    assert (link.role, link.by, link.mode) == ("seller", "Иван", "quick")
    assert link.made_by == "oleg" and link.expires_at.startswith("2026-12-04")
    assert "not opened yet" in visitor.get(PEOPLE)


def test_the_code_is_the_link(web: Web) -> None:
    text = "https://sdx.example.com/s/" + "a" * 43
    rows = [list(row) for row in segno.make(text, error="m", micro=False).matrix]
    drawn = qr_svg(text)
    size = len(rows) + 4
    assert f'viewBox="0 0 {size} {size}"' in drawn and "style" not in drawn
    dark = [[0] * size for _ in range(size)]
    path = re.search(r' d="([^"]+)"/></svg>', drawn)
    assert path is not None
    x = y = 0.0
    for kind, numbers in re.findall(r"([Mmh])([-\d. ]+)", path[1]):
        at = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        match kind:
            case "M":
                x, y = at
            case "m":
                x, y = x + at[0], y + at[1]
            case _:
                for i in range(int(at[0])):
                    dark[int(y)][int(x) + i] = 1
                x += at[0]
    assert [row[2:-2] for row in dark[2:-2]] == rows


def test_an_invitation_that_cannot_be_is_told_by_its_field(web: Web) -> None:
    visitor = web.staff()
    for wrong, told in (
        ({"days": "91"}, "from 1 to 90"), ({"role": ""}, "Choose the role"),
        ({"name": ""}, "Give a name"), ({"name": "owner"}, "another role"),
        ({"mode": "form:none"}, "no form"), ({"who": "nobody"}, "on the list"),
        ({"role": "production"}, "nothing is asked"),
    ):  # fmt: skip
        page = visitor.post(f"{PEOPLE}/invite", {**NEW, **wrong}, 422)
        assert told in page and "Error:" in page, wrong
    assert links.links_of(web.engine, "acme") == []


def test_a_link_is_revoked_or_opened_again(web: Web) -> None:
    visitor = web.staff()
    link, token = web.link(mode="form:why-us")
    links.finish(web.engine, link, web.now)
    assert "handed in" in visitor.get(PEOPLE)
    visitor.post(f"{PEOPLE}/links/{link.id}/reopen")
    assert "Begin" in web.client().get(f"/s/{token}")
    assert "Revoke this link?" in visitor.get(f"{PEOPLE}/links/{link.id}/revoke")
    visitor.post(f"{PEOPLE}/links/{link.id}/revoke")
    web.client().get(f"/s/{token}", 410)
    visitor.post(f"{PEOPLE}/links/{link.id}/reopen")
    web.client().get(f"/s/{token}", 410)


def test_a_link_of_another_case_is_none(web: Web) -> None:
    link, _ = web.link("other")
    visitor = web.staff("oleg")
    for what in ("", "/revoke"):
        visitor.get(f"{PEOPLE}/links/{link.id}{what}", 404)
        visitor.get(f"/cases/other/people/links/{link.id}{what}", 404)
    for what in ("revoke", "reopen"):
        visitor.post(f"{PEOPLE}/links/{link.id}/{what}", status=404)
        web.staff("vera").post(f"{PEOPLE}/links/{link.id}/{what}", status=403)


def test_people_agree_on_an_answer_with_a_note(web: Web) -> None:
    visitor = web.staff()
    where = f"{PEOPLE}/agree/odc.deadline-exists"
    assert where in visitor.get(PEOPLE)
    assert "Анна Климова" in visitor.get(where)
    page = visitor.post(where, {"value": "yes"}, 422)
    assert "how you came to it" in page and "checked" in page
    sent = {"value": "yes", "note": "looked at three offers"}
    assert visitor.post(where, sent) == PEOPLE
    page = visitor.get(PEOPLE)
    assert "looked at three offers" in page and where not in page
    found = web.desk.analysis("acme")
    assert found.facts.fact("odc.deadline-exists").value is True
    assert not found.facts.fact("odc.deadline-exists").disagree
    web.staff("vera").post(where, sent, 403)


def test_consent_and_its_end_are_told(web: Web) -> None:
    _, token = web.link(mode="form:why-us")
    person = web.client()
    person.post(f"/s/{token}")
    person.post("/assessment/consent", {"agree": "yes"})
    visitor = web.staff()
    assert "consent given on" in visitor.get(PEOPLE)
    person.post("/assessment/withdraw")
    assert "consent withdrawn on" in visitor.get(PEOPLE)
