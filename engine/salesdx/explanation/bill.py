"""One cause as a row of the result: the bill, the checks, what is missing."""

from collections.abc import Sequence

from salesdx.diagnosis import Diagnosed
from salesdx.explanation.phrases import condition
from salesdx.explanation.tuned import tuned_rule
from salesdx.explanation.wording import Wording
from salesdx.inference.verdicts import CauseOutcome, RuleOutcome
from salesdx.inference.world import Case
from salesdx.knowledge.conditions import Leaf, Outcome, State, names
from salesdx.language import Text
from salesdx.result import CauseRow, Check, Evidence, FactValue, Missing

STATES = {True: "true", False: "false", None: "unknown"}
NO_HARM = Text(
    en="No harm that this would do is seen: worth mending, but not a loss",
    ru="Вреда, который был бы от этого, не видно: это гигиена, а не потеря",
)
_TWO_GROUPS = Text(en="One piece of evidence only", ru="Свидетельство пока одно")


def cause_row(row: Diagnosed, case: Case, wording: Wording) -> CauseRow:
    """The row of the result document."""
    outcome = row.outcome
    spec = outcome.cause.spec
    return CauseRow(
        id=spec.id, ref=spec.ref, kind=spec.kind, title=spec.title,
        summary=spec.summary, slice=dict(outcome.where), verdict=outcome.verdict,
        points=outcome.total.points, worst=outcome.total.worst,
        best=outcome.total.best, coverage=round(outcome.total.coverage, 6),
        rank=row.rank, role=row.role, hygiene=row.hygiene,
        evidence=_evidence(outcome, case, wording),
        checks=checks(outcome, case, wording),
        missing=missing(outcome, case, wording), remedies=spec.remedies,
        verify=spec.verify, explains=spec.explains,
        losses=[x.id for x in row.losses], money=row.money,
        leads_to=spec.leads_to, aggravates=spec.aggravates, rivals=spec.rivals,
    )  # fmt: skip


def _evidence(outcome: CauseOutcome, case: Case, wording: Wording) -> list[Evidence]:
    held = [r for r in outcome.rules if r.item.state]
    lines = [_line(r, outcome, case, wording) for r in held]
    return sorted(
        lines,
        key=lambda e: (e.direction != "for", -abs(e.counted), -abs(e.points), e.rule),
    )


def _line(
    row: RuleOutcome, outcome: CauseOutcome, case: Case, wording: Wording
) -> Evidence:
    rule = row.rule
    sign = 1 if rule.direction == "for" else -1
    source = rule.spec.source.model_dump(exclude_none=True)
    return Evidence(
        rule=rule.id, ref=rule.spec.ref, direction=rule.direction,
        points=sign * row.item.points,
        counted=outcome.total.counted.get((rule.direction, rule.id), 0),
        group=rule.group, because=wording.fill(rule.because, case.at(row.where)),
        source=source, grade=rule.spec.grade, facts=facts_of(row.outcome, wording),
        tuned=tuned_rule(wording, rule.cause, rule.id),
    )  # fmt: skip


def facts_of(outcome: Outcome, wording: Wording) -> dict[str, FactValue]:
    """The values behind an outcome, by name; of a choice, the option it was for."""
    found: dict[str, FactValue] = {}
    for leaf in outcome.leaves():
        fact = leaf.fact
        if fact is None:
            continue
        metric = wording.knowledge.metrics.get(fact.name)
        value = list(fact.value) if isinstance(fact.value, tuple) else fact.value
        compared = leaf.node.comparison if isinstance(leaf.node, Leaf) else None
        if compared and compared.op == "includes" and isinstance(value, list):
            value = [c for c in value if c in compared.operands]
        found[fact.name] = FactValue(
            value=value, unit=metric.unit if metric else None, by=fact.by or None,
            confidence=fact.confidence, shown=_shown(fact.name, value, wording),
        )  # fmt: skip
    return dict(sorted(found.items()))


