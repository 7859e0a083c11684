"""Times written with all their digits, as files of a million rows mostly have them.

`31.12.2025`, `2025-12-31 23:59`, `31/12/2025 23:59:59`: each part stands at its place,
so bytes are enough. What is written otherwise, or is no time, is left to `times`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm.rows import text_bytes

Ints = npt.NDArray[np.int64]
_SIZES = (10, 16, 19)  # a day, with minutes, with seconds
_SEPARATOR = np.zeros(256, bool)
_SEPARATOR[[*b"-/."]] = True
_GAP = np.zeros(256, bool)
_GAP[[*b"T, \t\n\f\r"]] = True
_CLOCK = ((11, 12), (14, 15), (17, 18))
_COLONS = (13, 16)


@dataclass(frozen=True, slots=True)
class Parts:
    """The numbers in some texts of a chunk, `places` tells which.

    `a` and `b` are the parts of the day as written: month and day of `iso` texts, else
    day and month or month and day.
    """

    places: Ints
    iso: bool
    year: Ints
    a: Ints
    b: Ints
    seconds: Ints  # of the day
    timed: bool
    slashes: bool


def fixed(texts: pa.Array) -> Iterator[Parts]:
    """Parts of the texts of a chunk that are written so; each text at most once."""
    starts, ends, data = text_bytes(texts)
    lengths = ends - starts
    valid = pc.is_valid(texts).to_numpy(zero_copy_only=False)
    for size in _SIZES:
        places = np.flatnonzero((lengths == size) & valid)
        if len(places):
            at = starts[places].astype(np.int64)
            yield from _of_size(places, [data[at + i] for i in range(size)])


def _of_size(places: Ints, cells: list[npt.NDArray[np.uint8]]) -> Iterator[Parts]:
    size = len(cells)
    clock = np.ones(len(places), bool)
    if size > 10:
        clock = _GAP[cells[10]]
        for colon in _COLONS:
            if colon < size:
                clock = clock & (cells[colon] == 58)
    for iso, separators in ((True, (4, 7)), (False, (2, 5))):
        shaped = clock.copy()
        for place in separators:
            shaped &= _SEPARATOR[cells[place]]
        marks = {*separators, 10, *_COLONS}
        for place in range(size):
            if place not in marks:
                shaped &= (cells[place] - np.uint8(48)) <= 9
        if shaped.any():
            yield _parts(places, cells, shaped, iso, separators)


def _parts(
    places: Ints, cells: list[npt.NDArray[np.uint8]], shaped: npt.NDArray[np.bool_],
    iso: bool, separators: tuple[int, int],
) -> Parts:  # fmt: skip
    digits = [c[shaped].astype(np.int64) - 48 for c in cells]

    def number(*at: int) -> Ints:
        found = digits[at[0]]
        for place in at[1:]:
            found = found * 10 + digits[place]
        return found

    hours, minutes, seconds = (
        number(*at) if at[1] < len(cells) else np.zeros_like(digits[0]) for at in _CLOCK
    )
    real = (hours < 24) & (minutes < 60) & (seconds < 60)
    of_day = np.where(real, hours * 3600 + minutes * 60 + seconds, -1)
    return Parts(
        places[shaped], iso,
        number(0, 1, 2, 3) if iso else number(6, 7, 8, 9),
        number(5, 6) if iso else number(0, 1),
        number(8, 9) if iso else number(3, 4),
        of_day, len(cells) > 10,
        any(bool((cells[p][shaped] == 47).any()) for p in separators),
    )  # fmt: skip
