"""The worksheets of an action, filled from the case."""

from dataclasses import dataclass

from salesdx.analysis import Analysis
from salesdx.language import Language, Text
from salesdx.render.look import PLAIN, Look
from salesdx.render.worksheets import fit, render
from salesdx.render.worksheets.sheet import Desk
from salesdx.result import PlanAction

# what can be downloaded, and what browsers call it
FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "md": "text/markdown; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form that an action needs."""

    id: str
    title: Text
    purpose: Text


def sheets_of(
    found: Analysis, action: PlanAction | None, look: Look = PLAIN
) -> list[Sheet]:
    """The worksheet of an action and those handed out along with it."""
    known = {**found.knowledge.worksheets, **look.worksheets}
    first = action.worksheet if action else None
    if first is None or first not in known:
        return []
    along = known[first].spec.along
    names = dict.fromkeys([first, *(i for i in along if i in known)])
    return [Sheet(i, known[i].spec.title, known[i].spec.purpose) for i in names]


def written(
    found: Analysis, name: str, form: str, lang: Language, look: Look = PLAIN
) -> bytes:
    """One sheet in one format.

    Raises:
        KnowledgeError: its template cannot be filled; with file and line.
    """
    desk = Desk(fit(found.document), found.knowledge.worksheets, lang, look)
    return render(desk, name, form)
