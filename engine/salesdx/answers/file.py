"""answers.yaml on disk: a list that only grows, in a file that people edit too.

The list is append-only: nothing is ever changed or taken out of it. What is appended
is on disk when the call returns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from salesdx.answers import layout
from salesdx.answers.entries import (
    CONFIDENCE,
    AnswerEntry,
    AnswerFile,
    InterviewEntry,
    State,
    with_more,
)
from salesdx.answers.locking import locked
from salesdx.answers.whole import write_whole
from salesdx.company import Respondent
from salesdx.content import MAX_CHARACTERS, MAX_VALUES, parse, text_of, validate
from salesdx.errors import DataError, Problem, Said

__all__ = [
    "CONFIDENCE", "AnswerEntry", "AnswerFile", "InterviewEntry", "State", "append",
    "append_all", "existing", "unreadable",
]  # fmt: skip
_REMEMBERED = 8  # files: whoever serves many cases reads the others anew


@dataclass(frozen=True, slots=True)
class _Held:
    """A file as last read or written: `values` are its keys and values.

    `indent` is set where an answer at the end of the text continues the list: this was
    seen when the text was last read as a whole.
    """

    text: str
    file: AnswerFile
    values: int
    indent: int | None = None


_held: dict[Path, _Held] = {}


def unreadable(path: Path, problems: Sequence[Problem]) -> DataError:
    """The fault of a file that is no list of answers."""
    return DataError(
        Said(
            f"{path} cannot be read as answers:",
            f"{path} не удалось прочитать как ответы:",
        ),
        problems,
    )


def append(
    path: Path, entry: AnswerEntry, respondent: Respondent | None = None
) -> list[AnswerEntry]:
    """Add one answer to the file; it is on disk when this returns."""
    return append_all(path, [entry], respondent)


def append_all(
    path: Path,
    entries: Sequence[AnswerEntry],
    respondent: Respondent | None = None,
    interview: InterviewEntry | None = None,
) -> list[AnswerEntry]:
    """Add answers of one respondent, and an interview, to the file: all or nothing.

    Comments and layout stay; only a file laid out in an unusual way is written anew.
    The file is written aside, synced and renamed, so that a crash leaves the old or
    the new file whole. Writers of one folder wait for each other.

    Returns:
        The entries that are new. Those whose `key` the interview already holds were
        written before and are left out; an interview whose id is there stays.

    Raises:
        DataError: the file cannot be read, or would become too long to be read.
    """
    listed = [
        e.model_copy(update={"value": list(e.value)})
        if isinstance(e.value, tuple)
        else e
        for e in entries
    ]
    with locked(path.parent):
        held = _read(path)
        new = with_more(held.file, listed, respondent, interview)
        after = _after(path, held, new)
        if after is not held:
            _write(path, after.text)
            _remember(path, after)
    return new.answers[len(held.file.answers) :]


def existing(path: Path) -> AnswerFile:
    """The file as written; a missing or empty one holds nothing.

    Raises:
        DataError: it cannot be read as answers.
    """
    return _read(path).file


def _read(path: Path) -> _Held:
    if not path.exists():
        return _Held("", AnswerFile(format=1), 0)
    text, problems = text_of(path, path.name)
    if text is None:
        raise unreadable(path, problems)
    known = _held.get(path)
    if known is not None and known.text == text:
        return known
    found = _parsed(path, text)
    _remember(path, found)
    return found


def _parsed(path: Path, text: str, indent: int | None = None) -> _Held:
    document, problems = parse(text, path.name)
    if document is not None:
        if document.data is None:
            return _Held(text, AnswerFile(format=1), 0)
        file, problems = validate(AnswerFile, document)
        if file is not None:
            return _Held(text, file, len(document.places), indent)
    raise unreadable(path, problems)


def _remember(path: Path, held: _Held) -> None:
    _held.pop(path, None)
    _held[path] = held
    while len(_held) > _REMEMBERED:
        _held.pop(next(iter(_held)), None)


def _after(path: Path, held: _Held, new: AnswerFile) -> _Held:
    """The text that reads as `new`; what was held, where nothing is new."""
    if new == held.file:
        return held
    at_end = _at_end(path, held, new)
    if at_end is not None:
        return at_end
    added = _added(held, new)
    if added is not None:
        try:
            found = _parsed(path, *added)
        except DataError:
            found = held
        if found.file == new:
            return found
    indent = layout.STEP if new.answers else None
    found = _parsed(path, layout.whole(new), indent)
    if found.file == new:
        return found
    raise DataError(
        Said(
            f"{path}: an answer cannot be written so that it reads the same",
            f"{path}: ответ нельзя записать так, чтобы он прочитался без изменений",
        )
    )


def _at_end(path: Path, held: _Held, new: AnswerFile) -> _Held | None:
    """Answers put at the end of a text that is known: only they need to be read."""
    old = held.file
    if held.indent is None or (new.respondents, new.interviews) != (
        old.respondents, old.interviews,
    ):  # fmt: skip
        return None
    fresh = new.answers[len(old.answers) :]
    more = layout.lines(fresh, held.indent)
    alone = _parsed(path, "format: 1\nanswers:\n" + more)
    text, values = held.text + more, held.values + alone.values
    if alone.file.answers != fresh or values > MAX_VALUES:
        return None
    return (
        _Held(text, new, values, held.indent) if len(text) <= MAX_CHARACTERS else None
    )


def _added(held: _Held, new: AnswerFile) -> tuple[str, int | None] | None:
    """The text with what is new put where it belongs; None where it has no place."""
    if held.values:
        return layout.added(held.text, held.file, new)
    between = "" if held.text[-1:] in ("", "\n") else "\n"  # nothing, or comments only
    indent = layout.STEP if new.answers else None
    return held.text + between + layout.whole(new), indent


def _write(path: Path, text: str) -> None:
    """Put a text in the place of the file; the folder must be locked."""
    for left in path.parent.glob(f".{path.name}.*.tmp"):
        left.unlink(missing_ok=True)  # of a process that was killed
    write_whole(path, text.encode())
