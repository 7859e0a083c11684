"""How badly a made-up company keeps its register: what is never closed or filled in."""

import random
from collections.abc import Mapping
from typing import Any

Tables = dict[str, list[dict[str, Any]]]


def kept(tables: Tables, spec: Mapping[str, Any], seed: str) -> Tables:
    """Only the tables and columns that exist, as they were kept.

    `last` takes the newest rows, `never_closed` leaves that share open, `blank` empties
    that share of a column.
    """
    dice = random.Random(f"{seed}:kept")
    found: Tables = {}
    for name, columns in spec["tables"].items():
        rows = [
            {c: row.get(c) for c in columns}
            for row in tables[name][-int(spec["last"]) :]
        ]
        for row in rows:
            _spoil(row, spec, dice)
        found[name] = rows
    return found


def _spoil(row: dict[str, Any], spec: Mapping[str, Any], dice: random.Random) -> None:
    if row.get("status") != "open" and dice.random() < spec["never_closed"]:
        row |= {"status": "open", "closed_at": None}
    for column, share in spec["blank"].items():
        if dice.random() < share:
            row[column] = None
