"""Conditions in words, as they stand or as their opposite: never `not not`."""

from typing import Any

from salesdx.explanation.wording import Wording, answered, both, joined
from salesdx.inference.world import View
from salesdx.knowledge.conditions import Asked, Comparison, Group, Leaf, Node
from salesdx.language import LANGUAGES, Language, Text, quoted

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
# For shares and marks, which are low or high; then for amounts, which are few or many.
_LEVELS: dict[str, Text] = {
    "<": Text(en="below", ru="ниже"),
    "<=": Text(en="at most", ru="не выше"),
    ">": Text(en="above", ru="выше"),
    ">=": Text(en="at least", ru="не ниже"),
}
_AMOUNTS: dict[str, Text] = {
    "<": Text(en="less than", ru="меньше"),
    "<=": Text(en="at most", ru="не больше"),
    ">": Text(en="more than", ru="больше"),
    ">=": Text(en="at least", ru="не меньше"),
}
_ASKED: dict[str, Text] = {
    "known": Text(en="is known", ru="известно"),
    "unknown": Text(en="is not known", ru="неизвестно"),
    "disagree": Text(en="people answer differently", ru="отвечают по-разному"),
    "dont_know": Text(en="nobody knows", ru="никто не знает"),
}
_ASKED_NOT: dict[str, Text] = {
    "known": _ASKED["unknown"],
    "unknown": _ASKED["known"],
    "disagree": Text(en="people agree", ru="отвечают одинаково"),
    "dont_know": Text(en="there is an answer", ru="ответ есть"),
}
_ONLY = Text(en="only platitudes", ru="одни общие слова")
_REAL = Text(en="something specific", ru="есть конкретика")


def condition(
    node: Node, wording: Wording, view: View | None = None, wanted: bool = True
) -> Text:
    """What has to be so for a condition to become true (or false)."""
    if isinstance(node, Leaf):
        return _leaf(node, wording, view, wanted)
    if isinstance(node, Asked):
        words = (_ASKED if wanted else _ASKED_NOT)[node.what]
        return answered(wording.knowledge.title(node.name), words)
    if node.kind == "not":
        return condition(node.parts[0], wording, view, not wanted)
    return _group(node, wording, view, wanted)


def _group(node: Group, wording: Wording, view: View | None, wanted: bool) -> Text:
    size = len(node.parts)
    n = {"all": size, "any": 1}.get(node.kind, node.n)
    lacking = n if wanted else size - n + 1
    parts = [condition(p, wording, view, wanted) for p in node.parts]
    if lacking == size:
        return joined(parts, "; and ", "; и ")
    if lacking == 1:
        return joined(parts, "; or ", "; или ")
    listed = joined(parts, "; ", "; ")
    return both(
        f"at least {lacking} of {size}: {listed.en}",
        f"не менее {lacking} из {size}: {listed.ru}",
    )


def _leaf(leaf: Leaf, wording: Wording, view: View | None, wanted: bool) -> Text:
    title = wording.knowledge.title(leaf.name)
    prefix, _, rest = leaf.name.partition(":")
    if rest and prefix == "symptom":
        # reports take the lead away and tell the state of what follows it
        return title if wanted else both(f"not: {title.en}", f"не так: {title.ru}")
    if rest and prefix == "cause":
        return both(
            f"{quoted(title.en, 'en')} is {'' if wanted else 'not '}likely",
            f"причина {quoted(title.ru, 'ru')} "
            + ("вероятна" if wanted else "не подтверждается"),
        )
    if rest and prefix == "gap":
        return both(
            f"{quoted(title.en, 'en')}: a gap is {'' if wanted else 'not '}confirmed",
            f"{quoted(title.ru, 'ru')}: отставание "
            + ("подтверждено" if wanted else "не подтверждено"),
        )
    words = [
        _comparison(leaf.name, leaf.comparison, wording, language, view, wanted)
        for language in LANGUAGES
    ]
    return answered(title, both(*words))


