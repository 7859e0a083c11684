"""The score as it stands: points, verdict and order of every cause of the company.

The same as an inference of the same facts (tests hold it to that), but after one more
answer only the causes that read it are judged again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from salesdx.facts import COMPANY, Fact, FactBase, Slice
from salesdx.inference.points import LIKELY, Total, total
from salesdx.inference.verdicts import SEPARATION, verdict_of_states
from salesdx.inference.world import Case
from salesdx.interview.compiled import CompiledCause, CompiledRule
from salesdx.interview.program import (
    CAUSE,
    NOTHING,
    SYMPTOM,
    Compiler,
    Facts,
    Test,
    Thresholds,
    state_of,
)
from salesdx.interview.ranking import Ranking
from salesdx.interview.sliced import Readings, Sliced
from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadySymptom
from salesdx.knowledge.conditions import State, names
from salesdx.result import Verdict


@dataclass(frozen=True, slots=True)
class Row:
    """One cause of the company: the bill, harm and the verdict.

    `alone` is the verdict before rivals are compared, `rivals` whether any demoted it.
    """

    cause: str
    total: Total
    harm: State
    alone: Verdict
    verdict: Verdict
    rivals: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Everything the company's facts come to. `facts` hold symptoms and verdicts too.

    `changed` are the causes whose row is not that of the standing before.
    """

    base: FactBase
    facts: Facts
    rows: Mapping[str, Row]
    readings: Readings
    order: tuple[str, ...]
    changed: frozenset[str]

    @property
    def leader(self) -> str | None:
        """The first cause, where anything speaks for it."""
        first = self.rows[self.order[0]] if self.order else None
        return first.cause if first and first.total.points > 0 else None


