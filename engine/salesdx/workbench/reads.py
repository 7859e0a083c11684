"""What the verdict of a cause rests on, in one version of the knowledge."""

from collections.abc import Iterator

from salesdx.inference.part import part_of
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Node, leaves, names

Read = frozenset[tuple[str, str]]


def read_by(cause: str, knowledge: KnowledgeBase) -> Read:
    """Everything that a verdict rests on, as (kind, id)."""
    if cause not in knowledge.causes:
        return frozenset({("causes", cause), ("rules", cause)})
    part = part_of(knowledge, cause)
    found = {(kind, i) for i in part.causes for kind in ("causes", "rules")}
    found |= {("symptoms", i) for i in part.symptoms}
    found |= {("questions", i) for i in part.questions}
    for node in _nodes(part):
        found |= {("metrics", n.removeprefix("gap:")) for n in names(node)}
        for leaf in leaves(node):
            found |= {("benchmarks", n) for n in leaf.comparison.thresholds}
    for question in part.questions.values():
        if question.metric:
            found.add(("metrics", question.metric))
    return frozenset(found)


def _nodes(part: KnowledgeBase) -> Iterator[Node]:
    for cause in part.causes.values():
        yield from cause.nodes
    yield from (s.node for s in part.symptoms.values())
