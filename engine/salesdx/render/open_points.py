"""What is fine, what could not be checked, what to ask next."""

from collections.abc import Sequence

from salesdx.render.report import Block, Bullets, Column, Para, Table
from salesdx.render.words import Words
from salesdx.result import NotChecked, ResultDocument

_ASKED = 6  # questions that an owner is shown
_SUPPLIES = 5  # sources that an owner is shown with what they open
_EXAMPLES = 4  # figures named of each


def fine(document: ResultDocument, words: Words) -> list[Block]:
    """What was looked for and is not there, as a list of short lines.

    Titles name signs of trouble; a reason is told only where rows have their own.
    """
    if not document.fine:
        return []
    reasons = {words.text(f.because) for f in document.fine}
    rows = [words.text(f.title) for f in document.fine]
    if len(reasons) > 1:
        rows = [f"{r}: {words.text(f.because)}"
                for r, f in zip(rows, document.fine, strict=True)]  # fmt: skip
    return [Para(words.t("fine.lead")), Bullets(rows)]


def unseen(document: ResultDocument, words: Words, whole: bool) -> list[Block]:
    """By what would supply it, most figures first: one export opens many of them.

    `whole` names all figures and the reasons; else the most useful are shown, and the
    rest in one line.
    """
    t = words.t
    groups: dict[str, list[NotChecked]] = {}
    for row in document.not_checked:
        groups.setdefault(words.text(row.supply), []).append(row)
    if not groups:
        return []
    order = sorted(groups, key=lambda s: (-len(groups[s]), s))
    shown = order if whole else order[:_SUPPLIES]
    columns = [Column(t("col.supply"), 4, strong=True), Column(t("col.opens"), 8)]
    if whole:
        columns.append(Column(t("col.reason"), 6))
    rows = []
    for supply in shown:
        found = groups[supply]
        cells = [supply, _opens(found, words, whole)]
        if whole:
            cells.append("; ".join(dict.fromkeys(words.text(n.reason) for n in found)))
        rows.append(cells)
    lead = t("unseen.lead", n=t.count("n.figures", len(document.not_checked)))
    blocks: list[Block] = [Para(lead), Table(columns, rows)]
    rest = [words.lowered(s) for s in order if s not in shown]
    if rest:
        names = "; ".join(rest[:_SUPPLIES])
        if len(rest) > _SUPPLIES:
            names += "; " + t("card.more", n=str(len(rest) - _SUPPLIES))
        blocks.append(Para(t("unseen.rest", names=names), "muted"))
    return blocks


def ask(document: ResultDocument, words: Words, points: bool) -> list[Block]:
    """The questions that settle most; their worth for who plans the interview."""
    t = words.t
    asked = document.next_questions
    if not asked:
        return []
    if not points:
        return [Bullets([words.text(q.title) for q in asked[:_ASKED]])]
    columns = [
        Column(t("col.question"), 6, strong=True), Column(t("col.settles"), 7),
        Column(t("col.worth"), 2, "right"),
    ]  # fmt: skip
    return [Table(columns, [
        [words.text(q.title), words.text(q.why), str(q.value)] for q in asked
    ])]  # fmt: skip


def _opens(found: Sequence[NotChecked], words: Words, whole: bool) -> str:
    titles = [words.text(n.title) for n in found]
    if whole or len(titles) <= _EXAMPLES + 1:
        return "; ".join(titles)
    more = words.t("card.more", n=str(len(titles) - _EXAMPLES))
    return "; ".join([*titles[:_EXAMPLES], more])
