"""Whether the three executors of the rules say the same, bit for bit.

Judges seeded made-up cases, the case of which nothing is known and a case for every
side of every threshold on the shipped knowledge base: the columns against the
reference on all of them, durable_rules (where it imports) on a sample. Prints how many
values were compared and how many differ; the exit code is 1 if any does.

    python benchmarks/executors_agree.py [CASES] [--durable 2000] [--processes 2]
"""

import argparse
import gc
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from executor_cases import MadeUp, Maker

from salesdx.facts import Slice
from salesdx.inference.columnar.from_facts import batch_of
from salesdx.inference.columnar.judging import NO_ROW, VERDICTS, Judgement, judge
from salesdx.inference.columnar.planes import unpack
from salesdx.inference.executors import choose, durable_available
from salesdx.inference.infer import Inference, infer
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.load import load

CHUNK = 250
PARTS = ("verdict", "points", "worst", "best", "coverage", "demoted", "fired")
Picture = dict[tuple[Any, ...], tuple[Any, ...]]


def picture(found: Inference) -> Picture:
    """What was concluded: of every cause the PARTS, of every symptom the state."""
    causes: Picture = {
        (key, where): (
            o.verdict, o.total.points, o.total.worst, o.total.best, o.total.coverage,
            bool(o.rivals),
            sorted((r.item.direction, r.item.rule, r.item.points)
                   for r in o.rules if r.item.state),
        )
        for (key, where), o in found.causes.items()
    }  # fmt: skip
    symptoms: Picture = {
        ("symptom", i, w): (s.outcome.state,) for (i, w), s in found.symptoms.items()
    }
    return causes | symptoms


def pictures(found: Judgement) -> list[Picture]:
    """The same of every case of a batch."""
    out: list[Picture] = [{} for _ in range(found.batch.cases)]
    places = {name: list(_places(found, name)) for name in found.batch.levels}
    for (cause, dimension), row in found.causes.items():
        size = found.batch.levels[dimension].rows
        fired: list[list[Any]] = [[] for _ in range(size)]
        for item in row.items:
            for at in unpack(item.true, size).nonzero()[0]:
                held = item.held if isinstance(item.held, int) else int(item.held[at])
                fired[at].append((item.direction, item.rule, held))
        sums = row.sums
        told = zip(
            places[dimension], row.verdict.tolist(), sums.points.tolist(),
            sums.worst.tolist(), sums.best.tolist(), sums.coverage.tolist(),
            row.demoted.tolist(), fired, strict=True,
        )  # fmt: skip
        for (case, where), verdict, *more, rules in told:
            if verdict != NO_ROW:
                out[case][cause, where] = (VERDICTS[verdict], *more, sorted(rules))
    for (symptom, dimension), plane in found.symptoms.items():
        true, false = (unpack(b, plane.rows) for b in (plane.true, plane.false))
        for at, (case, where) in enumerate(places[dimension]):
            state = True if true[at] else False if false[at] else None
            out[case]["symptom", symptom, where] = (state,)
    return out


def _places(found: Judgement, dimension: str) -> Iterator[tuple[int, Slice]]:
    level = found.batch.levels[dimension]
    if level.owner is None:
        yield from ((case, ()) for case in range(level.rows))
    else:
        for case, label in zip(level.owner.tolist(), level.labels, strict=True):
            yield case, ((dimension, label),)


def compare(right: Picture, said: Picture, counts: Counter[str]) -> list[str]:
    """Count the values that were compared; return those that differ."""
    differ = [f"{k}: only one of the two" for k in right.keys() ^ said.keys()]
    for key in right.keys() & said.keys():
        parts = PARTS if len(right[key]) > 1 else ("symptom",)
        for part, one, other in zip(parts, right[key], said[key], strict=True):
            counts[part] += 1
            if one != other:
                differ.append(f"{key} {part}: {one!r}, and {other!r} is said")
    return differ


