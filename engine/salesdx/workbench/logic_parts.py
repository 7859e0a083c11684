"""Faults of one condition: never true, never false, doubly denied, partly idle."""

from collections.abc import Iterator

from salesdx.errors import Said
from salesdx.knowledge.conditions import Group, Leaf, Node
from salesdx.workbench.findings import Finding
from salesdx.workbench.logic_implies import Logic
from salesdx.workbench.logic_negatives import negatives
from salesdx.workbench.logic_places import Path, Stands, parts
from salesdx.workbench.logic_written import written


def part_findings(logic: Logic, stands: Stands) -> Iterator[Finding]:
    """Everything that is wrong with a condition by itself."""
    settled = list(_settled(logic, stands, stands.node, ()))
    yield from settled
    yield from negatives(logic.knowledge, stands, stands.node)
    if not settled:
        yield from _idle(logic, stands, stands.node, ())


def _settled(
    logic: Logic, stands: Stands, node: Node, inside: Path
) -> Iterator[Finding]:
    """Parts that are never true or never false, the smallest of them."""
    if isinstance(node, Leaf) and node.name.startswith("symptom:"):
        return  # told where the symptom stands
    impossible = logic.impossible(node, stands.by)
    guilty = not isinstance(node, Group) or node.kind == "not"
    if impossible and (guilty or not _any_inside(logic, node, stands.by, True)):
        yield stands.finding(logic.knowledge, inside, "impossible-condition", Said(
            f"{written(node)} can never be true",
            f"{written(node)} не может выполниться никогда",
        ), _why_never(logic, node))  # fmt: skip
        return
    always = not impossible and logic.always(node, stands.by)
    if always and (guilty or not _any_inside(logic, node, stands.by, False)):
        yield stands.finding(logic.knowledge, inside, "always-true", Said(
            f"{written(node)} is true whatever the answer or figure is",
            f"{written(node)} выполняется при любом ответе и любом значении",
        ), Said(
            "compare with a value that tells cases apart, or ask `known:`",
            "сравните со значением, которое что-то различает, или спросите `known:`",
        ))  # fmt: skip
        return
    for path, part in parts(node):
        yield from _settled(logic, stands, part, (*inside, *path))


def _any_inside(logic: Logic, node: Node, by: str, never: bool) -> bool:
    """Whether a part alone is never true (or never false)."""
    judge = logic.impossible if never else logic.always
    return any(judge(part, by) for _, part in parts(node))


def _why_never(logic: Logic, node: Node) -> Said:
    if isinstance(node, Group):
        return _WHY_NEVER.get(node.kind, _WHY_NEVER["all"])
    metric = logic.knowledge.metrics.get(node.name)
    question = logic.knowledge.questions.get(node.name)
    if isinstance(node, Leaf) and node.comparison.op == "between":
        return Said(
            "the lower bound comes first, and both lie where values can be",
            "сначала пишут нижнюю границу, и обе — там, где бывают значения",
        )
    if metric is not None and metric.type == "share":
        return Said("a share lies between 0 and 1", "доля лежит между 0 и 1")
    if question is not None and question.type in ("scale", "number"):
        return Said(
            "look at `min` and `max` of the question",
            "посмотрите на `min` и `max` вопроса",
        )
    return Said(
        "no value of this name fits the comparison",
        "под это сравнение не подходит ни одно значение",
    )


_WHY_NEVER = {
    "all": Said(
        "its parts exclude each other: `any` instead of `all`?",
        "части исключают друг друга: может быть, `any` вместо `all`?",
    ),
    "at_least": Said(
        "so many of its parts never hold together",
        "столько частей сразу не выполняется никогда",
    ),
    "not": Said(
        "what is denied here always holds",
        "то, что здесь отрицается, выполняется всегда",
    ),
}


def _idle(logic: Logic, stands: Stands, node: Node, inside: Path) -> Iterator[Finding]:
    """Parts without which an `all` or `any` is true and false in the same cases."""
    if isinstance(node, Group) and node.kind in ("all", "any"):
        kept = list(parts(node))
        for path, part in reversed(list(kept)):
            rest = [(p, n) for p, n in kept if p != path]
            if rest and idle(logic, node.kind, part, [n for _, n in rest], stands.by):
                kept = rest
                yield _idle_part(logic, stands, node.kind, part, rest, (*inside, *path))
    for path, part in parts(node):
        yield from _idle(logic, stands, part, (*inside, *path))


def idle(logic: Logic, kind: str, part: Node, rest: list[Node], by: str) -> bool:
    """Whether a part of an `all` (`any`) can be left out and nothing changes.

    It must change neither what makes the condition true nor what makes it false:
    `known: x` beside `x: "> 1"` turns unknown into false, and that may be meant.
    """
    if not logic.related(part, rest, by):
        return False
    others = Group("all" if kind == "all" else "any", tuple(rest))
    if kind == "all":
        return logic.implies(others, part, by) and logic.says_no_more(part, others, by)
    return logic.implies(part, others, by) and logic.says_no_more(others, part, by)


def _idle_part(
    logic: Logic, stands: Stands, kind: str, part: Node,
    rest: list[tuple[Path, Node]], path: Path,
) -> Finding:  # fmt: skip
    alone = [n for _, n in rest if idle(logic, kind, part, [n], stands.by)]
    other = written(alone[0]) if alone else ", ".join(written(n) for _, n in rest)
    return stands.finding(logic.knowledge, path, "redundant-part", Said(
        f"{written(part)} changes nothing in this `{kind}` beside {other}",
        f"{written(part)} ничего не меняет в этом `{kind}` рядом с {other}",
    ), Said("leave it out", "уберите эту часть"))  # fmt: skip
