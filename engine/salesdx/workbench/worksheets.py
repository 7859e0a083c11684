"""What is wrong with worksheets: names that lead nowhere, templates that fail.

Every template is filled from nothing, from everything said and measured, and from
everything denied: a fault in a branch that the trainer's own case never takes shows.
"""

import re
from collections.abc import Iterator
from functools import partial

from jinja2 import nodes

from salesdx.content import did_you_mean
from salesdx.errors import KnowledgeError, Problem, Said
from salesdx.facts import DIMENSIONS
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.worksheets import ReadyWorksheet, Template
from salesdx.language import LANGUAGES
from salesdx.render.worksheets.sheet import Desk
from salesdx.render.worksheets.template import compiled
from salesdx.workbench.findings import Finding
from salesdx.workbench.sample_document import everything, nothing

_NAME = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$")


def lint_worksheets(knowledge: KnowledgeBase) -> Iterator[Finding]:
    """All faults of all worksheets."""
    sheets = knowledge.worksheets
    used = {r.worksheet for r in knowledge.remedies.values()}
    used |= {i for w in sheets.values() if w.id in used for i in w.spec.along}
    samples = [nothing(), *(everything(knowledge, yes) for yes in (True, False))]
    desks = {lang: [Desk(s, sheets, lang) for s in samples] for lang in LANGUAGES}
    for sheet in sheets.values():
        if sheet.id not in used and sheet.spec.unused is None:
            yield Finding(knowledge.problem(
                "worksheets", sheet.id, ("id",), "unused-worksheet",
                Said(
                    f"no remedy hands out {sheet.id!r}",
                    f"ни одна мера не выдаёт лист «{sheet.id}»",
                ),
                Said("say why under `unused`", "объясните зачем в поле `unused`"),
            ), sheet.id)  # fmt: skip
        for lang in LANGUAGES:
            template = sheet.templates[lang]
            try:
                for problem in _names(knowledge, sheet, template):
                    yield Finding(problem, sheet.id)
                for desk in desks[lang]:
                    desk.markdown(sheet.id)
            except KnowledgeError as error:
                yield from (Finding(p, sheet.id) for p in error.problems)


def _names(
    knowledge: KnowledgeBase,
    sheet: ReadyWorksheet,
    template: Template,
) -> Iterator[Problem]:
    """Figures, questions, options and dimensions that a template names."""
    tree = compiled(template).tree
    seen: set[tuple[int, str]] = set()
    for line, name, known, kind in _named(knowledge, tree):
        if name in known or (line, name) in seen:
            continue
        seen.add((line, name))
        yield Problem(
            template.file, line, 1, "unknown-name",
            Said(
                f"{sheet.id}: no {kind} {name!r}",
                f"{sheet.id}: {kind.ru} «{name}» нет",
            ),
            did_you_mean(name, known),
        )  # fmt: skip


_FIGURE, _QUESTION = Said("figure", "показателя"), Said("question", "вопроса")
_EITHER = Said("figure or question", "показателя или вопроса")
_OPTION, _DIMENSION = Said("option", "варианта ответа"), Said("cut", "разреза")
Named = Iterator[tuple[int, str, set[str], Said]]


def _named(knowledge: KnowledgeBase, tree: nodes.Template) -> Named:
    metrics, questions = set(knowledge.metrics), set(knowledge.questions)
    for call in tree.find_all(nodes.Call):
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        first, *others = [
            a.value if isinstance(a, nodes.Const) else None for a in call.args
        ] or [None]
        says = partial(_constant, call.lineno)
        if name in {"figure", "by"}:
            yield from says(first, metrics, _FIGURE)
        if name == "said":
            yield from says(first, questions, _QUESTION)
        if name == "names":
            yield from says(first, set(DIMENSIONS), _DIMENSION)
        if name == "by" and others:
            yield from says(others[0], set(DIMENSIONS), _DIMENSION)
        if name in {"figure", "said"}:
            for word in call.kwargs:
                yield call.lineno, word.key, set(DIMENSIONS), _DIMENSION
        yield from _options(knowledge, call)
    for const in tree.find_all(nodes.Const):
        for part in const.value.split() if isinstance(const.value, str) else ():
            name, _, option = part.partition("=")
            if not _NAME.match(name):
                continue
            yield const.lineno, name, metrics | questions, _EITHER
            if option and name in questions:
                codes = {o.code for o in knowledge.questions[name].options}
                yield const.lineno, option, codes, _OPTION


def _constant(line: int, value: object, known: set[str], kind: Said) -> Named:
    if isinstance(value, str):
        yield line, value, known, kind


def _options(knowledge: KnowledgeBase, call: nodes.Call) -> Named:
    """`said("x").chosen("code")`: the code must be an option of the question."""
    asked = call.node.node if isinstance(call.node, nodes.Getattr) else None
    if not isinstance(asked, nodes.Call) or not asked.args or not call.args:
        return
    question, code = asked.args[0], call.args[0]
    if isinstance(question, nodes.Const) and isinstance(code, nodes.Const):
        found = knowledge.questions.get(str(question.value))
        if found is not None:
            codes = {o.code for o in found.options}
            yield call.lineno, str(code.value), codes, _OPTION
