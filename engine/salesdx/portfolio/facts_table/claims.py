"""Answers that the figure of their company denies, column by column.

As `answers.facts`: such an answer is unsure, and the two disagree.
"""

from collections.abc import Mapping

import numpy as np

from salesdx.answers.claims import habit_denied, off_the_mark
from salesdx.knowledge.answered import scale
from salesdx.knowledge.models import MetricEntry, QuestionEntry
from salesdx.portfolio.facts_table.cells import Cells, Flags

_DIGITS = 9
_CLOSE = 1e-8  # nearer to the edge of what is tolerated, rounding may decide


def denied(
    question: QuestionEntry, said: Cells, figures: Mapping[str, MetricEntry],
    measured: Mapping[str, Cells],
) -> Flags | None:  # fmt: skip
    """Rows where the figure denies the answer; None where it never can."""
    figure = measured.get(question.metric or "")
    if figure is None:
        return None
    entry = figures[question.metric or ""]
    both = said.known & figure.known
    if not both.any():
        return None
    if question.type == "yesno":
        found = _habits(said, entry, figure)
    else:
        factor = scale(question, entry)
        if factor is None:
            return None
        found = _numbers(said, factor, figure, both)
    found = found & both
    return found if found.any() else None


def _habits(said: Cells, entry: MetricEntry, figure: Cells) -> Flags:
    found = np.zeros(len(said.known), np.bool_)
    if entry.type == "share":
        for place, yes in enumerate(said.kinds or ()):
            wrong = habit_denied(bool(yes), entry, figure.values, figure.values)
            found |= (said.values == place) & wrong
    return found


def _numbers(said: Cells, factor: float, figure: Cells, both: Flags) -> Flags:
    value = np.where(both, figure.values, 0.0)
    claim = np.where(both, said.values, 0.0) * factor
    slack = np.abs(claim) * _CLOSE + _CLOSE
    less, more = (off_the_mark(claim + s, value, value, value) for s in (-slack, slack))
    close = np.flatnonzero(less != more)
    claim[close] = [round(c, _DIGITS) for c in claim[close].tolist()]
    found: Flags = off_the_mark(claim, value, value, value)
    return found
