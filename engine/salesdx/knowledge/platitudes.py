"""The banality detector for "why us" (Q-WHY-01): answers that say nothing.

What is said of every company is content: `knowledge_base/platitudes.yaml`. An answer
is read clause by clause. What is left of a clause without platitudes and words that
carry nothing is what it says; one clause that says something makes the answer
specific. Goods that are merely praised ("good windows", "a wide range of pumps") say
nothing; a number, a name, a term, a reason, something done or owned does.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product

from salesdx.content import content, read
from salesdx.knowledge.word_forms import is_form, is_slip, simple, words_of

_CLAUSE = re.compile(
    r"[,.;:!?…\n()«»\"“”•|/+]+|\s[-–—]+\s|^\s*[-–—]+\s*"
    r"|^\s*\d{1,2}[.)]\s|\s(?=(?:и|а|но|или|and|but|or)\s)|&",
    re.IGNORECASE | re.MULTILINE,
)
_JOINED = re.compile(r"\s*(?:и|или|and|or)\s", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_SMALL = 3  # letters of words that titles write small
_APART = 3  # words that may stand between the words of one platitude
_GOODS = 3  # words that name what is praised; more of them are a statement
# What a company does ("привозим", "собирают", "tested") is told apart by its ending.
_DONE = re.compile(
    r"\w{2,}(?:[аяуюе]ем|[вджн]ем|[бвлмнпрс]им|[аяуюе]ют|[вджзшн]ут|[лмнрч]ат|[внрд]ят"
    r"|[аяуюеи]ет|\w\wed)(?:ся)?"
)
_DOERS = {
    "мы", "я", "вы", "они", "который", "которые", "которая",
    "we", "i", "you", "they", "it", "who", "that", "which",
}  # fmt: skip
# What follows these is a detail: "beams without knots", "because we buy at the mill".
_DETAIL = {
    "с", "со", "без", "благодаря", "потому", "поскольку", "включая",
    "with", "without", "because", "thanks", "since", "including",
}  # fmt: skip
Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of `platitudes.yaml`, each phrase as its words; `every` word once."""

    platitudes: tuple[Phrase, ...]
    empty: tuple[Phrase, ...]
    specific: tuple[Phrase, ...]
    every: tuple[str, ...]

    def meant(self, word: str) -> str:
        """The word, or the stem that it is one wrong letter away from."""
        if any(is_form(entry, word) for entry in self.every):
            return word
        entry = next((e for e in self.every if is_slip(e, word)), word)
        return entry.removesuffix("*")


@cache
def shipped() -> Words:
    """The lists as they are delivered."""
    document, _ = read(content("knowledge_base") / "platitudes.yaml")
    data = document.data if document else {}
    praise, empty, specific = (
        _phrases(data.get(key, [])) for key in ("phrases", "empty", "specific")
    )
    every = dict.fromkeys(w for phrase in praise + empty + specific for w in phrase)
    return Words(praise, empty, specific, tuple(every))


def _phrases(written: list[object]) -> tuple[Phrase, ...]:
    """Phrases as words, the longest first: `years of experience`, then `experience`."""
    phrases = (tuple(simple(w) for w in str(p).split()) for p in written)
    return tuple(sorted(phrases, key=len, reverse=True))


@dataclass(slots=True)
class _Clause:
    """What is left of a clause, whether it praises and whether it says something."""

    left: list[str]
    praises: bool
    says: bool

    @property
    def specific(self) -> bool:
        return self.says or len(self.left) > (_GOODS if self.praises else 0)


@lru_cache(maxsize=1024)
def is_banal(text: str) -> bool:
    """Whether a text holds nothing but platitudes (an empty text says nothing)."""
    praised = False  # whether the clause before ended with praised goods
    for part in _CLAUSE.split(text):
        clause = _read(part, text)
        if praised and _JOINED.match(part) and len(clause.left) == 1:
            clause.praises = True  # "good windows and doors" praises both
        if clause.specific:
            return False
        praised = clause.praises and bool(clause.left)
    return True


def _read(part: str, text: str) -> _Clause:
    words = shipped()
    tokens = [words.meant(word) for word in words_of(part)]
    left = list(range(len(tokens)))
    praises = _take(tokens, left, words.platitudes)
    _take(tokens, left, tuple(p for p in words.empty if len(p) > 1))
    says = any(_places(tokens, left, phrase) for phrase in words.specific)
    _take(tokens, left, words.empty)
    names = _names(part, text)
    detail = next((i for i, w in enumerate(tokens) if w in _DETAIL), len(tokens))
    says = says or any(i > detail or _says(tokens, i, names) for i in left)
    return _Clause([tokens[i] for i in left], praises, says)


def _names(part: str, text: str) -> set[str]:
    """Words that are written like names; none in `BEST PRICES` or `Best Prices`."""
    rest = [w for w in _LETTERS.findall(text)[1:] if len(w) > _SMALL]
    titled = 2 * sum(w[0].isupper() for w in rest) > len(rest)
    found = set() if titled else {w for w in part.split()[1:] if _is_capital(w)}
    if _CYRILLIC.search(text):
        found |= {w for w in part.split() if w.isascii()}
    return {simple(w) for name in found for w in _LETTERS.findall(name)}


def _is_capital(written: str) -> bool:
    return written.lstrip("'’([-–—")[:1].isupper()


def _says(tokens: list[str], i: int, names: set[str]) -> bool:
    """Whether an unknown word is a number, a name or something done."""
    word = tokens[i]
    done = (i > 0 and tokens[i - 1] in _DOERS) or bool(_DONE.fullmatch(word))
    return word[0].isdigit() or word in names or done


def _take(tokens: list[str], left: list[int], phrases: tuple[Phrase, ...]) -> bool:
    """Strike the words of the phrases out of what is left; whether there were any."""
    found = False
    for phrase in phrases:
        for places in _places(tokens, left, phrase):
            found = True
            left[:] = [i for i in left if i not in places]
    return found


def _places(
    tokens: list[str], left: list[int], phrase: Phrase
) -> list[tuple[int, ...]]:
    """Where the words of a phrase stand near each other, in any order."""
    each = [[i for i in left if is_form(word, tokens[i])] for word in phrase]
    if not all(each):
        return []
    reach = len(phrase) + _APART
    near = (
        product((i,), *([j for j in e if abs(i - j) < reach] for e in each[1:]))
        for i in each[0]
    )
    return [p for some in near for p in some if len(set(p)) == len(phrase)]
