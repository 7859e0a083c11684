"""json-rules-engine (node) and Drools (Java, drools-jpy) on the neutral base."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from inference_bases import Base, Case, Condition, Fired, Join
from inference_floor import Fire
from inference_peer import MissingError, Peer, levels, package, reads_at, rules_at

NODE_PEER = Path(__file__).with_name("inference_peer.cjs")


# json-rules-engine: a node process that keeps its own time


class _Node(Peer):
    """Rules and cases go over once as lines of JSON; times come back."""

    def __init__(self, base: Base, cases: list[Case], node: str) -> None:
        self._process = subprocess.Popen(
            [node, str(NODE_PEER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        tops = max(levels(base))
        rules = [
            {"id": r.id, "priority": tops - level + 1, "conditions": _json(c)}
            for level in levels(base) for r, c in rules_at(base, level)
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
        found: dict[str, Any] = {"fact": condition.rule, "operator": "equal"}
        found["value"] = True
    else:
        word = {"<": "lessThan", ">=": "greaterThanInclusive", "in": "in"}
        value = condition.value
        found = {"fact": condition.fact, "operator": word[condition.op], "value": value}
    return {"all": [found]} if top else found


# Drools through drools-jpy: JSON in, JSON out, one rule set a level


def drools(base: Base, cases: list[Case]) -> Peer:  # noqa: ARG001
    """An event a level that may match several rules; the answer is its matches."""
    name = package("drools", "drools-jpy", "0.4.1")
    java = shutil.which("java")
    if java is None:
        raise MissingError(f"{name}: needs Java 17")
    os.environ.setdefault("JAVA_HOME", str(Path(java).resolve().parents[1]))
    os.environ.setdefault("DROOLS_JPY_JVM_LOG", "defaultLogLevel=error")
    from drools.ruleset import Ruleset

    sets = []
    for level in levels(base):
        rules = [
            {"Rule": {
                "name": r.id, "enabled": True,
                "condition": {"AllCondition": [_drools(c)]},
                "actions": [{"Action": {"action": "none", "action_args": {}}}],
            }}
            for r, c in rules_at(base, level)
        ]  # fmt: skip
        text = {"name": f"l{level}", "match_multiple_rules": True, "rules": rules}
        sets.append(Ruleset(f"l{level}", json.dumps(text)))
    reads = [reads_at(base, level) for level in levels(base)]

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
    order = {"<": "LessThanExpression", ">=": "GreaterThanOrEqualToExpression"}
    limit = {"Float": float(condition.value)}  # type: ignore[arg-type]
    return {order[condition.op]: {"lhs": event, "rhs": limit}}


def _equals(name: str, value: bool) -> dict[str, Any]:
    both = {"lhs": {"Event": name}, "rhs": {"Boolean": value}}
    return {"EqualsExpression": both}


def _pairs(word: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    found = parts[0]
    for part in parts[1:]:
        found = {word: {"lhs": found, "rhs": part}}
    return found
