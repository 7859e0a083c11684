"""Words in any form: split a text, compare a word with a stem, forgive one slip.

There is no dictionary: a stem and the endings of Russian and English do. `цен*` is
`цены`, `ценами`, `ценой`, and not `центр`. A stem of seven letters takes any ending.
"""

import re
from functools import lru_cache

_FREE = 7  # letters of a stem that is telling enough for any ending
_SLIP = 6  # letters of a stem in which one wrong letter still leaves no doubt
_NOUN = "[аяоеуюыиьй]|[оеё][йюмв]|[аяи][мх]|[аяи]ми|[иь][яеиюй]|и[ея][мхй]|иями"
_ADJECTIVE = "[ыио]й|[аяую][яю]|[ыиое]е|[ое]го|[ое]му|[ыи][мх]|[ыи]ми|ее"
_VERB = "ть|[еуюия]т|[еи]те|[еи]шь|л[аои]?"
_ENGLISH = (
    "'?s|e?d|e?r|e?st|es|ers|ing|ly|y|ies|ied|ally|ity|ive|le|ility|ions?|ness|ise"
)
ENDING = re.compile(
    "(?:ост(?:[ьи]|ью|ей|ям|ями|ях)"
    f"|(?:[еиоа]?нн?|[еа]йш|[иы]?ва|ова|[аяеиу])?(?:{_NOUN}|{_ADJECTIVE}|{_VERB})?"
    f"(?:с[яь])?|{_ENGLISH}|ness)"
)
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:['’][^\W\d_]+)?|[%№]")


def words_of(text: str) -> list[str]:
    """The words of a text: lower case, `е` for `ё`, parts of `клиенто-ориентир…`."""
    return [simple(word) for word in _TOKEN.findall(text)]


def simple(word: str) -> str:
    """A word as it is compared."""
    return word.lower().replace("ё", "е").replace("’", "'")


@lru_cache(maxsize=1 << 17)
def is_form(entry: str, word: str) -> bool:
    """Whether a word is the entry, or begins with its stem and ends as words do."""
    stem = entry.removesuffix("*")
    if stem == entry or not word.startswith(stem):
        return word == stem
    return len(stem) >= _FREE or bool(ENDING.fullmatch(word, len(stem)))


@lru_cache(maxsize=1 << 17)
def is_slip(entry: str, word: str) -> bool:
    """Whether a word is a form of the entry with one letter wrong, lost or added.

    The first letter has to be right, two neighbours may have changed places.
    """
    stem = entry.removesuffix("*")
    if len(stem) < _SLIP or stem == entry or stem[0] != word[:1]:
        return False
    i = next((i for i, (a, b) in enumerate(zip(stem, word, strict=False)) if a != b), 0)
    if i == 0:
        return False
    read, rest, expected = stem[:i], word[i:], stem[i:]
    mended = (
        expected[0] + rest[1:],  # wrong
        expected[0] + rest,  # lost
        rest[1:],  # added
        rest[1:2] + rest[:1] + rest[2:],  # changed places
    )
    return any(is_form(entry, read + m) for m in mended)
