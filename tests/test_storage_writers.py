"""Many writers of one case: nothing lost, nothing refused, nothing written twice."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from many_writers import CASE, Told, by_processes, by_threads, kept, make
from storage_fixture import database, postgres_server

from salesdx.answers.file import AnswerEntry
from salesdx.company import Respondent
from salesdx.storage.answers import DatabaseAnswers
from salesdx.storage.upgrading import opened

__all__ = ["database", "postgres_server"]
WRITERS, ANSWERS = 12, 10
Run = Callable[..., Told]


@pytest.mark.parametrize("run", [by_processes, by_threads])
def test_nothing_is_lost_and_nobody_is_refused(run: Run, database: str) -> None:
    make(database)
    told = run(database, WRITERS, ANSWERS)
    assert told.refused == []
    wanted = {(f"w{w}", f"q{n}") for w in range(WRITERS) for n in range(ANSWERS)}
    found = kept(database)
    assert len(found) == len(wanted) and set(found) == wanted
    for w in range(WRITERS):  # and each writer's answers in his order
        mine = [q for by, q in found if by == f"w{w}"]
        assert mine == [f"q{n}" for n in range(ANSWERS)]


@pytest.mark.parametrize("run", [by_processes, by_threads])
def test_the_same_submission_at_once_is_one_answer(run: Run, database: str) -> None:
    """All send as the same respondent under the same key: a form sent twice."""
    make(database)
    told = run(database, 8, 6, same=True)
    assert told.refused == []
    assert Counter(kept(database)) == {("w0", f"q{n}"): 1 for n in range(6)}


def test_a_repeated_submission_says_that_it_is_nothing_new(database: str) -> None:
    make(database)
    entry = AnswerEntry(question="q", by="b", value=1, interview="i", key="k")
    with opened(database) as engine:
        store = DatabaseAnswers(engine, CASE)
        assert store.append([entry, entry]) == [entry]
        assert store.append([entry.model_copy(update={"value": 2})]) == []
        other = [
            entry.model_copy(update={name: "x"})
            for name in ("interview", "by", "question")
        ]
        other += [entry.model_copy(update={"about": {"manager": "M1"}})]
        other += [entry.model_copy(update={"key": ""})] * 2  # without a key: both
        assert store.append(other) == other
        assert [e.value for e in store.file().answers] == [1] * 7


def test_a_database_is_made_by_many_at_once(database: str) -> None:
    told = by_processes(database, 8, 0, make_it=True)
    assert told.refused == []


def test_all_of_an_append_or_nothing(database: str, tmp_path: Path) -> None:
    make(database)
    good = AnswerEntry(question="q", by="b", value=1)
    with opened(database) as engine:
        store = DatabaseAnswers(engine, CASE)
        with pytest.raises(Exception, match="not saved"):
            store.append(
                [good, good.model_copy(update={"note": "\x00"})],
                Respondent(role="owner"),
            )
        assert store.file().answers == [] and store.file().respondents == {}
