"""Whether an answer points at a problem, by what its question says of itself."""

from typing import Literal

from salesdx.content import Document
from salesdx.facts import Fact
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import World, evaluate
from salesdx.knowledge.grammar import Parser
from salesdx.knowledge.models import QuestionEntry

Judged = Literal["problem", "fine", "unknown", "told"]


def judged(
    question: QuestionEntry, fact: Fact, knowledge: KnowledgeBase, world: World
) -> Judged:
    """What the answer in `fact` says; `world` must read that very fact.

    `told` is an answer that counts neither way. Nobody knows is unknown, unless the
    question says that this is a sign by itself.
    """
    if fact.value is None:
        sign = fact.dont_know and question.dont_know == "problem"
        return "problem" if sign else "unknown"
    if question.problem is None:
        return "told"
    parser = Parser(knowledge.vocabulary, Document("", {}, {}))
    node = parser.parse({question.id: question.problem.when}, ())
    state = evaluate(node, world).state if node is not None else None
    return "told" if state is None else "problem" if state else "fine"
