"""Rows whose key stood in an earlier row, and whether they say the same."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Places = npt.NDArray[np.int64]
_NONE = np.empty(0, np.int64)


def repeats(keys: pa.ChunkedArray) -> tuple[Places, Places]:
    """Places of the rows that repeat a key, and of the first row of each; no nulls."""
    if _distinct(keys):
        return _NONE, _NONE
    numbers = codes(keys)
    known = np.flatnonzero(numbers >= 0)
    numbers = numbers[known]
    # a code is new where it is larger than all before: codes count up as keys appear
    before = np.concatenate([[-1], np.maximum.accumulate(numbers)[:-1]])
    first = known[np.flatnonzero(numbers > before)][numbers]
    later = known != first
    return known[later], first[later]


def identical(table: pa.Table, first: Places, again: Places) -> npt.NDArray[np.bool_]:
    """Whether each repeated row equals the first of its key, cell by cell."""
    same = np.ones(len(again), dtype=bool)
    if not len(again):
        return same
    one, other = table.take(pa.array(first)), table.take(pa.array(again))
    for a, b in zip(one.columns, other.columns, strict=True):
        equal = pc.fill_null(pc.equal(a, b), False)
        both_blank = pc.and_(pc.is_null(a), pc.is_null(b))
        same &= pc.or_(equal, both_blank).to_numpy()
    return same


def codes(cells: pa.ChunkedArray) -> Places:
    """Distinct texts as numbers from 0, as they appear; -1 for a blank cell."""
    chunks = [
        pc.fill_null(chunk.indices.cast(pa.int64()), -1).to_numpy(zero_copy_only=False)
        for chunk in pc.dictionary_encode(cells).chunks
    ]
    return np.concatenate([_NONE, *chunks])


def _distinct(keys: pa.ChunkedArray) -> bool:
    """Whether it is plain that no key repeats; whole numbers need no table of texts."""
    try:
        numbers = keys.drop_null().cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return not len(keys)
    if bool((numbers[1:] > numbers[:-1]).all()):
        return True
    return len(np.unique(numbers)) == len(numbers)
