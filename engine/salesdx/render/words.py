"""Values as people of one language write them: money, ranges, slices, days."""

import datetime as dt
import math
import re
from typing import Any

from babel.dates import format_date

from salesdx import language
from salesdx.language import Language, Text
from salesdx.render.texts import Labels
from salesdx.result import Money, ResultDocument, Where

DASH = "\u2013"
# the blank between a figure and its unit must not break the line
_GLUE = re.compile(
    r"(?<=\d) (?=(?:%|₽|€|млн|тыс|дн\.|дней|мин|ч|h|min)(?!\w))|(?<=млн|тыс) (?=₽)"
    r"|(?<=тыс\.) (?=₽)"
)
_LONGEST = 60  # of a slice value; the JSON has the whole of it
_PLAIN = {"factor", "score", "count", ""}


class Words:
    """Formats values for one report: knows its language, currency and day zero."""

    def __init__(self, document: ResultDocument, lang: Language) -> None:
        self.lang: Language = lang
        self.t = Labels(lang)
        self.currency = document.case.currency or "XXX"
        self.as_of = _day(document.case.as_of)
        self.titles = _titles(document)
        self.units = {"conversion.at-horizon": "ratio", "check.average": "money"}
        self.units |= {"response.first-business": "seconds"}
        self.units |= {m.id: m.unit for m in document.metrics}

    def text(self, text: Text) -> str:
        """The text in the language of the report; figures keep their units."""
        return _GLUE.sub("\u00a0", text.in_(self.lang))

    def title(self, name: str) -> str:
        """Title of a metric, question, cause or action; the id when unknown."""
        found = self.titles.get(name)
        return self.text(found) if found else name

    def number(self, value: float, digits: int = 1) -> str:
        """A plain number."""
        return language.number(value, self.lang, digits)

    def percent(self, value: float, digits: int = 1) -> str:
        """A ratio as a percentage."""
        return language.percent(value, self.lang, digits)

    def quantity(self, value: float | None, unit: str) -> str:
        """A value in its unit; unknown is said, never written as 0."""
        if value is None or not math.isfinite(value):
            return self.t("unknown")
        if unit in _PLAIN:
            return self.number(value, 0 if unit == "count" else 2)
        return language.quantity(value, unit, self.lang, self.currency)

    def interval(self, ends: tuple[float, float] | None, unit: str) -> str:
        """`4.1-8.2 %`; empty without an interval."""
        if ends is None:
            return ""
        low, high = (self.quantity(end, unit) for end in ends)
        return low if low == high else f"{low} {DASH} {high}"

    def short(self, value: float) -> str:
        """Money for headlines."""
        if self.currency == "XXX":
            return self.number(value, 0)
        return language.short_money(value, self.currency, self.lang)

    def money(self, money: Money | None) -> str:
        """Expected money with its range, or a dash when there is none."""
        if money is None:
            return "\u2014"
        return self.t(
            "money.range", expected=self.short(money.expected), span=self.span(money)
        )

    def span(self, money: Money) -> str:
        """`from X to Y`."""
        return self.t("range", low=self.short(money.low), high=self.short(money.high))

    def ends(self, money: Money) -> str:
        """`X - Y`, for table cells."""
        return f"{self.short(money.low)} {DASH} {self.short(money.high)}"

    def odds(self, rate: float | None) -> str:
        """A conversion as sellers say it: `17:1` (entries to one deal)."""
        if not rate or rate <= 0:
            return ""
        return f"{self.number(1 / rate, 0)}:1"

    def where(self, where: Where) -> str:
        """`Manager: Ivanov; segment: HoReCa`; the company for {}."""
        if not where:
            return self.t("company")
        pairs = sorted(where.items())
        parts = [f"{self.t.code('dim', k)} {_cut(v)}" for k, v in pairs]
        return ", ".join(parts)

    def slice_name(self, where: Where) -> str:
        """`Ivanov · HoReCa`: the values alone, for rows whose place says the rest."""
        return " · ".join(_cut(v) for _, v in sorted(where.items())) or self.t(
            "company"
        )

    def period(self, period: str) -> str:
        """`2025`, `Q2 2025`, `Mar 2025` from `2025`, `2025-Q2`, `2025-03`."""
        year, _, part = period.partition("-")
        if part.startswith("Q"):
            return self.t("quarter", n=part[1:], year=year)
        if part.isdigit() and 1 <= int(part) <= 12 and year.isdigit():
            month = dt.date(int(year), int(part), 1)
            return str(format_date(month, "LLL y", locale=self.lang))
        return period

    def value(self, value: Any, unit: str | None = None) -> str:
        """A fact's or an answer's value: yes, no, a code, a list or a quantity."""
        if value is None:
            return self.t("unknown")
        if isinstance(value, bool):
            return self.t("yes" if value else "no")
        if isinstance(value, int | float):
            return self.quantity(float(value), unit or "")
        if isinstance(value, list | tuple):
            return ", ".join(self.value(v) for v in value) or self.t("none")
        return self.t.code("value", str(value))

    def day(self, offset: int) -> str:
        """The date of a plan day, or `day 12` when the case has no date."""
        if self.as_of is None:
            return self.t("day", n=str(offset))
        return _date(self.as_of + dt.timedelta(days=offset), self.lang)

    def iso(self, value: str | None) -> str:
        """An ISO date as people write it; other text as it is."""
        if value and len(value) < 10:
            return self.period(value)
        day = _day(value)
        return _date(day, self.lang) if day else (value or self.t("unknown"))


def _cut(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"


def _date(day: dt.date, lang: Language) -> str:
    return language.date(day, lang).replace(" ", "\u00a0")


def _day(value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value[:10]) if value else None
    except ValueError:
        return None


def _titles(document: ResultDocument) -> dict[str, Text]:
    titles: dict[str, Text] = {}
    for cause in document.causes:
        titles.setdefault(cause.id, cause.title)
    for action in document.plan:
        titles.setdefault(action.id, action.title)
    for metric in document.metrics:
        titles.setdefault(metric.id, metric.title)
    for answer in document.answers:
        titles.setdefault(answer.question, answer.title)
    for symptom in document.symptoms:
        titles.setdefault(symptom.id, symptom.title)
        titles.setdefault(f"symptom:{symptom.id}", symptom.title)
    return titles
