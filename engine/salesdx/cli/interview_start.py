"""How an interview starts: who answers, and which interview it is."""

from typing import TYPE_CHECKING, Literal

from salesdx.answers.keeping import AnswerStore
from salesdx.cli.asking import Interview
from salesdx.cli.checkout import answers_of
from salesdx.cli.interview_sitting import Sitting
from salesdx.cli.wording import say
from salesdx.content import did_you_mean
from salesdx.errors import UsageError, hinted

if TYPE_CHECKING:
    from salesdx.analysis import Analysis
    from salesdx.interview.candidate import Chooses

Mode = Literal["full", "quick", "guided"]


def respondent(found: "Analysis", role: str, by: str | None) -> str:
    """Whose answers they are: as named, else of the only one in the role, or the role.

    Raises:
        UsageError: there is no such role, or several people have it.
    """
    people, roles = found.log.respondents, found.knowledge.roles
    if role not in roles and role not in people:
        told = say(f"no role {role!r}; there are", f"нет роли «{role}»; есть")
        raise UsageError(
            hinted(f"{told} {', '.join(roles)}", did_you_mean(role, roles))
        )
    if by is not None or role in people:
        return by or role
    same = [i for i, p in people.items() if p.role == role]
    if len(same) > 1:
        names = ", ".join(same)
        raise UsageError(say(
            f"several people answer as {role}: {names}; name one: --as {same[0]}, "
            "or a new one: --by NAME",
            f"роль {role} у нескольких человек: {names}; назовите одного: "
            f"--as {same[0]}, или нового: --by ИМЯ",
        ))  # fmt: skip
    return same[0] if same else role


def begin(store: AnswerStore, by: str, mode: str) -> Sitting:
    """Continue the last interview of this respondent in this mode, or begin one.

    Here, and only here, an interview starts: what is to be recorded of it (the pinned
    questionnaire) belongs here, and what it leads to (questions of its own, answers to
    confirm) goes from here into `started`.
    """
    known = [i for i in store.file().interviews if (i.by, i.mode) == (by, mode)]
    if known:
        return Sitting(known[-1].id)
    return Sitting(f"{by}-{mode}")


def started(
    found: "Analysis", role: str, by: str, mode: Mode, alone: bool,
    store: AnswerStore | None = None,
) -> Interview:  # fmt: skip
    """An interview that begins, or goes on where it stopped."""
    kept = store or answers_of(found.case)
    chooser = _chooser(found)
    return Interview(
        found, role, by, mode, kept, chooser=chooser,
        sitting=begin(kept, by, mode), alone=alone,
    )  # fmt: skip


def _chooser(found: "Analysis") -> "Chooses | None":
    try:
        from salesdx.interview.choosing import Chooser
    except ImportError:
        return None
    return Chooser(
        found.knowledge, sales_model=found.case.company.sales_model,
        benchmarks=found.inference.case.benchmarks,
    )  # fmt: skip
