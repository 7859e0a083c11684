"""How the loss is spread: what share of it the companies that lose most make up."""

from salesdx.portfolio.model import Money
from salesdx.render.charts.svg import HALF, SMALL, Drawing, text_width
from salesdx.render.portfolio.words import Words

_LEFT, _TOP, _SIDE, _HIGH = 40.0, 12.0, 270.0, 190.0
_FOOT = 42.0


def draw(money: Money, words: Words, name: str) -> Drawing:
    """The curve over the line of "all alike"; a diamond stands at the half."""
    points = [(p.companies / money.known, p.share) for p in money.curve]
    said = "; ".join(
        words.t(
            "money.curve.desc", companies=words.count("companies", p.companies),
            share=words.percent(p.share),
        )
        for p in money.curve
    )  # fmt: skip
    title = words.t("money.title")
    picture = Drawing(name, title, said, _TOP + _HIGH + _FOOT, HALF)
    _axes(picture, words)
    picture.line([_at(0, 0), _at(1, 1)], "mute", 1, "4 3")
    x, y = _at(0.62, 0.3)
    picture.label(x, y, words.t("money.curve.even"), 100, SMALL, 2, "start", "mute")
    picture.line([_at(0, 0), *(_at(*p) for p in points)], "bar", 2.2)
    if money.half:
        x, y = _at(money.half / money.known, 0.5)
        picture.line([(_LEFT, y), (x, y), (x, _TOP + _HIGH)], "ink", 0.8, "2 2")
        picture.diamond(x, y, 4.5)
        half = words.count("companies", money.half)
        label = words.t("money.curve.half", n=half)
        wide = text_width(label, SMALL)
        if x + 9 + wide <= _LEFT + _SIDE:
            picture.rect(x + 6, y - 12, wide + 4, 15, "paper")
            picture.text(x + 9, y - 1, label, SMALL, bold=True)
        else:
            picture.text(x - 9, y - 6, label, SMALL, "end", bold=True)
    return picture


def _axes(picture: Drawing, words: Words) -> None:
    base = _TOP + _HIGH
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _at(share, share)
        label = words.percent(share)
        picture.line([(_LEFT, y), (_LEFT + _SIDE, y)], "line", 0.7)
        picture.text(_LEFT - 5, y + 4, label, SMALL, "end", "mute")
        picture.text(x, base + 15, label, SMALL, "middle", "mute")
    picture.text(_LEFT + _SIDE / 2, base + 34, words.t("money.curve.x"), SMALL,
                 "middle", "mute")  # fmt: skip


def _at(companies: float, share: float) -> tuple[float, float]:
    return _LEFT + companies * _SIDE, _TOP + (1 - share) * _HIGH
