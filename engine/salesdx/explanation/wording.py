"""Names, values, places and people in words, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salesdx.facts import Fact, Slice
from salesdx.inference.world import View
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import LANGUAGES, Language, Text, number, quantity, quoted

_UNFIT = Text(en="(no norm for this trade)", ru="(нормы для этого бизнеса нет)")
_UNKNOWN = Text(en="unknown", ru="неизвестно")
_YES, _NO = Text(en="yes", ru="да"), Text(en="no", ru="нет")
_NONE = Text(en="none", ru="ничего")
_GAPS = {
    "confirmed": Text(en="confirmed", ru="подтверждено"),
    "suspected": Text(en="suspected", ru="под подозрением"),
    "noise": Text(en="no more than chance", ru="не больше случайного"),
    "insufficient": Text(en="not enough data", ru="мало данных"),
}
VERDICTS = {
    "likely": Text(en="likely", ru="вероятно"),
    "possible": Text(en="possible", ru="возможно"),
    "open": Text(en="open", ru="вопрос открыт"),
    "unlikely": Text(en="unlikely", ru="маловероятно"),
    "ruled_out": Text(en="ruled out", ru="исключено"),
    "cannot_judge": Text(en="cannot be judged", ru="нельзя судить"),
}
PLACES = {
    "manager": Text(en="manager", ru="менеджер"),
    "segment": Text(en="segment", ru="сегмент"),
    "channel": Text(en="channel", ru="канал"),
    "source": Text(en="source", ru="источник"),
    "stage": Text(en="stage", ru="этап"),
    "region": Text(en="region", ru="регион"),
    "product": Text(en="product", ru="продукт"),
    "department": Text(en="department", ru="отдел"),
    "client": Text(en="client", ru="клиент"),
    "funnel": Text(en="funnel", ru="воронка"),
}
_BY = {
    "": Text(en="data", ru="данные"),
    "all": Text(en="everybody asked", ru="все опрошенные"),
    "what-if": Text(en="supposed", ru="предположение"),
}
_UNITS = {"percent": "%", "months": "мес."}


def both(english: str, russian: str) -> Text:
    """A text of two strings."""
    return Text(en=english, ru=russian)


def joined(texts: list[Text], english: str, russian: str) -> Text:
    """Texts in a row, with what stands between them in each language."""
    return both(english.join(t.en for t in texts), russian.join(t.ru for t in texts))


def form(n: int, one: str, few: str, many: str) -> str:
    """The Russian form after a whole number: 1 балл, 2 балла, 5 баллов."""
    last, teens = abs(n) % 10, 11 <= abs(n) % 100 <= 14
    if last == 1 and not teens:
        return one
    return few if 2 <= last <= 4 and not teens else many


def inside(title: str) -> str:
    """A title within a sentence: «руководитель», but `CRM` and names as they are."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def measured(value: float, unit: str, language: Language, currency: str) -> str:
    """A quantity, also in the units that only answers and thresholds have."""
    if unit not in _UNITS:
        return quantity(value, unit, language, currency)
    word = "months" if unit == "months" and language == "en" else _UNITS[unit]
    return f"{number(value, language)}\u00a0{word}"


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for one knowledge base and currency; `people` are respondents by id."""

    knowledge: KnowledgeBase
    currency: str
    people: Mapping[str, Text] = field(default_factory=dict)

    def fill(self, text: Text, view: View) -> Text:
        """Fill the `{name}` placeholders of a text with what the slice says."""

        def value(name: str, language: Language) -> str:
            if name in self.knowledge.benchmarks:
                if view.benchmark(name) is None:
                    return _UNKNOWN.in_(language)
                return self.threshold(name, language, view)
            if name == "slice":
                return ", ".join(v for _, v in view.where)
            return self.value(view.read(name), language)

        return text.fill(value)

    def threshold(self, name: str, language: Language, view: View | None) -> str:
        """A benchmark with its unit: the company's own where it has one."""
        mark = self.knowledge.benchmarks[name]
        value = view.benchmark(name) if view else mark.value
        if value is None:
            return _UNFIT.in_(language)
        return measured(value, mark.unit, language, self.currency)

    def value(self, fact: Fact, language: Language) -> str:
        """A fact's value as people write it; unknown in words."""
        return self.words(fact.name, fact.value, language)

    def words(self, name: str, value: Any, language: Language) -> str:
        """A value of a name as people write it."""
        if value is None:
            return _UNKNOWN.in_(language)
        if name.startswith("gap:"):
            return _GAPS[str(value)].in_(language)
        metric = self.knowledge.metrics.get(name)
        if metric is not None and metric.type == "flag":
            return (_YES if value else _NO).in_(language)
        if isinstance(value, bool):
            return (_YES if value else _NO).in_(language)
        if metric is not None:
            return measured(float(value), metric.unit, language, self.currency)
        question = self.knowledge.questions.get(name)
        if question is not None and question.options:
            titles = {o.code: o.title.in_(language) for o in question.options}
            if isinstance(value, tuple | list):
                chosen = [titles.get(str(v), str(v)) for v in value]
                return ", ".join(chosen) or _NONE.in_(language)
            return titles.get(str(value), str(value))
        if isinstance(value, int | float):
            unit = (question.unit if question is not None else None) or ""
            return measured(float(value), unit, language, self.currency)
        return quoted(str(value), language)

    def said(self, fact: Fact) -> Text:
        """A fact in one line: `title: value`, `«question?» — answer`."""
        title = self.knowledge.title(fact.name)
        if fact.dont_know:
            value = both("nobody knows", "никто не знает")
        elif fact.disagree and fact.name in self.knowledge.questions:
            value = both("people answer differently", "отвечают по-разному")
        else:
            value = both(*(self.value(fact, language) for language in LANGUAGES))
            question = self.knowledge.questions.get(fact.name)
            if question is not None and question.type == "scale" and fact.value:
                top = f"{question.max or 5:g}"
                value = both(f"{value.en} of {top}", f"{value.ru} из {top}")
        return answered(title, value)

    def where(self, where: Slice) -> Text | None:
        """`manager Ivanov`; None for the company."""
        if not where:
            return None
        return both(*(
            ", ".join(self._place(d, v, language) for d, v in where)
            for language in LANGUAGES
        ))  # fmt: skip

    def _place(self, dimension: str, value: str, language: Language) -> str:
        """A finding lies on a slice of a figure: the figure is told by its title."""
        if dimension in PLACES:
            return f"{PLACES[dimension].in_(language)} {value}"
        return quoted(self.knowledge.title(value).in_(language), language)

    def by(self, fact: Fact) -> Text:
        """Who says it: the data, or a person."""
        return self.people.get(fact.by) or _BY.get(fact.by) or both(fact.by, fact.by)


def answered(title: Text, value: Text) -> Text:
    """A title with its value; a question is quoted and gets its answer."""
    return both(*(
        f"{quoted(title.in_(lang), lang)} — {value.in_(lang)}"
        if title.in_(lang).endswith("?")
        else f"{title.in_(lang).rstrip('….:')}: {value.in_(lang)}"
        for lang in LANGUAGES
    ))  # fmt: skip
