"""A small world for templates of strangers: no code, no files, no endless work.

What Jinja2's sandbox leaves open is closed here: a template opens only what `told`
offers, calls only what is offered, and spends steps, characters and seconds from a
budget. Its own text is trusted as Markdown; every value is escaped on its way out.
"""

import math
import time
from collections.abc import Callable, Iterable
from typing import Any

from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context, LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace
from markupsafe import Markup

from salesdx.errors import Said
from salesdx.language import Language, number
from salesdx.render.markdown_text import escape
from salesdx.render.worksheets.told import Told, offered

CHARACTERS, STEPS, SECONDS = 300_000, 50_000, 5.0
MOST = 1e12  # of a number: products of products grow without end
LONGEST = 1_000  # of a range
FILTERS = ("default", "first", "join", "last", "length", "list", "lower", "map",
           "rejectattr", "selectattr", "upper")  # fmt: skip
_LOOP = {"index", "index0", "revindex", "first", "last", "length"}
_HOLDS = "\u00a0"
_UNCUT = Said("only a list is cut", "на части режут только списки")
# names that no template can write
BUDGET, SPEND, CUT = "_budget", "_spend", "_cut"


class RefusedError(Exception):
    """What a template may not do; `known` are names it may have meant."""

    def __init__(self, said: Said, name: str = "", known: Iterable[str] = ()) -> None:
        super().__init__(str(said))
        self.said, self.name, self.known = said, name, tuple(known)


class Budget:
    """What one filling may cost: each body of a loop or macro is paid for."""

    def __init__(self, lang: Language) -> None:
        self.lang = lang
        self.characters, self.steps = CHARACTERS, STEPS
        self.until = time.monotonic() + SECONDS

    @offered
    def spend(self, characters: int) -> str:
        """Take one step that writes so many characters."""
        self.characters -= characters
        self.steps -= 1
        if self.characters < 0:
            raise RefusedError(Said(
                f"it writes more than {CHARACTERS} characters",
                f"получается больше {CHARACTERS} знаков",
            ))  # fmt: skip
        if self.steps < 0 or time.monotonic() > self.until:
            raise RefusedError(
                Said("it never comes to an end", "шаблон никогда не закончится")
            )
        return ""


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja2 without anything that a worksheet does not need."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        super().__init__(
            autoescape=True, undefined=StrictUndefined, finalize=_print,
            trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
            optimized=False,
        )  # fmt: skip
        self.globals = {"namespace": Namespace, "range": _range}
        self.filters = {n: self.filters[n] for n in FILTERS}
        self.filters |= {"join": _join, "list": _list, "lower": _lower, "upper": _upper}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        """Fields of what is told, counters of a loop, members of a namespace."""
        if isinstance(obj, LoopContext):
            return attr in _LOOP
        return isinstance(obj, Told | Namespace) and not attr.startswith("_")

    def is_safe_callable(self, obj: Any) -> bool:
        """Macros of the template and what is offered."""
        return isinstance(obj, Macro) or obj is Namespace or hasattr(obj, "offered")

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field; a name that does not exist is told with those that do."""
        if isinstance(obj, Told) and attribute not in obj.opens():
            raise RefusedError(_no_field(attribute), attribute, obj.opens())
        return super().getattr(obj, attribute)

    def call(self, context: Context, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """A call costs a step."""
        context[BUDGET].spend(0)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(
        self, context: Context, operator: str, left: Any, right: Any
    ) -> float:
        """Arithmetic of small numbers; texts are joined by writing them in a row."""
        if operator == "**" or not all(_small(v) for v in (left, right)):
            raise RefusedError(Said(
                f"only small numbers may stand around {operator}",
                f"по сторонам от {operator} могут стоять только небольшие числа",
            ))  # fmt: skip
        found: float = super().call_binop(context, operator, left, right)
        return found


def safe(text: str) -> str:
    """Plain text as Markdown on one line; blanks that hold a line together stay.

    A backslash is written as an entity: before `|` it would leave the cell open.
    """
    parts = [escape(part) for part in text.split(_HOLDS)]
    return _HOLDS.join(parts).replace("\\\\", "&#92;")


def printed(value: Any, lang: Language) -> str:
    """A value as Markdown that says what it says and does nothing."""
    if isinstance(value, Told) and value.shown is not None:
        value = value.shown
    if value is None:
        return ""
    if isinstance(value, str):
        return safe(value)
    if _small(value) and not isinstance(value, bool):
        return escape(number(value, lang, 2))
    raise RefusedError(Said(
        "this cannot be printed: open one of its fields",
        "это нельзя напечатать: откройте одно из полей",
    ))  # fmt: skip


@pass_context
def _print(context: Context, value: Any) -> Markup:
    """What `{{ }}` does: text of the template stays, values are escaped."""
    budget: Budget = context[BUDGET]
    text = value if isinstance(value, Markup) else Markup(_text(value, budget))
    budget.spend(len(text))
    return text


@pass_context
def _join(context: Context, values: Iterable[Any], between: str = "") -> Markup:
    budget: Budget = context[BUDGET]
    parts = [v if isinstance(v, Markup) else _text(v, budget) for v in values]
    core = between.strip()  # escaping takes the blanks at the ends
    glue = between.replace(core, _text(core, budget)) if core else between
    budget.spend(sum(map(len, parts)) + len(parts) * len(glue))
    return Markup(glue.join(parts))


@pass_context
def _upper(context: Context, value: Any) -> Any:
    return _cased(context, value, str.upper)


@pass_context
def _lower(context: Context, value: Any) -> Any:
    return _cased(context, value, str.lower)


def _cased(context: Context, value: Any, turn: Callable[[str], str]) -> Any:
    """A text in other letters; one that is Markdown already stays so."""
    if isinstance(value, Told) and value.shown is not None:
        value = value.shown
    if not isinstance(value, str):
        raise RefusedError(Said("this is no text", "это не текст"))
    context[BUDGET].spend(len(value))
    kind = Markup if isinstance(value, Markup) else str
    return kind(turn(str(value)))


def _list(value: Iterable[Any]) -> list[Any]:
    if isinstance(value, str):
        raise RefusedError(_UNCUT)
    return list(value)


@offered
def cut(value: Any, *ends: int | None) -> Any:
    """A part of a list."""
    if not isinstance(value, list | tuple):
        raise RefusedError(_UNCUT)
    return value[slice(*ends)]


def _text(value: Any, budget: Budget) -> str:
    if isinstance(value, StrictUndefined):
        str(value)  # raises, with its name
    return printed(value, budget.lang)


@offered
def _range(*ends: int) -> range:
    found = range(*ends)
    if len(found) > LONGEST:
        raise RefusedError(Said("the range is too long", "диапазон слишком длинный"))
    return found


def _small(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and abs(value) < MOST


def _no_field(name: str) -> Said:
    return Said(f"there is no field {name!r}", f"нет поля «{name}»")
