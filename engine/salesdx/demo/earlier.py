"""What the tables of the made-up company held on an earlier day.

Rows that begin later are not there yet, later moments are not known yet, and deals
that were closed later are open, on the stage they had reached.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from salesdx.demo.records import Sheet

_BEGINS = {
    "leads": "created_at", "deals": "entered_at", "stage_history": "entered_at",
    "activities": "started_at", "quotes": "requested_at",
    "contracts": "client_ready_at", "payments": "issued_at", "tickets": "opened_at",
    "presales_tasks": "requested_at", "buying_centre": "identified_at",
    "call_reviews": "date", "management_reviews": "date", "plans": "period",
    "marketing_costs": "period", "absences": "from", "managers": "hired_at",
}  # fmt: skip
Row = list[Any]


def as_known(sheets: Iterable[Sheet], day: dt.date) -> Iterator[Sheet]:
    """The tables as they were in the evening of a day."""
    held = [Sheet(s.name, s.columns, [list(r) for r in s.rows]) for s in sheets]
    then = _Then(day)
    for sheet in held:
        if sheet.name in ("leads", "deals", "stage_history"):
            then.hear(sheet)
    for sheet in held:
        yield Sheet(sheet.name, sheet.columns, list(then.rows(sheet)))


@dataclass
class _Then:
    day: dt.date
    clients: set[object] = field(default_factory=set)
    open: set[object] = field(default_factory=set)  # deals that had begun
    won: set[object] = field(default_factory=set)  # deals that had been won
    bought: dict[object, list[Any]] = field(default_factory=dict)
    stages: dict[object, object] = field(default_factory=dict)

    def hear(self, sheet: Sheet) -> None:
        """Remember what other tables depend on."""
        at = _places(sheet)
        for row in sheet.rows:
            if self.later(row[at[_BEGINS[sheet.name]]]):
                continue
            if sheet.name == "leads":
                self.clients.add(row[at["client_id"]])
            elif sheet.name == "stage_history":
                self.stages[row[at["deal_id"]]] = row[at["stage_id"]]
            else:
                self._deal(row, at)

    def _deal(self, row: Sequence[Any], at: dict[str, int]) -> None:
        deal, closed = row[at["deal_id"]], row[at["closed_at"]]
        self.open.add(deal)
        if row[at["status"]] == "won" and not self.later(closed):
            self.won.add(deal)
            bought = self.bought.setdefault(row[at["client_id"]], [])
            bought.append(_day(closed))

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """The rows of a table that were there, as they were."""
        at, begins = _places(sheet), _BEGINS.get(sheet.name)
        for read in sheet.rows:
            row = list(read)
            if begins and self.later(row[at[begins]]):
                continue
            if sheet.name == "deal_items":
                if row[at["deal_id"]] not in self.open:
                    continue
                if row[at["deal_id"]] not in self.won:
                    row[at["accepted"]] = False
            elif sheet.name == "deals" and self.later(row[at["closed_at"]]):
                deal = row[at["deal_id"]]
                row[at["status"]], row[at["lost_reason"]] = "open", ""
                row[at["stage_id"]] = self.stages.get(deal, row[at["stage_id"]])
                row[at["next_task_at"]] = f"{self.day}T12:00:00"
            elif sheet.name == "clients":
                if row[at["client_id"]] not in self.clients:
                    continue
                days = self.bought.get(row[at["client_id"]], [])
                row[at["first_purchase_at"]] = min(days, default=None)
                row[at["last_purchase_at"]] = max(days, default=None)
            yield [None if self.later(v) else v for v in row]

    def later(self, value: object) -> bool:
        """Whether it is a moment that had not come yet; a mistyped one stays."""
        found = _day(value)
        return found is not None and found > self.day and found.year < _MISTYPED


_MISTYPED = 2050


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and value[4:5] == value[7:8] == "-":
        try:
            return dt.date.fromisoformat(value[:10])
        except ValueError:
            return None
    return None


def _places(sheet: Sheet) -> dict[str, int]:
    return {column: i for i, column in enumerate(sheet.columns.split())}
