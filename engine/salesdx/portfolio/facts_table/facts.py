"""From rows to the facts of a batch: what one company's answers and figures come to.

The same as `analysis.hear` and `analysis.gather`: each answer is of one respondent who
is sure of it, a figure beats a claim, and what does not apply is not heard.
"""

import numpy as np

from salesdx.answers.facts import UNSURE
from salesdx.inference.columnar.columns import Batch, Column, Level
from salesdx.portfolio.chunk import Keys
from salesdx.portfolio.facts_table.applying import Applying
from salesdx.portfolio.facts_table.cells import Cells, Flags
from salesdx.portfolio.facts_table.claims import denied
from salesdx.portfolio.facts_table.layout import ID, Layout
from salesdx.portfolio.facts_table.norms import norms
from salesdx.portfolio.facts_table.reading import ReadRows
from salesdx.portfolio.facts_table.texts import Texts

_LOSS = "loss.money"


def keys_of(found: ReadRows) -> Keys:
    """Whose rows they are."""
    rows = len(found.numbers)
    nothing: list[str | None] = [None] * rows

    def each(name: str) -> list[str | None]:
        return found.words[name].each() if name in found.words else nothing

    loss = np.full(rows, np.nan)
    money = found.figures.get(_LOSS)
    if money is not None:
        loss[money.known] = money.values[money.known]
    return Keys(
        [i or "" for i in each(ID)], each("name"), each("group"), each("sales_model"),
        each("currency"), loss,
    )  # fmt: skip


def batch_of(found: ReadRows, layout: Layout) -> Batch:
    """The facts of sound rows, the norms and the sales model of each."""
    rows = len(found.numbers)
    models = _any(found.words.get("sales_model"))
    trades = _any(found.words.get("industry"))
    columns = {n: Column(c.values, c.known) for n, c in found.figures.items()}
    columns |= {n: Column(c.values, c.known, c.kinds) for n, c in found.gaps.items()}
    for name, said in found.answers.items():
        wrong = denied(layout.answers[name], said, layout.figures, found.figures)
        columns[name] = _answer(said, wrong)
    told = {n: c.told() for n, c in found.answers.items()}
    said_not = {
        n: c.not_applicable for n, c in found.answers.items()
        if c.not_applicable is not None
    }  # fmt: skip
    dropped = Applying(layout, columns, said_not, models, rows).dropped(told)
    for name, gone in dropped.items():
        columns[name] = _without(columns[name], gone)
    marks = norms(layout, models, trades, found.norms)
    each = models.each() if models else None
    return Batch({"": Level("", rows, columns)}, marks, each)


def _any(words: Texts | None) -> Texts | None:
    return words if words is not None and (words.codes >= 0).any() else None


def _answer(said: Cells, wrong: Flags | None) -> Column:
    sure = None if wrong is None else np.where(wrong, UNSURE, 100).astype(np.uint8)
    return Column(
        said.values, said.known, said.kinds, sure, True, said.dont_know, wrong
    )


def _without(column: Column, gone: Flags) -> Column:
    """Where an answer is not heard, there is no fact at all."""
    kept = ~gone

    def still(flags: Flags | None) -> Flags | None:
        return None if flags is None else flags & kept

    sure = column.sure
    if sure is not None:
        sure = np.where(gone, 100, sure).astype(np.uint8)
    return Column(
        column.values, column.known & kept, column.kinds, sure, True,
        still(column.dont_know), still(column.disagree),
    )  # fmt: skip
