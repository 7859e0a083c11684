"""What two results must share before a row of them can be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from salesdx.compare.words import said
from salesdx.language import Text
from salesdx.result import MetricRow, ResultDocument, Where

Key = tuple[str, tuple[tuple[str, str], ...]]
R = TypeVar("R")


def key(id_: str, where: Where) -> Key:
    """The identity of a row: never its title, place or figures."""
    return id_, tuple(sorted(where.items()))


def paired(then: Iterable[Any], now: Iterable[Any]) -> dict[Key, tuple[Any, Any]]:
    """Rows of both by identity: first the order of the newer, then what is gone."""
    old = {key(r.id, r.slice): r for r in then}
    new = {key(r.id, r.slice): r for r in now}
    order = [*new, *(k for k in old if k not in new)]
    return {k: (old.get(k), new.get(k)) for k in order}


@dataclass(frozen=True)
class Results:
    """The two results, and what is asked of both for many rows."""

    then: ResultDocument
    now: ResultDocument

    def meaning(self, name: str) -> Text | None:
        """Why what bears this name meant another thing then; None if it did not."""
        old, new = self.then.knowledge, self.now.knowledge
        if old.hash == new.hash:
            return None
        if old.meanings and new.meanings:
            same = old.meanings.get(name) == new.meanings.get(name)
            return None if same else said(f"meaning.{_kind(name)}")
        if (old.pack, old.version) == (new.pack, new.version):
            return None
        return said("meaning.version", then=old.version, now=new.version)


def is_unknown(document: ResultDocument, name: str, where: Where) -> bool:
    """Whether a result does not know what a rule read under this name."""
    prefix, _, rest = name.partition(":")
    places = [where, {}]
    if rest and prefix != "symptom":
        return False
    if rest:
        states = [
            s.state for s in document.symptoms if s.id == rest and s.slice in places
        ]
        return all(s == "unknown" for s in states)
    if any(
        m.id == name and not m.period and m.slice in places and _is_known(m)
        for m in document.metrics
    ):
        return False
    return not any(
        a.question == name and a.state == "answered" for a in document.answers
    )


def _is_known(row: MetricRow) -> bool:
    return row.state == "ok" and row.value is not None


def _kind(name: str) -> str:
    return name.partition(":")[0] if ":" in name else "metric"
