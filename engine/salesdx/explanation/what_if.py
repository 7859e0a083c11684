"""what-if: the same rules over changed facts, and the difference."""

import math
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from salesdx.content import did_you_mean
from salesdx.errors import Said, UsageError, hinted
from salesdx.explanation.wording import VERDICTS
from salesdx.facts import Fact, FactBase, Slice, slice_of
from salesdx.inference.infer import Inference, infer
from salesdx.inference.program import Executor
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Language, Text
from salesdx.result import Verdict


class Moved(BaseModel):
    """One cause whose verdict or points changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cause: str
    title: Text
    slice: dict[str, str]
    before: Verdict
    after: Verdict
    points_before: int
    points_after: int


class WhatIf(BaseModel):
    """The difference that the changes make."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    changes: dict[str, str]
    moved: list[Moved]

    def text(self, language: Language) -> str:
        """The difference in words."""
        ru = language == "ru"
        said = ", ".join(f"{k} = {v}" for k, v in self.changes.items())
        lines = [("Если " if ru else "If ") + said + ":"]
        for m in self.moved:
            where = "".join(f" {k}={v}" for k, v in m.slice.items())
            before, after = (VERDICTS[v].in_(language) for v in (m.before, m.after))
            lines.append(
                f"  {m.title.in_(language)}{where}: {before} {m.points_before} → "
                f"{after} {m.points_after}"
            )
        if not self.moved:
            lines.append("  ничего не меняется" if ru else "  nothing changes")
        return "\n".join(lines)


def what_if(
    found: Inference,
    executor: Executor,
    changes: Sequence[Fact],
    facts: FactBase,
    sales_model: str | None,
) -> WhatIf:
    """Replay over `facts`, in which the changes are made; the largest moves first."""
    case = found.case
    again = infer(
        case.knowledge, facts, executor,
        sales_model=sales_model, benchmarks=dict(case.benchmarks),
    )  # fmt: skip
    moved = []
    for key in sorted({*found.causes, *again.causes}):
        old, new = found.causes.get(key), again.causes.get(key)
        before = (old.verdict, old.total.points) if old else ("open", 0)
        after = (new.verdict, new.total.points) if new else ("open", 0)
        if before != after:
            spec = case.knowledge.causes[key[0]].spec
            moved.append(Moved(
                cause=key[0], title=spec.title, slice=dict(key[1]),
                before=before[0], after=after[0],
                points_before=before[1], points_after=after[1],
            ))  # fmt: skip
    moved.sort(key=lambda m: -abs(m.points_after - m.points_before))
    shown = {
        f.name + "".join(f"@{d}:{v}" for d, v in f.slice): str(f.value) for f in changes
    }
    return WhatIf(changes=shown, moved=moved)


def parse_address(knowledge: KnowledgeBase, address: str) -> tuple[str, Slice]:
    """`name` or `name@manager:M7` -> the name and the slice."""
    name, *rest = address.split("@")
    known = knowledge.vocabulary.names()
    if name not in known:
        hint = did_you_mean(name, known)
        what = Said(
            f"no metric or question {name!r}", f"нет показателя или вопроса «{name}»"
        )
        raise UsageError(hinted(what, hint))
    grain = knowledge.grain(name)
    values = {}
    for part in rest:
        dimension, colon, value = part.partition(":")
        if not colon:
            raise UsageError(
                Said(
                    f"{address!r}: write NAME@DIMENSION:VALUE=VALUE",
                    f"«{address}»: пишите ИМЯ@ИЗМЕРЕНИЕ:ЧТО=ЗНАЧЕНИЕ, например"
                    " check.average@manager:M7=50000",
                )
            )
        if dimension not in grain:
            has = ", ".join(grain)
            raise UsageError(
                Said(
                    f"{name} has no values by {dimension!r}:"
                    f" {has or 'the company only'}",
                    f"{name} не считается по «{dimension}»: есть"
                    f" {has or 'только компания целиком'}",
                )
            )
        values[dimension] = value
    return name, slice_of(**values)


def metric_fact(name: str, where: Slice, text: str) -> Fact:
    """A figure given on the command line: `0.2` or `20%`; `unknown` removes it."""
    if text == "unknown":
        return Fact(name, None, where)
    try:
        number = float(text.rstrip("%").replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise UsageError(
            Said(
                f"{name} is a figure, not {text!r}",
                f"{name} — это показатель, нужно число, а не «{text}»",
            )
        )
    return Fact(name, number / 100 if text.endswith("%") else number, where)
