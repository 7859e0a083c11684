"""What an import made of a case, and files to import beside it."""

import csv
import json
from pathlib import Path
from typing import Any

Row = dict[str, str]


def rows_of(case: Path, table: str = "deals") -> list[Row]:
    """Rows of a table of a case; none where it was not written."""
    path = case / "data" / f"{table}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def reasons_of(case: Path, name: str) -> list[str]:
    """Reasons of a rejects file, in the order of the rows."""
    path = case / "data" / "rejects" / f"{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[1] for row in csv.reader(file)][1:]


def beside(case: Path, **files: Any) -> list[Path]:
    """Files by stem, written beside a case: text is CSV, anything else JSON."""
    paths = []
    for stem, content in files.items():
        is_text = isinstance(content, str)
        path = case.parent / f"{stem}.{'csv' if is_text else 'json'}"
        path.write_text(content if is_text else json.dumps(content), encoding="utf-8")
        paths.append(path)
    return paths
