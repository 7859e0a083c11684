"""The figures of a comparison as a drawing: then and now, each with its interval."""

from collections.abc import Sequence

from salesdx.compare.model import MetricChange
from salesdx.compare.sections import state_word
from salesdx.language import quantity
from salesdx.render.charts.svg import Drawing
from salesdx.render.charts.then_and_now import Legend, Moved, Pair, draw
from salesdx.render.words import Words


def drawing(
    rows: Sequence[MetricChange], words: Words, title: str, legend: Legend, within: str
) -> Drawing | None:
    """None where there is no row; `within` is the word for a change within chance."""
    pairs = [_pair(m, words, within) for m in rows]
    return draw(pairs, title, legend) if pairs else None


def _pair(row: MetricChange, words: Words, within: str) -> Pair:
    assert row.then is not None and row.now is not None
    then, now = row.then.value, row.now.value
    assert then is not None and now is not None
    moved: Moved = row.state if row.state in ("better", "worse") else "other"
    told = " → ".join(
        quantity(v, row.unit, words.lang, words.currency) for v in (then, now)
    )
    word = state_word(row.state).in_(words.lang)
    return Pair(
        words.text(row.title), then, now, row.then.interval, row.now.interval, moved,
        told, within if row.state == "unchanged" and then != now else word,
    )  # fmt: skip
