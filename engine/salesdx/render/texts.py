"""The labels of the reports: reports/texts.yaml, both languages, checked on load."""

from collections.abc import Mapping
from functools import lru_cache

from salesdx.language import Language, Text, texts_of


def known_texts() -> dict[str, Text]:
    """All keys and their words, for those who would change some."""
    return _texts()


@lru_cache(maxsize=1)
def _texts() -> dict[str, Text]:
    return texts_of("texts.yaml")


class Labels:
    """Labels of one language: `t("lost.title")`, `t("n", n="12")`.

    `own` are the words of a look, of the same keys.
    """

    def __init__(
        self, language: Language, own: Mapping[str, Text] | None = None
    ) -> None:
        self.language = language
        self._texts = {**_texts(), **own} if own else _texts()

    def __call__(self, key: str, **values: str) -> str:
        """Return a label with its `{holes}` filled; an unknown key is a KeyError."""
        text = self._texts[key]
        return text.fill(lambda name, _: values[name]).in_(self.language)

    def code(self, prefix: str, code: str) -> str:
        """Return the label of a code, or the code itself when there is none."""
        text = self._texts.get(f"{prefix}.{code}")
        return text.in_(self.language) if text else code
