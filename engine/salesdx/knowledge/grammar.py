"""The closed grammar of conditions: plain YAML data -> a condition tree.

There are no expressions and no code. Faults are collected, each at its own place.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from salesdx.content import Document, NodePath, did_you_mean
from salesdx.errors import Correction, Problem, Said
from salesdx.knowledge.conditions import Asked, Comparison, Group, Leaf, Node, Operand
from salesdx.knowledge.models import MetricEntry, QuestionEntry
from salesdx.knowledge.vocabulary import PREFIXES, Vocabulary

_ORDERED = re.compile(r"^\s*(<=|>=|==|!=|<|>)\s*(\S+)\s*$")
_NUMBER = re.compile(r"^[-+]?\d+(\.\d+)?$")
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
        if key in _ASKED:
            return Asked(key, str(value)) if self._name(str(value), here) else None
        if key in PREFIXES:
            name = f"{key}:{value}"
            comparison = GAP if key == "gap" else HOLDS
            return Leaf(name, comparison) if self._name(name, here) else None
        if not self._name(key, (*here, "@key")):
            return None
        comparison_ = self._comparison(key, value, here)
        return None if comparison_ is None else Leaf(key, comparison_)

    def _fault(self, path: NodePath, code: str, message: str, hint: str = "") -> None:
        self.problems.append(self.document.problem(path, code, message, hint))

    def _name(self, name: str, path: NodePath) -> bool:
        if self.vocabulary.knows(name):
            return True
        prefix, _, rest = name.partition(":")
        known = {
            "symptom": self.vocabulary.symptoms,
            "cause": self.vocabulary.causes,
            "gap": self.vocabulary.metrics,
        }.get(prefix if rest else "", self.vocabulary.names())
        hint = did_you_mean(rest or name, known)
        self._fault(
            path,
            "unknown-name",
            Said(f"unknown name {name!r}", f"неизвестное имя «{name}»"),
            hint,
        )
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
                f"n must be 1..{len(of.parts)}",
                f"n должно быть от 1 до {len(of.parts)}",
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
        if isinstance(value, str) and (match := _ORDERED.match(value)):
            return self._ordered(match[1], match[2], path, metric, question)
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
        if op == "includes":
            operand = self._operand(name, question, inner, here)
            return None if operand is None else Comparison("includes", (operand,))
        if op == "count" and isinstance(inner, str) and (m := _ORDERED.match(inner)):
            limit = self._limit("", m[2], here)
            if limit is None:
                return None
            inside = Comparison(m[1], (limit[0],), (limit[1],))  # type: ignore[arg-type]
            return Comparison("count", (), inner=inside)
        if op == "banal" and inner in ("yes", "no", True, False):
            return Comparison("banal", (_WORDS.get(str(inner).lower(), False),))
        known = "between, one_of, includes, count, banal"
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
        if _NUMBER.match(text):
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
        if mark is None:
            hint = did_you_mean(text, self.vocabulary.benchmarks)
            message = Said(f"no benchmark {text!r}", f"нет ориентира «{text}»")
            self._fault(path, "unknown-benchmark", message, hint)
            return None
        if unit and unit != mark.unit and not {unit, mark.unit} <= _PURE:
            message = Said(
                f"{name} is in {unit}, the benchmark {text!r} in {mark.unit}",
                f"единица {name} — {unit}, а у ориентира «{text}» — {mark.unit}",
            )
            self._fault(path, "unit-mismatch", message)
            return None
        return text, True

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
                    f"{name} is yes or no, not {value!r}",
                    f"на {name} отвечают yes или no, а здесь «{value}»",
                )
                self._fault(path, "unknown-choice", message)
            return word
        if question.type in _NUMERIC:
            if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
            message = Said(
                f"{name} is a number, not {value!r}",
                f"на {name} отвечают числом, а здесь «{value}»",
            )
            self._fault(path, "type-mismatch", message)
            return None
        codes = [o.code for o in question.options]
        if codes and str(value) not in codes:
            hint = did_you_mean(str(value), codes)
            message = Said(
                f"{name} has no option {value!r}",
                f"у {name} нет варианта «{value}»",
            )
            self._fault(path, "unknown-choice", message, hint)
            return None
        return str(value)


def _share(percent: str, share: str) -> Said:
    """What was meant by a number over 1; `1.5` may be a slip of another kind."""
    en, ru = f"did you mean {share}?", f"может быть, {share}?"
    sure = 2 <= float(percent) <= 100
    return Correction(en, ru, percent, share) if sure else Said(en, ru)


def _one_key(data: Any) -> tuple[Said, Said]:
    """What to say of a condition that is no mapping with one key, and the hint."""
    en = "a condition is one mapping with one key"
    ru = "условие — это один ключ с одним значением"
    if isinstance(data, dict):
        found = ", ".join(map(str, data))
        en, ru = f"{en} (found {found})", f"{ru} (а здесь: {found})"
    return Said(en, ru), Said(
        "join several with `all: [...]`",
        "несколько условий объединяйте через `all: [...]`",
    )
