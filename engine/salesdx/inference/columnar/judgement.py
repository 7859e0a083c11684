"""What the column executor concludes: a verdict a row, its sums and its rules."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.columnar.bill import Item, Sums
from salesdx.inference.columnar.columns import Batch
from salesdx.inference.columnar.planes import Flags, Plane
from salesdx.result import Verdict

VERDICTS: tuple[Verdict, ...] = (
    "likely", "possible", "open", "cannot_judge", "unlikely", "ruled_out",
)  # fmt: skip
NO_ROW = -1  # the cause is not judged on this row
LIKELY, POSSIBLE, OPEN, CANNOT_JUDGE, UNLIKELY, RULED_OUT = range(len(VERDICTS))
Codes = NDArray[np.int8]


@dataclass(slots=True)
class Judged:
    """One cause on the rows of a level.

    `verdict` is a place in VERDICTS or NO_ROW, int8, one a row; `demoted` flags the
    rows where a rival as likely makes it only possible. `items` are the rules on its
    bill, of the company too where the level is of slices.
    """

    verdict: Codes
    sums: Sums
    items: Sequence[Item]
    demoted: Flags


@dataclass
class Judgement:
    """Everything concluded of a batch.

    `causes` by (cause, dimension), `symptoms` by (symptom, dimension), `rules` by
    (cause, `rule_key`, dimension on which the rule runs); dimension "" is the company,
    one row a case.
    """

    batch: Batch
    causes: dict[tuple[str, str], Judged] = field(default_factory=dict)
    symptoms: dict[tuple[str, str], Plane] = field(default_factory=dict)
    rules: dict[tuple[str, str, str], Item] = field(default_factory=dict)
