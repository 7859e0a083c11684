"""The labels of the site: reports/knowledge/texts.yaml, both languages."""

from functools import lru_cache

from salesdx.language import Language, Text, texts_of
from salesdx.render.texts import Labels

FOLDER = "knowledge"


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    return texts_of(f"{FOLDER}/texts.yaml")


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
