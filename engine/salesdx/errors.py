"""The few errors of salesdx: what is wrong, where, and what to do about it."""

import errno
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

EXIT_OK = 0
EXIT_GATE = 1
EXIT_USAGE = 2
EXIT_DATA = 3
EXIT_KNOWLEDGE = 4
EXIT_INTERNAL = 70


class Said(str):
    """A message in both languages: itself in English, `ru` in Russian."""

    __slots__ = ("ru",)
    ru: str

    def __new__(cls, en: str, ru: str) -> "Said":
        """Make the message; format both texts before."""
        said = super().__new__(cls, en)
        said.ru = ru
        return said

    def __reduce__(self) -> tuple[Any, ...]:
        """What makes a copy."""
        return Said, (str(self), self.ru)


class Correction(Said):
    """A hint that is certain: what to write instead of what is `written` there."""

    __slots__ = ("instead", "written")
    written: str
    instead: str

    def __new__(cls, en: str, ru: str, written: str, instead: str) -> "Correction":
        """Make the hint; both texts name `instead`."""
        said = super().__new__(cls, en, ru)
        assert isinstance(said, Correction)
        said.written, said.instead = written, instead
        return said

    def __reduce__(self) -> tuple[Any, ...]:
        """What makes a copy."""
        return Correction, (str(self), self.ru, self.written, self.instead)


def in_language(message: str, language: str) -> str:
    """A message in a language; a plain string is the same in both."""
    return message.ru if language == "ru" and isinstance(message, Said) else message


def hinted(message: str, hint: str) -> Said:
    """A message with its hint in brackets, if there is one."""
    if not hint:
        return Said(message, in_language(message, "ru"))
    return Said(
        f"{message} ({hint})",
        f"{in_language(message, 'ru')} ({in_language(hint, 'ru')})",
    )


def reason_of(error: OSError, otherwise: str = "cannot be read") -> Said:
    """What the system says of a file, in both languages."""
    en = error.strerror or otherwise
    return Said(en, _SYSTEM.get(error.errno or 0, f"файл недоступен ({en})"))


_SYSTEM = {
    errno.ENOENT: "нет такого файла или папки",
    errno.EACCES: "нет прав доступа",
    errno.EPERM: "нет прав доступа",
    errno.EISDIR: "это папка, а нужен файл",
    errno.ENOTDIR: "это файл, а нужна папка",
    errno.EEXIST: "уже существует",
    errno.ENOSPC: "на диске не осталось места",
    errno.EROFS: "диск открыт только для чтения",
    errno.ENAMETOOLONG: "слишком длинное имя файла",
    errno.EIO: "сбой диска: не удалось прочитать или записать",
    errno.ELOOP: "ссылка ведёт по кругу",
}
# what a terminal obeys, or shows in another place than where it stands
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_LONGEST = 1_000  # characters of one message: what is quoted may be a whole file


def visible(text: str) -> str:
    """A text of a stranger's file on one line, with a name for each unseen sign."""
    text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
    return UNSEEN.sub(lambda m: f"<U+{ord(m[0]):04X}>", text)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault of one file: `file:line:col CODE message`, with a hint."""

    file: str
    line: int
    col: int
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: str) -> str:
        """The problem in one line of a language."""
        place = f"{self.file}:{self.line}:{self.col}" if self.line else self.file
        hint = f" ({in_language(self.hint, language)})" if self.hint else ""
        message = in_language(self.message, language)
        return visible(f"{place} {self.code} {message}{hint}")


class SalesdxError(Exception):
    """Base of all errors that a user can mend; `exit_code` is a contract."""

    exit_code = EXIT_INTERNAL

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        self.message = message
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join([message, *map(str, self.problems)]))

    def text(self, language: str) -> str:
        """The message and its problems in a language."""
        lines = [p.text(language) for p in self.problems]
        told = in_language(self.message, language).split("\n")
        return "\n".join([*map(visible, told), *lines])


class UsageError(SalesdxError):
    """The command or its arguments make no sense."""

    exit_code = EXIT_USAGE


class DataError(SalesdxError):
    """A file of the case is missing, unreadable or mostly unusable."""

    exit_code = EXIT_DATA


class KnowledgeError(SalesdxError):
    """The knowledge base is not valid; every problem is listed."""

    exit_code = EXIT_KNOWLEDGE
