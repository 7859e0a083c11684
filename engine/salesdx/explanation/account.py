"""One cause on one slice, laid open: the bill, the conditions, the rivals, the gaps."""

from collections.abc import Iterator, Sequence

from salesdx.explanation.bill import NO_HARM, could_add
from salesdx.explanation.grounds import Part, Value, values
from salesdx.explanation.phrases import condition
from salesdx.explanation.tuned import tuned_rule
from salesdx.explanation.wording import Wording, both, form, joined
from salesdx.facts import COMPANY
from salesdx.inference.infer import Inference
from salesdx.inference.points import LIKELY
from salesdx.inference.verdicts import (
    SEPARATION,
    CauseOutcome,
    RuleOutcome,
    rivals_of,
    separation,
)
from salesdx.knowledge.conditions import State
from salesdx.language import Text, quoted
from salesdx.result import Tuned, Verdict
from salesdx.tables import need_title


class Line(Part):
    """One rule that holds. `points` are signed, `counted` what is left of them.

    `under` is the rule of the same group that counts instead; `capped` marks a single
    answer for which the common allowance was used up.
    """

    rule: str
    ref: list[str]
    direction: str
    points: int
    counted: int
    group: str
    under: str | None
    capped: bool
    because: Text
    where: Text | None
    values: list[Value]
    misleading_when: list[Text]
    source: dict[str, str]
    grade: str
    tuned: list[Tuned]


class Requirement(Part):
    """What has to be so for the verdict: a gate, or an objection that must not hold.

    `state` is that of the requirement itself: `true` is always good for the verdict.
    """

    kind: str
    state: str
    text: Text
    values: list[Value]


class Lacking(Part):
    """An unknown that could move the verdict, how far, and where to get it."""

    name: str
    title: Text
    could_add: int
    source: Text


class Rival(Part):
    """A cause that looks alike; `apart` are the points that tell the two apart."""

    cause: str
    title: Text
    verdict: Verdict
    points: int
    apart: int
    by: list[str]


class Account(Part):
    """Everything that an explanation tells of one cause on one slice."""

    cause: str
    title: Text
    summary: Text
    slice: dict[str, str]
    where: Text | None
    verdict: Verdict
    points: int
    worst: int
    best: int
    coverage: float
    lines: list[Line]
    requirements: list[Requirement]
    missing: list[Lacking]
    rivals: list[Rival]
    lacks: list[Text]
    verify: Text


def account(outcome: CauseOutcome, found: Inference, wording: Wording) -> Account:
    """Open one outcome."""
    spec, bill = outcome.cause.spec, outcome.total
    return Account(
        cause=spec.id, title=spec.title, summary=spec.summary,
        slice=dict(outcome.where), where=wording.where(outcome.where),
        verdict=outcome.verdict, points=bill.points, worst=bill.worst, best=bill.best,
        coverage=round(bill.coverage, 6), lines=_lines(outcome, found, wording),
        requirements=list(_requirements(outcome, found, wording)),
        missing=_missing(outcome, found, wording),
        rivals=_rivals(outcome, found, wording),
        lacks=list(_lacks(outcome, found, wording)), verify=spec.verify,
    )  # fmt: skip


def _lines(outcome: CauseOutcome, found: Inference, wording: Wording) -> list[Line]:
    held = [r for r in outcome.rules if r.item.state]
    lines = [_line(r, held, outcome, found, wording) for r in held]
    return sorted(
        lines,
        key=lambda x: (x.direction != "for", -abs(x.counted), -abs(x.points), x.rule),
    )


def _line(
    row: RuleOutcome, held: Sequence[RuleOutcome], outcome: CauseOutcome,
    found: Inference, wording: Wording,
) -> Line:  # fmt: skip
    rule, sign = row.rule, 1 if row.rule.direction == "for" else -1
    counted = outcome.total.counted
    mine = counted.get((rule.direction, rule.id), 0)
    above = [
        r.rule.id for r in held
        if r.rule.direction == rule.direction and r.rule.group == rule.group
        and r.rule.id != rule.id and counted.get((rule.direction, r.rule.id))
    ]  # fmt: skip
    less = abs(mine) < row.item.points
    return Line(
        rule=rule.id, ref=rule.spec.ref, direction=rule.direction,
        points=sign * row.item.points, counted=mine, group=rule.group,
        under=above[0] if less and above else None,
        capped=less and not above and row.item.single,
        because=_because(row, found, wording),
        where=wording.where(row.where) if row.where != outcome.where else None,
        values=values(row.outcome, outcome.where, found, wording),
        misleading_when=rule.spec.misleading_when,
        source=rule.spec.source.model_dump(exclude_none=True), grade=rule.spec.grade,
        tuned=tuned_rule(wording, rule.cause, rule.id),
    )  # fmt: skip


