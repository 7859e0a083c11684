"""The protocol of a planning meeting as Markdown: each finding, what was said of it."""

from itertools import groupby

from salesdx.language import Language
from salesdx.render.clean import cleaned
from salesdx.render.markdown_text import escape
from salesdx.render.planning_meeting import heading, record
from salesdx.render.words import Words
from salesdx.result import MeetingRow, ResultDocument


def write(document: ResultDocument, lang: Language) -> bytes:
    """CommonMark; every value is escaped."""
    document = cleaned(document)
    words = Words(document, lang)
    as_of = words.iso(document.case.as_of)
    title = f"{document.case.name}: {words.t('meeting.title')}"
    lines = [f"# {escape(title)}", "", escape(as_of)]
    losses = {x.id: x for x in document.losses}
    for finding, rows in groupby(document.meeting, key=lambda r: r.finding):
        told = list(rows)
        loss = losses.get(finding)
        head = (
            heading(loss, words) if loss and told[0].listed else _gone(told[0], words)
        )
        lines += ["", f"## {escape(head)}"]
        for row in told:
            lines.append("")
            lines += [f"- {escape(a)}: {_lines(b)}" for a, b in record(row, words)]
    return ("\n".join(lines) + "\n").encode()


def _lines(text: str) -> str:
    """One line of what was written on several."""
    return escape("; ".join(x.strip() for x in text.splitlines() if x.strip()))


def _gone(row: MeetingRow, words: Words) -> str:
    place = f"{words.slice_name(row.slice)}: {words.text(row.title)}"
    return words.t("meeting.gone", place=place)
