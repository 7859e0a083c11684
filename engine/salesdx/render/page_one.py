"""Page one: the answer by itself, or what would be enough to give one."""

from collections import Counter

from salesdx.render import no_loss
from salesdx.render.key_figures import keys
from salesdx.render.report import Item, PageOne
from salesdx.render.words import Words
from salesdx.result import CauseRow, Kpi, PlanAction, ResultDocument

_MOST = 3


def page_one(document: ResultDocument, words: Words) -> PageOne:
    """Verdict, loss with range, coverage, three findings, three first actions."""
    t, summary = words.t, document.summary
    top = top_causes(document)
    likely = any(c.verdict == "likely" for c in top)
    clean, early = (summary.state == s for s in ("no_loss_found", "not_enough_data"))
    enough = _enough(document, words) if clean or early or not top else []
    findings_title = t("one.findings" if likely else "one.suspects")
    findings = [_finding(c, words) for c in top]
    actions_title = t("one.actions")
    actions = [_action(a, words) for a in first_actions(document)]
    if clean and not findings:
        findings_title, findings = t("one.sound"), no_loss.sound(document, words)
    if clean and not actions:
        actions_title, actions = t("one.keep"), no_loss.keep(words)
    elif early and not actions:
        actions_title, actions = t("one.hinders"), _hinders(document, words)
    return PageOne(
        verdict=words.text(summary.verdict),
        keys=keys(document, words),
        findings_title=findings_title,
        findings=findings,
        actions_title=actions_title,
        actions=actions,
        enough_title=t("one.unseen" if clean else "one.enough"),
        enough=enough,
        foot=_foot(document, top, words),
    )


def top_causes(document: ResultDocument) -> list[CauseRow]:
    """The first three causes that the summary names, one row each."""
    found = []
    for wanted in dict.fromkeys(document.summary.top_causes):
        row = next((c for c in document.causes if c.id == wanted), None)
        found += [row] if row else []
    return found[:_MOST]


def first_actions(document: ResultDocument) -> list[PlanAction]:
    """The first three actions that the summary names."""
    left = {a.id: a for a in document.plan if state_of(a) not in ("done", "dropped")}
    return [left[i] for i in document.summary.first_actions if i in left][:_MOST]


def state_of(action: PlanAction) -> str:
    """What people noted of it; `open` where nobody noted anything."""
    return action.edit.state if action.edit else "open"


def _foot(document: ResultDocument, top: list[CauseRow], words: Words) -> str:
    """How to read the range and the verdicts, in words that need no statistics."""
    t = words.t
    told = [t("one.foot" if document.summary.loss else "one.foot.no-loss")]
    if any(c.verdict in ("likely", "possible") for c in top):
        told.append(t("one.foot.verdicts"))
    if document.summary.loss and any(c.money for c in top):
        told.append(t("one.foot.overlap"))
    return " ".join(told)


def _hinders(document: ResultDocument, words: Words) -> list[Item]:
    """What in the data themselves stands in the way of an answer."""
    faults = [q for q in document.data_quality if q.severity != "info"]
    faults.sort(key=lambda q: q.severity != "error")
    return [
        Item(words.text(q.title), words.t(f"severity.{q.severity}"),
             words.text(q.effect))
        for q in faults[:_MOST]
    ]  # fmt: skip


def _finding(cause: CauseRow, words: Words) -> Item:
    t = words.t
    meta = [t(f"verdict.{cause.verdict}")]
    if cause.slice:
        meta.append(words.where(cause.slice))
    if cause.money:
        meta.append(words.money(cause.money))
    elif cause.verdict == "likely":
        meta.append(t(f"one.no-sum.{no_sum(cause)}"))
    return Item(
        words.text(cause.title), " · ".join(meta), words.text(cause.summary), cause.id
    )


def _action(action: PlanAction, words: Words) -> Item:
    t = words.t
    last = words.day(action.start_day + action.days, "day.until")
    day = due(action, words) or last
    late = state_of(action) == "overdue"
    meta = [
        doer(action, words),
        t("action.overdue" if late else "action.until", day=day),
    ]
    text = kpi_line(action.kpi, words) if action.kpi else ""
    if not text and action.steps:
        text = t("plan.step", step=words.text(action.steps[0]))
    return Item(words.text(action.title), " · ".join(meta), text, action.id)


def no_sum(cause: CauseRow) -> str:
    """Which text says why a cause has no money: a miscount costs none by itself."""
    return "data" if cause.kind == "data" else "unproven"


def doer(action: PlanAction, words: Words) -> str:
    """Who does it: the person that was named, else the role."""
    named = action.edit.owner if action.edit else ""
    return named or words.text(action.owner_title)


def due(action: PlanAction, words: Words) -> str:
    """The day that was agreed, in words; nothing where none was."""
    agreed = action.edit.due if action.edit else None
    return words.iso(agreed) if agreed else ""


def kpi_line(kpi: Kpi, words: Words) -> str:
    """`Lost requests: 21 % -> at most 3 %`; what is not measured or agreed is said."""
    t, title = words.t, words.text(kpi.title)
    now, target = (
        None if v is None else words.quantity(v, kpi.unit)
        for v in (kpi.now, kpi.target)
    )  # fmt: skip
    if target is not None and now == target:
        return t("action.kpi.held", title=title, target=target)
    if target is not None and kpi.now is not None and kpi.target is not None:
        way = "at-most" if kpi.now > kpi.target else "at-least"
        target = t(f"kpi.{way}", value=target)
    return t(
        "action.kpi.line", title=title, now=now or t("kpi.unmeasured"),
        target=target or t("kpi.open"),
    )  # fmt: skip


def supplies(document: ResultDocument, words: Words) -> list[tuple[str, int]]:
    """What could be loaded, and how many figures it opens: those of most first."""
    opens = Counter(words.text(n.supply) for n in document.not_checked)
    return sorted(opens.items(), key=lambda x: (-x[1], x[0]))


def _enough(document: ResultDocument, words: Words) -> list[str]:
    """What would be enough: the data that open most first, then the best questions."""
    t = words.t
    least = []
    if document.summary.state == "not_enough_data":
        least = [t("one.enough.least")]
    supply = [
        t("one.enough.data", what=what.rstrip("."), n=t.count("n.figures", n))
        for what, n in supplies(document, words)
    ]
    asked = [
        t("one.enough.question", title=words.text(q.title))
        for q in document.next_questions
    ]
    return list(dict.fromkeys([*least, *supply[:4], *asked[:3]]))
