"""The visible list of all metrics: id -> function, in the order of the areas."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from salesdx.facts import Measurement
from salesdx.language import Text
from salesdx.metrics.data import Data
from salesdx.tables import need_title

Compute = Callable[[Data], Iterable[Measurement]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric (or a family computed in one pass): ids, needs and the function.

    `needs` are `table` or `table.column` names that must hold a value; when one is
    missing every id is unknown with that reason and `compute` is not called.
    """

    ids: tuple[str, ...]
    needs: tuple[str, ...]
    compute: Compute


def missing(data: Data, metric: Metric) -> tuple[str, ...]:
    """Return the needs that the data cannot meet, in their order; () if none."""
    return tuple(need for need in metric.needs if not _met(data, need))


def _met(data: Data, need: str) -> bool:
    table, _, column = need.partition(".")
    return data.has(table, *([column] if column else []))


def unknown(metric_id: str, needs: Sequence[str]) -> Measurement:
    """A figure that cannot be computed for what the data lack."""
    titles = [need_title(n) for n in needs]
    reason = Text(
        en="the data have no " + _listed([t.en for t in titles], "and"),
        ru="в данных нет: " + _listed([t.ru for t in titles], "и"),
    )
    return Measurement(metric_id, None, state="unknown", reason=reason)


def _listed(words: Sequence[str], and_: str) -> str:
    *but_last, last = dict.fromkeys(words)
    return f"{', '.join(but_last)} {and_} {last}" if but_last else last


def _uncountable(metric: str, needs: Sequence[str]) -> Measurement:
    """A figure that the tables would give, had they any row to count."""
    titles = [need_title(need.partition(".")[0]) for need in needs]
    english = _listed([t.en for t in titles], "and") if titles else "the data"
    russian = _listed([t.ru for t in titles], "и") if titles else "данные"
    reason = Text(
        en=f"there is nothing to count in {english}",
        ru=f"считать нечего, хотя таблицы есть: {russian}",
    )
    return Measurement(metric, None, state="unknown", reason=reason)


def compute(
    data: Data, metrics: Iterable[Metric], progress: Progress = lambda *_: None
) -> list[Measurement]:
    """Compute metrics; what cannot be computed is unknown with a reason, never 0.

    Of several ways to a figure, the first says what it lacks. `progress` is told how
    many of the metrics are done, and of how many.
    """
    metrics = list(metrics)
    found: list[Measurement] = []
    needed: dict[str, tuple[str, ...]] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    for done, metric in enumerate(metrics):
        progress(done, len(metrics))
        needs = missing(data, metric)
        if not needs:
            found += metric.compute(data)
        for i in metric.ids:
            needed.setdefault(i, metric.needs)
            lacking[i] = lacking.get(i) or needs
    progress(len(metrics), len(metrics))
    answered = {m.metric for m in found}
    return found + [
        unknown(i, needs) if needs else _uncountable(i, needed[i])
        for i, needs in lacking.items()
        if i not in answered
    ]
