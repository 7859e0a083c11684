"""How many companies have so much of the evidence looked at, by tenths."""

from collections.abc import Sequence

from salesdx.render.charts.svg import SMALL, WIDTH, Drawing
from salesdx.render.portfolio.words import Words

_LEFT, _TOP, _HIGH, _FOOT = 10.0, 22.0, 96.0, 24.0


def tenths_said(words: Words) -> list[str]:
    """`0–10 %` and so on."""
    return [words.span((i / 10, (i + 1) / 10)) for i in range(10)]


def draw(tenths: Sequence[int], low: float, words: Words) -> Drawing:
    """A column a tenth; those that are hardly examined are hatched."""
    width = (WIDTH - 2 * _LEFT) / len(tenths)
    names = tenths_said(words)
    said = "; ".join(
        f"{name}: {words.number(n)}" for name, n in zip(names, tenths, strict=True)
    )
    title = words.t("unknown.title")
    picture = Drawing("coverage", title, said, _TOP + _HIGH + _FOOT)
    scale, base = _HIGH / max(*tenths, 1), _TOP + _HIGH
    for i, (name, n) in enumerate(zip(names, tenths, strict=True)):
        x, high = _LEFT + i * width, n * scale
        few = (i + 1) / len(tenths) <= low + 1e-9
        if n:
            fill, stroke = ("hatch", "mute") if few else ("bar", "")
            picture.rect(x + 4, base - high, width - 8, high, fill, stroke)
        picture.text(x + width / 2, base - high - 5, words.number(n), SMALL, "middle")
        picture.text(x + width / 2, base + 16, name, SMALL, "middle", "mute")
    picture.line([(_LEFT, base), (WIDTH - _LEFT, base)], "mute", 0.8)
    return picture
