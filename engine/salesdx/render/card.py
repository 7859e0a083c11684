"""The card of one cause: the claim, its money, the evidence, the check, the remedy."""

from collections.abc import Sequence
from typing import Literal

from salesdx.citation import cited
from salesdx.inference.points import LIKELY
from salesdx.render import planning_meeting
from salesdx.render.actions import when_and_who
from salesdx.render.evidence import bill, overshadowed, signed
from salesdx.render.formula import product
from salesdx.render.page_one import no_sum
from salesdx.render.report import (
    Block,
    Card,
    Column,
    Group,
    Pairs,
    Para,
    Point,
    Points,
    Table,
)
from salesdx.render.words import Words
from salesdx.result import CauseRow, Check, ResultDocument

_MISSING, _FORMULAS, _ELSEWHERE = 6, 3, 30
_PLAIN_CHECKS = {"rival", "no_harm", "two_groups"}  # their text says it all
_CANCELS = {"unless", "rules_out"}
Row = tuple[str, str]
Tone = Literal["strong", "soft"]


def card(
    rows: Sequence[CauseRow], document: ResultDocument, words: Words, codes: bool
) -> Card:
    """One cause with all that was weighed; `codes` and weights for who keeps them."""
    t, cause = words.t, rows[0]
    blocks: list[Block] = [Para(words.text(cause.summary), "lead")]
    blocks += _pairs([_money(cause, document, words)])
    blocks.append(Group(t("card.for"), bill(cause, "for", words, codes)))
    against = any(e.direction == "against" for e in cause.evidence)
    if against:
        blocks.append(Group(t("card.against"), bill(cause, "against", words, codes)))
    blocks += planning_meeting.at_cause(cause, document, words)
    verify = t("card.verify.text", text=words.text(cause.verify))
    blocks += _pairs([
        None if against else (t("card.against"), t("card.against.none")),
        _checked(cause, words), _otherwise(cause, words), (t("card.verify"), verify),
        _remedies(cause, document, words), _dropped(cause, words),
        None if codes else _lacking(cause, words),
    ])  # fmt: skip
    blocks += _missing(cause, words) if codes else []
    if len(rows) > 1:
        blocks.append(Group(t("card.also"), [_elsewhere(rows[1:], words, codes)]))
    if codes:
        quiet = [*overshadowed(cause, words), _codes(cause, words)]
        blocks += [Para(line, "muted") for line in quiet]
    title, strong = words.text(cause.title), cause.verdict == "likely"
    tone: Tone = "strong" if strong else "soft"
    return Card(cause.id, title, _tags(cause, words), tone, blocks)


def _pairs(rows: Sequence[Row | None]) -> list[Block]:
    found = [row for row in rows if row is not None]
    return [Pairs(found)] if found else []


def weight(cause: CauseRow, words: Words) -> str:
    """`+62 (from +40 to +82 ...)`: the weight of evidence, never a probability."""
    if cause.worst == cause.best:
        return words.t("weight.exact", points=signed(cause.points))
    return words.t(
        "weight",
        points=signed(cause.points),
        worst=signed(cause.worst), best=signed(cause.best),
    )  # fmt: skip


def _tags(cause: CauseRow, words: Words) -> list[str]:
    t = words.t
    tags = [t(f"verdict.{cause.verdict}")]
    if cause.role != "standalone":
        tags.append(t(f"role.{cause.role}"))
    if cause.slice:
        tags.append(words.where(cause.slice))
    if cause.money:
        tags.append(words.money(cause.money))
    if cause.hygiene:
        tags.append(t("hygiene"))
    return tags


def _money(cause: CauseRow, document: ResultDocument, words: Words) -> Row | None:
    """The sum, its factors, and what it costs to leave things; or why there is none."""
    t = words.t
    if cause.money is None:
        if cause.verdict != "likely":  # nobody asks for the price of a suspicion
            return None
        return t("card.money"), t(f"card.money.{no_sum(cause)}")
    sums = {"expected": words.short(cause.money.expected),
            "span": words.span(cause.money)}  # fmt: skip
    lines = [t("card.money.sum", **sums)]
    explained = [x for x in document.losses if x.id in cause.losses]
    for loss in [x for x in explained if x.money and x.inputs][:_FORMULAS]:
        assert loss.money is not None
        lines.append(t(
            "card.money.formula", what=words.text(loss.measure or loss.title),
            where=words.slice_name(loss.slice), product=product(loss, words),
            sum=words.short(loss.money.expected),
        ))  # fmt: skip
    if cause.verdict == "likely":
        lines.append(t("card.money.waiting", **sums))
    return t("card.money"), " ".join(lines)


