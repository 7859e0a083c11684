"""Vendor files: what they name exists, and a fixture proves each form."""

import pytest
from crm_fixture import FIXTURES, files_of

from salesdx.crm.guess import EXTRA
from salesdx.crm.kinds import VENDORS
from salesdx.crm.opening import Opened
from salesdx.crm.recognising import recognise
from salesdx.crm.vendors import form_of, shapes, vendor
from salesdx.tables import TABLES

FORMS = [(name, form) for name in VENDORS for form in vendor(name).forms]
NAMED = [pytest.param(n, f, id=f"{n}.{f.id}") for n, f in FORMS]
EXTRAS = {
    "deals": {c.name for c in EXTRA},
    "stage_history": {"funnel_id"},
    "activities": {"call_result"},
}


@pytest.fixture(scope="module")
def proven():
    """Forms that the files of the fixtures have."""
    found = set()
    for fixture in FIXTURES:
        for path in files_of(fixture):
            known = recognise(Opened(path).rows().table.column_names)
            if known is not None:
                found.add(known.name)
    return found


@pytest.mark.parametrize(("name", "form"), NAMED)
def test_a_form_names_tables_and_columns_that_exist(name, form):
    for table, told in form.tables.items():
        columns = {*told.columns, *told.first_filled, *told.named}
        known = {c.name for c in TABLES[table].columns}
        assert columns - known <= EXTRAS.get(table, set())


@pytest.mark.parametrize(("name", "form"), NAMED)
def test_a_form_is_found_by_its_qualified_name(name, form):
    assert form_of(f"{name}.{form.id}") is form


@pytest.mark.parametrize(("name", "form"), NAMED)
def test_a_form_is_known_by_something(name, form):
    assert form.requires or len(form.signature) >= form.needs


@pytest.mark.parametrize("name", VENDORS)
def test_shapes_are_used_and_exist(name):
    used = {t.shape for f in vendor(name).forms for t in f.tables.values()}
    used |= {d.shape for f in vendor(name).forms for d in f.directories}
    assert used - {None} == set(shapes(name))


@pytest.mark.parametrize(("name", "form"), NAMED)
def test_a_fixture_proves_the_form(name, form, proven):
    """Files that are refused have tests of their own: they make no case."""
    assert form.refused or f"{name}.{form.id}" in proven
