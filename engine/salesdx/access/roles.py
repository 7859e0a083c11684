"""Roles of people who sign in, and what each may do.

A route names one action; whoever calls it must be allowed to do it. What a respondent
may do hangs on the link, not on a role of this list.
"""

from typing import Literal

Role = Literal["consultant", "trainer", "viewer"]
ROLES: tuple[Role, ...] = ("consultant", "trainer", "viewer")
Action = Literal[
    "public",  # anybody, signed in or not
    "own-account",
    "answer",  # the holder of a link, in the interview of that link
    "case.read",
    "case.download",
    "case.change",  # answers, plan, funnel, data
    "case.invite",  # links for respondents
    "case.create",
    "case.demo",  # a copy of the made-up company, to look around
    "knowledge.read",
    "knowledge.change",
]
_EVERYBODY: frozenset[Action] = frozenset({"public"})
_READING: frozenset[Action] = _EVERYBODY | {
    "own-account", "case.read", "case.download", "knowledge.read",
}  # fmt: skip
_ALLOWED: dict[Role, frozenset[Action]] = {
    "viewer": _READING,
    "trainer": _READING | {"knowledge.change", "case.demo"},
    "consultant": _READING | {
        "case.change", "case.invite", "case.create", "case.demo",
    },
}  # fmt: skip


def may(role: Role, action: Action) -> bool:
    """Whether a role allows an action; of which case is asked elsewhere."""
    return action in _ALLOWED[role]
