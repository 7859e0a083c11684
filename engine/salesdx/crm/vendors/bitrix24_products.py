"""Bitrix24 file exports: one row a product."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.amounts import parse_numbers
from salesdx.crm.headers import header_of
from salesdx.crm.reasons import NO_PRODUCT
from salesdx.crm.rows import Rows
from salesdx.crm.vendors.columns import (
    column,
    set_aside,
    with_columns,
    without_columns,
)

_AMOUNT = ("сумма", "income")
_PRODUCT = ("товар", "product")
_PRICE = ("цена", "price")
_QUANTITY = ("количество", "quantity")
_CENT = 0.011


def deals(rows: Rows) -> Rows:
    """Deals or leads of a file: in each product row the amount of the whole deal.

    With products the export writes price x quantity of the row as the amount of the
    deal; the deal is worth the sum of its rows. Where the rows repeat the whole
    amount they stay as they are. A deal of several products has no one product.
    """
    amount, product, price, quantity = (
        header_of(rows, names) for names in (_AMOUNT, _PRODUCT, _PRICE, _QUANTITY)
    )
    bare = without_columns(rows, [price, quantity])
    key = header_of(rows, ["id"])
    if key is None or not rows.table.num_rows:
        return bare
    codes = pc.dictionary_encode(rows.table[key]).combine_chunks().indices
    which = codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64) + 1
    if not (np.bincount(which)[1:] > 1).any():
        return bare
    if product is not None:
        bare = with_columns(bare, **{product: _common(rows.table[product], which)})
    if amount is None or price is None or quantity is None:
        return bare
    parts, prices, counts = (_numbers(rows, n) for n in (amount, price, quantity))
    ours = np.abs(parts - prices * counts) <= _CENT  # false where a number lacks
    by_row = np.bincount(which, ~ours) == 0
    summed = by_row & (np.bincount(which) > 1)
    summed[0] = False  # rows without an id
    if not summed.any():
        return bare
    totals = np.bincount(which, np.where(ours, parts, 0.0))
    worth = np.where(summed[which], totals[which], parts)
    written = [None if np.isnan(w) else f"{w:.2f}" for w in worth]
    cells = pa.chunked_array([pa.array(written, pa.string())])
    return with_columns(bare, **{amount: pc.coalesce(cells, rows.table[amount])})


def _common(cells: pa.ChunkedArray, which: npt.NDArray[np.int64]) -> pa.ChunkedArray:
    """Cells, but null where the rows of one deal differ."""
    codes = pc.dictionary_encode(cells).combine_chunks().indices
    found = codes.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    least = np.full(which.max() + 1, np.iinfo(np.int64).max)
    most = np.full(which.max() + 1, -1)
    np.minimum.at(least, which, found)
    np.maximum.at(most, which, found)
    same = (least == most) | (np.arange(len(least)) == 0)
    return pc.if_else(pa.array(same[which]), cells, pa.scalar(None, pa.string()))


def _numbers(rows: Rows, name: str) -> npt.NDArray[np.float64]:
    numbers: npt.NDArray[np.float64] = parse_numbers(
        rows.table[name].combine_chunks()
    ).to_numpy(zero_copy_only=False)
    return numbers.astype(np.float64)


def items(rows: Rows) -> Rows:
    """Products of the deals of a file; a deal without products has none."""
    names = [header_of(rows, n) for n in (_PRODUCT, _PRICE, _QUANTITY)]
    if names[0] is None or names[2] is None:  # a product, but not how much of it
        return without_columns(rows, rows.table.column_names)
    empty = np.ones(rows.table.num_rows, dtype=bool)
    for name in names:
        empty &= pc.is_null(column(rows, name or "")).to_numpy()
    return set_aside(rows, [NO_PRODUCT if e else None for e in empty])
