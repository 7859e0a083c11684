"""Write tables and YAML of a made-up case: the same rows, the same bytes."""

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from salesdx.demo.names import AS_MADE, Names

MONEY = frozenset({"amount", "cost", "price", "plan_value"})


def write_table(
    folder: Path,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    names: Names = AS_MADE,
) -> None:
    """Write one CSV file, named in the language."""
    scaled = [i for i, c in enumerate(columns) if c in MONEY and names.money != 1.0]
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        for row in rows:
            cells = [names.of(_plain(v)) for v in row]
            for i in scaled:
                cells[i] = _scaled(cells[i], names.money)
            writer.writerow(cells)


def yaml_text(data: object) -> str:
    """Data as YAML that a person can read."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=88)


def _plain(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _scaled(value: object, scale: float) -> object:
    return round(value * scale, 2) if isinstance(value, int | float) else value
