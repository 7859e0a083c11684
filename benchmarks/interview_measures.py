"""What a course of questions comes to: when the first cause stands for good."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from statistics import median

from interview_judging import Standing
from interview_running import Course

Key = Callable[[Standing], object]
KEYS: Mapping[str, Key] = {"diagnosis": lambda s: s.first, "points": lambda s: s.points}
TOPS: Mapping[str, Key] = {
    "diagnosis": lambda s: s.three, "points": lambda s: s.points_three,
}  # fmt: skip
RESAMPLES = 1000


@dataclass(frozen=True)
class Figures:
    """The figures of one interview under one reading of "first cause"."""

    questions: int  # to a first cause that never changes again
    seconds: float
    top3: int
    true_after_10: bool
    true_after_25: bool
    true_at_end: bool
    stop: int | None
    same_at_stop: bool | None
    true_at_stop: bool | None
    asked: int
    jumps: float


def figures(course: Course, causes: frozenset[str], reading: str) -> Figures:
    """Read one course."""
    get = KEYS[reading]
    states = course.standings
    end = get(states[-1])
    first = stable(states, get)
    stop = course.stopped
    at_stop = get(states[stop.after]) if stop else None
    asked = len(course.asked)
    return Figures(
        first, course.seconds[first], stable(states, TOPS[reading]),
        get(states[min(10, asked)]) in causes, get(states[min(25, asked)]) in causes,
        end in causes, stop.after if stop else None,
        at_stop == end if stop else None, at_stop in causes if stop else None,
        asked, course.jumps / max(1, asked),
    )  # fmt: skip


def stable(states: Sequence[Standing], get: Key) -> int:
    """After how many questions it stands as at the end and stays so."""
    last = len(states) - 1
    while last > 0 and get(states[last - 1]) == get(states[-1]):
        last -= 1
    return last


@dataclass
class Row:
    """All interviews of one setting in one order."""

    setting: str
    order: str
    reading: str
    runs: list[Figures] = field(default_factory=list)

    def summary(self) -> dict[str, float | int | None]:
        """The figures of the table."""
        runs = self.runs
        stopped = [r for r in runs if r.stop is not None]
        return {
            "companies": len(runs),
            "asked": median(r.asked for r in runs),
            "questions": median(r.questions for r in runs),
            "questions_p90": quantile([r.questions for r in runs], 0.9),
            "seconds": median(r.seconds for r in runs),
            "top3": median(r.top3 for r in runs),
            "true_after_10": share(r.true_after_10 for r in runs),
            "true_after_25": share(r.true_after_25 for r in runs),
            "true_at_end": share(r.true_at_end for r in runs),
            "stop": median(r.stop or 0 for r in stopped) if stopped else None,
            "stopped": len(stopped) / len(runs),
            "same_at_stop": share(r.same_at_stop for r in stopped),
            "true_at_stop": share(r.true_at_stop for r in stopped),
            "true_at_end_where_stopped": share(r.true_at_end for r in stopped),
            "jumps": sum(r.jumps for r in runs) / len(runs),
        }


def share(values: object) -> float | None:
    """The share that holds; None where there is nothing."""
    found = [bool(v) for v in values]  # type: ignore[attr-defined]
    return sum(found) / len(found) if found else None


def quantile(values: Sequence[float], part: float) -> float:
    """Linear between ranks, as usual."""
    ranked = sorted(values)
    place = part * (len(ranked) - 1)
    low = int(place)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (place - low) * (ranked[high] - ranked[low])


def ratio(
    ours: Sequence[float], theirs: Sequence[float], seed: int
) -> tuple[float, float, float]:
    """The ratio of the medians with a 95 % interval: companies are drawn again."""
    random = Random(seed)
    pairs = list(zip(ours, theirs, strict=True))
    found = []
    for _ in range(RESAMPLES):
        again = random.choices(pairs, k=len(pairs))
        found.append(_over(again))
    return _over(pairs), quantile(found, 0.025), quantile(found, 0.975)


def _over(pairs: Sequence[tuple[float, float]]) -> float:
    below = median(b for _, b in pairs)
    return median(a for a, _ in pairs) / below if below else float("inf")
