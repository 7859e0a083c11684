"""Worksheets: forms of the plan's actions, filled from the case, finished by hand.

`Desk(fit(document), sheets, "ru")` fills them; `render(desk, "funnel-charter", "docx")`
gives bytes, equal for equal input. A format is loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesdx.render import Audience
    from salesdx.render.worksheets.sheet import Desk
    from salesdx.result import ResultDocument

FORMATS = {"docx": ".docx", "pdf": ".pdf", "html": ".html", "md": ".md"}
_MODULES = {"docx": "word", "pdf": "pdf", "html": "html"}


def render(desk: "Desk", name: str, fmt: str) -> bytes:
    """One sheet in one format.

    Raises:
        KnowledgeError: its template cannot be filled; with file and line.
    """
    from salesdx.render.look.words import own_words
    from salesdx.render.worksheets.paper import Paper

    text = desk.markdown(name)
    if fmt == "md":
        return text.encode()
    look, words = desk.look, desk.view.words
    t, spec, case = words.t, desk.sheets[name].spec, desk.document.case
    own = own_words(desk.document, words, look)
    paper = Paper(
        desk.lang, case.name, spec.title.in_(desk.lang),
        own.footer or t("footer", company=case.name), t("page"), case.as_of,
        spec.landscape, look, own.mark,
    )  # fmt: skip
    write = import_module(f"salesdx.render.worksheets.{_MODULES[fmt]}").write
    found: bytes = write(text, paper)
    return found


def fit(
    document: "ResultDocument",
    audience: "Audience" = "consultant",
    anonymise: bool = False,
) -> "ResultDocument":
    """The document as the reports of this audience see it."""
    from salesdx.render.audience import shown_to
    from salesdx.render.clean import cleaned

    return shown_to(audience, cleaned(document), anonymise=anonymise)[0]
