"""The table of the simulated interviews, and the targets held against it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from interview_measures import KEYS, Figures, Row, ratio

TARGETS = {"ratio": 0.6, "same": 0.95, "points": 0.02}
COLUMNS = (
    ("questions", "first cause", ".0f"), ("questions_p90", "p90", ".0f"),
    ("seconds", "seconds", ".0f"), ("top3", "top 3", ".0f"),
    ("true_after_10", "true@10", ".0%"), ("true_after_25", "true@25", ".0%"),
    ("stop", "stops", ".0f"), ("stopped", "stopped", ".0%"),
    ("same_at_stop", "same", ".1%"), ("true_at_stop", "true@stop", ".1%"),
    ("true_at_end", "true@end", ".1%"), ("asked", "of", ".0f"),
    ("jumps", "jumps", ".2f"),
)  # fmt: skip


@dataclass
class Results:
    """Figures by part, order and reading; whether scores ever depended on the order."""

    parts: Sequence[tuple[str, tuple[str, ...], bool]]  # title, orders, binding
    rows: dict[tuple[int, str, str], Row] = field(default_factory=dict)
    companies: int = 0
    different: int = 0

    def add(
        self, part: int, found: Mapping[tuple[str, str], Figures], same: bool
    ) -> None:
        """Take in one company."""
        self.companies += 1
        self.different += not same
        for (order, reading), one in found.items():
            key = (part, order, reading)
            title = self.parts[part][0]
            self.rows.setdefault(key, Row(title, order, reading)).runs.append(one)


@dataclass(frozen=True)
class Target:
    """One target: what it came to, and whether it is met."""

    setting: str
    reading: str
    title: str
    found: str
    met: bool
    binding: bool = True

    @property
    def word(self) -> str:
        return "met" if self.met else "MISSED" if self.binding else "not met"


def report(results: Results, seed: int) -> tuple[str, dict[str, Any], list[Target]]:
    """The printed table, the same as data, and the targets that are missed."""
    lines: list[str] = []
    for reading in KEYS:
        lines += ["", f"First cause by {reading}", _line("setting", "order", None)]
        for (_, order, mine), row in sorted(results.rows.items()):
            if mine == reading:
                lines.append(_line(row.setting, order, row.summary()))
    found = list(targets(results, seed))
    lines.append("")
    lines += [
        f"{t.word:7} {t.setting}, by {t.reading}: {t.title}: {t.found}" for t in found
    ]
    data = {
        "companies": results.companies,
        "seed": seed,
        "rows": [
            {
                "setting": r.setting, "order": r.order, "reading": r.reading,
                **r.summary(),
            }
            for _, r in sorted(results.rows.items())
        ],
        "targets": [vars(t) for t in found],
    }  # fmt: skip
    return "\n".join(lines), data, [t for t in found if t.word == "MISSED"]


def targets(results: Results, seed: int) -> Iterator[Target]:
    """What the adaptive order must reach, in every setting."""
    yield Target(
        "all", "score", "scores that depend on the order",
        f"{results.different} of {results.companies} companies",
        results.different == 0,
    )  # fmt: skip
    for i, (title, orders, binding) in enumerate(results.parts):
        for reading in KEYS:
            if {"author", "adaptive"} <= set(orders):
                author = results.rows[i, "author", reading]
                ours = results.rows[i, "adaptive", reading]
                for target in _of_row(title, reading, author, ours, seed):
                    yield replace(target, binding=binding)


def _of_row(
    title: str, reading: str, author: Row, ours: Row, seed: int
) -> Iterator[Target]:
    value, low, high = ratio(
        [r.questions for r in ours.runs], [r.questions for r in author.runs], seed
    )
    yield Target(
        title, reading, "questions to a stable first cause, of the author's",
        f"{value:.2f} [{low:.2f}, {high:.2f}]", value <= TARGETS["ratio"],
    )  # fmt: skip
    mine, theirs = ours.summary(), author.summary()
    p90, theirs90 = mine["questions_p90"] or 0, theirs["questions_p90"] or 0
    yield Target(title, reading, "p90", f"{p90:.0f} against {theirs90:.0f}",
                 p90 <= theirs90)  # fmt: skip
    if reading != "diagnosis":
        return  # the stop rule promises the first cause that the reader sees
    same = mine["same_at_stop"]
    yield Target(
        title, reading, "same first cause at the stop as at the end",
        "never stopped" if same is None else f"{same:.1%}",
        same is None or same >= TARGETS["same"],
    )  # fmt: skip
    stop, end = mine["true_at_stop"], mine["true_at_end_where_stopped"]
    if stop is not None and end is not None:
        yield Target(
            title, reading, "true at the stop less true at the end",
            f"{100 * (stop - end):+.1f} points",
            stop >= end - TARGETS["points"],
        )  # fmt: skip


def _line(
    setting: str, order: str, summary: Mapping[str, float | int | None] | None
) -> str:
    cells = [f"{setting:30.30}", f"{order:18.18}"]
    for key, title, form in COLUMNS:
        value = summary.get(key) if summary else None
        text = title if summary is None else "–" if value is None else f"{value:{form}}"
        cells.append(f"{text:>10}")
    return " ".join(cells)