def judged_by_columns(base: KnowledgeBase, cases: Sequence[MadeUp]) -> list[Picture]:
    """All cases in one batch."""
    batch = batch_of(
        base, [c.facts for c in cases], [c.benchmarks for c in cases],
        [c.model for c in cases],
    )  # fmt: skip
    return pictures(judge(base, batch))


def judged_by(base: KnowledgeBase, executor: Any, case: MadeUp) -> Picture:
    """One case by an executor of single cases."""
    found = infer(
        base, case.facts, executor, sales_model=case.model, benchmarks=case.benchmarks
    )
    return picture(found)


class _Worker:
    """What one process needs, made once."""

    def __init__(self, every: int) -> None:
        self.base = load()
        self.maker = Maker(self.base)
        self.edges = list(self.maker.boundaries())
        self.reference = choose(self.base, "reference")
        durable = every and durable_available()
        self.durable = choose(self.base, "durable") if durable else None
        self.every = every
        gc.freeze()  # the base stays: it need not be gone through again and again
        gc.disable()

    def work(self, numbers: Sequence[int]) -> tuple[Counter[str], list[str]]:
        """Cases below 0 are the boundaries, counted from the end."""
        cases = [self.edges[n] if n < 0 else self.maker.drawn(n) for n in numbers]
        said = judged_by_columns(self.base, cases)
        counts: Counter[str] = Counter()
        differ: list[str] = []
        for number, case, columns in zip(numbers, cases, said, strict=True):
            right = judged_by(self.base, self.reference, case)
            found = compare(right, columns, counts)
            counts["cases"] += 1
            if self.durable and number % self.every == 0:
                durable = judged_by(self.base, self.durable, case)
                ours: Counter[str] = Counter()
                found += [f"durable {d}" for d in compare(right, durable, ours)]
                counts["durable cases"] += 1
                counts["durable values"] += ours.total()
            differ += [f"case {number}, {d}" for d in found]
        gc.collect()
        return counts, differ


_worker: _Worker


def _start(every: int) -> None:
    global _worker
    _worker = _Worker(every)


def _work(numbers: Sequence[int]) -> tuple[Counter[str], list[str]]:
    return _worker.work(numbers)


def main() -> int:
    """Print the counts and what differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("cases", type=int, nargs="?", default=100_000)
    parser.add_argument("--durable", type=int, default=2000)
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    edges = sum(1 for _ in Maker(load()).boundaries())
    todo = range(-edges, asked.cases)
    every = len(todo) // asked.durable if asked.durable else 0
    counts: Counter[str] = Counter()
    differ: list[str] = []
    begun = time.monotonic()
    own = multiprocessing.get_context("spawn")
    with own.Pool(asked.processes, _start, (max(1, every),)) as pool:
        chunks = (todo[at : at + CHUNK] for at in range(0, len(todo), CHUNK))
        for some, wrong in pool.imap_unordered(_work, chunks):
            counts += some
            differ += wrong
            done, took = counts["cases"], time.monotonic() - begun
            left = took / done * (len(todo) - done) / 60
            print(
                f"\r{done} of {len(todo)} cases, {len(differ)} differences,"
                f" {left:.0f} min left ", end="", file=sys.stderr,
            )  # fmt: skip
    print(file=sys.stderr)
    print(f"{asked.cases} random cases, {edges} at thresholds or with nothing known")
    values = {k: n for k, n in counts.items() if k in (*PARTS, "symptom")}
    for part, number in values.items():
        print(f"  {part:10} {number:>12,}")
    print(f"columns and reference: {sum(values.values()):,} values compared")
    print(
        f"durable and reference: {counts['durable values']:,} values of"
        f" {counts['durable cases']:,} cases compared"
    )
    print(f"{len(differ)} differences")
    for line in differ[:20]:
        print("  " + line)
    return 1 if differ else 0


if __name__ == "__main__":
    raise SystemExit(main())
