"""Names found in texts, whatever their case ending, and replaced by letters."""

import re
from collections.abc import Iterable, Mapping

HIDDEN = "…"
RESPONDENT = "respondent"  # begins the id of one whose own id says who it is
_SHORT = 6  # letters: a shorter name may be the beginning of a common word
# words of names that name nobody: "Менеджер 2", "Sales team", "ООО"
_NO_NAMES = frozenset(
    """
    менеджер менеджера стажёр стажер продавец сотрудник оператор администратор инженер
    директор руководитель собственник владелец отдел отдела группа команда филиал офис
    продаж продажи продажам бот робот без ответственного клиент клиенты компания
    ооо оао зао пао ао ано нпо тоо гк тд ип
    manager seller sales team office dept department admin operator owner head director
    the and trainee engineer client user bot group company llc inc ltd gmbh corp plc
    """.split()  # noqa: SIM905
)
_LEGAL = re.compile(
    r"(?<!\w)(?:ооо|оао|зао|пао|ао|ано|нпо|тоо|ип|llc|inc|ltd|gmbh|corp|plc)(?!\w)\.?",
    re.IGNORECASE,
)
_SOLE = re.compile(r"(?<!\w)ИП(?!\w)")  # a client who is one person
_QUOTED = re.compile(r"[«“\"„](.+)[»”\"“]")
_INITIAL = re.compile(r"\b[^\W\d_]\.")
_SURNAME = re.compile(
    r"(?:[оеё]в|[иы]н|[оеё]ва|[иы]на|ский|ская|цкий|цкая|вич|вна|ко|ук|юк|ян|дзе|швили)$"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_ENDS = {
    "а": "(?:а|ы|е|у|ой|ою|ей|ею)", "я": "(?:я|и|е|ю|ей|ёй|ею)",
    "ь": "(?:ь|я|ю|ем|ём|е|и)",
    "й": "(?:й|я|ю|ем|е|и|го|му|м)",
}  # fmt: skip
_HARD = "(?:а|у|ом|ем|ым|е|ы|и|ой|ою|ых|ыми)?"


class Names:
    """Replaces every name in one pass, the longest first, with its endings.

    `letters` are those of people and clients, `people` those of them who are persons:
    of a person first name and surname are found alone, too. `others` are people
    without a letter: their names are hidden.
    """

    def __init__(
        self, letters: Mapping[str, str], people: Iterable[str],
        others: Iterable[str] = (),
    ) -> None:  # fmt: skip
        persons, forms = set(people), dict[str, str]()
        self._capital: set[str] = set()
        for name, letter in letters.items():
            if len(name) > 1 and not name.isdigit():
                self._put(forms, name, letter, capital=len(name) < _SHORT)
        for name, letter in letters.items():
            person = name in persons or _is_person(name)
            for word in _parts(name) if person else _core(name):
                # two people of one first name cannot be told apart by it
                key = _key(word)
                known = forms.get(key, letter)
                short = not person or len(word) < _SHORT
                self._put(forms, word, letter if known == letter else HIDDEN, short)
        for name in others:
            for word in (name, *_parts(name)) if _is_full(name) else ():
                if _key(word) not in forms:
                    self._put(forms, word, HIDDEN, capital=True)
        order = sorted(forms, key=lambda f: (-len(f), f))
        self._order, self._letters = order, [forms[f] for f in order]
        either = "|".join(f"({_pattern(f)})" for f in order)
        self._regex = re.compile(
            rf"(?<![^\W_])(?:{either})(?![^\W_])", re.IGNORECASE
        ) if order else None  # fmt: skip

    def __call__(self, text: str) -> str:
        """The text with letters for names."""
        return self._regex.sub(self._letter, text) if self._regex else text

    def _put(
        self, forms: dict[str, str], word: str, letter: str, capital: bool
    ) -> None:
        key = _key(word)
        forms[key] = letter
        # «вера» and "may" are words; a name that the data write small is found small
        if capital and word[:1].isupper():
            self._capital.add(key)

    def _letter(self, match: re.Match[str]) -> str:
        at = (match.lastindex or 1) - 1
        if self._order[at] in self._capital and match[0][:1].islower():
            return match[0]
        return self._letters[at]


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _parts(name: str) -> list[str]:
    """Surname and first name of a person; nothing where the name is one word."""
    words = [w for w in _WORD.findall(name) if w.casefold() not in _NO_NAMES]
    return [w for w in words if _key(w) != _key(name)]


def _core(name: str) -> list[str]:
    """What a client is called in a talk: without form of the firm and quotes."""
    quoted = _QUOTED.search(name)
    core = (quoted[1] if quoted else _LEGAL.sub("", name)).strip(' ,«»"“”')
    return [core] if len(core) > 3 and not core.isdigit() and core != name else []


def _is_person(client: str) -> bool:
    """Whether a client is a person: by the form of the firm, initials or a surname."""
    if _SOLE.search(client):
        return True
    if _QUOTED.search(client) or _LEGAL.search(client):
        return False
    words = client.split()
    if _INITIAL.search(client):
        return True
    return _is_full(client) and any(_SURNAME.search(w.casefold()) for w in words)


def _is_full(name: str) -> bool:
    """Two words or three, all with a capital: a first name and a surname."""
    words = name.split()
    return 2 <= len(words) <= 3 and all(
        w[:1].isupper() and w.casefold() not in _NO_NAMES for w in words
    )


def _pattern(form: str) -> str:
    """A name with any blanks between its words and any Russian case endings."""
    return r"\s+".join(map(_inflected, form.split(" ")))


def _inflected(word: str) -> str:
    if not re.fullmatch(r"[а-яё]{3,}", word):
        return re.escape(word)
    if len(word) < _SHORT:
        return f"(?:{_ended(word)}{_fleeting(word)})"
    stem = word[:-1] if word[-1] in "аяйьеиоу" else word
    return f"(?:{_either_e(stem)}[а-яё]{{0,3}}{_fleeting(word)})"


def _ended(word: str) -> str:
    """A short name with the endings of its kind, for many a word begins like it."""
    last, stem = word[-1], _either_e(word[:-1])
    if last == "а" and word[-2] in "гкхжшщч":
        return stem + "(?:а|и|е|у|ой|ою|ей|ею)"
    if last in _ENDS:
        return stem + _ENDS[last]
    return _either_e(word) + ("" if last in "еиоуыэюё" else _HARD)


def _fleeting(word: str) -> str:
    """Павел, Павла: a vowel that goes where an ending comes."""
    if not re.search(r"[бвгджзклмнпрстфхцчшщ][еёо][бвгджзклмнпрстфхцчшщ]$", word):
        return ""
    soft = "ь?" if word[-3] == "л" else ""
    return f"|{_either_e(word[:-2])}{soft}{word[-1]}(?:а|у|ом|ем|ым|е|ы|и)"


def _either_e(stem: str) -> str:
    return re.sub("[её]", "[её]", stem)
