"""Why the company loses: the causes, one of them laid open, and what if."""

from flask import Blueprint, Response, abort, request, url_for

from salesdx.analysis import Analysis
from salesdx.errors import UsageError, in_language
from salesdx.explanation.what_if import WhatIf
from salesdx.web.caller import caller
from salesdx.web.case_page import case_page, judged
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.limits import SUPPOSING
from salesdx.web.pace import keep_pace
from salesdx.workspace import supposing
from salesdx.workspace.findings import cause_list, map_around
from salesdx.workspace.once import told
from salesdx.workspace.one_cause import (
    OneCause,
    names_in,
    one_cause,
    requirement_text,
    what_keeps,
)

blueprint = Blueprint("causes", __name__)


@blueprint.get("/cases/<case>/causes")
@needs("case.read")
def overview(case: str) -> Response:
    """All causes by verdict; of one kind or one slice if asked."""
    found = judged(case)
    lang = language()
    kind, place = request.args.get("kind", ""), request.args.get("place", "")
    return case_page(
        "causes/overview.html.j2", case, "causes", kind=kind, at=place,
        it=cause_list(found, lang, kind, place), words=told(found, lang).words,
        map=map_around(found, lang),
    )  # fmt: skip


@blueprint.get("/cases/<case>/causes/<cause>")
@needs("case.read")
def cause(case: str, cause: str) -> Response:
    """One cause: for, against, what is missing, what mends it."""
    found = judged(case)
    lang, it = language(), _opened(found, cause)
    return case_page(
        "causes/cause.html.j2", case, "causes", it=it, words=told(found, lang).words,
        map=map_around(found, lang, cause), link=_Links(found, case),
        requirement=requirement_text, names=names_in(it),
        keeps=what_keeps(found, cause) if _counted("why-not") else None,
    )  # fmt: skip


@blueprint.get("/cases/<case>/causes/<cause>/what-if")
@needs("case.read")
def what_if(case: str, cause: str) -> Response:
    """Suppose another value: the conclusions that would follow; nothing is kept."""
    found = judged(case)
    it = _opened(found, cause)
    name = request.args.get("name", "")
    named = supposing.supposable(found, name)
    if named is None:
        abort(404)
    value = ",".join(v.strip()[:200] for v in request.args.getlist("value"))
    form, result = Form(), None
    if _counted("go"):
        result = _supposed(found, it, name, value, form)
    now = dict(names_in(it)).get(name)
    return case_page(
        "causes/what_if.html.j2", case, "causes", 422 if form.failed else 200,
        it=it, named=named, value=value, result=result, now=now, errors=form.errors,
        failed=form.failed, words=told(found, language()).words,
    )  # fmt: skip


def _counted(asked: str) -> bool:
    """Whether something is asked that takes a judgement of its own; these are counted.

    Raises:
        TooManyRequests: the user has asked too often.
    """
    user = caller().user
    if asked not in request.args or user is None:
        return False
    keep_pace(SUPPOSING, user.name)
    return True


def _supposed(
    found: Analysis, it: OneCause, name: str, value: str, form: Form
) -> WhatIf | None:
    try:
        return supposing.suppose(found, name, it.row.slice, value)
    except UsageError as error:
        form.wrong("value", in_language(error.message, language()))
        return None


def _opened(found: Analysis, cause: str) -> OneCause:
    it = one_cause(found, language(), cause, request.args.get("place", ""))
    if it is None:
        abort(404)
    return it


class _Links:
    """Where a figure or an answer can be looked at."""

    def __init__(self, found: Analysis, case: str) -> None:
        self._knowledge, self._case = found.knowledge, case

    def __call__(self, name: str) -> str:
        """The address of a name; empty where there is nothing to open."""
        plain = name.removeprefix("gap:")
        if plain in self._knowledge.metrics:
            return url_for("losses.figure", case=self._case, metric=plain)
        if name in self._knowledge.questions:
            return url_for("losses.answers", case=self._case, q=name)
        kind, _, rest = name.partition(":")
        if kind == "cause" and rest in self._knowledge.causes:
            return url_for("causes.cause", case=self._case, cause=rest)
        return ""
