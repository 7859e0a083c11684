"""What two versions of the knowledge say differently: a list of edits.

An edit is the least that can be done to OLD by itself: a rule added, a threshold moved,
the gate of a cause changed. Both `kb diff` and `kb impact` speak of edits. Compared is
what the files mean: conditions as parsed trees, lists whose order says nothing as sets.
Where an entry stands, and in which file, is no difference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.entry import Entry
from salesdx.workbench.meanings import BEARINGS, Bearing, meaning, rule_meaning

Change = Literal["added", "removed", "changed"]
STRENGTH: tuple[Bearing, ...] = ("verdict", "plan", "text")
# how an entry is called in an id, in the order in which edits are listed
KINDS = {
    "benchmarks": "threshold", "causes": "cause", "rules": "rule",
    "symptoms": "symptom", "questions": "question", "metrics": "metric",
    "remedies": "remedy", "roles": "role", "claims": "claim", "forms": "form",
    "questionnaires": "questionnaire", "worksheets": "worksheet",
    "solution_areas": "area", "data_quality": "data-statement", "pack": "pack",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aspect:
    """One key that differs; `old` and `new` are what it means on either side."""

    name: str
    bearing: Bearing
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference. `part` is a rule of a cause, `#key` one of its keys, or "".

    `old` and `new` are its places, `file:line`; "" where it is not there.
    """

    kind: str
    entry: str
    part: str
    change: Change
    bearing: Bearing
    aspects: tuple[Aspect, ...]
    old: str
    new: str

    @property
    def id(self) -> str:
        """`threshold:response.slow`, `rule:cause/rule`, `cause:x#gate`."""
        joint = "/" if self.kind == "rules" else ""
        return f"{KINDS[self.kind]}:{self.entry}{joint}{self.part}"

    def aspect(self, name: str) -> Aspect | None:
        """The difference of one key."""
        return next((a for a in self.aspects if a.name == name), None)


def compare(old: KnowledgeBase, new: KnowledgeBase) -> tuple[Edit, ...]:
    """Every difference, by kind and id."""
    found = [e for kind in KINDS for e in _of_kind(kind, old, new)]
    order = list(KINDS)
    found.sort(key=lambda e: (order.index(e.kind), e.entry, e.part))
    return tuple(found)


def _of_kind(kind: str, old: KnowledgeBase, new: KnowledgeBase) -> Iterator[Edit]:
    if kind == "pack":
        yield from _pack(old, new)
    before, after = old.entries.get(kind, {}), new.entries.get(kind, {})
    for name in sorted({*before, *after}):
        one, two = before.get(name), after.get(name)
        if one is None or two is None:
            yield _whole(kind, name, one, two)
        elif kind == "causes":
            yield from _cause(name, one, two, old, new)
        else:
            sides = meaning(kind, name, old), meaning(kind, name, new)
            aspects = _aspects(kind, *sides)
            if aspects:
                yield _changed(kind, name, "", aspects, place(one), place(two))


def _whole(kind: str, name: str, one: Entry | None, two: Entry | None) -> Edit:
    """An entry that only one side has: it bears on as much as its kind can."""
    none: Bearing = "text"
    bearing = min(BEARINGS[kind].values(), key=STRENGTH.index, default=none)
    change: Change = "added" if one is None else "removed"
    return Edit(
        kind, name, "", change, bearing, (),
        place(one) if one else "", place(two) if two else "",
    )  # fmt: skip


def _cause(
    name: str, one: Entry, two: Entry, old: KnowledgeBase, new: KnowledgeBase
) -> Iterator[Edit]:
    """Each rule by itself, each key that counts by itself, all its texts together."""
    texts = []
    for aspect in _aspects("causes", *(meaning("causes", name, k) for k in (old, new))):
        if aspect.bearing == "text":
            texts.append(aspect)
            continue
        places = [place(e, (aspect.name,)) for e in (one, two)]
        yield _changed("causes", name, f"#{aspect.name}", (aspect,), *places)
    if texts:
        yield _changed("causes", name, "#texts", tuple(texts), place(one), place(two))
    before, after = _rules(old, name), _rules(new, name)
    for rule in sorted({*before, *after}):
        here = [
            place(entry, rules[rule].path) if rule in rules else ""
            for entry, rules in ((one, before), (two, after))
        ]
        if rule in before and rule in after:
            sides = rule_meaning(before[rule]), rule_meaning(after[rule])
            aspects = _aspects("rules", *sides)
            if aspects:
                yield _changed("rules", name, rule, aspects, *here)
        else:
            change: Change = "removed" if rule in before else "added"
            yield Edit("rules", name, rule, change, "verdict", (), *here)


def _rules(knowledge: KnowledgeBase, cause: str) -> dict[str, Any]:
    """The written rules of a cause by id; those that questions make have no path."""
    return {r.id: r for r in knowledge.causes[cause].rules if r.path}


def _aspects(
    kind: str, old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[Aspect, ...]:
    found = [
        Aspect(k, BEARINGS[kind].get(k, "text"), old.get(k), new.get(k))
        for k in dict.fromkeys([*old, *new])
        if old.get(k) != new.get(k)
    ]
    return tuple(sorted(found, key=lambda a: STRENGTH.index(a.bearing)))


def _changed(
    kind: str, name: str, part: str, aspects: tuple[Aspect, ...], old: str, new: str
) -> Edit:
    bearing = min((a.bearing for a in aspects), key=STRENGTH.index)
    return Edit(kind, name, part, "changed", bearing, aspects, old, new)


def _pack(old: KnowledgeBase, new: KnowledgeBase) -> Iterator[Edit]:
    one, two = (k.pack.model_dump() for k in (old, new))
    aspects = _aspects("pack", one, two)
    if aspects:
        yield _changed("pack", new.pack.id, "", aspects, "", "")


def place(entry: Entry, path: tuple[str | int, ...] = ()) -> str:
    """`file:line` of an entry, or of a key in it."""
    at = entry.at(path)
    line, _ = at.document.place(at.path)
    return f"{at.document.file}:{line}"
