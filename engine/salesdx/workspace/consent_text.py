"""The words that a respondent agrees to, by version: content, pages/consent/."""

import hashlib
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from salesdx.content import content, read, validate
from salesdx.errors import KnowledgeError, Said
from salesdx.language import Language, Text


class ConsentText(BaseModel):
    """One version, in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str
    title: Text
    text: list[Text]

    def sha256(self, lang: Language) -> str:
        """The hash of what is read in a language, to the letter."""
        words = [self.title.in_(lang), *(p.in_(lang) for p in self.text)]
        return hashlib.sha256("\n\n".join(words).encode()).hexdigest()


@lru_cache(maxsize=1)
def consent_text() -> ConsentText:
    """The version that is shown now: the last by name.

    Raises:
        KnowledgeError: it cannot be read.
    """
    path = max((content("pages") / "consent").glob("*.yaml"))
    document, problems = read(path, f"pages/consent/{path.name}")
    if document is not None:
        found, problems = validate(ConsentText, document)
        if found is not None:
            return found
    what = Said("the text of consent is not valid:", "в тексте согласия ошибки:")
    raise KnowledgeError(what, problems)
