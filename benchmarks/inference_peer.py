"""What another rule engine is to the benchmark, and what all of them need.

Each runs the neutral base as its own manual would have it. `not` is turned into its
opposite (see `positive`) and unknown facts are left out, so that two-valued engines say
what three values say. Rules of one level are fired together; what fired is given to the
next level.
"""

import importlib.util
from collections.abc import Callable
from importlib.metadata import version

from inference_bases import Base, Condition, Fired, Rule, Test, leaves, positive
from inference_floor import Fire

Timed = Callable[[], float]  # works through the cases once: microseconds a case


class MissingError(Exception):
    """A peer is not installed; says what to install."""


class Peer:
    """An engine that is ready: what it fires, and how long it takes."""

    def __init__(self, name: str, fire: Fire, timed: Timed | None = None) -> None:
        self.name, self.fire, self.timed = name, fire, timed

    def close(self) -> None:
        """Most have nothing to end."""


def package(module: str, package: str, tried: str) -> str:
    if importlib.util.find_spec(module) is None:
        raise MissingError(f"{package}: not installed; pip install {package}=={tried}")
    return f"{package} {version(package)}"


def rules_at(base: Base, level: int) -> list[tuple[Rule, Condition]]:
    return [(r, positive(r.condition, base.facts)) for r in base.level(level)]


def levels(base: Base) -> range:
    return range(1 + max(r.level for r in base.rules))


def reads_at(base: Base, level: int) -> list[str]:
    return sorted({
        name_of(leaf) for r in base.level(level) for leaf in leaves(r.condition)
    })  # fmt: skip


def name_of(leaf: Test | Fired) -> str:
    return leaf.rule if isinstance(leaf, Fired) else leaf.fact
