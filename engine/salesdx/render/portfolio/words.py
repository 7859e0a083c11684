"""Values of a portfolio as people of one language write them."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from salesdx import language
from salesdx.language import Language, Text, texts_of
from salesdx.portfolio.model import Company, Money, PortfolioDocument
from salesdx.render.plain_words import glued
from salesdx.render.texts import Labels

DASH = "\u2013"
_LONGEST = 60  # of a name; the JSON has the whole of it
_CURRENCY = 3  # letters of a code; a longer one is shown as it is


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    return texts_of("portfolio/texts.yaml")


class Words:
    """Formats values for one report: knows its language and the titles in it."""

    def __init__(
        self, document: PortfolioDocument, lang: Language,
        own: Mapping[str, Text] | None = None,
    ) -> None:  # fmt: skip
        self.lang: Language = lang
        self.t = Labels(lang, {**(own or {}), **_texts()})
        self._causes = {c.id: c.title for c in document.causes}
        self._remedies = {r.id: r.title for r in document.remedies}

    def text(self, text: Text) -> str:
        """The text in the language of the report; figures keep their units."""
        return glued(language.nested(text.in_(self.lang), self.lang), self.lang)

    def said(self, key: str, **values: str) -> str:
        """A sentence with its values; figures keep their units."""
        return glued(self.t(key, **values), self.lang)

    def cause(self, name: str) -> str:
        """The title of a cause."""
        found = self._causes.get(name)
        return self.text(found) if found else cut(name)

    def remedy(self, name: str) -> str:
        """The title of a remedy."""
        found = self._remedies.get(name)
        return self.text(found) if found else cut(name)

    def lowered(self, remedy: str) -> str:
        """A remedy inside a sentence; an abbreviation keeps its capitals."""
        title = self.remedy(remedy)
        return title if title[1:2].isupper() else title[:1].lower() + title[1:]

    def quoted(self, title: str) -> str:
        """A title inside a sentence."""
        return language.quoted(title, self.lang)

    def company(self, company: Company) -> str:
        """Its name, else its id."""
        return cut(company.name or company.id)

    def group(self, name: str | None) -> str:
        """The name of a group."""
        return cut(name) if name else self.t("no-group")

    def count(self, noun: str, n: int) -> str:
        """`12 компаний`: the noun is a key `n.…`."""
        return self.t.count(f"n.{noun}", n)

    def number(self, value: float, digits: int = 0) -> str:
        """A plain number."""
        return language.number(value, self.lang, digits)

    def percent(self, share: float | None, digits: int = 0) -> str:
        """A share as a percentage; small ones keep a digit, none is a dash."""
        if share is None:
            return "\u2014"
        small = 0 < share < 0.0095 or 0.9905 < share < 1
        return language.percent(share, self.lang, 1 if small else digits)

    def span(self, ends: tuple[float, float] | None) -> str:
        """`47–61 %`."""
        if ends is None:
            return ""
        low, high = (self.percent(end) for end in ends)
        if low == high:
            return low
        return f"{low.removesuffix('%').rstrip()}{DASH}{high}"

    def points(self, share: float) -> str:
        """A difference of shares in percentage points."""
        return self.t("points", n=self.number(100 * share, 1))

    def times(self, factor: float) -> str:
        """`21 раз`, `2,9 раза`."""
        whole = round(factor) if factor >= 10 else factor
        return language.quantity(whole, "factor", self.lang)

    def currency(self, code: str | None) -> str:
        """A currency as its code."""
        return cut(code) if code else self.t("no-currency")

    def money(self, value: float, currency: str | None, finer: int = 0) -> str:
        """Money for headlines and tables."""
        if not currency:
            return self.number(value)
        if not (len(currency) == _CURRENCY and currency.isalpha()):
            return f"{self.number(value)}\u00a0{cut(currency)}"
        return language.short_money(value, currency.upper(), self.lang, finer)

    def sums(self, moneys: Sequence[Money]) -> list[str]:
        """The sum of each currency."""
        return [self.money(m.total, m.currency) for m in moneys]


def cut(name: str) -> str:
    """A name that does not fill a page."""
    flat = " ".join(name.split()) or name.strip() or "\u2014"
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1].rstrip() + "…"
