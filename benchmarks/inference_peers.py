"""Other rule engines on the neutral base, each as its own manual would have it.

`not` is turned into its opposite (see `positive`) and unknown facts are left out, so
that two-valued engines say what three values say. Rules of one level are fired
together; what fired is given to the next level. An engine that is not installed is
skipped, with a word on how to install it.
"""

import importlib.util
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from inference_bases import (
    Base,
    Case,
    Condition,
    Fired,
    Join,
    Rule,
    Test,
    leaves,
    positive,
)
from inference_floor import Fire

NODE_PEER = Path(__file__).with_name("inference_peer.cjs")
Timed = Callable[[], float]  # works through the cases once: microseconds a case


class MissingError(Exception):
    """A peer is not installed; says what to install."""


class Peer:
    """An engine that is ready: what it fires, and how long it takes."""

    def __init__(self, name: str, fire: Fire, timed: Timed | None = None) -> None:
        self.name, self.fire, self.timed = name, fire, timed

    def close(self) -> None:
        """Most have nothing to end."""


def peers(
    base: Base, cases: list[Case]
) -> tuple[list[Peer], list[str]]:  # fmt: skip
    """Those that are installed, and what to do for those that are not."""
    found, missing = [], []
    for make in (zen_engine, clips, json_rules_engine, drools):
        try:
            found.append(make(base, cases))
        except MissingError as error:
            missing.append(str(error))
    return found, missing


def _package(module: str, package: str, tried: str) -> str:
    if importlib.util.find_spec(module) is None:
        raise MissingError(f"{package}: not installed; pip install {package}=={tried}")
    return f"{package} {version(package)}"


def _rules(base: Base, level: int) -> list[tuple[Rule, Condition]]:
    return [(r, positive(r.condition, base.facts)) for r in base.level(level)]


def _levels(base: Base) -> range:
    return range(1 + max(r.level for r in base.rules))


# zen-engine: expressions, one node a level


