"""The part of the knowledge that can bear on the verdict of one cause.

Judging it by the part is as good as by the whole, and fast enough to try many cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from salesdx.answers.relevance import conditions
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node, names


def part_of(knowledge: KnowledgeBase, cause: str) -> KnowledgeBase:
    """The causes, symptoms and questions that can bear on the verdict of a cause."""
    reader = _Reader(knowledge)
    reader.cause(cause)
    return replace(
        knowledge,
        causes={i: c for i, c in knowledge.causes.items() if i in reader.causes},
        symptoms={i: s for i, s in knowledge.symptoms.items() if i in reader.symptoms},
        questions={
            i: q for i, q in knowledge.questions.items() if i in reader.questions
        },
    )


@dataclass(slots=True)
class _Reader:
    """Everything a cause reads, also through symptoms, rivals and relevance."""

    knowledge: KnowledgeBase
    causes: set[str]
    symptoms: set[str]
    questions: set[str]
    relevance: Mapping[str, Node]

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge, self.relevance = knowledge, conditions(knowledge)
        self.causes, self.symptoms, self.questions = set(), set(), set()

    def cause(self, name: str) -> None:
        if name in self.causes:
            return
        self.causes.add(name)
        found = self.knowledge.causes[name]
        for node in (*found.gate, *found.unless, *found.rules_out):
            self._node(node)
        for rule in found.rules:
            self._node(rule.node)
        for need in found.spec.needs:
            self._name(need)
        for symptom in found.spec.explains:
            self._name(f"symptom:{symptom}")
        rivals = {i for i, c in self.knowledge.causes.items() if name in c.spec.rivals}
        for rival in sorted(rivals.union(found.spec.rivals)):
            self.cause(rival)

    def _node(self, node: Node) -> None:
        for name in names(node):
            self._name(name)

    def _name(self, name: str) -> None:
        prefix, _, rest = name.partition(":")
        if rest and prefix == "cause":
            self.cause(rest)
        elif rest and prefix == "symptom" and rest not in self.symptoms:
            self.symptoms.add(rest)
            self._node(self.knowledge.symptoms[rest].node)
        elif name in self.knowledge.questions and name not in self.questions:
            self.questions.add(name)
            if name in self.relevance:
                self._node(self.relevance[name])
