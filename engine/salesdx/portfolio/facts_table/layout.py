"""What each column of a table is; all that are nothing known are told at once.

Kept is only what reading the table needs of the knowledge: a table is sent to other
processes with its layout.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from salesdx.content import did_you_mean
from salesdx.errors import DataError, Problem, Said
from salesdx.inference.possible import figure_bounds, is_whole
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.benchmarks import scoped
from salesdx.knowledge.conditions import Node, names
from salesdx.knowledge.models import Benchmark, MetricEntry, QuestionEntry
from salesdx.portfolio.facts_table import reasons
from salesdx.portfolio.facts_table.numbers import MOST, Limits
from salesdx.portfolio.facts_table.texts import is_list

ID = "id"
WORDS = (ID, "name", "group", "sales_model", "industry", "currency")
NORM, GAP = "benchmark:", "gap:"
MOST_COLUMNS = 5_000
_TOLD = 50  # faulty columns
_ROLE = "analyst"  # whoever keeps a table: no question is asked of him first


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that are read, by kind, and what the knowledge says of them."""

    words: tuple[str, ...]
    figures: Mapping[str, MetricEntry]
    answers: Mapping[str, QuestionEntry]
    norms: tuple[str, ...]
    gaps: tuple[str, ...]
    questions: Mapping[str, QuestionEntry]
    relevance: Mapping[str, Node]
    off: frozenset[str]
    shipped: Mapping[str, float]
    scoped: Mapping[str, Benchmark]
    role: str

    @property
    def columns(self) -> list[str]:
        """The names of the columns that are read."""
        norms = [NORM + n for n in self.norms]
        return [*self.words, *self.figures, *self.answers, *norms, *self.gaps]


def lay_out(
    table: pa.Schema, knowledge: KnowledgeBase, ignore: Sequence[str], name: str
) -> Layout:
    """Find out what the columns of a table are.

    Raises:
        DataError: columns that cannot be used, all of them.
    """
    faults = list(_faults(table, knowledge, frozenset(ignore), name))
    if faults:
        more = len(faults) - _TOLD
        en, ru = (
            (f", {more} more than these", f", и ещё {more}") if more > 0 else ("", "")
        )
        what = Said(
            f"{name} has columns that cannot be used{en}. Rename them, or leave them"
            " out with --ignore:",
            f"{name}: есть колонки, которые не получится использовать{ru}."
            " Переименуйте их или уберите через --ignore:",
        )
        raise DataError(what, faults[:_TOLD])
    read = [n for n in table.names if n not in ignore]
    figures = {n: knowledge.metrics[n] for n in read if n in knowledge.metrics}
    answers = {n: knowledge.questions[n] for n in read if n in knowledge.questions}
    nodes = knowledge.relevance
    asked = {*answers, *nodes, *(n for node in nodes.values() for n in names(node))}
    return Layout(
        tuple(n for n in WORDS if n in read), figures, answers,
        tuple(n.removeprefix(NORM) for n in read if n.startswith(NORM)),
        tuple(n for n in read if n.startswith(GAP)),
        {i: q for i, q in knowledge.questions.items() if i in asked}, nodes,
        frozenset(i for i in asked if knowledge.is_off("questions", i)),
        {i: b.value for i, b in knowledge.benchmarks.items()},
        scoped(knowledge.benchmarks),
        _ROLE if _ROLE in knowledge.roles else next(iter(knowledge.roles)),
    )  # fmt: skip


def limits(entry: MetricEntry) -> Limits:
    """What a figure may be."""
    low, high = figure_bounds(entry)
    outside = {"share": reasons.SHARE, "flag": reasons.FLAG}
    return Limits(
        -MOST if low is None else low, MOST if high is None else high,
        is_whole(entry), outside.get(entry.type, reasons.NEGATIVE),
        1.0 if entry.type == "share" else None,
    )  # fmt: skip


ANY = Limits(-MOST, MOST, False, reasons.TOO_LARGE)


