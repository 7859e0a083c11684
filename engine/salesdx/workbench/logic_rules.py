"""Faults between the rules of one cause: said twice, against itself, or in vain.

Bands of one figure, of which the stricter weighs more, are no fault: that is what a
group is for. A fault is a rule that can never count. Rules that follow from one
another always share a group, for they read a common observation, unless somebody gave
the reason in `independent`; so nothing is ever counted twice unsaid.
"""

from collections.abc import Iterator
from itertools import combinations, permutations

from salesdx.errors import Said
from salesdx.knowledge.base import ReadyCause, ReadyRule
from salesdx.knowledge.conditions import Asked, Leaf, names
from salesdx.workbench.findings import Finding
from salesdx.workbench.logic_implies import Logic
from salesdx.workbench.logic_places import Path, Stands, of_checks, of_rule
from salesdx.workbench.logic_written import written


def rule_findings(logic: Logic, cause: ReadyCause) -> Iterator[Finding]:
    """Every rule of the cause that another one, or a check, makes needless."""
    able = [r for r in cause.rules if not logic.impossible(r.node, r.for_each or "")]
    told = set()
    for first, second in combinations(able, 2):
        if not _meet(first, second) or not _same(logic, first, second):
            continue
        if first.direction != second.direction:
            yield _conflict(logic, first, second)
        elif first.path and second.path:
            told |= {(first.id, second.id), (second.id, first.id)}
            yield _twice(logic, first, second)
    for first, second in permutations([r for r in able if r.path], 2):
        if (first.id, second.id) not in told and _in_vain(logic, first, second):
            yield _subsumed(logic, first, second)
    for rule in able:
        if rule.path and rule.direction == "for":
            yield from _cancelled(logic, cause, rule)


def _meet(first: ReadyRule, second: ReadyRule) -> bool:
    """Whether both rules are ever looked at together, on the same slice."""
    one, other = set(first.spec.applies_to), set(second.spec.applies_to)
    models = not one or not other or bool(one & other)
    return models and first.for_each == second.for_each


def _same(logic: Logic, first: ReadyRule, second: ReadyRule) -> bool:
    by = first.for_each or ""
    return (
        logic.related(first.node, [second.node], by)
        and logic.implies(first.node, second.node, by)
        and logic.implies(second.node, first.node, by)
    )


def _in_vain(logic: Logic, narrow: ReadyRule, wide: ReadyRule) -> bool:
    """Whether the narrow rule never counts because the wide one always does."""
    everywhere = set(wide.spec.applies_to)
    if everywhere and not set(narrow.spec.applies_to or ("b2b", "b2c")) <= everywhere:
        return False
    return (
        _meet(narrow, wide)
        and narrow.direction == wide.direction
        and narrow.group == wide.group
        and narrow.points <= wide.points
        and _counts_like(logic, narrow, wide)
        and _separates_no_more(narrow, wide)
        and logic.related(narrow.node, [wide.node], narrow.for_each or "")
        and logic.implies(narrow.node, wide.node, narrow.for_each or "")
    )


def _separates_no_more(narrow: ReadyRule, wide: ReadyRule) -> bool:
    """Of equals either may stand on the bill, and with it the rivals it separates."""
    if narrow.points < wide.points:
        return True
    return set(narrow.spec.discriminates) <= set(wide.spec.discriminates)


def _counts_like(logic: Logic, narrow: ReadyRule, wide: ReadyRule) -> bool:
    """Whether the wide rule counts at least as fully as the narrow one.

    A single answer counts only out of a common allowance, a verdict no more than its
    own points. And what is asked of an answer (`known`) is sure even where the answer
    is a guess, so that the narrow rule might weigh more.
    """
    by = narrow.for_each or ""
    read = logic.tests(wide.node, by)
    compared = {t.name for t in read if isinstance(t, Leaf)}
    asked = {t.name for t in logic.tests(narrow.node, by) if isinstance(t, Asked)}
    unsure = asked & compared & set(logic.knowledge.questions)
    if unsure or any(name.startswith("cause:") for name in compared):
        return False
    if narrow.single or not (wide.single or wide.claim):
        return True
    alike = set(names(narrow.node)) == set(names(wide.node))
    return narrow.claim and wide.claim and alike