class Scorer:
    """Judges the causes of one company, answer by answer."""

    def __init__(
        self, knowledge: KnowledgeBase, *, sales_model: str | None = None,
        benchmarks: Mapping[str, float | None] | None = None,
    ) -> None:  # fmt: skip
        self.knowledge, self._thresholds = knowledge, benchmarks or {}
        self.compiler = Compiler(Thresholds(knowledge, self._thresholds))
        self._symptoms = _by_layer(
            s for s in knowledge.symptoms.values() if not s.spec.for_each
        )
        self.sliced = Sliced(knowledge, sales_model, self._thresholds)
        for symptom in self._symptoms:
            test = self.compiler.test(symptom.node)
            self.compiler.symptoms[f"{SYMPTOM}{symptom.id}"] = test
        self.causes = {
            c.id: self._compiled(c, sales_model)
            for c in sorted(knowledge.causes.values(), key=lambda c: (c.layer, c.id))
            if _applies(c.spec.applies_to, sales_model)
            and not knowledge.is_off("causes", c.id)
            and not c.spec.for_each
        }
        self.ranking = Ranking({i: c.spec for i, c in knowledge.causes.items()})
        self._readers = _readers(self._symptoms, self.causes.values())
        self._named = sorted(_read(self._symptoms, self.causes.values()))

    def _compiled(self, cause: ReadyCause, model: str | None) -> CompiledCause:
        compiled = [
            CompiledRule(r, self.compiler.test(r.node), read,
                         tuple(n for n in read if n.startswith(CAUSE)))
            for r in cause.rules
            if r.for_each is None and _applies(r.spec.applies_to, model)
            for read in [tuple(dict.fromkeys(names(r.node)))]
        ]  # fmt: skip
        harms = tuple(f"{SYMPTOM}{s}" for s in cause.spec.explains)
        checks = (*cause.gate, *cause.unless, *cause.rules_out)
        read = {n for c in compiled for n in c.reads}
        read |= {n for node in checks for n in names(node)}
        return CompiledCause(
            cause, tuple(compiled), tuple(map(self.compiler.test, cause.gate)),
            tuple(map(self.compiler.test, (*cause.unless, *cause.rules_out))),
            harms, frozenset(read | {*harms, *cause.spec.needs}),
        )  # fmt: skip

    def standing(self, facts: FactBase) -> Standing:
        """Judge a company from nothing."""
        view = Case(self.knowledge, facts, self._thresholds).at(COMPANY)
        known = {}
        for name in self._named:
            fact = view.read(name)
            if fact != Fact(name, None):
                known[name] = fact
        readings = self.sliced.readings(facts)
        empty = Standing(facts, known, {}, readings, (), frozenset())
        return self._judged(empty, {*self._named, *self._all()})

    def after(self, standing: Standing, *facts: Fact) -> Standing:
        """One more answer, or several, without judging anew what none bears on."""
        return self.at(standing, standing.base.with_facts(facts))

    def at(
        self, standing: Standing, base: FactBase,
        places: Sequence[tuple[str, Slice]] | None = None,
    ) -> Standing:  # fmt: skip
        """The standing with other facts of the same company; `places` differ."""
        if places is None:
            places = base.unlike(standing.base)
        if not places:
            return standing
        if any(where for _, where in places):
            return self.standing(base)
        known = dict(standing.facts)
        changed = {name for name, _ in places}
        view = Case(self.knowledge, base, self._thresholds).at(COMPANY)
        for name in sorted(changed):
            known[name] = view.read(name)
        readings = standing.readings
        if changed & self.sliced.names:
            readings = self.sliced.readings(base, changed, readings)
            changed |= _differing(readings, standing.readings)
        moved = Standing(base, known, standing.rows, readings, (), frozenset())
        return self._judged(moved, changed)

    def _all(self) -> Iterator[str]:
        yield from (f"{SYMPTOM}{s.id}" for s in self._symptoms)
        yield from (f"={c}" for c in self.causes)

    def _judged(self, standing: Standing, changed: set[str]) -> Standing:
        """Judge what reads the changed names, lowest layer first."""
        facts = {**standing.facts, **standing.readings.facts}
        for symptom in self._symptoms:
            name = f"{SYMPTOM}{symptom.id}"
            if name in changed or not changed.isdisjoint(self._readers[name]):
                self._derive(name, facts, changed)
        rows = dict(standing.rows)
        points = {f"{CAUSE}{i}": max(0, r.total.points) for i, r in rows.items()}
        points |= standing.readings.points
        touched: list[str] = []
        layers = _layered(self.causes.values())
        for layer in layers:
            here = [
                c for c in layer
                if f"={c.id}" in changed or not changed.isdisjoint(c.reads)
            ]  # fmt: skip
            for cause in here:
                rows[cause.id] = self._judge(cause, facts, points, standing.readings)
            settled = self._settled([c.id for c in here], rows)
            for cause_id in settled:
                fact = _verdict_fact(rows[cause_id])
                name, worth = fact.name, max(0, rows[cause_id].total.points)
                if facts.get(name) != fact or points.get(name) != worth:
                    changed.add(name)
                facts[name], points[name] = fact, worth
            touched += settled
        order = self.ranking.order(rows, standing.readings.people)
        return Standing(
            standing.base, facts, rows, standing.readings, order, frozenset(touched)
        )

    def _derive(self, name: str, facts: dict[str, Fact], changed: set[str]) -> None:
        odds = self.compiler.symptoms[name](facts, NOTHING)
        fact = Fact(name, state_of(odds), COMPANY, odds[2])
        if facts.get(name) != fact:
            changed.add(name)
            facts[name] = fact

    def _judge(
        self, cause: CompiledCause, facts: Facts, points: Mapping[str, int],
        readings: Readings,
    ) -> Row:  # fmt: skip
        found = [rule.item(facts, points) for rule in cause.rules]
        items = [i for i in found if i is not None]
        bill = total([*items, *readings.items.get(cause.id, ())])
        missing = [
            n for n in cause.cause.spec.needs
            if n not in facts or facts[n].value is None
        ]  # fmt: skip
        harm = harm_of([facts[s].value if s in facts else None for s in cause.harms])
        verdict = verdict_of_states(
            bill, _states(cause.gate, facts), _states(cause.cancel, facts), missing,
            harm,
        )  # fmt: skip
        return Row(cause.id, bill, harm, verdict, verdict)

    def _settled(self, touched: Sequence[str], rows: dict[str, Row]) -> list[str]:
        """Demote rivals that nothing separates; return all rows that may be new."""
        around = {o for i in touched for o in self.ranking.rivals.get(i, ())}
        found = list(dict.fromkeys([*touched, *sorted(around.intersection(rows))]))
        for name in found:
            row = rows[name]
            tied = row.alone == "likely" and any(
                other in rows
                and rows[other].alone == "likely"
                and abs(self._apart(row, other) - self._apart(rows[other], name))
                < SEPARATION
                for other in self.ranking.rivals.get(name, ())
            )
            rows[name] = replace(
                row, verdict="possible" if tied else row.alone, rivals=tied
            )
        return found

    def _apart(self, row: Row, rival: str) -> int:
        """Counted points of the evidence that speaks for a cause and not its rival."""
        return sum(
            row.total.counted.get((r.direction, r.id), 0)
            for r in self.causes[row.cause].cause.rules
            if rival in r.spec.discriminates
        )


