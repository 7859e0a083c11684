"""Worksheets: forms of the plan's actions, filled from the case, finished by hand.

`render_sheet(document, sheets, "funnel-charter", "docx", "ru")` gives bytes, equal for
equal input. A format is loaded on first use.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salesdx.language import Language
    from salesdx.render import Audience
    from salesdx.render.worksheets.sheet import Sheets
    from salesdx.result import ResultDocument

FORMATS = {"docx": ".docx", "html": ".html", "md": ".md"}


def render_sheet(
    document: "ResultDocument", sheets: "Sheets", name: str, fmt: str, lang: "Language"
) -> bytes:
    """One sheet in one format.

    Raises:
        KnowledgeError: its template cannot be filled; with file and line.
    """
    from salesdx.render.texts import Labels
    from salesdx.render.worksheets.paper import Paper
    from salesdx.render.worksheets.sheet import markdown

    text = markdown(document, sheets, name, lang)
    if fmt == "md":
        return text.encode()
    t, spec, case = Labels(lang), sheets[name].spec, document.case
    paper = Paper(
        lang, case.name, spec.title.in_(lang), t("footer", company=case.name),
        t("page"), case.as_of, spec.landscape,
    )  # fmt: skip
    module = "html" if fmt == "html" else "word"
    write = import_module(f"salesdx.render.worksheets.{module}").write
    found: bytes = write(text, paper)
    return found


def sheets_for(
    document: "ResultDocument",
    audience: "Audience" = "consultant",
    anonymise: bool = False,
) -> "ResultDocument":
    """The document as the reports of this audience see it."""
    from salesdx.render.anonymise import anonymised
    from salesdx.render.audience import fit_for

    return fit_for(audience, anonymised(document) if anonymise else document)
