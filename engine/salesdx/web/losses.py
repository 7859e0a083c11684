"""Where it is lost: the charts, every figure with its passport, every answer."""

from flask import Blueprint, Response, abort, request

from salesdx.web.case_page import case_page, judged
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.workspace import figure_list
from salesdx.workspace.answer_list import answer_list
from salesdx.workspace.once import told
from salesdx.workspace.pictures import gate_of, losses_of

blueprint = Blueprint("losses", __name__)


@blueprint.get("/cases/<case>/losses")
@needs("case.read")
def overview(case: str) -> Response:
    """The loss map and the charts, each under its question."""
    found = judged(case)
    lang = language()
    return case_page(
        "losses/overview.html.j2", case, "losses", it=losses_of(found, lang),
        summary=found.document.summary, words=told(found, lang).words,
    )  # fmt: skip


@blueprint.get("/cases/<case>/figures")
@needs("case.read")
def figures(case: str) -> Response:
    """Every figure, searched by words, of the company or of one slice."""
    found = judged(case)
    lang, q, place = language(), _searched(), request.args.get("place", "")
    if place == "company":
        place = ""
    it = figure_list.figure_list(found, lang, q, place)
    words = told(found, lang).words
    return case_page(
        "losses/figures.html.j2", case, "losses", it=it, q=q, at=place,
        gate=gate_of(found, lang), words=words, why=figure_list.why_not_known,
        shown=figure_list.teller(found, words),
    )  # fmt: skip


@blueprint.get("/cases/<case>/figures/<metric>")
@needs("case.read")
def figure(case: str, metric: str) -> Response:
    """One figure: what it means, what it is counted from, slice by slice."""
    found = judged(case)
    lang = language()
    it = figure_list.passport(found, lang, metric)
    if it is None:
        abort(404)
    words = told(found, lang).words
    return case_page(
        "losses/figure.html.j2", case, "losses", it=it, words=words,
        period=found.document.case.period, shown=figure_list.teller(found, words),
        why=figure_list.why_not_known, place_title=figure_list.place_title,
    )  # fmt: skip


@blueprint.get("/cases/<case>/answers")
@needs("case.read")
def answers(case: str) -> Response:
    """Every answer as it counts, searched by words."""
    found = judged(case)
    q = _searched()
    rows, count = answer_list(found, language(), q)
    return case_page(
        "losses/answers.html.j2", case, "losses", rows=rows, count=count, q=q,
    )  # fmt: skip


def _searched() -> str:
    return request.args.get("q", "").strip()[:100]
