"""what-if: the same rules over changed facts, and the difference."""

import math
from collections.abc import Sequence

from salesdx.content import did_you_mean
from salesdx.errors import Said, UsageError, hinted
from salesdx.explanation.grounds import Part
from salesdx.explanation.plain import plain_title
from salesdx.explanation.why import Audience
from salesdx.explanation.wording import VERDICTS, Wording, both
from salesdx.facts import Fact, Slice, slice_of
from salesdx.inference.infer import Inference
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Language, Text
from salesdx.result import Verdict


class Moved(Part):
    """One cause whose verdict or points changed."""

    cause: str
    title: Text
    slice: dict[str, str]
    where: Text | None
    before: Verdict
    after: Verdict
    points_before: int
    points_after: int


class Step(Part):
    """One action of the plan."""

    id: str
    title: Text


class WhatIf(Part):
    """The difference that the changes make; `supposed` says them in words."""

    changes: dict[str, str]
    supposed: list[Text]
    moved: list[Moved]
    plan_added: list[Step]
    plan_removed: list[Step]

    def text(self, language: Language, audience: Audience = "consultant") -> str:
        """The difference in words; for the owner verdicts only, without points."""
        ru = language == "ru"
        lead = "Если " if ru else "If "
        lines = [lead + "; ".join(t.in_(language) for t in self.supposed) + ":"]
        turned = [m for m in self.moved if m.before != m.after]
        if audience == "owner":
            lines += [_plain_move(m, language) for m in turned]
        else:
            weighed = [m for m in self.moved if m.before == m.after]
            lines += [_move(m, language) for m in (*turned, *weighed)]
        for steps, en, russian in (
            (self.plan_added, "The plan gains:", "В плане появится:"),
            (self.plan_removed, "The plan loses:", "Из плана уйдёт:"),
        ):
            if steps:
                lines.append(f"  {russian if ru else en}")
                lines += [f"    — {s.title.in_(language)}" for s in steps]
        if len(lines) == 1:
            same = "no conclusion changes", "ни один вывод не меняется"
            lines.append(f"  {same[ru]}")
        return "\n".join(lines)


def _move(m: Moved, language: Language) -> str:
    before, after = (VERDICTS[v].in_(language) for v in (m.before, m.after))
    title = plain_title(m.title, m.where, language)
    if m.before == m.after:
        return f"  {title}: {before}, {m.points_before} → {m.points_after}"
    return f"  {title}: {before} {m.points_before} → {after} {m.points_after}"


_PLAIN: dict[Verdict, Text] = {
    "likely": Text(en="looks like a reason", ru="похоже, причина"),
    "possible": Text(en="perhaps a reason", ru="возможно, причина"),
    "open": Text(en="not clear yet", ru="пока неясно"),
    "unlikely": Text(en="hardly the reason", ru="вряд ли причина"),
    "ruled_out": Text(en="ruled out", ru="исключено"),
    "cannot_judge": Text(en="cannot be judged", ru="судить нельзя"),
}


def _plain_move(m: Moved, language: Language) -> str:
    before, after = (_PLAIN[v].in_(language) for v in (m.before, m.after))
    title = plain_title(m.title, m.where, language)
    if language == "ru":
        return f"  {title}. Сейчас: {before}. Станет: {after}."
    return f"  {title}. Now: {before}. Then: {after}."


def what_if(
    found: Inference, again: Inference, changes: Sequence[Fact], wording: Wording,
    plans: tuple[Sequence[Step], Sequence[Step]] = ((), ()),
) -> WhatIf:  # fmt: skip
    """What `again`, judged over the changed facts, says otherwise than `found`.

    The largest moves come first; `plans` are the actions before and after.
    """
    moved = []
    for key in sorted({*found.causes, *again.causes}):
        old, new = found.causes.get(key), again.causes.get(key)
        before = (old.verdict, old.total.points) if old else ("open", 0)
        after = (new.verdict, new.total.points) if new else ("open", 0)
        if before != after:
            spec = found.case.knowledge.causes[key[0]].spec
            moved.append(Moved(
                cause=key[0], title=spec.title, slice=dict(key[1]),
                where=wording.where(key[1]), before=before[0], after=after[0],
                points_before=before[1], points_after=after[1],
            ))  # fmt: skip
    moved.sort(key=lambda m: -abs(m.points_after - m.points_before))
    shown = {
        f.name + "".join(f"@{d}:{v}" for d, v in f.slice): str(f.value) for f in changes
    }
    before_plan, after_plan = plans
    return WhatIf(
        changes=shown, supposed=[_supposed(f, wording) for f in changes], moved=moved,
        plan_added=[s for s in after_plan if s not in before_plan],
        plan_removed=[s for s in before_plan if s not in after_plan],
    )  # fmt: skip


def _supposed(fact: Fact, wording: Wording) -> Text:
    text, where = wording.said(fact), wording.where(fact.slice)
    if where is None:
        return text
    return both(f"{text.en} ({where.en})", f"{text.ru} ({where.ru})")


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
