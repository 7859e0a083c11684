"""Choose the executor: durable_rules where it imports, else the reference."""

import functools
from typing import Literal

from salesdx.errors import Said, UsageError
from salesdx.inference.program import Executor
from salesdx.inference.reference import ReferenceExecutor
from salesdx.knowledge.base import KnowledgeBase

Choice = Literal["auto", "durable", "reference"]


def choose(knowledge: KnowledgeBase, choice: str = "auto") -> Executor:
    """Return an executor for a knowledge base.

    Raises:
        UsageError: durable_rules was asked for and cannot be imported.
    """
    if choice == "reference":
        return ReferenceExecutor()
    if choice not in ("auto", "durable"):
        raise UsageError(
            Said(
                f"no executor {choice!r}: auto, durable or reference",
                f"нет исполнителя «{choice}»: есть auto, durable и reference",
            )
        )
    if not durable_available():
        if choice == "durable":
            raise UsageError(
                Said(
                    "durable_rules cannot be imported here: use --executor reference",
                    "durable_rules здесь не запускается: укажите --executor reference",
                )
            )
        return ReferenceExecutor()
    from salesdx.inference.durable import DurableExecutor

    return DurableExecutor(knowledge)


@functools.cache
def durable_available() -> bool:
    """Whether durable_rules imports (it does not on Python 3.13 and Windows)."""
    try:
        import durable.engine  # noqa: F401
        import durable_rules_engine  # noqa: F401
    except ImportError:
        return False
    return True
