"""The plan of 30, 60 and 90 days, what not to do yet, and what to ask next."""

from dataclasses import dataclass

from salesdx.render.charts import timeline
from salesdx.render.map_pages import figure
from salesdx.render.page_one import doer, due, kpi_line
from salesdx.render.report import (
    Block,
    Bullets,
    Card,
    Column,
    Group,
    Pairs,
    Para,
    Section,
    Table,
)
from salesdx.render.words import Words
from salesdx.result import NotChecked, PlanAction, ResultDocument

_ASKED = 6  # questions that an owner is shown


def plan(document: ResultDocument, words: Words) -> Section:
    """The timeline, then a card an action, by horizon."""
    t = words.t
    blocks: list[Block] = []
    if document.plan:
        drawing = timeline.draw(document.plan, words)
        twin = timeline.twin(document.plan, words)
        blocks.append(figure(drawing, t("timeline.caption"), twin))
    for horizon in (30, 60, 90):
        cards: list[Block] = [
            _card(a, words) for a in document.plan if a.horizon == horizon
        ]
        if cards:
            blocks.append(Group(t("plan.horizon", n=str(horizon)), cards))
    if document.blocked_actions:
        rows = [
            [words.text(b.title), words.text(b.because)]
            for b in document.blocked_actions
        ]
        columns = [Column(t("col.action"), 4, strong=True), Column(t("col.why"), 7)]
        blocks.append(Group(t("plan.blocked"), [Table(columns, rows)]))
    return Section("plan", t("plan.title"), blocks)


def _card(action: PlanAction, words: Words) -> Card:
    t = words.t
    start, end = action.start_day, action.start_day + action.days
    edit, agreed = action.edit, due(action, words)
    when = t("action.until", day=agreed) if agreed else words.span_of_days(start, end)
    tags = [doer(action, words), when]
    if edit and edit.state != "open":
        tags.append(t(f"edit.{edit.state}", day=words.iso(edit.done)))
    if action.repeat:
        tags.append(t.code("repeat", action.repeat))
    blocks: list[Block] = []
    if action.steps:
        blocks.append(Bullets([words.text(s) for s in action.steps], ordered=True))
    pairs: list[tuple[str, str]] = []
    if action.kpi:
        line = kpi_line(action.kpi, words)
        day = words.day(action.kpi.check_day, "day.on")
        value = t("action.kpi", line=line, day=day)
        pairs.append((t("action.kpi.label"), value))
    causes = [words.title(c) for c in action.causes if c in words.titles]
    if causes:
        pairs.append((t("action.closes"), "; ".join(causes)))
    after = [words.title(a) for a in action.after if a in words.titles]
    if after:
        pairs.append((t("action.after"), "; ".join(after)))
    if action.worksheet_title:
        pairs.append((t("action.worksheet"), words.text(action.worksheet_title)))
    if edit and (edit.note or edit.dropped):
        pairs.append((t("edit.note"), edit.dropped or edit.note))
    if pairs:
        blocks.append(Pairs(pairs))
    if action.claims:
        said = [words.text(c) for c in action.claims]
        blocks.append(Para(t("action.claim", text=" ".join(said)), "muted"))
    return Card(action.id, words.text(action.title), tags, "soft", blocks)


@dataclass(frozen=True, slots=True)
class Difference:
    """One question on which people, or people and figures, differ: all in words."""

    title: str
    said: list[tuple[str, str]]
    effect: str


def differences(document: ResultDocument, words: Words) -> list[Difference]:
    """Who says what, question by question."""
    found = []
    for row in document.disagreements:
        measured = _unit(document, row.metric)
        title = words.text(row.title)
        if row.about:
            title += f" ({words.where(row.about)})"
        said = [
            (words.who(v.by, v.role, v.name),
             words.given(row.question, v.value, v.unit or measured))
            for v in row.values
        ]  # fmt: skip
        found.append(Difference(title, said, words.text(row.effect)))
    return found


def unsettled(
    document: ResultDocument, words: Words, points: bool = True
) -> list[Section]:
    """Disagreements, what is fine, what could not be checked, what to ask next."""
    t = words.t
    differ: list[Block] = [
        Group(d.title, [Pairs(d.said), Para(d.effect, "muted")])
        for d in differences(document, words)
    ]
    return [
        Section("differ", t("differ.title"), differ),
        Section("fine", t("fine.title"), _fine(document, words)),
        Section("unseen", t("unseen.title"), _unseen(document, words, points)),
        Section("next", t("next.title"), _ask(document, words, points)),
    ]


def _fine(document: ResultDocument, words: Words) -> list[Block]:
    """What was looked for and is not there; what each row says is said once."""
    if not document.fine:
        return []
    reasons = {words.text(f.because) for f in document.fine}
    if len(reasons) == 1:
        rows = [words.text(f.title) for f in document.fine]
        return [Para(words.t("fine.lead")), Bullets(rows)]
    return [Bullets([
        f"{words.text(f.title)}: {words.text(f.because)}" for f in document.fine
    ])]  # fmt: skip


def _unseen(document: ResultDocument, words: Words, reasons: bool) -> list[Block]:
    """By what would supply it, most figures first: one export opens many of them."""
    t = words.t
    groups: dict[str, list[NotChecked]] = {}
    for row in document.not_checked:
        groups.setdefault(words.text(row.supply), []).append(row)
    if not groups:
        return []
    columns = [Column(t("col.supply"), 4, strong=True), Column(t("col.opens"), 8)]
    if reasons:
        columns.append(Column(t("col.reason"), 6))
    rows = []
    for supply in sorted(groups, key=lambda s: (-len(groups[s]), s)):
        found = groups[supply]
        cells = [supply, "; ".join(words.text(n.title) for n in found)]
        if reasons:
            cells.append("; ".join(dict.fromkeys(words.text(n.reason) for n in found)))
        rows.append(cells)
    return [Para(t("unseen.lead", n=str(len(document.not_checked)))),
            Table(columns, rows)]  # fmt: skip


def _ask(document: ResultDocument, words: Words, points: bool) -> list[Block]:
    t = words.t
    asked = document.next_questions if points else document.next_questions[:_ASKED]
    if not asked:
        return []
    columns = [Column(t("col.question"), 6, strong=True), Column(t("col.settles"), 7)]
    rows = [[words.text(q.title), words.text(q.why)] for q in asked]
    if points:
        columns.append(Column(t("col.worth"), 2, "right"))
        rows = [[*r, str(q.value)] for r, q in zip(rows, asked, strict=True)]
    return [Table(columns, rows)]


def _unit(document: ResultDocument, metric: str | None) -> str | None:
    return next((m.unit for m in document.metrics if m.id == metric), None)
