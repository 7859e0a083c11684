"""judge(knowledge, batch): every verdict of every case, stratum by stratum.

The same steps as `inference.infer`, each over all rows of a level at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from salesdx.inference.columnar.bill import Item, Points, Sums, counted, total
from salesdx.inference.columnar.columns import Batch, Level
from salesdx.inference.columnar.planes import (
    Bits,
    Plane,
    Rows,
    enough,
    ones,
    pack,
    unpack,
)
from salesdx.inference.columnar.slices import best_rows
from salesdx.inference.columnar.world import World
from salesdx.inference.points import LIKELY, POSSIBLE, TWO_GROUPS, UNLIKELY
from salesdx.inference.program import rule_key
from salesdx.inference.verdicts import SEPARATION
from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadyRule, ReadySymptom
from salesdx.knowledge.conditions import Group, Leaf, Node
from salesdx.result import Verdict

VERDICTS: tuple[Verdict, ...] = (
    "likely", "possible", "open", "cannot_judge", "unlikely", "ruled_out",
)  # fmt: skip
NO_ROW = -1
_LIKELY, _POSSIBLE, _OPEN, _CANNOT, _UNLIKELY, _RULED_OUT = range(len(VERDICTS))
Codes = NDArray[np.int8]


@dataclass(slots=True)
class Judged:
    """One cause on the rows of a level; `verdict` is a place in VERDICTS, or NO_ROW."""

    verdict: Codes
    sums: Sums
    items: list[Item]
    demoted: NDArray[np.bool_]


@dataclass
class Judgement:
    """Everything concluded: (cause, dimension), (symptom, dimension), fired rules."""

    batch: Batch
    causes: dict[tuple[str, str], Judged] = field(default_factory=dict)
    symptoms: dict[tuple[str, str], Plane] = field(default_factory=dict)
    rules: dict[tuple[str, str, str], Item] = field(default_factory=dict)


def judge(knowledge: KnowledgeBase, batch: Batch) -> Judgement:
    """Judge all cases of a batch."""
    return _Court(knowledge, batch).judged()


class _Court:
    def __init__(self, knowledge: KnowledgeBase, batch: Batch) -> None:
        self.knowledge, self.batch = knowledge, batch
        self.world = World(knowledge, batch)
        self.found = Judgement(batch)
        self._fits: dict[tuple[tuple[str, ...], str], Bits | None] = {}

    def judged(self) -> Judgement:
        self._symptoms()
        causes = [
            c for c in self.knowledge.causes.values()
            if not self.knowledge.is_off("causes", c.id)
        ]  # fmt: skip
        for layer in sorted({c.layer for c in causes}):
            here = [c for c in causes if c.layer == layer]
            for cause in here:
                for rule in cause.rules:
                    self._rule(cause, rule)
            self._verdicts(here)
        return self.found

    # symptoms

    def _symptoms(self) -> None:
        symptoms = self.knowledge.symptoms.values()
        for layer in sorted({s.layer for s in symptoms}):
            here = [s for s in symptoms if s.layer == layer]
            for symptom in here:
                dimension = symptom.spec.for_each or ""
                if dimension in self.batch.levels:
                    self._symptom(symptom, dimension)
                if dimension:
                    self._add(symptom, "", self._on_any_slice(symptom, dimension))

    def _symptom(self, symptom: ReadySymptom, dimension: str) -> None:
        self._add(symptom, dimension, self.world.state(symptom.node, dimension))

    def _add(self, symptom: ReadySymptom, dimension: str, plane: Plane) -> None:
        self.found.symptoms[symptom.id, dimension] = plane
        self.world.derived[f"symptom:{symptom.id}", dimension] = plane

    def _on_any_slice(self, symptom: ReadySymptom, dimension: str) -> Plane:
        """True if any slice is, else unknown if any is, or if there is none."""
        level = self.batch.levels.get(dimension)
        cases = self.batch.cases
        if level is None or not level.rows:
            return Plane.unknown(cases)
        assert level.owner is not None
        plane = self.found.symptoms[symptom.id, dimension]
        true, false = unpack(plane.true, level.rows), unpack(plane.false, level.rows)
        held, open_, any_ = (np.zeros(cases, np.bool_) for _ in range(3))
        held[level.owner[true]] = True
        open_[level.owner[~true & ~false]] = True
        any_[level.owner] = True
        sure = None
        if plane.sure is not None:
            best = np.zeros(cases, np.uint8)
            np.maximum.at(best, level.owner[true], plane.sure[true])
            sure = np.where(held, best, 100).astype(np.uint8)
        return Plane(cases, pack(held), pack(any_ & ~held & ~open_), sure)

    # rules

    def _rule(self, cause: ReadyCause, rule: ReadyRule) -> None:
        dimension = rule.for_each or ""
        level = self.batch.levels.get(dimension)
        if level is None:
            return
        state = self.world.state(rule.node, dimension)
        there = _both(
            self._fit(tuple(cause.spec.applies_to), dimension),
            self._fit(tuple(rule.spec.applies_to), dimension),
        )
        if rule.recorded:  # what no meeting wrote down is no part of the bill
            there = _both(there, state.true)
        alone: Bits | bool = rule.single
        if rule.claim:
            alone = ones(level.rows) & ~self.world.measured(rule.node, dimension)
        key = rule_key(rule.direction, rule.id)
        self.found.rules[cause.id, key, dimension] = Item(
            rule.id, rule.direction, rule.group, rule.points, state,
            self._held(rule, state, dimension), there, alone,
        )  # fmt: skip

    def _held(self, rule: ReadyRule, state: Plane, dimension: str) -> int | Points:
        """Confidence scales what holds; a chain passes on no more than it has."""
        held: int | Points = rule.points
        if state.sure is not None:
            held = (rule.points * state.sure.astype(np.int16) // 100).astype(np.int16)
        passed = self._passed(rule.node, dimension)
        if passed is not None:
            held = np.where(passed >= 0, np.minimum(held, passed), held)
            held = held.astype(np.int16)
        return held

    def _passed(self, node: Node, dimension: str) -> Points | None:
        """The most points among the verdicts that hold in a condition; −1: none."""
        found: Points | None = None
        for leaf in _verdict_leaves(node):
            true = unpack(
                self.world.state(leaf, dimension).true,
                self.batch.levels[dimension].rows,
            )
            points = self.world.points_at(leaf.name, dimension)
            mine = np.where(true, points, np.int16(-1))
            found = mine if found is None else np.maximum(found, mine)
        return found

    def _fit(self, models: tuple[str, ...], dimension: str) -> Bits | None:
        """Rows of companies of these sales models; None: all of them."""
        known = self.batch.models
        if not models or known is None:
            return None
        key = (models, dimension)
        if key not in self._fits:
            fits = np.array([m is None or m in models for m in known], np.bool_)
            owner = self.batch.levels[dimension].owner
            self._fits[key] = pack(fits if owner is None else fits[owner])
        return self._fits[key]

    # verdicts

    def _verdicts(self, causes: Sequence[ReadyCause]) -> None:
        for cause in causes:
            for dimension in self._dimensions(cause):
                self.found.causes[cause.id, dimension] = self._judge(cause, dimension)
        for cause in causes:
            self._settle_rivals(cause, {c.id: c for c in causes})
        for cause in causes:
            for dimension in self._dimensions(cause):
                self._readable(cause, dimension)
            if cause.spec.for_each:
                self._readable_on_any(cause, cause.spec.for_each)

    def _dimensions(self, cause: ReadyCause) -> list[str]:
        if cause.spec.for_each:
            wanted = [cause.spec.for_each]
        else:
            wanted = ["", *sorted({r.for_each for r in cause.rules if r.for_each})]
        return [d for d in wanted if d in self.batch.levels]

    def _items(self, cause: ReadyCause, dimension: str) -> list[Item]:
        """A slice reads its own rules and the company's; the company the best slice."""
        found = []
        for rule in cause.rules:
            key = rule_key(rule.direction, rule.id)
            own = rule.for_each or ""
            item = self.found.rules.get((cause.id, key, own))
            if item is None or (own and dimension not in ("", own)):
                continue
            if own == dimension:
                found.append(item)
            elif not own:
                found.append(_spread(item, self.batch.levels[dimension]))
            else:
                best = best_rows(item, self.batch.levels[own], self.batch.cases)
                found.append(best)
        return found

    def _judge(self, cause: ReadyCause, dimension: str) -> Judged:
        level = self.batch.levels[dimension]
        items = self._items(cause, dimension)
        sums = total(items, level.rows)
        world = self.world

        def states(nodes: Sequence[Node]) -> list[Plane]:
            return [world.state(n, dimension) for n in nodes]

        gate, cancel = states(cause.gate), states([*cause.unless, *cause.rules_out])
        able = enough(gate, len(gate)).true if gate else None
        if cause.spec.explains:
            harm = states([_symptom(s) for s in cause.spec.explains])
            absent = np.bitwise_and.reduce([p.false for p in harm])
            able = _both(able, ones(level.rows) & ~absent)
        points = sums.points
        verdict = np.full(level.rows, _OPEN, np.int8)
        verdict[points <= UNLIKELY] = _UNLIKELY
        verdict[points >= TWO_GROUPS] = _POSSIBLE
        two = (points >= POSSIBLE) & (points < TWO_GROUPS) & (sums.groups >= 2)
        doubtful = np.flatnonzero(two & sums.cut)
        if len(doubtful):
            two[doubtful] = _groups_for(items, doubtful, level.rows) >= 2
        verdict[two] = _POSSIBLE
        likely = points >= LIKELY
        if able is not None:
            likely &= unpack(able, level.rows)
        verdict[likely] = _LIKELY
        if cause.spec.needs:
            known = np.bitwise_and.reduce(
                [world.known(n, dimension) for n in cause.spec.needs]
            )
            verdict[~unpack(known, level.rows)] = _CANNOT
        if cancel:
            out = np.bitwise_or.reduce([p.true for p in cancel])
            verdict[unpack(out, level.rows)] = _RULED_OUT
        fits = self._fit(tuple(cause.spec.applies_to), dimension)
        if fits is not None:
            verdict[~unpack(fits, level.rows)] = NO_ROW
        if dimension and not cause.spec.for_each:
            verdict[~self._speaks(cause, items, dimension)] = NO_ROW
        return Judged(verdict, sums, items, np.zeros(level.rows, np.bool_))

    def _speaks(
        self, cause: ReadyCause, items: list[Item], dimension: str
    ) -> NDArray[np.bool_]:
        """Whether the rules of the slice itself add anything."""
        rows = self.batch.levels[dimension].rows
        own = {rule_key(r.direction, r.id) for r in cause.rules if r.for_each}
        mine = [i for i in items if f"{i.direction} {i.rule}" in own]
        speaks = np.zeros(rows, np.bool_)
        held = [i.true for i in mine]
        if not held:
            return speaks
        some = np.flatnonzero(unpack(np.bitwise_or.reduce(held), rows))
        if len(some):
            each = counted(items, some, rows)
            speaks[some] = np.any([each[k] != 0 for k in each if k in own], axis=0)
        return speaks

    def _settle_rivals(self, cause: ReadyCause, layer: dict[str, ReadyCause]) -> None:
        """Demote likely rivals that no discriminator separates by 10 points."""
        rivals = {r for r in cause.spec.rivals if r in layer}
        rivals |= {c.id for c in layer.values() if cause.id in c.spec.rivals}
        for dimension in self._dimensions(cause) if rivals else []:
            mine = self.found.causes[cause.id, dimension]
            for other in sorted(rivals - {cause.id}):
                rival = self.found.causes.get((other, dimension))
                if rival is None:
                    continue
                rows = np.flatnonzero(_was_likely(mine) & _was_likely(rival))
                if not len(rows):
                    continue
                size = self.batch.levels[dimension].rows
                apart = np.abs(
                    _separation(cause, other, mine.items, rows, size)
                    - _separation(layer[other], cause.id, rival.items, rows, size)
                )
                close = rows[apart < SEPARATION]
                mine.demoted[close] = True
                mine.verdict[close] = _POSSIBLE

    def _readable(self, cause: ReadyCause, dimension: str) -> None:
        """A verdict as a fact: true when likely, false when it cannot become so."""
        row, name = self.found.causes[cause.id, dimension], f"cause:{cause.id}"
        verdict = row.verdict
        true = verdict == _LIKELY
        settled = (verdict == _RULED_OUT) | (verdict == _UNLIKELY) | row.demoted
        known = true | settled | (row.sums.best < LIKELY)
        self.world.derived[name, dimension] = Plane.of(
            true, known & (verdict != NO_ROW)
        )
        self.world.points[name, dimension] = np.maximum(row.sums.points, np.int16(0))

    def _readable_on_any(self, cause: ReadyCause, dimension: str) -> None:
        """The company's reading of a cause judged per slice: likely on any of them."""
        cases, name = self.batch.cases, f"cause:{cause.id}"
        held, open_, any_ = (np.zeros(cases, np.bool_) for _ in range(3))
        points = np.zeros(cases, np.int16)
        level = self.batch.levels.get(dimension)
        if level is not None and level.rows:
            assert level.owner is not None
            plane = self.world.derived[name, dimension]
            true, known = (unpack(b, level.rows) for b in (plane.true, plane.known))
            there = self.found.causes[cause.id, dimension].verdict != NO_ROW
            held[level.owner[true]] = True
            open_[level.owner[~known & there]] = True
            any_[level.owner[there]] = True
            mine = self.world.points[name, dimension]
            np.maximum.at(points, level.owner[true], mine[true])
        self.world.derived[name, ""] = Plane(
            cases, pack(held), pack(any_ & ~held & ~open_)
        )
        self.world.points[name, ""] = points


