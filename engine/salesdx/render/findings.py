"""The findings: one card a cause, with the whole bill; then the map of causes."""

from salesdx.render.charts import cause_map
from salesdx.render.losses import figure
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
from salesdx.result import CauseRow, Evidence, ResultDocument

_CARDS, _LISTED = 10, 40
_FACTS, _MISSING = 4, 6  # named; the others are counted
_FOUND = {"likely", "possible"}


def findings(document: ResultDocument, words: Words, sources: bool) -> Section:
    """Cards for likely and possible causes, a table for all others."""
    t = words.t
    groups: dict[str, list[CauseRow]] = {}
    for cause in document.causes:
        if cause.verdict in _FOUND:
            groups.setdefault(cause.id, []).append(cause)
    blocks: list[Block] = [Para(t("findings.lead"))] if groups else []
    cards, most = list(groups.values()), _CARDS if sources else _CARDS // 2
    blocks += [_card(rows, words, sources) for rows in cards[:most]]
    rest = [c for rows in cards[most:] for c in rows]
    unlikely = {"unlikely", "ruled_out"}
    rest += [
        c
        for c in document.causes
        if c.verdict not in _FOUND and (sources or c.verdict in unlikely)
    ]
    if rest:
        table = _brief(rest[:_LISTED], words)
        blocks.append(Group(t("findings.rest"), [table]))
    if len(rest) > _LISTED:
        blocks.append(Para(t("findings.more", n=str(len(rest) - _LISTED)), "muted"))
    return Section("findings", t("findings.title"), blocks)


def cause_section(document: ResultDocument, words: Words) -> Section:
    """Root to consequence."""
    drawing = cause_map.draw(document.causes, words)
    blocks: list[Block] = []
    if drawing:
        blocks = [figure(drawing, words.t("causemap.caption"))]
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


def _card(rows: list[CauseRow], words: Words, sources: bool) -> Card:
    t, cause = words.t, rows[0]
    tags = [t(f"verdict.{cause.verdict}"), t(f"role.{cause.role}")]
    tags.append(t.code("kind", cause.kind))
    if cause.slice:
        tags.append(words.where(cause.slice))
    if cause.money:
        tags.append(words.money(cause.money))
    if cause.hygiene:
        tags.append(t("hygiene"))
    blocks: list[Block] = [Para(words.text(cause.summary), "lead")]
    blocks.append(Para(t("card.weight", weight=weight(cause, words)), "muted"))
    for side in ("for", "against"):
        lines = [e for e in cause.evidence if e.direction == side]
        if lines:
            points = Points([_point(e, words, sources) for e in lines])
            blocks.append(Group(t(f"card.{side}"), [points]))
        elif side == "against":
            blocks.append(Group(t("card.against"), [Para(t("card.against.none"))]))
    blocks += _else(cause, words)
    blocks.append(Group(t("card.verify"), [Para(words.text(cause.verify))]))
    if cause.missing:
        first = sorted(cause.missing, key=lambda m: -m.could_add)[:_MISSING]
        lacking = [Point(f"±{m.could_add}", words.text(m.title)) for m in first]
        if len(cause.missing) > _MISSING:
            more = t("card.more", n=str(len(cause.missing) - _MISSING))
            lacking.append(Point("", more))
        blocks.append(Group(t("card.missing"), [Points(lacking)]))
    actions = [words.title(r) for r in cause.remedies if r in words.titles]
    if actions:
        blocks.append(Group(t("card.remedies"), [Bullets(actions)]))
    if len(rows) > 1:
        blocks.append(Group(t("card.also"), [_slices(rows[1:], words)]))
    tone = "strong" if cause.verdict == "likely" else "soft"
    title = words.text(cause.title)
    return Card(cause.id, title, tags, "strong" if tone == "strong" else "soft", blocks)


def _point(line: Evidence, words: Words, sources: bool) -> Point:
    t = words.t
    mark = _signed(line.points if line.direction == "for" else -abs(line.points))
    facts = [
        t(
            "fact",
            name=words.title(name),
            value=words.value(fact.value, fact.unit),
            by=t.code("by", fact.by or "data"),
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
        said = [f"{t.code('source', k)} {v}" for k, v in sorted(line.source.items())]
        grade = t("source.grade", grade=line.grade)
        rule = t("source.rule", rule=line.rule)
        notes.append(", ".join([*said, grade, rule]))
    return Point(mark, words.text(line.because), " · ".join(notes))


def _else(cause: CauseRow, words: Words) -> list[Block]:
    """What else it could be: rivals, gates and cancelling conditions."""
    t = words.t
    said = [
        t("check.line", state=t(f"check.{c.kind}.{c.state}"), text=words.text(c.text))
        for c in cause.checks
    ]
    said += [t("card.rival", title=words.title(r)) for r in cause.rivals]
    return [Group(t("card.else"), [Bullets(said)])] if said else []


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
