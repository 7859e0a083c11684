"""Values as people of one language write them: money, ranges, slices, days."""

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any, Literal

from babel.dates import format_date

from salesdx import language
from salesdx.language import Language, Text
from salesdx.render import Audience
from salesdx.render.hiding import RESPONDENT
from salesdx.render.plain_words import glued
from salesdx.render.texts import Labels
from salesdx.result import Money, ResultDocument, Where

DASH = "\u2013"
_MINUS = re.compile(r"(?<![\w\-–—])-(?=\d)")
_ASKED = re.compile(r"\?: (?=\S)")
_LONGEST = 60  # of a slice value; the JSON has the whole of it
# what only the keeper of the case needs: `(deals.csv)`, `(as_of in company.yaml)`,
# `(Q-KPI-13, turbulence.corporate-share)`
_ADDRESS = r"(?:[A-Z]+-[A-Z0-9-]+(?:\.[a-z-]+)?|[a-z]+\.[a-z-]+)"
_CODES = re.compile(
    rf"\s*\((?:[^()]*\b[\w-]+\.(?:csv|yaml)\b[^()]*|{_ADDRESS}(?:, {_ADDRESS})*)\)"
)
_QUOTED = re.compile(r'"([^"]*)"')
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=s)'(?=\s)")
_PLAIN = {"count", ""}
_SPOKEN = {"months"}  # units of questions that no figure has


