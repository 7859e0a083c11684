"""How long the next question takes after an answer, on the whole shipped base.

Walks guided interviews with seeded answers: the answer is heard, everything is judged
anew, five candidates are chosen and the advice to stop is weighed. Writing to disk is
left out (see never_lost.py).

    python benchmarks/next_question.py [CASE]      default: an empty case
"""

import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from salesdx.analysis import analyse
from salesdx.answers.file import AnswerEntry
from salesdx.answers.keeping import FolderAnswers
from salesdx.case import init_case
from salesdx.cli.interview_start import started

WALKS, ANSWERS = 3, 100


def main() -> None:
    """Print the quantiles in milliseconds."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _empty()
    FolderAnswers.append = lambda *_, **__: []  # type: ignore[method-assign]
    found = analyse(folder)
    clock: list[float] = []
    processor: list[float] = []
    for seed in range(WALKS):
        dice = random.Random(seed)
        talk = started(found, "head_of_sales", "head_of_sales", "guided", False)
        for _ in range(ANSWERS):
            ask = talk.standing().next
            if ask is None:
                break
            entry = AnswerEntry(
                question=ask.question.id, by="head_of_sales", about=dict(ask.about),
                value=_value(ask.question, dice),
            )  # fmt: skip
            begun, busy = time.perf_counter(), time.process_time()
            talk.save(ask, entry)
            talk.standing()
            clock.append(time.perf_counter() - begun)
            processor.append(time.process_time() - busy)
    questions = len(found.knowledge.questions)
    print(f"{questions} questions, {len(clock)} answers")
    for name, took in (("clock", clock), ("processor", processor)):
        cuts = quantiles(took, n=20)
        print(
            f"{name}: median {cuts[9] * 1000:.1f} ms, p95 {cuts[18] * 1000:.1f} ms,"
            f" longest {max(took) * 1000:.1f} ms"
        )


def _empty() -> Path:
    folder = Path(tempfile.mkdtemp()) / "acme"
    init_case(folder, "Acme")
    return folder


def _value(question: Any, dice: random.Random) -> Any:
    match question.type:
        case "yesno":
            return dice.random() < 0.5
        case "enum":
            return dice.choice(question.options).code
        case "multi":
            return [o.code for o in question.options if dice.random() < 0.4]
        case "scale" | "number":
            low, high = question.min or 0, question.max or 100
            return int(low + dice.random() * (high - low))
        case "date":
            return "2026-01-15"
        case _:
            return "we answer within an hour"


if __name__ == "__main__":
    main()
