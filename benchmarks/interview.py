"""How soon an interview comes to a first cause that stands, by the order of questions.

Companies are made up from the shipped knowledge (`interview_companies.py`); each holds
the same interview in every order, with the same answers. Prints a table, says how far
it has come, and ends with 1 when a target is missed.

Run: python benchmarks/interview.py [--companies 2000] [--seed 7] [--json FILE]
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from interview_companies import Maker, Setting
from interview_measures import KEYS, Figures, figures
from interview_orders import ways
from interview_pages import write_pages
from interview_running import Setup, course
from interview_table import Results, report

from salesdx.interview.candidate import Chooses
from salesdx.knowledge.load import load

COMPANIES, SEED, PROCESSES, CHUNK = 2000, 2026, 2, 5
MAIN = ("author", "random", "adaptive")
ALL = (*MAIN, "author, read only", "confirm favourite", "adaptive, no core")


@dataclass(frozen=True)
class Part:
    """A setting, its share of the companies, and the orders compared in it."""

    setting: Setting
    share: float
    orders: tuple[str, ...] = ("author", "adaptive")
    binding: bool = True  # whether a missed target fails the run


PARTS = (
    Part(Setting("plain: answers alone"), 0.4, MAIN),
    Part(Setting("with figures of a CRM", measured=0.25), 0.1),
    Part(
        Setting("heavy distortion, slips 20 %", distortion=1.0, slips=0.2),
        0.1,
        binding=False,
    ),
    Part(Setting("many don't-knows", dont_know=2.5), 0.1),
    Part(Setting("one role: head of sales", role="head_of_sales"), 0.1),
    Part(Setting("business to business", models=("b2b",)), 0.1),
    Part(Setting("business to consumer", models=("b2c",)), 0.1),
)
MORE = Part(Setting("plain, other orders"), 0.1, ALL)


@dataclass(frozen=True)
class Paired:
    """One company in every order of its part."""

    part: int
    seed: int
    figures: dict[tuple[str, str], Figures]  # (order, reading)
    same_scores: bool  # in every order, and as the diagnosis has them


@cache
def shared() -> tuple[Setup, Maker]:
    """Made once a process."""
    knowledge = load([])
    return Setup.of(knowledge), Maker(knowledge)


@cache
def chooser(model: str) -> Chooses:
    """The chooser of the shipped knowledge for a sales model."""
    from salesdx.interview.choosing import Chooser

    return Chooser(shared()[0].knowledge, sales_model=model)


def paired(parts: Sequence[Part], job: tuple[int, int]) -> Paired:
    """Hold the interviews of one company."""
    index, seed = job
    part = parts[index]
    setup, maker = shared()
    company = maker.company(seed, part.setting)
    known = ways(lambda _, model: chooser(model))
    found: dict[tuple[str, str], Figures] = {}
    ends, honest = [], True
    for name in part.orders:
        way = known[name]
        held = course(setup, company, part.setting.role, way.make(setup, company))
        ends.append(held.scores)
        honest = honest and held.as_diagnosed
        for reading in KEYS:
            found[name, reading] = figures(held, company.causes, reading)
    return Paired(index, seed, found, honest and all(e == ends[0] for e in ends))


def jobs(parts: Sequence[Part], companies: int, seed: int) -> Iterator[tuple[int, int]]:
    """Which companies are made in which part; mixed, so that progress is steady."""
    found = [
        (place / max(1, count), i, 1_000_000 * seed + 10_000 * i + place)
        for i, part in enumerate(parts)
        for count in [max(1, round(companies * part.share))]
        for place in range(count)
    ]
    for _, i, number in sorted(found):
        yield i, number


def simulate(
    parts: Sequence[Part], companies: int, seed: int, processes: int = PROCESSES
) -> Results:
    """Hold all interviews and gather their figures."""
    work = list(jobs(parts, companies, seed))
    results = Results([(p.setting.title, p.orders, p.binding) for p in parts])
    start = time.monotonic()
    hold = partial(paired, parts)
    if processes == 1:
        found: Iterator[Paired] = map(hold, work)
        return _gathered(found, results, len(work), start)
    with ProcessPoolExecutor(processes) as pool:
        return _gathered(
            pool.map(hold, work, chunksize=CHUNK), results, len(work), start
        )


def _gathered(
    found: Iterator[Paired], results: Results, count: int, start: float
) -> Results:
    for done, one in enumerate(found, start=1):
        results.add(one.part, one.figures, one.same_scores)
        if done % 20 == 0 or done == count:
            left = (time.monotonic() - start) / done * (count - done)
            print(
                f"{done} of {count} companies, about {left / 60:.0f} min left",
                file=sys.stderr, flush=True,
            )  # fmt: skip
    return results


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--companies", type=int, default=COMPANIES)
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--processes", type=int, default=PROCESSES)
    asked.add_argument("--json", type=Path)
    asked.add_argument("--docs", action="store_true", help="write the manual's tables")
    asked.add_argument("--more", action="store_true", help="the other orders too")
    given = asked.parse_args()
    parts = (MORE,) if given.more else PARTS
    results = simulate(parts, given.companies, given.seed, given.processes)
    text, data, missed = report(results, given.seed)
    print(text)
    if given.json:
        given.json.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    if given.docs:
        write_pages(data)
    return 1 if missed and not given.more else 0


if __name__ == "__main__":
    sys.exit(main())
