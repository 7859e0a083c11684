"""The funnel designer: edits by a form, comments kept, every version kept and named."""

import re
from pathlib import Path
from typing import Any

import pytest
from web_fixture import AT, Web, quick_passwords, web, web_database

from salesdx.company import Company, funnels_mark
from salesdx.crm.company_file import understood
from salesdx.errors import DataError
from salesdx.storage.case_file import read_file_of, write_file_of
from salesdx.storage.cases import add_case, case_info, export_case
from salesdx.workspace.company_edits import edit_company, read_company
from salesdx.workspace.funnel_versions import versions
from salesdx.workspace.yaml_edits import with_values

__all__ = ["quick_passwords", "web", "web_database"]
FILE = """# Top
format: 1
name: "A"
currency: RUB                  # of all amounts
as_of: 2026-06-30
funnels:
  # the only one
  - id: main
    entry: first meeting held   # what counts
    # stages agreed with Anna
    stages:
      - {id: new, reference_days: 5}  # five
      - meeting
      - {id: proposal}
    main_stage: proposal
# words for lost
lost_reasons: {"Дорого": price}
"""
STAGES = {
    "funnels": "1", "f0-id": "main", "f0-entry": "звонок состоялся", "f0-stages": "3",
    "f0-s0-id": "new", "f0-s0-days": "7,5", "f0-s1-id": "proposal", "f0-s1-title": "КП",
    "f0-s1-turning": "yes", "f0-main": "1", "f0-s2-id": "",
}  # fmt: skip


def began(page: str) -> str:
    found = re.search(r'name="began" value="(\w+)"', page)
    assert found is not None
    return found[1]


def comments(text: str) -> set[str]:
    return {c.strip() for c in re.findall(r"# ?(.+)", text)}


@pytest.mark.parametrize("values", [
    {"currency": "EUR"}, {"currency": None}, {"as_of": "2026-07-01"}, {"funnels": None},
    {"sales_model": "b2b", "name": "no: \"x\" # y"}, {"benchmarks": {"a.b": 0.5}},
    {"funnels": [{"id": "cold", "stages": [{"id": "1"}, {"id": "yes", "title": "~"}]}]},
    {"funnels": [{"id": "main", "stages": [{"id": "meeting"}, {"id": "new"}]}]},
])  # fmt: skip
def test_a_key_is_set_and_all_else_stays(values: dict[str, Any]) -> None:
    after = with_values(FILE, values)
    assert comments(FILE) <= comments(after)
    old, new = understood(FILE, "a"), understood(after, "a")
    kept = set(Company.model_fields) - set(values)
    assert old.model_dump(include=kept) == new.model_dump(include=kept)
    for key, value in values.items():
        told = Company.model_validate({"format": 1, "name": "A", key: value}) if value \
            else Company(format=1, name="A")  # fmt: skip
        assert getattr(new, key) == getattr(told, key)
    assert with_values(after, values) == after


def test_a_file_in_one_line_can_be_edited_too() -> None:
    after = with_values("{format: 1, name: A}\n", {"currency": "EUR"})
    assert understood(after, "a").currency == "EUR"


def test_buttons_change_the_form_and_nothing_else(web: Web) -> None:
    anna = web.staff()
    page = anna.get("/cases/acme/funnel")
    sent = {**STAGES, "began": began(page)}

    def stages(do: str) -> list[str]:
        told = anna.post("/cases/acme/funnel", {**sent, "do": do}, 200)
        assert "Not saved yet" in told
        return re.findall(r'name="f0-s\d+-id" type="text" value="([^"]*)"', told)

    assert stages("up:0:1") == ["proposal", "new", ""]
    assert stages("down:0:0") == ["proposal", "new", ""]
    assert stages("remove:0:0") == ["proposal", ""]
    assert stages("add:0") == ["new", "proposal", "", ""]
    assert stages("take:0:Счёт: №1") == ["new", "proposal", "Счёт: №1"]
    assert stages("up:9:9") == stages("x:0:y") == ["new", "proposal", ""]
    told = anna.post("/cases/acme/funnel", {**sent, "do": "add-funnel"}, 200)
    assert (
        'name="f1-id"' in told
        and 'id="f0-s1-main" name="f0-main" value="1" checked' in told
    )
    assert not versions(web.engine, "acme")


