"""Breaks and changes in sentences: what moved, what to rule out, what explains it."""

from salesdx.render.words import Words
from salesdx.result import Break, BreakBy, Change, ResultDocument

_MONTHLY = {"deals.entries", "revenue.won"}


def break_lines(document: ResultDocument, words: Words) -> list[str]:
    """One paragraph a break, the large ones first."""
    found = sorted(document.breaks, key=lambda b: b.severity != "warning")
    return [_break(b, words) for b in found]


def _break(found: Break, words: Words) -> str:
    said = [_monthly(found, words) if found.metric in _MONTHLY else _rate(found, words)]
    if found.seasonal:
        said.append(words.t("break.seasonal"))
    if found.counting is not None:
        said.append(words.text(found.counting))
    said += [_by(by, words) for by in found.by[:2]]
    if not found.by and found.alike:
        names = ", ".join(words.t.code("dims", d) for d in found.alike)
        said.append(words.t("break.alike", by=names))
    return " ".join(said)


def _rate(found: Break, words: Words) -> str:
    sales = found.metric.startswith("conversion")
    return words.t(
        "break.line" if sales else "break.replies",
        title=words.title(found.metric),
        where=words.where(found.slice),
        at=words.iso(found.at),
        factor=words.number(found.factor),
        times=words.times(found.factor),
        turn=words.t("break.fall" if found.after < found.before else "break.rise"),
        wins1=words.number(found.before_counts[0], 0),
        wins2=words.number(found.after_counts[0], 0),
        before=words.quantity(found.before, "ratio"),
        after=words.quantity(found.after, "ratio"),
        n1=words.number(found.before_counts[1], 0),
        n2=words.number(found.after_counts[1], 0),
    )


def _monthly(found: Break, words: Words) -> str:
    def told(value: float) -> str:
        return words.short(value) if found.unit == "money" else words.number(value, 0)

    return words.t(
        "break.monthly",
        title=words.title(found.metric),
        at=words.iso(found.at),
        turn=words.t("break.less" if found.after < found.before else "break.more"),
        before=told(found.before),
        after=told(found.after),
        times=words.times(found.factor),
    )


def _by(by: BreakBy, words: Words) -> str:
    values = ", ".join(
        f"{words.slice_value(by.dimension, v.value)} ({words.percent(v.share, 0)})"
        for v in by.values
    )
    return words.t(
        f"break.by-{by.because}",
        dimension=words.t.code("dims", by.dimension),
        values=values,
        rate=words.points(by.rate),
        mix=words.points(by.mix),
    )


def change_lines(document: ResultDocument, words: Words) -> list[str]:
    """Certain changes; where rates and mix pull apart, that is said first."""
    return [_change(c, words) for c in document.changes if c.certain]


def _change(change: Change, words: Words) -> str:
    of = [_span(x, words) for x in (change.before_of, change.after_of)]
    said = words.t(
        f"change.{change.kind}",
        one=of[0],
        two=of[1],
        before=words.percent(change.before),
        after=words.percent(change.after),
        rate=words.points(change.rate),
        mix=words.points(change.mix),
        by=", ".join(words.t.code("dims", d) for d in change.cells),
    )
    if change.rate * change.mix < 0 and (change.rate + change.mix) * change.rate < 0:
        said += " " + words.t("change.turned")
    return said


def _span(value: str, words: Words) -> str:
    first, _, last = value.partition("/")
    if not last:
        return value
    return f"{words.period(first)} – {words.period(last)}"
