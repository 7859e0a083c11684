"""kb coverage: which items of the domain are covered where, and which are missing.

An item is covered by every entry with its id in `ref`. The register (domain.yaml) says
which items there are and what kind of entry has to carry them; ids of other kinds are
a consultant's own, and are listed apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from salesdx.errors import Problem
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.domain import DomainKind
from salesdx.knowledge.rules import DIRECTIONS
from salesdx.language import Text

Status = Literal["covered", "excepted", "missing"]
_TITLED = (
    "causes", "symptoms", "remedies", "questions", "metrics", "claims", "data_quality",
    "worksheets", "solution_areas",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bearing:
    """An entry that carries an id: its kind, its name, the place of the id."""

    kind: str
    name: str
    title: Text
    place: Problem


@dataclass(frozen=True, slots=True)
class Item:
    """One item: who carries it; where nobody of the right kind does, the reason."""

    id: str
    kind: str
    status: Status
    borne_by: tuple[Bearing, ...]
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class DomainCover:
    """Every item of the register by kind, and the ids that are not in it."""

    kinds: Mapping[str, DomainKind]
    items: Mapping[str, Item]
    others: Mapping[str, tuple[Bearing, ...]]

    def of_kind(self, kind: str) -> list[Item]:
        """The items of one kind, in order."""
        return [i for i in self.items.values() if i.kind == kind]

    def having(self, status: Status) -> list[Item]:
        """The items with a status."""
        return [i for i in self.items.values() if i.status == status]


def cover(knowledge: KnowledgeBase) -> DomainCover:
    """Hold every `ref` against the register."""
    carried: dict[str, list[Bearing]] = {}
    for ref, bearing in _refs(knowledge):
        carried.setdefault(ref, []).append(bearing)
    kinds: dict[str, DomainKind] = {
        i: e.model for i, e in knowledge.entries.get("domain", {}).items()
    }
    items = {
        item: _item(item, kind, carried.get(item, []))
        for kind in kinds.values()
        for item in kind.items
    }
    others = {i: tuple(b) for i, b in carried.items() if i not in items}
    return DomainCover(kinds, items, dict(sorted(others.items(), key=_by_number)))


def _by_number(row: tuple[str, Sequence[Bearing]]) -> tuple[str, int, str]:
    kind, _, number = row[0].rpartition("-")
    return kind, int(number) if number.isdecimal() else 0, row[0]


def _item(name: str, kind: DomainKind, borne_by: Sequence[Bearing]) -> Item:
    reasons = {e.item: e.reason for e in kind.exceptions}
    if any(b.kind in kind.bearers for b in borne_by):
        return Item(name, kind.id, "covered", tuple(borne_by))
    status: Status = "excepted" if name in reasons else "missing"
    return Item(name, kind.id, status, tuple(borne_by), reasons.get(name))


def _refs(knowledge: KnowledgeBase) -> Iterator[tuple[str, Bearing]]:
    """Every id of every entry, in the order of kinds and names."""
    for kind in _TITLED:
        for name, entry in knowledge.entries.get(kind, {}).items():
            title = entry.model.text if kind == "claims" else entry.model.title
            for i, ref in enumerate(entry.model.ref):
                place = entry.problem(("ref", i), "", "")
                yield ref, Bearing(kind, name, title, place)
            if kind == "causes":
                yield from _of_rules(knowledge, name)
            if kind == "remedies":
                yield from _of_own_claims(knowledge, name)


def _of_rules(knowledge: KnowledgeBase, cause: str) -> Iterator[tuple[str, Bearing]]:
    entry = knowledge.entries["causes"][cause]
    for key in DIRECTIONS:
        for n, rule in enumerate(getattr(entry.model, key)):
            for i, ref in enumerate(rule.ref):
                place = entry.problem((key, n, "ref", i), "", "")
                name = f"{cause}/{rule.id}"
                yield ref, Bearing("rules", name, entry.model.title, place)


def _of_own_claims(
    knowledge: KnowledgeBase, remedy: str
) -> Iterator[tuple[str, Bearing]]:
    """Claims that a remedy makes itself, without the list."""
    entry = knowledge.entries["remedies"][remedy]
    for n, claim in enumerate(entry.model.claims):
        for i, ref in enumerate([] if isinstance(claim, str) else claim.ref):
            place = entry.problem(("claims", n, "ref", i), "", "")
            yield ref, Bearing("claims", f"{remedy} (claim)", claim.text, place)