def limits(
    leaf: Leaf, wording: Wording, view: View | None, wanted: bool = True
) -> Text | None:
    """The threshold of a comparison by size; None for other comparisons."""
    how = leaf.comparison
    named = wording.knowledge.metrics.get(leaf.name)
    flag = named is not None and named.type == "flag"
    if flag or how.inner is not None or how.op not in (*_LEVELS, "between"):
        return None
    return both(*(
        _comparison(leaf.name, how, wording, language, view, wanted)
        for language in LANGUAGES
    ))  # fmt: skip


def _comparison(
    name: str, how: Comparison, wording: Wording, language: Language,
    view: View | None, wanted: bool,
) -> str:  # fmt: skip
    ru = language == "ru"
    if how.op == "banal":
        return (_ONLY if bool(how.operands[0]) is wanted else _REAL).in_(language)
    if how.inner is not None:
        size = _ordered("", how.inner, wording, language, view, wanted)
        return f"выбрано {size}" if ru else f"{size} chosen"
    metric = wording.knowledge.metrics.get(name)
    if metric is not None and metric.type == "flag":
        return wording.words(
            name, how.holds(1.0, _Shipped(wording)) is wanted, language
        )
    if how.op == "between":
        low, high = _limits(name, how, wording, language, view)
        if wanted:
            return f"от {low} до {high}" if ru else f"from {low} to {high}"
        return f"меньше {low} или больше {high}" if ru else f"outside {low} to {high}"
    if how.op in _LEVELS:
        return _ordered(name, how, wording, language, view, wanted)
    return _chosen(name, how, wording, language, wanted)


def _chosen(
    name: str, how: Comparison, wording: Wording, language: Language, wanted: bool
) -> str:
    """Answers that are chosen, not compared by size."""
    ru = language == "ru"
    question = wording.knowledge.questions.get(name)
    if question is not None and question.type == "yesno":
        plain = (bool(how.operands[0]) is (how.op != "!=")) is wanted
        return wording.words(name, plain, language)
    words = [wording.words(name, o, language) for o in how.operands]
    if question is not None and question.options:
        words = [quoted(w, language) for w in words]
    if how.op == "includes":
        if wanted:
            return f"среди ответов есть {words[0]}" if ru else f"includes {words[0]}"
        return f"среди ответов нет {words[0]}" if ru else f"does not include {words[0]}"
    if (how.op == "!=") is wanted:
        but = (" и " if ru else " and ").join(words)
        return f"что угодно, кроме {but}" if ru else f"anything but {but}"
    return (" или " if ru else " or ").join(words)


def _ordered(
    name: str, how: Comparison, wording: Wording, language: Language,
    view: View | None, wanted: bool,
) -> str:  # fmt: skip
    op = how.op if wanted else _OPPOSITE[how.op]
    (limit,) = _limits(name, how, wording, language, view)
    question = wording.knowledge.questions.get(name)
    if question is not None and question.type == "scale":
        top = f"{question.max or 5:g}"
        limit += f" из {top}" if language == "ru" else f" of {top}"
    metric = wording.knowledge.metrics.get(name)
    unit = metric.unit if metric else question.unit if question else "count"
    levels = unit in ("ratio", "percent", "score", None)
    return f"{(_LEVELS if levels else _AMOUNTS)[op].in_(language)} {limit}"


def _limits(
    name: str, how: Comparison, wording: Wording, language: Language, view: View | None
) -> list[str]:
    named = how.benchmarks or (False,) * len(how.operands)
    return [
        _limit(name, o, is_named, wording, language, view)
        for o, is_named in zip(how.operands, named, strict=True)
    ]


def _limit(
    name: str, operand: Any, named: bool, wording: Wording, language: Language,
    view: View | None,
) -> str:  # fmt: skip
    if named:
        return wording.threshold(str(operand), language, view)
    return wording.words(name, operand, language)


class _Shipped:
    """Flags are compared with numbers, never with facts."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def read(self, name: str) -> Any:
        raise KeyError(name)

    def benchmark(self, name: str) -> float:
        return self._wording.knowledge.benchmarks[name].value
