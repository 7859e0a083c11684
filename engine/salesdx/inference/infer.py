"""infer(case facts) -> symptoms and verdicts; one semantics over any executor.

Stratum by stratum: Python decides the leaves, the executor fires, the points calculus
totals, and verdicts become readable for the causes above. Nothing is retracted: a
changed answer is a new case.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from salesdx.facts import COMPANY, FactBase, Slice
from salesdx.inference.points import Item, total
from salesdx.inference.program import SYMPTOMS, Candidate, Executor, Session, rule_key
from salesdx.inference.verdicts import (
    CauseOutcome,
    RuleOutcome,
    settle_rivals,
    verdict_of,
)
from salesdx.inference.world import Case
from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadyRule, ReadySymptom
from salesdx.knowledge.conditions import Leaf, Node, Outcome, State, evaluate


@dataclass(frozen=True, slots=True)
class SymptomOutcome:
    """One symptom on one slice."""

    symptom: ReadySymptom
    where: Slice
    outcome: Outcome


@dataclass(slots=True)
class Inference:
    """Everything the rules concluded, by (id, slice), with the trees."""

    executor: str
    case: Case
    symptoms: dict[tuple[str, Slice], SymptomOutcome] = field(default_factory=dict)
    causes: dict[tuple[str, Slice], CauseOutcome] = field(default_factory=dict)


class _Sessions:
    """One session a slice, opened on first use, closed together.

    An engine may hold only so many live sessions: the oldest is closed early, and a
    session opened anew gets what it needs from the trees.
    """

    LIVE = 400

    def __init__(self, executor: Executor) -> None:
        self._executor = executor
        self._open: dict[Slice, Session] = {}

    def at(self, where: Slice) -> Session:
        if where not in self._open:
            if len(self._open) >= self.LIVE:
                self.close(next(iter(self._open)))
            dimension = where[0][0] if where else ""
            self._open[where] = self._executor.session(dimension)
        return self._open[where]

    def close(self, where: Slice) -> None:
        session = self._open.pop(where, None)
        if session is not None:
            session.close()

    def close_all(self) -> None:
        for where in list(self._open):
            self.close(where)


def infer(
    knowledge: KnowledgeBase,
    facts: FactBase,
    executor: Executor,
    *,
    sales_model: str | None = None,
    benchmarks: Mapping[str, float | None] | None = None,
) -> Inference:
    """Judge one case. `benchmarks` are the thresholds that fit it, by name."""
    case = Case(knowledge, facts, benchmarks or {})
    found = Inference(executor.name, case)
    wheres = {d: case.slices(d) for d in knowledge.dimensions}
    outcomes: dict[tuple[str, str, Slice], RuleOutcome] = {}
    sessions = _Sessions(executor)
    try:
        _symptoms(found, case, sessions, wheres)
        for layer in range(
            1 + max((c.layer for c in knowledge.causes.values()), default=0)
        ):
            causes = [
                c for c in knowledge.causes.values()
                if c.layer == layer and _applies(c.spec.applies_to, sales_model)
                and not knowledge.is_off("causes", c.id)
            ]  # fmt: skip
            _rules(causes, case, sessions, wheres, outcomes, sales_model)
            _verdicts(causes, found, wheres, outcomes)
    finally:
        sessions.close_all()
    return found


def _applies(models: Sequence[str], sales_model: str | None) -> bool:
    return not models or sales_model is None or sales_model in models


def _symptoms(
    found: Inference, case: Case, sessions: _Sessions, wheres: dict[str, list[Slice]]
) -> None:
    symptoms = case.knowledge.symptoms.values()
    for layer in range(1 + max((s.layer for s in symptoms), default=0)):
        here = [s for s in symptoms if s.layer == layer]
        for dimension in ("", *sorted(wheres)):
            group = [s for s in here if (s.spec.for_each or "") == dimension]
            for where in wheres.get(dimension, [COMPANY]) if group else []:
                _symptoms_at(found, case, sessions, group, where)
        for symptom in here:
            if symptom.spec.for_each:
                outcome = _any_slice(found, symptom)
                found.symptoms[symptom.id, COMPANY] = SymptomOutcome(
                    symptom, COMPANY, outcome
                )
                case.add_symptom(symptom.id, COMPANY, outcome)


def _symptoms_at(
    found: Inference,
    case: Case,
    sessions: _Sessions,
    group: list[ReadySymptom],
    where: Slice,
) -> None:
    trees = {s.id: evaluate(s.node, case.at(where)) for s in group}
    offered = [Candidate(SYMPTOMS, s.id, trees[s.id]) for s in group]
    fired = sessions.at(where).fire(offered)
    for symptom in group:
        outcome = _settled(trees[symptom.id], (SYMPTOMS, symptom.id) in fired)
        found.symptoms[symptom.id, where] = SymptomOutcome(symptom, where, outcome)
        case.add_symptom(symptom.id, where, outcome)


def _settled(tree: Outcome, fired: bool) -> Outcome:
    """The executor decides what is true; the tree, what is false or unknown."""
    if fired == (tree.state is True):
        return tree
    state: State = True if fired else None
    return Outcome(tree.node, state, tree.confidence, tree.fact, tree.parts)


def _any_slice(found: Inference, symptom: ReadySymptom) -> Outcome:
    """The {} row of a sliced symptom: true if any slice is, else unknown if any is."""
    rows = [o.outcome for (i, _), o in found.symptoms.items() if i == symptom.id]
    return _best_of(symptom.node, rows)


def _best_of(node: Node, rows: Sequence[Outcome]) -> Outcome:
    held = [o for o in rows if o.state]
    if held:
        return max(held, key=lambda o: o.confidence)
    unknown = [o for o in rows if o.state is None]
    if unknown or not rows:
        return Outcome(node, None, parts=unknown[0].parts if unknown else ())
    return Outcome(node, False, parts=rows[0].parts)


def _rules(
    causes: list[ReadyCause],
    case: Case,
    sessions: _Sessions,
    wheres: dict[str, list[Slice]],
    outcomes: dict[tuple[str, str, Slice], RuleOutcome],
    sales_model: str | None,
) -> None:
    """Evaluate and fire the rules of one layer on every slice they run for."""
    for dimension in ("", *sorted(wheres)):
        rules = [
            r for c in causes for r in c.rules
            if (r.for_each or "") == dimension
            and _applies(r.spec.applies_to, sales_model)
        ]  # fmt: skip
        for where in wheres.get(dimension, [COMPANY]) if rules else []:
            view = case.at(where)
            trees = [(r, evaluate(r.node, view)) for r in rules]
            offered = [
                Candidate(r.cause, rule_key(r.direction, r.id), tree)
                for r, tree in trees
            ]
            fired = sessions.at(where).fire(offered)
            for rule, tree in trees:
                key = rule_key(rule.direction, rule.id)
                outcome = _settled(tree, (rule.cause, key) in fired)
                item = _item(rule, outcome, case)
                outcomes[rule.cause, key, where] = RuleOutcome(
                    rule, outcome, item, where
                )


def _item(rule: ReadyRule, outcome: Outcome, case: Case) -> Item:
    """Points of a rule: answer confidence scales, a chain passes on no more."""
    points = rule.points
    if outcome.state:
        points = points * outcome.confidence // 100
        passed = [case.points[leaf] for leaf in _verdict_leaves(outcome)]
        if passed:
            points = min(points, max(passed))
    return Item(
        rule.id, rule.direction, points, rule.points,
        rule.group, rule.rests_on_an_answer(outcome), outcome.state,
    )  # fmt: skip


def _verdict_leaves(outcome: Outcome) -> list[tuple[str, Slice]]:
    """Verdicts that made a rule true: (`cause:<id>`, slice)."""
    return [
        (leaf.node.name, leaf.fact.slice)
        for leaf in outcome.leaves()
        if isinstance(leaf.node, Leaf)
        and leaf.node.name.startswith("cause:")
        and leaf.state
        and leaf.fact is not None
    ]


def _verdicts(
    causes: list[ReadyCause],
    found: Inference,
    wheres: dict[str, list[Slice]],
    outcomes: dict[tuple[str, str, Slice], RuleOutcome],
) -> None:
    layer: dict[tuple[str, Slice], CauseOutcome] = {}
    for cause in causes:
        for where in _rows(cause, wheres):
            rules = _rules_at(cause, where, wheres, outcomes)
            row = _judge(found, cause, where, rules)
            if not where or cause.spec.for_each or _speaks(row, where):
                layer[cause.id, where] = row
    for key, row in settle_rivals(layer).items():
        found.causes[key] = row
        found.case.add_verdict(row)
    for cause in causes:
        if cause.spec.for_each:
            found.case.add_any_verdict(cause.id)


def _rows(cause: ReadyCause, wheres: dict[str, list[Slice]]) -> list[Slice]:
    """Slices on which a cause is judged; one that blames a person has no {} row."""
    if cause.spec.for_each:
        return wheres.get(cause.spec.for_each, [])
    each = sorted({r.for_each for r in cause.rules if r.for_each})
    return [COMPANY, *(w for d in each for w in wheres.get(d, []))]


def _speaks(row: CauseOutcome, where: Slice) -> bool:
    """Whether the rules of the slice itself add anything."""
    return any(
        row.total.counted.get((r.item.direction, r.item.rule)) for r in row.rules
        if r.where == where
    )  # fmt: skip


def _rules_at(
    cause: ReadyCause,
    where: Slice,
    wheres: dict[str, list[Slice]],
    outcomes: dict[tuple[str, str, Slice], RuleOutcome],
) -> list[RuleOutcome]:
    """A slice reads its own rules and the company's; the company, the best slice."""
    found = []
    for rule in cause.rules:
        key = rule_key(rule.direction, rule.id)
        if rule.for_each is None:
            rows = [outcomes.get((cause.id, key, COMPANY))]
        elif where:
            rows = [outcomes.get((cause.id, key, where))]
        else:
            rows = [outcomes.get((cause.id, key, w)) for w in wheres[rule.for_each]]
        known = [r for r in rows if r is not None and not _silent(r)]
        if known:
            found.append(max(known, key=_strength))
    return found


