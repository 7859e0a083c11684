"""A gate as text for people, and as what build servers read."""

import datetime as dt
from collections.abc import Callable
from xml.etree import ElementTree as ET

from salesdx.errors import visible
from salesdx.gate.model import Gate, Row
from salesdx.gate.words import said
from salesdx.language import Language

_MOST = 20  # rows of one condition in the text: the JSON has them all


def _text(gate: Gate, lang: Language) -> str:
    """First whether it passed, then condition by condition."""
    lines = [headline(gate, lang), _about(gate, lang)]
    width = max(len(c.id) for c in gate.conditions)
    order = {"failed": 0, "not_judged": 1, "ok": 2}
    words = {s: said(f"state.{s}").in_(lang) for s in order}
    wide = max(len(words[c.state]) for c in gate.conditions)
    sorted_ = sorted(gate.conditions, key=lambda c: order[c.state])
    for one, after in zip(sorted_, [*sorted_[1:], None], strict=True):
        state = words[one.state].ljust(wide)
        lines.append(f"{state}  {one.id.ljust(width)}  {one.title.in_(lang)}")
        for row in one.rows[:_MOST]:
            lines += [f"    - {_line(row, lang)}", f"      {row.explain}"]
        if len(one.rows) > _MOST:
            more = said("told.more", n=len(one.rows) - _MOST)
            lines.append(f"    {more.in_(lang)}")
        # what several in a row lack is said once
        if one.reason is not None and (after is None or after.reason != one.reason):
            lines.append(f"    {one.reason.in_(lang)}")
    return "\n".join(lines)


def headline(gate: Gate, lang: Language) -> str:
    """Whether it passed, and how many conditions stand how."""
    parts = [
        said(f"told.{s}", n=len(gate.of(s))).in_(lang)
        for s in ("failed", "not_judged", "ok")
        if gate.of(s)
    ]
    head = said("told.passed" if gate.passed else "told.not-passed").in_(lang)
    return f"{head}: {', '.join(parts)}."


def _about(gate: Gate, lang: Language) -> str:
    def day(value: str | None) -> dt.date | str:
        return dt.date.fromisoformat(value) if value else "—"

    key = "told.since" if gate.since else "told.alone"
    text = said(key, name=gate.case, day=day(gate.as_of), then=day(gate.since))
    return visible(text.in_(lang))


def _line(row: Row, lang: Language) -> str:
    where = f" ({row.where.in_(lang)})" if row.where else ""
    title = f"{row.title.in_(lang)}{where}"
    because = f": {row.because.in_(lang)}" if row.because else ""
    return visible(f"{title}{because}")


def _junit(gate: Gate, lang: Language) -> str:
    """A test a condition; what could not be judged is skipped, strictly it fails."""
    bad = gate.of("failed") + (gate.of("not_judged") if gate.strict else [])
    suite = ET.Element("testsuite", {
        "name": f"salesdx gate {visible(gate.case)}",
        "tests": str(len(gate.conditions)), "failures": str(len(bad)), "errors": "0",
        "skipped": str(0 if gate.strict else len(gate.of("not_judged"))),
    })  # fmt: skip
    for one in gate.conditions:
        case = ET.SubElement(
            suite, "testcase", {"classname": "salesdx.gate", "name": one.id}
        )
        reason = one.reason.in_(lang) if one.reason else ""
        if one in bad:
            failure = ET.SubElement(case, "failure", {"message": one.title.in_(lang)})
            lines = [f"{_line(r, lang)}\n  {r.explain}" for r in one.rows]
            failure.text = "\n".join([*lines, *filter(None, [reason])])
        elif one.state == "not_judged":
            ET.SubElement(case, "skipped", {"message": reason})
    ET.indent(suite)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suite, "unicode")


def _github(gate: Gate, lang: Language) -> str:
    """Annotations of GitHub Actions: an error a row, a notice of the rest."""
    lines = []
    for one in gate.conditions:
        title = _escaped(f"{one.id}: {one.title.in_(lang)}", inside=True)
        for row in one.rows:
            lines.append(f"::error title={title}::{_escaped(_line(row, lang))}%0A"
                         f"{_escaped(row.explain)}")  # fmt: skip
        if one.reason is not None and not one.rows:
            kind = "error" if gate.strict else "notice"
            lines.append(f"::{kind} title={title}::{_escaped(one.reason.in_(lang))}")
    return "\n".join([headline(gate, lang), *lines])


def _escaped(text: str, *, inside: bool = False) -> str:
    """As the runner reads it: nothing in a text can begin a command of its own."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if inside else text


def _json(gate: Gate, _: Language) -> str:
    return gate.to_json().rstrip("\n")


FORMATS: dict[str, Callable[[Gate, Language], str]] = {
    "text": _text, "json": _json, "junit": _junit, "github": _github,
}  # fmt: skip


def told(gate: Gate, fmt: str, lang: Language) -> str:
    """The gate in one of `FORMATS`."""
    return FORMATS[fmt](gate, lang)
