"""Which words of a company mean an online channel, a delivery, corporate clients."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from salesdx.company import Company
from salesdx.content import shipped
from salesdx.errors import Said

Kind = Literal["delivery", "online", "offline"]
_WORD = re.compile(r"[^\W_]+")


class SalesWords(BaseModel):
    """sales_words.yaml: beginnings of words, by kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal[1]
    channels: dict[Kind, list[str]]
    corporate: list[str]


@cache
def sales_words() -> SalesWords:
    """Read the list once.

    Raises:
        KnowledgeError: the file is not valid.
    """
    what = Said(
        "the words of channels and segments are not valid",
        "в списке слов для каналов и сегментов ошибки",
    )
    return shipped(SalesWords, Path(__file__).with_suffix(".yaml"), what)


def channel_kinds(names: Iterable[str], company: Company) -> dict[str, Kind]:
    """Kind of each channel that is understood; the company's own word goes first."""
    found: dict[str, Kind] = {}
    for name in sorted(names):
        own = company.channels.get(name)
        kind = own or next(
            (k for k, stems in sales_words().channels.items() if _begins(name, stems)),
            None,
        )
        if kind is not None:
            found[name] = kind
    return found


def corporate(names: Iterable[str], company: Company) -> list[str]:
    """Segments of corporate clients among the names, sorted."""
    if company.corporate_segments:
        return sorted(set(names) & set(company.corporate_segments))
    return sorted(n for n in set(names) if _begins(n, sales_words().corporate))


def _begins(name: str, stems: Iterable[str]) -> bool:
    """Whether a word of the name begins with a stem (`e-shop` is one word)."""
    plain = name.casefold().replace("ё", "е").replace("e-", "e")
    words = _WORD.findall(plain)
    return any(word.startswith(stem) for word in words for stem in stems)
