"""Blocks that several chapters of a portfolio make."""

from salesdx.portfolio.model import Listed, Reason
from salesdx.render.charts.svg import HALF, Drawing
from salesdx.render.portfolio.words import Words
from salesdx.render.report import Figure, Table


def figure(drawing: Drawing, caption: str, twin: Table) -> Figure:
    """A chart with its table."""
    half = drawing.width <= HALF
    return Figure(
        drawing.name, caption, drawing.desc, drawing.svg(), twin=twin, half=half
    )


def reason(one: Reason, words: Words) -> str:
    """Why a company is listed, in words with figures."""
    key, values = f"reason.{one.why}", dict[str, str]()
    if one.why == "most-money" and one.place == 1:
        key += ".first"
    if one.share is not None:
        values["share"] = words.percent(one.share)
    if one.count is not None:
        values["n"] = words.number(one.count)
    if one.factor:
        below = one.why == "below-group"
        values["times"] = words.times(1 / one.factor if below else one.factor)
    if one.causes:
        names = [words.quoted(words.cause(c)) for c in one.causes]
        rest = (one.count or 0) - len(names)
        more = words.t("more-rows", n=words.number(rest))
        values["causes"] = ", ".join(names) + (f" {more}" if rest > 0 else "")
    return words.said(key, **values)


def reasons(listed: Listed, words: Words) -> str:
    """All reasons in one line."""
    said = "; ".join(reason(r, words) for r in listed.reasons)
    return f"{said[:1].upper()}{said[1:]}"
