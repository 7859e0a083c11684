"""The money by slice, adding up to the total that is counted once."""

import math

from salesdx.render.charts.svg import WIDTH, Drawing
from salesdx.render.words import Words
from salesdx.result import TotalLoss

_LEFT, _ROOM, _ROW = 210, 330, 30
Step = tuple[str, float]


def draw(steps: list[Step], rest: float, total: TotalLoss, words: Words) -> Drawing:
    """Steps to the right; `rest` closes the gap to the total, of either sign."""
    t, rows = words.t, with_rest(steps, rest, total, words)
    finer = digits([value for _, value in rows], total.expected)
    said = "; ".join(f"{label}: {words.short(v, finer)}" for label, v in rows)
    said += f"; {t('waterfall.total')}: {words.money(total)}"
    picture = Drawing(
        "waterfall", t("waterfall.title"), said, (len(rows) + 1) * _ROW + 8
    )
    reach, at = total.high, 0.0
    for _, value in rows:
        at += value
        reach = max(reach, at)
    scale, at = _ROOM / max(reach, 1.0), 0.0
    for i, (label, value) in enumerate(rows):
        y, low, high = i * _ROW + 4, min(at, at + value), max(at, at + value)
        picture.label(_LEFT - 12, y + 10, label, _LEFT - 18, 11.5, 2, "end")
        fill, stroke = ("hatch", "mute") if value < 0 else ("warn", "")
        picture.rect(_LEFT + low * scale, y, max((high - low) * scale, 1.5), 20, fill,
                     stroke)  # fmt: skip
        at += value
        x = _LEFT + at * scale
        picture.line([(x, y + 20), (x, y + _ROW)], "mute", 0.8)
        money = words.short(value, finer).replace("-", "\u2212")
        picture.text(_LEFT + high * scale + 8, y + 14.5, money, 11.5)
    _total(picture, total, words.short(total.expected, finer), words,
           (len(rows) * _ROW + 4.0, scale))  # fmt: skip
    return picture


def with_rest(
    steps: list[Step], rest: float, total: TotalLoss, words: Words
) -> list[Step]:
    """The steps and what closes the gap, if it is worth a bar."""
    if abs(rest) <= 0.005 * max(total.expected, 1):
        return steps
    name = words.t("waterfall.overlap" if rest < 0 else "waterfall.rest")
    return [*steps, (name, rest)]


def digits(values: list[float], total: float) -> int:
    """One digit more where the rounded parts would not add up to the rounded sum."""
    gap = sum(map(_rounded, values)) - _rounded(total)
    return 0 if abs(gap) < 1e-6 * max(abs(total), 1.0) else 1


def _rounded(value: float) -> float:
    """As it is printed: whole thousands, tenths of millions and above."""
    unit = math.pow(1000, int(math.log(max(abs(value), 1.0), 1000) + 1e-9))
    return round(value / unit, 1 if unit > 1000 else 0) * unit


def _total(
    picture: Drawing, total: TotalLoss, money: str, words: Words,
    place: tuple[float, float],
) -> None:  # fmt: skip
    """The bar of the sum with its range; the figure stands where nothing else is."""
    y, scale = place
    picture.text(_LEFT - 12, y + 15, words.t("waterfall.total"), 12, "end", bold=True)
    end = _LEFT + total.expected * scale
    picture.rect(_LEFT, y, max(end - _LEFT, 1.5), 20, "ink")
    low, high = _LEFT + total.low * scale, _LEFT + total.high * scale
    picture.line([(low, y + 25), (high, y + 25)], "ink")
    for x in (low, high):
        picture.line([(x, y + 22), (x, y + 28)], "ink")
    picture.text(min(end + 8, WIDTH - 120), y + 15, money, 12, bold=True)
