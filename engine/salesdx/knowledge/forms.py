"""Forms: named short selections of questions that a person answers by himself."""

from typing import Literal

from pydantic import Field, field_validator

from salesdx.errors import Said
from salesdx.knowledge.models import ID, Grade, Part, SalesModel, Source
from salesdx.language import Text


class FormPart(Part):
    """Questions of one form that belong together, in the order they are asked."""

    title: Text | None = None
    questions: list[str] = Field(min_length=1)


class Band(Part):
    """How to read the result from so many problems on."""

    problems: int = Field(ge=0)
    title: Text
    advice: Text


class Form(Part):
    """One file of `questionnaires/forms/`.

    `bands` begin at 0 and rise; where they lie is a judgement, and `source` says whose.
    """

    format: Literal[1]
    id: str = Field(pattern=ID)
    ref: list[str] = Field([])
    title: Text
    intro: Text
    applies_to: list[SalesModel] = Field([])
    parts: list[FormPart] = Field(min_length=1)
    bands: list[Band] = Field(min_length=1)
    source: Source
    grade: Grade

    @field_validator("bands")
    @classmethod
    def _rising(cls, bands: list[Band]) -> list[Band]:
        starts = [b.problems for b in bands]
        if starts[0] != 0 or starts != sorted(set(starts)):
            raise ValueError(Said(
                "bands begin at 0 problems and rise",
                "шкала начинается с 0 проблем и идёт по возрастанию",
            ))  # fmt: skip
        return bands

    @property
    def questions(self) -> list[str]:
        """Ids of all questions in order."""
        return [q for part in self.parts for q in part.questions]
