"""The whole way of many companies: pieces of work in, the files of a result out."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from salesdx.crm.writing import Writer, write_all
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Language
from salesdx.portfolio import pool
from salesdx.portfolio.chunk import Reject
from salesdx.portfolio.joining import csv_of, rejects_csv
from salesdx.portfolio.parts import Tally, plain, reject_of
from salesdx.portfolio.standing import RUN, Begun, Folder, alone, made_of

RESULT, CSV, RULES, REJECTS = (
    "result.parquet", "result.csv", "rules.parquet", "rejects.csv",
)  # fmt: skip
CSV_ROWS = 100_000  # up to so many rows a table is for spreadsheets too
_TOLD = 3  # rejects that a summary quotes
Engine = Callable[[pool.Work, KnowledgeBase, Sequence[int]], pool.Done]


class Work(pool.Work, Protocol):
    """Pieces of work, and the files that come of them."""

    @property
    def input(self) -> Mapping[str, Any]:
        """What the result is made of."""

    @property
    def basis(self) -> Mapping[str, Any]:
        """What of it all pieces rely on; a piece looks after its own part itself."""

    @property
    def options(self) -> Mapping[str, Any]:
        """What changes the result."""

    def files(
        self, knowledge: KnowledgeBase, tallies: Sequence[Tally]
    ) -> Mapping[str, Writer]:
        """What writes result.parquet, and what else comes of all pieces."""

    def rejects(self) -> Iterable[Reject]:
        """What was left out, in order."""


class Progress(Protocol):
    """Told how a run begins, and of every piece that is done."""

    def begun(self, how: Begun, done: int, pieces: int) -> None:
        """The run begins; so many pieces were there already."""

    def piece(self, done: int, pieces: int) -> None:
        """A piece is done."""

    def joining(self) -> None:
        """All are done, and the files are written."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found: counts, likely causes, first rejects, the names of its files.

    `already` says that nothing was computed: the same result was there.
    """

    judged: int
    rejected: int
    likely: Mapping[str, int]
    rejects: Sequence[Reject]
    files: Sequence[str]
    already: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for besides the result table."""

    csv: bool | None = None  # None: up to CSV_ROWS rows
    language: Language = "en"
    fresh: bool = False


def run(
    of: Callable[[Folder], Work], knowledge: KnowledgeBase, out: Path, wanted: Wanted,
    engine: Engine, progress: Progress,
) -> Outcome:  # fmt: skip
    """Judge all companies of an input into a folder; `of` makes the work there.

    Raises:
        DataError: another run writes there, or a piece cannot be done.
    """
    with alone(out) as folder:
        work = of(folder)
        made = made_of(knowledge, work.input, work.options)
        before = None if wanted.fresh else _sound(folder.finished(made))
        if before is not None:
            return _told(_with_csv(folder, made, before, wanted), already=True)
        pieces = made_of(knowledge, work.basis, work.options)
        how = folder.begin(pieces, wanted.fresh)
        tallies = _tallies(work, knowledge, engine, progress, how)
        progress.joining()
        return _joined(folder, work, knowledge, wanted, made, tallies)


def _sound(before: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a finished run found, unless somebody has written something else there."""
    if before is None or RESULT not in before["files"]:
        return None
    with suppress(KeyError, TypeError, ValueError, AttributeError):
        found = _told(before, already=True)
        numbers = (found.judged, found.rejected, *found.likely.values())
        if all(isinstance(n, int) for n in numbers):
            return before
    return None


def _with_csv(
    folder: Folder, made: Mapping[str, Any], before: dict[str, Any], wanted: Wanted
) -> dict[str, Any]:
    """What a finished run found, with the CSV that it was not asked for."""
    if _csv(wanted, before["counts"]["judged"]) and CSV not in before["files"]:
        path = folder.out / CSV
        write_all({path: csv_of(folder.out / RESULT)})
        sizes = before["files"] | {CSV: path.stat().st_size}
        before |= {"files": dict(sorted(sizes.items()))}
        folder.finish(made, {n: v for n, v in before.items() if n not in made})
    folder.clear()
    return before


def _csv(wanted: Wanted, rows: int) -> bool:
    return rows <= CSV_ROWS if wanted.csv is None else wanted.csv


def _tallies(
    work: Work, knowledge: KnowledgeBase, engine: Engine, progress: Progress,
    how: Begun,
) -> list[Tally]:  # fmt: skip
    """What came of every piece, in order."""
    found = {
        n: t for n in range(work.pieces) if (t := work.done(knowledge, n)) is not None
    }
    progress.begun(how, len(found), work.pieces)
    todo = [n for n in range(work.pieces) if n not in found]
    for number, tally in engine(work, knowledge, todo):
        found[number] = tally
        progress.piece(len(found), work.pieces)
    return [found[n] for n in sorted(found)]


def _joined(
    folder: Folder, work: Work, knowledge: KnowledgeBase, wanted: Wanted,
    made: Mapping[str, Any], tallies: Sequence[Tally],
) -> Outcome:  # fmt: skip
    """Write the files, and last of all that they are there."""
    out = folder.out
    # until all are written no run.json vouches for any
    (out / RUN).unlink(missing_ok=True)
    judged, rejected = (sum(getattr(t, n) for t in tallies)
                        for n in ("judged", "rejected"))  # fmt: skip
    writers = dict(work.files(knowledge, tallies))
    write_all({out / name: writer for name, writer in writers.items()})
    more: dict[str, Writer] = {}
    if _csv(wanted, judged):
        more[CSV] = csv_of(out / RESULT)
    if rejected:
        more[REJECTS] = rejects_csv(work.rejects(), wanted.language)
    write_all({out / name: writer for name, writer in more.items()})
    for name in (RESULT, CSV, RULES, REJECTS):
        if name not in writers and name not in more:
            (out / name).unlink(missing_ok=True)  # of an earlier run
    likely: Counter[str] = Counter()
    for tally in tallies:
        likely.update(tally.likely)
    found = {
        "counts": {"judged": judged, "rejected": rejected},
        "likely": dict(sorted(likely.items(), key=lambda x: (-x[1], x[0]))),
        "rejects": [plain(r) for r in islice(work.rejects(), _TOLD)],
        "files": {n: (out / n).stat().st_size for n in sorted({*writers, *more})},
    }  # fmt: skip
    folder.finish(made, found)
    return _told({**made, **found}, already=False)


def _told(found: Mapping[str, Any], already: bool) -> Outcome:
    return Outcome(
        found["counts"]["judged"], found["counts"]["rejected"], found["likely"],
        [reject_of(r) for r in found["rejects"]], list(found["files"]), already,
    )  # fmt: skip