def _was_likely(row: Judged) -> NDArray[np.bool_]:
    return (row.verdict == _LIKELY) | row.demoted


def _separation(
    cause: ReadyCause, rival: str, items: list[Item], rows: Rows, size: int
) -> NDArray[np.int16]:
    """Counted points of the evidence that speaks for this cause and not the rival."""
    apart = {
        rule_key(r.direction, r.id)
        for r in cause.rules
        if rival in r.spec.discriminates
    }
    found = np.zeros(len(rows), np.int16)
    if apart:
        each = counted(items, rows, size)
        for key in sorted(apart & set(each)):
            found += each[key]
    return found


def _groups_for(items: list[Item], rows: Rows, size: int) -> NDArray[np.int16]:
    """Groups of evidence that count for a cause."""
    each = counted([i for i in items if i.direction == "for"], rows, size)
    groups: dict[str, NDArray[np.bool_]] = {}
    for item in items:
        if item.direction == "for":
            hit = each[f"for {item.rule}"] > 0
            groups[item.group] = groups.get(item.group, np.False_) | hit
    return np.sum(list(groups.values()), axis=0, dtype=np.int16)


def _spread(item: Item, level: Level) -> Item:
    """A rule of the company on the rows of its slices."""
    owner = level.owner
    assert owner is not None

    def at(bits: Bits) -> Bits:
        return pack(unpack(bits, item.state.rows)[owner])

    return Item(
        item.rule, item.direction, item.group, item.full, item.state.at(owner),
        item.held if isinstance(item.held, int) else item.held[owner],
        None if item.there is None else at(item.there),
        item.alone if isinstance(item.alone, bool) else at(item.alone),
    )  # fmt: skip


def _both(one: Bits | None, other: Bits | None) -> Bits | None:
    if one is None or other is None:
        return one if other is None else other
    return one & other


def _symptom(name: str) -> Leaf:
    from salesdx.knowledge.grammar import HOLDS

    return Leaf(f"symptom:{name}", HOLDS)


def _verdict_leaves(node: Node) -> list[Leaf]:
    if isinstance(node, Leaf):
        return [node] if node.name.startswith("cause:") else []
    if isinstance(node, Group):
        return [leaf for part in node.parts for leaf in _verdict_leaves(part)]
    return []
