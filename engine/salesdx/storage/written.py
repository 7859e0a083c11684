"""answers.yaml of a case that leaves the database: the file as it came, and more."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from salesdx.answers.entries import Submission, submission
from salesdx.answers.file import AnswerEntry, AnswerFile, append_all, existing
from salesdx.company import Respondent
from salesdx.errors import DataError, Said

ANSWERS = "answers.yaml"


def once(file: AnswerFile, path: Path) -> AnswerFile:
    """The file without submissions that were written twice.

    Raises:
        DataError: two answers that differ have one key, so one of them would be lost.
    """
    seen: dict[Submission, AnswerEntry] = {}
    kept = []
    for entry in file.answers:
        key = submission(entry)
        if key is not None and seen.setdefault(key, entry) is not entry:
            if seen[key] != entry:
                raise DataError(Said(
                    f"{path}: two different answers to {entry.question} have the key"
                    f" {entry.key!r}; give one of them another",
                    f"{path}: у двух разных ответов на {entry.question} один ключ"
                    f" «{entry.key}»; замените его у одного из них",
                ))  # fmt: skip
            continue
        kept.append(entry)
    return file.model_copy(update={"answers": kept})


def write_answers(path: Path, wanted: AnswerFile) -> None:
    """Append to the file what it lacks; its comments and layout stay.

    Raises:
        DataError: what is in the file is not what `wanted` begins with.
    """
    held = once(existing(path), path)
    if held == wanted:
        return
    known = set(held.respondents)

    def newcomer(name: str) -> Respondent | None:
        """A respondent, when he speaks for the first time."""
        if name in known:
            return None
        known.add(name)
        return wanted.respondents.get(name)

    for talk in wanted.interviews[len(held.interviews) :]:
        append_all(path, [], newcomer(talk.by), talk)
    for part in _parts(wanted.answers[len(held.answers) :], known, wanted):
        append_all(path, part, newcomer(part[0].by))
    if once(existing(path), path) != wanted:
        raise DataError(Said(
            f"{path}: the answers of the database do not continue those of the file",
            f"{path}: ответы в базе не продолжают ответы этого файла",
        ))  # fmt: skip


def _parts(
    entries: Sequence[AnswerEntry], known: set[str], wanted: AnswerFile
) -> Iterator[list[AnswerEntry]]:
    """The entries in parts, each begun by somebody who is not in the file yet."""
    seen = set(known)
    part: list[AnswerEntry] = []
    for entry in entries:
        if entry.by not in seen and entry.by in wanted.respondents and part:
            yield part
            part = []
        seen.add(entry.by)
        part.append(entry)
    if part:
        yield part
