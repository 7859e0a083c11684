"""What the plans of a company are set in: a closed list of understood words."""

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from salesdx.content import shipped
from salesdx.errors import Said

Measure = Literal["revenue", "profit", "deals"]
MEASURES: tuple[Measure, ...] = ("revenue", "profit", "deals")


class PlanWords(BaseModel):
    """plan_words.yaml: whole words, by what they measure."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    measures: dict[Measure, list[str]]


@cache
def _words() -> dict[str, Measure]:
    what = Said("the words of plans are not valid", "в списке слов для планов ошибки")
    found = shipped(PlanWords, Path(__file__).with_suffix(".yaml"), what)
    return {w: m for m, words in found.measures.items() for w in words}


def measure_of(word: str | None) -> Measure | None:
    """What a plan is set in; None when the word is missing or not understood.

    Raises:
        KnowledgeError: the list of words is not valid.
    """
    plain = " ".join((word or "").replace("_", " ").casefold().split())
    return _words().get(plain.replace("ё", "е"))