def zen_engine(base: Base, cases: list[Case]) -> Peer:  # noqa: ARG001
    """A decision graph; every level is a node of expressions."""
    name = _package("zen", "zen-engine", "2.1.3")
    import zen

    place = {"position": {"x": 0, "y": 0}}
    nodes: list[dict[str, Any]] = [{"id": "in", "name": "in", "type": "inputNode"}]
    for level in _levels(base):
        lines = [
            {"id": r.id, "key": r.id, "value": _zen(c)} for r, c in _rules(base, level)
        ]
        nodes.append({
            "id": f"l{level}", "name": f"l{level}", "type": "expressionNode",
            "content": {"passThrough": True, "expressions": lines},
        })  # fmt: skip
    nodes.append({"id": "out", "name": "out", "type": "outputNode"})
    edges = [
        {"id": f"e{i}", "sourceId": a["id"], "targetId": b["id"], "type": "edge"}
        for i, (a, b) in enumerate(zip(nodes, nodes[1:], strict=False))
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
            return f"{condition.fact} == {json.dumps(condition.value[0])}"  # type: ignore[index]
        return f"{condition.fact} in {json.dumps(condition.value)}"
    name = condition.fact  # an unknown number may not be compared at all
    return f"({name} != null and {name} {condition.op} {condition.value})"


# CLIPS: one fact a level, conditions of several facts as tests


def clips(base: Base, cases: list[Case]) -> Peer:  # noqa: ARG001
    """A template a level, with a slot for each fact that its rules read."""
    name = _package("clips", "clipspy", "1.0.6")
    import clips

    world, held = clips.Environment(), []
    world.define_function(held.append, "held")
    reads = [_reads(base, level) for level in _levels(base)]
    for level, slots in enumerate(reads):
        body = " ".join(f"(slot {s} (default nil))" for s in slots)
        world.build(f"(deftemplate case{level} {body})")
        for rule, condition in _rules(base, level):
            mine = sorted({_name(leaf) for leaf in leaves(condition)})
            bound = " ".join(f"({s} ?{s})" for s in mine)
            world.build(
                f"(defrule {rule.id} (case{level} {bound}) (test {_clips(condition)})"
                f" => (held {rule.id}))"
            )
    templates = [world.find_template(f"case{level}") for level in _levels(base)]
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


def _reads(base: Base, level: int) -> list[str]:
    return sorted({
        _name(leaf) for r in base.level(level) for leaf in leaves(r.condition)
    })  # fmt: skip


def _name(leaf: Test | Fired) -> str:
    return leaf.rule if isinstance(leaf, Fired) else leaf.fact


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


# json-rules-engine: a node process that keeps its own time


class _Node(Peer):
    """Rules and cases go over once as lines of JSON; times come back."""

    def __init__(self, base: Base, cases: list[Case], node: str) -> None:
        self._process = subprocess.Popen(
            [node, str(NODE_PEER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        tops = max(_levels(base))
        rules = [
            {"id": r.id, "priority": tops - level + 1, "conditions": _json(c)}
            for level in _levels(base) for r, c in _rules(base, level)
        ]  # fmt: skip
        ready = self._ask({"rules": rules})
        super().__init__(f"json-rules-engine {ready['version']}", self._fire)
        self.timed = self._timed
        self._ask({"keep": [dict(c) for c in cases]})

    def _ask(self, said: dict[str, Any]) -> dict[str, Any]:
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        assert pipe_in is not None
        assert pipe_out is not None
        pipe_in.write(json.dumps(said) + "\n")
        pipe_in.flush()
        found: dict[str, Any] = json.loads(pipe_out.readline())
        return found

    def _fire(self, case: Case) -> frozenset[str]:
        return frozenset(self._ask({"case": dict(case)})["fired"])

    def _timed(self) -> float:
        return float(self._ask({"time": True})["microseconds"])

    def close(self) -> None:
        """End the node process."""
        self._process.communicate()


def json_rules_engine(base: Base, cases: list[Case]) -> Peer:
    """Priorities are the levels; a rule that succeeds adds its name as a fact."""
    node = shutil.which("node")
    there = node and subprocess.run(
        [node, "-e", "require('json-rules-engine')"], capture_output=True, check=False
    )
    if not node or not there or there.returncode:
        raise MissingError(
            "json-rules-engine: not installed; npm install json-rules-engine@7.3.1 in a"
            " folder, and NODE_PATH=<folder>/node_modules"
        )
    return _Node(base, cases, node)


def _json(condition: Condition, top: bool = True) -> dict[str, Any]:
    if isinstance(condition, Join):
        return {condition.kind: [_json(p, False) for p in condition.parts]}
    if isinstance(condition, Fired):
        found = {"fact": condition.rule, "operator": "equal", "value": True}
    else:
        word = {"<": "lessThan", ">=": "greaterThanInclusive", "in": "in"}
        value = condition.value
        found = {"fact": condition.fact, "operator": word[condition.op], "value": value}
    return {"all": [found]} if top else found


# Drools through drools-jpy: JSON in, JSON out, one rule set a level


def drools(base: Base, cases: list[Case]) -> Peer:  # noqa: ARG001
    """An event a level that may match several rules; the answer is its matches."""
    name = _package("drools", "drools-jpy", "0.4.1")
    java = shutil.which("java")
    if java is None:
        raise MissingError(f"{name}: needs Java 17")
    os.environ.setdefault("JAVA_HOME", str(Path(java).resolve().parents[1]))
    os.environ.setdefault("DROOLS_JPY_JVM_LOG", "defaultLogLevel=error")
    from drools.ruleset import Ruleset

    sets = []
    for level in _levels(base):
        rules = [
            {"Rule": {
                "name": r.id, "enabled": True,
                "condition": {"AllCondition": [_drools(c)]},
                "actions": [{"Action": {"action": "none", "action_args": {}}}],
            }}
            for r, c in _rules(base, level)
        ]  # fmt: skip
        text = {"name": f"l{level}", "match_multiple_rules": True, "rules": rules}
        sets.append(Ruleset(f"l{level}", json.dumps(text)))
    reads = [_reads(base, level) for level in _levels(base)]

    def fire(case: Case) -> frozenset[str]:
        known: dict[str, Any] = dict(case)
        held: list[str] = []
        for rules, slots in zip(sets, reads, strict=True):
            event = json.dumps({s: known[s] for s in slots if s in known})
            matched = rules._api.assertEvent(rules._session_id, event)
            mine = [n for match in json.loads(matched) for n in match]
            held += mine
            known |= dict.fromkeys(mine, True)
        return frozenset(held)

    return _Sets(name, fire, sets)


class _Sets(Peer):
    """Rule sets that are held by the Java machine."""

    def __init__(self, name: str, fire: Fire, sets: list[Any]) -> None:
        super().__init__(name, fire)
        self._sets = sets

    def close(self) -> None:
        """Free them; the Java machine lives on."""
        for rules in self._sets:
            rules.end_session()


def _drools(condition: Condition) -> dict[str, Any]:
    if isinstance(condition, Fired):
        return _equals(condition.rule, True)
    if isinstance(condition, Join):
        word = "AndExpression" if condition.kind == "all" else "OrExpression"
        return _pairs(word, [_drools(p) for p in condition.parts])
    event = {"Event": condition.fact}
    if condition.op == "in":
        assert isinstance(condition.value, tuple)
        if isinstance(condition.value[0], bool):
            return _equals(condition.fact, condition.value[0])
        kinds = [{"String": v} for v in condition.value]
        return {"ItemInListExpression": {"lhs": event, "rhs": kinds}}
    word = {"<": "LessThanExpression", ">=": "GreaterThanOrEqualToExpression"}
    limit = {"Float": float(condition.value)}  # type: ignore[arg-type]
    return {word[condition.op]: {"lhs": event, "rhs": limit}}


def _equals(name: str, value: bool) -> dict[str, Any]:
    both = {"lhs": {"Event": name}, "rhs": {"Boolean": value}}
    return {"EqualsExpression": both}


def _pairs(word: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    found = parts[0]
    for part in parts[1:]:
        found = {word: {"lhs": found, "rhs": part}}
    return found
