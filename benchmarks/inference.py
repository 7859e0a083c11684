"""Rules at work: our three executors, a floor and four other engines, paired, one run.

One case, warm, on a neutral base; how that grows with rules; many cases in columns, on
the neutral and on the shipped base, with memory and the limit that memory sets. Nothing
is timed before the rules that fire are equal. An engine that is not installed is
skipped with a word on how to install it. Ten minutes, --quick a minute or two:

    python benchmarks/inference.py [--quick] [--markdown | --docs]
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from inference_scaling import measured
from inference_single import one_case
from inference_tables import LANGUAGES, Measured, markdown, replaced

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = (DOCS / "performance.md", DOCS / "ru" / "performance.md")
RULES = 150
NEAR = (
    1.05  # the smallest chunk that is as fast as this is chosen: it takes less memory
)


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    checked: int  # cases on which all engines must agree
    timed: int  # of them, in every round
    rounds: int
    rules: Sequence[int]
    rules_cases: int
    cases: Sequence[int]
    chunks: Sequence[int]
    chunk_cases: int
    pairs: int  # rounds of the shipped base, executor after executor


FULL = Effort(
    500, 200, 9, (50, 150, 500, 1500), 100_000, (1000, 10_000, 100_000, 1_000_000),
    [1 << n for n in range(12, 18)], 1 << 18, 7,
)  # fmt: skip
QUICK = Effort(
    500, 50, 3, (50, 150, 500), 30_000, (1000, 10_000, 100_000),
    [1 << n for n in (13, 15, 16)], 1 << 16, 3,
)  # fmt: skip
BASES = {"neutral": str(RULES), "shipped": "shipped"}


def main() -> None:
    """Measure, and print."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--quick", action="store_true", help="a minute or two, coarser")
    words.add_argument(
        "--markdown", action="store_true", help="only the tables of both manuals"
    )
    words.add_argument(
        "--docs", action="store_true", help="put the tables into both manuals"
    )
    asked = words.parse_args()
    effort = QUICK if asked.quick else FULL
    found = measure(effort)
    for language, page in zip(LANGUAGES, PAGES, strict=True):
        tables = markdown(found, language)
        if asked.docs:
            text = replaced(page.read_text(encoding="utf-8"), tables)
            page.write_text(text, encoding="utf-8")
        elif asked.markdown or language == LANGUAGES[0]:
            print("\n" + "\n\n".join(tables) + "\n")


def measure(effort: Effort) -> Measured:
    """All of it; says on the error stream what it is at."""
    found = Measured()
    _say(f"one case, {RULES} rules")
    found.single, like = one_case(RULES, effort.checked, effort.timed, effort.rounds)
    _say(like)
    found.rules[RULES] = found.single
    for rules in sorted({*effort.rules} - {RULES}):
        _say(f"one case, {rules} rules")
        few = max(1, effort.timed // 5)
        found.rules[rules], _ = one_case(rules, 2 * few, few, 3)
    chosen = {}
    for title, name in BASES.items():
        _say(f"{title} base: chunks")
        runs = measured("chunks", name, effort.chunk_cases, *effort.chunks)
        found.chunks[title] = runs
        chosen[title] = fastest(runs)
        _say(f"{title} base: cases, in chunks of {chosen[title]}")
        found.many[title] = {
            n: measured("many", name, n, chosen[title]) for n in effort.cases
        }
        found.limits[title] = measured("limit", name, 1 << 14)
    _say("rules, many cases")
    for rules in effort.rules:
        took = measured("many", rules, effort.rules_cases, chosen["neutral"])
        found.rules_many[rules] = took["us"]
    _say("shipped base, executor after executor")
    found.shipped = measured("executors", "shipped", chosen["shipped"], effort.pairs)
    return found


def fastest(runs: dict[str, Any]) -> int:
    """The smallest chunk that is about as fast as any."""
    best = min(runs.values())
    return min(int(n) for n, took in runs.items() if took <= NEAR * best)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
