"""The labels of the reports: reports/texts.yaml, both languages, checked on load."""

from functools import lru_cache

from salesdx.content import content, read, validate
from salesdx.errors import KnowledgeError, Said
from salesdx.language import Language, Text


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    path = content("reports") / "texts.yaml"
    document, problems = read(path, "reports/texts.yaml")
    found: dict[str, Text] = {}
    for key in document.data if document else ():
        assert document is not None
        text, faults = validate(Text, document, (key,))
        problems += faults
        if text is not None:
            found[key] = text
    if problems:
        what = Said("the report texts are not valid", "в текстах отчётов ошибки")
        raise KnowledgeError(what, problems)
    return found


class Labels:
    """Labels of one language: `t("lost.title")`, `t("n", n="12")`."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **values: str) -> str:
        """Return a label with its `{holes}` filled; an unknown key is a KeyError."""
        text = _texts()[key]
        return text.fill(lambda name, _: values[name]).in_(self.language)

    def code(self, prefix: str, code: str) -> str:
        """Return the label of a code, or the code itself when there is none."""
        text = _texts().get(f"{prefix}.{code}")
        return text.in_(self.language) if text else code
