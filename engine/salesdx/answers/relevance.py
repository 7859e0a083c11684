"""Which questions apply: relevance is a pure function of the facts.

An answer to a question that does not apply is kept and stays inactive: the rules do
not see it.
"""

from collections.abc import Iterable, Mapping

from salesdx.facts import COMPANY, Fact, FactBase, slice_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node, State, evaluate
from salesdx.knowledge.models import QuestionEntry
from salesdx.result import AnswerRow


class _Company:
    """The facts of the company, as conditions read them."""

    def __init__(self, facts: FactBase, knowledge: KnowledgeBase) -> None:
        self._facts, self._knowledge = facts, knowledge

    def read(self, name: str) -> Fact:
        return self._facts.fact(name, COMPANY)

    def benchmark(self, name: str) -> float:
        return self._knowledge.benchmarks[name].value


def conditions(knowledge: KnowledgeBase) -> Mapping[str, Node]:
    """The parsed relevance conditions, by question."""
    return knowledge.relevance


def applies(
    question: QuestionEntry,
    facts: FactBase,
    knowledge: KnowledgeBase,
    nodes: Mapping[str, Node],
    sales_model: str | None,
    above: frozenset[str] = frozenset(),
) -> State:
    """Whether a question applies; unknown while what decides it is unknown.

    A question does not apply when all that would decide it are questions that do not
    apply themselves, or were said not to. `above` are the questions on the way here.
    """
    if knowledge.is_off("questions", question.id):
        return False
    if question.applies_to and sales_model and sales_model not in question.applies_to:
        return False
    node = nodes.get(question.id)
    if node is None:
        return True
    found = evaluate(node, _Company(facts, knowledge))
    if found.state is not None:
        return found.state
    waits = {o.fact.name for o in found.leaves() if o.state is None and o.fact}
    above |= {question.id}
    for name in sorted(waits):
        if facts.fact(name).not_applicable:
            continue
        asked = knowledge.questions.get(name)
        if asked is None or name in above:
            return None
        if applies(asked, facts, knowledge, nodes, sales_model, above) is not False:
            return None
    return False


def marked(rows: Iterable[AnswerRow], facts: FactBase) -> list[AnswerRow]:
    """The answers of a case, those marked that the rules do not see."""
    return [
        row if (row.question, slice_of(**row.about)) in facts
        else row.model_copy(update={"inactive": True})
        for row in rows
    ]  # fmt: skip


def active(
    facts: FactBase, knowledge: KnowledgeBase, sales_model: str | None
) -> FactBase:
    """Facts without the answers that do not apply (until nothing more drops out)."""
    nodes = conditions(knowledge)
    while True:
        off = {
            q.id
            for q in knowledge.questions.values()
            if applies(q, facts, knowledge, nodes, sales_model) is False
        }
        kept = [f for f in facts.values() if f.name not in off]
        if len(kept) == len(facts):
            return facts
        facts = FactBase.of(kept)
