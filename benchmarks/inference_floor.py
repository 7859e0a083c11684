"""The floor: the rules of a base as one Python function that a program has written."""

from collections.abc import Callable, Iterable
from typing import Any

from inference_bases import Base, Case, Condition, Fired, Join, Test, positive

Fire = Callable[[Case], frozenset[str]]


def floor(base: Base) -> Fire:
    """Case -> ids of the rules that hold, all in one function."""
    lines = ["def fire(case):", " get = case.get"]
    lines += [f" {name} = get({name!r})" for name in base.facts]
    for rule in base.rules:
        lines.append(f" {rule.id} = {_python(positive(rule.condition, base.facts))}")
    names = ", ".join(f"({r.id!r}, {r.id})" for r in base.rules)
    lines.append(f" return frozenset([n for n, held in ({names},) if held])")
    space: dict[str, Any] = {}
    exec(compile("\n".join(lines), "<floor>", "exec"), space)
    found: Fire = space["fire"]
    return found


def _python(condition: Condition) -> str:
    if isinstance(condition, Fired):
        return condition.rule
    if isinstance(condition, Join):
        word = " and " if condition.kind == "all" else " or "
        return f"({word.join(map(_python, condition.parts))})"
    return _test(condition)


def _test(test: Test) -> str:
    name = test.fact
    if test.op == "in":
        assert isinstance(test.value, tuple)
        if isinstance(test.value[0], bool):
            return f"({name} is {test.value[0]})"
        return f"({name} in {test.value!r})"
    return f"({name} is not None and {name} {test.op} {test.value})"


def differences(
    cases: Iterable[Case], one: Fire, other: Fire
) -> Iterable[tuple[int, frozenset[str]]]:
    """Numbers of the cases of which two engines do not say the same, and the rules."""
    for number, case in enumerate(cases):
        apart = one(case) ^ other(case)
        if apart:
            yield number, apart