def _because(row: RuleOutcome, found: Inference, wording: Wording) -> Text:
    return wording.fill(row.rule.because, found.case.at(row.where))


_TURNED: dict[State, str] = {True: "false", False: "true", None: "unknown"}
_PLAIN: dict[State, str] = {True: "true", False: "false", None: "unknown"}


def _requirements(
    outcome: CauseOutcome, found: Inference, wording: Wording
) -> Iterator[Requirement]:
    """Gates as they are; what cancels or refutes as the opposite that has to hold."""
    view = found.case.at(outcome.where)
    for kind, rows in (
        ("gate", outcome.gate), ("unless", outcome.unless),
        ("rules_out", outcome.rules_out),
    ):  # fmt: skip
        wanted = kind == "gate"
        for o in rows:
            yield Requirement(
                kind=kind, state=(_PLAIN if wanted else _TURNED)[o.state],
                text=condition(o.node, wording, view, wanted),
                values=values(o, outcome.where, found, wording, wanted=wanted),
            )  # fmt: skip


def _missing(
    outcome: CauseOutcome, found: Inference, wording: Wording
) -> list[Lacking]:
    """Unknown figures and answers, the strongest first; those of gates add nothing."""
    return [
        Lacking(
            name=name, title=wording.knowledge.title(name), could_add=points,
            source=source_of(name, wording),
        )
        for name, points in could_add(outcome, found.case)
    ]  # fmt: skip


def source_of(name: str, wording: Wording) -> Text:
    """Whom to ask, or which tables to load."""
    question = wording.knowledge.questions.get(name)
    if question is not None:
        titles = [wording.knowledge.roles[r].title for r in question.who]
        return both(
            "ask: " + ", ".join(t.en for t in titles),
            "спросить: " + ", ".join(t.ru for t in titles),
        )
    metric = wording.knowledge.metrics.get(name)
    tables = [need_title(n) for n in metric.needs] if metric else []
    if not tables:
        return both("from the data", "из данных")
    return both(
        "from the data: " + ", ".join(t.en for t in tables),
        "из данных: " + ", ".join(t.ru for t in tables),
    )


def _rivals(outcome: CauseOutcome, found: Inference, wording: Wording) -> list[Rival]:
    told = []
    for name in rivals_of(found.causes, outcome.cause.id):
        rival = found.causes.get((name, outcome.where)) or found.causes.get(
            (name, COMPANY)
        )
        if rival is None:
            continue
        apart = separation(outcome, name) - separation(rival, outcome.cause.id)
        by = [
            r.rule.id
            for o, other in ((outcome, name), (rival, outcome.cause.id))
            for r in o.rules
            if other in r.rule.spec.discriminates
            and o.total.counted.get((r.rule.direction, r.rule.id))
        ]
        told.append(Rival(
            cause=name, title=wording.knowledge.causes[name].spec.title,
            verdict=rival.verdict, points=rival.total.points, apart=apart, by=by,
        ))  # fmt: skip
    return told


def _lacks(outcome: CauseOutcome, found: Inference, wording: Wording) -> Iterator[Text]:
    """What stands between the verdict and `likely`."""
    if outcome.verdict == "likely":
        return
    view, points = found.case.at(outcome.where), outcome.total.points
    if points < LIKELY:
        n = LIKELY - points
        yield both(
            f"{n} more points of evidence (there are {points} of {LIKELY})",
            f"ещё {n} {form(n, 'балл', 'балла', 'баллов')} "
            f"(сейчас {points} из {LIKELY})",
        )
    for name in outcome.needs_missing:
        title = wording.knowledge.title(name)
        yield both(f"needed and unknown: {title.en}", f"без этого не судим: {title.ru}")
    for gate in outcome.gate:
        if gate.state is not True:
            text = condition(gate.node, wording, view)
            yield both(
                f"needed: {text.en} ({'no' if gate.state is False else 'unknown'})",
                f"нужно: {text.ru} "
                f"({'это не так' if gate.state is False else 'неизвестно'})",
            )
    for o in (*outcome.unless, *outcome.rules_out):
        if o.state is True:
            told = values(o, outcome.where, found, wording, marks=False)
            text = joined([v.text for v in told], "; ", "; ")
            yield both(f"this alone undoes it: {text.en}",
                       f"само по себе снимает вывод: {text.ru}")  # fmt: skip
    if outcome.harm is False:
        yield NO_HARM
    for rival in outcome.rivals:
        title = wording.knowledge.causes[rival].spec.title
        yield both(
            f"{SEPARATION} points that tell it from {quoted(title.en, 'en')}",
            f"{SEPARATION} баллов, которые отличили бы её от причины "
            f"{quoted(title.ru, 'ru')}",
        )
    if outcome.verdict == "open" and points >= 10:
        yield both("a second, independent piece of evidence",
                   "второе, независимое свидетельство")  # fmt: skip
