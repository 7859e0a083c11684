"""A respondent's own words are given to take along, and erased when he asks."""

import json
from pathlib import Path

import pytest
from web_fixture import Web, quick_passwords, web, web_database

from salesdx.storage.case_file import files_of, write_file_of
from salesdx.storage.links import links_of

__all__ = ["quick_passwords", "web", "web_database"]
PEOPLE = "/cases/acme/people"
ERASE = f"{PEOPLE}/erase"


def files_at(web: Web) -> bytes:
    """All bytes of the database, once nobody holds it."""
    path = Path(web.engine.url.database or "")
    web.engine.dispose()
    return b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*"))


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_what_goes_and_what_stays_is_told_before(web: Web, lang: str) -> None:
    visitor = web.staff(lang=lang)
    assert f"{ERASE}?who=owner" in visitor.get(PEOPLE)
    page = visitor.get(f"{ERASE}?who=owner")
    assert "Пётр Орлов" in page and "company.yaml" in page
    assert ("Answers: 2" if lang == "en" else "пояснениями: 2") in page
    assert 'name="results"' not in page  # nothing is saved
    visitor.get(f"{ERASE}?who=nobody", 404)
    page = web.staff("vera").get(PEOPLE)
    assert ERASE not in page and f"{PEOPLE}/export?who=owner" in page


def test_an_answer_is_taken_along_and_erased_to_the_last_byte(web: Web) -> None:
    visitor = web.staff()
    note = "canary-4471"
    sent = {"value": "yes", "note": note}
    visitor.post(f"{PEOPLE}/agree/odc.deadline-exists", sent)
    _, token = web.link(mode="form:why-us")
    person = web.client()
    person.post(f"/s/{token}")
    person.post("/assessment/consent", {"agree": "yes"})

    kept = json.loads(visitor.get(f"{PEOPLE}/export?who=owner"))
    assert {a["question"] for a in kept["answers"]} == {
        "odc.deadline-exists", "why.owner-can-answer",
    }  # fmt: skip
    assert kept["links"][0]["consents"][0]["withdrawn_at"] is None
    assert "hash" not in kept["links"][0] and kept["respondent"]["role"] == "owner"
    assert json.loads(visitor.get(f"{PEOPLE}/export?who=consultant"))["answers"]

    assert note.encode() in files_at(web)
    write_file_of(web.engine, "acme", "results/a.json", b"{}", None)
    assert 'name="results"' in visitor.get(f"{ERASE}?who=consultant")
    told = {"who": "consultant", "results": "yes"}
    assert visitor.post(ERASE, told) == f"{PEOPLE}?erased=yes"
    assert note.encode() not in files_at(web)
    assert files_of(web.engine, "acme", "results/") == []
    assert links_of(web.engine, "acme")  # another's


def test_who_withdrew_is_erased_from_the_list_and_is_out(web: Web) -> None:
    _, token = web.link(mode="form:why-us")
    person = web.client()
    person.post(f"/s/{token}")
    person.post("/assessment/consent", {"agree": "yes"})
    person.post("/assessment/withdraw")
    visitor = web.staff()
    assert "Erase what Пётр Орлов" in visitor.get(PEOPLE)
    visitor.post(ERASE, {"who": "owner"})
    page = visitor.get(f"{PEOPLE}?erased=yes")
    assert "Nothing of it is left" in page and "Erase what" not in page
    web.client().get(f"/s/{token}", 404)
    visitor.get(f"{PEOPLE}/export?who=owner", 404)


def test_as_many_answers_again_are_judged_anew_by_the_same_figures(web: Web) -> None:
    visitor, desk = web.staff(), web.desk
    before, figures = desk.analysis("acme"), desk.measured("acme")
    mine = [a for a in desk.answers("acme").file().answers if a.by == "owner"]
    visitor.post(ERASE, {"who": "owner"})
    assert desk.measured("acme") is figures  # nobody waits
    assert desk.analysis("acme") is not before
    no = [a.model_copy(update={"value": not a.value}) for a in mine]
    desk.answers("acme").append(no)
    after = desk.analysis("acme")
    said = {a.question: a.value for a in after.log.answers if a.by == "owner"}
    assert said == {a.question: a.value for a in no}
