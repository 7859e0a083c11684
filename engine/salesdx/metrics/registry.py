"""The visible list of all metrics: id -> function, in the order of the areas."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from salesdx.facts import Measurement
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.tables import need_title

Compute = Callable[[Data], Iterable[Measurement]]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric (or a family computed in one pass): ids, needs and the function.

    `needs` are `table` or `table.column` names that must hold a value; when one is
    missing every id is unknown with that reason and `compute` is not called.
    """

    ids: tuple[str, ...]
    needs: tuple[str, ...]
    compute: Compute


def missing(data: Data, metric: Metric) -> str | None:
    """Return the first need that the data cannot meet, or None."""
    for need in metric.needs:
        table, _, column = need.partition(".")
        if not data.has(table, *([column] if column else [])):
            return need
    return None


def unknown(metric_id: str, need: str) -> Measurement:
    """A figure that cannot be computed, with the reason."""
    titles = [need_title(n) for n in need.split(" + ")]
    reason = Text(
        en="the data have no " + " and ".join(t.en for t in titles),
        ru="в данных нет: " + " и ".join(t.ru for t in titles),
    )
    return Measurement(metric_id, None, state="unknown", reason=reason)


def compute(data: Data, metrics: Iterable[Metric]) -> list[Measurement]:
    """Compute metrics; what cannot be computed is unknown with a reason, never 0."""
    metrics = list(metrics)
    found: list[Measurement] = []
    lacking: dict[str, str] = {}
    for metric in metrics:
        need = missing(data, metric)
        if need is None:
            found += metric.compute(data)
        for (
            i
        ) in metric.ids:  # of several ways to a figure, the first says what it lacks
            lacking.setdefault(i, need or " + ".join(metric.needs))
    answered = {m.metric for m in found}
    unanswered = (i for m in metrics for i in m.ids if i not in answered)
    return found + [unknown(i, lacking[i]) for i in dict.fromkeys(unanswered)]
