"""Rows of a table of facts made at random, and the same written as Parquet and CSV."""

import csv
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from salesdx.facts import FactBase
from salesdx.inference.columnar.columns import Batch
from salesdx.inference.possible import Values, figure_bounds
from salesdx.knowledge.answered import scale
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import names

Row = dict[str, Any]
STATES = ("dont_know", "not_applicable")
TRADES = (None, "Retail of shoes", "машиностроение", "", "B2B services")


class Made:
    """Random companies: figures and answers on every side of every threshold."""

    def __init__(self, knowledge: KnowledgeBase, seed: int) -> None:
        self._knowledge, self._values = knowledge, Values(knowledge)
        self._chance = random.Random(seed)

    def rows(self, count: int) -> list[Row]:
        return [self._row(i) for i in range(count)]

    def _row(self, number: int) -> Row:
        knowledge, chance = self._knowledge, self._chance
        share = chance.choice([0.0, 0.02, 0.2, 0.6, 0.95])
        row: Row = {
            "id": f"c-{number}", "name": chance.choice([None, "ООО «Ромашка»", "=A1"]),
            "sales_model": chance.choice([None, "b2b", "b2c"]),
            "industry": chance.choice(TRADES), "currency": chance.choice([None, "EUR"]),
        }  # fmt: skip
        deciding = {n for node in knowledge.relevance.values() for n in names(node)}
        for name in (*knowledge.metrics, *knowledge.questions):
            often = 0.6 if name in deciding else share
            if chance.random() < often:
                row[name] = chance.choice(self._values.of(name, ())).value
            if name in knowledge.questions and chance.random() < often / 4:
                row[name] = chance.choice(STATES)
        for question in knowledge.questions.values():
            if question.metric and chance.random() < 0.5:
                self._claim(row, question.id, question.metric)
        for name in chance.sample(sorted(knowledge.benchmarks), 5):
            row[f"benchmark:{name}"] = round(chance.uniform(0, 2), 3)
        for name in ("conversion.at-horizon", "churn.rate", "check.average"):
            if chance.random() < 0.5:
                states = ("confirmed", "suspected", "noise", "insufficient")
                row[f"gap:{name}"] = chance.choice(states)
        return row

    def _claim(self, row: Row, name: str, metric: str) -> None:
        """A figure at the very edge of what an answer may be off."""
        chance = self._chance
        question = self._knowledge.questions[name]
        entry = self._knowledge.metrics[metric]
        low, high = figure_bounds(entry)
        if question.type == "yesno":
            row[name] = chance.choice([True, False])
            figure = chance.choice([0, 0.2, 0.2000001, 0.4999, 0.5, 0.8, 0.800001, 1])
        else:
            row[name] = chance.choice([3, 10, 33, 60, 96])
            factor = scale(question, entry) or 1.0
            near = chance.choice([1, 0.8, 1.2, 0.8000001, 1.1999999, 2, 0.1])
            figure = row[name] * factor / near
        row[metric] = min(max(figure, -1e9 if low is None else low), high or 1e9)


def columns_of(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def write_parquet(path: Path, rows: Sequence[Row], group: int = 1_000_000) -> None:
    """Typed columns where no word stands in them, lists as lists."""
    arrays = [_typed([row.get(name) for row in rows]) for name in columns_of(rows)]
    table = pa.Table.from_arrays(arrays, columns_of(rows))
    pq.write_table(table, path, row_group_size=group)


def _typed(values: Sequence[Any]) -> pa.Array:
    words = any(v in STATES for v in values if isinstance(v, str))
    if words:
        return pa.array([_text(v, ".") for v in values], pa.string())
    if any(isinstance(v, tuple) for v in values):
        return pa.array([v if v is None else list(v) for v in values])
    if all(v is None or isinstance(v, int | float) for v in values):
        flags = all(isinstance(v, bool) for v in values if v is not None)
        return pa.array(values, pa.bool_() if flags else pa.float64())
    return pa.array(values, pa.string())


def write_csv(
    path: Path, rows: Sequence[Row], delimiter: str = ";", point: str = ",",
    encoding: str = "utf-8",
) -> None:  # fmt: skip
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(columns_of(rows))
        for row in rows:
            writer.writerow([_text(row.get(n), point) for n in columns_of(rows)])


def _text(value: Any, point: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "да" if value else "no"
    if isinstance(value, tuple):
        return ";".join(value) or "[]"
    return repr(value).replace(".", point)


def told(row: Mapping[str, Any]) -> Row:
    """What a row says, without what it leaves open."""
    return {n: v for n, v in row.items() if v is not None and v != ""}


def facts_in(batch: Batch, row: int) -> dict[str, tuple[Any, ...]]:
    """The facts of a row of a batch: value, confidence, origin, what was said of it."""
    found = {}
    for name, column in batch.levels[""].columns.items():
        known = bool(column.known[row])
        value: Any = None
        if known and column.kinds is None:
            value = float(column.values[row])
        elif known:
            value = column.kinds[int(column.values[row])]
        unknown, differs = (
            flags is not None and bool(flags[row])
            for flags in (column.dont_know, column.disagree)
        )
        if known or unknown:
            sure = 100 if column.sure is None else int(column.sure[row])
            found[name] = (value, sure, column.answered is True, unknown, differs)
    return found


def facts_as_found(facts: FactBase) -> dict[str, tuple[Any, ...]]:
    """The same of a case; a question that does not apply is no fact to a rule."""
    return {
        f.name: (f.value, f.confidence, f.origin == "answer", f.dont_know, f.disagree)
        for f in facts.values()
        if f.value is not None or f.dont_know
    }
