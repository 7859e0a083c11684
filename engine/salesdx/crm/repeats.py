"""Rows whose key stood in an earlier row."""

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
    encoded = pc.dictionary_encode(keys).chunks
    codes = np.concatenate([_codes(chunk.indices) for chunk in encoded])
    known = np.flatnonzero(codes >= 0)
    codes = codes[known]
    # a code is new where it is larger than all before: codes count up as keys appear
    before = np.concatenate([[-1], np.maximum.accumulate(codes)[:-1]])
    first = known[np.flatnonzero(codes > before)][codes]
    later = known != first
    return known[later], first[later]


def _codes(indices: pa.Array) -> Places:
    filled = pc.fill_null(indices.cast(pa.int64()), -1)
    found: Places = filled.to_numpy(zero_copy_only=False)
    return found


def _distinct(keys: pa.ChunkedArray) -> bool:
    """Whether it is plain that no key repeats; whole numbers need no table of texts."""
    try:
        numbers = keys.drop_null().cast(pa.int64()).to_numpy()
    except pa.ArrowInvalid:
        return not len(keys)
    if bool((numbers[1:] > numbers[:-1]).all()):
        return True
    return len(np.unique(numbers)) == len(numbers)
