"""Every figure, by the question of an owner it answers; one of them with its passport.

A passport says what the figure means, what it was counted from, what was dropped
before, and what hangs on it (P-13, P-14).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from salesdx.analysis import Analysis
from salesdx.data_topics import topics
from salesdx.language import Language
from salesdx.render.words import Words
from salesdx.result import Break, DataQuality, Loss, MetricRow, Where
from salesdx.tables import need_title
from salesdx.workspace.findings import place_of
from salesdx.workspace.once import Told, once, told

_PERIODS = 36
_SLICES = 60  # of one dimension
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """Figures of one topic; no title: those of no topic."""

    title: str
    rows: Sequence[MetricRow]


@dataclass(frozen=True, slots=True)
class FigureList:
    """Known figures by topic, those not known, and the places to choose from."""

    groups: Sequence[Group]
    unknown: Sequence[MetricRow]
    places: Sequence[tuple[str, str]]
    count: int


def figure_list(
    found: Analysis, lang: Language, search: str = "", place: str = ""
) -> FigureList:
    """Figures of the company, or of a slice (`manager:M7`), that hold the words."""
    it = told(found, lang)
    places = once(found, ("figure-places", lang), lambda: _places(it))
    here = once(found, "figures-by-place", lambda: _by_place(it))[place or "company"]
    words = search.casefold().split()
    rows = [m for m in here if all(w in _searched(m) for w in words)]
    by_topic: dict[int, list[MetricRow]] = defaultdict(list)
    for m in rows:
        if m.state == "ok":
            by_topic[_topic(m.id)].append(m)
    groups = [Group(_asked(n, it.words), by_topic[n]) for n in sorted(by_topic)]
    unknown = [m for m in rows if m.state != "ok"]
    return FigureList(groups, unknown, places, len(rows))


@cache
def _topic(metric: str) -> int:
    """Which of the topics a figure belongs to; one past the last: to none."""
    found = topics()
    return next((n for n, t in enumerate(found) if t.has(metric)), len(found))


def _asked(topic: int, words: Words) -> str:
    found = topics()
    return words.text(found[topic].asks) if topic < len(found) else ""


def _searched(row: MetricRow) -> str:
    return f"{row.title.en}\n{row.title.ru}\n{row.id}\n{' '.join(row.ref)}".casefold()


def _by_place(it: Told) -> Mapping[str, list[MetricRow]]:
    found: dict[str, list[MetricRow]] = defaultdict(list)
    for m in it.document.metrics:
        if not m.period:
            found[place_of(m.slice)].append(m)
    return found


def _places(it: Told) -> list[tuple[str, str]]:
    where = {place_of(m.slice): m.slice for m in it.document.metrics if not m.period}
    titles = [(p, it.words.where(w)) for p, w in where.items()
              if "client" not in w and len(w) < 2]  # fmt: skip
    return sorted(titles, key=lambda t: (t[0] != "company", t[1]))


@dataclass(frozen=True, slots=True)
class Passport:
    """One figure: the whole company, its slices and periods, and where it is from."""

    id: str
    title: str
    definition: str
    row: MetricRow | None
    ref: Sequence[str]
    tables: Sequence[str]
    direction: str
    asked: str  # the question whose answer it is where no table holds it
    slices: Sequence[tuple[str, Sequence[tuple[MetricRow, Loss | None]]]]
    cut: int
    periods: Sequence[MetricRow]
    cleaning: Sequence[DataQuality]
    breaks: Sequence[Break]
    causes: Sequence[tuple[str, str]]


def passport(found: Analysis, lang: Language, metric: str) -> Passport | None:
    """The passport of a figure; None for a name that is none."""
    entry = found.knowledge.metrics.get(metric)
    if entry is None:
        return None
    it = told(found, lang)
    words = it.words
    rows = [m for m in it.document.metrics if m.id == metric]
    whole = next((m for m in rows if not m.slice and not m.period), None)
    needs = {n.partition(".")[0] for n in entry.needs}
    question = found.knowledge.questions.get(entry.question or "")
    sliced, cut = _sliced([m for m in rows if m.slice and not m.period], it, metric)
    causes = {
        c.id: words.text(c.title) for c in it.document.causes
        if any(metric in e.facts for e in c.evidence)
    }  # fmt: skip
    return Passport(
        metric, words.text(entry.title), words.text(entry.definition), whole,
        entry.ref, [words.text(need_title(n)) for n in entry.needs],
        entry.direction,
        words.text(question.title) if question else "", sliced, cut,
        sorted((m for m in rows if m.period and not m.slice), key=_grain)[-_PERIODS:],
        [q for q in it.document.data_quality if q.table in needs],
        [b for b in it.document.breaks if b.metric == metric and not b.slice],
        list(causes.items()),
    )  # fmt: skip


def _grain(row: MetricRow) -> tuple[int, str]:
    """Years before quarters before months, each in order of time."""
    part = row.period.partition("-")[2]
    return (2 if part[:1].isdigit() else 1 if part else 0), row.period


def _sliced(
    rows: Sequence[MetricRow], it: Told, metric: str
) -> tuple[list[tuple[str, list[tuple[MetricRow, Loss | None]]]], int]:
    """Slices by dimension, the largest figure first, each with its gap if compared."""
    gaps = {place_of(x.slice): x for x in it.document.losses if x.metric == metric}
    by: dict[tuple[str, ...], list[MetricRow]] = defaultdict(list)
    for m in rows:
        by[tuple(sorted(m.slice))].append(m)
    found, cut = [], 0
    for dimensions, same in sorted(by.items(), key=lambda d: (len(d[0]), d[0])):
        same.sort(key=lambda m: (m.value is None, -(m.value or 0), place_of(m.slice)))
        title = " × ".join(it.words.t.code("dim", d) for d in dimensions)
        title = title[:1].upper() + title[1:]
        cut += max(0, len(same) - _SLICES)
        pairs = [(m, gaps.get(place_of(m.slice))) for m in same[:_SLICES]]
        found.append((title, pairs))
    return found, cut


def teller(found: Analysis, words: Words) -> Callable[[MetricRow], str]:
    """Tells values of figures: a dash where there is none, yes and no of a flag."""
    flags = {m.id for m in found.knowledge.metrics.values() if m.type == "flag"}

    def shown(row: MetricRow) -> str:
        if row.value is None or row.state != "ok":
            return "—"
        if row.id in flags:
            return words.t("yes" if row.value else "no")
        return words.quantity(row.value, row.unit)

    return shown


def why_not_known(row: MetricRow, words: Words) -> str:
    """Why there is no value, or who has said it; empty for what was measured."""
    if row.state != "ok" or row.value is None:
        return words.text(row.reason) if row.reason else words.t(f"metric.{row.state}")
    return words.text(row.reason) if row.said_by and row.reason else ""


def place_title(where: Where, words: Words) -> str:
    """The place of a row without the name of its dimension."""
    return words.slice_name(where)
