"""Number formats of the spreadsheet: by unit and currency, the same in every locale.

A format is kept in the file as `#,##0.0`; the program shows it with the signs of its
reader. Seconds are shown as hours, minutes and seconds: nobody thinks in seconds.
"""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from babel.numbers import get_currency_symbol

from salesdx.language import Language

_DAY = 86_400  # a spreadsheet counts time in days
_PLACES: Mapping[str, str] = MappingProxyType(
    {"ratio": "0.0%", "seconds": "[h]:mm:ss", "factor": "0.00", "score": "0.0"}
)
_WORDS = {
    "days": {"en": "days", "ru": "дн."},
    "hours": {"en": "h", "ru": "ч"},
    "minutes": {"en": "min", "ru": "мин"},
}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a unit of the figures.

    `before` is shown in front of it: the cell is still a number.
    """

    value: float
    unit: str
    before: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it needs no decimals."""
        return self.value % 1 == 0


Cell = str | int | float | dt.date | Amount | None


def stored(amount: Amount) -> float | None:
    """What a cell holds; infinite values have no place in a spreadsheet."""
    if not math.isfinite(amount.value):
        return None
    return amount.value / _DAY if amount.unit == "seconds" else amount.value


def number_format(amount: Amount, lang: Language, currency: str) -> str:
    """How a cell shows it."""
    shown = _shown(amount, lang, currency)
    return f'"{amount.before} "{shown}' if amount.before else shown


def date_format(lang: Language) -> str:
    """How a day is written."""
    return "dd.mm.yyyy" if lang == "ru" else "d mmm yyyy"


def _shown(amount: Amount, lang: Language, currency: str) -> str:
    unit = amount.unit
    if unit == "money":
        return _money(lang, currency)
    if unit in _WORDS:
        return f'#,##0.0" {_WORDS[unit][lang]}"'
    if unit in _PLACES:
        return _PLACES[unit]
    return "#,##0" if amount.is_whole else "#,##0.0"


def _money(lang: Language, currency: str) -> str:
    if currency == "XXX":
        return "#,##0"
    sign = str(get_currency_symbol(currency, "ru")).replace('"', "")
    return f'#,##0" {sign}"' if lang == "ru" else f'"{sign}"#,##0'
