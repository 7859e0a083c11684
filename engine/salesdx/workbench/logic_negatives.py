"""A condition that denies a denial, and how it is said in plain words."""

from collections.abc import Iterator
from dataclasses import replace

from salesdx.errors import Said
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Comparison, Group, Leaf, Node
from salesdx.workbench.findings import Finding
from salesdx.workbench.logic_places import Path, Stands, parts
from salesdx.workbench.logic_written import written

_OTHER = {"known": "unknown", "unknown": "known"}


def negatives(
    knowledge: KnowledgeBase, stands: Stands, node: Node, inside: Path = ()
) -> Iterator[Finding]:
    """Every part that has a plain form with the same three outcomes."""
    plain = plainly(node, knowledge)
    if plain is not None:
        yield stands.finding(knowledge, inside, "double-negative", Said(
            f"{written(node)} denies twice",
            f"{written(node)} — отрицание отрицания",
        ), Said(
            f"the same in plain words: {written(plain)}",
            f"то же самое прямо: {written(plain)}",
        ))  # fmt: skip
        return
    for path, part in parts(node):
        yield from negatives(knowledge, stands, part, (*inside, *path))


def plainly(node: Node, knowledge: KnowledgeBase) -> Node | None:
    """What a needless `not` says, without it: true, false and unknown as before."""
    if isinstance(node, Leaf):
        yes_no = _yes_no(node, knowledge)
        return _affirmed(node) if yes_no and node.comparison.op == "!=" else None
    if not isinstance(node, Group) or node.kind != "not":
        return None
    (part,) = node.parts
    if isinstance(part, Group):
        return part.parts[0] if part.kind == "not" else None
    if isinstance(part, Asked):
        other = _OTHER.get(part.what)
        return Asked(other, part.name) if other else None  # type: ignore[arg-type]
    how = part.comparison
    if how.op == "!=":
        return replace(part, comparison=replace(how, op="=="))
    if how.op in ("==", "banal") and isinstance(how.operands[0], bool):
        return _opposite(part)
    return None


def _yes_no(leaf: Leaf, knowledge: KnowledgeBase) -> bool:
    question = knowledge.questions.get(leaf.name)
    return question is not None and question.type == "yesno"


def _affirmed(leaf: Leaf) -> Leaf:
    """`!= no` is yes."""
    flipped = _opposite(leaf)
    return replace(flipped, comparison=replace(flipped.comparison, op="=="))


def _opposite(leaf: Leaf) -> Leaf:
    how: Comparison = leaf.comparison
    return replace(leaf, comparison=replace(how, operands=(not how.operands[0],)))
