"""A naive model of interviews: what was said, and plain rules of what it means.

There are three versions of the questionnaire. What becomes of an answer on the way from
one to another is told here in the words of the manual, not with the engine's code.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from knowledge_fixture import TEXT

from salesdx.answers.file import AnswerEntry
from salesdx.company import Respondent
from salesdx.facts import COMPANY, Slice, slice_of

PEOPLE = {
    "h": Respondent(role="head", name="Ира"), "o": Respondent(role="owner"),
    "s1": Respondent(role="seller", manager="M1"),
    "s2": Respondent(role="seller", manager="M2"),
}  # fmt: skip
OTHER = {"en": "other", "ru": "другой"}
ALL = ["head", "seller", "owner"]
Kinds = dict[str, dict[str, Any]]
Parents = dict[str, tuple[str, Callable[[Any], bool]]]
Place = tuple[str, Slice]
Key = tuple[str, str, Slice]  # by, question, about


def options(*codes: str) -> list[dict[str, Any]]:
    return [{"code": c, "title": TEXT} for c in codes]


FIRST: Kinds = {
    "q.yes": {"who": ["owner", "head"]},
    "q.if-yes": {"who": ALL, "relevant_if": {"q.yes": "yes"}},
    "q.deeper": {"who": ALL, "relevant_if": {"q.if-yes": "no"}},
    "q.enum": {"kind": "enum", "options": options("a", "b", "no"), "who": ALL},
    "q.if-no": {"kind": "scale", "relevant_if": {"q.enum": "no"}},
    "q.multi": {
        "kind": "multi", "options": options("a", "b", "no"), "who": ["seller", "head"]
    },
    "q.ten": {"kind": "scale", "min": 0, "max": 10, "who": ["seller", "owner"]},
    "q.if-ten": {"kind": "text", "who": ALL, "relevant_if": {"q.ten": "< 5"}},
    "q.part": {"kind": "number", "unit": "percent", "who": ["head", "owner"]},
    "q.day": {"kind": "date", "who": ALL},
    "q.own": {"about": "manager", "who": ["head", "seller"]},
    "q.b2c": {"applies_to": ["b2c"]},
    "q.if-b2c": {"relevant_if": {"q.b2c": "yes"}},
}  # fmt: skip
SECOND: Kinds = {
    "q.new": {"who": ALL},
    "q.yes": {"who": ["owner", "head"]},
    "q.if-yes": FIRST["q.if-yes"] | {"title": OTHER},
    "q.deeper": FIRST["q.deeper"],
    "q.pick": FIRST["q.enum"] | {"options": options("a", "no", "c")},
    "q.if-no": {"kind": "scale", "relevant_if": {"q.pick": "no"}},
    "q.multi": FIRST["q.multi"] | {"options": options("aa", "b", "no")},
    "q.ten": FIRST["q.ten"] | {"title": OTHER},
    "q.if-ten": FIRST["q.if-ten"] | {"relevant_if": {"q.ten": "< 3"}},
    "q.part": FIRST["q.part"] | {"max": 40},
    "q.own": FIRST["q.own"],
    "q.b2c": FIRST["q.b2c"],
    "q.if-b2c": FIRST["q.if-b2c"],
}
THIRD: Kinds = {
    "q.yes": {"who": ["owner", "head", "seller"], "title": OTHER},
    "q.new": {"kind": "enum", "options": options("always", "never"), "who": ALL},
    "q.if-yes": SECOND["q.if-yes"],
    "q.deeper": SECOND["q.deeper"],
    "q.choice": SECOND["q.pick"],
    "q.if-no": {"kind": "scale", "relevant_if": {"q.choice": "no"}},
    "q.multi": FIRST["q.multi"] | {"options": options("a2", "b"), "title": OTHER},
    "q.ten": {"kind": "scale", "who": ["seller", "owner"]},
    "q.if-ten": SECOND["q.if-ten"],
    "q.part": {"kind": "number", "unit": "days", "who": ["head", "owner"]},
    "q.own": {"who": ["head", "seller"]},
    "q.fresh": {"kind": "date", "who": ["seller"]},
    "q.b2c": FIRST["q.b2c"],
    "q.if-b2c": FIRST["q.if-b2c"],
}
KINDS: dict[int, Kinds] = {1: FIRST, 2: SECOND, 3: THIRD}
OFF: dict[int, set[str]] = {1: set(), 2: set(), 3: {"q.deeper"}}
# migrations.yaml: what became of the questions after a version
MIGRATIONS: dict[int, dict[str, Any]] = {
    1: {
        "rename": {"q.enum": "q.pick"}, "options": {"q.multi": {"a": "aa"}},
        "reask": ["q.if-yes"], "drop": ["q.day"],
    },
    2: {
        "rename": {"q.pick": "q.choice"}, "reask": ["q.multi"],
        "options": {
            "q.multi": {"aa": "a2"}, "q.new": {"yes": "always", "no": "never"}
        },
    },
}  # fmt: skip
PARENTS: dict[int, Parents] = {
    1: {
        "q.if-yes": ("q.yes", lambda v: v is True),
        "q.deeper": ("q.if-yes", lambda v: v is False),
        "q.if-no": ("q.enum", lambda v: v == "no"),
        "q.if-ten": ("q.ten", lambda v: v < 5),
        "q.if-b2c": ("q.b2c", lambda v: v is True),
    }
}
PARENTS[2] = PARENTS[1] | {
    "q.if-no": ("q.pick", lambda v: v == "no"), "q.if-ten": ("q.ten", lambda v: v < 3),
}  # fmt: skip
PARENTS[3] = PARENTS[2] | {"q.if-no": ("q.choice", lambda v: v == "no")}
# asked under another condition than before; a renamed question decides as it did
OTHER_CONDITION = {"q.if-ten": 2}  # since version


def kind(version: int, name: str) -> str:
    return str(KINDS[version][name].get("kind", "yesno"))


def codes(version: int, name: str) -> list[str]:
    return [o["code"] for o in KINDS[version][name]["options"]]


def value_of(version: int, name: str, dice: random.Random) -> Any:
    asked = KINDS[version][name]
    match kind(version, name):
        case "yesno":
            return dice.random() < 0.5
        case "enum":
            return dice.choice(codes(version, name))
        case "multi":
            return [c for c in codes(version, name) if dice.random() < 0.4]
        case "scale":
            return dice.randint(asked.get("min", 1), asked.get("max", 5))
        case "number":
            numbers = [0, 2, 10, 12, 35, 50, 100]
            return dice.choice([n for n in numbers if n <= asked.get("max", 100)])
        case "date":
            return f"2026-0{dice.randint(1, 2)}-01"
        case _:
            return dice.choice(
                ["", "no", "1.5", "«да» — и всё\nтак", "# no: {a}", "y" * 90]
            )


class Fate(NamedTuple):
    """What becomes of an answer; `simply` tells whether it may just be confirmed."""

    fate: str
    question: str | None = None
    value: Any = None
    simply: bool = True
    condition: bool = False  # only asked under another condition


def carried(entry: AnswerEntry, old: int, new: int) -> Fate:
    """An answer of one version read in another one."""
    name, value, reask, mapped = entry.question, entry.value, False, False
    for step in range(old, new):
        told = MIGRATIONS[step]
        if name in told.get("drop", []):
            return Fate("dropped")
        name = told.get("rename", {}).get(name, name)
        reask = reask or name in told.get("reask", [])
        names = told["options"].get(name, {})
        value, known = recoded(value, names)
        mapped = mapped or known
    if name not in KINDS[new] or name in OFF[new]:
        return Fate("dropped")
    was, now = KINDS[old][entry.question], KINDS[new][name]
    if was.get("about") != now.get("about"):
        return Fate("dropped")
    if entry.state == "later":
        return Fate("kept", name, value)
    anew = Fate("confirm", name, value, simply=False)
    if was.get("kind") != now.get("kind") and not mapped:
        return anew
    if entry.state == "answered":
        ends = [(k.get("min"), k.get("max")) for k in (was, now)]
        other_scale = now.get("kind") == "scale" and ends[0] != ends[1]
        if was.get("unit") != now.get("unit") or other_scale:
            return anew
        if not fits(new, name, value):
            return anew
    if reask:
        return Fate("confirm", name, value)
    since = OTHER_CONDITION.get(name, 0)
    if entry.state == "answered" and (old < since) != (new < since):
        return Fate("confirm", name, value, condition=True)
    return Fate("kept", name, value)


def recoded(value: Any, names: dict[str, str]) -> tuple[Any, bool]:
    """The value in new codes, and whether all of it has got one."""
    if isinstance(value, list):
        return [names.get(v, v) for v in value], False
    word = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else value
    return (names[word], True) if word in names else (value, False)


def fits(version: int, name: str, value: Any) -> bool:
    match kind(version, name):
        case "enum":
            return value in codes(version, name)
        case "multi":
            return set(value) <= set(codes(version, name))
        case "number":
            return bool(value <= KINDS[version][name].get("max", 100))
        case _:
            return True


@dataclass(slots=True)
class Talk:
    """One interview: who, how, on which version, and which one it continues."""

    id: str
    by: str
    mode: str
    version: int
    moved_from: str = ""


@dataclass(slots=True)
class Naive:
    """All that was said, and in which interviews."""

    said: list[AnswerEntry] = field(default_factory=list)
    talks: dict[str, Talk] = field(default_factory=dict)
    _read: dict[int, "Reading"] = field(default_factory=dict)

    def say(self, entries: Iterable[AnswerEntry], talk: Talk) -> None:
        self.talks.setdefault(talk.id, talk)
        self.said += entries
        self._read.clear()

    def reading(self, version: int) -> "Reading":
        """What it means to whoever asks the questions of a version."""
        if version not in self._read:
            left = {t.moved_from for t in self.talks.values()}
            found = Reading(version)
            for entry in self.said:
                talk = self.talks[entry.interview]
                if talk.version == version:
                    found.hear(entry, entry.question, entry.value)
                    continue
                fate = carried(entry, talk.version, version)
                heard = fate.condition and talk.id not in left
                if fate.question and (fate.fate == "kept" or heard):
                    found.hear(entry, fate.question, fate.value)
            found.counted = found.counting()
            self._read[version] = found
        return self._read[version]

    def going_on(self, by: str, mode: str) -> Talk | None:
        left = {t.moved_from for t in self.talks.values()}
        mine = [t for t in self.talks.values() if (t.by, t.mode) == (by, mode)]
        return next((t for t in reversed(mine) if t.id not in left), None)

    def fates(self, talk: Talk, version: int) -> list[tuple[AnswerEntry, Fate]]:
        """The last word of the respondent at each place, if it is of this interview or
        of one that it continues."""
        chain, ids = talk, {talk.id}
        while chain.moved_from:
            chain = self.talks[chain.moved_from]
            ids.add(chain.id)
        last: dict[Place, tuple[AnswerEntry, Fate]] = {}
        for entry in self.said:
            if entry.by == talk.by:
                old = self.talks[entry.interview].version
                fate = (
                    carried(entry, old, version) if old != version
                    else Fate("kept", entry.question, entry.value)
                )  # fmt: skip
                place = fate.question or f"gone {entry.question}"
                last.pop((place, slice_of(**entry.about)), None)  # to the end
                last[place, slice_of(**entry.about)] = entry, fate
        return [(e, f) for e, f in last.values() if e.interview in ids]


@dataclass(slots=True)
class Reading:
    """The answers as one version of the questions hears them."""

    version: int
    last: dict[Key, AnswerEntry] = field(default_factory=dict)
    counted: dict[Place, tuple[AnswerEntry, bool]] = field(default_factory=dict)

    def hear(self, entry: AnswerEntry, name: str, value: Any) -> None:
        if (name, value) != (entry.question, entry.value):
            entry = entry.model_copy(update={"question": name, "value": value})
        self.last[entry.by, name, slice_of(**entry.about)] = entry

    def counting(self) -> dict[Place, tuple[AnswerEntry, bool]]:
        """The answer that counts of each place, and whether people differ."""
        places: dict[Place, list[AnswerEntry]] = {}
        for (_, name, about), entry in self.last.items():
            if entry.state != "later":
                places.setdefault((name, about), []).append(entry)
        found = {}
        for (name, about), entries in places.items():
            who = KINDS[self.version][name].get("who", ["head"])
            first = min(entries, key=lambda e: (
                not e.agreed, e.state != "answered",
                who.index(PEOPLE[e.by].role) if PEOPLE[e.by].role in who else 9, e.by,
            ))  # fmt: skip
            values = [e.value for e in entries if e.state == "answered"]
            apart = differ(self.version, name, values)
            found[name, about] = first, not first.agreed and apart
        return found

    def applies(self, name: str) -> bool | None:
        if name == "q.b2c" or name in OFF[self.version]:
            return False
        if name not in PARENTS[self.version]:
            return True
        parent, holds = PARENTS[self.version][name]
        if self.applies(parent) is False:
            return False
        first, _ = self.counted.get((parent, COMPANY), (None, False))
        if first is None or first.state in ("dont_know", "refused"):
            return None
        return first.state == "answered" and holds(first.value)

    def left(self, by: str) -> list[Place]:
        last, role = self.last, PEOPLE[by].role
        found = []
        for name, asked in KINDS[self.version].items():
            if role not in asked.get("who", ["head"]) or self.applies(name) is False:
                continue
            abouts: list[Slice] = [COMPANY]
            if "about" in asked:
                own = PEOPLE[by].manager
                abouts = [(("manager", m),) for m in ("M1", "M2") if own in (None, m)]
            for about in abouts:
                entry = last.get((by, name, about))
                if entry is None or entry.state == "later":
                    found.append((name, about))
        return found


def differ(version: int, name: str, values: list[Any]) -> bool:
    asked = KINDS[version][name]
    if len(values) < 2 or kind(version, name) == "text":
        return False
    if kind(version, name) in ("scale", "number"):
        apart = max(values) - min(values)
        if kind(version, name) == "scale":
            return bool(apart >= (5 if "max" in asked else 2))
        if asked["unit"] == "percent" and apart >= 20:
            return True
        return bool(apart > 0 and apart * 2 >= max(values))
    return any(v != values[0] for v in values)


def new_questions(old: int, new: int, role: str) -> set[str]:
    """What this role is asked now and was not asked of anybody then."""
    renamed = {s: MIGRATIONS[s]["rename"] for s in range(old, new)}
    known = set(KINDS[old])
    for names in renamed.values():
        known = {names.get(n, n) for n in known}
    return {
        n for n, asked in KINDS[new].items()
        if n not in known and role in asked.get("who", ["head"])
    }  # fmt: skip
