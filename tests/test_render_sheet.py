"""The workbook as people work in it: dates, units, choices, and nothing that runs."""

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
import render_fixture as made
from openpyxl import Workbook

from salesdx.plan_edits import applied
from salesdx.plan_edits.entries import Edit, EditFile
from salesdx.render import render
from salesdx.render.sheet_formats import Amount, number_format, stored

PLAN = {"en": "Plan", "ru": "План"}


def opened(document, lang="ru", **options) -> Workbook:
    data = render(document, "xlsx", lang, **options)
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.fixture(scope="module")
def rich() -> Workbook:
    return opened(made.rich())


def column(sheet, title: str) -> list[openpyxl.cell.Cell]:
    at = next(c.column for c in sheet[1] if c.value == title)
    return [row[at - 1] for row in sheet.iter_rows(min_row=2)]


def test_sheets_go_from_the_answer_to_the_figures(rich):
    assert rich.sheetnames == [
        "Главное", "План", "Шаги", "Карта потерь", "Потери", "Причины", "Доводы",
        "Показатели",
        "Не проверено",
    ]  # fmt: skip
    owner = opened(made.rich(), audience="owner")
    assert "Доводы" not in owner.sheetnames


def test_texts_never_run_and_numbers_stay_numbers():
    document = made.hostile()
    book = opened(document, "en")
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert not [c.value for c in cells if c.data_type == "f"]
    assert "'=1+1" in {c.value for c in cells}
    assert book["Causes"]["D2"].value == document.causes[0].points
    sums = {c.value for c in column(book["Losses"], "High")}
    assert document.losses[0].money.high in sums


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_the_plan_has_dates_choices_and_a_filter(lang):
    document = made.rich()
    sheet = opened(document, lang)[PLAN[lang]]
    starts = column(sheet, {"en": "Start", "ru": "Начало"}[lang])
    day = dt.datetime(2026, 6, 30) + dt.timedelta(days=document.plan[0].start_day)
    assert starts[0].value == day
    assert starts[0].is_date
    assert sheet.auto_filter.ref.startswith("A1:O")
    assert sheet.freeze_panes == "B2"
    (choice,) = sheet.data_validations.dataValidation
    assert choice.type == "list"
    states = choice.formula1.strip('"').split(",")
    assert len(states) == 5
    assert sheet["E2"].value in states
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0  # as many as it takes
    assert sheet.print_title_rows == "$1:$1"


def test_what_people_set_of_an_action_is_in_the_plan():
    document = made.rich()
    first = document.plan[0].id
    edit = Edit(owner="Ирина", due=dt.date(2026, 7, 10), done=dt.date(2026, 7, 9),
                note="=сделали")  # fmt: skip
    file = EditFile(format=1, actions={first: edit})
    plan = applied(document.plan, file, dt.date(2026, 7, 12))
    sheet = opened(document.model_copy(update={"plan": plan}))["План"]
    assert sheet["B2"].value == "Ирина"
    assert sheet["D2"].value == dt.datetime(2026, 7, 10)
    assert sheet["E2"].value == "сделано"
    assert sheet["F2"].value == dt.datetime(2026, 7, 9)
    assert sheet["K2"].value == "'=сделали"


def test_without_a_day_the_plan_says_days_in_words():
    document = made.rich()
    case = document.case.model_copy(update={"as_of": None})
    sheet = opened(document.model_copy(update={"case": case}))["План"]
    assert str(sheet["C2"].value).startswith("день ")


def test_the_loss_map_keeps_its_sums_as_numbers_with_a_sign(rich):
    cells = [c for row in rich["Карта потерь"].iter_rows() for c in row if c.value]
    sums = [c for c in cells if isinstance(c.value, int | float)]
    assert sums
    assert all(re.match(r'"[▲◊] "', c.number_format) for c in sums)
    assert {c.fill.fgColor.rgb for c in sums} & {"FFA8402C"}
    money = {x.money.expected for x in made.rich().losses if x.money}
    assert {c.value for c in sums} <= money


@pytest.mark.parametrize(
    ("unit", "ru", "en"),
    [
        ("money", '#,##0" ₽"', '"₽"#,##0'), ("ratio", "0.0%", "0.0%"),
        ("days", '#,##0.0" дн."', '#,##0.0" days"'), ("count", "#,##0", "#,##0"),
        ("seconds", "[h]:mm:ss", "[h]:mm:ss"),
    ],
)  # fmt: skip
def test_a_number_is_shown_in_its_unit(unit, ru, en):
    assert number_format(Amount(5, unit), "ru", "RUB") == ru
    assert number_format(Amount(5, unit), "en", "RUB") == en


def test_time_is_stored_as_a_spreadsheet_counts_it():
    assert stored(Amount(43_200, "seconds")) == 0.5
    assert stored(Amount(float("inf"), "ratio")) is None


def test_the_file_names_the_company_and_nobody():
    with zipfile.ZipFile(io.BytesIO(render(made.rich(), "xlsx", "ru"))) as archive:
        core = archive.read("docProps/core.xml").decode()
    assert "<dc:creator></dc:creator>" in core
    assert "<cp:lastModifiedBy></cp:lastModifiedBy>" in core
    assert made.rich().case.name in core