def _cancelled(logic: Logic, cause: ReadyCause, rule: ReadyRule) -> Iterator[Finding]:
    """A rule for the cause that holds only where the cause is ruled out."""
    by = cause.spec.for_each or ""
    if (rule.for_each or "") != by:
        return
    for check in of_checks(cause):
        cancels = check.path[0] in ("unless", "rules_out")
        if (
            cancels
            and logic.related(rule.node, [check.node], by)
            and logic.implies(rule.node, check.node, by)
        ):
            key, line = check.path[0], _line(logic, cause.id, check.path)
            yield of_rule(rule).finding(logic.knowledge, (), "conflicting-rules", Said(
                f"{rule.id} speaks for {cause.id}, and `{key}` (line {line}) cancels "
                "the cause whenever it holds",
                f"{rule.id} говорит в пользу {cause.id}, но всякий раз, когда оно "
                f"выполняется, `{key}` (строка {line}) причину снимает",
            ), Said(
                "keep one of the two", "оставьте что-то одно",
            ))  # fmt: skip


def _conflict(logic: Logic, first: ReadyRule, second: ReadyRule) -> Finding:
    rule, other = (second, first) if second.path or not first.path else (first, second)
    sides = {"for": ("for", "за"), "against": ("against", "против")}
    (en, ru), (en2, ru2) = sides[rule.direction], sides[other.direction]
    return _stands(rule).finding(logic.knowledge, (), "conflicting-rules", Said(
        f"the same condition speaks {en} {rule.cause} here and {en2} it in "
        f"{_named(logic, other, 'en')}",
        f"одно и то же условие здесь говорит {ru} {rule.cause}, а в "
        f"{_named(logic, other, 'ru')} — {ru2}",
    ), Said(
        "decide which way it speaks, or narrow one of the two conditions",
        "решите, о чём оно говорит, или сузьте одно из условий",
    ))  # fmt: skip


def _twice(logic: Logic, first: ReadyRule, second: ReadyRule) -> Finding:
    return of_rule(second).finding(logic.knowledge, (), "duplicate-rule", Said(
        f"{second.id} holds exactly when {_named(logic, first, 'en')} does",
        f"{second.id} выполняется ровно тогда же, когда {_named(logic, first, 'ru')}",
    ), Said(
        "keep the one with the better reason; only the heavier counts",
        "оставьте то, что лучше обосновано: засчитывается только более весомое",
    ))  # fmt: skip


def _subsumed(logic: Logic, narrow: ReadyRule, wide: ReadyRule) -> Finding:
    return of_rule(narrow).finding(logic.knowledge, (), "subsumed-rule", Said(
        f"{narrow.id} can never count: whenever it holds, "
        f"{_named(logic, wide, 'en')} holds too and weighs no less",
        f"{narrow.id} никогда не засчитается: когда оно выполняется, выполняется и "
        f"{_named(logic, wide, 'ru')}, а весит не меньше",
    ), Said(
        "give the stricter rule more weight, or delete it",
        "дайте более строгому правилу больший вес или удалите его",
    ))  # fmt: skip


def _named(logic: Logic, rule: ReadyRule, language: str) -> str:
    if not rule.path:
        return f"{rule.id} ({written(rule.node)})"
    word = "line" if language == "en" else "строка"
    return f"{rule.id} ({word} {_line(logic, rule.cause, rule.path)})"


def _line(logic: Logic, cause: str, path: Path) -> int:
    entry = logic.knowledge.entries["causes"][cause]
    return entry.document.place((*entry.path, *path))[0]


def _stands(rule: ReadyRule) -> Stands:
    """The rule's place; a rule that a question made stands at the question."""
    if rule.path:
        return of_rule(rule)
    question = next(names(rule.node))
    return Stands("questions", question, ("options",), question, rule.node)
