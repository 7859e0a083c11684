"""The whole way in one readable function: case folder -> Analysis.

What measures is heavy and imported where it is used: figures may be at hand already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from salesdx import document, errors
from salesdx.answers.facts import Said, settle
from salesdx.answers.figures import with_said
from salesdx.answers.log import Answer, AnswerLog
from salesdx.answers.log import load as load_answers
from salesdx.answers.relevance import active
from salesdx.answers.values import BadValue, read_value
from salesdx.case import Case, load_case, load_company
from salesdx.case.on_demand import TablesOnDemand
from salesdx.claimed_losses import claimed_losses, lost_clients
from salesdx.content import did_you_mean
from salesdx.diagnosis import Diagnosed, diagnose
from salesdx.errors import DataError, SalesdxError, UsageError, hinted
from salesdx.explanation.account import account
from salesdx.explanation.what_if import (
    Step,
    WhatIf,
    metric_fact,
    parse_address,
    what_if,
)
from salesdx.explanation.why import Why
from salesdx.explanation.why_not import WhyNot, why_not
from salesdx.explanation.wording import Wording
from salesdx.facts import COMPANY, Fact, FactBase, Measurement, slice_of
from salesdx.inference.executors import choose
from salesdx.inference.infer import Inference, infer
from salesdx.inference.program import Executor
from salesdx.inference.reference import ReferenceExecutor
from salesdx.inference.verdicts import CauseOutcome
from salesdx.interview.telling import next_questions
from salesdx.interview.unheard import unheard_notes
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.benchmarks import thresholds
from salesdx.knowledge.conditions import evaluate
from salesdx.knowledge.load import load
from salesdx.knowledge.own import own_knowledge
from salesdx.language import Text
from salesdx.losses.model import LossMap
from salesdx.measured import cache
from salesdx.measured.shapes import Shapes
from salesdx.measured.written import Content
from salesdx.meeting import protocol
from salesdx.plan import build_plan
from salesdx.plan_edits import EditFile, applied, past_actions
from salesdx.plan_edits import existing as existing_edits
from salesdx.result import BlockedAction, PastAction, PlanAction, ResultDocument

if TYPE_CHECKING:
    from salesdx.company import Company
    from salesdx.metrics.engines import Connect


class Progress(Protocol):
    """Told of every stage (`knowledge`, `metrics`, `losses`, `rules`) as it begins.

    A stage of countable steps tells how many are done, and of how many.
    """

    def __call__(self, stage: str, done: int = 0, total: int = 0, /) -> None:
        """Hear that the analysis has come so far."""


def _unheard(*_: object) -> None:
    return None


__all__ = [
    "Analysis", "Measured", "Progress", "analyse", "judge", "measured_case",
    "replanned",
]  # fmt: skip


@dataclass(frozen=True)
class Analysis:
    """A diagnosed case: the document, and what is needed to explain it."""

    case: Case
    knowledge: KnowledgeBase
    facts: FactBase
    log: AnswerLog
    figures: Sequence[Measurement]
    loss_map: LossMap
    inference: Inference
    causes: Sequence[Diagnosed]
    document: ResultDocument
    executor: Executor

    def why(self, cause: str) -> Why:
        """The bill of a cause on every slice."""
        self._known(cause)
        rows = [r for r in self.document.causes if r.id == cause]
        outcomes = [self.inference.causes[cause, slice_of(**r.slice)] for r in rows]
        accounts = [account(o, self.inference, self._wording()) for o in outcomes]
        return Why(cause=cause, rows=rows, accounts=accounts)

    def why_not(self, cause: str) -> list[WhyNot]:
        """What keeps a cause from being likely, per slice (the nearest three)."""
        self._known(cause)
        rows = [o for (i, _), o in self.inference.causes.items() if i == cause]
        rows.sort(key=lambda o: (-o.total.points, o.where))
        return [self._why_not(o) for o in rows[:3]]

    def _why_not(self, outcome: CauseOutcome) -> WhyNot:
        place = outcome.cause.id, outcome.where

        def replay(changes: Sequence[Fact]) -> CauseOutcome:
            again = self._again(self._supposing(changes), ReferenceExecutor())
            return again.causes[place]

        model = self.case.company.sales_model
        return why_not(outcome, self.inference, self._wording(), replay, model)

    def _wording(self) -> Wording:
        """Words with the names of the respondents, else their roles."""
        roles = self.knowledge.roles
        people = {
            i: Text(en=p.name, ru=p.name) if p.name else roles[p.role].title
            for i, p in self.log.respondents.items()
        }
        return Wording(self.knowledge, self.case.company.currency, people)

    def what_if(self, changes: Mapping[str, str]) -> WhatIf:
        """Replay with `name` or `name@manager:M7` set to other values."""
        supposed = [self._fact(address, text) for address, text in changes.items()]
        again = self._again(self._supposing(supposed), self.executor)
        plans = self._actions(self.inference), self._actions(again)
        return what_if(self.inference, again, supposed, self._wording(), plans)

    def _again(self, facts: FactBase, executor: Executor) -> Inference:
        """Judge other facts of the same company."""
        return infer(
            self.knowledge, facts, executor,
            sales_model=self.case.company.sales_model,
            benchmarks=self.inference.case.benchmarks,
        )  # fmt: skip

    def _actions(self, found: Inference) -> list[Step]:
        """What the plan would hold."""
        causes = diagnose(found, self.loss_map.losses)
        plan, _ = plan_of(found, causes, {}, self.loss_map)
        return [Step(id=a.id, title=a.title) for a in plan]

    def _supposing(self, supposed: Sequence[Fact]) -> FactBase:
        """All facts as if figures, answers and gaps were other, each where it is."""
        places = {(f.name, f.slice) for f in supposed}
        asked = [f for f in supposed if f.name in self.knowledge.questions]
        figures = [
            m for m in self.figures if m.period or (m.metric, m.slice) not in places
        ]
        figures += [
            Measurement(f.name, f.value, f.slice, state="ok")
            for f in supposed
            if f.origin == "metric" and isinstance(f.value, int | float)
        ]
        answers = [a for a in self.log.answers if (a.question, a.where) not in places]
        answers += [
            Answer(
                question=f.name, by=f.by, role=f.by, value=f.value, state="answered",
                confidence=f.confidence, about=f.slice, agreed=True, note="",
            )
            for f in asked
            if f.value is not None
        ]  # fmt: skip
        log = self.log.model_copy(update={"answers": tuple(answers)})
        said = hear(log, self.knowledge, figures)
        facts = gather(self.case, self.knowledge, figures, self.loss_map, said)
        return facts.with_facts(f for f in supposed if f.origin == "gap")

    def _known(self, cause: str) -> None:
        if cause not in self.knowledge.causes:
            hint = did_you_mean(cause, self.knowledge.causes)
            what = errors.Said(f"no cause {cause!r}", f"нет причины «{cause}»")
            raise UsageError(hinted(what, hint))
        if self.knowledge.is_off("causes", cause):
            raise UsageError(self._switched_off(cause))

    def _switched_off(self, cause: str) -> errors.Said:
        rows = [t for t in self.knowledge.tuned if (t.kind, t.id) == ("cause", cause)]
        last = [t for t in rows if t.change == "off"][-1]
        assert last.why is not None
        return errors.Said(
            f"cause {cause!r} is not judged: {last.layer} switched it off"
            f" ({last.why.en})",
            f"причина «{cause}» не рассматривается: её отключает {last.layer}"
            f" ({last.why.ru})",
        )

    def _fact(self, address: str, text: str) -> Fact:
        name, where = parse_address(self.knowledge, address)
        question = self.knowledge.questions.get(name)
        if question is None:
            return metric_fact(name, where, text)
        if text == "unknown":
            return Fact(name, None, where)
        given = text.split(",") if question.type == "multi" and text else text
        value = read_value(question, [] if given == "" else given)
        if isinstance(value, BadValue):
            raise UsageError(hinted(value.message, value.hint))
        return Fact(name, value, where, origin="answer", by="what-if")


@dataclass(frozen=True)
class Measured:
    """A case as measured: all that hangs on its tables and not on its answers."""

    case: Case
    knowledge: KnowledgeBase
    figures: Sequence[Measurement]
    loss_map: LossMap
    shapes: Shapes

    def said(self, log: AnswerLog) -> tuple[Said, FactBase]:
        """What answers come to, and what is known of figures and answers."""
        said = hear(log, self.knowledge, self.figures)
        return said, gather(
            self.case, self.knowledge, self.figures, self.loss_map, said
        )


def analyse(
    folder: Path,
    *,
    overlays: Sequence[Path] = (),
    executor: str = "auto",
    progress: Progress = _unheard,
    engine: Connect | None = None,
    ask_next: bool = True,
    remember: bool = False,
) -> Analysis:
    """Read a case folder, judge it and return the result; nothing is written there.

    `engine` is where the figures are computed: DuckDB unless told otherwise. An
    interview chooses its questions itself: then the result need not (`ask_next`).
    `remember` keeps figures in the user's cache, and takes them from there while
    nothing changed that they hang on; the result is the same.

    Raises:
        DataError: company.yaml, a table, the answers or plan.yaml cannot be used.
        KnowledgeError: the knowledge base or an overlay is not valid.
    """
    measured = measured_case(
        folder, overlays=overlays, progress=progress, engine=engine, remember=remember
    )
    case = measured.case
    log = load_answers(case.answers_path, measured.knowledge, case.company.respondents)
    edits = existing_edits(case.plan_path)
    progress("rules")
    return judge(measured, log, edits, executor=executor, ask_next=ask_next)


def measured_case(
    folder: Path,
    *,
    overlays: Sequence[Path] = (),
    progress: Progress = _unheard,
    engine: Connect | None = None,
    load: Callable[[Sequence[Path]], KnowledgeBase] = load,
    remember: bool = False,
) -> Measured:
    """Read the tables of a case folder and measure them: the slow half.

    `load` reads the knowledge; whoever measures many cases may read it once. With
    `remember` figures are kept for the next run, and taken from the last one where
    nothing changed (see `measured.cache`); an engine that is asked for measures anew.

    Raises:
        DataError: company.yaml or a table cannot be used.
        KnowledgeError: the knowledge base or an overlay is not valid.
    """
    progress("knowledge")
    company = load_company(folder)
    knowledge = _knowledge(folder, company, lambda own: load([*own, *overlays]))
    asked = remember and engine is None
    entry = cache.entry_of(folder, knowledge.hash) if asked else None
    known = entry.find() if entry else None
    if known is not None:
        tables = TablesOnDemand(known.tables, folder)
        case = Case(company, folder, tables, known.as_of, known.period, known.notes)
        check_benchmarks(case, knowledge)
        return Measured(case, knowledge, known.figures, known.loss_map, known.shapes)
    from salesdx.measured.measuring import measure  # with what measures: late

    case = load_case(folder)
    check_benchmarks(case, knowledge)
    figures, map_, shapes = measure(case, knowledge, progress, engine)
    if entry is not None:
        entry.keep(Content(
            tuple(case.tables), case.as_of, case.period, case.notes, figures, map_,
            shapes,
        ))  # fmt: skip
    return Measured(case, knowledge, figures, map_, shapes)


def _knowledge(
    folder: Path, company: Company, load: Callable[[Sequence[Path]], KnowledgeBase]
) -> KnowledgeBase:
    """The knowledge that a case is judged by; its own lies under what is asked for."""
    try:
        return load(own_knowledge(folder, company))
    except SalesdxError:
        load_case(folder)  # a fault of a table is told first
        raise


def judge(
    measured: Measured, log: AnswerLog, edits: EditFile, *, executor: str = "auto",
    ask_next: bool = True,
) -> Analysis:  # fmt: skip
    """Judge a measured case by what was answered, with the plan as people set it.

    No file is read.
    """
    knowledge, figures, map_ = measured.knowledge, measured.figures, measured.loss_map
    notes = (*measured.case.notes, *unheard_notes(log))
    case = replace(measured.case, notes=notes)
    said, facts = measured.said(log)
    chosen = choose(knowledge, executor)
    found = infer(
        knowledge, facts, chosen, sales_model=case.company.sales_model,
        benchmarks=thresholds(knowledge.benchmarks, case.company),
    )  # fmt: skip
    causes = diagnose(found, map_.losses)
    shown = with_said(figures, facts, knowledge, case.company.sales_model)
    whole = {m.metric: m for m in shown if not m.slice and not m.period}
    known = {m.metric: m for m in figures if not m.slice and not m.period}
    plan, blocked = plan_of(found, causes, whole, map_)
    plan, past = _as_set(plan, edits, case, knowledge)
    model = case.company.sales_model
    questions = next_questions(causes, found.case, log, model) if ask_next else []
    result = document.build(
        document.Parts(
            case, knowledge, shown, map_, measured.shapes, said, facts, found, causes,
            plan, blocked, questions,
            meeting=protocol(said.rows, map_.losses, knowledge),
            claimed=claimed_losses(knowledge, causes, facts),
            lost_clients=lost_clients(
                knowledge, facts, known, case.company.benchmarks
            ),
            past=past,
        )
    )  # fmt: skip
    return Analysis(
        case, knowledge, facts, log, figures, map_, found, causes, result, chosen
    )


def replanned(found: Analysis, edits: EditFile) -> Analysis:
    """What `judge` would have found with other edits: they decide nothing but the plan.

    `found` was judged without any.
    """
    plan, past = _as_set(found.document.plan, edits, found.case, found.knowledge)
    return replace(found, document=document.with_plan(found.document, plan, past))


def _as_set(
    plan: Sequence[PlanAction], edits: EditFile, case: Case, knowledge: KnowledgeBase
) -> tuple[list[PlanAction], list[PastAction]]:
    """The plan with what people set, and what they set of actions that left it."""
    day = case.as_of.date() if case.as_of else None
    titles = {i: r.title for i, r in knowledge.remedies.items()}
    return applied(plan, edits, day), past_actions(plan, edits, titles, day)


def plan_of(
    found: Inference, causes: Sequence[Diagnosed], figures: Mapping[str, Measurement],
    map_: LossMap,
) -> tuple[list[PlanAction], list[BlockedAction]]:  # fmt: skip
    """The plan of a diagnosis; what the company has done already is left out."""
    case = found.case
    here = case.at(COMPANY)
    done = [i for i, n in case.knowledge.in_place.items() if evaluate(n, here).state]
    return build_plan(
        case.knowledge, causes, figures, map_.losses, done, case.benchmarks
    )


def check_benchmarks(case: Case, knowledge: KnowledgeBase) -> None:
    """A misspelt threshold would change nothing, and nobody would see it."""
    known = {*knowledge.benchmarks, *knowledge.metrics}
    for name in sorted(set(case.company.benchmarks) - known):
        hint = did_you_mean(name, known)
        what = errors.Said(
            f"company.yaml: no benchmark {name!r}",
            f"company.yaml: нет ориентира «{name}»",
        )
        raise DataError(hinted(what, hint))


def hear(
    log: AnswerLog, knowledge: KnowledgeBase, figures: Sequence[Measurement]
) -> Said:
    """What the answers come to, held against the figures."""
    whole = {(m.metric, m.slice): m for m in figures if not m.period}
    return settle(log, knowledge, whole)


def gather(
    case: Case,
    knowledge: KnowledgeBase,
    figures: Sequence[Measurement],
    map_: LossMap,
    said: Said,
) -> FactBase:
    """Figures, gap states and answers as facts, without answers that do not apply."""
    measured = [
        Fact(m.metric, m.value if m.state == "ok" else None, m.slice, reason=m.reason)
        for m in figures
        if not m.period and m.metric in knowledge.metrics
    ]
    facts = FactBase.of([*measured, *map_.gaps, *said.facts])
    return active(facts, knowledge, case.company.sales_model)
