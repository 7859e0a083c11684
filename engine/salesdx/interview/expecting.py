"""The score to be expected of a cause while questions are open.

Rules hold with chances; within a group the strongest that holds counts, and single
answers share one allowance, as in `inference.points`. Where nothing is open the
expected score is the score. Chances are taken as independent: it is an expectation for
choosing a question, never a score that is shown.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from salesdx.inference.points import SINGLE_CAP, Item
from salesdx.interview.compiled import CompiledCause, CompiledRule
from salesdx.interview.program import Chances, Facts, Test

_LEAST = 1e-9
Member = tuple[float, float, float, bool]  # points, chance true, false; single answer
# what firm rules give, what single answers add to that, and the variance of the latter
Sum = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Expected:
    """One cause while questions are open.

    `points` are to be expected; `free` is the chance that every gate holds, harm is not
    known to be absent and nothing cancels. `low` and `high` bound the points;
    `decided` is the share of the evidence within reach that is decided; `reach` says
    how many groups speak for it, or may.
    """

    points: float
    free: float
    members: tuple[Member, ...]
    sums: tuple[Sum, ...]
    groups: Sequence[Sequence[int]]
    signs: Sequence[bool]
    low: float
    high: float
    decided: float
    reach: int


class Bill:
    """The rules and checks of one cause, laid out for expectations."""

    def __init__(self, cause: CompiledCause, symptoms: Mapping[str, Test]) -> None:
        self._cause, self._symptoms = cause, symptoms
        places: dict[tuple[str, str], list[int]] = {}
        for i, rule in enumerate(cause.rules):
            places.setdefault((rule.rule.direction, rule.rule.group), []).append(i)
        self._place = {key: n for n, key in enumerate(places)}
        self._groups = list(places.values())
        self._of_rule = [
            self._place[r.rule.direction, r.rule.group] for r in cause.rules
        ]
        self._signs = [direction == "for" for direction, _ in places]

    def expected(
        self, facts: Facts, chances: Chances, points: Mapping[str, int],
        sliced: Iterable[Item] = (),
    ) -> Expected:  # fmt: skip
        """Reckon from nothing; `points` are those of the verdicts that rules read."""
        members = [_member(r, facts, chances, points) for r in self._cause.rules]
        groups, signs = [list(g) for g in self._groups], list(self._signs)
        for item in sliced:  # rules of slices, as they stand
            place = self._place.get((item.direction, item.group), len(groups))
            if place == len(groups):
                groups.append([])
                signs.append(item.direction == "for")
            groups[place].append(len(members))
            held = 1.0 if item.state else 0.0
            members.append((item.points, held, 1.0 - held, item.single))
        sums = [group_sum([members[i] for i in g]) for g in groups]
        most = _bound(members, groups, signs, up=True)
        least = _bound(members, groups, signs, up=False)
        return Expected(
            _whole(sums, signs), self._free(facts, chances), tuple(members),
            tuple(sums), groups, signs, least, most, _decided(members),
            _reach(members, groups, signs),
        )  # fmt: skip

    def supposing(
        self, base: Expected, rules: Sequence[int], checks: bool,
        facts: Facts, chances: Chances, points: Mapping[str, int],
    ) -> tuple[float, float]:  # fmt: skip
        """Points and freedom if chances were others, of which `rules` read some."""
        if not rules:
            return base.points, self._free(facts, chances)
        new = {i: _member(self._cause.rules[i], facts, chances, points) for i in rules}
        sums = list(base.sums)
        for place in {self._of_rule[i] for i in rules}:
            mine = [new.get(i, base.members[i]) for i in base.groups[place]]
            sums[place] = group_sum(mine)
        free = self._free(facts, chances) if checks else base.free
        return _whole(sums, base.signs), free

    def leaning(self, i: int, facts: Facts, chances: Chances) -> float:
        """Points of one rule if it came out as supposed: for, less against."""
        worth, true, _, _ = _member(self._cause.rules[i], facts, chances, {})
        sign = 1.0 if self._cause.rules[i].rule.direction == "for" else -1.0
        return sign * worth * true

    def _free(self, facts: Facts, chances: Chances) -> float:
        cause = self._cause
        if any(
            n not in facts or facts[n].value is None for n in cause.cause.spec.needs
        ):
            return 0.0
        free = 1.0
        for test in cause.gate:
            free *= test(facts, chances)[0]
        for test in cause.cancel:
            free *= 1.0 - test(facts, chances)[0]
        if cause.harms and free:
            absent = 1.0
            for name in cause.harms:
                absent *= self._absent(name, facts, chances)
            free *= 1.0 - absent
        return free

    def _absent(self, name: str, facts: Facts, chances: Chances) -> float:
        fact = facts.get(name)
        if fact is not None and fact.value is not None:
            return 0.0 if fact.value else 1.0
        test = self._symptoms.get(name)
        return test(facts, chances)[1] if test else 0.0


def _member(
    rule: CompiledRule, facts: Facts, chances: Chances, points: Mapping[str, int]
) -> Member:
    true, false, sure = rule.test(facts, chances)
    worth = rule.rule.points
    if true and sure != 100:
        worth = worth * sure // 100
    if rule.verdicts:
        read = {n: facts.get(n) for n in rule.verdicts}
        passed = [points.get(n, 0) for n, f in read.items() if f and f.value]
        worth = min(worth, max(passed)) if passed else worth
    return worth, true, false, rule.single(facts)


def group_sum(members: list[Member]) -> Sum:
    """The strongest firm rule to be expected, and what stronger single ones add."""
    if len(members) == 1:
        worth, true, _, single = members[0]
        if not single:
            return worth * true, 0.0, 0.0
        return 0.0, worth * true, worth * worth * true * (1.0 - true)
    members.sort(key=_worth)
    firm = every = most = 0.0
    firm_left = left = 1.0
    for worth, true, _, single in members:
        if not true:
            continue
        every += worth * true * left
        left *= 1.0 - true
        if not single:
            firm += worth * true * firm_left
            firm_left *= 1.0 - true
        elif worth > most:
            most = worth
    more = every - firm
    return firm, more, max(0.0, more * (most - more))


def _worth(member: Member) -> float:
    return -member[0]


def _whole(sums: Sequence[Sum], signs: Sequence[bool]) -> float:
    """The points of all groups: for less against."""
    up = down = up_more = down_more = up_wide = down_wide = 0.0
    for (firm, more, wide), sign in zip(sums, signs, strict=False):
        if sign:
            up += firm
            up_more += more
            up_wide += wide
        else:
            down += firm
            down_more += more
            down_wide += wide
    return up + _capped(up_more, up_wide) - down - _capped(down_more, down_wide)


def _capped(mean: float, wide: float) -> float:
    """The allowance of single answers to be used: a mean of what is cut off at the cap.

    As if normal. Cut only after the mean, one more answer would seem to add nothing.
    """
    spread = math.sqrt(wide) if wide > _LEAST else 0.0
    if mean + 3.0 * spread <= SINGLE_CAP or not spread:
        return min(SINGLE_CAP, mean)
    z = (SINGLE_CAP - mean) / spread
    below = 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    return mean * below + SINGLE_CAP * (1.0 - below) - spread * density


def _bound(
    members: Sequence[Member], groups: Sequence[Sequence[int]], signs: Sequence[bool],
    *, up: bool,
) -> float:  # fmt: skip
    """The points if all that may still hold held for the better, or for the worse."""
    sums = []
    for group, sign in zip(groups, signs, strict=True):
        hopeful = sign == up
        held = [
            (worth, 1.0, 0.0, single)
            for worth, true, _, single in (members[i] for i in group)
            if (true > 0.0 if hopeful else true == 1.0)
        ]
        sums.append(group_sum(held) if held else (0.0, 0.0, 0.0))
    return _whole(sums, signs)


def _reach(
    members: Sequence[Member], groups: Sequence[Sequence[int]], signs: Sequence[bool]
) -> int:
    """Groups of evidence for the cause that hold or may hold."""
    return sum(
        sign and any(members[i][1] > 0.0 for i in group)
        for group, sign in zip(groups, signs, strict=True)
    )


def _decided(members: Sequence[Member]) -> float:
    """The share of evidence that is decided, of all that is or may be."""
    known = sum(m[0] for m in members if m[1] == 1.0 or m[2] == 1.0)
    maybe = sum(m[0] for m in members if m[1] + m[2] > 0.0 and max(m[1:3]) < 1.0)
    return known / (known + maybe) if known + maybe else 1.0
