"""The register of the domain: items by kind, where each has to stand, and exceptions.

An overlay may register items of its own under other kinds.
"""

from typing import Literal

from pydantic import Field, model_validator

from salesdx.errors import Said
from salesdx.knowledge.models import Part
from salesdx.language import Text

Bearer = Literal[
    "causes", "rules", "symptoms", "remedies", "questions", "metrics", "claims",
    "data_quality", "worksheets", "solution_areas",
]  # fmt: skip


class DomainException(Part):
    """An item that no entry of the right kind carries, and why."""

    item: str
    reason: Text


class DomainKind(Part):
    """Items of one kind: `C: 76` is C-01 to C-76; `in` are the entries to carry them.

    `width` is the number of digits an id has at least.
    """

    id: str = Field(pattern=r"^[A-Z]+(-[A-Z]+)*$")
    title: Text
    count: int | None = Field(None, gt=0)
    numbers: list[int] = Field(default_factory=list)
    width: int = Field(2, ge=1, le=6)
    bearers: list[Bearer] = Field(alias="in", min_length=1)
    exceptions: list[DomainException] = Field(default_factory=list)

    @model_validator(mode="after")
    def _counted_once(self) -> "DomainKind":
        if (self.count is None) is (not self.numbers):
            raise ValueError(Said(
                "give either count or numbers", "укажите либо count, либо numbers"
            ))  # fmt: skip
        known = set(self.items)
        for exception in self.exceptions:
            if exception.item not in known:
                raise ValueError(Said(
                    f"{exception.item!r} is no item of {self.id}",
                    f"«{exception.item}» не входит в {self.id}",
                ))  # fmt: skip
        return self

    @property
    def items(self) -> list[str]:
        """Every id of the kind, in order."""
        numbers = self.numbers or range(1, (self.count or 0) + 1)
        return [f"{self.id}-{n:0{self.width}d}" for n in numbers]


class Domain(Part):
    """domain.yaml."""

    format: Literal[1]
    kinds: list[DomainKind]
