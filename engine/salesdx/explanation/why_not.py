"""why-not: the smallest changes that would make a cause likely, in words."""

from dataclasses import replace

from pydantic import BaseModel, ConfigDict

from salesdx.explanation.bill import NO_HARM
from salesdx.explanation.wording import Wording
from salesdx.inference.points import LIKELY, Item, total
from salesdx.inference.verdicts import CauseOutcome, RuleOutcome
from salesdx.inference.world import Case, View
from salesdx.knowledge.conditions import Group, Outcome
from salesdx.language import Language, Text
from salesdx.result import Verdict


class Change(BaseModel):
    """One thing that would have to be otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    rule: str | None
    gain: int
    text: Text


class WhyNot(BaseModel):
    """What keeps a cause from being likely, on one slice.

    `enough` says whether all `changes` together bring the points that are needed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    cause: str
    title: Text
    slice: dict[str, str]
    verdict: Verdict
    points: int
    needed: int
    enough: bool
    changes: list[Change]
    blocks: list[Change]

    def text(self, language: Language) -> str:
        """The answer in words."""
        ru = language == "ru"
        where = ", ".join(f"{k} = {v}" for k, v in self.slice.items())
        lines = [self.title.in_(language) + (f" ({where})" if where else "")]
        if self.verdict == "likely":
            lines.append(
                "Это уже вероятная причина." if ru else "This is likely already."
            )
            return "\n".join(lines)
        lines.append(
            f"Сейчас {self.points} баллов из {LIKELY}. Изменило бы вывод:"
            if ru
            else f"Now {self.points} points of {LIKELY}. What would change the verdict:"
        )
        lines += [f"  {c.gain:+d}  {c.text.in_(language)}" for c in self.changes]
        if not self.changes:
            lines.append("  —")
        if not self.enough:
            lines.append(
                "Даже всего этого вместе не хватит."
                if ru
                else "Even all of this together is not enough."
            )
        if self.blocks:
            lines.append(
                "Кроме того, мешает:" if ru else "Besides, it is held back by:"
            )
            lines += [f"  ·  {c.text.in_(language)}" for c in self.blocks]
        return "\n".join(lines)


def why_not(outcome: CauseOutcome, case: Case, wording: Wording) -> WhyNot:
    """The fewest rules that would have to turn, the strongest first, and the blocks."""
    spec = outcome.cause.spec
    view = case.at(outcome.where)
    needed = max(0, LIKELY - outcome.total.points)
    changes = _changes(outcome, case, wording)
    return WhyNot(
        cause=spec.id, title=spec.title, slice=dict(outcome.where),
        verdict=outcome.verdict, points=outcome.total.points,
        needed=needed, enough=sum(c.gain for c in changes) >= needed, changes=changes,
        blocks=_blocks(outcome, wording, view),
    )  # fmt: skip


def _changes(outcome: CauseOutcome, case: Case, wording: Wording) -> list[Change]:
    """Turn rules one by one, each time the one that adds most, until likely."""
    items = {(r.item.direction, r.item.rule): r.item for r in outcome.rules}
    turned: list[Change] = []
    points = outcome.total.points
    while points < LIKELY:
        best: tuple[int, RuleOutcome, Item] | None = None
        for row in outcome.rules:
            key = (row.item.direction, row.item.rule)
            wanted = row.item.direction == "for"
            if items[key].state is wanted:
                continue
            item = replace(items[key], state=wanted, points=row.item.full)
            gain = total((items | {key: item}).values()).points - points
            if gain > 0 and (best is None or gain > best[0]):
                best = (gain, row, item)
        if best is None:
            break
        gain, row, item = best
        items[item.direction, item.rule] = item
        points += gain
        turned.append(_change(gain, row, case, wording))
    return turned


def _change(gain: int, row: RuleOutcome, case: Case, wording: Wording) -> Change:
    view = case.at(row.where)
    leaves = _turned(row.outcome, row.item.direction == "for")
    parts = [_leaf(leaf, wanted, wording, view) for leaf, wanted in leaves]
    text = Text(en="; ".join(p.en for p in parts), ru="; ".join(p.ru for p in parts))
    return Change(kind=row.item.direction, rule=row.rule.id, gain=gain, text=text)


def _turned(outcome: Outcome, wanted: bool) -> list[tuple[Outcome, bool]]:
    """The fewest leaves that make a tree `wanted`, with what each has to become."""
    if outcome.state is wanted:
        return []
    node = outcome.node
    if not isinstance(node, Group) or not outcome.parts:
        return [(outcome, wanted)]
    if node.kind == "not":
        return _turned(outcome.parts[0], not wanted)
    size = len(outcome.parts)
    n = {"all": size, "any": 1}.get(node.kind, node.n)
    lacking = n if wanted else size - n + 1
    lacking -= sum(p.state is wanted for p in outcome.parts)
    ways = [_turned(p, wanted) for p in outcome.parts if p.state is not wanted]
    return [leaf for way in sorted(ways, key=len)[:lacking] for leaf in way]


def _leaf(leaf: Outcome, wanted: bool, wording: Wording, view: View) -> Text:
    """What the leaf has to become, and what it reads now."""
    node = leaf.node if wanted else Group("not", (leaf.node,))
    asks = wording.condition(node, view)
    fact = leaf.fact
    if fact is None:
        return asks
    return Text(
        en=f"{asks.en} (now {wording.value(fact, 'en')})",
        ru=f"{asks.ru} (сейчас {wording.value(fact, 'ru')})",
    )


def _blocks(outcome: CauseOutcome, wording: Wording, view: View) -> list[Change]:
    found = []
    for kind, outcomes, wanted in (
        ("gate", outcome.gate, True),
        ("unless", outcome.unless, False),
        ("rules_out", outcome.rules_out, False),
    ):
        for o in outcomes:
            stands = o.state is not True if wanted else o.state is True
            if stands:
                text = wording.condition(o.node, view)
                now = {True: ("yes", "да"), False: ("no", "нет"),
                       None: ("unknown", "неизвестно")}[o.state]  # fmt: skip
                found.append(Change(kind=kind, rule=None, gain=0, text=Text(
                    en=f"{text.en} — {now[0]}", ru=f"{text.ru} — {now[1]}",
                )))  # fmt: skip
    if outcome.harm is False:
        found.append(Change(kind="no_harm", rule=None, gain=0, text=NO_HARM))
    for name in outcome.needs_missing:
        title = wording.knowledge.title(name)
        found.append(Change(kind="needs", rule=None, gain=0, text=Text(
            en=f"{title.en} — unknown", ru=f"{title.ru} — неизвестно",
        )))  # fmt: skip
    for rival in outcome.rivals:
        title = wording.knowledge.causes[rival].spec.title
        found.append(Change(kind="rival", rule=None, gain=0, text=Text(
            en=f"not told apart from: {title.en}", ru=f"не отличить от: {title.ru}",
        )))  # fmt: skip
    return found
