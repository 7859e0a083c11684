"""Cohort curves in the chapter where it is lost: the picture and its table."""

from collections.abc import Sequence

from salesdx.render.charts import curves
from salesdx.render.key_figures import company_figure
from salesdx.render.map_pages import figure
from salesdx.render.report import Block, Column, Table
from salesdx.render.words import Words
from salesdx.result import CohortCurve, ResultDocument

_AGES = 4  # columns of the table


def blocks(document: ResultDocument, words: Words) -> list[Block]:
    """The curves, where any deal was won; owners have the bars, and need no more."""
    shown = document.cohort_curves
    if words.reader == "owner" or not any(c.wins for c in shown):
        return []
    ages = curves.Ages(
        _days(document, "cycle.won-median"), _days(document, "maturity.cutoff")
    )
    drawing = curves.draw(shown, ages, words, "curves")
    return [figure(drawing, words.t("curves.caption"), _table(shown, words))]


def _days(document: ResultDocument, metric: str) -> float | None:
    row = company_figure(document, metric)
    return row.value if row else None


def _table(shown: Sequence[CohortCurve], words: Words) -> Table:
    """A row a period, at four ages: the share, its range, entries still followed."""
    t = words.t
    grid = max((c.points for c in shown), key=len)
    last = len(grid) - 1
    places = sorted({round(last * i / _AGES) for i in range(1, _AGES + 1)} - {0})
    columns = [
        Column(t("col.period"), 3, strong=True), Column(t("col.entries"), 2, "right"),
        *(Column(t("curves.day", days=words.number(grid[p].age, 0)), 4, "right")
          for p in places),
    ]  # fmt: skip
    return Table(columns, [
        [
            words.period(c.period), words.number(c.entries, 0),
            *(_cell(c, p, words) for p in places),
        ]
        for c in shown
    ])  # fmt: skip


def _cell(curve: CohortCurve, place: int, words: Words) -> str:
    if place >= len(curve.points):
        return words.t("young")
    at = curve.points[place]
    return words.t(
        "curves.cell", share=words.percent(at.rate), n=words.number(at.at_risk, 0),
        span=words.interval(at.interval, "ratio"),
    )  # fmt: skip
