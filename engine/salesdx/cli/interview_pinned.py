"""An interview on the questions it was begun with, for whoever holds the talk."""

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from salesdx.cli.wording import language
from salesdx.interview.beginning import Going, begin_or_resume
from salesdx.interview.moving_words import again, newer

if TYPE_CHECKING:
    from salesdx.analysis import Analysis
    from salesdx.answers.keeping import AnswerStore
    from salesdx.answers.pins import Pins
    from salesdx.interview.agenda import Ask


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
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    going = begin_or_resume(
        store, pins, found.knowledge, by=by, mode=mode,
        name=f"{by}-{secrets.token_hex(4)}", started=now,
    )  # fmt: skip
    if not going.outdated:
        return found, going
    case = " ".join([str(found.case.path), *(f"--kb {o}" for o in overlays)])
    told = newer(going.talk, found.knowledge, case)
    click.echo(told.in_(language()))
    own = going.knowledge
    return replace(found, knowledge=own, log=store.load(own)), going


def former_line(going: Going, ask: "Ask", currency: str) -> str:
    """What to show above a question that was answered before it changed; else ""."""
    carried = going.confirm.get((ask.question.id, ask.about))
    if carried is None:
        return ""
    return again(carried, going.knowledge, currency).in_(language())
