"""A worksheet as Markdown: a head from the plan, the template filled, a foot."""

import re
from collections.abc import Mapping

from salesdx.knowledge.worksheets import ReadyWorksheet
from salesdx.language import Language
from salesdx.render.look import PLAIN, Look
from salesdx.render.words import Words
from salesdx.render.worksheets.sandbox import safe
from salesdx.render.worksheets.template import fill
from salesdx.render.worksheets.told import Action
from salesdx.render.worksheets.view import View
from salesdx.result import ResultDocument

Sheets = Mapping[str, ReadyWorksheet]


def wanted(
    document: ResultDocument, sheets: Sheets, every: bool, look: Look = PLAIN
) -> list[str]:
    """Ids of the sheets of the plan in its order; with `every` all others after.

    Sheets that a look adds belong to no action: they always go along.
    """
    added = [i for i in look.worksheets if i not in sheets]
    sheets = {**sheets, **look.worksheets}
    found: dict[str, None] = {}
    for action in document.plan:
        if action.worksheet is not None and action.worksheet in sheets:
            found[action.worksheet] = None
            along = sheets[action.worksheet].spec.along
            found.update(dict.fromkeys(i for i in along if i in sheets))
    found.update(dict.fromkeys(added))
    if every:
        found.update(dict.fromkeys(sheets))
    return list(found)


class Desk:
    """The sheets of one document in one language; the document is read once."""

    def __init__(
        self, document: ResultDocument, sheets: Sheets, lang: Language,
        look: Look = PLAIN,
    ) -> None:  # fmt: skip
        self.document, self.lang, self.look = document, lang, look
        self.sheets = {**sheets, **look.worksheets}
        self.view = View(document, lang, look.texts)

    def markdown(self, name: str) -> str:
        """A whole sheet as CommonMark with pipe tables.

        Raises:
            KnowledgeError: the template cannot be filled; with its file and line.
        """
        sheet = self.sheets[name]
        handing = {name} | {s.id for s in self.sheets.values() if name in s.spec.along}
        served = [a.id for a in self.document.plan if a.worksheet in handing]
        names = self.view.names(served)
        body = fill(sheet.templates[self.lang], names, self.lang).strip()
        foot = f"*{safe(self.view.words.t('sheet.foot'))}*"
        head = self._head(sheet, names["actions"])
        text = "\n".join([*head, "", body, "", foot, ""])
        return re.sub(r"\n{3,}", "\n\n", text)

    def _head(self, sheet: ReadyWorksheet, actions: list[Action]) -> list[str]:
        words: Words = self.view.words
        t, about = words.t, [self.document.case.name]
        if self.document.case.as_of:
            about.append(t("as-of", day=words.iso(self.document.case.as_of)))
        columns = [t(f"sheet.{c}") for c in ("action", "owner", "when", "kpi")]
        rows = [
            [a.title, a.owner, ", ".join(filter(None, (a.span, a.repeat))),
             a.kpi.shown or ""]
            for a in actions
        ]  # fmt: skip
        return [
            f"# {safe(words.text(sheet.spec.title))}", "",
            safe(" · ".join(about)), "",
            f"> {safe(words.text(sheet.spec.purpose))}", "",
            _row(columns), "|------|---|----|------|",
            *(_row(r) for r in rows or [[""] * len(columns)]),
        ]  # fmt: skip


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(safe(c) for c in cells)} |"
