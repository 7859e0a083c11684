"""Cases through the API."""

from flask import abort, url_for

from salesdx.storage import accounts
from salesdx.storage.accounts import User
from salesdx.storage.cases import case_info, has_case
from salesdx.storage.moments import written
from salesdx.web.api.models import Case, Cases, NewCase
from salesdx.web.api.operations import Operation, Reply, blueprint, operation
from salesdx.web.caller import caller, engine, now
from salesdx.web.guard import needs
from salesdx.workspace.new_case import NewCompany, begin_case


@blueprint.get("/cases")
@needs("case.read")
@operation(Operation("The cases that this token sees", {200: Cases}))
def all_cases() -> Cases:
    """In the order of their ids."""
    return Cases(cases=[_case(i) for i in accounts.own_cases(engine(), user())])


@blueprint.post("/cases")
@needs("case.create")
@operation(Operation(
    "Begin a case for a company", {201: Case}, takes=NewCase, faults=(409,)
))  # fmt: skip
def add_case(body: NewCase) -> Reply:
    """The id is yours to choose; it stays."""
    if has_case(engine(), body.id):
        abort(409)
    begin_case(engine(), body.id, NewCompany(body.name), user(), written(now()))
    place = url_for("api.one_case", case=body.id)
    return Reply(_case(body.id), 201, {"Location": place})


@blueprint.get("/cases/<case>")
@needs("case.read")
@operation(Operation("One case", {200: Case}))
def one_case(case: str) -> Case:
    """What is kept of it, in figures."""
    return _case(case)


def user() -> User:
    """Whom the token speaks for."""
    found = caller().user
    assert found is not None
    return found


def _case(case: str) -> Case:
    found = case_info(engine(), case)
    return Case(
        id=found.id, name=found.name, added_at=found.added_at,
        closed_at=found.closed_at, files=found.files, answers=found.answers,
        last_answer=found.last_answer,
    )  # fmt: skip
