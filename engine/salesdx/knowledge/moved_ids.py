"""What migrations.yaml says must fit the questions there are now: else answers go lost.

An id or a code that was led away may not be in use: it is never used twice.
"""

from collections.abc import Iterable, Iterator

from salesdx.content import did_you_mean
from salesdx.errors import Problem, Said
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.files import Raw
from salesdx.knowledge.migrations import Migration
from salesdx.knowledge.models import QuestionEntry

_NEVER_TWICE = Said(
    "an id is never used twice: give the new question another one",
    "код не используют дважды: дайте новому вопросу другой",
)


def unsound(raw: Raw) -> list[Problem]:
    """All faults of all migrations."""
    questions = {i: e.model for i, e in raw.of("questions").items()}
    off = {i for kind, i in raw.off if kind == "questions"}
    lost = raw.lost.get("questions", set()) | raw.lost.get("", set())
    # what a later step leads on, or drops, need not be there any more
    gone = {
        i for e in raw.migrations for i in (*e.model.rename, *e.model.drop)
    } | lost  # fmt: skip
    led = {
        (name, old) for e in raw.migrations
        for name, codes in e.model.options.items() for old in codes
    }  # fmt: skip
    found: list[Problem] = []
    for entry in raw.migrations:
        found += _ids(entry, questions, gone, off)
        found += _codes(entry, questions, gone, led)
    return found


def _ids(
    entry: Entry, questions: dict[str, QuestionEntry], gone: set[str], off: set[str]
) -> Iterator[Problem]:
    step: Migration = entry.model
    for old, new in step.rename.items():
        if old in questions and old not in off:
            yield _in_use(entry, ("rename", old, "@key"), old)
        yield from _known(entry, ("rename", old), new, questions, gone)
    for i, name in enumerate(step.drop):
        if name in questions and name not in off:
            yield _in_use(entry, ("drop", i), name)
    for i, name in enumerate(step.reask):
        yield from _known(entry, ("reask", i), name, questions, gone)
    for name in step.options:
        yield from _known(entry, ("options", name, "@key"), name, questions, gone)


def _known(
    entry: Entry, path: tuple[str | int, ...], name: str, questions: Iterable[str],
    gone: set[str],
) -> Iterator[Problem]:  # fmt: skip
    if name not in questions and name not in gone:
        what = Said(f"no question {name!r}", f"нет вопроса «{name}»")
        hint = did_you_mean(name, questions)
        yield entry.problem(path, "unknown-id", what, hint)


def _in_use(entry: Entry, path: tuple[str | int, ...], name: str) -> Problem:
    what = Said(
        f"question {name!r} is led away and still asked",
        f"вопрос «{name}» здесь переведён или снят, но его ещё задают",
    )
    return entry.problem(path, "duplicate-id", what, _NEVER_TWICE)


def _codes(
    entry: Entry, questions: dict[str, QuestionEntry], gone: set[str],
    led: set[tuple[str, str]],
) -> Iterator[Problem]:  # fmt: skip
    step: Migration = entry.model
    for name, codes in step.options.items():
        if name not in questions or name in gone:
            continue
        known = [o.code for o in questions[name].options]
        for old, new in codes.items():
            path = ("options", name, old)
            if old in known:
                what = Said(
                    f"option {old!r} is led away and still offered",
                    f"вариант «{old}» здесь переведён, но его ещё предлагают",
                )
                yield entry.problem((*path, "@key"), "duplicate-id", what, _NEVER_TWICE)
            if new not in known and (name, new) not in led:
                what = Said(
                    f"question {name!r} has no option {new!r}",
                    f"у вопроса «{name}» нет варианта «{new}»",
                )
                hint = did_you_mean(new, known)
                yield entry.problem(path, "unknown-choice", what, hint)