def _faults(
    table: pa.Schema, knowledge: KnowledgeBase, ignore: frozenset[str], file: str
) -> Iterator[Problem]:
    def problem(code: str, what: Said, hint: str = "") -> Problem:
        return Problem(file, 0, 0, code, what, hint)

    counts = Counter(table.names)
    told = 0
    for name, many in counts.items():
        if name in ignore:
            continue
        if many > 1:
            yield problem("column-twice", Said(
                f"{many} columns are called {name!r}", f"колонок «{name}» — {many}",
            ))  # fmt: skip
        elif not _is_known(name, knowledge):
            told += 1  # looking for what was meant takes its time
            hint = _meant(name, knowledge) if told <= _TOLD else Said("", "")
            yield problem("unknown-column", _unknown(name, table), hint)
        elif not _fits(name, table.field(name).type, knowledge):
            yield problem("column-type", *_mistyped(name, table, knowledge))
    if ID not in counts or ID in ignore:
        yield problem("no-id", Said(
            "no column `id`: every row needs an id of its own",
            "нет колонки `id`: у каждой строки должен быть свой id",
        ))  # fmt: skip


def _is_known(name: str, knowledge: KnowledgeBase) -> bool:
    if name.startswith(NORM):
        rest = name.removeprefix(NORM)
        return rest in knowledge.benchmarks or rest in knowledge.metrics
    if name.startswith(GAP):
        return name.removeprefix(GAP) in knowledge.metrics
    return name in WORDS or name in knowledge.metrics or name in knowledge.questions


def _unknown(name: str, table: pa.Schema) -> Said:
    if not name:
        place = table.names.index(name) + 1
        return Said(f"column {place} has no name", f"у колонки {place} нет названия")
    return Said(
        f"{name!r} is no figure, no question and nothing else that a table may hold",
        f"«{name}» — не показатель, не вопрос и не другая известная колонка",
    )


def _meant(name: str, knowledge: KnowledgeBase) -> Said:
    known: Iterable[str] = (*WORDS, *knowledge.metrics, *knowledge.questions)
    if name.startswith(NORM):
        known = [NORM + n for n in (*knowledge.benchmarks, *knowledge.metrics)]
    elif name.startswith(GAP):
        known = [GAP + n for n in knowledge.metrics]
    return did_you_mean(name[:200], known)


def _fits(name: str, kind: pa.DataType, knowledge: KnowledgeBase) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_null(kind) or _is_text(kind):
        return True
    question = knowledge.questions.get(name)
    numbers = _is_number(kind)
    if question is not None:
        return _answers(question, kind, numbers)
    if name in WORDS:
        return bool(pa.types.is_integer(kind)) and name in (ID, "name", "group")
    metric = knowledge.metrics.get(name)
    if metric is not None and metric.type == "flag" and pa.types.is_boolean(kind):
        return True
    return numbers and not name.startswith(GAP)


def _answers(question: QuestionEntry, kind: pa.DataType, numbers: bool) -> bool:
    match question.type:
        case "yesno":
            return numbers or bool(pa.types.is_boolean(kind))
        case "scale" | "number":
            return numbers
        case "multi":
            return is_list(kind) and (
                _is_text(kind.value_type) or bool(pa.types.is_null(kind.value_type))
            )
        case "date":
            return bool(pa.types.is_date(kind) or pa.types.is_timestamp(kind))
        case _:
            return bool(pa.types.is_integer(kind))


def _is_text(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
    )  # fmt: skip


def _is_number(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind) or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    )  # fmt: skip


def _mistyped(
    name: str, table: pa.Schema, knowledge: KnowledgeBase
) -> tuple[Said, Said]:
    kind = str(table.field(name).type)[:60]
    question = knowledge.questions.get(name)
    hints = {
        "yesno": Said("yes or no, or true and false", "да или нет, true или false"),
        "multi": Said(
            "a list of options, or a text `a;b`", "список вариантов или текст `a;b`"
        ),
        "date": Said("a date, or a text: 2026-06-30", "дата или текст: 2026-06-30"),
        "enum": Said("the code of an option", "код варианта"),
        "text": Said("a text", "текст"),
    }  # fmt: skip
    number, text = Said("a number", "число"), Said("a text", "текст")
    hint = number
    if question is not None:
        hint = hints.get(question.type, number)
    elif name in WORDS or name.startswith(GAP):
        hint = text
    return Said(
        f"{name!r} cannot hold values of the type {kind}",
        f"«{name}»: значения типа {kind} сюда не подходят",
    ), hint
