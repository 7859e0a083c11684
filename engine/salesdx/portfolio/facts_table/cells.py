"""One column of some rows, read: values, and what people said instead of one."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from salesdx.facts import Value

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cells:
    """Numbers, or places among `kinds`; `known` says where there is a value.

    What is not known may have been asked: `dont_know`, `not_applicable`.
    """

    values: NDArray[Any]
    known: Flags
    kinds: tuple[Value, ...] | None = None
    dont_know: Flags | None = None
    not_applicable: Flags | None = None

    def only(self, rows: Flags) -> "Cells":
        """Those of some rows."""
        return Cells(
            self.values[rows], self.known[rows], self.kinds,
            None if self.dont_know is None else self.dont_know[rows],
            None if self.not_applicable is None else self.not_applicable[rows],
        )  # fmt: skip

    def value(self, row: int) -> Value | None:
        """What is known of one row."""
        if not self.known[row]:
            return None
        if self.kinds is not None:
            return self.kinds[int(self.values[row])]
        number = float(self.values[row])
        return int(number) if number.is_integer() else number

    def told(self) -> Flags:
        """Rows where there is a fact, be it that nobody knows."""
        found = self.known
        for other in (self.dont_know, self.not_applicable):
            found = found if other is None else found | other
        return found


def there(column: pa.Array) -> Flags:
    """Rows that are not null."""
    bits = column.buffers()[0]
    if bits is None or not column.null_count:
        return np.ones(len(column), np.bool_)
    every, end = np.frombuffer(bits, np.uint8), column.offset + len(column)
    flags = np.unpackbits(every, count=end, bitorder="little").view(np.bool_)
    return flags[column.offset :]


def some(flags: Flags) -> Flags | None:
    """Flags, or None where none is set."""
    return flags if flags.any() else None
