"""Plain text for the terminal: page one, the findings in brief, the plan."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from salesdx.language import Language
from salesdx.render import claimed, planning_meeting
from salesdx.render.actions import differences
from salesdx.render.audience import Audience, shown_to
from salesdx.render.card import weight
from salesdx.render.clean import cleaned
from salesdx.render.page_one import page_one, supplies
from salesdx.render.report import Item, PageOne
from salesdx.render.words import Words
from salesdx.result import Loss, ResultDocument

if TYPE_CHECKING:
    from salesdx.compare import Comparison

_CAUSES = 12
_DIFFER = 8
_SUPPLIES = 5
_BLANKS = re.compile(r"[ \t\r\n]+")


def text(
    document: ResultDocument,
    lang: Language,
    width: int = 80,
    audience: Audience = "consultant",
    since: Comparison | None = None,
) -> str:
    """The diagnosis as wrapped lines, without colours or control characters."""
    document, since = shown_to(
        audience, cleaned(document), cleaned(since) if since else None
    )
    words = Words(document, lang, audience)
    one = page_one(document, words)
    page = _Lines(max(width, 40))
    page.add(document.case.name)
    page.rule("=")
    page.add(one.verdict)
    page.gap()
    for key in one.keys:
        page.add(f"{key.label}: {key.value} ({key.note})", "  ")
    _since(words, since, page)
    page.items(one.findings_title, one.findings)
    page.items(one.actions_title, one.actions)
    if one.enough:
        page.head(one.enough_title)
        for item in one.enough:
            page.add(f"- {item}", "", "  ")
    _causes(document, words, page)
    _claimed(document, words, page)
    _differ(document, words, page)
    _open(document, words, one, page)
    page.gap()
    page.add(one.foot)
    return page.text()


def _since(words: Words, since: Comparison | None, page: _Lines) -> None:
    if since is not None:
        from salesdx.render import since as since_chapter

        page.head(words.t("since.title"))
        for line in since_chapter.lines(words, since):
            page.add(line, "", "  ")


class _Lines:
    """Collects wrapped lines."""

    def __init__(self, width: int) -> None:
        self.width, self.lines = width, list[str]()

    def add(self, text: str, indent: str = "", hang: str | None = None) -> None:
        """Wrap a paragraph; later lines hang by `hang`."""
        flat = _BLANKS.sub(" ", text).strip()  # a figure keeps its unit beside it
        rest = indent if hang is None else hang
        wrapped = textwrap.wrap(
            flat, self.width, initial_indent=indent, subsequent_indent=rest
        )
        self.lines += [line.replace("\u00a0", " ") for line in wrapped] or [""]

    def gap(self) -> None:
        """An empty line, never two."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def rule(self, char: str) -> None:
        """Underline the last line."""
        self.lines.append(char * min(len(self.lines[-1]), self.width))

    def head(self, title: str) -> None:
        """A heading."""
        self.gap()
        self.add(title)
        self.rule("-")

    def items(self, title: str, items: list[Item]) -> None:
        """Findings or actions."""
        if not items:
            return
        self.head(title)
        for i, item in enumerate(items):
            self.add(f"{i + 1}. {item.title}", "", "   ")
            self.add(item.meta, "   ")
            if item.text:
                self.add(item.text, "   ")

    def text(self) -> str:
        """All lines, each without trailing blanks."""
        return "\n".join(line.rstrip() for line in self.lines) + "\n"


def _causes(document: ResultDocument, words: Words, page: _Lines) -> None:
    """What is found beyond page one; ids and weights for who asks `salesdx why`."""
    found = [c for c in document.causes if c.verdict in {"likely", "possible"}]
    if not found:
        return
    t = words.t
    page.head(t("findings.title"))
    for cause in found[:_CAUSES]:
        where = f", {words.where(cause.slice)}" if cause.slice else ""
        title, verdict = words.text(cause.title), t(f"verdict.{cause.verdict}")
        if words.reader == "consultant":
            page.add(f"{cause.id}: {title}{where}", "", "  ")
            page.add(f"{verdict}; {weight(cause, words)}", "  ")
        else:
            page.add(f"- {title}{where}: {verdict}", "", "  ")
    if len(found) > _CAUSES:
        page.add(t("findings.more", n=str(len(found) - _CAUSES)))


def _claimed(document: ResultDocument, words: Words, page: _Lines) -> None:
    told = claimed.lines(document, words)
    if told:
        page.head(words.t("claimed.title"))
        if document.claimed_losses:
            page.add(words.t("claimed.lead"))
        for line in told:
            page.add(f"- {line}", "", "  ")


def meeting(
    document: ResultDocument,
    listed: list[Loss],
    quiet: int,
    lang: Language,
    width: int = 80,
) -> str:
    """The agenda: each finding with its number and id, and what was decided."""
    document = cleaned(document)
    words = Words(document, lang)
    page = _Lines(max(width, 40))
    page.add(document.case.name)
    page.rule("=")
    page.head(words.t("meeting.agenda"))
    if not listed:
        page.add(words.t("meeting.nothing"))
    for number, loss in enumerate(listed, 1):
        page.gap()
        page.add(f"{number}. {planning_meeting.heading(loss, words)}", "", "   ")
        if loss.area_title:
            area = words.text(loss.area_title)
            page.add(words.t("meeting.look", area=area), "   ")
        page.add(f"[{loss.id}]", "   ")
        for row in document.meeting:
            if row.finding == loss.id:
                for label, told in planning_meeting.record(row, words):
                    page.add(f"{label}: {told}", "   > ", "     ")
    if sum(x.money is not None for x in listed) > 1:
        page.gap()
        page.add(words.t("map.overlap"))
    if quiet:
        page.gap()
        page.add(words.t("meeting.quiet", n=str(quiet)))
    return page.text()


def calculator(document: ResultDocument, lang: Language, width: int = 80) -> str:
    """The loss calculator alone: every claim with its reservations."""
    document = cleaned(document)
    words = Words(document, lang)
    page = _Lines(max(width, 40))
    page.add(document.case.name)
    page.rule("=")
    _claimed(document, words, page)
    if not page.lines[2:]:
        page.add(words.t("claimed.none"))
    for row in document.claimed_losses:
        page.gap()
        page.add(words.text(row.text), "", "  ")
        if row.base:
            page.add(words.text(row.base), "  ")
    return page.text()


def _differ(document: ResultDocument, words: Words, page: _Lines) -> None:
    """Who says what, where people differ among themselves or from the figures."""
    if not document.disagreements:
        return
    page.head(words.t("differ.title"))
    for row in differences(document, words)[:_DIFFER]:
        said = "; ".join(f"{who} — {what}" for who, what in row.said)
        page.add(f"- {row.title}", "", "  ")
        page.add(said, "  ")
    more = len(document.disagreements) - _DIFFER
    if more > 0:
        page.add(words.t("findings.more", n=str(more)))


def _open(document: ResultDocument, words: Words, one: PageOne, page: _Lines) -> None:
    t = words.t
    if document.next_questions:
        page.head(t("next.title"))
        for question in document.next_questions[:5]:
            page.add(f"- {words.text(question.title)}", "", "  ")
    if document.not_checked and not one.enough:  # else page one has said it
        page.head(t("unseen.title"))
        for what, n in supplies(document, words)[:_SUPPLIES]:
            opens = t.count("n.figures", n)
            page.add(f"- {t('one.enough.data', what=what, n=opens)}", "", "  ")