def test_a_saved_funnel_is_a_version_with_words(web: Web) -> None:
    anna = web.staff()
    sent = {**STAGES, "began": began(anna.get("/cases/acme/funnel"))}
    assert anna.post("/cases/acme/funnel", sent).endswith("?done=saved")
    funnel = web.desk.company("acme").funnels[0]
    assert [s.id for s in funnel.stages] == ["new", "proposal"]
    assert funnel.stages[0].reference_days == 7.5 and funnel.main_stage == "proposal"
    known = versions(web.engine, "acme")
    assert [(v.number, v.by) for v in known] == [(1, ""), (2, "anna")]
    assert known[1].funnels_mark == funnels_mark((funnel,)) != ""
    page = anna.get("/cases/acme/company/versions")
    assert "Funnel “main” added, stages: 2" in page and known[1].funnels_mark in page
    # the same once more is no version; another edit is told in words
    sent["began"] = began(anna.get("/cases/acme/funnel"))
    assert anna.post("/cases/acme/funnel", sent).endswith("?done=same")
    sent |= {"f0-s1-days": "20", "f0-s0-id": "request"}
    anna.post("/cases/acme/funnel", sent)
    told = [c.ru for c in versions(web.engine, "acme")[2].changes]
    assert told == [
        "main: убран этап «new»", "main: добавлен этап «request», по счёту 1",
        "main: «КП»: Норматив: указано «20»",
    ]  # fmt: skip
    page = web.staff(lang="ru").get("/cases/acme/company/versions?old=1&new=3")
    assert "От версии 1 к версии 3" in page
    # brought back as a new version
    back = {"began": began(page)}
    anna.post("/cases/acme/company/versions/2", back)
    assert web.desk.company("acme").funnels[0].stages == funnel.stages
    known = versions(web.engine, "acme")
    assert len(known) == 4 and known[3].definition == known[1].definition
    anna.post("/cases/acme/company/versions/9", back, 404)
    web.staff("vera").post("/cases/acme/company/versions/1", back, 403)


def test_faults_are_told_by_the_field_and_what_was_typed_stays(web: Web) -> None:
    anna = web.staff(lang="ru")
    sent = {
        **STAGES, "began": began(anna.get("/cases/acme/funnel")), "f0-s0-days": "х",
        "f0-s1-id": "new", "f0-cycle": "-1", "funnels": "2", "f1-id": "main",
        "f1-kind": "x", "f1-stages": "1", "f1-s0-title": "<b>без имени</b>",
    }  # fmt: skip
    page = anna.post("/cases/acme/funnel", sent, 422)
    failed = ["f0-cycle", "f0-s0-days", "f0-s1-id", "f1-id", "f1-kind", "f1-s0-id"]
    assert all(
        f'href="#{name}"' in page and f'id="{name}-error"' in page for name in failed
    )
    assert "&lt;b&gt;без имени" in page and "<b>без имени" not in page
    assert "Ошибка:" in page and not versions(web.engine, "acme")


def test_whoever_saves_over_another_edit_is_told_first(web: Web) -> None:
    anna, oleg = web.staff(), web.staff("oleg")
    page = anna.get("/cases/acme/funnel")
    oleg.post("/cases/acme/funnel", {**STAGES, "began": began(page)})
    mine = {**STAGES, "began": began(page), "f0-entry": "встреча"}
    told = anna.post("/cases/acme/funnel", mine, 422)
    assert "somebody else has changed" in told and "встреча" in told
    assert web.desk.company("acme").funnels[0].entry == "звонок состоялся"
    assert anna.post("/cases/acme/funnel", {**mine, "began": began(told)}).endswith(
        "saved"
    )
    assert web.desk.company("acme").funnels[0].entry == "встреча"


