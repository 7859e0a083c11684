"""Companies by causes, where there are few enough of both to see them all."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from salesdx.inference.columnar.judging import VERDICTS
from salesdx.portfolio.model import STATES, Cause, Matrix, MatrixRow, State
from salesdx.portfolio.overview.counting import columns_of, states
from salesdx.portfolio.overview.table import ResultTable

MOST_COMPANIES, _MOST_CAUSES = 40, 16


def matrix(table: ResultTable, causes: Sequence[Cause]) -> Matrix | None:
    """By name, then id; the causes that are likely, or possible, anywhere."""
    if not 0 < table.rows <= MOST_COMPANIES:
        return None
    shown = [c.id for c in causes if c.likely or c.possible][:_MOST_CAUSES]
    if not shown:
        return None
    read = [
        "id",
        "name",
        "currency",
        "loss_expected",
        *columns_of(shown, ("verdict", "best")),
    ]
    rows = table.rows_at(range(table.rows), read).values()
    ordered = sorted(rows, key=lambda r: ((r["name"] or r["id"] or ""), r["id"] or ""))
    return Matrix(causes=shown, rows=[_row(r, shown) for r in ordered])


def _row(row: dict[str, Any], causes: Sequence[str]) -> MatrixRow:
    return MatrixRow(
        id=row["id"] or "", name=row["name"], currency=row["currency"],
        loss=row["loss_expected"], states=[_state(row, c) for c in causes],
    )  # fmt: skip


def _state(row: dict[str, Any], cause: str) -> State | None:
    verdict, best = row[f"{cause}.verdict"], row[f"{cause}.best"]
    if verdict not in VERDICTS:
        return None
    place = np.array([VERDICTS.index(verdict)], np.int16)
    high = np.array([np.nan if best is None else best], float)
    return STATES[int(states(place, high)[0])]
