"""What can be judged although other files have faults: one bad file hides no other."""

from collections.abc import Collection
from dataclasses import replace

from salesdx.errors import Problem
from salesdx.knowledge.base import KnowledgeBase, ReadyCause
from salesdx.knowledge.rules import opened


def sound_part(
    knowledge: KnowledgeBase, problems: Collection[Problem]
) -> KnowledgeBase:
    """The knowledge with only those causes of the uppermost layer that are whole.

    A cause is whole when no file it stands in has a fault and nothing that it reads,
    also inside symptoms, was lost to one. A ring of symptoms leaves none: evaluating
    them would not end.
    """
    if any(p.code == "cycle" for p in problems):
        return replace(knowledge, causes={})
    faulty = {p.file for p in problems}
    causes = {
        i: c for i, c in knowledge.causes.items() if _is_sound(knowledge, c, faulty)
    }
    return replace(knowledge, causes=causes)


def _is_sound(
    knowledge: KnowledgeBase, cause: ReadyCause, faulty: Collection[str]
) -> bool:
    entry = knowledge.entries["causes"].get(cause.id)
    if entry is None:  # a stand-in for what could not be read
        return False
    parts = entry.parts.values()
    top = max([entry.layer, *(p.layer for p in parts)])
    if top < len(knowledge.layers):
        return False
    if {entry.file, *(p.document.file for p in parts)} & {*faulty}:
        return False
    symptoms = {i: s.node for i, s in knowledge.symptoms.items()}
    read = {n for node in cause.nodes for n in opened(node, symptoms)}
    read |= {*cause.spec.needs, *(f"symptom:{s}" for s in cause.spec.explains)}
    words = knowledge.vocabulary
    return all(words.knows(n) and not words.is_lost(n) for n in read)
