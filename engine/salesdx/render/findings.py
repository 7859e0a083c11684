"""The findings: one card a cause, with the whole bill; then the map of causes."""

from collections import Counter

from salesdx.citation import cited
from salesdx.render import planning_meeting
from salesdx.render.charts import cause_map
from salesdx.render.map_pages import figure
from salesdx.render.page_one import top_causes
from salesdx.render.report import (
    Block,
    Bullets,
    Card,
    Column,
    Group,
    Para,
    Point,
    Points,
    Section,
    Table,
)
from salesdx.render.words import Words
from salesdx.result import CauseRow, Evidence, FactValue, ResultDocument

_CARDS, _LISTED = 10, 40
_FACTS, _MISSING = 4, 6  # named; the others are counted
_PLAIN_CHECKS = {"rival", "no_harm", "two_groups"}  # their text says it all
_UNDECIDED = {"open", "cannot_judge"}
_FOUND = {"likely", "possible"}


def findings(document: ResultDocument, words: Words, sources: bool) -> Section:
    """Cards for likely and possible causes, a table for all others."""
    t = words.t
    groups: dict[str, list[CauseRow]] = {}
    for cause in document.causes:
        if cause.verdict in _FOUND:
            groups.setdefault(cause.id, []).append(cause)
    lead = "findings.lead" if groups else "findings.none"
    blocks: list[Block] = [Para(t(lead))] if document.causes else []
    # page one comes first here too: who turns the page finds what he looks for
    top = [c.id for c in top_causes(document)]
    order = [i for i in top if i in groups] + [i for i in groups if i not in top]
    cards, most = [groups[i] for i in order], _CARDS if sources else _CARDS // 2
    blocks += [
        _card(rows, words, sources, planning_meeting.at_cause(rows[0], document, words))
        for rows in cards[:most]
    ]
    left = [c for rows in cards[most:] for c in rows]
    rest = left + [c for c in document.causes if c.verdict not in _FOUND]
    if not sources:
        return Section("findings", t("findings.title"), blocks + _short(rest, words))
    cleared = [c for c in rest if c.slice and c.evidence and c.points <= 0]
    weighed = [c for c in rest if c not in cleared
               and (c.evidence or c.verdict not in _UNDECIDED)]  # fmt: skip
    if weighed:
        table = _brief(weighed[:_LISTED], words)
        blocks.append(Group(t("findings.rest"), [table]))
    if len(weighed) > _LISTED:
        more = t("findings.more", n=str(len(weighed) - _LISTED))
        blocks.append(Para(more, "muted"))
    if cleared:
        # one line a cause: a table of names would read as a list of suspects
        count = Counter(words.text(c.title) for c in cleared)
        names = "; ".join(f"{title} ({n})" for title, n in count.items())
        blocks.append(Para(t("findings.cleared", names=names), "muted"))
    silent = dict.fromkeys(
        words.text(c.title) for c in rest if c not in weighed and c not in cleared
    )
    if silent:
        names = t("findings.silent", names="; ".join(silent))
        blocks.append(Para(names, "muted"))
    return Section("findings", t("findings.title"), blocks)


def _short(rest: list[CauseRow], words: Words) -> list[Block]:
    """Other causes of the company in two lines: still possible, and laid aside.

    Causes sought in one person stay out: nobody is named for what was not found.
    """
    whole = [c for c in rest if not c.slice and c.kind != "people"]
    lines = []
    for key, verdicts in (("possible", _FOUND), ("aside", {"unlikely", "ruled_out"})):
        names = [words.text(c.title) for c in whole if c.verdict in verdicts]
        if names:
            lines.append(words.t(f"findings.{key}", names="; ".join(names)))
    return [Group(words.t("findings.rest"), [Bullets(lines)])] if lines else []


def cause_section(document: ResultDocument, words: Words) -> Section:
    """Root to consequence."""
    drawing = cause_map.draw(document.causes, words)
    blocks: list[Block] = []
    if drawing:
        twin = cause_map.twin(document.causes, words)
        blocks = [figure(drawing, words.t("causemap.caption"), twin)]
    return Section("causes", words.t("causemap.title"), blocks)


def weight(cause: CauseRow, words: Words) -> str:
    """`+62 (from +40 to +82 ...)`: the weight of evidence, never a probability."""
    if cause.worst == cause.best:
        return words.t("weight.exact", points=_signed(cause.points))
    return words.t(
        "weight",
        points=_signed(cause.points),
        worst=_signed(cause.worst), best=_signed(cause.best),
    )  # fmt: skip


def _card(
    rows: list[CauseRow], words: Words, sources: bool, meeting: list[Block]
) -> Card:
    t, cause = words.t, rows[0]
    tags = [t(f"verdict.{cause.verdict}"), t(f"role.{cause.role}")]
    tags.append(t.code("kind", cause.kind))
    if not sources:
        tags = tags[:1]
    if cause.slice:
        tags.append(words.where(cause.slice))
    if cause.money:
        tags.append(words.money(cause.money))
    if cause.hygiene:
        tags.append(t("hygiene"))
    blocks: list[Block] = [Para(words.text(cause.summary), "lead")]
    if sources:
        blocks.append(Para(t("card.weight", weight=weight(cause, words)), "muted"))
    for side in ("for", "against"):
        lines = [e for e in cause.evidence if e.direction == side]
        if lines:
            blocks.append(Group(t(f"card.{side}"), [_bill(lines, words, sources)]))
        elif side == "against":
            blocks.append(Group(t("card.against"), [Para(t("card.against.none"))]))
    blocks += _checked(cause, words)
    blocks += meeting
    blocks.append(Group(t("card.verify"), [Para(words.text(cause.verify))]))
    blocks += _missing(cause, words, sources)
    actions = [words.title(r) for r in cause.remedies if r in words.titles]
    if actions:
        blocks.append(Group(t("card.remedies"), [Bullets(actions)]))
    if len(rows) > 1:
        blocks.append(Group(t("card.also"), [_slices(rows[1:], words)]))
    tone = "strong" if cause.verdict == "likely" else "soft"
    title = words.text(cause.title)
    return Card(cause.id, title, tags, "strong" if tone == "strong" else "soft", blocks)


