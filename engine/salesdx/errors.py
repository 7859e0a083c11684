"""The few errors of salesdx: what is wrong, where, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass

EXIT_OK = 0
EXIT_GATE = 1
EXIT_USAGE = 2
EXIT_DATA = 3
EXIT_KNOWLEDGE = 4
EXIT_INTERNAL = 70


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
        place = f"{self.file}:{self.line}:{self.col}" if self.line else self.file
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place} {self.code} {self.message}{hint}"


class SalesdxError(Exception):
    """Base of all errors that a user can mend; `exit_code` is a contract."""

    exit_code = EXIT_INTERNAL

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join([message, *map(str, self.problems)]))


class UsageError(SalesdxError):
    """The command or its arguments make no sense."""

    exit_code = EXIT_USAGE


class DataError(SalesdxError):
    """A file of the case is missing, unreadable or mostly unusable."""

    exit_code = EXIT_DATA


class KnowledgeError(SalesdxError):
    """The knowledge base is not valid; every problem is listed."""

    exit_code = EXIT_KNOWLEDGE
