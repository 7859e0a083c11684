"""The application: every part of it is named here, and nowhere else."""

import datetime as dt
from collections.abc import Callable

from flask import Flask, Request

from salesdx.content import content
from salesdx.web import faults, guard, headers, hosts, language, log, pace, page
from salesdx.web.account import blueprint as account
from salesdx.web.api import blueprint as api
from salesdx.web.assessment import blueprint as assessment
from salesdx.web.cases import blueprint as cases
from salesdx.web.causes import blueprint as causes
from salesdx.web.data import blueprint as data
from salesdx.web.data_import import blueprint as data_import
from salesdx.web.erasing import blueprint as erasing
from salesdx.web.funnel import blueprint as funnel
from salesdx.web.interview import blueprint as interview
from salesdx.web.knowledge import blueprint as knowledge
from salesdx.web.losses import blueprint as losses
from salesdx.web.meeting import blueprint as meeting
from salesdx.web.new_case import blueprint as new_case
from salesdx.web.own_account import blueprint as own_account
from salesdx.web.people import blueprint as people
from salesdx.web.plan import blueprint as plan
from salesdx.web.reports import blueprint as reports
from salesdx.web.runs import blueprint as runs
from salesdx.web.settings import Settings
from salesdx.workspace.desk import Desk

BLUEPRINTS = (
    account,
    cases,
    assessment,
    people,
    erasing,
    own_account,
    knowledge,
    api,
    causes,
    losses,
    reports,
    interview,
    meeting,
    plan,
    data,
    data_import,
    funnel,
    new_case,
    runs,
)


class BoundedRequest(Request):
    """A request whose form has few fields: a thousand are no answer."""

    max_form_parts = 600


def create_app(
    desk: Desk, settings: Settings | None = None,
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Flask:  # fmt: skip
    """A server over the cases of a desk; `clock` gives the moment, in UTC."""
    static = str(content("pages") / "static")
    app = Flask("salesdx", static_folder=static, static_url_path="/static")
    app.request_class = BoundedRequest
    settings = settings or Settings()
    app.extensions |= {
        "salesdx.desk": desk, "salesdx.settings": settings, "salesdx.clock": clock,
    }  # fmt: skip
    app.config["MAX_CONTENT_LENGTH"] = settings.largest_form
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = 365 * 86_400
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    guard.needs("public")(app.view_functions["static"])
    app.config["PROPAGATE_EXCEPTIONS"] = False  # a fault is answered, tests or not
    log.install(app)
    headers.install(app)
    language.install(app)
    hosts.install(app)
    pace.install(app)
    page.install(app)
    faults.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    guard.install(app)
    return app