def _silent(row: RuleOutcome) -> bool:
    """What no planning meeting wrote down is neither evidence nor a gap in it."""
    return row.rule.recorded and row.item.state is not True


def _strength(row: RuleOutcome) -> tuple[int, int]:
    """True before unknown before false, then by points (ties: the first slice)."""
    rank = {True: 2, None: 1, False: 0}[row.item.state]
    return rank, row.item.points if row.item.state else 0


def _judge(
    found: Inference, cause: ReadyCause, where: Slice, rules: list[RuleOutcome]
) -> CauseOutcome:
    view = found.case.at(where)
    bill = total(r.item for r in rules)
    gate = tuple(evaluate(n, view) for n in cause.gate)
    unless = tuple(evaluate(n, view) for n in cause.unless)
    rules_out = tuple(evaluate(n, view) for n in cause.rules_out)
    needs = tuple(n for n in cause.spec.needs if view.read(n).value is None)
    harm = _harm(view.read(f"symptom:{s}").value for s in cause.spec.explains)
    verdict = verdict_of(bill, gate, (*unless, *rules_out), needs, harm)
    return CauseOutcome(
        cause, where, tuple(rules), bill, gate, unless, rules_out, needs, harm, verdict
    )


def _harm(states: Iterable[object]) -> State:
    """False when there is a symptom to explain and every one is known to be absent."""
    known = list(states)
    if not known or any(s is True for s in known):
        return True
    return None if any(s is None for s in known) else False
