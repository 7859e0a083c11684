"""Start a case: a company of one's own, or the made-up one to look around."""

from flask import Blueprint, Response, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.errors import DataError, in_language
from salesdx.storage.accounts import User
from salesdx.storage.moments import written
from salesdx.web.caller import caller, engine, now
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.page import page, t
from salesdx.workspace.company_fields import CURRENCIES, MODELS, is_zone, zones
from salesdx.workspace.new_case import (
    NewCompany,
    begin_case,
    begin_demo,
    proposed_id,
)

blueprint = Blueprint("new_case", __name__)


@blueprint.get("/cases/new")
@needs("case.create")
def form() -> Response:
    """Ask who the company is."""
    zone = "Europe/Moscow" if language() == "ru" else "UTC"
    given = NewCompany("", "RUB" if language() == "ru" else "EUR", zone)
    return _page(Form(), given, "", 200)


@blueprint.post("/cases/new")
@needs("case.create")
def created() -> AnyResponse:
    """Make the case; its id is made of the name unless another is given."""
    said = Form()
    given = NewCompany(
        said.needed("name", t("new-case.no-name"))[:200],
        said.text("currency").upper(), said.text("timezone"),
        said.text("sales_model"), said.text("industry")[:200],
    )  # fmt: skip
    if not (len(given.currency) == 3 and given.currency.isascii()
            and given.currency.isalpha()):  # fmt: skip
        said.wrong("currency", t("new-case.no-currency"))
    if not is_zone(given.timezone):
        said.wrong("timezone", t("new-case.no-zone"))
    if given.sales_model not in ("", *MODELS):
        said.wrong("sales_model", t("new-case.no-model"))
    case = said.text("id", 80)
    if said.failed:
        return _page(said, given, case, 422)
    case = case or proposed_id(engine(), given.name)
    try:
        begin_case(engine(), case, given, _user(), written(now()))
    except DataError as error:
        said.wrong("id", in_language(error.message, language()))
        return _page(said, given, case, 422)
    return redirect(url_for("data_import.choose", case=case), 303)


@blueprint.post("/cases/new/demo")
@needs("case.demo")
def demo() -> AnyResponse:
    """Add a copy of the made-up company."""
    case = begin_demo(engine(), _user(), written(now()), language())
    return redirect(url_for("cases.overview", case=case), 303)


def _user() -> User:
    user = caller().user
    assert user is not None
    return user


def _page(said: Form, given: NewCompany, case: str, status: int) -> Response:
    return page(
        "new_case/form.html.j2", status, errors=said.errors, failed=said.failed,
        given=given, id=case, currencies=CURRENCIES, models=MODELS, zones=zones(),
        place="cases",
    )  # fmt: skip
