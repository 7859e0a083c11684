"""Why clients left, by the seven reasons of the questionnaire (M-72)."""

from collections.abc import Iterator

from salesdx.facts import COMPANY, Measurement, Slice
from salesdx.metrics.clients.client_records import losses
from salesdx.metrics.clients.client_words import OTHER, churn_reason
from salesdx.metrics.clients.clients import client_rows
from salesdx.metrics.clients.purchases import today
from salesdx.metrics.data import Data
from salesdx.metrics.months import of_day, since
from salesdx.metrics.registry import Metric
from salesdx.metrics.shares import PERIOD, dated, label, share

REASONS = (
    "business_gone", "moved", "manager_changed", "quality", "price", "service",
    "conflict", OTHER,
)  # fmt: skip
_YEAR = 12  # months shown one by one


def _id(code: str) -> str:
    return f"churn.reason-{code.replace('_', '-')}-share"


def shares_of_reasons(data: Data) -> Iterator[Measurement]:
    """Share of each reason among the losses whose reason was written down.

    Words that mean none of the seven reasons are `other`.
    """
    rows = losses(data)
    rows = rows.filter(rows.reason.notnull())
    known = client_rows(data).select(of="client_id", segment="segment")
    rows = rows.left_join(known, rows.client_id == known.of)
    keys = ("reason", "segment", "manager_id", "at")
    counts: dict[Slice, dict[str, int]] = {}
    codes: dict[str, str] = {}
    shown = since(data, max(today(data) - 31 * (_YEAR + 1), 0))[-_YEAR:]
    for row in data.rows(rows.group_by(*keys).agg(n=rows.count())):
        text = str(row["reason"])
        code = codes.setdefault(text, churn_reason(text, data.company))
        month = of_day(int(row["at"])) if int(row["at"]) >= 0 else None
        places: list[Slice] = [COMPANY]
        for name, value in (
            ("segment", row["segment"]),
            ("manager", row["manager_id"]),
        ):
            if value is not None:
                places.append(((name, str(value)),))
        if month in shown:
            places.append(((PERIOD, label(PERIOD, month)),))
        for where in places:
            cell = counts.setdefault(where, {})
            cell[code] = cell.get(code, 0) + int(row["n"])
    for where in sorted(counts, key=lambda w: (bool(w), w)):
        total = sum(counts[where].values())
        for code in REASONS:
            yield share(_id(code), counts[where].get(code, 0), total, where)


METRICS: tuple[Metric, ...] = dated(
    Metric(tuple(_id(c) for c in REASONS), ("churn_log.reason",), shares_of_reasons),
)
