"""Saved results of a case in the database: kept, listed, compared.

They lie in `results/` of the case, named as `salesdx diagnose --save` names them: by
their content. So a file of the same name and size is the same, and is read once.
"""

import datetime as dt
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine

from salesdx import runs
from salesdx.analysis import Analysis
from salesdx.compare import Comparison, compare, sentence
from salesdx.errors import DataError, Said
from salesdx.language import Text
from salesdx.result import ResultDocument, Summary
from salesdx.storage import case_moments, moments
from salesdx.storage.case_file import read_file_of, sizes_of, write_file_of
from salesdx.storage.events import record
from salesdx.workspace.desk import Desk

EVENT = "run-saved"
FOLDER = "results/"
NOW = "now"  # stands for the case as it is, where a saved result is named
K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Run:
    """A saved result: whose, of which day, and what it said."""

    saved: runs.Saved
    summary: Summary

    @property
    def day(self) -> dt.date | None:
        """The day that it looks back from."""
        return dt.date.fromisoformat(self.saved.as_of) if self.saved.as_of else None


class _Kept(Generic[K, V]):
    """The last things that were made; threads may share it."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, threading.Lock()
        self._found: OrderedDict[K, V] = OrderedDict()

    def peek(self, key: K) -> V | None:
        with self._lock:
            return self._found.get(key)

    def get(self, key: K, make: Callable[[], V]) -> V:
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
        found = make()
        with self._lock:
            self._found[key] = found
            self._found.move_to_end(key)
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return found


Place = tuple[str, str, int]  # case in its present life, name, size
_heads: _Kept[Place, Run | DataError] = _Kept(500)
_documents: _Kept[Place, ResultDocument] = _Kept(4)  # some megabytes each
_names: _Kept[int, tuple[ResultDocument, str]] = _Kept(4)
_sentences: _Kept[tuple[int, tuple[Place, ...]], tuple[object, Text | None]] = _Kept(64)
_comparisons: _Kept[tuple[int, int], tuple[object, Comparison]] = _Kept(4)


def saved_runs(engine: Engine, case: str) -> tuple[list[Run], list[DataError]]:
    """The saved results of a case, oldest first, and what else lies there."""
    when = case_moments.told(engine, case, EVENT, "run")
    found: list[Run] = []
    wrong: list[DataError] = []
    for name, place in _places(engine, case).items():
        run = _head_at(engine, case, place)
        if isinstance(run, DataError):
            wrong.append(run)
            continue
        at = when.get(name)
        saved = replace(run.saved, saved=moments.read(at) if at else None)
        found.append(Run(saved, run.summary))
    return sorted(found, key=lambda r: r.saved.order), wrong


def save(
    engine: Engine, case: str, document: ResultDocument, *, actor: str, at: str
) -> tuple[str, bool]:
    """Keep a result of the case; its name, and whether it is new.

    Raises:
        DataError: there is no such case, or it is closed.
    """
    name, data = name_of(document), document.to_json().encode()
    before = read_file_of(engine, case, FOLDER + name)
    if before == data:
        return name, False

    def tell(connection: Connection) -> None:
        record(connection, at, actor, EVENT, case, {"run": name})

    write_file_of(engine, case, FOLDER + name, data, before, tell)
    return name, True


def bytes_of(engine: Engine, case: str, name: str) -> bytes | None:
    """A saved result as it lies there; None where there is none that can be read."""
    place = _places(engine, case).get(name)
    if place is None or isinstance(_head_at(engine, case, place), DataError):
        return None
    return read_file_of(engine, case, FOLDER + name)


def document_of(engine: Engine, case: str, name: str) -> ResultDocument:
    """A saved result, checked.

    Raises:
        DataError: there is none of this name, or it cannot be read.
    """
    place = _places(engine, case).get(name)
    if place is None:
        raise DataError(Said(
            f"{name}: there is no such saved result",
            f"{name}: такого сохранённого разбора нет",
        ))  # fmt: skip

    def read() -> ResultDocument:
        data = read_file_of(engine, case, FOLDER + name)
        return runs.document(data or b"", name)

    return _documents.get(place, read)


def compared(
    engine: Engine, case: str, found: Analysis, then: str, now: str = NOW
) -> Comparison:
    """Two results of a case: saved ones by name, or `NOW`, the case as it is.

    Raises:
        DataError: there is no such saved result, or it cannot be read.
    """
    one, two = (result(engine, case, found, name) for name in (then, now))
    key = id(one), id(two)
    made = _comparisons.get(
        key, lambda: ((one, two), compare(one, two, found.knowledge))
    )
    return made[1]  # the two are kept beside it, so that their ids stay theirs


def result(engine: Engine, case: str, found: Analysis, name: str) -> ResultDocument:
    """A saved result, or with `NOW` that of the case as it is.

    Raises:
        DataError: there is none of this name, or it cannot be read.
    """
    return found.document if name == NOW else document_of(engine, case, name)


def last_other(
    engine: Engine, case: str, found: Analysis, among: list[Run] | None = None
) -> str | None:
    """The newest saved result that is another one than the case as it is now."""
    some = saved_runs(engine, case)[0] if among is None else among
    for run in reversed(some):
        if run.saved.name == name_of(found.document):
            continue
        try:
            if document_of(engine, case, run.saved.name) != found.document:
                return run.saved.name
        except DataError:
            continue
    return None


def changed_since(
    engine: Engine, case: str, found: Analysis, then: str = ""
) -> Comparison | None:
    """What changed since a saved result, without a name since the newest other one.

    None where nothing is saved yet that differs from the case as it is.

    Raises:
        DataError: there is no such saved result, or it cannot be read.
    """
    name = then or last_other(engine, case, found)
    return compared(engine, case, found, name) if name else None


def is_kept(engine: Engine, case: str, found: Analysis) -> bool:
    """Whether the result as it is now is saved."""
    return name_of(found.document) in _places(engine, case)


def name_of(document: ResultDocument) -> str:
    """The name a result is saved by; of a large one it takes a while to tell."""
    made = _names.get(id(document), lambda: (document, runs.name_of(document)))
    return made[1]


def since_last_run(engine: Engine, case: str, found: Analysis) -> Text | None:
    """What changed since the last saved result, in one sentence.

    None where nothing is saved yet that differs from the case as it is.
    """

    def made() -> tuple[object, Text | None]:
        name = last_other(engine, case, found)
        said = sentence(compared(engine, case, found, name)) if name else None
        return found.document, said  # kept beside it: so its id stays its own

    return _sentences.get(_told_of(engine, case, found), made)[1]


def since_at_hand(desk: Desk, case: str, found: Analysis) -> Text | None:
    """The same if it is worked out already; else it will be, and nobody waits.

    To read and compare two large results takes seconds.
    """
    known = _sentences.peek(_told_of(desk.engine, case, found))
    if known is None:
        desk.later(lambda: since_last_run(desk.engine, case, found))
    return known[1] if known else None


def _told_of(
    engine: Engine, case: str, found: Analysis
) -> tuple[int, tuple[Place, ...]]:
    return id(found.document), tuple(_places(engine, case).values())


def _places(engine: Engine, case: str) -> dict[str, Place]:
    """The files that results can be in, by name."""
    life = case_moments.life(engine, case)
    sizes = sizes_of(engine, case, FOLDER)
    names = {path.removeprefix(FOLDER): size for path, size in sizes.items()}
    return {
        n: (life, n, size)
        for n, size in names.items()
        if n.endswith(runs.SUFFIX) and "/" not in n
    }


def _head_at(engine: Engine, case: str, place: Place) -> Run | DataError:
    """What a result said, by its head; a fault is kept too: it stays one."""
    name = place[1]
    return _heads.get(
        place, lambda: _head(name, read_file_of(engine, case, FOLDER + name) or b"")
    )


def _head(name: str, data: bytes) -> Run | DataError:
    broken = DataError(Said(
        f"{name}: the result cannot be read", f"{name}: результат не читается"
    ))  # fmt: skip
    try:
        saved = runs.head(data, name)
        summary: Any = json.loads(data).get("summary")
        found = Run(saved, Summary.model_validate(summary))
        _ = found.day
    except DataError as error:
        return error
    except ValueError:  # no summary of ours, or a day that is none
        return broken
    return found
