"""The things a worksheet can show: each prints as people write it, unknown as nothing.

Fields are what a template may open after the dot; nothing else of them can be reached.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def offered(function: F) -> F:
    """Mark a function or method that templates may call."""
    function.offered = True  # type: ignore[attr-defined]
    return function


@dataclass(frozen=True, slots=True)
class Told:
    """Base: `shown` is what `{{ it }}` prints; None where it cannot be printed."""

    shown: str | None = field(default=None, kw_only=True)

    def __bool__(self) -> bool:
        """False where it prints nothing: `{{ figure("a") or said("b") }}`."""
        return self.shown != ""

    @classmethod
    def opens(cls) -> list[str]:
        """Names that a template may write after the dot."""
        methods = [n for n, v in vars(cls).items() if hasattr(v, "offered")]
        return [f.name for f in fields(cls) if f.name != "shown"] + methods


@dataclass(frozen=True, slots=True)
class Figure(Told):
    """A measured figure; `value` is the bare number, None when unknown."""

    title: str = ""
    known: bool = False
    value: float | None = None
    n: int | None = None
    norm: str = ""


@dataclass(frozen=True, slots=True)
class Answer(Told):
    """What was said to a question; `yes` and `no` are both false when unknown."""

    known: bool = False
    yes: bool = False
    no: bool = False
    dont_know: bool = False
    value: float | None = None
    note: str = ""
    codes: tuple[str, ...] = ()

    @offered
    def chosen(self, code: str) -> bool:
        """Whether this option was chosen."""
        return code in self.codes


@dataclass(frozen=True, slots=True)
class Item(Told):
    """A line of a checklist: `there`, `missing`, or neither when nobody said."""

    name: str = ""
    there: bool = False
    missing: bool = False
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Row(Told):
    """A slice and its figure."""

    name: str = ""
    figure: Figure = Figure()


@dataclass(frozen=True, slots=True)
class Case(Told):
    """Whose sheet it is."""

    name: str = ""
    date: str = ""
    start: str = ""
    end: str = ""
    b2b: bool = False
    b2c: bool = False


@dataclass(frozen=True, slots=True)
class Kpi(Told):
    """The control figure of an action, in words."""

    title: str = ""
    now: str = ""
    target: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Action(Told):
    """An action of the plan; everything is empty where the plan has none."""

    id: str = ""
    title: str = ""
    owner: str = ""
    start: str = ""
    end: str = ""
    span: str = ""
    repeat: str = ""
    causes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    kpi: Kpi = Kpi(shown="")


@dataclass(frozen=True, slots=True)
class Cause(Told):
    """A cause that the diagnosis holds for likely."""

    id: str = ""
    title: str = ""
    summary: str = ""
    verify: str = ""
    where: str = ""
    money: str = ""


@dataclass(frozen=True, slots=True)
class Finding(Told):
    """A row of the loss map that lags behind its norm; `personal` is about people."""

    id: str = ""
    title: str = ""
    where: str = ""
    own: str = ""
    norm: str = ""
    n: int = 0
    money: str = ""
    state: str = ""
    area: str = ""
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Stage(Told):
    """A stage: how it should run, and how many went on from it."""

    id: str = ""
    title: str = ""
    days: str = ""
    criterion: str = ""
    turning_point: str = ""
    count: str = ""
    conversion: str = ""
    worst: bool = False


@dataclass(frozen=True, slots=True)
class Funnel(Told):
    """A funnel with its stages; empty where the company has written none down."""

    id: str = ""
    title: str = ""
    entry: str = ""
    cycle: str = ""
    main_stage: str = ""
    stages: tuple[Stage, ...] = ()
