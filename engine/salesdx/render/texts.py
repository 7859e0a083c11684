"""The labels of the reports: reports/texts.yaml, both languages, checked on load."""

from collections.abc import Mapping
from functools import lru_cache

from babel import Locale

from salesdx.language import Language, Text, nested, number, texts_of

_FORMS = {"en": ("one",), "ru": ("one", "few", "many")}  # the last: all others


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
        filled = text.fill(lambda name, _: values[name]).in_(self.language)
        return nested(filled, self.language)

    def count(self, key: str, n: float, digits: int = 0) -> str:
        """A number and its noun: `1 сделка`, `2 сделки`, `5 сделок`.

        The label holds the forms: `deal|deals`, `сделка|сделки|сделок`. A fraction
        takes the second: `1,5 сделки`.
        """
        forms, shown = self(key).split("|"), round(n, digits)
        whole = int(shown) if shown == int(shown) else shown
        form = Locale(self.language).plural_form(whole)
        known = _FORMS[self.language]
        place = known.index(form) if form in known else 1
        return f"{number(shown, self.language, digits)}\u00a0{forms[place]}"

    def names(self, prefix: str, code: str) -> bool:
        """Whether there is a label of a code."""
        return f"{prefix}.{code}" in self._texts

    def code(self, prefix: str, code: str) -> str:
        """Return the label of a code, or the code itself when there is none."""
        text = self._texts.get(f"{prefix}.{code}")
        return text.in_(self.language) if text else code
