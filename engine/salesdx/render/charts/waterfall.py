"""The money by slice, adding up to the total that is counted once."""

from salesdx.render.charts.svg import WIDTH, Drawing
from salesdx.render.words import Words
from salesdx.result import TotalLoss

_LEFT, _ROOM, _ROW = 210, 330, 30
Step = tuple[str, float]


def draw(steps: list[Step], rest: float, total: TotalLoss, words: Words) -> Drawing:
    """Steps to the right; `rest` closes the gap to the total, of either sign."""
    t = words.t
    rows = list(steps)
    if abs(rest) > 0.005 * max(total.expected, 1):
        rows.append((t("waterfall.overlap" if rest < 0 else "waterfall.rest"), rest))
    said = "; ".join(f"{label}: {words.short(v)}" for label, v in rows)
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
        fill = "hatch" if value < 0 else "warn"
        picture.rect(_LEFT + low * scale, y, max((high - low) * scale, 1.5), 20, fill)
        at += value
        x = _LEFT + at * scale
        picture.line([(x, y + 20), (x, y + _ROW)], "line")
        picture.text(_LEFT + high * scale + 8, y + 14.5, words.short(value), 11.5)
    y = len(rows) * _ROW + 4
    picture.text(_LEFT - 12, y + 15, t("waterfall.total"), 12, "end", bold=True)
    picture.rect(_LEFT, y, max(total.expected * scale, 1.5), 22, "ink")
    low, high = _LEFT + total.low * scale, _LEFT + total.high * scale
    picture.line([(low, y + 26), (high, y + 26)], "ink")
    for x in (low, high):
        picture.line([(x, y + 23), (x, y + 29)], "ink")
    x = min(max(high, _LEFT + total.expected * scale) + 8, WIDTH - 120)
    picture.text(x, y + 16, words.short(total.expected), 12, bold=True)
    return picture