def harm_of(states: Sequence[object]) -> State:
    """False where every symptom to be explained is known to be absent."""
    if not states or any(s is True for s in states):
        return True
    return None if any(s is None for s in states) else False


def _states(tests: Iterable[Test], facts: Facts) -> list[State]:
    return [state_of(t(facts, NOTHING)) for t in tests]


def _verdict_fact(row: Row) -> Fact:
    """How other causes read a verdict: see `Case.add_verdict`."""
    state: bool | None = row.verdict == "likely"
    closed = row.verdict in ("ruled_out", "unlikely") or row.rivals
    if not state and not closed and row.total.best >= LIKELY:
        state = None
    return Fact(f"{CAUSE}{row.cause}", state)


def _differing(new: Readings, old: Readings) -> set[str]:
    """Names and causes that read something else of the slices than before."""
    names_ = {*new.facts, *old.facts}
    found = {n for n in names_ if new.facts.get(n) != old.facts.get(n)}
    found |= {n for n in names_ if new.points.get(n) != old.points.get(n)}
    causes = {*new.items, *old.items}
    return found | {f"={c}" for c in causes if new.items.get(c) != old.items.get(c)}


def _applies(models: Sequence[str], sales_model: str | None) -> bool:
    return not models or sales_model is None or sales_model in models


def _by_layer(symptoms: Iterable[ReadySymptom]) -> list[ReadySymptom]:
    return sorted(symptoms, key=lambda s: (s.layer, s.id))


def _layered(causes: Iterable[CompiledCause]) -> list[list[CompiledCause]]:
    layers: dict[int, list[CompiledCause]] = {}
    for cause in causes:
        layers.setdefault(cause.cause.layer, []).append(cause)
    return [layers[i] for i in sorted(layers)]


def _readers(
    symptoms: Iterable[ReadySymptom], causes: Iterable[CompiledCause]
) -> dict[str, frozenset[str]]:
    """What each symptom and cause reads."""
    found = {f"{SYMPTOM}{s.id}": frozenset(names(s.node)) for s in symptoms}
    return found | {f"={c.id}": c.reads for c in causes}


def _read(
    symptoms: Iterable[ReadySymptom], causes: Iterable[CompiledCause]
) -> set[str]:
    """Every name that is no symptom and no verdict."""
    found = {n for s in symptoms for n in names(s.node)}
    found |= {n for c in causes for n in c.reads}
    return {n for n in found if not n.startswith((SYMPTOM, CAUSE))}
