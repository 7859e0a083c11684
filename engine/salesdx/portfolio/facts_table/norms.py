"""The thresholds of many companies: those of each that differ from the shipped ones."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from salesdx.company import Company
from salesdx.inference.columnar.columns import Threshold
from salesdx.knowledge.benchmarks import scope_words, thresholds
from salesdx.portfolio.facts_table.cells import Cells
from salesdx.portfolio.facts_table.layout import Layout
from salesdx.portfolio.facts_table.texts import Texts


def norms(
    layout: Layout, models: Texts | None, trades: Texts | None,
    own: Mapping[str, Cells],
) -> dict[str, Threshold]:  # fmt: skip
    """The benchmarks of some companies, by the rules of one.

    Args:
        layout: what is known of benchmarks.
        models: the sales model of each.
        trades: the industry of each.
        own: norms that companies have of their own.
    """
    found: dict[str, Threshold] = dict(_scoped(layout, models, trades))
    for name, cells in own.items():
        if name in layout.shipped and cells.known.any():
            usual = found.get(name, layout.shipped[name])
            usual = np.nan if usual is None else usual
            found[name] = np.where(cells.known, cells.values, usual)
    return found


def _scoped(
    layout: Layout, models: Texts | None, trades: Texts | None
) -> Iterator[tuple[str, Threshold]]:
    """Who a company is decides: it is asked once for each kind of company."""
    companies, places = _kinds(models, trades, scope_words(layout.scoped))
    each = [thresholds(layout.scoped, c) for c in companies]
    for name in layout.scoped:
        values = [e[name] for e in each]
        if len(set(values)) > 1:
            yield name, np.array([np.nan if v is None else v for v in values])[places]
        elif values and values[0] != layout.shipped[name]:
            yield name, values[0]


def _kinds(
    models: Texts | None, trades: Texts | None, words: Sequence[str]
) -> tuple[list[Company], NDArray[np.intp]]:
    """One company of each kind, and which kind every row is."""
    nobody = Texts(np.full(1, -1, np.int32), [])
    marks: dict[tuple[bool, ...] | None, int] = {}
    model, trade = models or nobody, trades or nobody
    alike = [
        marks.setdefault(_mark(t, words), len(marks)) for t in [*trade.values, None]
    ]
    first = dict(zip(reversed(alike), reversed([*trade.values, None]), strict=True))
    many = len(model.values) + 1
    kind = np.array(alike, np.intp)[trade.codes] * many + (model.codes + 1)
    there = np.flatnonzero(np.bincount(kind, minlength=1))
    companies = [
        Company.model_validate({
            "format": 1, "name": "-", "industry": first[k // many],
            "sales_model": model.values[k % many - 1] if k % many else None,
        })
        for k in there.tolist()
    ]  # fmt: skip
    return companies, np.searchsorted(there, kind)


def _mark(trade: str | None, words: Sequence[str]) -> tuple[bool, ...] | None:
    """What a trade has in common with others of the same thresholds."""
    if not trade:
        return None
    folded = trade.casefold()
    return tuple(word in folded for word in words)
