"""One company as it was read; nothing heavy is imported to hold it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salesdx.company import Company
from salesdx.crm.notes import Note

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

    from salesdx.crm.canonical import TableRead
    from salesdx.crm.stored import Stored

Period = tuple[dt.date | None, dt.date | None]


@dataclass(frozen=True, slots=True)
class Case:
    """One company as it was read.

    `as_of` is the last second of the day we look back from, in the company's time;
    None when neither company.yaml nor the data give a day. `period` is the first and
    last day of events up to `as_of`. `notes` are statements on the data, in order.
    """

    company: Company
    path: Path
    tables: Mapping[str, TableRead]
    as_of: dt.datetime | None
    period: tuple[dt.date | None, dt.date | None]
    notes: tuple[Note, ...]

    @property
    def arrow(self) -> dict[str, pa.Table | Stored]:
        """The tables, with the face of Arrow tables; large ones are still files."""
        return {name: read.arrow for name, read in self.tables.items()}

    @property
    def sources(self) -> dict[str, pa.Table | Path]:
        """The tables as `metrics.data.Data` takes them: rows, or a clean large file."""
        from salesdx.crm.stored import Stored

        return {
            name: table.path if isinstance(table, Stored) else table
            for name, table in self.arrow.items()
        }

    @property
    def answers_path(self) -> Path:
        """Where the answers are; the file may be missing."""
        return self.path / "answers.yaml"

    @property
    def plan_path(self) -> Path:
        """Where edits of the plan are; the file may be missing."""
        return self.path / "plan.yaml"

    @property
    def results_path(self) -> Path:
        """Where results of earlier runs are; the folder may be missing."""
        return self.path / "results"
