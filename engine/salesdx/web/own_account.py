"""A user's own account: password, where he is signed in, tokens of the API."""

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.access import passwords
from salesdx.errors import DataError, in_language
from salesdx.storage import accounts, api_tokens, sessions
from salesdx.storage.accounts import User
from salesdx.storage.moments import written
from salesdx.web.account import begin_session
from salesdx.web.caller import caller, engine, now
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import language
from salesdx.web.limits import SIGN_IN, TOKENS, limit
from salesdx.web.page import page, t

blueprint = Blueprint("own_account", __name__)
_DONE = ("password", "ended", "revoked")
_LONGEST_TITLE = 80
DAYS = ("30", "90", "365")


@blueprint.get("/account")
@needs("own-account")
def overview() -> Response:
    """Who I am here, and what opens in my name."""
    done = request.args.get("done", "")
    return _shown(done=done if done in _DONE else "")


@blueprint.post("/account/password")
@needs("own-account")
def change_password() -> AnyResponse:
    """Set another password; the old one proves that it is he who sets it."""
    form, user = Form(), _user()
    new = request.form.get("new", "")
    limit(SIGN_IN, f"own {user.name}")
    stored = accounts.password_of(engine(), user.name)
    if not passwords.fits(request.form.get("old", ""), stored):
        form.wrong("old", t("account.old-wrong"))
    if new != request.form.get("again", ""):
        form.wrong("again", t("account.again-wrong"))
    hashed = ""
    try:
        hashed = passwords.hash_of(new)
    except DataError as error:
        told = in_language(error.message, language())
        form.wrong("new", told[0].upper() + told[1:])
    if form.failed:
        return _shown(422, errors=form.errors, failed=True)
    at = written(now())
    accounts.set_password(engine(), user.name, hashed, at, user.name)
    response = redirect(url_for("own_account.overview", done="password"), 303)
    begin_session(response, user.name)
    return response


@blueprint.post("/account/sessions/end")
@needs("own-account")
def end_others() -> AnyResponse:
    """Sign out everywhere but here."""
    sessions.end_others(engine(), _user().name, caller().session)
    return redirect(url_for("own_account.overview", done="ended"), 303)


@blueprint.post("/account/tokens")
@needs("own-account")
def add_token() -> Response:
    """Make a token; this page is the only one that ever shows it."""
    form, user = Form(), _user()
    title = form.needed("title", t("account.token-title-missing"))
    days = form.text("days")
    if days not in DAYS:
        form.wrong("days", t("account.token-days-wrong"))
    if form.failed:
        return _shown(422, errors=form.errors, failed=True, title=title, days=days)
    limit(TOKENS, user.name)
    title = title.replace("\x00", "")[:_LONGEST_TITLE]
    _, text = api_tokens.add_token(engine(), user.name, title, now(), int(days))
    return _shown(token=text)


@blueprint.post("/account/tokens/<token>/revoke")
@needs("own-account")
def revoke_token(token: str) -> AnyResponse:
    """Take a token back at once."""
    if not any(token == t.id for t in api_tokens.tokens_of(engine(), _user().name)):
        abort(404)
    api_tokens.revoke_token(engine(), _user().name, token, now())
    return redirect(url_for("own_account.overview", done="revoked"), 303)


def _user() -> User:
    user = caller().user
    assert user is not None
    return user


def _shown(
    status: int = 200, *, done: str = "", errors: list[dict[str, str]] | None = None,
    token: str = "", title: str = "", days: str = "90", failed: bool = False,
) -> Response:  # fmt: skip
    user = _user()
    return page(
        "account/overview.html.j2", status, user=user, done=done, errors=errors or [],
        failed=failed, token=token, title=title, days=days, all_days=DAYS,
        places=sessions.places_of(engine(), user.name, caller().session, now()),
        tokens=[
            (found, found.state(now()))
            for found in api_tokens.tokens_of(engine(), user.name)
        ],
        place="account",
    )  # fmt: skip