class Words:
    """Formats values for one report: knows its language, currency and day zero.

    `reader` is whom a report is for; the pages of the program have no single reader.
    `own` are the words of a look.
    """

    def __init__(
        self, document: ResultDocument, lang: Language, reader: Audience | None = None,
        own: Mapping[str, Text] | None = None,
    ) -> None:  # fmt: skip
        self.lang: Language = lang
        self.reader = reader
        self.t = Labels(lang, own)
        self.currency = document.case.currency or "XXX"
        self.as_of = _day(document.case.as_of)
        self.titles = _titles(document)
        self._shown = _shown(document)
        self._stages = {s.stage: s.title for s in document.funnel}
        self.units = {"conversion.at-horizon": "ratio", "check.average": "money"}
        self.units |= {"response.first-business": "seconds"}
        self.units |= {m.id: m.unit for m in document.metrics}

    def text(self, text: Text) -> str:
        """The text in the language of the report; figures keep their units."""
        said = _ASKED.sub(
            f"? {DASH if self.lang == 'en' else '—'} ", text.in_(self.lang)
        )
        said = _MINUS.sub("−", said)
        if self.reader in ("owner", "team"):
            said = _CODES.sub("", said)
        if self.lang == "en" and self.reader:
            said = _QUOTED.sub("“\\1”", _APOSTROPHE.sub("’", said))
        return glued(language.nested(said, self.lang), self.lang)

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
        if unit == "factor":
            return f"×{self.number(value, 2)}"
        if unit == "score":
            return self.t.count("n.points", value, 1)
        return language.quantity(value, unit, self.lang, self.currency)

    def times(self, factor: float) -> str:
        """`21 раз`, `2,9 раза`."""
        return language.quantity(factor, "factor", self.lang)

    def interval(self, ends: tuple[float, float] | None, unit: str) -> str:
        """`4.1-8.2 %`; empty without an interval."""
        if ends is None:
            return ""
        low, high = (self.quantity(end, unit) for end in ends)
        return low if low == high else _between(low, high, DASH)

    def short(self, value: float, finer: int = 0) -> str:
        """Money for headlines; `finer` digits where parts must add up to a sum."""
        if self.currency == "XXX":
            return self.number(value, 0)
        return language.short_money(value, self.currency, self.lang, finer)

    def money(self, money: Money | None) -> str:
        """Expected money with its range, or a dash when there is none."""
        if money is None:
            return "\u2014"
        return self.t(
            "money.range", expected=self.short(money.expected), span=self.span(money)
        )

    def span(self, money: Money) -> str:
        """`from X to Y`; the unit is said once: `от 4,2 до 6 млн ₽`."""
        low, high = self.short(money.low), self.short(money.high)
        return self.t("range", low=self.bare(low, high), high=high)

    @staticmethod
    def bare(low: str, high: str) -> str:
        """The lower end without the unit that the upper end repeats."""
        return _bare(low, high)

    def ends(self, money: Money) -> str:
        """`X - Y`, for table cells."""
        return _between(self.short(money.low), self.short(money.high), DASH)

    def odds(self, rate: float | None) -> str:
        """A conversion as sellers say it: `17:1`, `4.4:1` (entries to one deal)."""
        if not rate or rate <= 0:
            return ""
        return f"{self.number(1 / rate, language.odds_digits(1 / rate))}:1"

    def where(self, where: Where) -> str:
        """`Manager: Ivanov; segment: HoReCa`; the company for {}."""
        if not where:
            return self.t("company")
        pairs = sorted(where.items())
        parts = [f"{self.t.code('dim', k)} {self.slice_value(k, v)}" for k, v in pairs]
        return ", ".join(parts)

    def slice_name(self, where: Where) -> str:
        """`Ivanov · HoReCa`: the values alone, for rows whose place says the rest."""
        parts = [self.slice_value(k, v) for k, v in sorted(where.items())]
        return " · ".join(parts) or self.t("company")

    def slice_value(self, dimension: str, value: str) -> str:
        """The value of a dimension; a stage by its title."""
        if dimension == "metric":  # of a finding: the figure that lags
            return self.title(value)
        if dimension == "stage":
            return _cut(self.t.code("stage", self._stages.get(value, value)))
        return _cut(value)

    def stages(self) -> list[str]:
        """Ids of the stages in the order of the funnel."""
        return list(self._stages)

    def points(self, difference: float) -> str:
        """A difference of two shares in percentage points, with its sign."""
        sign = "+" if difference > 0 else "−" if difference < 0 else ""
        return self.t("points", n=sign + self.number(abs(difference) * 100))

    def period(self, period: str) -> str:
        """`2025`, `Q2 2025`, `Mar 2025` from `2025`, `2025-Q2`, `2025-03`."""
        year, _, part = period.partition("-")
        if part.startswith("Q"):
            return self.t("quarter", n=part[1:], year=year)
        if part.isdigit() and 1 <= int(part) <= 12 and year.isdigit():
            month = dt.date(int(year), int(part), 1)
            return str(format_date(month, "LLL y", locale=self.lang))
        return period

    def said(self, question: str | None, value: Any, unit: str | None = None) -> str:
        """An answer's value: the titles of the chosen options, or the value itself."""
        shown = self._shown.get((question or "", repr(_codes(value))))
        return self.text(shown) if shown else self.value(value, unit)

    def given(self, question: str | None, value: Any, unit: str | None) -> str:
        """An answer as it was given, in the unit of its question."""
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if number and unit == "percent":
            return self.percent(value / 100)
        if number and unit in _SPOKEN:
            return self.t(f"given.{unit}", n=self.number(value))
        return self.said(question, value, unit)

    def who(self, by: str, role: Text | None = None, name: str = "") -> str:
        """Who answered: the name and what he is; for a role only the role."""
        told = name or self.by(by)
        if role is None or told == self.lowered(self.text(role)):
            return told
        if not name and told != by and not by.startswith(RESPONDENT):
            return told
        return f"{told}, {self.lowered(self.text(role))}"

    @staticmethod
    def lowered(title: str) -> str:
        """A title inside a sentence; an abbreviation keeps its capitals."""
        return title if title[1:2].isupper() else title[:1].lower() + title[1:]

    def by(self, who: str) -> str:
        """Who says it: a role in words (`seller-2`: the second seller), or a name."""
        role, _, place = who.rpartition("-")
        if role and place.isdigit():
            return f"{self.t.code('by', role)}\u00a0{place}"
        return self.t.code("by", who)

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

    def day(
        self, offset: int, said: Literal["day", "day.until", "day.on"] = "day"
    ) -> str:
        """The date of a plan day, or `day 12` when the case has no date.

        Russian bends the number of a day and not a date: `said` tells how.
        """
        if self.as_of is None:
            return self.t(said, n=str(offset))
        return _date(self.as_of + dt.timedelta(days=offset), self.lang)

    def span_of_days(self, start: int, end: int) -> str:
        """`30 июня – 5 июля 2026 г.`: the year once when it is the same."""
        first, last = self.day(start), self.day(end)
        if self.as_of is None:
            return f"{first} {DASH} {last}"
        days = [self.as_of + dt.timedelta(days=d) for d in (start, end)]
        if days[0].year == days[1].year:
            pattern = "d MMM" if self.lang == "en" else "d MMMM"
            first = str(format_date(days[0], pattern, locale=self.lang))
        return f"{first} {DASH} {last}".replace(" ", "\u00a0", 1)

    def iso(self, value: str | None) -> str:
        """An ISO date as people write it; other text as it is."""
        if value and len(value) < 10:
            return self.period(value)
        day = _day(value)
        return _date(day, self.lang) if day else (value or self.t("unknown"))


def _bare(low: str, high: str) -> str:
    """The lower end without the unit that the upper end repeats."""
    number, gap, unit = low.partition("\u00a0")
    if number == "0":
        return number
    return number if gap and unit == high.partition("\u00a0")[2] else low


def _between(low: str, high: str, dash: str) -> str:
    """`67,5–71 %`, `₽4.2M–6M`... ends with different units keep both and blanks."""
    bare = _bare(low, high)
    if bare != low or low.endswith("%"):
        return f"{bare.removesuffix('%')}{dash}{high}"
    return f"{low} {dash} {high}"


def _codes(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def _shown(document: ResultDocument) -> dict[tuple[str, str], Text]:
    """Titles of chosen options by question and value."""
    found: dict[tuple[str, str], Text] = {}
    for row in document.answers:
        if row.shown:
            found[row.question, repr(_codes(row.value))] = row.shown
    for differ in document.disagreements:
        for said in differ.values:
            if said.shown and differ.question:
                found[differ.question, repr(_codes(said.value))] = said.shown
    return found


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
        titles.setdefault(f"cause:{cause.id}", cause.title)
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
