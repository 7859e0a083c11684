"""Who is calling: nobody known, a user, the holder of a link, a token of the API."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from flask import Request, current_app, g
from sqlalchemy import Engine

from salesdx.access.roles import Action, may
from salesdx.access.tokens import form_token
from salesdx.storage import accounts, api_tokens, links, sessions
from salesdx.storage.accounts import User
from salesdx.storage.links import Link
from salesdx.web.settings import Settings
from salesdx.workspace.desk import Desk

Kind = Literal["anonymous", "staff", "respondent"]
_BEARER = "Bearer "
ANSWERING = ("/assessment", "/s/")  # where respondents are


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling; `session` is the token in the cookie, none for the API."""

    kind: Kind = "anonymous"
    user: User | None = None
    link: Link | None = None
    session: str = ""

    @property
    def name(self) -> str:
        """How to call him on a page."""
        return self.user.title if self.user else ""

    @property
    def role(self) -> str:
        """The role of a user, or the one that a respondent answers in."""
        return self.user.role if self.user else self.link.role if self.link else ""

    @property
    def form_token(self) -> str:
        """What the forms of this session carry."""
        return form_token(self.session) if self.session else ""

    def may(self, action: Action) -> bool:
        """Whether the action is allowed at all; of which case is asked apart."""
        if action == "public":
            return True
        if self.user is not None:
            return may(self.user.role, action)
        return self.link is not None and action == "answer"


_NOBODY = Caller()


def now() -> dt.datetime:
    """The moment; tests set another clock."""
    clock = current_app.extensions["salesdx.clock"]
    found: dt.datetime = clock()
    return found


def desk() -> Desk:
    """What this server works on."""
    found: Desk = current_app.extensions["salesdx.desk"]
    return found


def engine() -> Engine:
    """The database of this server."""
    return desk().engine


def settings() -> Settings:
    """How this server is set up."""
    found: Settings = current_app.extensions["salesdx.settings"]
    return found


def caller() -> Caller:
    """Who calls now."""
    found: Caller = g.get("caller", _NOBODY)  # a fault may come before we know
    return found


def cookie_name() -> str:
    """The name of the cookie; with the prefix it cannot be set from elsewhere."""
    return "__Host-salesdx" if settings().secure else "salesdx"


def answers_cookie_name() -> str:
    """The name of the cookie of a respondent: a consultant may try his own link."""
    return f"{cookie_name()}-answers"


def device_cookie_name() -> str:
    """The name of the cookie of a browser that has signed in before."""
    return f"{cookie_name()}-device"


def to_api(request: Request) -> bool:
    """Whether a program calls: it shows a token, and gets JSON."""
    return request.path.startswith("/api/")


def answering(request: Request) -> Link | None:
    """The link by which this browser may answer, wherever it asks from."""
    token = request.cookies.get(answers_cookie_name(), "")
    found = sessions.find(engine(), token, now()) if token else None
    link = links.by_id(engine(), found.link or "") if found else None
    return link if link and link.state(now()) in ("open", "finished") else None


def recognised(request: Request) -> Caller:
    """Who makes a request.

    The API listens to tokens alone and pages to cookies alone: no page of another site
    can use the API with somebody's cookie, and no header spares the proof of a form.
    """
    if to_api(request):
        given = request.headers.get("Authorization", "")
        if not given.startswith(_BEARER):
            return _NOBODY
        name = api_tokens.user_of(engine(), given.removeprefix(_BEARER), now())
        return _staff(name, "")
    answering = request.path.startswith(ANSWERING)
    name = answers_cookie_name() if answering else cookie_name()
    token = request.cookies.get(name, "")
    found = sessions.find(engine(), token, now()) if token else None
    if found is None:
        return _NOBODY
    if not answering:
        return _staff(found.user, token)
    link = links.by_id(engine(), found.link or "")
    if link is None:
        return _NOBODY
    return Caller("respondent", link=link, session=token)


def _staff(name: str | None, session: str) -> Caller:
    user = accounts.find_user(engine(), name) if name else None
    if user is None or user.disabled:
        return _NOBODY
    return Caller("staff", user=user, session=session)
