"""What free text about clients says: reasons, methods of return, themes, sources."""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from salesdx.company import Company
from salesdx.content import shipped
from salesdx.errors import Said

OTHER = "other"
Codes = Mapping[str, list[str]]
_WORD = re.compile(r"[^\W_]+")
# codes of lost deals that say why a client left
_AS_CHURN = {"closed_business": "business_gone"}


class ClientWords(BaseModel):
    """client_words.yaml: phrases of beginnings of words, by code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    referral: list[str]
    retention: list[str]
    churn_reasons: dict[str, list[str]]
    return_methods: dict[str, list[str]]
    survey_themes: dict[str, list[str]]


@cache
def client_words() -> ClientWords:
    """Read the list once.

    Raises:
        KnowledgeError: the file is not valid.
    """
    what = Said(
        "the words about clients are not valid",
        "в списке слов о клиентах ошибки",
    )
    return shipped(ClientWords, Path(__file__).with_suffix(".yaml"), what)


def says(text: str, phrases: Iterable[str]) -> bool:
    """Whether a text holds a phrase: every beginning of it begins a word."""
    words = _words(text)
    return any(
        all(any(word.startswith(stem) for word in words) for stem in phrase.split())
        for phrase in phrases
    )


def code_of(text: str, codes: Codes) -> str:
    """The code that a text means, `other` when it is none that we know."""
    plain = "_".join(_words(text))
    if plain in codes:
        return plain
    return next((code for code, many in codes.items() if says(text, many)), OTHER)


def churn_reason(text: str, company: Company) -> str:
    """Code of the reason why a client left; the company's own words go first."""
    own = {" ".join(_words(word)): code for word, code in company.lost_reasons.items()}
    text = own.get(" ".join(_words(text)), text)
    plain = "_".join(_words(text))
    return code_of(_AS_CHURN.get(plain, text), client_words().churn_reasons)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold().replace("ё", "е"))
