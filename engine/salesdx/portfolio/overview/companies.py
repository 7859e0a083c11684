"""The first reading: who the companies are, what they lose, how far they were examined.

Of each company a few numbers are kept; names of groups and currencies once.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from salesdx.portfolio.overview.table import ResultTable, codes, numbers

_READ = (
    "group", "sales_model", "currency", "coverage", "loss_expected", "likely",
    "possible", "strongest",
)  # fmt: skip
FINEST = 10_000  # parts that coverage is held in: the table rounds it to them


@dataclass(frozen=True, slots=True, eq=False)
class Companies:
    """A row of every array is a company, in the order of the table.

    `group`, `model` and `currency` are places in the sorted lists of names, -1 where
    the table has none; `strongest` is a place among the causes, -1 if none is likely
    or possible. `loss` is NaN where it is unknown; `coverage` is in ten-thousandths.
    """

    groups: list[str]
    models: list[str]
    currencies: list[str]
    group: NDArray[np.int32]
    model: NDArray[np.int32]
    currency: NDArray[np.int32]
    coverage: NDArray[np.int16]
    loss: NDArray[np.float64]
    likely: NDArray[np.int16]
    possible: NDArray[np.int16]
    strongest: NDArray[np.int16]

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.loss)

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whose loss is known."""
        return ~np.isnan(self.loss)

    def currency_parts(self) -> Iterator[tuple[str | None, NDArray[np.bool_]]]:
        """The companies of each currency, those without any last."""
        for place, name in enumerate(self.currencies):
            yield name, self.currency == place
        without = self.currency < 0
        if without.any():
            yield None, without


def read_companies(table: ResultTable) -> Companies:
    """Read them all."""
    names = {c: i for i, c in enumerate(table.causes)}
    group, model, currency = (_Names(table.rows) for _ in range(3))
    coverage, likely, possible, strongest = (
        np.zeros(table.rows, np.int16) for _ in range(4)
    )
    loss = np.full(table.rows, np.nan)
    for first, batch in table.batches(_READ):
        here = slice(first, first + batch.num_rows)
        group.read(here, batch.column("group"))
        model.read(here, batch.column("sales_model"))
        currency.read(here, batch.column("currency"))
        share = np.nan_to_num(numbers(batch.column("coverage")))
        coverage[here] = np.rint(share * FINEST)
        loss[here] = numbers(batch.column("loss_expected"))
        for name, kept in (("likely", likely), ("possible", possible)):
            kept[here] = np.nan_to_num(numbers(batch.column(name)))
        strongest[here] = codes(batch.column("strongest"), names)
    (groups, g), (models, m), (currencies, c) = (
        x.sorted() for x in (group, model, currency)
    )
    return Companies(
        groups, models, currencies, g, m, c, coverage, loss, likely, possible, strongest
    )


class _Names:
    """Texts of a column, each once, and where they stand."""

    def __init__(self, rows: int) -> None:
        self._places: dict[str, int] = {}
        self._at = np.full(rows, -1, np.int32)

    def read(self, here: slice, column: pa.Array) -> None:
        """Take in the rows of a batch; an empty text is none."""
        if not pa.types.is_dictionary(column.type):
            column = column.dictionary_encode()
        found = [
            self._places.setdefault(v, len(self._places)) if v and v.strip() else -1
            for v in column.dictionary.to_pylist()
        ]
        places = np.array([*found, -1], np.int32)
        at = column.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
        self._at[here] = places[at]

    def sorted(self) -> tuple[list[str], NDArray[np.int32]]:
        """The names in order, and every row by its place among them."""
        names = sorted(self._places)
        order = np.full(len(names) + 1, -1, np.int32)
        for place, name in enumerate(names):
            order[self._places[name]] = place
        return names, order[self._at]  # the last one stands for none
