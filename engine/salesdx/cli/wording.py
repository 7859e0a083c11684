"""The language of the command line: `--lang`, SALESDX_LANG, or the locale.

Help must come up at once, so nothing heavy is imported here: a text is a pair of
strings and the choice is made once, before any command is loaded.
"""

import os
from collections.abc import Mapping, Sequence
from typing import Literal

Language = Literal["en", "ru"]
LANGUAGES: tuple[Language, Language] = ("en", "ru")
_chosen: list[Language] = ["en"]


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Choose the language of this run from the arguments or the environment."""
    _chosen[0] = _asked(arguments) or _preferred(environment)


def _asked(arguments: Sequence[str]) -> Language | None:
    for i, word in enumerate(arguments):
        if word == "--lang" and i + 1 < len(arguments):
            return _known(arguments[i + 1])
        if word.startswith("--lang="):
            return _known(word.removeprefix("--lang="))
    return None


def _known(word: str) -> Language | None:
    return "ru" if word == "ru" else "en" if word == "en" else None


def _preferred(environment: Mapping[str, str]) -> Language:
    for name in ("SALESDX_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return "ru" if value.lower().startswith("ru") else "en"
    return "en"


def language() -> Language:
    """The language of this run."""
    return _chosen[0]


def say(en: str, ru: str) -> str:
    """Return the text in the language of this run."""
    return ru if _chosen[0] == "ru" else en


def from_environment() -> None:
    """Choose by the environment alone (for completion and tests)."""
    choose((), os.environ)
