"""What a template is given: the result document, in the words of one language.

Nothing is computed here and nothing made up: what the document does not hold is empty.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from salesdx import language
from salesdx.language import Language, Text
from salesdx.render.words import Words
from salesdx.render.worksheets import plan_view
from salesdx.render.worksheets.told import (
    Action,
    Answer,
    Case,
    Cause,
    Figure,
    Finding,
    Funnel,
    Item,
    Row,
    Stage,
    offered,
)
from salesdx.result import AnswerRow, FunnelRule, Loss, MetricRow, ResultDocument

ROWS = 60  # of any list that a template goes through
_TALKED = {"confirmed": 0, "suspected": 1}
Where = tuple[tuple[str, str], ...]


class View:
    """The document as a template sees it; `names()` are what it may write."""

    def __init__(
        self, document: ResultDocument, lang: Language,
        own: Mapping[str, Text] | None = None,
    ) -> None:  # fmt: skip
        self.document, self.words = document, Words(document, lang, own=own)
        self._figures = {_place(m.id, m.slice): m for m in reversed(document.metrics)
                         if not m.period}  # fmt: skip
        # of several respondents the first one counts
        self._answers = {_place(a.question, a.about): a
                         for a in reversed(document.answers)}  # fmt: skip
        self.plan = [plan_view.told(a, self.words) for a in document.plan]
        self._lists = self._told_lists()

    def names(self, served: Sequence[str]) -> dict[str, Any]:
        """Everything a template may name; `served` are the actions of its sheet."""
        actions = [a for a in self.plan if a.id in served]
        return self._lists | {
            "action": actions[0] if actions else Action(),
            "actions": actions,
            "figure": self.figure,
            "said": self.said,
            "by": self.by,
            "names": self.values,
            "checklist": self.checklist,
            "missing_first": self.missing_first,
            "blanks": self.blanks,
            "day": self.day,
            "weekly": self.weekly,
        }

    def _told_lists(self) -> dict[str, Any]:
        document, words = self.document, self.words
        causes = [c for c in document.causes if c.verdict == "likely"]
        return {
            "case": self._case(),
            "plan": self.plan[:ROWS],
            "causes": [_cause(c, words) for c in causes[:ROWS]],
            "findings": [self._finding(x) for x in _talked(document)[:ROWS]],
            "lagging": [self._finding(x) for x in _lagging(document)[:ROWS]],
            "funnels": [self._funnel(f) for f in document.case.funnels[:ROWS]],
            "funnel": self._main_funnel(),
        }

    @offered
    def figure(self, metric: str, **where: str) -> Figure:
        """A figure of the company, or of one slice: `figure("x", manager="M7")`."""
        return self._told(self._figures.get(_place(metric, where)), metric)

    @offered
    def said(self, question: str, **about: str) -> Answer:
        """The answer that counts; `said("x", manager="M7")` where it is about one."""
        row = self._answers.get(_place(question, about))
        return _answer(row, self.words) if row else Answer(shown="")

    @offered
    def by(self, metric: str, dimension: str) -> list[Row]:
        """A figure slice by slice, as far as it is known."""
        found = [
            m for (name, where), m in self._figures.items()
            if name == metric and len(where) == 1 and where[0][0] == dimension
            and m.value is not None and m.state == "ok"
        ]  # fmt: skip
        rows = [
            Row(name=self.words.slice_name(m.slice), figure=self._told(m, metric))
            for m in found
        ]
        return sorted(rows, key=lambda r: r.name)[:ROWS]

    @offered
    def values(self, dimension: str) -> list[str]:
        """The managers, segments, products… that the data name."""
        if dimension == "stage":
            return [s.title for s in self._main_funnel().stages]
        found = {
            where[0][1] for _, where in self._figures
            if len(where) == 1 and where[0][0] == dimension
        }  # fmt: skip
        return [self.words.slice_value(dimension, v) for v in sorted(found)][:ROWS]

    @offered
    def checklist(self, lines: Sequence[Sequence[str]]) -> list[Item]:
        """Lines `(question, text)`; a third member names the good answer if it is no.

        `question=option` looks at a choice of many; of several names the first that
        somebody answered speaks.
        """
        return [self._item(*line) for line in lines]

    @offered
    def missing_first(self, lines: Sequence[Sequence[str]]) -> list[Item]:
        """The same, with what is missing first and what is there last."""
        return sorted(self.checklist(lines), key=lambda i: (i.there, not i.missing))

    @offered
    def blanks(self, wanted: float, have: float = 0) -> list[str]:
        """Empty rows to write in: as many as fill up `have` to `wanted`."""
        return [""] * min(max(0, int(wanted - have)), ROWS)

    @offered
    def day(self, offset: float) -> str:
        """The date of a day of the plan."""
        return self.words.day(int(offset)) if self.words.as_of else ""

    @offered
    def weekly(self, times: float) -> list[str]:
        """Dates a week apart, from the Monday after the case."""
        first = self.words.as_of
        if first is None:
            return self.blanks(times)
        monday = first + dt.timedelta(days=7 - first.weekday())
        days = [monday + dt.timedelta(days=7 * i) for i in range(min(int(times), ROWS))]
        return [language.date(d, self.words.lang) for d in days]

    def _told(self, row: MetricRow | None, metric: str) -> Figure:
        if row is None or row.value is None or row.state != "ok":
            title = self.words.titles.get(metric)
            return Figure(title=self.words.text(title) if title else "", shown="")
        words = self.words
        norm = row.benchmark
        return Figure(
            title=words.text(row.title), known=True, value=row.value, n=row.n,
            norm="" if norm is None else words.quantity(norm, row.unit),
            shown=words.quantity(row.value, row.unit),
        )  # fmt: skip

    def _item(self, names: str, text: str, good: str = "yes") -> Item:
        for name in names.split():
            question, _, option = name.partition("=")
            answer = self.said(question)
            if not answer.known:
                continue
            yes = answer.chosen(option) if option else answer.yes
            if not (option or answer.yes or answer.no):
                continue
            there = yes if good == "yes" else not yes
            mark = self.words.t("sheet.there" if there else "sheet.missing")
            return Item(name=text, there=there, missing=not there, mark=mark)
        return Item(name=text)

    def _case(self) -> Case:
        case, words = self.document.case, self.words
        period = case.period
        return Case(
            name=case.name, date=words.iso(case.as_of) if case.as_of else "",
            start=words.iso(period.from_) if period.from_ else "",
            end=words.iso(period.to) if period.to else "",
            b2b=case.sales_model == "b2b", b2c=case.sales_model == "b2c",
        )  # fmt: skip

    def _finding(self, loss: Loss) -> Finding:
        words, unit = self.words, loss.unit or self.words.units.get(loss.metric, "")
        return Finding(
            id=loss.id, title=words.text(loss.title), where=words.where(loss.slice),
            own=words.quantity(loss.actual, unit),
            norm=words.quantity(loss.norm, unit), n=loss.n,
            money=words.money(loss.money) if loss.money else "",
            state=words.t.code("state", loss.state),
            area=words.text(loss.area_title) if loss.area_title else "",
            personal="manager" in loss.slice,
        )  # fmt: skip

    def _main_funnel(self) -> Funnel:
        funnels = self.document.case.funnels
        if funnels:
            return self._funnel(funnels[0])
        stages = [s.stage for s in self.document.funnel if s.stage != "won"]
        return self._funnel(FunnelRule.model_validate(
            {"id": "", "stages": [{"id": s} for s in stages]}
        ))  # fmt: skip

    def _funnel(self, funnel: FunnelRule) -> Funnel:
        words = self.words
        steps = {s.stage: s for s in self.document.funnel
                 if s.funnel == funnel.id or not funnel.id}  # fmt: skip
        rates = [s.conversion for s in steps.values() if s.conversion is not None]
        found = []
        for rule in funnel.stages:
            step, point = steps.get(rule.id), rule.turning_point
            rate, days = step.conversion if step else None, rule.reference_days
            found.append(Stage(
                id=rule.id, criterion=rule.criterion or "",
                title=rule.title or words.slice_value("stage", rule.id),
                days="" if days is None else words.quantity(days, "days"),
                turning_point="" if point is None else words.value(point),
                count=words.number(step.count, 0) if step else "",
                conversion="" if rate is None else words.percent(rate),
                worst=len(rates) > 1 and rate == min(rates),
            ))  # fmt: skip
        main = next((s.title for s in found if s.id == funnel.main_stage), "")
        cycle = funnel.cycle_days
        return Funnel(
            id=funnel.id, title=funnel.title or "", entry=funnel.entry or "",
            cycle="" if cycle is None else words.quantity(cycle, "days"),
            main_stage=main, stages=tuple(found),
        )  # fmt: skip


def _place(name: str, where: dict[str, str]) -> tuple[str, Where]:
    return name, tuple(sorted(where.items()))


def _answer(row: AnswerRow, words: Words) -> Answer:
    value, known = row.value, row.state == "answered"
    flag = value if isinstance(value, bool) else None
    number = isinstance(value, int | float) and flag is None
    codes = value if isinstance(value, list | tuple) else [value]
    shown = ""
    if known and value is not None:
        shown = words.said(row.question, value)
        if number and row.unit:
            percent = row.unit == "percent"
            shown = (
                words.quantity(value / 100, "ratio")
                if percent
                else (words.quantity(value, row.unit))
            )
    return Answer(
        known=known, yes=flag is True, no=flag is False, note=row.note,
        dont_know=row.state == "dont_know",
        value=float(value) if number and known else None,
        codes=tuple(c for c in codes if isinstance(c, str)), shown=shown,
    )  # fmt: skip


def _cause(cause: Any, words: Words) -> Cause:
    return Cause(
        id=cause.id, title=words.text(cause.title), summary=words.text(cause.summary),
        verify=words.text(cause.verify), where=words.where(cause.slice),
        money=words.money(cause.money) if cause.money else "",
    )  # fmt: skip


def _talked(document: ResultDocument) -> list[Loss]:
    """Gaps that more than chance speaks for, the dearest first."""
    found = [x for x in document.losses if x.state in _TALKED]
    return sorted(found, key=lambda x: (
        _TALKED[x.state], -(x.money.expected if x.money else 0), x.id,
    ))  # fmt: skip


def _lagging(document: ResultDocument) -> list[Loss]:
    """Below average, though it may be chance (M-14), the furthest behind first."""
    found = [x for x in document.losses if x.below_average and x.state not in _TALKED]
    return sorted(found, key=lambda x: (-(x.gap_relative or 0), x.id))
