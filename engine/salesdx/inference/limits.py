"""The undocumented limits of durable_rules, checked before it would crash or hang."""

from collections import Counter
from collections.abc import Iterable, Sequence

from salesdx.errors import Said
from salesdx.inference.program import MAX_LEAVES, ChainRule

MAX_VALUES, MAX_USES, MAX_RULES = 510, 255, 4000


class Limit(Said):
    """What is too much, with the group and the rule that it is told of, if any."""

    __slots__ = ("group", "rule")
    group: str
    rule: str

    def __new__(cls, en: str, ru: str, group: str = "", rule: str = "") -> "Limit":
        """Make the message; a group is a cause, or `symptoms`."""
        said = super().__new__(cls, en, ru)
        assert isinstance(said, Limit)
        said.group, said.rule = group, rule
        return said


def check(rules: Sequence[ChainRule]) -> list[Limit]:
    """Return what durable_rules would mistake, crash or hang on, in words."""
    uses = Counter((r.group, leaf) for r in rules for leaf in r.leaves)
    groups = Counter(group for group, _ in uses)
    names = {(r.group, r.id) for r in rules} | set(uses)
    found = [
        Limit(f"{g}|{k}: no '|' in a name", f"{g}|{k}: в имени не может быть «|»", g, k)
        for g, k in names
        if "|" in g + k
    ]
    found += [
        Limit(
            f"{a} and {b}: equal fact hashes",
            f"{a} и {b}: у фактов одинаковый хеш",
            *a.split(":", 1),
        )
        for a, b in _same_hash(uses)
    ]
    found += [
        Limit(
            f"{r.group}|{r.id}: 1..{MAX_LEAVES} leaves, all different",
            f"{r.group}|{r.id}: нужно от 1 до {MAX_LEAVES} разных условий",
            r.group,
            r.id,
        )
        for r in rules
        if not 1 <= len(r.leaves) <= MAX_LEAVES or len(set(r.leaves)) < len(r.leaves)
    ]
    found += [
        Limit(f"{g}: over {MAX_VALUES} leaves", f"{g}: больше {MAX_VALUES} условий", g)
        for g, n in groups.items()
        if n > MAX_VALUES
    ]
    found += [
        Limit(
            f"{k}: read by over {MAX_USES} rules",
            f"{k}: его читают больше {MAX_USES} правил",
            g,
            k,
        )
        for (g, k), n in uses.items()
        if n > MAX_USES
    ]
    if len(groups) > MAX_VALUES or len(rules) > MAX_RULES:
        size = len(groups), len(rules)
        found.append(
            Limit(
                f"{size[0]} groups, {size[1]} rules: split the pack",
                f"групп {size[0]}, правил {size[1]}: разделите набор",
            )
        )
    return sorted(found)


def _same_hash(names: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fact ids that durable_rules cannot tell apart (32-bit FNV-1a of the id)."""
    seen: dict[int, str] = {}
    twins = []
    for fact in sorted(f"{group}:{leaf}" for group, leaf in names):
        h = 0x811C9DC5
        for byte in fact.encode():
            h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
        if h in seen:
            twins.append((seen[h], fact))
        seen[h] = fact
    return twins
