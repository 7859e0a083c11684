"""Signing in and out."""

import datetime as dt

from flask import Blueprint, g, redirect, request, url_for
from werkzeug.wrappers import Response

from salesdx.access import passwords
from salesdx.access.tokens import new_token
from salesdx.storage import accounts, sessions
from salesdx.storage.tries import forgive, remember, remembered
from salesdx.web.caller import (
    Caller,
    answering,
    caller,
    cookie_name,
    device_cookie_name,
    engine,
    now,
    settings,
)
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import inside
from salesdx.web.limits import (
    SIGN_IN,
    SIGN_IN_ACCOUNT,
    SIGN_IN_PLACE,
    address,
    limit,
)
from salesdx.web.page import page, t

blueprint = Blueprint("account", __name__)
_DEVICE, _DEVICE_DAYS = "device", 180


@blueprint.get("/sign-in")
@needs("public")
def sign_in() -> Response:
    """Ask for name and password."""
    if caller().kind == "staff":
        return redirect(url_for("cases.all_cases"), 303)
    back = inside(request.args.get("back", ""))
    return page(
        "account/sign_in.html.j2", name="", back=back, errors=[],
        questions=answering(request) is not None,
    )  # fmt: skip


@blueprint.post("/sign-in")
@needs("public")
def signed_in() -> Response:
    """Check them; a wrong name and a wrong password look alike."""
    form = Form()
    name, back = form.text("name").lower(), form.text("back")
    password = request.form.get("password", "")
    whose = _count_try(name)
    stored = accounts.password_of(engine(), name)
    if not passwords.fits(password, stored):
        form.wrong("name", t("account.wrong"))
        return page(
            "account/sign_in.html.j2", 422, name=name, back=back, errors=form.errors,
            failed=True,
        )  # fmt: skip
    assert stored is not None
    forgive(engine(), SIGN_IN, whose)
    if passwords.is_weak(stored):
        accounts.renew_hash(engine(), name, stored, passwords.renewed(password))
    response = redirect(inside(back), 303)
    begin_session(response, name)
    _know_device(response, name)
    return response


@blueprint.post("/sign-out")
@needs("public")
def sign_out() -> Response:
    """End the session; nothing of the pages stays in the browser."""
    if caller().session:
        sessions.end(engine(), caller().session)
    response = redirect(url_for("account.sign_in"), 303)
    response.delete_cookie(
        cookie_name(), path="/", secure=settings().secure, httponly=True, samesite="Lax"
    )
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def begin_session(response: Response, user: str) -> None:
    """Sign a user in; whatever session there was before is worth nothing more."""
    before = caller().session or None
    token = sessions.begin(engine(), now(), user=user, instead_of=before)
    set_session(response, token)
    g.caller = Caller("staff", user=accounts.find_user(engine(), user), session=token)


def set_session(
    response: Response, token: str, days: int | None = None, name: str = ""
) -> None:
    """Give the cookie of a session; without days it ends with the browser."""
    _set_cookie(response, name or cookie_name(), token, days)


def _set_cookie(
    response: Response, name: str, value: str, days: int | None
) -> None:  # fmt: skip
    response.set_cookie(
        name, value, secure=settings().secure, httponly=True, samesite="Lax",
        path="/", max_age=days * 86_400 if days else None,
    )  # fmt: skip


def _count_try(name: str) -> str:
    """Count a try to sign in; gives whose it is, to forgive a right one.

    A browser in which this user has signed in before is counted by itself: guesses
    from elsewhere, even from behind the same address, do not shut its owner out.
    """
    device = _device()
    if device and remembered(engine(), _DEVICE, f"{device} {name}", now()):
        whose = f"{device} {name}"
        limit(SIGN_IN, whose)
        return whose
    whose = f"{address()} {name}"
    limit(SIGN_IN_PLACE, address())
    limit(SIGN_IN, whose)
    limit(SIGN_IN_ACCOUNT, name)
    return whose


def _device() -> str:
    return request.cookies.get(device_cookie_name(), "")


def _know_device(response: Response, name: str) -> None:
    device = _device()
    if not device or not remembered(engine(), _DEVICE, f"{device} {name}", now()):
        device = new_token()
    until = now() + dt.timedelta(days=_DEVICE_DAYS)
    remember(engine(), _DEVICE, f"{device} {name}", until)
    _set_cookie(response, device_cookie_name(), device, _DEVICE_DAYS)
