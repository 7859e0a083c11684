"""zen-engine and CLIPS (clipspy) on the neutral base, inside this process."""

import json
from itertools import pairwise
from typing import Any

from inference_bases import Base, Case, Condition, Fired, Join, leaves
from inference_peer import Peer, levels, name_of, package, reads_at, rules_at

# zen-engine: expressions, one node a level


def zen_engine(base: Base, cases: list[Case]) -> Peer:  # noqa: ARG001
    """A decision graph; every level is a node of expressions."""
    name = package("zen", "zen-engine", "2.1.3")
    import zen

    place = {"position": {"x": 0, "y": 0}}
    nodes: list[dict[str, Any]] = [{"id": "in", "name": "in", "type": "inputNode"}]
    for level in levels(base):
        lines = [
            {"id": r.id, "key": r.id, "value": _zen(c)}
            for r, c in rules_at(base, level)
        ]
        nodes.append({
            "id": f"l{level}", "name": f"l{level}", "type": "expressionNode",
            "content": {"passThrough": True, "expressions": lines},
        })  # fmt: skip
    nodes.append({"id": "out", "name": "out", "type": "outputNode"})
    edges = [
        {"id": f"e{i}", "sourceId": a["id"], "targetId": b["id"], "type": "edge"}
        for i, (a, b) in enumerate(pairwise(nodes))
    ]
    graph = {"nodes": [n | place for n in nodes], "edges": edges}
    decision = zen.ZenEngine().create_decision(json.dumps(graph))
    names = [r.id for r in base.rules]

    def fire(case: Case) -> frozenset[str]:
        result = decision.evaluate(case)["result"]
        return frozenset([n for n in names if result[n]])

    return Peer(name, fire)


def _zen(condition: Condition) -> str:
    if isinstance(condition, Fired):
        return condition.rule
    if isinstance(condition, Join):
        word = " and " if condition.kind == "all" else " or "
        return f"({word.join(map(_zen, condition.parts))})"
    if condition.op == "in":
        if condition.value in ((True,), (False,)):
            return f"{condition.fact} == {json.dumps(condition.value[0])}"
        return f"{condition.fact} in {json.dumps(condition.value)}"
    name = condition.fact  # an unknown number may not be compared at all
    return f"({name} != null and {name} {condition.op} {condition.value})"


# CLIPS: one fact a level, conditions of several facts as tests


def clips(base: Base, cases: list[Case]) -> Peer:  # noqa: ARG001
    """A template a level, with a slot for each fact that its rules read."""
    name = package("clips", "clipspy", "1.0.6")
    import clips

    world = clips.Environment()
    held: list[str] = []
    world.define_function(held.append, "held")
    reads = [reads_at(base, level) for level in levels(base)]
    for level, slots in enumerate(reads):
        body = " ".join(f"(slot {s} (default nil))" for s in slots)
        world.build(f"(deftemplate case{level} {body})")
        for rule, condition in rules_at(base, level):
            mine = sorted({name_of(leaf) for leaf in leaves(condition)})
            bound = " ".join(f"({s} ?{s})" for s in mine)
            world.build(
                f"(defrule {rule.id} (case{level} {bound}) (test {_clips(condition)})"
                f" => (held {rule.id}))"
            )
    templates = [world.find_template(f"case{level}") for level in levels(base)]
    symbols = {True: clips.Symbol("yes"), False: clips.Symbol("no")}
    yes = clips.Symbol("yes")

    def fire(case: Case) -> frozenset[str]:
        held.clear()
        known = {
            n: symbols[v] if isinstance(v, bool) else clips.Symbol(v)
            if isinstance(v, str) else v
            for n, v in case.items()
        }  # fmt: skip
        for template, slots in zip(templates, reads, strict=True):
            template.assert_fact(**{s: known[s] for s in slots if s in known})
            world.run()
            known |= dict.fromkeys(held, yes)
        world.reset()
        return frozenset(held)

    return Peer(name, fire)


def _clips(condition: Condition) -> str:
    if isinstance(condition, Fired):
        return f"(eq ?{condition.rule} yes)"
    if isinstance(condition, Join):
        word = "and" if condition.kind == "all" else "or"
        return _call(word, [_clips(p) for p in condition.parts])
    name = condition.fact
    if condition.op == "in":
        assert isinstance(condition.value, tuple)
        words = [
            {True: "yes", False: "no"}[v] if isinstance(v, bool) else str(v)
            for v in condition.value
        ]
        return _call("or", [f"(eq ?{name} {w})" for w in words])
    return f"(and (numberp ?{name}) ({condition.op} ?{name} {condition.value}))"


def _call(word: str, parts: list[str]) -> str:
    return f"({word} {' '.join(parts)})" if len(parts) > 1 else parts[0]
