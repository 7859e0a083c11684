"""Where conditions stand in the files, so that a fault can be told at its place."""

from collections.abc import Iterator
from dataclasses import dataclass

from salesdx.answers.relevance import conditions
from salesdx.content import Document
from salesdx.knowledge.base import KnowledgeBase, ReadyCause, ReadyRule
from salesdx.knowledge.conditions import Group, Node
from salesdx.knowledge.grammar import Parser
from salesdx.workbench.findings import Finding

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Stands:
    """A condition with its place: kind and id of the entry, and the path inside it.

    `by` is the dimension on whose slices it is read, "" for the company.
    """

    kind: str
    id: str
    path: Path
    subject: str
    node: Node
    by: str = ""

    def finding(
        self, knowledge: KnowledgeBase, inside: Path, code: str,
        message: str, hint: str = "",
    ) -> Finding:  # fmt: skip
        """A fault of the condition, or of a part of it."""
        path = (*self.path, *inside)
        problem = knowledge.problem(self.kind, self.id, path, code, message, hint)
        return Finding(problem, self.subject)


def everywhere(knowledge: KnowledgeBase) -> Iterator[Stands]:
    """Every condition that somebody wrote."""
    for cause in knowledge.causes.values():
        yield from (of_rule(r) for r in cause.rules if r.path)
        yield from of_checks(cause)
    for symptom in knowledge.symptoms.values():
        by = symptom.spec.for_each or ""
        yield Stands("symptoms", symptom.id, ("if",), symptom.id, symptom.node, by)
    for remedy, node in knowledge.in_place.items():
        yield Stands("remedies", remedy, ("unless",), remedy, node)
    for question, node in conditions(knowledge).items():
        yield Stands("questions", question, ("relevant_if",), question, node)
    yield from _of_answers(knowledge)


def of_rule(rule: ReadyRule) -> Stands:
    """The condition of a rule of a cause file."""
    path, subject = (*rule.path, "if"), f"{rule.cause}/{rule.id}"
    return Stands("causes", rule.cause, path, subject, rule.node, rule.for_each or "")


def of_checks(cause: ReadyCause) -> Iterator[Stands]:
    """Gates of a cause, and what cancels it."""
    by = cause.spec.for_each or ""
    for key in ("gate", "unless", "rules_out"):
        for i, node in enumerate(getattr(cause, key)):
            yield Stands("causes", cause.id, (key, i), cause.id, node, by)


def _of_answers(knowledge: KnowledgeBase) -> Iterator[Stands]:
    """Which answer points at a problem."""
    parser = Parser(knowledge.vocabulary, Document("", {}, {}))
    for question in knowledge.questions.values():
        if question.problem is not None:
            node = parser.parse({question.id: question.problem.when}, ())
            if node is not None:
                path = ("problem", "when")
                yield Stands("questions", question.id, path, question.id, node)


def parts(node: Node) -> Iterator[tuple[Path, Node]]:
    """The parts of a condition, each with its path in the file."""
    if not isinstance(node, Group):
        return
    if node.kind == "not":
        yield ("not",), node.parts[0]
        return
    key: Path = ("at_least", "of") if node.kind == "at_least" else (node.kind,)
    for i, part in enumerate(node.parts):
        yield (*key, i), part
