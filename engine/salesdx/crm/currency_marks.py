"""The currency that stands beside an amount: `100 ₽` and `$100` are not alike."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.tables import Table

_PLAIN = "-\\d\\s.,()+%−–'’`\u00a0\u202f\u2009\u2007"  # all that figures consist of


def marked_currency(
    columns: Mapping[str, pa.ChunkedArray], table: Table, own: str
) -> pa.ChunkedArray | None:
    """The currency of each row, by the marks beside its amounts.

    An amount without a mark is in the company's currency, unless a column says so.

    Args:
        columns: texts by canonical column.
        table: its schema: which columns are money.
        own: the company's currency.

    Returns:
        The column of currencies as it is, or None, where no amount is marked as of
        another currency than the company's.
    """
    money = [c.name for c in table.columns if c.type == "money" and c.name in columns]
    amounts = [columns[name] for name in money]
    if not amounts:
        return columns.get("currency")
    found = [_codes(cells) for cells in amounts]
    codes = pc.coalesce(*found)
    foreign = pc.fill_null(pc.not_equal(codes, own), False)
    if not pc.any(foreign).as_py():
        return columns.get("currency")
    if "currency" in columns:
        return pc.coalesce(columns["currency"], codes)
    filled = pc.is_valid(pc.coalesce(*amounts))
    return pc.coalesce(codes, pc.if_else(filled, own, pa.scalar(None, pa.string())))


def marks_beside(sample: pa.Array) -> list[str]:
    """Codes of the currencies that stand beside some amounts."""
    return sorted(pc.unique(_codes(pa.chunked_array([sample]))).drop_null().to_pylist())


def _codes(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    nothing = pa.chunked_array([pa.nulls(len(cells), pa.string())])
    marked = pc.match_substring_regex(cells, f"[^{_PLAIN}]")
    if not pc.any(marked).as_py():
        return nothing
    marks = pc.replace_substring_regex(cells, f"[{_PLAIN}]+", "")
    known = words.codes("currency")
    distinct = [m for m in pc.unique(marks).to_pylist() if m]
    codes = {m: c for m in distinct if (c := known.get(words.normalise(m)))}
    if not codes:
        return nothing
    place = pc.index_in(marks, value_set=pa.array(list(codes), pa.string()))
    taken = pa.array(list(codes.values()), pa.string()).take(place)
    return taken if isinstance(taken, pa.ChunkedArray) else pa.chunked_array([taken])
