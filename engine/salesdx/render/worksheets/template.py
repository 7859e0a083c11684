"""A template is compiled, judged and filled; a fault is a located problem.

Before compiling, the tree is searched for what a worksheet has no use for, and changed
so that every body that can run more than once pays for itself.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any, TypeVar

from jinja2 import Template as Jinja
from jinja2 import nodes
from jinja2.exceptions import SecurityError
from jinja2.meta import find_undeclared_variables
from jinja2.visitor import NodeTransformer

from salesdx.content import did_you_mean
from salesdx.errors import KnowledgeError, Problem, Said
from salesdx.faults import begun_at, not_used, of_template
from salesdx.knowledge.worksheets import Template
from salesdx.language import Language
from salesdx.render.worksheets.sandbox import (
    BUDGET,
    CUT,
    SPEND,
    Budget,
    RefusedError,
    Sandbox,
    cut,
)

CODE = "template"
LARGEST = 40_000  # characters of a template
Body = TypeVar("Body", nodes.For, nodes.Macro)
_NO_USE: dict[type[nodes.Node], str] = {
    nodes.Include: "{% include %}", nodes.Import: "{% import %}",
    nodes.FromImport: "{% from %}", nodes.Extends: "{% extends %}",
    nodes.Block: "{% block %}", nodes.Concat: "~", nodes.Dict: "{…: …}",
    nodes.ScopedEvalContextModifier: "{% autoescape %}",
    nodes.CallBlock: "{% call %}",
}  # fmt: skip
_TAGS = re.compile(r"\{%(?:(?!\{%).)*?%\}")  # tempered: else a row of {% takes hours
_HIDDEN = {"caller", "kwargs", "varargs"}


@dataclass(frozen=True, slots=True)
class Ready:
    """A compiled template and its tree."""

    template: Template
    code: CodeType
    tree: nodes.Template
    names: frozenset[str]


@lru_cache(maxsize=1)
def _sandbox() -> Sandbox:
    return Sandbox()


@lru_cache(maxsize=256)
def compiled(template: Template) -> Ready:
    """Parse, judge and compile.

    Raises:
        KnowledgeError: it is no template, or does what no worksheet may.
    """
    try:
        _not_too_large(template)
        tree = _sandbox().parse(_lines(template.text))
        _judge(template, tree)
        names = frozenset(find_undeclared_variables(tree))
        tree = _Paying().visit(tree)
        code = _sandbox().compile(tree, template.file, template.file)
    except KnowledgeError:
        raise
    except Exception as error:  # whatever a stranger's file provokes
        raise _faulty(template, error) from None
    return Ready(template, code, tree, names)


def _lines(text: str) -> str:
    """A tag alone on its line leaves no line behind; other lines end as written.

    Jinja2 would glue the next line to any line that ends with a tag.
    """
    lines = []
    for line in text.split("\n"):
        alone = not _TAGS.sub("", line).strip()
        last = line.rstrip()
        if not alone and last.endswith("%}") and "{%" in last:
            line = last.removesuffix("%}").rstrip("+-") + "+%}"
        lines.append(line)
    return "\n".join(lines)


def _not_too_large(template: Template) -> None:
    if len(template.text) > LARGEST:
        raise RefusedError(Said(
            f"larger than {LARGEST:,} characters",
            f"больше {LARGEST // 1000} тысяч знаков",
        ))  # fmt: skip


def fill(template: Template, names: Mapping[str, Any], lang: Language) -> str:
    """The Markdown of a template.

    Raises:
        KnowledgeError: it names what does not exist, fails, or never ends.
    """
    ready = compiled(template)
    _known(ready, set(names))
    jinja = Jinja.from_code(_sandbox(), ready.code, dict(_sandbox().globals))
    budget = Budget(lang)
    try:
        budget.spend(len(template.text))
        own = {BUDGET: budget, SPEND: budget.spend, CUT: cut}
        return jinja.render({**names, **own})
    except Exception as error:  # whatever a stranger's file provokes
        raise _faulty(template, error) from None


def _known(ready: Ready, names: set[str]) -> None:
    """Every name that the template uses must exist."""
    known = names | set(_sandbox().globals)
    for name in sorted(ready.names - known):
        places = (n.lineno for n in ready.tree.find_all(nodes.Name) if n.name == name)
        what = Said(f"there is no name {name!r}", f"нет имени «{name}»")
        hint = did_you_mean(name, known)
        raise _refused(_problem(ready.template, next(places, 1), what, hint))


def _judge(template: Template, tree: nodes.Template) -> None:
    for node in _all(tree):
        what: Said | None = None
        if type(node) in _NO_USE:
            what = _refusal(node)
        elif isinstance(node, nodes.List | nodes.Tuple) and _grows(node):
            what = Said(
                "a list may hold texts and numbers only",
                "в списке могут стоять только тексты и числа",
            )
        elif isinstance(node, nodes.Call) and (node.dyn_args or node.dyn_kwargs):
            what = Said("* has no place in a call", "звёздочке в вызове не место")
        elif isinstance(node, nodes.Name) and (
            node.name.startswith("_") or node.name in _HIDDEN
        ):
            what = Said(f"there is no name {node.name!r}", f"нет имени «{node.name}»")
        if what is not None:
            raise _refused(_problem(template, node.lineno, what))


def _refusal(node: nodes.Node) -> Said:
    if isinstance(node, nodes.Concat):
        return Said(
            "~ is not used in worksheets: write the parts in a row",
            "~ в рабочих листах не используется: пишите части подряд",
        )
    return not_used(_NO_USE[type(node)])


def _grows(node: nodes.List | nodes.Tuple) -> bool:
    """Whether a list could hold itself; names on the left of a loop are no list."""
    if getattr(node, "ctx", "load") == "store":
        return False
    kinds = (nodes.Const, nodes.List, nodes.Tuple, nodes.Neg)
    return not all(isinstance(n, kinds) for n in node.items)


def _all(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _all(child)


class _Paying(NodeTransformer):
    """Lets each body that can run again pay for the text it writes.

    A slice, which Jinja2 leaves to Python, becomes a call that cuts no text.
    """

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802
        """A loop pays with every round."""
        return self._paying(node)

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:  # noqa: N802
        """A macro pays with every call."""
        return self._paying(node)

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        """`a[1:3]` is cut by the sandbox."""
        self.generic_visit(node)
        part = node.arg
        if not isinstance(part, nodes.Slice):
            return node
        ends = [e or nodes.Const(None) for e in (part.start, part.stop, part.step)]
        call = nodes.Call(nodes.Name(CUT, "load"), [node.node, *ends], [], None, None)
        return call.set_lineno(node.lineno)

    def _paying(self, node: Body) -> Body:
        price = nodes.Const(_size(node.body) + 1)
        self.generic_visit(node)
        call = nodes.Call(nodes.Name(SPEND, "load"), [price], [], None, None)
        statement = nodes.ExprStmt(call)
        statement.set_lineno(node.lineno)
        node.body.insert(0, statement)
        return node


def _size(body: list[nodes.Node]) -> int:
    return sum(
        len(found.data) for node in body for found in node.find_all(nodes.TemplateData)
    )


def _faulty(template: Template, error: Exception) -> KnowledgeError:
    line = getattr(error, "lineno", None) or _line(template, error)
    line = begun_at(error, template.text, line)
    hint = Said("", "")
    if isinstance(error, RefusedError):
        what = error.said
        hint = did_you_mean(error.name, error.known)
    elif isinstance(error, RecursionError):
        what = Said(
            "it goes in circles or is nested too deeply",
            "шаблон ходит по кругу или вложен слишком глубоко",
        )
    elif isinstance(error, SecurityError):
        what = Said(
            "a worksheet opens only what the case tells",
            "рабочему листу открыты только данные разбора",
        )
    else:
        what = of_template(error)
    return _refused(_problem(template, line, what, hint))


def _line(template: Template, error: BaseException) -> int:
    """The last line of the template that the error came through."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == template.file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _refused(problem: Problem) -> KnowledgeError:
    what = Said("a worksheet cannot be filled:", "рабочий лист не заполнить:")
    return KnowledgeError(what, [problem])


def _problem(template: Template, line: int, what: Said, hint: str = "") -> Problem:
    return Problem(template.file, line, 1, CODE, what, hint)
