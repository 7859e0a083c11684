"""Measure a case: all figures, the loss map, and the shapes that charts need."""

from collections.abc import Callable
from functools import partial

from salesdx.case import Case
from salesdx.facts import Measurement
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.benchmarks import thresholds
from salesdx.losses.figures import loss_figures
from salesdx.losses.loss_map import loss_map
from salesdx.losses.model import LossMap
from salesdx.measured.shapes import Shapes
from salesdx.metrics import METRICS
from salesdx.metrics.data import Data
from salesdx.metrics.deals.cohort_curves import cohort_curves
from salesdx.metrics.deals.cohorts import cohort_rows
from salesdx.metrics.deals.funnel import funnel_steps
from salesdx.metrics.engines import Connect
from salesdx.metrics.registry import compute
from salesdx.metrics.trends.breaks import breaks
from salesdx.metrics.trends.changes import changes

Progress = Callable[..., None]


def _unheard(*_: object) -> None:
    return None


def measure(
    case: Case,
    knowledge: KnowledgeBase,
    progress: Progress = _unheard,
    engine: Connect | None = None,
) -> tuple[list[Measurement], LossMap, Shapes]:
    """All figures of a case, its loss map, and the shapes that charts need."""
    settings = settings_of(case, knowledge)
    data = Data(case.sources, case.company, case.as_of, settings, engine)
    figures, map_ = figures_of(data, knowledge, progress)
    return figures, map_, shapes(data)


def settings_of(case: Case, knowledge: KnowledgeBase) -> dict[str, float]:
    """The thresholds that have a value for the company, by name."""
    marks = thresholds(knowledge.benchmarks, case.company)
    return {i: v for i, v in marks.items() if v is not None}


def figures_of(
    data: Data, knowledge: KnowledgeBase, progress: Progress = _unheard
) -> tuple[list[Measurement], LossMap]:
    """All figures of the tables, those of the loss map among them, and the map."""
    figures = compute(data, METRICS, partial(progress, "metrics"))
    progress("losses")
    map_ = loss_map(data, figures, data.settings, knowledge.metrics, knowledge.areas)
    figures += loss_figures(map_)
    return figures, map_


def shapes(data: Data) -> Shapes:
    """Funnel, cohorts, breaks and changes; empty where the data cannot give them."""
    return Shapes(
        funnel_steps(data), cohort_rows(data), cohort_curves(data), breaks(data),
        changes(data),
    )  # fmt: skip
