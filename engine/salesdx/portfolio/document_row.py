"""The row of the result table that a result document makes.

A table of facts is judged in columns and a case folder in full: both give the same row.
"""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from salesdx.inference.columnar.judgement import VERDICTS
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.portfolio.result_table import causes_of, schema
from salesdx.result import CauseRow, ResultDocument

_LOSS = "loss.money"
Row = dict[str, Any]


def row_of(
    document: ResultDocument, knowledge: KnowledgeBase, id_: str,
    *, group: str | None = None, measured: bool = True,
) -> Row:  # fmt: skip
    """The row of a diagnosed company; `measured` where each cause has its money."""
    each: dict[str, list[CauseRow]] = {}
    for row in document.causes:
        each.setdefault(row.id, []).append(row)
    chosen = {c.id: _strongest(c, each.get(c.id, [])) for c in causes_of(knowledge)}
    strongest = [row for row in chosen.values() if row is not None]
    case = document.case
    found: Row = {
        "id": id_, "name": case.name, "group": group, "sales_model": case.sales_model,
        "currency": case.currency, "coverage": document.summary.coverage,
    }  # fmt: skip
    found |= _loss(document)
    for verdict in ("likely", "possible"):
        found[verdict] = sum(r.verdict == verdict for r in strongest)
    found["strongest"] = _of_all(strongest)
    for cause in causes_of(knowledge):
        found |= _columns(cause, chosen[cause.id], measured)
    return found


def table_of(
    rows: Sequence[Row], knowledge: KnowledgeBase, *, measured: bool = True
) -> pa.Table:  # fmt: skip
    """Rows as the result table holds them."""
    wanted = schema(knowledge, measured=measured)
    ids = [c.id for c in causes_of(knowledge)]
    columns = []
    for field in wanted:
        values = [row[field.name] for row in rows]
        if pa.types.is_dictionary(field.type):
            kinds = ids if field.name == "strongest" else list(VERDICTS)
            places = {kind: place for place, kind in enumerate(kinds)}
            codes = [None if v is None else places[v] for v in values]
            columns.append(
                pa.DictionaryArray.from_arrays(
                    pa.array(codes, field.type.index_type),
                    pa.array(kinds, pa.string()),
                )
            )
        else:
            columns.append(pa.array(values, field.type))
    return pa.Table.from_arrays(columns, schema=wanted)


def _strongest(cause: ReadyCause, rows: Sequence[CauseRow]) -> CauseRow | None:
    """The row of the company; of a cause judged per slice the one that says most."""
    if not cause.spec.for_each:
        return next((r for r in rows if not r.slice), None)
    return min(
        rows, default=None,
        key=lambda r: (VERDICTS.index(r.verdict), -r.points, sorted(r.slice.items())),
    )  # fmt: skip


def _of_all(strongest: Sequence[CauseRow]) -> str | None:
    """The likely cause of most points, else the possible one; by id if equal."""
    for verdict in ("likely", "possible"):
        rows = [r for r in strongest if r.verdict == verdict]
        if rows:
            return min(rows, key=lambda r: (-r.points, r.id)).id
    return None


def _loss(document: ResultDocument) -> Row:
    """Of the loss map, else what the figure says: then nobody knows how sure it is."""
    total = document.summary.loss
    if total is not None:
        return {
            "loss_low": total.low, "loss_expected": total.expected,
            "loss_high": total.high,
        }  # fmt: skip
    said = (
        m.value for m in document.metrics
        if m.id == _LOSS and not m.slice and not m.period and m.state == "ok"
    )  # fmt: skip
    return {"loss_low": None, "loss_expected": next(said, None), "loss_high": None}


def _columns(cause: ReadyCause, row: CauseRow | None, measured: bool) -> Row:
    found: Row = {
        n: None if row is None else getattr(row, n)
        for n in ("verdict", "points", "worst", "best", "coverage")
    }
    if cause.spec.for_each:
        found["slice"] = None
        if row is not None:
            told = sorted(row.slice.items())
            found["slice"] = ";".join(f"{d}={v}" for d, v in told)
    if measured:
        money = None if row is None else row.money
        found["money"] = None if money is None else money.expected
    return {f"{cause.id}.{name}": value for name, value in found.items()}
