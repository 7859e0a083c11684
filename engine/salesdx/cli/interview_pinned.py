"""An interview on the questions it was begun with, for whoever holds the talk."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli.checkout import as_typed
from salesdx.cli.wording import language
from salesdx.conversation.sitting import now
from salesdx.interview.beginning import Going, begin_or_resume
from salesdx.interview.moving_words import newer

if TYPE_CHECKING:
    from salesdx.analysis import Analysis
    from salesdx.answers.keeping import AnswerStore
    from salesdx.answers.pins import Pins


def on_its_questions(
    found: "Analysis",
    store: "AnswerStore",
    pins: "Pins",
    by: str,
    mode: str,
    overlays: Sequence[Path] = (),
) -> tuple["Analysis", Going]:
    """The analysis with the questions of the interview, and the interview.

    Says in one sentence that there are newer questions, if there are.
    """
    going = begin_or_resume(
        store, pins, found.knowledge, by=by, mode=mode,
        name=f"{by}-{secrets.token_hex(4)}", started=now(),
    )  # fmt: skip
    if not going.outdated:
        return found, going
    case = " ".join([as_typed(found.case.path), *(f"--kb {o}" for o in overlays)])
    told = newer(going.talk, found.knowledge, case)
    click.echo(told.in_(language()))
    own = going.knowledge
    return replace(found, knowledge=own, log=store.load(own)), going
