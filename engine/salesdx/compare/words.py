"""Why a row is what it is, in both languages: the sentences are content."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from salesdx.language import (
    Language,
    Text,
    date,
    number,
    odds_digits,
    quantity,
    texts_of,
)
from salesdx.result import ResultDocument, Where

_RATES = "conversion."  # said as `17:1` too, which is how sellers speak of them
_SEEN = 0.5  # a rate above this is no "so many to one"


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    return texts_of("comparison/texts.yaml")


class Value:
    """A figure that is told in the language of the reader."""

    def __init__(
        self, value: float | None, unit: str, currency: str = "", metric: str = ""
    ) -> None:
        self.value, self.unit, self.currency = value, unit, currency
        self.odds = metric.startswith(_RATES)

    def in_(self, language: Language) -> str:
        """`6 % (17:1)`, `60 days`, or a dash."""
        value = self.value
        if value is None:
            return "—"
        told = quantity(value, self.unit, language, self.currency)
        if self.odds and 0 < value < _SEEN:
            to_one = number(1 / value, language, odds_digits(1 / value))
            told = f"{told} ({to_one}:1)"
        return told


def said(key: str, **values: Any) -> Text:
    """A sentence of the file with its values."""
    return filled(_texts()[key], **values)


def filled(text: Text, **values: Any) -> Text:
    """A sentence with its values: texts, figures, dates, numbers."""

    def value(name: str, language: Language) -> str:
        found = values[name]
        if isinstance(found, Text | Value):
            return found.in_(language)
        if isinstance(found, dt.date):
            return date(found, language)
        if isinstance(found, int | float):
            return number(found, language)
        return str(found)

    return text.fill(value)


def joined(*parts: Text | None) -> Text:
    """Sentences one after the other."""
    there = [p for p in parts if p is not None]
    return Text(en=" ".join(p.en for p in there), ru=" ".join(p.ru for p in there))


@lru_cache(maxsize=1)
def _reports() -> dict[str, Text]:
    return texts_of("texts.yaml")


def dimension(name: str) -> Text:
    """What a dimension is called: the word that the reports use."""
    return _reports().get(f"dim.{name}", Text(en=name, ru=name))


def stage_titles(document: ResultDocument) -> dict[str, str]:
    """Stages by id: nobody but the CRM calls a stage `proposal`."""
    stages = [s for f in document.case.funnels for s in f.stages]
    return {s.id: s.title for s in stages if s.title}


def place(where: Where, stages: Mapping[str, str]) -> Text | None:
    """Where something is: `manager Ann, stage Contract`; None for the company."""

    def told(language: Language) -> str:
        return ", ".join(
            f"{dimension(d).in_(language)} {stages.get(v, v) if d == 'stage' else v}"
            for d, v in sorted(where.items())
        )

    return Text(en=told("en"), ru=told("ru")) if where else None


def listed(parts: Mapping[str, Text]) -> Text:
    """Titles in one line, each once, three at most."""
    shown = list(parts.values())[:3]
    more = len(parts) - len(shown)
    tail = f" +{more}" if more > 0 else ""
    en = "; ".join(dict.fromkeys(t.en for t in shown)) + tail
    ru = "; ".join(dict.fromkeys(t.ru for t in shown)) + tail
    return Text(en=en, ru=ru)
