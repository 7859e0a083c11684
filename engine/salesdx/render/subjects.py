"""What the answers say, questionnaire by questionnaire, beside the last run."""

from salesdx.compare import Comparison
from salesdx.compare.model import SubjectChange
from salesdx.compare.sections import state_word
from salesdx.render.charts.areas import Area, Legend, Parts, draw
from salesdx.render.map_pages import figure
from salesdx.render.report import Block, Column, Para, Section, Table
from salesdx.render.words import Words
from salesdx.result import ResultDocument, Subject

_DRAWN = 10  # questionnaires that an owner is shown
_MOVED = ("better", "worse", "changed")


def section(
    document: ResultDocument, words: Words, since: Comparison | None = None
) -> Section:
    """A bar a questionnaire, those with most problems first; empty without answers."""
    t = words.t
    asked = sorted((s for s in document.subjects if s.asked), key=_order)
    blocks: list[Block] = []
    if asked:
        brief = words.reader == "owner" and len(asked) > _DRAWN
        shown = asked[:_DRAWN] if brief else asked
        changes = {c.id: c for c in since.subjects} if since else {}
        then = any(_then(changes.get(s.id)) for s in asked)
        last = words.iso(since.then.as_of) if since and then else ""
        legend = Legend(
            t("areas.problem"), t("areas.in-order"), t("areas.not-known"),
            t("areas.open"), t("areas.then", day=last) if last else "",
        )  # fmt: skip
        areas = [_area(s, words, changes.get(s.id)) for s in shown]
        desc = "; ".join(f"{a.title}: {a.told}, {a.note}" for a in areas)
        drawing = draw(areas, t("areas.chart"), desc, legend)
        twin = _twin(asked, words, changes)
        blocks += [Para(t("areas.lead")), figure(drawing, t("areas.chart"), twin)]
        more = [words.text(s.title) for s in asked if s not in shown]
        if more:
            told = t("areas.more", n=str(len(more)), names="; ".join(more))
            blocks.append(Para(told, "muted"))
        quiet = [words.text(s.title) for s in document.subjects if not s.asked]
        if quiet:
            blocks.append(Para(t("areas.quiet", names="; ".join(quiet)), "muted"))
    return Section("areas", t("areas.title"), blocks)


def _order(row: Subject) -> tuple[bool, float]:
    """Judged ones first, and of them those with the largest share of problems."""
    share = len(row.problems) / row.judged if row.judged else 0.0
    return row.state != "judged", -share


def _area(row: Subject, words: Words, change: SubjectChange | None) -> Area:
    t = words.t
    firm = row.state == "judged"
    told = t(
        "areas.told" if firm else "areas.few", n=str(len(row.problems)),
        of=str(row.judged),
    )  # fmt: skip
    note = t("areas.asked", n=str(row.asked), of=str(row.questions))
    if change and change.state in _MOVED:
        note += f"; {state_word(change.state).in_(words.lang)}"
    return Area(
        words.text(row.title), _parts(row), told, note, _then(change), firm
    )  # fmt: skip


def _parts(row: Subject) -> Parts:
    return Parts(
        row.questions, len(row.problems), len(row.in_order), len(row.not_known)
    )


def _then(change: SubjectChange | None) -> Parts | None:
    """The last run's bar, where its answers meant the same."""
    if change is None or change.then is None or not change.then.asked:
        return None
    if change.state == "not_comparable":
        return None
    old = change.then
    good = old.judged - old.problems
    return Parts(old.questions, old.problems, good, old.asked - old.judged)


def _twin(
    rows: list[Subject], words: Words, changes: dict[str, SubjectChange]
) -> Table:
    t = words.t
    heads = ("problem", "in-order", "not-known", "open")
    columns = [Column(t("col.area-asked"), 6, strong=True)]
    columns += [Column(t(f"areas.{h}"), 2, "right") for h in heads]
    columns.append(Column(t("areas.last"), 3, "right"))
    cells = []
    for row in rows:
        parts, then = _parts(row), _then(changes.get(row.id))
        counts = (parts.problems, parts.in_order, parts.not_known, parts.open)
        last = "\u2014"
        if then:
            last = t(
                "areas.told", n=str(then.problems),
                of=str(then.problems + then.in_order),
            )  # fmt: skip
        cells.append([words.text(row.title), *(str(c) for c in counts), last])
    return Table(columns, cells)
