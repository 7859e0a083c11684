"""Why a verdict is another: which rules and conditions differ, and what decided them.

A link leads from a rule to what decided it: a threshold that moved past a figure, a
figure that is counted otherwise, an answer that is no longer read; or to a symptom or
cause that is itself another, and from there on to what decided that.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from salesdx.explanation.grounds import values
from salesdx.explanation.phrases import condition
from salesdx.explanation.wording import VERDICTS, Wording, both
from salesdx.facts import Fact, Slice
from salesdx.inference.verdicts import CauseOutcome, RuleOutcome
from salesdx.knowledge.base import ReadyRule
from salesdx.knowledge.conditions import Leaf, Outcome, State
from salesdx.language import LANGUAGES, Text
from salesdx.workbench.meanings import ordered
from salesdx.workbench.replay import Judged

STATES: Mapping[State, str] = {True: "fired", False: "silent", None: "unknown"}
CHECKS: Mapping[State, str] = {True: "true", False: "false", None: "unknown"}
Kind = Literal[
    "threshold", "setting", "figure", "answer", "gap", "symptom", "cause", "value"
]


@dataclass(frozen=True, slots=True)
class Link:
    """One thing that decided a condition; `old` and `new` are its values in words.

    `text` is what it is (a figure with its value, the title of a symptom). Where `old`
    and `new` are None nothing about it changed: it is a value the condition reads.
    """

    kind: Kind
    name: str
    text: Text
    old: Text | None = None
    new: Text | None = None
    links: tuple["Link", ...] = ()


@dataclass(frozen=True, slots=True)
class RuleState:
    """A rule on one side: `points` with its sign, `counted` what is left of them."""

    state: str
    points: int
    counted: int
    group: str


@dataclass(frozen=True, slots=True)
class RuleMove:
    """A rule that is otherwise; None on the side where there is no such rule.

    `under` is the rule of its group that counts instead (or did, where it now counts).
    """

    rule: str
    direction: str
    text: Text
    old: RuleState | None
    new: RuleState | None
    links: tuple[Link, ...]
    under: str = ""

    @property
    def moved(self) -> int:
        """How far it moved the sum."""
        one, two = (s.counted if s else 0 for s in (self.old, self.new))
        return abs(two - one)


@dataclass(frozen=True, slots=True)
class CheckMove:
    """Another condition of the verdict that is otherwise.

    `kind` is `gate`, `unless`, `rules_out`, `needs`, `harm` or `rivals`.
    """

    kind: str
    text: Text
    old: str
    new: str
    links: tuple[Link, ...] = ()


Ground = RuleMove | CheckMove


class Grounds:
    """The two sides of one case, and the words for either."""

    def __init__(self, old: Judged, new: Judged) -> None:
        self.old, self.new = old, new
        currency = new.stored.case.company.currency
        self.words = {
            id(side): Wording(side.knowledge, currency) for side in (old, new)
        }

    def of(self, cause: str, where: Slice) -> tuple[Ground, ...]:
        """Everything about a cause that is otherwise, the weightiest first."""
        old = self.old.found.causes.get((cause, where))
        new = self.new.found.causes.get((cause, where))
        return (*self._rules(old, new), *self._checks(old, new))

    def _rules(
        self, old: CauseOutcome | None, new: CauseOutcome | None
    ) -> list[RuleMove]:
        before, after = _rows(old), _rows(new)
        moves = []
        for key in sorted({*before, *after}):
            one, two = before.get(key), after.get(key)
            states = _state(one, old), _state(two, new)
            if _said(states[0]) == _said(states[1]):
                continue
            if None in states and not any(s and s.counted for s in states):
                continue  # there on one side only, and counted for nothing
            under = _under(*states, old, new)
            moves.append(self._rule_move(key, one, two, states, under))
        moves.sort(key=lambda m: (-m.moved, m.rule))
        return moves

    def _rule_move(
        self, key: tuple[str, str], one: RuleOutcome | None, two: RuleOutcome | None,
        states: tuple[RuleState | None, RuleState | None], under: str,
    ) -> RuleMove:  # fmt: skip
        side, row = (self.new, two) if two else (self.old, one)
        assert row is not None
        text = self.words[id(side)].fill(
            row.rule.because, side.found.case.at(row.where)
        )
        links = self._between(
            one.outcome if one else None, two.outcome if two else None, row.where
        )
        return RuleMove(key[1], key[0], text, *states, tuple(links), under)

    def _checks(
        self, old: CauseOutcome | None, new: CauseOutcome | None
    ) -> Iterator[CheckMove]:
        for kind in ("gate", "unless", "rules_out"):
            here = new or old
            yield from self._conditions(
                kind, getattr(old, kind, ()), getattr(new, kind, ()),
                here.where if here else (),
            )  # fmt: skip
        if old is None or new is None:
            return
        for name in sorted({*old.needs_missing} ^ {*new.needs_missing}):
            title = self._title(name)
            yield CheckMove("needs", title, _need(name, old), _need(name, new))
        if old.harm is not new.harm:
            yield CheckMove(
                "harm", both("the harm it would do", "вред, который был бы от неё"),
                CHECKS[old.harm], CHECKS[new.harm],
                tuple(self._harms(old, new)),
            )  # fmt: skip
        for rival in sorted({*old.rivals} ^ {*new.rivals}):
            before, after = (
                "not apart" if rival in s.rivals else "apart" for s in (old, new)
            )
            yield CheckMove("rivals", self._title(f"cause:{rival}"), before, after)

    def _conditions(
        self, kind: str, old: Sequence[Outcome], new: Sequence[Outcome], where: Slice
    ) -> Iterator[CheckMove]:
        before = {ordered(o.node): o for o in old}
        after = {ordered(o.node): o for o in new}
        for node in sorted({*before, *after}, key=str):
            one, two = before.get(node), after.get(node)
            if one and two and one.state is two.state:
                continue
            side = self.new if two else self.old
            view = side.found.case.at(where)
            yield CheckMove(
                kind, condition((two or one).node, self.words[id(side)], view),  # type: ignore[union-attr]
                CHECKS[one.state] if one else "", CHECKS[two.state] if two else "",
                tuple(self._between(one, two, where)),
            )  # fmt: skip

    def _harms(self, old: CauseOutcome, new: CauseOutcome) -> Iterator[Link]:
        """The symptoms that the cause explains, where they are otherwise."""
        for name in sorted({*old.cause.spec.explains, *new.cause.spec.explains}):
            facts = [
                side.found.case.at(old.where).read(f"symptom:{name}")
                for side in (self.old, self.new)
                if name in side.knowledge.symptoms
            ]
            if len(facts) == 2 and facts[0].value is not facts[1].value:
                yield self._symptom(facts[0], facts[1])

    def _between(
        self, one: Outcome | None, two: Outcome | None, where: Slice
    ) -> Iterator[Link]:
        """What made a condition another; leaf by leaf where it is still the same."""
        if one is None or two is None or ordered(one.node) != ordered(two.node):
            side, outcome = (self.new, two) if two else (self.old, one)
            if outcome is not None:
                yield from self._values(side, outcome, where)
            return
        after = {(str(o.node), o.fact.slice if o.fact else ()): o for o in two.leaves()}
        told = set()
        for leaf in one.leaves():
            key = str(leaf.node), leaf.fact.slice if leaf.fact else ()
            other = after.get(key)
            if other is None or key in told:
                continue
            told.add(key)
            if leaf.state is not other.state or leaf.confidence != other.confidence:
                yield from self._leaf(leaf, other, where)

    def _values(self, side: Judged, outcome: Outcome, where: Slice) -> Iterator[Link]:
        for value in values(outcome, where, side.found, self.words[id(side)]):
            yield Link("value", value.name, value.text)

    def _leaf(self, one: Outcome, two: Outcome, where: Slice) -> Iterator[Link]:
        before, after = one.fact, two.fact
        if before is None or after is None:
            return
        name = before.name
        if name.startswith("symptom:"):
            yield self._symptom(before, after)
            return
        if name.startswith("cause:"):
            yield self._cause(before, after)
            return
        if isinstance(two.node, Leaf):
            yield from self._thresholds(two.node, after, where)
        if (before.value, before.confidence) != (after.value, after.confidence):
            was, is_ = (
                both(*(self.words[id(s)].value(f, lang) for lang in LANGUAGES))
                for s, f in ((self.old, before), (self.new, after))
            )
            kind: Kind = "gap" if name.startswith("gap:") else "figure"
            if name in self.new.knowledge.questions:
                kind = "answer"
            made = () if kind == "answer" else tuple(self._settings())
            yield Link(kind, name, self._title(name), was, is_, made)

    def _settings(self) -> Iterator[Link]:
        """Thresholds by which figures are computed, where they moved."""
        old, new = self.old.known.figures, self.new.known.figures
        for name in sorted({*old.asked, *new.asked}) if old is not new else ():
            known = all(name in s.knowledge.benchmarks for s in (self.old, self.new))
            if known and self.old.threshold(name) != self.new.threshold(name):
                was, is_ = (self._mark(s, name, ()) for s in (self.old, self.new))
                title = self.new.knowledge.benchmarks[name].title
                yield Link("setting", name, title, was, is_)

    def _thresholds(self, leaf: Leaf, fact: Fact, where: Slice) -> Iterator[Link]:
        for name in leaf.comparison.thresholds:
            marks = [s.threshold(name) for s in (self.old, self.new)]
            if marks[0] == marks[1]:
                continue
            text = self.words[id(self.new)].said(fact)
            place = self.words[id(self.new)].where(fact.slice)
            if place is not None and fact.slice != where:
                text = both(f"{text.en} ({place.en})", f"{text.ru} ({place.ru})")
            was, is_ = (self._mark(s, name, where) for s in (self.old, self.new))
            yield Link("threshold", name, text, was, is_)

    def _mark(self, side: Judged, name: str, where: Slice) -> Text:
        words, view = self.words[id(side)], side.found.case.at(where)
        return both(*(words.threshold(name, lang, view) for lang in LANGUAGES))

    def _symptom(self, before: Fact, after: Fact) -> Link:
        name = before.name.removeprefix("symptom:")
        one = self.old.found.symptoms.get((name, before.slice))
        two = self.new.found.symptoms.get((name, after.slice))
        inner = self._between(
            one.outcome if one else None, two.outcome if two else None, after.slice
        )
        was, is_ = (
            _CHECKED[f.value if isinstance(f.value, bool) else None]
            for f in (before, after)
        )
        return Link("symptom", name, self._title(after.name), was, is_, tuple(inner))

    def _cause(self, before: Fact, after: Fact) -> Link:
        name = before.name.removeprefix("cause:")
        was, is_ = (
            _verdict(name, f.slice, s)
            for s, f in ((self.old, before), (self.new, after))
        )
        return Link("cause", name, self._title(after.name), was, is_)

    def _title(self, name: str) -> Text:
        for side in (self.new, self.old):
            if side.knowledge.vocabulary.knows(name):
                return side.knowledge.title(name)
        return both(name, name)


_CHECKED: Mapping[State, Text] = {
    True: both("yes", "да"),
    False: both("no", "нет"),
    None: both("unknown", "неизвестно"),
}


def _verdict(cause: str, where: Slice, side: Judged) -> Text:
    """The verdict that a rule reads: of a cause judged by slices, the strongest."""
    rows = [o for (i, _), o in side.found.causes.items() if i == cause]
    row = side.found.causes.get((cause, where)) or max(
        rows, key=lambda o: o.total.points, default=None
    )
    return VERDICTS[row.verdict] if row else VERDICTS["open"]


def _rows(outcome: CauseOutcome | None) -> dict[tuple[str, str], RuleOutcome]:
    rows = outcome.rules if outcome else ()
    return {(r.rule.direction, r.rule.id): r for r in rows}


def _state(row: RuleOutcome | None, outcome: CauseOutcome | None) -> RuleState | None:
    if row is None or outcome is None:
        return None
    rule: ReadyRule = row.rule
    sign = 1 if rule.direction == "for" else -1
    counted = outcome.total.counted.get((rule.direction, rule.id), 0)
    return RuleState(
        STATES[row.item.state], sign * row.item.points, counted, rule.group
    )


def _need(name: str, side: CauseOutcome) -> str:
    if name in side.needs_missing:
        return "missing"
    return "there" if name in side.cause.spec.needs else "not needed"


def _said(state: RuleState | None) -> tuple[str, int, int]:
    """What a rule does for the verdict; one that is not there is as good as silent."""
    if state is None:
        return "silent", 0, 0
    points = state.points if state.state == "fired" else 0
    return state.state, points, state.counted


def _under(
    one: RuleState | None, two: RuleState | None,
    old: CauseOutcome | None, new: CauseOutcome | None,
) -> str:  # fmt: skip
    """The rule of the same group that counts where this one holds and does not."""
    if one is None or two is None or not one.state == two.state == "fired":
        return ""
    less, outcome = (two, new) if abs(two.counted) < abs(one.counted) else (one, old)
    if outcome is None:
        return ""
    for row in outcome.rules:
        counted = outcome.total.counted.get((row.rule.direction, row.rule.id), 0)
        alike = row.rule.group == less.group and (counted > 0) == (less.points > 0)
        if alike and abs(counted) > abs(less.counted):
            return row.rule.id
    return ""
