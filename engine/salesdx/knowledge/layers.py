"""What stands over the shipped knowledge, and what it changed of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from salesdx.knowledge.entry import Entry
from salesdx.language import Text

Entries = Mapping[str, dict[str, Entry]]  # by kind and id
TunedKind = Literal[
    "benchmark", "rule", "cause", "question", "symptom", "remedy", "metric"
]


@dataclass(frozen=True, slots=True)
class Layer:
    """One overlay; without a pack.yaml its id is the name of the folder."""

    id: str
    version: str | None
    hash: str
    engine: str | None = None


@dataclass(frozen=True, slots=True)
class Tuned:
    """One key of a lower layer that a layer changed, and why.

    `id` of a rule is `cause/rule`. `change` is the key of the file (`value`, `weight`,
    `if`, `off` …), or `added` for a rule, `replaced` for a whole entry.
    """

    layer: str
    kind: TunedKind
    id: str
    change: str
    was: Any
    now: Any
    why: Text | None


Off = set[tuple[str, str]]  # (kind as in `entries`, or `rules`; id)
