"""How an interview starts: who answers, and which interview it is."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from salesdx.cli.checkout import answers_of, pins_of
from salesdx.cli.interview_pinned import on_its_questions
from salesdx.cli.wording import say
from salesdx.content import did_you_mean
from salesdx.conversation.interview import Interview
from salesdx.conversation.sitting import Sitting
from salesdx.errors import UsageError, hinted
from salesdx.interview.choosing import GUIDED, QUICK, Chooser
from salesdx.interview.moving_words import again

if TYPE_CHECKING:
    from salesdx.analysis import Analysis

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


def started(
    found: "Analysis", role: str, by: str, mode: Mode, alone: bool,
    overlays: Sequence[Path] = (),
) -> Interview:  # fmt: skip
    """An interview that begins, or goes on where it stopped, on its own questions."""
    case = found.case
    store, pins = answers_of(case.path, case.company), pins_of(case.path)
    own, going = on_its_questions(found, store, pins, by, mode, overlays)
    currency = case.company.currency
    former = {
        place: again(carried, going.knowledge, currency)
        for place, carried in going.confirm.items()
    }
    return Interview(
        own, role, by, mode, going.store, chooser=_chooser(own, mode),
        sitting=Sitting(going.talk.id), alone=alone, confirm=going.offered,
        former=former,
    )  # fmt: skip


def _chooser(found: "Analysis", mode: Mode) -> Chooser:
    return Chooser(
        found.knowledge, sales_model=found.case.company.sales_model,
        benchmarks=found.inference.case.benchmarks,
        keeping=GUIDED if mode == "guided" else QUICK,
    )  # fmt: skip
