"""Many cases drawn as columns: the neutral base, and the shipped knowledge base."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from inference_bases import CODES, UNKNOWN, YES, make_base, values
from inference_ours import facts_at, knowledge_of

from salesdx.inference.columnar.columns import Batch, Column, Level
from salesdx.inference.columnar.judging import VERDICTS, Judgement
from salesdx.inference.columnar.planes import unpack
from salesdx.inference.infer import Inference, infer
from salesdx.inference.possible import Values
from salesdx.inference.program import Executor
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load

Dice = np.random.Generator
Draw = Callable[[Dice, int], Column]
KNOWN = 0.9
CHUNK_SEED = 1000


@dataclass(frozen=True, slots=True)
class Source:
    """A knowledge base and what draws each of its facts."""

    knowledge: KnowledgeBase
    columns: dict[str, Draw]

    def batch(self, cases: int, seed: int = 0) -> Batch:
        """Cases of a company without slices; the same for the same seed."""
        dice = np.random.default_rng(seed)
        made = {name: draw(dice, cases) for name, draw in self.columns.items()}
        return Batch({"": Level("", cases, made)})

    def chunks(self, cases: int, size: int) -> Iterator[Batch]:
        """So many cases, a chunk at a time: only one is in memory."""
        for number, start in enumerate(range(0, cases, size)):
            yield self.batch(min(size, cases - start), CHUNK_SEED + number)


def neutral(rules: int) -> Source:
    """The neutral base, drawn as `make_cases` draws it."""
    base = make_base(rules)
    with tempfile.TemporaryDirectory() as folder:
        knowledge = knowledge_of(base, Path(folder))
    return Source(knowledge, {n: _neutral(kind) for n, kind in base.facts.items()})


def _neutral(kind: str) -> Draw:
    top = len(values(kind))

    def draw(dice: Dice, rows: int) -> Column:
        known = dice.random(rows) >= np.mean(UNKNOWN)
        if kind in ("number", "scale"):
            cells = dice.integers(0, top, rows).astype(np.float64)
            return Column(cells, known, answered=kind == "scale")
        if kind == "yesno":
            no = (dice.random(rows) >= YES).astype(np.int32)
            return Column(no, known, (True, False), answered=True)
        codes = dice.integers(0, top, rows).astype(np.int32)
        return Column(codes, known, CODES, answered=True)

    return draw


def shipped() -> Source:
    """The shipped base; values from both sides of every threshold, a tenth unknown."""
    knowledge = load()
    possible, columns = Values(knowledge), {}
    for name in (*knowledge.metrics, *knowledge.questions):
        found = tuple(f.value for f in possible.of(name, ()) if f.value is not None)
        if found:
            columns[name] = _drawn(found, name in knowledge.questions)
    return Source(knowledge, columns)


def _drawn(found: tuple[Any, ...], answered: bool) -> Draw:
    are_numbers = all(
        isinstance(v, int | float) and not isinstance(v, bool) for v in found
    )

    def draw(dice: Dice, rows: int) -> Column:
        known = dice.random(rows) < KNOWN
        places = dice.integers(0, len(found), rows, dtype=np.int32)
        if are_numbers:
            cells = np.array(found, np.float64)[places]
            return Column(cells, known, answered=answered)
        return Column(places, known, found, answered=answered)

    return draw


def bytes_in(batch: Batch) -> float:
    """Of the facts of one case: values, and one byte whether each is known."""
    columns = batch.levels[""].columns.values()
    return sum(c.values.nbytes + c.known.nbytes for c in columns) / batch.cases


def bytes_out(found: Judgement) -> float:
    """Of all that is concluded of one case, planes of two bits and numbers."""
    planes = [*found.symptoms.values(), *(i.state for i in found.rules.values())]
    size = sum(p.true.nbytes + p.false.nbytes for p in planes)
    for row in found.causes.values():
        sums = row.sums
        arrays = (
            row.verdict, row.demoted, sums.points, sums.worst, sums.best, sums.coverage
        )  # fmt: skip
        size += sum(a.nbytes for a in arrays)
    return size / found.batch.cases


def check(
    source: Source, batch: Batch, found: Judgement, executor: Executor, rows: int
) -> None:
    """Stop where the first rows are not judged as the executor judges them."""
    for row in range(rows):
        one = infer(source.knowledge, facts_at(batch, row), executor)
        apart = _of(one) ^ _at(found, row)
        if apart:
            raise SystemExit(f"case {row}: {executor.name} and columns differ: {apart}")


def _of(found: Inference) -> set[tuple[Any, ...]]:
    told: set[tuple[Any, ...]] = {
        (i, s.outcome.state) for (i, w), s in found.symptoms.items() if not w
    }
    for (cause, where), row in found.causes.items():
        if not where:
            bill = row.total
            told.add((cause, row.verdict, bill.points, bill.worst, bill.best,
                      bill.coverage))  # fmt: skip
            told |= {
                (cause, r.item.direction, r.item.rule)
                for r in row.rules if r.item.state
            }  # fmt: skip
    return told


def _at(found: Judgement, row: int) -> set[tuple[Any, ...]]:
    at = slice(row, row + 1)
    told: set[tuple[Any, ...]] = set()
    for (name, dimension), plane in found.symptoms.items():
        if not dimension:
            true, false = (
                unpack(b, plane.rows)[row] for b in (plane.true, plane.false)
            )
            told.add((name, True if true else False if false else None))
    for (cause, dimension), judged in found.causes.items():
        if dimension or judged.verdict[row] < 0:
            continue
        sums = judged.sums
        told.add((cause, VERDICTS[judged.verdict[row]],
                  *(a[at].item() for a in (sums.points, sums.worst, sums.best,
                                           sums.coverage))))  # fmt: skip
        told |= {
            (cause, i.direction, i.rule)
            for i in judged.items if unpack(i.true, found.batch.cases)[row]
        }  # fmt: skip
    return told
