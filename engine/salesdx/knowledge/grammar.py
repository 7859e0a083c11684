"""The closed grammar of conditions: plain YAML data -> a condition tree.

There are no expressions and no code. Faults are collected, each at its own place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from salesdx.content import Document, NodePath, did_you_mean
from salesdx.errors import Correction, Problem, Said
from salesdx.faults import plain_number, quoted, short
from salesdx.knowledge.conditions import Asked, Comparison, Group, Leaf, Node, Operand
from salesdx.knowledge.models import MetricEntry, QuestionEntry
from salesdx.knowledge.vocabulary import PREFIXES, Vocabulary

_SIGN = re.compile(r"[<>=!≤≥≠]+")
_SIGNS = {"<=", ">=", "==", "!=", "<", ">"}
_MEANT = {
    "=<": "<=",
    "=>": ">=",
    "=": "==",
    "<>": "!=",
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
}
_NUMBER = re.compile(r"[-+]?\d{1,15}(\.\d{1,15})?")
_HINTS = 20  # faults of one file up to which a likeness is looked for: it is slow
_WORDS = {"yes": True, "no": False, "true": True, "false": False}
_ASKED = ("known", "unknown", "disagree", "dont_know")
_NUMERIC = {"number", "scale"}
_PURE = {"count", "factor", "score"}  # numbers without a unit of measure
_FITS = {
    "between": {"figure", "number", "scale"},
    "one_of": {"yesno", "enum", "text", "date", "number", "scale"},
    "includes": {"multi"},
    "count": {"multi"},
    "banal": {"text"},
}
_NOT_COMPARED = {
    "symptom": "симптом либо есть, либо нет: сравнивать его не с чем",
    "cause": "причина либо подтверждается, либо нет: сравнивать её не с чем",
    "gap": "разрыв либо подтверждается, либо нет: сравнивать его не с чем",
}
_WRITTEN = {
    "between": "{between: [0.1, 0.3]}", "one_of": "{one_of: [daily, weekly]}",
    "includes": "{includes: telephony}", "count": '{count: ">= 2"}',
    "banal": "{banal: yes}",
}  # fmt: skip
_SIGN_HINT = Said("signs are < <= > >= == !=", "знаки: < <= > >= == !=")
_NUMBERS = Said("write it like 0.2 or 30", "пишите так: 0.2 или 30")
_JOIN = Said(
    "join several with `all: [...]`", "несколько условий объединяйте через `all: [...]`"
)
HOLDS = Comparison("holds", ())
GAP = Comparison("gap", ())


@dataclass(slots=True)
class Parser:
    """Parse the conditions of one file; `problems` collects every fault."""

    vocabulary: Vocabulary
    document: Document
    problems: list[Problem] = field(default_factory=list)

    def parse(self, data: Any, path: NodePath) -> Node | None:
        """Return the tree of a condition, or None when it has a fault."""
        if not isinstance(data, dict) or len(data) != 1:
            self._fault(path, "condition-shape", *_one_key(data))
            return None
        ((key, value),) = data.items()
        here = (*path, key)
        if key in ("all", "any"):
            return self._many(key, value, here)
        if key == "not":
            part = self.parse(value, here)
            return part and Group("not", (part,))
        if key == "at_least":
            return self._at_least(value, here)
        if key in (*_ASKED, *PREFIXES) and not isinstance(value, str):
            message = Said(
                f"after `{key}` comes one name", f"после `{key}` должно идти одно имя"
            )
            self._fault(here, "condition-shape", message, _JOIN)
            return None
        if key in _ASKED:
            return Asked(key, value) if self._name(value, here) else None
        if key in PREFIXES:
            name = f"{key}:{value}"
            comparison = GAP if key == "gap" else HOLDS
            return Leaf(name, comparison) if self._name(name, here) else None
        if not self._name(key, (*here, "@key")) or self._is_lost(key):
            return None
        comparison_ = self._comparison(key, value, here)
        return None if comparison_ is None else Leaf(key, comparison_)

    def _fault(self, path: NodePath, code: str, message: str, hint: str = "") -> None:
        self.problems.append(self.document.problem(path, code, message, hint))

    def _hint(self, name: str, known: Iterable[str]) -> str:
        return did_you_mean(name, known) if len(self.problems) < _HINTS else ""

    def _is_lost(self, name: str) -> bool:
        """Whether a figure or question has a fault of its own: nothing fits it."""
        return ":" not in name and self.vocabulary.is_lost(name)

    def _name(self, name: str, path: NodePath) -> bool:
        if self.vocabulary.knows(name):
            return True
        if self.vocabulary.is_lost(name):
            return False
        prefix, _, rest = name.partition(":")
        known = {
            "symptom": self.vocabulary.symptoms,
            "cause": self.vocabulary.causes,
            "gap": self.vocabulary.metrics,
        }.get(prefix if rest else "", self.vocabulary.names())
        hint = self._hint(rest or name, known)
        name = short(name)
        said = Said(f"unknown name {name!r}", f"неизвестное имя «{name}»")
        self._fault(path, "unknown-name", said, hint)
        return False

    def _many(self, kind: Any, value: Any, path: NodePath) -> Node | None:
        if not isinstance(value, list) or not value:
            message = Said(
                f"`{kind}` takes a list of conditions",
                f"после `{kind}` должен идти список условий",
            )
            self._fault(path, "condition-shape", message)
            return None
        parts = [self.parse(v, (*path, i)) for i, v in enumerate(value)]
        good = tuple(p for p in parts if p is not None)
        return Group(kind, good) if len(good) == len(parts) else None

    def _at_least(self, value: Any, path: NodePath) -> Node | None:
        if not isinstance(value, dict) or set(value) != {"n", "of"}:
            message = Said(
                "`at_least` takes {n: …, of: [...]}",
                "`at_least` записывают так: {n: …, of: [...]}",
            )
            self._fault(path, "condition-shape", message)
            return None
        of = self._many("all", value["of"], (*path, "of"))
        n = value["n"]
        if not isinstance(of, Group):
            return None
        if type(n) is not int or not 1 <= n <= len(of.parts):
            message = Said(
                f"n must be 1..{len(of.parts)}: so many conditions are listed",
                f"n должно быть от 1 до {len(of.parts)}: столько условий в списке",
            )
            self._fault((*path, "n"), "impossible-condition", message)
            return None
        return Group("at_least", of.parts, n)

    def _comparison(self, name: str, value: Any, path: NodePath) -> Comparison | None:
        metric = self.vocabulary.metrics.get(name)
        question = self.vocabulary.questions.get(name)
        if metric is None and question is None:
            prefix, _, rest = name.partition(":")
            message = Said(
                f"a {prefix} holds or not: it is not compared", _NOT_COMPARED[prefix]
            )
            plain = f"{{{prefix}: {rest}}}"
            hint = Said(plain, f"пишите просто {plain}")
            self._fault(path, "condition-shape", message, hint)
            return None
        if isinstance(value, dict) and len(value) == 1:
            return self._operator(name, value, path)
        if isinstance(value, list):
            return self._operator(name, {"one_of": value}, path)
        if isinstance(value, str) and (ordered := _signed(value)):
            if self._is_sign(ordered[0], path):
                return self._ordered(*ordered, path, metric, question)
            return None
        if metric is not None:
            message = Said(
                f'{name} is a figure: compare it, as in "< 0.2" or "< benchmark"',
                f"{name} — показатель: сравните его с числом или ориентиром, "
                'например "< 0.2" или "< код-ориентира"',
            )
            self._fault(path, "condition-shape", message)
            return None
        if question is not None and question.type == "multi":
            return self._operator(name, {"one_of": [value]}, path)
        operand = self._operand(name, question, value, path)
        return None if operand is None else Comparison("==", (operand,))

    def _is_sign(self, sign: str, path: NodePath) -> bool:
        if sign in _SIGNS:
            return True
        meant = _MEANT.get(sign)
        hint = Said(f"write {meant}", f"пишите {meant}") if meant else _SIGN_HINT
        said = Said(f"{sign} compares nothing", f"знака сравнения {sign} нет")
        self._fault(path, "condition-shape", said, hint)
        return False

    def _operator(self, name: str, value: Any, path: NodePath) -> Comparison | None:
        ((op, inner),) = value.items()
        here = (*path, op)
        question = self.vocabulary.questions.get(name)
        if op in _FITS and not self._fits(name, op, here):
            return None
        if op == "between" and isinstance(inner, list) and len(inner) == 2:
            return self._between(name, inner, here)
        if op == "one_of" and isinstance(inner, list) and inner:
            operands = [self._operand(name, question, v, here) for v in inner]
            good = tuple(o for o in operands if o is not None)
            return Comparison("one_of", good) if len(good) == len(inner) else None
        if op == "includes" and not isinstance(inner, list | dict):
            operand = self._operand(name, question, inner, here)
            return None if operand is None else Comparison("includes", (operand,))
        if op == "count" and isinstance(inner, str) and (m := _signed(inner)):
            limit = self._limit("", m[1], here) if self._is_sign(m[0], here) else None
            if limit is None:
                return None
            inside = Comparison(m[0], (limit[0],), (limit[1],))  # type: ignore[arg-type]
            return Comparison("count", (), inner=inside)
        if op == "banal" and inner in ("yes", "no", True, False):
            return Comparison("banal", (_WORDS.get(str(inner).lower(), False),))
        if op in _WRITTEN:
            form = _WRITTEN[op]
            said = Said(f"`{op}` is written {form}", f"`{op}` записывают так: {form}")
            self._fault(here, "condition-shape", said)
            return None
        known = ", ".join(_WRITTEN)
        self._fault(
            here, "condition-shape",
            Said(f"unknown comparison {op!r}", f"неизвестное сравнение «{op}»"),
            Said(f"known: {known}", f"можно: {known}"),
        )  # fmt: skip
        return None

    def _fits(self, name: str, op: str, path: NodePath) -> bool:
        """Whether answers of this type can be compared so."""
        question = self.vocabulary.questions.get(name)
        kind = "figure" if question is None else question.type
        if kind in _FITS[op]:
            return True
        hint = Said("use `includes`", "используйте `includes`")
        sort = "показатель" if question is None else f"тип {kind}"
        message = Said(
            f"`{op}` does not fit {name} ({kind})",
            f"`{op}` не подходит для {name} ({sort})",
        )
        self._fault(path, "type-mismatch", message, hint if kind == "multi" else "")
        return False

    def _between(self, name: str, bounds: Any, path: NodePath) -> Comparison | None:
        low, high = (
            self._limit(name, str(v), (*path, i)) for i, v in enumerate(bounds)
        )
        if low is None or high is None:
            return None
        plain = not low[1] and not high[1]
        if plain and float(low[0]) > float(high[0]):
            message = Said(
                f"nothing lies between {low[0]:g} and {high[0]:g}",
                f"между {low[0]:g} и {high[0]:g} ничего нет",
            )
            hint = Said("lower bound first", "сначала пишут нижнюю границу")
            self._fault(path, "impossible-condition", message, hint)
            return None
        return Comparison("between", (low[0], high[0]), (low[1], high[1]))

    def _ordered(
        self,
        op: str,
        text: str,
        path: NodePath,
        metric: MetricEntry | None,
        question: QuestionEntry | None,
    ) -> Comparison | None:
        if question is not None and question.type not in _NUMERIC:
            if op in ("==", "!=") and self._fits(question.id, "one_of", path):
                operand = self._operand(question.id, question, text, path)
                return None if operand is None else Comparison(op, (operand,))  # type: ignore[arg-type]
            if op not in ("==", "!="):
                message = Said(
                    f"{question.id} is {question.type}, it has no order",
                    f"у ответов на {question.id} (тип {question.type}) нет порядка: "
                    "больше или меньше они быть не могут",
                )
                self._fault(path, "type-mismatch", message)
            return None
        limit = self._limit((metric or question).id, text, path)  # type: ignore[union-attr]
        if limit is None:
            return None
        return Comparison(op, (limit[0],), (limit[1],))  # type: ignore[arg-type]

    def _limit(
        self, name: str, text: str, path: NodePath
    ) -> tuple[float | str, bool] | None:
        """A number, or the name of a benchmark, in the unit of the name."""
        metric = self.vocabulary.metrics.get(name)
        question = self.vocabulary.questions.get(name)
        unit = metric.unit if metric else question.unit if question else None
        if _NUMBER.fullmatch(text):
            if unit == "ratio" and float(text) > 1:
                share = f"{float(text) / 100:g}"
                message = Said(
                    f"{name} is a ratio 0..1, not {text}",
                    f"{name} — доля от 0 до 1, а здесь {text}",
                )
                hint = _share(text, share)
                self._fault(path, "unit-mismatch", message, hint)
                return None
            return float(text), False
        mark = self.vocabulary.benchmarks.get(text)
        if self.vocabulary.lost_id("benchmarks", text):
            return None
        if mark is None:
            self._no_limit(text, path)
            return None
        if unit and unit != mark.unit and not {unit, mark.unit} <= _PURE:
            message = Said(
                f"{name} is in {unit}, the benchmark {text!r} in {mark.unit}",
                f"единица {name} — {unit}, а у ориентира «{text}» — {mark.unit}",
            )
            self._fault(path, "unit-mismatch", message)
            return None
        return text, True

    def _no_limit(self, text: str, path: NodePath) -> None:
        """What is neither a number nor a benchmark: a slip of the pen, or a name."""
        shown, meant = short(text), plain_number(text)
        if meant is not None or not text[:1].isalpha():
            said = Said(
                f"{shown!r} is not written as a number",
                f"«{shown}» — так числа не пишут",
            )
            hint = Said(f"write {meant}", f"пишите {meant}") if meant else _NUMBERS
            self._fault(path, "condition-shape", said, hint)
            return
        said = Said(f"no benchmark {shown!r}", f"нет ориентира «{shown}»")
        near = self._hint(text, self.vocabulary.benchmarks)
        self._fault(path, "unknown-benchmark", said, near)

    def _operand(
        self, name: str, question: QuestionEntry | None, value: Any, path: NodePath
    ) -> Operand | None:
        """A code, yes/no or number that the question can really answer."""
        if question is None:
            message = Said(f"{name} has no codes", f"у {name} нет вариантов ответа")
            self._fault(path, "type-mismatch", message)
            return None
        if question.type == "yesno":
            word = _WORDS.get(str(value).lower())
            if word is None:
                message = Said(
                    f"{name} is yes or no, not {quoted(value)}",
                    f"на {name} отвечают yes или no, а здесь {quoted(value, 'ru')}",
                )
                self._fault(path, "unknown-choice", message)
            return word
        if question.type in _NUMERIC:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
            message = Said(
                f"{name} is a number, not {quoted(value)}",
                f"на {name} отвечают числом, а здесь {quoted(value, 'ru')}",
            )
            self._fault(path, "type-mismatch", message)
            return None
        codes = [o.code for o in question.options]
        if codes and str(value) not in codes:
            hint = self._hint(str(value), codes)
            message = Said(
                f"{name} has no option {quoted(value)}",
                f"у {name} нет варианта {quoted(value, 'ru')}",
            )
            self._fault(path, "unknown-choice", message, hint)
            return None
        return str(value)


def _signed(value: str) -> tuple[str, str] | None:
    """The sign of a comparison and what stands after it."""
    text = value.strip()
    match = _SIGN.match(text)
    rest = text[match.end() :].strip() if match else ""
    return (match[0], rest) if match and rest else None


def _share(percent: str, share: str) -> Said:
    """What was meant by a number over 1; `1.5` may be a slip of another kind."""
    en, ru = f"did you mean {share}?", f"может быть, {share}?"
    sure = 2 <= float(percent) <= 100
    return Correction(en, ru, percent, share) if sure else Said(en, ru)


def _one_key(data: Any) -> tuple[Said, Said]:
    """What to say of a condition that is no mapping with one key, and the hint."""
    if isinstance(data, list):
        return Said(
            "a condition is not a list", "условие — это не список"
        ), _JOIN  # fmt: skip
    if not isinstance(data, dict):
        return Said(
            f"a condition is `name: comparison`, not {quoted(data)}",
            f"условие — это «имя: сравнение», а здесь {quoted(data, 'ru')}",
        ), Said("write it like {name: yes}", "пишите так: {имя: yes}")  # fmt: skip
    if not data:
        return Said("the condition is empty", "условие пустое"), _JOIN
    found = short(", ".join(map(str, data)))
    return Said(
        f"a condition has one key (found {found})",
        f"в условии должен быть один ключ (а здесь: {found})",
    ), _JOIN  # fmt: skip
