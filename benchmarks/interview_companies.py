"""Made-up companies for the interview: what is wrong with them, and what they answer.

The causes are drawn from the shipped knowledge. Answers are not drawn from the rules as
they stand: every company has weights of its own (`distortion`) and its own habits of
answering, people slip, and some do not know. What a rule reads together is drawn
together, so that conjunctions occur as often as they would where the cause is at work.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from salesdx.facts import COMPANY, Fact, Value
from salesdx.inference.possible import Values
from salesdx.knowledge.answered import asked
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.conditions import Node, evaluate, names

# Nats of the five words: by how much a sign is likelier where its cause is at work.
NATS = {5: 0.5, 10: 1.0, 20: 1.6, 40: 2.5, 80: 4.0}
GATE, HARM, REFUTED = 2.5, 1.6, -4.0
SWEEPS = 6
QUIET_SWEEPS = 2
MOST_VALUES = 6
HEALTHY = 3.0  # odds of an answer that accuses nobody, whatever is at work
HABITS = 0.5  # how far companies differ in their answers whatever is wrong with them
REFUSAL_SECONDS = 5.0


@dataclass(frozen=True)
class Setting:
    """How companies of one kind answer, and who is asked."""

    title: str
    distortion: float = 0.4
    slips: float = 0.07
    dont_know: float = 1.0
    measured: float = 0.0  # of what the rules read from data
    role: str | None = None
    models: tuple[str, ...] = ("b2b", "b2c")


@dataclass(frozen=True)
class Company:
    """A company: its causes, what its data say, and its answer to every question."""

    seed: int
    model: str
    causes: frozenset[str]
    figures: tuple[Fact, ...]
    answers: Mapping[str, Fact]
    seconds: Mapping[str, float]


@dataclass
class Drawn:
    """The world of one company while it is being made: all that a rule can read."""

    knowledge: KnowledgeBase
    causes: frozenset[str]
    values: dict[str, Value] = field(default_factory=dict)

    def read(self, name: str) -> Fact:
        prefix, _, rest = name.partition(":")
        if prefix == "cause" and rest:
            return Fact(name, rest in self.causes)
        if prefix == "symptom" and rest:
            found = self.knowledge.symptoms[rest]
            if found.spec.for_each:
                return Fact(name, None)
            return Fact(name, evaluate(found.node, self).state)
        return Fact(name, self.values.get(name))

    def benchmark(self, name: str) -> float | None:
        return self.knowledge.benchmarks[name].value


@dataclass(frozen=True)
class Pull:
    """What is likelier (or less likely) where a cause is at work."""

    nodes: tuple[Node, ...]  # any of them
    nats: float


class Maker:
    """Makes companies from a knowledge base; the same seed, the same company."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self.asked = [
            q for q in knowledge.questions.values()
            if q.about is None and not knowledge.is_off("questions", q.id)
        ]  # fmt: skip
        ready = Values(knowledge)
        pick = Random(0)
        self.values: dict[str, tuple[Value, ...]] = {
            name: _few(pick, [f.value for f in ready.of(name, COMPANY)])
            for name in [*(q.id for q in self.asked), *_metrics(knowledge)]
        }
        self.values |= {
            n: ("confirmed", "noise") for n in _read(knowledge) if n.startswith("gap:")
        }
        self.signs = self._signs()
        self.alone = self._alone()

    def company(self, seed: int, setting: Setting) -> Company:
        """One company; what is drawn first does not depend on who is asked."""
        random = Random(f"company {seed}")
        model = setting.models[int(random.random() * len(setting.models))]
        causes = self._causes(random, model)
        known = [
            n for n in self.values
            if n not in self.knowledge.questions and random.random() < setting.measured
        ]  # fmt: skip
        drawn = Drawn(self.knowledge, causes)
        names_ = [*(q.id for q in self.asked), *known]
        chances = {n: self._habit(random, n) for n in names_}
        for name in names_:
            drawn.values[name] = random.choices(self.values[name], chances[name])[0]
        self._settle(random, drawn, chances, setting)
        figures = tuple(_figure(n, drawn.values[n]) for n in known)
        answers = {q.id: a for q, a in self._said(random, drawn, setting)}
        seconds = {
            q.id: q.seconds * random.lognormvariate(0, 0.3)
            if answers[q.id].value is not None else REFUSAL_SECONDS
            for q in self.asked
        }  # fmt: skip
        return Company(seed, model, causes, figures, answers, seconds)

    def _causes(self, random: Random, model: str) -> frozenset[str]:
        """1 + Poisson(0.8) causes, at most four, that answers can tell at all."""
        able = [
            c.id for c in self.knowledge.causes.values()
            if not c.spec.for_each
            and (not c.spec.applies_to or model in c.spec.applies_to)
            and not self.knowledge.is_off("causes", c.id) and self._tellable(c) >= 2
        ]  # fmt: skip
        return frozenset(random.sample(able, min(4, 1 + _poisson(random, 0.8))))

    def _tellable(self, cause: ReadyCause) -> int:
        """Rules for the cause that questions alone can answer."""
        ids = {q.id for q in self.asked}
        return sum(
            r.direction == "for" and not r.for_each
            and any(n in ids for n in _deep(r.node, self.knowledge))
            for r in cause.rules
        )  # fmt: skip

    def _habit(self, random: Random, name: str) -> list[float]:
        """How often each answer is given where none of its causes is at work."""
        return [
            (1.0 if self.alone[name][i] else HEALTHY) * random.lognormvariate(0, HABITS)
            for i in range(len(self.values[name]))
        ]

    def _settle(
        self, random: Random, drawn: Drawn, chances: Mapping[str, Sequence[float]],
        setting: Setting,
    ) -> None:  # fmt: skip
        """Draw again and again, jointly: what causes pull at, and what none explains.

        A sign that none of its causes explains is as much rarer as it is telling; the
        strongest of the rules that would hold counts, not their sum.
        """
        pulls: dict[str, list[Pull]] = {}
        for cause in sorted(drawn.causes):
            for pull in self._pulls(random, self.knowledge.causes[cause], setting):
                read = {n for p in pull.nodes for n in _deep(p, self.knowledge)}
                for name in sorted(read & drawn.values.keys()):
                    pulls.setdefault(name, []).append(pull)
        strength = {
            name: random.lognormvariate(0, setting.distortion) for name in chances
        }
        for _ in range(QUIET_SWEEPS):
            for name in chances:
                if name not in pulls:
                    self._draw_quiet(random, drawn, name, chances, strength[name])
        for _ in range(SWEEPS):
            for name, mine in pulls.items():
                self._draw_pulled(random, drawn, name, chances, mine)

    def _draw_pulled(
        self, random: Random, drawn: Drawn, name: str,
        chances: Mapping[str, Sequence[float]], pulls: Sequence[Pull],
    ) -> None:  # fmt: skip
        weights = []
        for value, chance in zip(self.values[name], chances[name], strict=True):
            drawn.values[name] = value
            nats = sum(
                p.nats for p in pulls
                if any(evaluate(n, drawn).state for n in p.nodes)
            )  # fmt: skip
            weights.append(chance * math.exp(nats))
        drawn.values[name] = random.choices(self.values[name], weights)[0]

    def _draw_quiet(
        self, random: Random, drawn: Drawn, name: str,
        chances: Mapping[str, Sequence[float]], strength: float,
    ) -> None:  # fmt: skip
        weights = []
        for i, value in enumerate(self.values[name]):
            drawn.values[name] = value
            nats = self.alone[name][i]
            for node, worth in self.signs.get(name, ()):
                if worth > nats and evaluate(node, drawn).state:
                    nats = worth
            weights.append(chances[name][i] * math.exp(-nats * strength))
        drawn.values[name] = random.choices(self.values[name], weights)[0]

    def _pulls(
        self, random: Random, cause: ReadyCause, setting: Setting
    ) -> Iterator[Pull]:
        def distorted(nats: float) -> float:
            return nats * random.lognormvariate(0, setting.distortion)

        for rule in cause.rules:
            if not rule.for_each:
                sign = 1 if rule.direction == "for" else -1
                yield Pull((rule.node,), sign * distorted(NATS[rule.points]))
        for gate in cause.gate:
            yield Pull((gate,), distorted(GATE))
        for node in (*cause.unless, *cause.rules_out):
            yield Pull((node,), distorted(REFUTED))
        harm = [
            self.knowledge.symptoms[s] for s in cause.spec.explains
            if not self.knowledge.symptoms[s].spec.for_each
        ]  # fmt: skip
        if harm:
            yield Pull(tuple(s.node for s in harm), distorted(HARM))

    def _said(
        self, random: Random, drawn: Drawn, setting: Setting
    ) -> Iterator[tuple[object, Fact]]:
        """What the respondent says: mostly the truth, a slip, or that he knows not."""
        unknown = {
            s: min(0.95, setting.dont_know * random.betavariate(1.5, 9))
            for s in self.knowledge.questionnaires
        }
        section = {
            q.id: s.id
            for s in self.knowledge.questionnaires.values() for q in s.questions
        }  # fmt: skip
        for question in self.asked:
            knows = random.random() >= unknown[section[question.id]]
            value = drawn.values[question.id]
            if random.random() < setting.slips:
                value = random.choice(self.values[question.id])
            yield question, Fact(
                question.id, value if knows else None, COMPANY,
                origin="answer", by=SPEAKER, dont_know=not knows,
            )  # fmt: skip

    def _signs(self) -> dict[str, list[tuple[Node, float]]]:
        """Rules for causes, by what they read, with how telling they are."""
        found: dict[str, list[tuple[Node, float]]] = {}
        for cause in self.knowledge.causes.values():
            for rule in cause.rules:
                if rule.direction == "for" and not rule.for_each:
                    for name in sorted(_deep(rule.node, self.knowledge)):
                        found.setdefault(name, []).append(
                            (rule.node, NATS[rule.points])
                        )
        return found

    def _alone(self) -> dict[str, list[float]]:
        """How telling the strongest rule is that one value makes true by itself.

        Such rules need not be looked at again; those that read more are left in
        `signs`.
        """
        found: dict[str, list[float]] = {}
        for name, values in self.values.items():
            signs = self.signs.get(name, [])
            found[name] = []
            for value in values:
                world = Drawn(self.knowledge, frozenset(), {name: value})
                held = [w for n, w in signs if evaluate(n, world).state]
                found[name].append(max(held, default=0.0))
            self.signs[name] = [
                (n, w) for n, w in signs if len(_deep(n, self.knowledge)) > 1
            ]
        return found


