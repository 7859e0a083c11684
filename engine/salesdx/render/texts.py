"""The labels of the reports: reports/texts.yaml, both languages, checked on load."""

from functools import lru_cache

from salesdx.language import Language, Text, texts_of


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    return texts_of("texts.yaml")


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
