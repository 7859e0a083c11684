"""A page of one case: its tabs, and the figures it needs, or the wait for them."""

from functools import partial
from typing import Any

from flask import Response, abort, url_for

from salesdx.access.roles import Action
from salesdx.analysis import Analysis
from salesdx.storage.retention import closed_at
from salesdx.web.caller import caller, desk, engine, settings
from salesdx.web.page import page, t

_CHANGES: tuple[Action, ...] = ("case.change", "case.invite")
# key of the tab -> endpoint, in order
TABS = {
    "overview": "cases.overview",
    "data": "data.overview",
    "people": "people.overview",
    "interview": "interview.overview",
    "causes": "causes.overview",
    "losses": "losses.overview",
    "plan": "plan.overview",
    "meeting": "meeting.overview",
    "reports": "reports.overview",
    "runs": "runs.overview",
}


def case_page(
    template: str, case: str, tab: str, status: int = 200, /, **values: Any
) -> Response:
    """Show a page of a case with its tabs."""
    tabs = [
        (key, t(f"base.tab.{key}"), url_for(endpoint, case=case))
        for key, endpoint in TABS.items()
    ]
    company = desk().company(case)
    closed = closed_at(engine(), case)
    named = {
        "id": case, "name": company.name, "currency": company.currency,
        "closed": closed,
    }  # fmt: skip
    return page(
        template,
        status,
        case=named,
        tabs=tabs,
        tab=tab,
        place="cases",
        may_here=partial(_may, closed is not None),
        **values,
    )


def _may(closed: bool, action: Action) -> bool:
    """What forms are shown for: those of a closed case would be refused."""
    return caller().may(action) and not (closed and action in _CHANGES)


def waiting(case: str) -> Response | None:
    """The page that waits for the figures of a case; None once they are there.

    Measuring a large case takes seconds: the page says so and asks again by itself.
    """
    if not desk().is_ready(case):
        desk().prepare(case)
        if not desk().wait(case, settings().patience):
            response = page("cases/waiting.html.j2", 200, place="cases")
            response.headers["Refresh"] = "2"
            return response
    return None


def judged(case: str) -> Analysis:
    """The case as judged now; until its figures are there, the page ends in waiting."""
    wait = waiting(case)
    if wait is not None:
        abort(wait)
    return desk().analysis(case)
