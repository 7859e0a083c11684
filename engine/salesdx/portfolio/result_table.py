"""The result table: a row a company, five columns a cause.

| column | what |
|---|---|
| `id`, `name`, `group`, `sales_model`, `currency` | who it is; null where unknown |
| `coverage` | share of all evidence that could be looked at, 0..1 |
| `loss_low`, `loss_expected`, `loss_high` | money lost; null if unknown |
| `likely`, `possible` | how many causes are |
| `strongest` | the likely cause of most points, else the possible one; by id if equal |
| `CAUSE.verdict` | likely, possible, open, cannot_judge, unlikely, ruled_out |
| `CAUSE.points`, `.worst`, `.best` | points of evidence, and what they could become |
| `CAUSE.coverage` | share of the evidence on the cause that could be looked at, 0..1 |
| `CAUSE.slice` | of a cause judged per slice: the slice of its strongest row |
| `CAUSE.money` | money lost to it, expected; only where cases were measured |

A cause that is not judged for a company is null in all its columns: it is not for its
sales model, or judged per slice where there are none.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from salesdx.inference.columnar.judgement import (
    LIKELY,
    NO_ROW,
    POSSIBLE,
    VERDICTS,
    Judged,
    Judgement,
)
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.portfolio.chunk import Keys

_VERDICT = pa.dictionary(pa.int8(), pa.string())
_STRONGEST = pa.dictionary(pa.int16(), pa.string())
_AHEAD = np.int16(1 << 13)  # no bill of a cause has so many points
WHO = ("id", "name", "group", "sales_model", "currency")


def causes_of(knowledge: KnowledgeBase) -> list[ReadyCause]:
    """The causes that are judged, by id: the order of their columns."""
    return [
        c for i, c in sorted(knowledge.causes.items())
        if not knowledge.is_off("causes", i)
    ]  # fmt: skip


def schema(knowledge: KnowledgeBase, *, measured: bool) -> pa.Schema:
    """The columns; `measured` for cases whose tables gave each cause its money."""
    fields = [pa.field(n, pa.string()) for n in WHO]
    fields += [pa.field("coverage", pa.float64())]
    fields += [pa.field(f"loss_{n}", pa.float64()) for n in ("low", "expected", "high")]
    fields += [pa.field(n, pa.int16()) for n in ("likely", "possible")]
    fields += [pa.field("strongest", _STRONGEST)]
    for cause in causes_of(knowledge):
        fields += _of_cause(cause, measured)
    return pa.schema(fields)


def _of_cause(cause: ReadyCause, measured: bool) -> Iterator[pa.Field]:
    yield pa.field(f"{cause.id}.verdict", _VERDICT)
    for name in ("points", "worst", "best"):
        yield pa.field(f"{cause.id}.{name}", pa.int16())
    yield pa.field(f"{cause.id}.coverage", pa.float64())
    if cause.spec.for_each:
        yield pa.field(f"{cause.id}.slice", pa.string())
    if measured:
        yield pa.field(f"{cause.id}.money", pa.float64())


def judged_rows(
    knowledge: KnowledgeBase, keys: Keys, found: Judgement
) -> pa.RecordBatch:
    """The rows of a batch of companies without slices, in its order."""
    count = found.batch.cases
    causes = causes_of(knowledge)
    columns: dict[str, Any] = {n: pa.array(getattr(keys, n), pa.string()) for n in WHO}
    columns["coverage"] = pa.array(_coverage(found))
    unknown = pa.nulls(count, pa.float64())
    columns |= {"loss_low": unknown, "loss_high": unknown}
    columns["loss_expected"] = pa.array(keys.loss, mask=np.isnan(keys.loss))
    rows = [found.causes.get((c.id, "")) for c in causes]
    for name, code in (("likely", LIKELY), ("possible", POSSIBLE)):
        held = np.zeros(count, np.int16)
        for row in rows:
            if row is not None:
                held += row.verdict == code
        columns[name] = pa.array(held)
    columns["strongest"] = _strongest(causes, rows, count)
    for cause, row in zip(causes, rows, strict=True):
        columns |= _columns(cause, row, count)
    wanted = schema(knowledge, measured=False)
    return pa.RecordBatch.from_arrays([columns[n] for n in wanted.names], schema=wanted)


def _columns(cause: ReadyCause, row: Judged | None, count: int) -> Mapping[str, Any]:
    if row is None:
        return {f.name: pa.nulls(count, f.type) for f in _of_cause(cause, False)}
    none = row.verdict == NO_ROW
    mask = none if none.any() else None
    codes = pa.array(row.verdict, mask=mask)
    found = {
        "verdict": pa.DictionaryArray.from_arrays(codes, pa.array(VERDICTS)),
        "points": pa.array(row.sums.points, pa.int16(), mask=mask),
        "worst": pa.array(row.sums.worst, pa.int16(), mask=mask),
        "best": pa.array(row.sums.best, pa.int16(), mask=mask),
        "coverage": pa.array(row.sums.coverage.round(6), mask=mask),
    }
    return {f"{cause.id}.{n}": array for n, array in found.items()}


def _coverage(found: Judgement) -> NDArray[np.float64]:
    """As `summary.coverage`: by points over all causes; 0 where nothing is known."""
    count = found.batch.cases
    known, weight = (np.zeros(count, np.int64) for _ in range(2))
    for (_, dimension), row in found.causes.items():
        if not dimension:
            judged = row.verdict != NO_ROW
            known += row.sums.known * judged
            weight += row.sums.weight * judged
    share = np.divide(known, weight, out=np.zeros(count), where=weight > 0)
    any_fact = np.zeros(count, np.bool_)
    for column in found.batch.levels[""].columns.values():
        any_fact |= column.known
    share[~any_fact] = 0.0
    return share.round(4)


def _strongest(
    causes: Sequence[ReadyCause], rows: Sequence[Judged | None], count: int
) -> pa.DictionaryArray:
    best = np.full(count, -1, np.int16)
    place = np.full(count, -1, np.int16)
    for number, row in enumerate(rows):
        if row is None:
            continue
        counts = (row.verdict == LIKELY) | (row.verdict == POSSIBLE)
        ahead = (row.verdict == LIKELY) * _AHEAD
        weight = np.where(counts, row.sums.points + ahead, np.int16(-1))
        more = weight > best
        np.copyto(best, weight, where=more)
        np.copyto(place, np.int16(number), where=more)
    codes = pa.array(place, mask=place < 0)
    ids = pa.array([c.id for c in causes], pa.string())
    return pa.DictionaryArray.from_arrays(codes, ids)
