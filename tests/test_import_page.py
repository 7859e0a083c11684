"""The table of the page on importing is made from the forms and up to date."""

from pathlib import Path
from typing import get_args

import pytest

from salesdx.crm.kinds import VENDORS
from salesdx.crm.vendors import vendor
from salesdx.crm.vendors.form import NAME_TITLES, NameKind
from salesdx.language import Language
from salesdx.workbench.import_page import PAGES, forms_table, renewed

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("language", sorted(PAGES))
def test_the_page_on_importing_is_up_to_date(language: Language) -> None:
    there = (DOCS / PAGES[language]).read_text(encoding="utf-8")
    assert there == renewed(there, language), (
        "run: python -m salesdx.workbench.import_page docs"
    )


@pytest.mark.parametrize("language", sorted(PAGES))
def test_every_form_has_a_row(language: Language) -> None:
    lines = forms_table(language).splitlines()
    assert len(lines) - 2 == sum(len(vendor(name).forms) for name in VENDORS)
    assert all(line.replace("\\|", "").count("|") == 4 for line in lines)


def test_every_kind_of_name_has_words() -> None:
    assert set(NAME_TITLES) == set(get_args(NameKind))