SPEAKER = "respondent"


def _figure(name: str, value: Value) -> Fact:
    return Fact(name, value, COMPANY, origin="gap" if ":" in name else "metric")


def _few(random: Random, values: Sequence[Value | None]) -> tuple[Value, ...]:
    """Some of many values, nothing chosen always among them."""
    known = [v for v in values if v is not None]
    some = random.sample(known, min(MOST_VALUES, len(known)))
    return tuple([*some[:-1], ()] if () in known and () not in some else some)


def _metrics(knowledge: KnowledgeBase) -> list[str]:
    """Figures that the rules read and that tables give (not answers)."""
    read = _read(knowledge)
    return [m.id for m in knowledge.metrics.values() if m.id in read and not asked(m)]


def _read(knowledge: KnowledgeBase) -> list[str]:
    found: dict[str, None] = {}
    for cause in knowledge.causes.values():
        for node in cause.nodes:
            found |= dict.fromkeys(sorted(_deep(node, knowledge)))
    return list(found)


def _deep(node: Node, knowledge: KnowledgeBase) -> set[str]:
    """Names a condition reads, also through symptoms."""
    found: set[str] = set()
    for name in names(node):
        found.add(name)
        prefix, _, rest = name.partition(":")
        if prefix == "symptom" and rest:
            found |= _deep(knowledge.symptoms[rest].node, knowledge)
    return found


def _poisson(random: Random, mean: float) -> int:
    count, left = 0, math.exp(-mean)
    chance = random.random()
    while chance > left:
        chance *= random.random()
        count += 1
    return count