def _checked(cause: CauseRow, words: Words) -> Row | None:
    """What had to be examined before the verdict, by how it stands."""
    t = words.t
    by: dict[str, list[str]] = {}
    for check in cause.checks:
        text, turned = _turned(check, words)
        if check.kind == "gate":
            state = t(f"check.gate.{check.state}")
        elif turned:  # `not X` cancels: X was examined, and how it stands
            state = t(f"check.turned.{check.state}")
        else:
            continue
        by.setdefault(state, []).append(words.lowered(text))
    told = [t("check.states", state=state, texts="; ".join(dict.fromkeys(texts)))
            for state, texts in by.items()]  # fmt: skip
    return (t("card.checked"), " ".join(told)) if told else None


def _otherwise(cause: CauseRow, words: Words) -> Row | None:
    """What else it could be: rivals that were not told apart, what holds it back."""
    t = words.t
    lines = [words.text(c.text) for c in cause.checks if c.kind in _PLAIN_CHECKS]
    told = " ".join(lines)
    rivals = [words.title(r) for r in cause.rivals]
    lines += [t("quote", text=r) for r in rivals if r not in told]
    return (t("card.else"), "; ".join(lines)) if lines else None


def _turned(check: Check, words: Words) -> tuple[str, bool]:
    """The text without its leading `not:`, and whether it had one."""
    text = words.text(check.text)
    plain = text.removeprefix(words.t("check.not"))
    return plain, plain != text and check.kind in _CANCELS


def _remedies(cause: CauseRow, document: ResultDocument, words: Words) -> Row:
    """The actions of the plan that mend it: who, until when."""
    t = words.t
    lines = [
        t("card.remedy", title=words.text(a.title), when=when_and_who(a, words))
        for a in document.plan
        if a.id in cause.remedies
    ]
    return t("card.remedies"), "; ".join(lines) or t("card.remedies.none")


def _dropped(cause: CauseRow, words: Words) -> Row | None:
    """What besides the check would make the finding be dropped."""
    t, lines = words.t, []
    for check in cause.checks:
        text, turned = _turned(check, words)
        if check.kind in _CANCELS and not turned and check.state != "true":
            told = words.lowered(text)
            lines.append(t(f"card.drop.{check.state}", text=told))
    if cause.verdict == "likely" and cause.worst < LIKELY:
        lines.append(t("card.drop.answers"))
    return (t("card.drop"), " ".join(dict.fromkeys(lines))) if lines else None


def _lacking(cause: CauseRow, words: Words) -> Row | None:
    """What would settle it, without weights."""
    rows = sorted(cause.missing, key=lambda m: -m.could_add)
    titles = [words.text(m.title) for m in rows if m.could_add][: _MISSING // 2]
    return (words.t("card.lacking"), " ".join(map(_ended, titles))) if titles else None


def _ended(text: str) -> str:
    return text if text.endswith(("?", ".", "!")) else f"{text}."


def _missing(cause: CauseRow, words: Words) -> list[Block]:
    """What could still move the verdict, and by how much."""
    t = words.t
    rows = sorted(cause.missing, key=lambda m: -m.could_add)
    if not rows:
        return []
    lacking = [Point(f"±{m.could_add}" if m.could_add else "", words.text(m.title))
               for m in rows[:_MISSING]]  # fmt: skip
    blocks: list[Block] = [Points(lacking)]
    if len(rows) > _MISSING:
        blocks.append(Para(t("card.more", n=str(len(rows) - _MISSING)), "muted"))
    return [Group(t("card.missing"), blocks)]


def _elsewhere(rows: Sequence[CauseRow], words: Words, codes: bool) -> Table:
    t = words.t
    columns = [Column(t("col.slice"), 7, strong=True), Column(t("col.verdict"), 4)]
    if codes:
        columns.append(Column(t("col.weight"), 5))
    columns.append(Column(t("col.money"), 6, "right"))
    shown = [
        [words.where(c.slice), t(f"verdict.{c.verdict}"),
         *([signed(c.points)] if codes else []), words.money(c.money)]
        for c in rows[:_ELSEWHERE]
    ]  # fmt: skip
    return Table(columns, shown)


def _codes(cause: CauseRow, words: Words) -> str:
    """One quiet line: the weight, the kind, and the rules by their sources."""
    t = words.t
    rules: dict[str, list[str]] = {}
    for line in cause.evidence:
        grade = t("source.grade", grade=line.grade)
        where = ", ".join([*cited(line.source, t.language), grade])
        rules.setdefault(where, []).append(line.rule)
    told = [f"{where}: {', '.join(dict.fromkeys(r))}" for where, r in rules.items()]
    parts = [
        t("card.weight", weight=weight(cause, words)),
        t("card.kind", kind=t.code("kind", cause.kind), id=cause.id),
    ]
    if told:
        parts.append(t("card.rules", rules="; ".join(told)))
    return " ".join(parts)
