"""Some thousand rows of a table of facts, read: what is sound, and what is not."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.columnar.columns import Batch
from salesdx.language import Text

CHUNK_ROWS = 65_536  # a batch of the shipped base takes some 300 MB at most


@dataclass(frozen=True, slots=True)
class Keys:
    """Whose row it is; one entry a sound row, None where the table does not say.

    `loss` is the money a company loses, in units of its currency; NaN where unknown.
    """

    id: Sequence[str]
    name: Sequence[str | None]
    group: Sequence[str | None]
    sales_model: Sequence[str | None]
    currency: Sequence[str | None]
    loss: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a row was left out: `row` counts from 1 through the whole table."""

    row: int
    id: str
    column: str
    value: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Chunk:
    """The sound rows of a chunk as a batch, in the order of the table."""

    keys: Keys
    batch: Batch
    rejects: Sequence[Reject] = field(default_factory=tuple)
