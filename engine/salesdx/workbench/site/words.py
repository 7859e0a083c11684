"""The labels of the site: reports/knowledge/texts.yaml, both languages."""

from functools import lru_cache

from salesdx.content import content, read, validate
from salesdx.errors import KnowledgeError, Said
from salesdx.language import Language, Text
from salesdx.render.texts import Labels

FOLDER = "knowledge"


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    name = f"reports/{FOLDER}/texts.yaml"
    document, problems = read(content("reports") / FOLDER / "texts.yaml", name)
    found: dict[str, Text] = {}
    for key in document.data if document else ():
        assert document is not None
        text, faults = validate(Text, document, (key,))
        problems += faults
        if text is not None:
            found[key] = text
    if problems:
        what = Said("the texts of the site are not valid", "в текстах сайта ошибки")
        raise KnowledgeError(what, problems)
    return found


class Words:
    """Labels of one language: `t("cause.for")`; kinds of causes as in the reports."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._reports = Labels(language)

    def __call__(self, key: str, **values: object) -> str:
        """A label with its `{holes}` filled; an unknown key is a KeyError."""
        text = _texts()[key].in_(self.language)
        return text.format(**values) if values else text

    def kind(self, kind: str) -> str:
        """The kind of a cause."""
        return self._reports.code("kind", kind)
