"""The words of the pages: pages/words/<area>.yaml, addressed as `area.key`."""

from functools import lru_cache

from salesdx.content import content
from salesdx.language import Language, Text, texts_of


@lru_cache(maxsize=1)
def all_words() -> dict[str, Text]:
    """Every text of the pages, in both languages.

    Raises:
        KnowledgeError: a file cannot be read, or a text lacks a language.
    """
    found = {}
    for path in sorted((content("pages") / "words").glob("*.yaml")):
        for key, text in texts_of(f"words/{path.name}", "pages").items():
            found[f"{path.stem}.{key}"] = text
    return found


def word(key: str, lang: Language, **values: object) -> str:
    """A text with its `{holes}` filled; an unknown key is a KeyError."""
    return all_words()[key].fill(lambda name, _: str(values[name])).in_(lang)
