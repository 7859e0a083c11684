"""Bitrix24 products: file exports with one row a product, and dumps of the API."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.amounts import parse_numbers
from salesdx.crm.headers import header_of
from salesdx.crm.reasons import COPY, DUPLICATE, NO_PRODUCT, OTHER_RECORD
from salesdx.crm.repeats import codes
from salesdx.crm.rows import Reject, Rows
from salesdx.crm.vendors.columns import NOTHING, among, column, with_columns

_AMOUNT = ("сумма", "income")
_PRODUCT = ("товар", "product")
_PRICE = ("цена", "price")
_QUANTITY = ("количество", "quantity")
_CENT = 0.011  # prices are rounded to a cent; a little more, for floats


def deals(rows: Rows) -> Rows:
    """Deals or leads of a file: in each product row the amount of the whole deal.

    With products the export writes price x quantity of the row as the amount of the
    deal; the deal is worth the sum of its rows. Where the rows repeat the whole
    amount they stay as they are. A deal of several products has no one product.

    The rows of a deal stand together; the same deal further down is a second copy
    (two exports put into one file) and adds nothing.
    """
    amount, product, price, quantity = (
        header_of(rows, names) for names in (_AMOUNT, _PRODUCT, _PRICE, _QUANTITY)
    )
    bare = with_columns(rows, {n: None for n in (price, quantity) if n})
    which = _which(rows)
    if not (np.bincount(which)[1:] > 1).any():
        return bare
    if product is not None:
        bare = with_columns(bare, {product: _common(rows.table[product], which)})
    if amount is None or price is None or quantity is None:
        return bare
    parts, prices, counts = (_numbers(rows, n) for n in (amount, price, quantity))
    ours = np.abs(parts - prices * counts) <= _CENT  # false where a number lacks
    run = _runs(which)
    summed = (np.bincount(run, ~ours) == 0)[run] & (which > 0)
    totals = np.bincount(run, np.where(ours, parts, 0.0))[run]
    if not (summed & (np.bincount(run)[run] > 1)).any():
        return bare
    worth = np.where(summed, totals, parts)
    written = [None if np.isnan(w) else f"{w:.2f}" for w in worth]
    cells = pa.chunked_array([pa.array(written, pa.string())])
    return with_columns(bare, {amount: pc.coalesce(cells, rows.table[amount])})


def items(rows: Rows) -> Rows:
    """Products of the deals of a file; a deal without products has none."""
    names = [header_of(rows, n) for n in (_PRODUCT, _PRICE, _QUANTITY)]
    if names[0] is None or names[2] is None:  # a product, but not how much of it
        return with_columns(rows, dict.fromkeys(rows.table.column_names))
    cells = [column(rows, name or "").to_pylist() for name in names]
    which = _which(rows)
    run = _runs(which)
    first = np.full(which.max(initial=0) + 1, len(which))
    np.minimum.at(first, which, run)
    known: dict[int, set[tuple[str | None, ...]]] = {}
    reasons: list[str | None] = []
    for place, item in enumerate(zip(*cells, strict=True)):
        deal = int(which[place])
        if not any(item):
            reasons.append(NO_PRODUCT)
        elif deal and run[place] != first[deal]:
            reasons.append(COPY if item in known.get(deal, ()) else DUPLICATE)
        else:
            known.setdefault(deal, set()).add(item)
            reasons.append(None)
    aside = [
        Reject(int(number), reason)
        for number, reason in zip(rows.numbers, reasons, strict=True)
        if reason is not None
    ]
    return rows.only(np.array([r is None for r in reasons], bool), aside)


def product_rows(rows: Rows) -> Rows:
    """Products of the API that belong to deals, not to leads, quotes or invoices."""
    old = "owner_type" in rows.table.column_names
    of_deals = among(rows, "owner_type" if old else "ownertype", ["D"])
    return rows.without(~of_deals, OTHER_RECORD)


def _which(rows: Rows) -> npt.NDArray[np.int64]:
    """The deal of each row as a number; 0 where a row has no id."""
    key = header_of(rows, ["id"])
    return codes(column(rows, key or "")) + 1


def _runs(which: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Numbers of unbroken runs of rows of one deal."""
    starts = np.diff(which, prepend=-1) != 0
    found: npt.NDArray[np.int64] = np.cumsum(starts) - 1
    return found


def _common(cells: pa.ChunkedArray, which: npt.NDArray[np.int64]) -> pa.ChunkedArray:
    """Cells, but null where the rows of one deal differ."""
    found = codes(cells)
    least = np.full(which.max() + 1, np.iinfo(np.int64).max)
    most = np.full(which.max() + 1, -1)
    np.minimum.at(least, which, found)
    np.maximum.at(most, which, found)
    same = (least == most) | (np.arange(len(least)) == 0)
    return pc.if_else(pa.array(same[which]), cells, NOTHING)


def _numbers(rows: Rows, name: str) -> npt.NDArray[np.float64]:
    encoded = pc.dictionary_encode(rows.table[name].combine_chunks())
    found = parse_numbers(encoded.dictionary).take(encoded.indices)
    numbers: npt.NDArray[np.float64] = found.to_numpy(zero_copy_only=False)
    return numbers.astype(np.float64)