def _shown(name: str, value: object, wording: Wording) -> Text | None:
    """The titles of the chosen options; None where the value says it all."""
    question = wording.knowledge.questions.get(name)
    codes = value if isinstance(value, list) else [value]
    titles = [o.title for o in question.options if o.code in codes] if question else []
    if not titles or len(titles) < len(codes):
        return None
    return Text(en="; ".join(t.en for t in titles), ru="; ".join(t.ru for t in titles))


def checks(outcome: CauseOutcome, case: Case, wording: Wording) -> list[Check]:
    """Gates and what cancels, each with its state; and why a verdict was capped."""
    view = case.at(outcome.where)
    kinds: list[tuple[str, Sequence[Outcome]]] = [
        ("gate", outcome.gate), ("unless", outcome.unless),
        ("rules_out", outcome.rules_out),
    ]  # fmt: skip
    found = [
        Check(kind=kind, state=_state(o.state), text=condition(o.node, wording, view))
        for kind, outcomes in kinds
        for o in outcomes
    ]
    if outcome.harm is False:
        found.append(Check(kind="no_harm", state="true", text=NO_HARM))
    for rival in outcome.rivals:
        title = wording.knowledge.causes[rival].spec.title
        text = Text(
            en=f"Not told apart from: {title.en}", ru=f"Не отличить от: {title.ru}"
        )
        found.append(Check(kind="rival", state="true", text=text))
    if outcome.total.points >= 10 and outcome.verdict == "open":
        found.append(Check(kind="two_groups", state="false", text=_TWO_GROUPS))
    return found


def _state(state: State) -> str:
    return STATES[state]


def missing(outcome: CauseOutcome, case: Case, wording: Wording) -> list[Missing]:
    """Unknown names that could move the verdict, the strongest first."""
    return [
        Missing(
            question=name if name in wording.knowledge.questions else None,
            metric=None if name in wording.knowledge.questions else name,
            title=wording.knowledge.title(name), could_add=points,
        )
        for name, points in could_add(outcome, case)
    ]  # fmt: skip


def could_add(outcome: CauseOutcome, case: Case) -> list[tuple[str, int]]:
    """Unknown figures and questions with the points they could add, the most first.

    Symptoms are opened until a figure or a question is reached; what only a gate waits
    for adds nothing.
    """
    could: dict[str, int] = {}
    off = case.knowledge.is_off
    for row in outcome.rules:
        if row.item.state is None:
            for name in unknown_names(row.outcome, case):
                could[name] = max(could.get(name, 0), row.item.full)
    for gate in (*outcome.gate, *outcome.unless):
        if gate.state is None:
            for name in unknown_names(gate, case):
                could.setdefault(name, 0)
    for name in outcome.needs_missing:
        could.setdefault(name, 0)
    heard = [(n, p) for n, p in could.items() if not off("questions", n)]
    return sorted(heard, key=lambda item: (-item[1], item[0]))


def unknown_names(outcome: Outcome, case: Case) -> list[str]:
    """Metrics and questions that an unknown outcome waits for."""
    found: list[str] = []
    for leaf in outcome.leaves():
        if leaf.state is not None or leaf.fact is None:
            continue
        prefix, _, rest = leaf.fact.name.partition(":")
        if prefix == "symptom" and rest:
            found += _inside(rest, case)
        elif prefix == "gap" and rest:
            found.append(rest)
        elif not rest and leaf.fact.value is None:
            found.append(leaf.fact.name)
    return list(dict.fromkeys(found))


def _inside(symptom: str, case: Case) -> list[str]:
    found: list[str] = []
    for name in names(case.knowledge.symptoms[symptom].node):
        prefix, _, rest = name.partition(":")
        if prefix == "symptom" and rest:
            found += _inside(rest, case)
        elif prefix == "gap" and rest:
            found.append(rest)
        elif case.facts.fact(name).value is None:
            found.append(name)
    return found
