"""The plan of 30, 60 and 90 days, what not to do yet, and what to ask next."""

from salesdx.render.charts import timeline
from salesdx.render.losses import figure
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


def plan(document: ResultDocument, words: Words) -> Section:
    """The timeline, then a card an action, by horizon."""
    t = words.t
    blocks: list[Block] = []
    if document.plan:
        drawing = timeline.draw(document.plan, words)
        blocks.append(figure(drawing, t("timeline.caption")))
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
    tags = [
        words.text(action.owner_title),
        t("action.dates", start=words.day(start), end=words.day(end)),
    ]
    if action.repeat:
        tags.append(t.code("repeat", action.repeat))
    blocks: list[Block] = []
    if action.steps:
        blocks.append(Bullets([words.text(s) for s in action.steps], ordered=True))
    pairs: list[tuple[str, str]] = []
    if action.kpi:
        kpi = action.kpi
        value = t(
            "action.kpi",
            title=words.text(kpi.title), now=words.quantity(kpi.now, kpi.unit),
            target=words.quantity(kpi.target, kpi.unit), day=words.day(kpi.check_day),
        )  # fmt: skip
        pairs.append((t("action.kpi.label"), value))
    causes = [words.title(c) for c in action.causes if c in words.titles]
    if causes:
        pairs.append((t("action.closes"), "; ".join(causes)))
    after = [words.title(a) for a in action.after if a in words.titles]
    if after:
        pairs.append((t("action.after"), "; ".join(after)))
    if action.worksheet:
        pairs.append((t("action.worksheet"), action.worksheet))
    if pairs:
        blocks.append(Pairs(pairs))
    if action.claims:
        said = [words.text(c) for c in action.claims]
        blocks.append(Para(t("action.claim", text=" ".join(said)), "muted"))
    return Card(action.id, words.text(action.title), tags, "soft", blocks)


def unsettled(document: ResultDocument, words: Words) -> list[Section]:
    """Disagreements, what is fine, what could not be checked, what to ask next."""
    t = words.t
    differ: list[Block] = []
    for d in document.disagreements:
        said = [
            (t.code("by", v.by), words.value(v.value, _unit(document, d.metric)))
            for v in d.values
        ]
        blocks: list[Block] = [Pairs(said), Para(words.text(d.effect), "muted")]
        differ.append(Group(words.text(d.title), blocks))
    fine = [f"{words.text(f.title)}: {words.text(f.because)}" for f in document.fine]
    unseen = [
        [words.text(n.title), words.text(n.reason), words.text(n.supply)]
        for n in document.not_checked
    ]
    columns = [
        Column(t("col.what"), 4, strong=True), Column(t("col.reason"), 5),
        Column(t("col.supply"), 6),
    ]  # fmt: skip
    asked = [
        [words.text(q.title), words.text(q.why), f"±{q.value}"]
        for q in document.next_questions
    ]
    ask = [
        Column(t("col.question"), 6, strong=True), Column(t("col.settles"), 7),
        Column(t("col.points"), 2, "right"),
    ]  # fmt: skip
    return [
        Section("differ", t("differ.title"), differ),
        Section("fine", t("fine.title"), [Bullets(fine)] if fine else []),
        Section("unseen", t("unseen.title"),
                [Table(columns, unseen)] if unseen else []),
        Section("next", t("next.title"), [Table(ask, asked)] if asked else []),
    ]  # fmt: skip


def _unit(document: ResultDocument, metric: str | None) -> str | None:
    return next((m.unit for m in document.metrics if m.id == metric), None)
