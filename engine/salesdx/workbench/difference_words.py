"""Edits in words: one line for a headline, some more for what is different inside."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any

from salesdx.explanation.wording import both, joined, measured
from salesdx.knowledge.base import POINTS, KnowledgeBase
from salesdx.knowledge.conditions import Asked, Group, Leaf, Node
from salesdx.language import LANGUAGES, Language, Text, quoted
from salesdx.workbench.differences import Aspect, Edit

# how a kind is called; "new …" and "… removed" in either language
WORDS: Mapping[str, tuple[str, str, str, str]] = {
    "benchmarks": ("threshold", "порог", "новый порог", "удалён порог"),
    "causes": ("cause", "причина", "новая причина", "удалена причина"),
    "rules": ("rule", "правило", "новое правило", "удалено правило"),
    "symptoms": ("symptom", "симптом", "новый симптом", "удалён симптом"),
    "questions": ("question", "вопрос", "новый вопрос", "удалён вопрос"),
    "metrics": ("metric", "показатель", "новый показатель", "удалён показатель"),
    "remedies": ("remedy", "мера", "новая мера", "удалена мера"),
    "roles": ("role", "роль", "новая роль", "удалена роль"),
    "claims": ("claim", "заявление", "новое заявление", "удалено заявление"),
    "forms": ("form", "форма", "новая форма", "удалена форма"),
    "questionnaires": (
        "questionnaire", "опросник", "новый опросник", "удалён опросник",
    ),
    "worksheets": (
        "worksheet", "рабочий лист", "новый рабочий лист", "удалён рабочий лист",
    ),
    "solution_areas": (
        "solution area", "область решений", "новая область решений",
        "удалена область решений",
    ),
    "data_quality": (
        "statement on the data", "замечание о данных", "новое замечание о данных",
        "удалено замечание о данных",
    ),
    "pack": ("pack", "пакет", "новый пакет", "удалён пакет"),
}  # fmt: skip
# keys as people call them; the key itself where it says it all
_KEYS: Mapping[str, Text] = {
    "if": both("condition", "условие"),
    "weight": both("weight", "вес"),
    "group": both("group", "группа"),
    "direction": both("side", "сторона"),
    "value": both("value", "значение"),
    "unit": both("unit", "единица"),
    "scope": both("where it applies (scope)", "где действует (scope)"),
    "variants": both("values for narrower scopes", "значения для узких случаев"),
    "options": both("options", "варианты ответа"),
    "problem": both("which answer is a problem", "какой ответ — проблема"),
    "texts": both("texts", "тексты"),
    "tests": both("tests", "испытания"),
    "independent": both("counted apart (independent)", "считается отдельно"),
    "direct": both("sees the cause itself (direct)", "прямое наблюдение (direct)"),
    "off": both("switched off", "выключено"),
    "days": both("days", "дней"),
    "version": both("version", "версия"),
    "engine": both("engine", "движок"),
}
_YES_NO = {True: both("yes", "да"), False: both("no", "нет")}
_NOTHING = both("none", "нет")


class Words:
    """Words for the edits between two versions."""

    def __init__(self, old: KnowledgeBase, new: KnowledgeBase) -> None:
        self.old, self.new = old, new

    def headline(self, edit: Edit, title: bool = False) -> Text:
        """One line: `threshold reply.slow: 1 h → 30 min`, `new rule x/said-so`."""
        name = self.name(edit)
        if title:
            told = self.title(edit)
            name = both(
                name.en + named(told, "en"), name.ru + named(told, "ru")
            )  # fmt: skip
        change = self.change(edit)
        if change is None:
            return name
        return both(f"{name.en}: {change.en}", f"{name.ru}: {change.ru}")

    def name(self, edit: Edit) -> Text:
        """What is edited, and whether it is new or gone."""
        name = edit.entry
        if edit.kind == "rules":
            name += f"/{edit.part}"
        en, ru, added, removed = WORDS[edit.kind]
        if edit.change == "added":
            return both(f"new {en} {name}", f"{added} {name}")
        if edit.change == "removed":
            return both(f"removed {en} {name}", f"{removed} {name}")
        return both(f"{en} {name}", f"{ru} {name}")

    def change(self, edit: Edit) -> Text | None:
        """What is different in a few words; None of what is new or gone."""
        if edit.change != "changed":
            return None
        parts = [self.brief(edit, a) for a in edit.aspects if a.bearing == edit.bearing]
        if edit.bearing == "text":
            parts = _texts(edit.aspects)
        return joined(parts, "; ", "; ")

    def title(self, edit: Edit) -> Text | None:
        """The title of the edited entry; that of the cause for a rule."""
        kind = "causes" if edit.kind == "rules" else edit.kind
        for side in (self.new, self.old):
            entry = side.entries.get(kind, {}).get(edit.entry)
            title = getattr(entry.model, "title", None) if entry else None
            if isinstance(title, Text):
                return title
        return None

    def brief(self, edit: Edit, aspect: Aspect) -> Text:
        """One key in a few words; a condition is only said to differ."""
        key = _key(aspect.name)
        change = self._change(edit, aspect)
        if change is None:
            return both(f"{key.en} changed", f"{key.ru} (изменено)")
        if aspect.name == "value":
            return change
        return both(f"{key.en} {change.en}", f"{key.ru} {change.ru}")

    def details(self, edit: Edit) -> Iterator[Text]:
        """What is different, key by key, a line each; conditions as trees."""
        for aspect in edit.aspects:
            if aspect.bearing == "text":
                continue
            key = _key(aspect.name)
            change = self._change(edit, aspect)
            if change is not None:
                yield both(f"{key.en}: {change.en}", f"{key.ru}: {change.ru}")
                continue
            lines = list(self._lines(aspect))
            yield both(f"{key.en}:", f"{key.ru}:")
            yield from (both(f"  {line}", f"  {line}") for line in lines)
        told = _texts([a for a in edit.aspects if a.bearing == "text"])
        if told and edit.bearing != "text":
            yield both(
                "texts too: " + ", ".join(t.en for t in told),
                "и тексты: " + ", ".join(t.ru for t in told),
            )

    def _change(self, edit: Edit, aspect: Aspect) -> Text | None:
        """`old → new` where that is short; None for conditions and the like."""
        old, new = aspect.old, aspect.new
        if edit.kind == "benchmarks" and aspect.name == "value":
            return self._values(edit.entry)
        if aspect.name == "weight":
            return both(*[_arrow(*(f"{w} ({POINTS[w]})" for w in (old, new)))] * 2)
        if _is_list(old) and _is_list(new) and _plain(old) and _plain(new):
            if sorted(map(str, old)) == sorted(map(str, new)):
                order = ", ".join(map(str, new))
                return both(f"other order: {order}", f"другой порядок: {order}")
            return both(*[_sets(old, new)] * 2)
        if _short(old) and _short(new):
            sides = [_said(v) for v in (old, new)]
            return both(*(
                _arrow(*(s.in_(lang) for s in sides)) for lang in LANGUAGES
            ))  # fmt: skip
        return None

    def _values(self, name: str) -> Text:
        marks = [k.benchmarks[name] for k in (self.old, self.new)]
        return both(*(
            _arrow(*_told_apart([
                (m.value, measured(m.value, m.unit, lang, "")) for m in marks
            ]))
            for lang in LANGUAGES
        ))  # fmt: skip

    def _lines(self, aspect: Aspect) -> Iterator[str]:
        """Both sides of one key, line against line."""
        sides = [list(_written(v)) for v in (aspect.old, aspect.new)]
        yield from difference(*sides)


def _told_apart(values: list[tuple[float, str]]) -> list[str]:
    """Values in words; in bare numbers where rounding would make them look alike."""
    words = [w for _, w in values]
    return words if len(set(words)) > 1 else [f"{v:g}" for v, _ in values]


def difference(old: list[str], new: list[str]) -> Iterator[str]:
    """Lines of either side: `- ` gone, `+ ` come, two spaces for what stays."""
    for what, a, b, c, d in SequenceMatcher(None, old, new, False).get_opcodes():
        if what == "equal":
            yield from (f"  {line}" for line in old[a:b])
            continue
        yield from (f"- {line}" for line in old[a:b])
        yield from (f"+ {line}" for line in new[c:d])


def tree(node: Node, depth: int = 0) -> Iterator[str]:
    """A condition as it is written in a file, a line a part."""
    lead = "  " * depth
    if isinstance(node, Group):
        many = f" {node.n} of" if node.kind == "at_least" else ""
        yield f"{lead}{node.kind}{many}:"
        for part in node.parts:
            yield from tree(part, depth + 1)
    elif isinstance(node, Asked):
        yield f"{lead}{node.what}: {node.name}"
    elif node.comparison.op in ("holds", "gap"):
        prefix, _, rest = node.name.partition(":")
        yield f"{lead}{prefix}: {rest}"
    else:
        yield f"{lead}{node.name}: {node.comparison}"


def _written(value: Any) -> Iterator[str]:
    """A value of any kind as lines."""
    if isinstance(value, Leaf | Asked | Group):
        yield from tree(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if inner not in (None, "", [], ()):
                yield f"{key}: {_flat(inner)}"
    elif _is_list(value):
        for inner in value:
            if isinstance(inner, Leaf | Asked | Group):
                yield from tree(inner)
            else:
                yield _flat(inner)
    elif value is not None:
        yield str(value)


def _flat(value: Any) -> str:
    if isinstance(value, Leaf | Asked | Group):
        return "; ".join(line.strip() for line in tree(value))
    if isinstance(value, Mapping):
        inner = (f"{k} {_flat(v)}" for k, v in value.items() if v not in (None, ""))
        return ", ".join(inner)
    if _is_list(value):
        return ", ".join(_flat(v) for v in value if v not in (None, "", (), []))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _texts(aspects: Iterable[Aspect]) -> list[Text]:
    """Keys of texts by their names in the file."""
    return [_KEYS.get(a.name, both(a.name, a.name)) for a in aspects]


def _key(name: str) -> Text:
    return _KEYS.get(name, both(name, name))


def _arrow(old: str, new: str) -> str:
    return f"{old} → {new}"


def _sets(old: Any, new: Any) -> str:
    gone = [f"− {x}" for x in old if x not in new]
    come = [f"+ {x}" for x in new if x not in old]
    return ", ".join([*come, *gone])


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple | list)


def _plain(values: Iterable[Any]) -> bool:
    return all(isinstance(v, str) for v in values)


def _short(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float)


def _said(value: Any) -> Text:
    if isinstance(value, bool):
        return _YES_NO[value]
    if value is None:
        return _NOTHING
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return both(text, text)


def named(title: Text | None, language: Language) -> str:
    """A title in quotes behind a name, or nothing."""
    return f" {quoted(title.in_(language), language)}" if title else ""
