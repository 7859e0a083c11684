"""What CRMs write for our codes (words.yaml), by column name."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from salesdx.content import shipped
from salesdx.crm.rows import normalise_header
from salesdx.errors import Said


class Words(BaseModel):
    """words.yaml: lists of words, and code -> words for each enum column."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    yes: list[str]
    no: list[str]
    status: dict[str, list[str]]
    likely: dict[str, list[str]]
    role: dict[str, list[str]]
    type_: dict[str, list[str]] = Field(alias="type")
    direction: dict[str, list[str]]
    new_current: dict[str, list[str]]
    warmth: dict[str, list[str]]
    origin: dict[str, list[str]]
    lost_reason: dict[str, list[str]]
    currency: dict[str, list[str]]
    frame: dict[str, list[str]]


@cache
def words() -> Words:
    """Read words.yaml once.

    Raises:
        KnowledgeError: the file is not valid.
    """
    return shipped(
        Words,
        Path(__file__).with_name("words.yaml"),
        Said(
            "the word lists of the readers are not valid",
            "в списках слов, по которым читаются выгрузки, ошибки",
        ),
    )


def normalise(word: str) -> str:
    """The form in which words are compared."""
    return normalise_header(word)


@cache
def codes(column: str) -> dict[str, str]:
    """Normalised word -> code for an enum column; empty for an unknown column."""
    name = "type_" if column == "type" else column
    lists: dict[str, list[str]] = getattr(words(), name, {})
    return {
        normalise(word): code
        for code, many in lists.items()
        for word in (code, code.replace("_", " "), *many)
    }


def currency_code(word: str) -> str:
    """The ISO code of a currency word; an unknown word as it is."""
    return codes("currency").get(normalise(word), word.strip().upper())


@cache
def booleans() -> dict[str, bool]:
    """Normalised word -> boolean."""
    found = {normalise(w): True for w in words().yes}
    return found | {normalise(w): False for w in words().no}
