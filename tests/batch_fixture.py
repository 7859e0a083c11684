"""Tables of facts for `salesdx batch`, and what a run has left in a folder."""

import os
import random
import signal
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load
from salesdx.portfolio.parts import Tally


@cache
def shipped() -> KnowledgeBase:
    return load()


def rows(count: int, seed: int = 7, bad: int = 17) -> list[dict[str, Any]]:
    """Companies with all that a table may say; every so many cannot be read."""
    known, chance = shipped(), random.Random(seed)
    found = []
    for number in range(count):
        row: dict[str, Any] = {
            "id": f"shop-{number}", "name": f"=Магазин {number}",
            "group": chance.choice(["Север", "Юг", None]), "currency": "RUB",
            "sales_model": chance.choice(["b2b", "b2c"]),
        }  # fmt: skip
        for metric in known.metrics.values():
            if metric.unit == "ratio" and chance.random() < 0.6:
                row[metric.id] = round(chance.random(), 3)
        row["loss.money"] = chance.choice([None, 0.0, 1e6, 2.5e6])
        for question in known.questions.values():
            if question.about or chance.random() < 0.4:
                continue
            if question.type == "yesno":
                row[question.id] = chance.choice(["yes", "no", "dont_know"])
            elif question.type == "enum":
                row[question.id] = chance.choice(question.options).code
        if bad and number % bad == bad - 1:
            row["odc.deadline-exists"] = "perhaps"
        found.append(row)
    return found


def table(path: Path, count: int, seed: int = 7, bad: int = 17) -> Path:
    """The companies as a Parquet file."""
    found = rows(count, seed, bad)
    names = list(dict.fromkeys(n for row in found for n in row))
    pq.write_table(pa.table({n: [r.get(n) for r in found] for n in names}), path)
    return path


def contents(out: Path) -> dict[str, bytes]:
    """Every file of a folder; nothing of a finished run is hidden."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file():
            found[path.relative_to(out).as_posix()] = path.read_bytes()
    return found


@dataclass(frozen=True)
class Killer:
    """Work whose process dies doing one piece."""

    pieces: int = 4
    fatal: int = 2

    def do(self, knowledge: Any, number: int) -> Tally:
        if number == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return Tally(judged=1)

    def done(self, knowledge: Any, number: int) -> Tally | None:
        return None


@dataclass(frozen=True)
class Failing(Killer):
    """Work that cannot do one piece."""

    def do(self, knowledge: Any, number: int) -> Tally:
        from salesdx.errors import DataError, Said

        if number == self.fatal:
            raise DataError(Said("no room", "нет места"))
        return Tally(judged=1)
