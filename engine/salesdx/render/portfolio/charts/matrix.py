"""Companies by causes, all at once: a mark a state."""

import math

from salesdx.portfolio.model import STATES, Matrix, State
from salesdx.render.charts.svg import SMALL, WIDTH, Drawing, fit, text_width
from salesdx.render.portfolio.charts.states import FILLS, LEGEND, legend
from salesdx.render.portfolio.words import Words, cut

_LEFT, _ROW, _LONGEST = 176.0, 25.0, 165.0
_TURN = math.radians(-45)
_WIDEST = 48.0


def draw(matrix: Matrix, words: Words) -> Drawing:
    """A filled cell with a triangle is likely, a hatched one possible."""
    titles = [words.cause(c) for c in matrix.causes]
    long = min(max(text_width(t, SMALL) for t in titles), _LONGEST)
    head = long * math.sin(-_TURN) + 18
    lean = long * math.cos(_TURN)
    width = min((WIDTH - _LEFT - lean) / max(len(titles) - 0.5, 1), _WIDEST)
    said = "; ".join(
        words.t("matrix.desc", company=cut(row.name or row.id), causes=causes)
        for row in matrix.rows
        if (causes := ", ".join(
            t for t, s in zip(titles, row.states, strict=True) if s == "likely"
        ))
    )  # fmt: skip
    height = head + len(matrix.rows) * _ROW + LEGEND + 4
    picture = Drawing("matrix", words.t("matrix.title"), said or "\u2014", height)
    for j, title in enumerate(titles):
        x = _LEFT + (j + 0.45) * width
        picture.slanted(x, head - 7, fit(title, long + 4, SMALL), SMALL,
                        math.degrees(_TURN))  # fmt: skip
    for i, row in enumerate(matrix.rows):
        y = head + i * _ROW
        name = cut(row.name or row.id)
        picture.label(_LEFT - 8, y + _ROW / 2, name, _LEFT - 12, SMALL, 1, "end")
        for j, state in enumerate(row.states):
            box = (_LEFT + j * width + 1.5, y + 1.5, width - 3, _ROW - 3)
            _cell(picture, state, words, box)
    legend(picture, words, STATES)
    return picture


def _cell(
    picture: Drawing, state: State | None, words: Words,
    box: tuple[float, float, float, float],
) -> None:  # fmt: skip
    x, y, width, height = box
    middle, base = x + width / 2, y + height / 2
    if state is None:
        picture.text(middle, base + 4, "·", 12, "middle", "mute")
        return
    picture.rect(*box, *FILLS[state], tip=words.t(f"state.{state}"))
    if state == "likely":
        picture.shape(f"M{middle:.1f} {base - 4:.1f}l4.5 8h-9z", "paper")
