"""In how many companies each cause is likely, possible, not likely or not known."""

from collections.abc import Sequence

from salesdx.portfolio.model import STATES, Cause, State
from salesdx.render.charts.svg import SMALL, Drawing, text_width
from salesdx.render.portfolio.charts.states import FILLS, LEGEND, legend
from salesdx.render.portfolio.words import Words

_LEFT, _ROOM, _ROW, _BAR = 250.0, 300.0, 31.0, 19.0
MOST, _FEW = 14, 20


def draw(causes: Sequence[Cause], words: Words) -> Drawing:
    """A bar a cause; what is likely is named at its end, of those examined."""
    said = "; ".join(_said(c, words) for c in causes)
    height = len(causes) * _ROW + LEGEND + 6
    picture = Drawing("common", words.t("common.title"), said, height)
    scale = _ROOM / max((c.judged for c in causes), default=1)
    for i, cause in enumerate(causes):
        y = i * _ROW + 3
        title = words.cause(cause.id)
        picture.label(_LEFT - 12, y + _BAR / 2, title, _LEFT - 16, 11.5, 2, "end")
        x = _LEFT
        for state, n in zip(STATES, counts(cause), strict=True):
            x = _part(picture, words, (x, y), state, n, scale)
        end = _LEFT + _ROOM + 8
        picture.text(end, y + 13.5, of_examined(cause, words), SMALL)
    legend(picture, words, STATES)
    return picture


def counts(cause: Cause) -> list[int]:
    """Companies in each state, in the order of `STATES`."""
    return [cause.likely, cause.possible, cause.not_likely, cause.unknown]


def of_examined(cause: Cause, words: Words) -> str:
    """`54 % из 205`; of few the share would sound like more than it is."""
    if not cause.examined:
        return "\u2014"
    if cause.examined < _FEW:
        values = (words.number(n) for n in (cause.likely_examined, cause.examined))
        return words.t("key.ill.value", **dict(zip(("n", "all"), values, strict=True)))
    share, n = words.percent(cause.share), words.number(cause.examined)
    return words.t("share.of", share=share, n=n)


def _part(
    picture: Drawing, words: Words, at: tuple[float, float], state: State, n: int,
    scale: float,
) -> float:  # fmt: skip
    """One state of a bar, with its number if there is room; where the next begins."""
    (x, y), width = at, n * scale
    if not n:
        return x
    label = words.number(n)
    tip = f"{words.t(f'state.{state}')}: {label}"
    picture.rect(x, y, max(width - 1, 0.8), _BAR, *FILLS[state], tip=tip)
    wide = text_width(label, SMALL)
    if width >= wide + 8:
        if state == "possible":  # letters do not stand on stripes
            picture.rect(x + width / 2 - wide / 2 - 3, y + 3, wide + 5, 13, "paper")
        fill = "paper" if state == "likely" else "ink"
        picture.text(x + width / 2 - 0.5, y + 13.5, label, SMALL, "middle", fill)
    return x + width


def _said(cause: Cause, words: Words) -> str:
    parts = ", ".join(
        f"{words.t(f'state.{s}')} {words.number(n)}"
        for s, n in zip(STATES, counts(cause), strict=True)
    )
    return f"{words.cause(cause.id)}: {parts}"
