"""The talk that an address stands for, and the addresses of its pages."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, current_app, url_for

from salesdx.conversation.interview import Interview
from salesdx.interview.agenda import Ask
from salesdx.web.caller import desk, now
from salesdx.web.language import language
from salesdx.workspace import guided, interviewees
from salesdx.workspace.live_causes import LiveCauses
from salesdx.workspace.talks import keep, open_talk

blueprint = Blueprint("interview", __name__)
TALK = "/cases/<case>/interview/<who>/<mode>"


@dataclass(frozen=True, slots=True)
class Held:
    """A talk with its place among the pages."""

    case: str
    who: str
    talk: Interview

    @property
    def name(self) -> str:
        """Who answers."""
        return guided.name_of(self.talk, self.talk.by, language())

    def url(self, **query: str | None) -> str:
        """The page of the talk as a whole."""
        return self._at("interview.talk", **query)

    def url_of(self, ask: Ask, **query: str | None) -> str:
        """The page of one question."""
        return self._at("interview.question", asked=guided.of_ask(ask), **query)

    def url_to_move(self) -> str:
        """Where the talk is moved to newer questions."""
        return self._at("interview.move")

    def _at(self, endpoint: str, **values: Any) -> str:
        return url_for(
            endpoint, case=self.case, who=self.who, mode=self.talk.mode, **values
        )


def held(case: str, who: str, mode: str) -> Held:
    """The talk of an address; 404 where nobody, or no way of asking, is called so."""
    found = interviewees.at(desk(), case, who)
    if found is None or mode not in interviewees.MODES:
        abort(404)
    by, role = found
    talk = open_talk(
        desk(), case, role=role, by=by, mode=mode, alone=False, now=now()
    )  # fmt: skip
    return Held(case, who, talk)


def leave(here: Held) -> None:
    """Leave the talk to the next request, which then is quicker."""
    keep(desk(), here.talk)


def people_url(case: str) -> str:
    """Where respondents agree on disputed answers; "" where there is no such page."""
    there = "people.overview" in current_app.view_functions
    return url_for("people.overview", case=case) if there else ""


def cause_url(case: str, cause: str) -> str:
    """Where a cause is laid open; "" where there is no such page."""
    there = "causes.cause" in current_app.view_functions
    return url_for("causes.cause", case=case, cause=cause) if there else ""


def live() -> LiveCauses:
    """What remembers where causes stood."""
    kept = current_app.extensions
    if "salesdx.live" not in kept:
        kept["salesdx.live"] = LiveCauses(desk())
    found: LiveCauses = kept["salesdx.live"]
    return found
