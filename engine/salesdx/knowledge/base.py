"""The knowledge base as the engine sees it: frozen, parsed, every name resolved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from salesdx.content import Document
from salesdx.errors import Problem
from salesdx.facts import DIMENSIONS, Slice
from salesdx.knowledge.conditions import Node, Outcome
from salesdx.knowledge.entry import Entry
from salesdx.knowledge.forms import Form
from salesdx.knowledge.grammar import Parser
from salesdx.knowledge.layers import Layer, Tuned
from salesdx.knowledge.migrations import Step, until
from salesdx.knowledge.models import (
    Benchmark,
    Cause,
    Claim,
    ListedClaim,
    MetricEntry,
    Pack,
    QualityEntry,
    QuestionEntry,
    Questionnaire,
    Remedy,
    Role,
    Rule,
    SolutionArea,
    Symptom,
)
from salesdx.knowledge.pinned import Pinned, pin, sheets_of, with_today
from salesdx.knowledge.vocabulary import Vocabulary
from salesdx.knowledge.worksheets import ReadyWorksheet
from salesdx.language import Text

POINTS = {
    "slight": 5, "moderate": 10, "considerable": 20, "strong": 40, "decisive": 80,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadyRule:
    """A rule with its parsed condition and final group.

    `points` are positive; `direction` says for or against. `single` marks a rule
    that rests on one answer and is not direct: such rules add at most 20 together.
    `claim` marks one that reads a figure or, where it is not measured, one answer.
    `recorded` marks one that reads what a planning meeting wrote down: unless it holds
    it is no part of the bill, for nothing is missing. `path` leads to it in the file of
    its cause, or of the file that adds it: `KnowledgeBase.problem` finds the right one;
    `()` where a question made it.
    """

    id: str
    cause: str
    direction: str
    points: int
    group: str
    single: bool
    node: Node
    because: Text
    spec: Rule
    for_each: str | None
    claim: bool = False
    recorded: bool = False
    path: tuple[str, int] | tuple[()] = ()

    def rests_on_an_answer(self, outcome: Outcome) -> bool:
        """Whether nothing but one answer speaks, not being the cause itself seen."""
        if not self.claim:
            return self.single
        facts = (leaf.fact for leaf in outcome.leaves() if leaf.fact)
        return not any(f.value is not None and f.origin != "answer" for f in facts)


@dataclass(frozen=True, slots=True)
class ReadyCause:
    """A cause with parsed gates; `layer` is its stratum (0 reads no verdict)."""

    spec: Cause
    rules: tuple[ReadyRule, ...]
    gate: tuple[Node, ...]
    unless: tuple[Node, ...]
    rules_out: tuple[Node, ...]
    layer: int = 0

    @property
    def id(self) -> str:
        """The id of the cause."""
        return self.spec.id

    @property
    def nodes(self) -> list[Node]:
        """Every condition: of rules and gates, what cancels and what refutes it."""
        rules = [r.node for r in self.rules]
        return [*rules, *self.gate, *self.unless, *self.rules_out]


@dataclass(frozen=True, slots=True)
class ReadySymptom:
    """A symptom with its parsed condition; `layer` orders symptoms of symptoms."""

    spec: Symptom
    node: Node
    layer: int = 0

    @property
    def id(self) -> str:
        """The id of the symptom."""
        return self.spec.id


@dataclass(frozen=True)
class KnowledgeBase:
    """Everything the experts know, in one frozen object; all mappings keep id order."""

    pack: Pack
    hash: str
    overlays: tuple[str, ...]
    vocabulary: Vocabulary
    causes: Mapping[str, ReadyCause]
    symptoms: Mapping[str, ReadySymptom]
    remedies: Mapping[str, Remedy]
    in_place: Mapping[str, Node]  # remedy -> the condition under which it is done
    metrics: Mapping[str, MetricEntry]
    questions: Mapping[str, QuestionEntry]
    questionnaires: Mapping[str, Questionnaire]
    benchmarks: Mapping[str, Benchmark]
    roles: Mapping[str, Role]
    quality: Mapping[str, QualityEntry]
    entries: Mapping[str, Mapping[str, Entry]] = field(default_factory=dict)
    areas: Mapping[str, SolutionArea] = field(default_factory=dict)
    worksheets: Mapping[str, ReadyWorksheet] = field(default_factory=dict)
    claims: Mapping[str, ListedClaim] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()  # what stands over the shipped knowledge, in order
    tuned: tuple[Tuned, ...] = ()
    off: frozenset[tuple[str, str]] = frozenset()
    migrations: tuple[Step, ...] = ()

    @cached_property
    def relevance(self) -> Mapping[str, Node]:
        """The conditions under which questions apply, parsed, by question."""
        parser = Parser(self.vocabulary, Document("", {}, {}))
        found = {}
        for question in self.questions.values():
            if question.relevant_if is not None:
                node = parser.parse(question.relevant_if, ())
                if node is not None:
                    found[question.id] = node
        return found

    @cached_property
    def pinned(self) -> Pinned:
        """The questions, as an interview that begins now is pinned to them."""
        return pin(
            self.pack, self.layers, self.questionnaires, self.questions, self.off
        )

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that a symptom, a cause or a rule runs along, in order."""
        each = {r.for_each for c in self.causes.values() for r in c.rules}
        each |= {c.spec.for_each for c in self.causes.values()}
        each |= {s.spec.for_each for s in self.symptoms.values()}
        return tuple(sorted(d for d in each if d))

    def asking(self, pinned: Pinned) -> "KnowledgeBase":
        """Today's rules with the questions of another time."""
        if pinned.sha256 == self.pinned.sha256:
            return self
        questions = with_today(pinned, self.questions)
        silent = {("questions", i) for i in pinned.off}
        return replace(
            self, questions=questions, questionnaires=sheets_of(pinned, questions),
            vocabulary=replace(self.vocabulary, questions=questions),
            off=frozenset({o for o in self.off if o[0] != "questions"} | silent),
            migrations=until(self.migrations, pinned),
        )  # fmt: skip

    def is_off(self, kind: str, name: str) -> bool:
        """Whether an overlay switched off one of the causes, rules or questions.

        Such an entry keeps its name, so that nothing that names it breaks: a cause is
        not judged, a question is not asked and its answer not heard. A rule, called
        `cause/rule`, is not among the rules of its cause.
        """
        return (kind, name) in self.off

    def title(self, name: str) -> Text:
        """The title of a name (metric, question, `symptom:x`, `cause:x`, `gap:x`)."""
        prefix, _, rest = name.partition(":")
        found: Text | None = None
        if rest:
            if prefix == "symptom" and rest in self.symptoms:
                found = self.symptoms[rest].spec.title
            elif prefix == "cause" and rest in self.causes:
                found = self.causes[rest].spec.title
            elif prefix == "gap" and rest in self.metrics:
                found = self.metrics[rest].title
        elif name in self.metrics:
            found = self.metrics[name].title
        elif name in self.questions:
            found = self.questions[name].title
        return found or Text(en=name, ru=name)

    def problem(
        self, kind: str, name: str, path: Iterable[str | int], code: str,
        message: str, hint: str = "",
    ) -> Problem:  # fmt: skip
        """A problem located at a key of an entry (kind as in `entries`: causes, …)."""
        return self.entries[kind][name].problem(path, code, message, hint)

    def is_top(self, kind: str, name: str, path: Iterable[str | int] = ()) -> bool:
        """Whether (a part of) an entry was written in the uppermost layer.

        What is below was proved without that layer: it may leave an entry idle, or
        change how a test ends, and neither is a fault.
        """
        return self.entries[kind][name].at(path).layer == len(self.layers)

    def claims_of(self, remedy: Remedy) -> list[Claim]:
        """What is claimed of a remedy: claims of the list, and its own."""
        return [self.claims[c] if isinstance(c, str) else c for c in remedy.claims]

    def grain(self, name: str) -> tuple[str, ...]:
        """Dimensions on which a name has a value of its own."""
        prefix, _, rest = name.partition(":")
        if rest:
            if prefix == "gap":
                return tuple(self.metrics[rest].grain)
            each = (
                self.symptoms[rest].spec.for_each
                if prefix == "symptom"
                else self.causes[rest].spec.for_each
            )
            return (each,) if each else ()
        if name in self.metrics:
            return tuple(self.metrics[name].grain)
        about = self.questions[name].about if name in self.questions else None
        if about == "finding":  # a finding may lie on any of them
            return DIMENSIONS
        return (about,) if about else ()

    def where(self, name: str, where: Slice) -> Slice:
        """The slice on which a name is read when a rule looks at `where`."""
        if where and all(d in self.grain(name) for d, _ in where):
            return where
        return ()
