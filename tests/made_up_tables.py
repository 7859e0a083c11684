"""All canonical tables of a small made-up company, drawn with a fixed seed.

Every column that the design knows holds plausible values, so that every metric has
something to count; tests damage copies of it.
"""

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa

from salesdx.company import Company
from salesdx.tables import TABLES, Column

AS_OF = dt.datetime(2026, 6, 30, 23, 59, 59)
START = dt.datetime(2024, 1, 9, 9, 0, 0)
SIZES = {
    "managers": 4, "clients": 40, "products": 5, "deals": 160, "leads": 160,
    "stage_history": 400, "deal_items": 300, "activities": 400, "plans": 24,
    "funnel_definition": 4, "marketing_costs": 24, "offers": 12, "absences": 3,
}  # fmt: skip
USUAL = 80  # rows of the other tables
STAGES = ("new", "meeting", "proposal", "contract")
IDS = {
    "manager_id": "M", "assigned_to": "M", "assignee": "M", "specialist": "M",
    "owner_manager": "M", "changed_by": "M", "head": "M", "reviewer": "M",
    "client_id": "C", "deal_id": "D", "lead_id": "L", "product_id": "P",
    "activity_id": "A", "upsell_of": "P", "cross_sell_of": "P",
}  # fmt: skip
POOL = {"M": "managers", "C": "clients", "D": "deals", "L": "leads", "P": "products",
        "A": "activities"}  # fmt: skip
WORDS = {
    "segment": ("towns", "cities"), "target_group": ("towns", "cities"),
    "source": ("advert", "recommendation"), "channel": ("site", "phone"),
    "region": ("north", "south"), "department": ("first", "second"),
    "product": ("P1", "P2"), "line": ("tables", "chairs"), "category": ("wood",),
    "campaign": ("spring", "autumn"), "request_type": ("consultation", "quote"),
    "lost_reason": ("price", "not_available"), "funnel_id": ("main",),
    "metric": ("revenue", "deals"), "win_back_method": ("call", "personal_meeting"),
    "reason": ("price", "quality"), "outcome": ("agreed", "refused"),
}  # fmt: skip
COMPANY = Company.model_validate(
    {
        "format": 1,
        "name": "Acme",
        "as_of": AS_OF.date(),
        "funnels": [
            {"id": "main", "stages": [{"id": s} for s in STAGES],
             "main_stage": "proposal"},
        ],
    }
)  # fmt: skip


def tables() -> dict[str, dict[str, list[Any]]]:
    """Table -> column -> values; the same on every call."""
    rng = np.random.default_rng(7)
    found = {}
    for name, table in TABLES.items():
        size = SIZES.get(name, USUAL)
        columns = {
            c.name: [_value(name, table.key, c, i, rng) for i in range(size)]
            for c in table.columns
        }
        found[name] = _in_order(columns)
    return found


def arrow(made: dict[str, dict[str, list[Any]]]) -> dict[str, pa.Table]:
    """Typed as a case gives them."""
    return {
        name: pa.table(
            {
                column: pa.array(values, _type(TABLES[name].column(column)))
                for column, values in columns.items()
            }
        )
        for name, columns in made.items()
    }


def _type(column: Column | None) -> pa.DataType:
    kinds = {
        "number": pa.float64(), "money": pa.float64(), "time": pa.timestamp("s"),
        "date": pa.date32(), "bool": pa.bool_(),
    }  # fmt: skip
    return kinds.get(column.type if column else "text", pa.string())


def _value(
    table: str, key: str | None, column: Column, row: int, rng: np.random.Generator
) -> Any:
    prefix = IDS.get(column.name, column.name[0].upper())
    if column.name == key:
        return f"{prefix}{row + 1}"
    if column.name in {"stage_id", "stage"}:
        return STAGES[row % len(STAGES)]
    if column.type == "id" and column.name not in WORDS:
        size = SIZES.get(POOL.get(prefix, ""), USUAL)
        return f"{prefix}{int(rng.integers(size)) + 1}"
    if column.type == "enum":
        return str(rng.choice(column.choices))
    if column.type in {"id", "text"}:
        return str(rng.choice(WORDS.get(column.name, ("one", "two"))))
    if column.type == "bool":
        return bool(rng.random() < 0.5)
    if column.type in {"number", "money"}:
        return float(rng.integers(1, 1000 if column.type == "money" else 10))
    moment = START + dt.timedelta(minutes=int(rng.integers(900 * 1440)))
    return moment if column.type == "time" else moment.date()


ORDER = (
    ("entered_at", "closed_at"), ("entered_at", "left_at"), ("issued_at", "paid_at"),
    ("requested_at", "started_at", "finished_at"), ("opened_at", "closed_at"),
    ("created_at", "notified_at", "first_attempt_at", "first_response_at"),
    ("requested_at", "sent_at", "received_confirmed_at"), ("from", "to"),
    ("client_ready_at", "start_agreed_at", "draft_sent_at", "signed_at"),
)  # fmt: skip


def _in_order(columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Put times that follow each other in life into that order."""
    for chain in ORDER:
        if all(c in columns for c in chain):
            rows = zip(*(columns[c] for c in chain), strict=True)
            parts = [sorted(r) for r in rows]
            for place, column in enumerate(chain):
                columns[column] = [p[place] for p in parts]
    return columns
