"""The plan of 30, 60 and 90 days, what not to do yet, and what to ask next."""

from dataclasses import dataclass

from salesdx.render import open_points
from salesdx.render.charts import timeline
from salesdx.render.map_pages import figure
from salesdx.render.page_one import doer, due, first_actions, kpi_line
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
from salesdx.result import PlanAction, ResultDocument

_FIRST_STEPS = 3


def plan(document: ResultDocument, words: Words) -> Section:
    """The timeline, what to do on Monday, then a card an action, by horizon."""
    t = words.t
    blocks: list[Block] = []
    if document.plan:
        if words.reader == "team":
            blocks += _for_us(document, words)
        drawing = timeline.draw(document.plan, words)
        twin = timeline.twin(document.plan, words)
        blocks.append(figure(drawing, t("timeline.caption"), twin))
        blocks += _monday(document, words)
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


def when_and_who(action: PlanAction, words: Words) -> str:
    """`head of sales, by 30 Jul 2026`: inside a sentence."""
    last = words.day(action.start_day + action.days, "day.until")
    until = words.t("action.until", day=due(action, words) or last)
    named = action.edit.owner if action.edit else ""
    return f"{named or words.lowered(doer(action, words))}, {until}"


def _for_us(document: ResultDocument, words: Words) -> list[Block]:
    """The team's table: what changes, from when, how we shall see it."""
    t = words.t
    columns = [
        Column(t("col.changes"), 6, strong=True), Column(t("col.from"), 4),
        Column(t("col.seen"), 7),
    ]  # fmt: skip
    rows = [
        [words.text(a.title), words.day(a.start_day),
         kpi_line(a.kpi, words) if a.kpi else "\u2014"]
        for a in document.plan
    ]  # fmt: skip
    return [Para(t("team.changes")), Table(columns, rows)]


def _monday(document: ResultDocument, words: Words) -> list[Block]:
    """The first step of the first actions: a plan begins with one hour of somebody."""
    t = words.t
    steps = [
        t(
            "plan.first-step",
            who=doer(a, words),
            step=words.lowered(words.text(a.steps[0])),
        )
        for a in first_actions(document)[:_FIRST_STEPS]
        if a.steps
    ]
    return [Group(t("plan.monday"), [Bullets(steps)])] if steps else []


def _card(action: PlanAction, words: Words) -> Card:
    t = words.t
    start, end = action.start_day, action.start_day + action.days
    edit, agreed = action.edit, due(action, words)
    when = t("action.until", day=agreed) if agreed else words.span_of_days(start, end)
    tags = [doer(action, words), when, t.count("n.days", action.days)]
    if edit and edit.state != "open":
        tags.append(t(f"edit.{edit.state}", day=words.iso(edit.done)))
    blocks: list[Block] = []
    if action.steps:
        blocks.append(Bullets([words.text(s) for s in action.steps], ordered=True))
    pairs = _pairs(action, words)
    if pairs:
        blocks.append(Pairs(pairs))
    if action.claims:
        said = [words.text(c) for c in action.claims]
        blocks.append(Para(t("action.claim", text=" ".join(said)), "muted"))
    return Card(action.id, words.text(action.title), tags, "soft", blocks)


def _pairs(action: PlanAction, words: Words) -> list[tuple[str, str]]:
    """How we shall know, what it mends, after what, how often, on which sheet."""
    t, edit = words.t, action.edit
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
    if action.repeat:
        pairs.append((t("action.rhythm"), t.code("repeat", action.repeat)))
    if action.worksheet_title:
        pairs.append((t("action.worksheet"), words.text(action.worksheet_title)))
    if edit and (edit.note or edit.dropped):
        pairs.append((t("edit.note"), edit.dropped or edit.note))
    return pairs


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
    if differ:
        differ.insert(0, Para(t("differ.lead")))
    return [
        Section("differ", t("differ.title"), differ),
        Section("fine", t("fine.title"), open_points.fine(document, words)),
        Section(
            "unseen",
            t("unseen.title"),
            open_points.unseen(document, words, whole=points),
        ),
        Section("next", t("next.title"), open_points.ask(document, words, points)),
    ]


def _unit(document: ResultDocument, metric: str | None) -> str | None:
    return next((m.unit for m in document.metrics if m.id == metric), None)
