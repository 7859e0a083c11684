"""Result tables made by hand, small enough to count on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

DEADLINE, STEP, DISCOUNTS = "no-deadline", "no-next-step", "discount-culture"
CAUSES = (DEADLINE, STEP, DISCOUNTS)
_VERDICT = pa.dictionary(pa.int8(), pa.string())


@dataclass(frozen=True)
class Bill:
    """A cause of a company: verdict, points, worst, best, share looked at."""

    verdict: str
    points: int = 0
    worst: int = 0
    best: int = 0
    coverage: float = 1.0


LIKELY = Bill("likely", 60, 50, 70, 0.8)
UNLIKELY = Bill("unlikely", -60, -70, -50)
BLIND = Bill("cannot_judge", 0, -80, 80, 0.0)


@dataclass(frozen=True)
class Row:
    """A company of a result table."""

    id: str
    loss: float | None = None
    group: str | None = None
    currency: str | None = "RUB"
    name: str | None = None
    coverage: float = 0.5
    causes: Mapping[str, Bill] = field(default_factory=dict)
    sales_model: str | None = "b2b"


def table(rows: Sequence[Row], path: Path, row_group: int = 1_000) -> Path:
    """Write `result.parquet`, with the columns of three causes."""
    columns: dict[str, Any] = {
        n: pa.array([getattr(r, n) for r in rows], pa.string())
        for n in ("id", "name", "group", "sales_model", "currency")
    }
    columns["coverage"] = pa.array([r.coverage for r in rows], pa.float64())
    for end in ("low", "expected", "high"):
        columns[f"loss_{end}"] = pa.array([r.loss for r in rows], pa.float64())
    for verdict in ("likely", "possible"):
        held = [sum(b.verdict == verdict for b in r.causes.values()) for r in rows]
        columns[verdict] = pa.array(held, pa.int16())
    columns["strongest"] = pa.array([_strongest(r) for r in rows], pa.string())
    for cause in CAUSES:
        bills = [r.causes.get(cause) for r in rows]
        said = pa.array([b and b.verdict for b in bills], pa.string())
        columns[f"{cause}.verdict"] = said.dictionary_encode().cast(_VERDICT)
        for name in ("points", "worst", "best"):
            found = [b and getattr(b, name) for b in bills]
            columns[f"{cause}.{name}"] = pa.array(found, pa.int16())
        shares = [b and b.coverage for b in bills]
        columns[f"{cause}.coverage"] = pa.array(shares, pa.float64())
    pq.write_table(pa.table(columns), path, row_group_size=row_group)
    return path


def _strongest(row: Row) -> str | None:
    told = [
        (b.verdict == "likely", b.points, i) for i, b in row.causes.items()
        if b.verdict in ("likely", "possible")
    ]  # fmt: skip
    return max(told)[2] if told else None


def two_regions() -> list[Row]:
    """Twenty-four companies: what they have in common is counted in the tests."""
    rows = []
    for i in range(24):
        deadline = LIKELY if i <= 12 else Bill("open", 0, -20, 30, 0.8)
        if i == 23:
            deadline = Bill("open", 0, -40, 50, 0.3)
        step = Bill("likely", 50, 45, 50) if i < 4 else UNLIKELY
        if i in (4, 5):
            step = Bill("possible", 20, 10, 60)
        rows.append(Row(
            f"c{i:02}", *_money(i), name=f"Компания {i}" if i % 2 else None,
            coverage=0.1 if i == 23 else 0.5,
            causes={DEADLINE: deadline, STEP: step, DISCOUNTS: BLIND},
            sales_model="b2b" if i < 18 else "b2c",
        ))  # fmt: skip
    return rows


def _money(i: int) -> tuple[float | None, str, str | None]:
    group = "Север" if i < 12 else "Юг"
    if i < 20:
        return 100.0 * (i + 1), group, "RUB"
    if i < 22:
        return 1e6 if i == 20 else 3e6, group, "KZT"
    return (None, group, "RUB") if i == 22 else (500.0, group, None)
