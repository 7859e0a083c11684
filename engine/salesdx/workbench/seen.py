"""What a stored case tests of an edit: whether it shows the edited thing at all."""

from collections.abc import Iterable
from typing import Literal

from salesdx.knowledge.conditions import Leaf, Outcome, State
from salesdx.workbench.differences import Edit
from salesdx.workbench.replay import Judged

Seen = Literal["fired", "silent", "unknown", "absent", "known"]
_OF: dict[State, Seen] = {True: "fired", False: "silent", None: "unknown"}


def seen(edit: Edit, old: Judged, new: Judged) -> Seen:
    """`fired`, `silent` or `unknown` of a rule, symptom; `known` or not of the rest.

    `absent` where the case has no place for it: a cause of another sales model.
    """
    side = old if edit.change == "removed" else new
    match edit.kind:
        case "rules":
            states = [
                r.outcome.state
                for (name, _), row in side.found.causes.items()
                if name == edit.entry
                for r in row.rules
                if r.rule.id == edit.part
            ]
            return _best(states)
        case "symptoms":
            rows = side.found.symptoms.items()
            return _best([o.outcome.state for (n, _), o in rows if n == edit.entry])
        case "benchmarks":
            return _compared(edit.entry, side)
        case "questions":
            fact = side.known.facts.fact(edit.entry)
            return "known" if fact.value is not None or fact.dont_know else "unknown"
        case "metrics":
            values = [v for (n, _), v in side.figures.items() if n == edit.entry]
            return "known" if any(v is not None for v in values) else "unknown"
        case "causes":
            judged = any(n == edit.entry for n, _ in side.found.causes)
            return "known" if judged else "absent"
        case _:
            return "absent"


def _best(states: Iterable[State]) -> Seen:
    found = list(states)
    if not found:
        return "absent"
    return _OF[True if True in found else None if None in found else False]


def _compared(name: str, side: Judged) -> Seen:
    """Whether any condition held a known value against a threshold."""
    known = [leaf.state is not None for leaf in _leaves(side) if _reads(leaf, name)]
    return "absent" if not known else "known" if any(known) else "unknown"


def _reads(leaf: Outcome, name: str) -> bool:
    return isinstance(leaf.node, Leaf) and name in leaf.node.comparison.thresholds


def _leaves(side: Judged) -> Iterable[Outcome]:
    for row in side.found.causes.values():
        for outcome in (*row.gate, *row.unless, *row.rules_out):
            yield from outcome.leaves()
        for rule in row.rules:
            yield from rule.outcome.leaves()
    for symptom in side.found.symptoms.values():
        yield from symptom.outcome.leaves()
