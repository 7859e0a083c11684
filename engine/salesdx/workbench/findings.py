"""One finding of the linter: a located problem and the entry it speaks of."""

from dataclasses import dataclass

from salesdx.errors import Problem


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """`subject` is what an exclusion names: `cause`, `cause/rule`, a question, …."""

    problem: Problem
    subject: str
