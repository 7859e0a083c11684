"""A stored case, read once and judged under any version of the knowledge.

Figures depend on the tables, on the thresholds that the metrics and the loss map ask
for, and on how metrics are declared. Which thresholds were asked for is noted while
figures are computed, so they are computed again when one of those differs, and only
then: what is kept is what computing would give.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from salesdx.analysis import (
    check_benchmarks,
    gather,
    hear,
    plan_of,
)
from salesdx.answers.log import AnswerLog
from salesdx.answers.log import load as load_answers
from salesdx.case import COMPANY_FILE, load_case
from salesdx.diagnosis import Diagnosed, diagnose
from salesdx.errors import SalesdxError
from salesdx.facts import COMPANY, FactBase, Measurement, Slice
from salesdx.inference.infer import Inference, infer
from salesdx.inference.reference import ReferenceExecutor
from salesdx.interview.telling import telling
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.benchmarks import thresholds
from salesdx.knowledge.own import own_knowledge
from salesdx.losses.model import LossMap
from salesdx.measured.measuring import figures_of, settings_of
from salesdx.metrics.data import Data
from salesdx.metrics.engines import Connect
from salesdx.result import PlanAction
from salesdx.summary import coverage, summarise
from salesdx.workbench.meanings import BEARINGS, meaning

_DECLARED = [k for k, bearing in BEARINGS["metrics"].items() if bearing == "verdict"]


def case_folders(folder: Path) -> list[Path]:
    """Every folder with a company.yaml, at any depth; the folder itself may be one."""
    found = [p.parent for p in folder.rglob(COMPANY_FILE)]
    return sorted(
        (p for p in found if not any(x.startswith(".") for x in _inside(p, folder))),
        key=lambda p: _inside(p, folder),
    )


def case_name(case: Path, folder: Path) -> str:
    """A case by its way from the folder of all cases."""
    return "/".join(_inside(case, folder)) or folder.resolve().name


def _inside(path: Path, folder: Path) -> tuple[str, ...]:
    return path.relative_to(folder).parts


class Noted(Mapping[str, float]):
    """Thresholds by name, with a note of each that was asked for."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = values
        self.asked: dict[str, float | None] = {}

    def __getitem__(self, name: str) -> float:
        self.asked[name] = self._values.get(name)
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        self.asked[str(name)] = self._values.get(str(name))
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        for name in self._values:
            self.asked[name] = self._values[name]
            yield name

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the tables give, and what it depends on."""

    measured: Sequence[Measurement]
    loss_map: LossMap
    asked: Mapping[str, float | None]
    declared: Mapping[str, tuple[Any, ...]]

    def fit(
        self, settings: Mapping[str, float], declared: Mapping[str, tuple[Any, ...]]
    ) -> bool:
        """Whether the same tables would give the same under other thresholds."""
        if any(settings.get(name) != value for name, value in self.asked.items()):
            return False
        shown = {x.metric for x in self.loss_map.losses}
        return all(
            self.declared.get(name) == declared.get(name)
            for name in {*self.declared, *declared}
            if name in shown or _compared(name, self.declared, declared)
        )


def _compared(name: str, *sides: Mapping[str, tuple[Any, ...]]) -> bool:
    """Whether the loss map compares slices on a metric, on any side."""
    place = _DECLARED.index("loss")
    return any(name in side and side[name][place] for side in sides)


@dataclass(frozen=True, slots=True)
class Known:
    """Everything the rules can read of a case under one version."""

    knowledge: KnowledgeBase
    figures: Figures
    log: AnswerLog
    facts: FactBase


class StoredCase:
    """One case: its tables are read when it is made.

    `added` are questions that only NEW asks: under other versions their answers are not
    heard, as if nobody had been asked.

    Raises:
        SalesdxError: company.yaml or a table cannot be used.
    """

    def __init__(
        self,
        folder: Path,
        engine: Connect | None = None,
        added: Set[str] = frozenset(),
    ) -> None:
        self.folder = folder
        self.added = added
        self.case = load_case(folder)
        self._engine = engine
        self._figures: list[Figures] = []

    @property
    def own(self) -> tuple[Path, ...]:
        """The knowledge it brings along: over either version."""
        return tuple(own_knowledge(self.folder, self.case.company))

    @property
    def model(self) -> str | None:
        """To whom the company sells."""
        return self.case.company.sales_model

    def known(self, knowledge: KnowledgeBase) -> Known:
        """Figures and answers as a version takes them.

        Raises:
            SalesdxError: an answer or an own threshold has no place in the version.
        """
        check_benchmarks(self.case, knowledge)
        people = self.case.company.respondents
        log = load_answers(self.case.answers_path, knowledge, people, self.added)
        figures = self._measured(knowledge)
        said = hear(log, knowledge, figures.measured)
        facts = gather(
            self.case, knowledge, figures.measured, figures.loss_map, said
        )  # fmt: skip
        return Known(knowledge, figures, log, facts)

    def _measured(self, knowledge: KnowledgeBase) -> Figures:
        settings = settings_of(self.case, knowledge)
        declared = {
            name: tuple(map(meaning("metrics", name, knowledge).get, _DECLARED))
            for name in knowledge.metrics
        }
        for figures in self._figures:
            if figures.fit(settings, declared):
                return figures
        noted = Noted(settings)
        case = self.case
        data = Data(case.sources, case.company, case.as_of, noted, self._engine)
        found = Figures(*figures_of(data, knowledge), noted.asked, declared)
        self._figures.append(found)
        return found

    def infer(self, knowledge: KnowledgeBase, facts: FactBase) -> Inference:
        """Judge facts by a version, or by a part of one."""
        marks = thresholds(knowledge.benchmarks, self.case.company)
        return infer(
            knowledge, facts, ReferenceExecutor(), sales_model=self.model,
            benchmarks=marks,
        )  # fmt: skip

    def judged(self, known: Known) -> "Judged":
        """The whole diagnosis under a version."""
        return Judged(self, known, self.infer(known.knowledge, known.facts))


@dataclass(frozen=True)
class Judged:
    """A case under one version: verdicts, and what the client would be given."""

    stored: StoredCase
    known: Known
    found: Inference

    @property
    def knowledge(self) -> KnowledgeBase:
        """The version."""
        return self.known.knowledge

    @cached_property
    def causes(self) -> list[Diagnosed]:
        """The ranked list."""
        return diagnose(self.found, self.known.figures.loss_map.losses)

    @cached_property
    def plan(self) -> list[PlanAction]:
        """The actions, in order."""
        map_ = self.known.figures.loss_map
        whole = {
            m.metric: m
            for m in self.known.figures.measured
            if not m.slice and not m.period
        }
        return plan_of(self.found, self.causes, whole, map_)[0]

    @cached_property
    def top(self) -> list[str]:
        """The causes on page one."""
        map_, share = (
            self.known.figures.loss_map,
            coverage(self.found, self.known.facts),
        )
        told = summarise(self.causes, map_.losses, map_.total, share, self.plan)
        return told.top_causes

    @cached_property
    def open_questions(self) -> set[str]:
        """Unanswered questions that could still move a verdict."""
        case, log = self.found.case, self.known.log
        return set(telling(self.causes, case, log, self.stored.model))

    @cached_property
    def figures(self) -> dict[tuple[str, Slice], float | None]:
        """Figures of the whole period, by name and slice."""
        return {
            (m.metric, m.slice): m.value if m.state == "ok" else None
            for m in self.known.figures.measured
            if not m.period
        }

    def threshold(self, name: str) -> float | None:
        """The value of a threshold for this company; None where it has none."""
        if name not in self.knowledge.benchmarks:
            return None
        return self.found.case.at(COMPANY).benchmark(name)


Attempt = StoredCase | SalesdxError


def stored(folder: Path) -> Attempt:
    """A case, or what is wrong with it."""
    try:
        return StoredCase(folder)
    except SalesdxError as error:
        return error
