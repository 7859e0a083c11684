"""Two languages, equal: texts as {en, ru}; numbers, dates and money by locale."""

import datetime as dt
import math
import re
from collections.abc import Callable
from typing import Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import (
    format_compact_currency,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_symbol,
)
from pydantic import BaseModel, ConfigDict, Field

from salesdx.content import content, read, validate
from salesdx.errors import KnowledgeError, Said

Language = Literal["en", "ru"]
LANGUAGES: tuple[Language, Language] = ("en", "ru")
_HOLE = re.compile(r"\{([a-z][a-z0-9._:-]*)\}")


class Text(BaseModel):
    """A text in both languages; neither may be empty."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    en: str = Field(min_length=1)
    ru: str = Field(min_length=1)

    def in_(self, language: Language) -> str:
        """Return the text in one language."""
        return self.ru if language == "ru" else self.en

    def fill(self, value: Callable[[str, Language], str]) -> "Text":
        """Replace every `{name}` by `value(name, language)`; nothing else happens."""
        return Text(
            en=_HOLE.sub(lambda m: value(m[1], "en"), self.en),
            ru=_HOLE.sub(lambda m: value(m[1], "ru"), self.ru),
        )

    def holes(self) -> set[str]:
        """Names of the placeholders in either language."""
        return set(_HOLE.findall(self.en)) | set(_HOLE.findall(self.ru))


def number(value: float, language: Language, digits: int = 1) -> str:
    """`1 234,5` or `1,234.5`; trailing zeros are dropped, a small value is not."""
    if 0 < abs(value) < 0.1:
        digits = max(digits, 1 - math.floor(math.log10(abs(value))))
    return str(format_decimal(round(value, digits) + 0.0, locale=language))


def percent(ratio: float, language: Language, digits: int = 1) -> str:
    """A ratio 0..1 as a percentage."""
    pattern = "#,##0." + "#" * digits + ("%" if language == "en" else "\u00a0%")
    return str(format_percent(ratio, format=pattern, locale=language))


def odds_digits(to_one: float) -> int:
    """Decimals of `17:1` and `4.4:1`: whole from ten up, where tenths say nothing."""
    return 0 if to_one >= 9.95 else 1


def money(value: float, currency: str, language: Language) -> str:
    """Money without minor units, in the currency's own sign."""
    text = format_currency(
        round(value) + 0.0,
        currency,
        locale=language,
        currency_digits=False,
        format="¤#,##0" if language == "en" else "#,##0\u00a0¤",
    )
    return _signed(str(text), currency)


def short_money(value: float, currency: str, language: Language, finer: int = 0) -> str:
    """Money for headlines: `₽4.2M`, `4,2 млн ₽`; `finer` adds digits."""
    digits = (0 if abs(value) < 1_000_000 else 1) + finer
    text = format_compact_currency(
        value, currency, locale=language, fraction_digits=digits
    )
    return _signed(str(text), currency)


def _signed(text: str, currency: str) -> str:
    """`₽4.2M`: English locale data print the code, people print the sign."""
    sign = str(get_currency_symbol(currency, "ru"))
    return text.replace(f"{currency}\u00a0", sign).replace(currency, sign)


def date(value: dt.date, language: Language) -> str:
    """`30 Jun 2026`, `30 июня 2026 г.`."""
    pattern = "d MMM y" if language == "en" else "d MMMM y 'г'."
    return str(format_date(value, pattern, locale=language))


def quantity(value: float, unit: str, language: Language, currency: str = "") -> str:
    """A value in its unit (the units of metrics.yaml) as people write it."""
    if unit == "ratio":
        return percent(value, language)
    if unit == "money":
        return money(value, currency or "XXX", language)
    if unit == "seconds":
        return _duration(value, language)
    words = {
        "days": {"en": "days", "ru": "дн."},
        "hours": {"en": "h", "ru": "ч"},
        "minutes": {"en": "min", "ru": "мин"},
    }
    text = number(value, language)
    if unit == "factor":
        return f"{text}\u00a0{_times(round(value, 1), language)}"
    return f"{text}\u00a0{words[unit][language]}" if unit in words else text


def _times(value: float, language: Language) -> str:
    """`21 раз`, `2 раза`, `2,9 раза`: the word follows the number."""
    if language == "en":
        return "times"
    form = Locale(language).plural_form(int(value) if value == int(value) else value)
    return "раз" if form in ("one", "many") else "раза"


def _duration(seconds: float, language: Language) -> str:
    if seconds < 5400:
        return quantity(seconds / 60, "minutes", language)
    if seconds < 172_800:
        return quantity(seconds / 3600, "hours", language)
    return quantity(seconds / 86_400, "days", language)


_MARKS = {"en": ("“", "”", "‘", "’"), "ru": ("«", "»", "„", "“")}  # outer, inner
_STRAIGHT = re.compile(r'(?<!\w)"([^"\n]*)"(?!\w)')


def quoted(title: str, language: Language) -> str:
    """A title in quotation marks; those inside it become the inner ones."""
    first, last = _MARKS[language][:2]
    inside = _STRAIGHT.sub(lambda found: f"{first}{found[1]}{last}", title)
    return nested(f"{first}{inside}{last}", language)


def nested(text: str, language: Language) -> str:
    """Quotes inside quotes are of the other kind: «Новички и „звёзды“»."""
    first, last, inner, end = _MARKS[language]
    if text.count(first) < 2:
        return text
    depth, out = 0, []
    for sign in text:
        depth += sign == first
        deep = depth > 1
        depth -= sign == last and depth > 0
        out.append({first: inner, last: end}.get(sign, sign) if deep else sign)
    return "".join(out)


def texts_of(inside: str, folder: str = "reports") -> dict[str, Text]:
    """A file of texts below a content folder: key -> text, in both languages.

    Raises:
        KnowledgeError: it cannot be read, or a text lacks a language; located.
    """
    document, problems = read(content(folder) / inside, f"{folder}/{inside}")
    found: dict[str, Text] = {}
    for key in document.data if document else ():
        assert document is not None
        text, faults = validate(Text, document, (key,))
        problems += faults
        if text is not None:
            found[key] = text
    if problems:
        what = Said("the shipped texts are not valid:", "в текстах программы ошибки:")
        raise KnowledgeError(what, problems)
    return found