def _bill(lines: list[Evidence], words: Words, sources: bool) -> Block:
    """The weighed lines; without weights, for the owner, only those that count."""
    if sources:
        return Points([_point(e, words, sources) for e in lines])
    told = [e for e in lines if e.counted or not e.points] or lines
    rows = []
    for line in told:
        asked = {f.by or "data" for f in line.facts.values()}
        by = ", ".join(words.by(b) for b in sorted(asked))
        text = _because(line, words)
        if by:
            text = words.t("card.said", text=text.removesuffix("."), by=by)
        rows.append(text)
    return Bullets(list(dict.fromkeys(rows)))


def _because(line: Evidence, words: Words) -> str:
    """The reason in words; a question that stands for it gets its answer."""
    text = words.text(line.because)
    if text.endswith("?") and len(line.facts) == 1:
        ((name, fact),) = line.facts.items()
        answer = _value(name, fact, words)
        return words.t("card.answered", question=text, answer=answer)
    return text


def _value(name: str, fact: FactValue, words: Words) -> str:
    if fact.shown is not None:
        return words.text(fact.shown)
    return words.said(name, fact.value, fact.unit)


def _missing(cause: CauseRow, words: Words, sources: bool) -> list[Block]:
    """What could still move the verdict; without weights for the owner."""
    t = words.t
    rows = sorted(cause.missing, key=lambda m: -m.could_add)
    if not sources:
        titles = [words.text(m.title) for m in rows if m.could_add][: _MISSING // 2]
        return [Group(t("card.lacking"), [Bullets(titles)])] if titles else []
    if not rows:
        return []
    lacking = [Point(f"±{m.could_add}" if m.could_add else "", words.text(m.title))
               for m in rows[:_MISSING]]  # fmt: skip
    if len(rows) > _MISSING:
        lacking.append(Point("", t("card.more", n=str(len(rows) - _MISSING))))
    return [Group(t("card.missing"), [Points(lacking)])]


def _point(line: Evidence, words: Words, sources: bool) -> Point:
    t = words.t
    mark = _signed(line.points if line.direction == "for" else -abs(line.points))
    facts = [
        t(
            "fact",
            name=words.title(name),
            value=_value(name, fact, words),
            by=words.by(fact.by or "data"),
        )
        for name, fact in sorted(line.facts.items())
    ]
    if len(facts) > _FACTS:
        facts[_FACTS:] = [t("card.more", n=str(len(facts) - _FACTS))]
    notes = ["; ".join(facts)] if facts else []
    if line.counted == 0 and line.points:
        notes.append(t("card.overshadowed"))
    elif abs(line.counted) != abs(line.points):
        notes.append(t("card.counted", n=str(abs(line.counted))))
    if sources:
        said = cited(line.source, t.language)
        grade = t("source.grade", grade=line.grade)
        rule = t("source.rule", rule=line.rule)
        notes.append(", ".join([*said, grade, rule]))
    return Point(mark, _because(line, words), " · ".join(notes))


def _checked(cause: CauseRow, words: Words) -> list[Block]:
    """What was examined before the verdict; then what else it could be."""
    t = words.t
    first, other = [], []
    for check in cause.checks:
        text = words.text(check.text)
        turned = text.removeprefix(t("check.not"))
        if check.kind == "gate":
            state = t(f"check.gate.{check.state}")
            first.append(t("check.line", state=state, text=text))
        elif turned != text:  # `not X` cancels: X was examined, and how it stands
            state = t(f"check.turned.{check.state}")
            first.append(t("check.line", state=state, text=turned))
        elif check.kind in _PLAIN_CHECKS:
            other.append(text)
        else:
            state = t(f"check.{check.kind}.{check.state}")
            other.append(t("check.line", state=state, text=text))
    told = " ".join(other)
    rivals = [words.title(r) for r in cause.rivals]
    other += [t("card.rival", title=r) for r in rivals if r not in told]
    blocks: list[Block] = []
    if first:
        blocks.append(Group(t("card.checked"), [Bullets(list(dict.fromkeys(first)))]))
    if other:
        blocks.append(Group(t("card.else"), [Bullets(other)]))
    return blocks


def _slices(rows: list[CauseRow], words: Words) -> Table:
    t = words.t
    columns = [
        Column(t("col.slice"), 7, strong=True), Column(t("col.verdict"), 4),
        Column(t("col.weight"), 5), Column(t("col.money"), 6, "right"),
    ]  # fmt: skip
    shown = [
        [words.where(c.slice), t(f"verdict.{c.verdict}"), _signed(c.points),
         words.money(c.money)]
        for c in rows[:30]
    ]  # fmt: skip
    return Table(columns, shown)


def _brief(causes: list[CauseRow], words: Words) -> Table:
    t = words.t
    columns = [
        Column(t("col.cause"), 9, strong=True), Column(t("col.slice"), 6),
        Column(t("col.verdict"), 5), Column(t("col.weight"), 4),
    ]  # fmt: skip
    rows = [
        [
            words.text(c.title),
            words.where(c.slice),
            t(f"verdict.{c.verdict}"),
            _signed(c.points),
        ]
        for c in causes
    ]
    return Table(columns, rows)


def _signed(points: int) -> str:
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"
