"""The bill of a cause: what speaks for it and against it, with values and sources."""

from salesdx.render.report import Block, Bullets, Para, Point, Points
from salesdx.render.words import Words
from salesdx.result import CauseRow, Evidence, FactValue

_FACTS = 4  # named; the others are counted


def bill(cause: CauseRow, side: str, words: Words, weights: bool) -> list[Block]:
    """The lines of one side; those that a stronger one overshadows stand apart."""
    lines = [e for e in cause.evidence if e.direction == side]
    told = [e for e in lines if _counts(e)] or lines
    if not told:
        return [Para(words.t(f"card.{side}.none"))]
    if weights:
        return [Points([_point(e, words) for e in told])]
    return [Bullets(list(dict.fromkeys(_said(e, words) for e in told)))]


def overshadowed(cause: CauseRow, words: Words) -> list[str]:
    """What says the same as a stronger line and was not counted: one sentence."""
    lines: dict[str, None] = {}
    for side in ("for", "against"):
        rows = [e for e in cause.evidence if e.direction == side]
        if any(_counts(e) for e in rows):  # else they stand in the bill
            quiet = (_because(e, words) for e in rows if not _counts(e))
            lines |= dict.fromkeys(text.rstrip(".") for text in quiet)
    return [words.t("card.overshadowed", lines="; ".join(lines))] if lines else []


def signed(points: int) -> str:
    """`+40`, `−10`, `0`."""
    return f"+{points}" if points > 0 else f"−{-points}" if points < 0 else "0"


def _counts(line: Evidence) -> bool:
    return bool(line.counted) or not line.points


def _said(line: Evidence, words: Words) -> str:
    """The reason and who says so, without weights."""
    asked = {f.by or "data" for f in line.facts.values()}
    by = ", ".join(words.by(b) for b in sorted(asked))
    text = _because(line, words)
    return words.t("card.said", text=text.removesuffix("."), by=by) if by else text


def _because(line: Evidence, words: Words) -> str:
    """The reason in words; a question that stands for it gets its answer."""
    text = words.text(line.because)
    if text.endswith("?") and len(line.facts) == 1:
        ((name, fact),) = line.facts.items()
        answer = _value(name, fact, words)
        return words.t("card.answered", question=text, answer=answer)
    return text


def _value(name: str, fact: FactValue, words: Words) -> str:
    if fact.shown is not None:
        return words.text(fact.shown)
    return words.said(name, fact.value, fact.unit)


def _point(line: Evidence, words: Words) -> Point:
    t = words.t
    mark = signed(line.points if line.direction == "for" else -abs(line.points))
    notes = _facts(line, words)
    if line.counted == 0 and line.points:
        notes.append(t("card.not-counted"))
    elif abs(line.counted) != abs(line.points):
        notes.append(t("card.counted", n=str(abs(line.counted))))
    return Point(mark, _because(line, words), " · ".join(notes))


def _facts(line: Evidence, words: Words) -> list[str]:
    """Values by who gave them: `data: coverage of the range – 54.5%`."""
    t = words.t
    known = [(n, f) for n, f in sorted(line.facts.items())
             if f.value is not None and n in words.titles]  # fmt: skip
    by: dict[str, list[str]] = {}
    for name, fact in known[:_FACTS]:
        told = t("fact", name=words.title(name), value=_value(name, fact, words))
        by.setdefault(words.by(fact.by or "data"), []).append(told)
    notes = [t("fact.by", by=who, facts="; ".join(told)) for who, told in by.items()]
    if len(known) > _FACTS:
        notes.append(t("card.more", n=str(len(known) - _FACTS)))
    return notes
