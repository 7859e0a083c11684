"""The terms that the knowledge uses, where a glossary.yaml lists them.

The loader leaves the file out, for no rule reads it; an overlay may bring its own,
whose terms come after the shipped ones.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from salesdx.content import read, validate
from salesdx.errors import KnowledgeError, Problem, Said
from salesdx.knowledge.models import Part
from salesdx.language import Language

FILE = "glossary.yaml"


class Term(Part):
    """A term in both languages; the note is for the English reader."""

    en: str
    ru: str
    note: str | None = None

    def in_(self, language: Language) -> str:
        """The term in one language."""
        return self.ru if language == "ru" else self.en


class Glossary(Part):
    """glossary.yaml."""

    format: Literal[1]
    terms: list[Term]


def terms(folders: Iterable[Path]) -> list[Term]:
    """All terms of all layers; a term that is there again replaces the first.

    Raises:
        KnowledgeError: a glossary is not valid.
    """
    found: dict[str, Term] = {}
    problems: list[Problem] = []
    for path in (folder / FILE for folder in folders):
        if not path.is_file():
            continue
        document, faults = read(path, f"{path.parent.resolve().name}/{FILE}")
        problems += faults
        if document is not None:
            glossary, faults = validate(Glossary, document)
            problems += faults
            found |= {t.en: t for t in (glossary.terms if glossary else [])}
    if problems:
        raise KnowledgeError(Said("the glossary is damaged", "словарь повреждён"),
                             problems)  # fmt: skip
    return list(found.values())