def test_facts_of_the_company_are_edited_and_checked(web: Web) -> None:
    anna = web.staff()
    page = anna.get("/cases/acme/company")
    facts = {
        "began": began(page), "name": "Акме", "currency": "usd", "timezone": "UTC",
        "days": ["mon", "sat"], "from": "8:30", "to": "17.00", "holidays": "ru",
        "as_of": "2026-05-31", "sales_model": "b2c", "minimum_loss": "100 000",
        "new_mark": "response.first-reply-hours-x", "new_value": "1",
    }  # fmt: skip
    told = anna.post("/cases/acme/company", facts, 422)
    assert 'id="new_mark-error"' in told and 'value="100 000"' in told
    mark = next(
        b.id for b in web.desk.knowledge.benchmarks.values() if b.unit == "ratio"
    )
    anna.post("/cases/acme/company", {**facts, "new_mark": mark, "new_value": "25 %"})
    company = web.desk.company("acme")
    assert (company.currency, company.minimum_loss) == ("USD", 100_000)
    assert company.working_hours.days == ["mon", "sat"]
    assert company.benchmarks == {mark: 0.25}
    assert set(company.respondents) == {"owner", "head"}
    assert case_info(web.engine, "acme").name == "Акме"
    bad = {
        **facts, "currency": "руб", "timezone": "Луна", "from": "25:00", "days": [],
        "as_of": "31.05.2026", "holidays": "XX", "name": "", "new_mark": "",
        "new_value": "", f"b-{mark}": "много", "minimum_loss": "-1",
    }  # fmt: skip
    told = anna.post("/cases/acme/company", bad, 422)
    assert told.count('class="error"') == 9


def test_versions_travel_with_the_case_folder(web: Web, tmp_path: Path) -> None:
    _, mark = read_company(web.engine, "acme")
    edit_company(web.engine, "acme", {"currency": "EUR"}, mark, "anna", AT)
    export_case(web.engine, "acme", tmp_path / "out")
    add_case(web.engine, "twin", "Акме", tmp_path / "out", AT, "anna")
    assert versions(web.engine, "twin") == versions(web.engine, "acme")
    # an edit made in the folder, or by another page, becomes a version of its own
    raw = read_file_of(web.engine, "twin", "company.yaml") or b""
    text = raw.replace(b"EUR", b"KZT")
    write_file_of(web.engine, "twin", "company.yaml", text, raw)
    _, mark = read_company(web.engine, "twin")
    edit_company(web.engine, "twin", {"industry": "x"}, mark, "anna", AT)
    known = versions(web.engine, "twin")
    assert [v.by for v in known] == ["", "anna", "", "anna"]
    assert [c.en for c in known[2].changes][1:] == [
        "Currency of all amounts: “EUR” → “KZT”"
    ]


def test_a_version_that_was_damaged_is_named(web: Web) -> None:
    write_file_of(web.engine, "acme", "company-versions/0001.yaml", b"x: 1\n", None)
    with pytest.raises(DataError, match="company-versions/0001"):
        versions(web.engine, "acme")


def test_stages_of_the_data_stand_beside_the_funnel(web: Web) -> None:
    deals = "deal_id,entered_at,status,stage_id\n" + "".join(
        f"{n},2026-01-{n:02},{'won' if n > 5 else 'open'},{'Won' if n > 5 else 'КП'}\n"
        for n in range(1, 10)
    )  # fmt: skip
    write_file_of(web.engine, "acme", "data/deals.csv", deals.encode(), None)
    anna = web.staff()
    page = anna.get("/cases/acme/funnel")
    assert 'value="take:0:КП"' in page and "rather an outcome" in page
    told = anna.post("/cases/acme/funnel", {
        **STAGES, "began": began(page), "do": "take:0:КП",
    }, 200)  # fmt: skip
    assert (
        'value="take:0:КП"' not in told and "In the funnel, but not in the data" in told
    )
    assert "data-label" in anna.get("/cases/acme/data")
