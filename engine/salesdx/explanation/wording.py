"""Names, values and conditions in words, in both languages."""

from dataclasses import dataclass
from typing import Any

from salesdx.facts import Fact
from salesdx.inference.world import View
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.conditions import Asked, Comparison, Group, Leaf, Node
from salesdx.language import LANGUAGES, Language, Text, number, quantity

_UNFIT = Text(en="(no norm for this trade)", ru="(нормы для этого бизнеса нет)")
_UNKNOWN = Text(en="unknown", ru="неизвестно")
_YES, _NO = Text(en="yes", ru="да"), Text(en="no", ru="нет")
_NONE = Text(en="none", ru="ничего")
_GAPS = {
    "confirmed": Text(en="confirmed", ru="подтверждено"),
    "suspected": Text(en="suspected", ru="под подозрением"),
    "noise": Text(en="within noise", ru="в пределах случайного"),
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
_OPS: dict[str, Text] = {
    "<": Text(en="below", ru="ниже"),
    "<=": Text(en="at most", ru="не выше"),
    ">": Text(en="above", ru="выше"),
    ">=": Text(en="at least", ru="не ниже"),
    "!=": Text(en="not", ru="не"),
    "includes": Text(en="includes", ru="включает"),
}
_GROUPS: dict[str, Text] = {
    "all": Text(en="; and ", ru="; и "),
    "any": Text(en="; or ", ru="; или "),
}
_ASKED: dict[str, Text] = {
    "known": Text(en="is known", ru="известно"),
    "unknown": Text(en="is not known", ru="не известно"),
    "disagree": Text(en="is answered differently", ru="отвечают по-разному"),
    "dont_know": Text(en="nobody knows", ru="никто не знает"),
}


def both(english: str, russian: str) -> Text:
    """A text of two strings."""
    return Text(en=english, ru=russian)


@dataclass(frozen=True, slots=True)
class Wording:
    """Words for one knowledge base and currency."""

    knowledge: KnowledgeBase
    currency: str

    def fill(self, text: Text, view: View) -> Text:
        """Fill the `{name}` placeholders of a text with what the slice says."""

        def value(name: str, language: Language) -> str:
            if name in self.knowledge.benchmarks:
                mark = self.knowledge.benchmarks[name]
                limit = view.benchmark(name)
                if limit is None:
                    return _UNKNOWN.in_(language)
                return quantity(limit, mark.unit, language, self.currency)
            if name == "slice":
                return ", ".join(v for _, v in view.where)
            return self.value(view.read(name), language)

        return text.fill(value)

    def value(self, fact: Fact, language: Language) -> str:
        """A fact's value as people write it; unknown in words."""
        return self.words(fact.name, fact.value, language)

    def words(self, name: str, value: Any, language: Language) -> str:
        """A value of a name as people write it."""
        if value is None:
            return _UNKNOWN.in_(language)
        if name.startswith("gap:"):
            return _GAPS[str(value)].in_(language)
        if isinstance(value, bool):
            return (_YES if value else _NO).in_(language)
        metric = self.knowledge.metrics.get(name)
        if metric is not None:
            return quantity(float(value), metric.unit, language, self.currency)
        question = self.knowledge.questions.get(name)
        if question is not None and question.options:
            titles = {o.code: o.title.in_(language) for o in question.options}
            if isinstance(value, tuple | list):
                chosen = [titles.get(str(v), str(v)) for v in value]
                return ", ".join(chosen) or _NONE.in_(language)
            return titles.get(str(value), str(value))
        if isinstance(value, int | float):
            unit = "%" if question is not None and question.unit == "percent" else ""
            return number(float(value), language) + (f"\u00a0{unit}" if unit else "")
        return f"«{value}»" if language == "ru" else f"“{value}”"

    def condition(self, node: Node, view: View | None = None) -> Text:
        """A condition in words, for checks and why-not."""
        return both(*(self._node(node, language, view) for language in LANGUAGES))

    def _node(self, node: Node, language: Language, view: View | None) -> str:
        if isinstance(node, Leaf):
            title = self.knowledge.title(node.name).in_(language)
            words = self._comparison(node.name, node.comparison, language, view)
            return f"{title}: {words}" if words else title
        if isinstance(node, Asked):
            title = self.knowledge.title(node.name).in_(language)
            return f"{title}: {_ASKED[node.what].in_(language)}"
        return self._group(node, language, view)

    def _group(self, node: Group, language: Language, view: View | None) -> str:
        inside = [self._node(p, language, view) for p in node.parts]
        if node.kind == "not":
            return ("не так: " if language == "ru" else "not: ") + inside[0]
        if node.kind == "at_least":
            lead = "не менее" if language == "ru" else "at least"
            of = "из" if language == "ru" else "of"
            return f"{lead} {node.n} {of} {len(inside)}: " + "; ".join(inside)
        return _GROUPS[node.kind].in_(language).join(inside)

    def _comparison(
        self, name: str, how: Comparison, language: Language, view: View | None
    ) -> str:
        if how.op in ("holds", "gap"):
            return ""
        if how.op == "banal":
            only = Text(en="only platitudes", ru="одни общие слова")
            real = Text(en="something specific", ru="есть конкретика")
            return (only if how.operands[0] else real).in_(language)
        if how.inner is not None:
            return self._comparison("", how.inner, language, view)
        limits = [
            self._limit(name, o, named, language, view)
            for o, named in zip(
                how.operands, how.benchmarks or (False,) * len(how.operands),
                strict=True,
            )
        ]  # fmt: skip
        if how.op == "between":
            return "…".join(limits)
        word = _OPS[how.op].in_(language) + " " if how.op in _OPS else ""
        glue = " или " if language == "ru" else " or "
        return word + glue.join(limits)

    def _limit(
        self, name: str, operand: Any, named: bool, language: Language,
        view: View | None,
    ) -> str:  # fmt: skip
        if not named:
            return self.words(name, operand, language)
        mark = self.knowledge.benchmarks[str(operand)]
        value = view.benchmark(str(operand)) if view else mark.value
        if value is None:
            return _UNFIT.in_(language)
        return quantity(value, mark.unit, language, self.currency)
