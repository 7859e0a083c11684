"""Signing in and out."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from salesdx.access import passwords
from salesdx.storage import accounts, sessions
from salesdx.storage.tries import forgive
from salesdx.web.caller import caller, cookie_name, engine, now, settings
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.language import inside
from salesdx.web.limits import SIGN_IN, address, limit
from salesdx.web.page import page, t

blueprint = Blueprint("account", __name__)


@blueprint.get("/sign-in")
@needs("public")
def sign_in() -> Response:
    """Ask for name and password."""
    if caller().kind == "staff":
        return redirect(url_for("cases.all_cases"), 303)
    back = request.args.get("back", "")
    return page("account/sign_in.html.j2", name="", back=back, errors=[])


@blueprint.post("/sign-in")
@needs("public")
def signed_in() -> Response:
    """Check them; a wrong name and a wrong password look alike."""
    form = Form()
    name, back = form.text("name").lower(), form.text("back")
    limit(SIGN_IN, f"{address()} {name}")
    stored = accounts.password_of(engine(), name)
    if not passwords.fits(request.form.get("password", ""), stored):
        form.wrong("name", t("account.wrong"))
        return page(
            "account/sign_in.html.j2", 422, name=name, back=back, errors=form.errors,
            failed=True,
        )  # fmt: skip
    forgive(engine(), SIGN_IN, f"{address()} {name}")
    token = sessions.begin(
        engine(), now(), user=name, instead_of=caller().session or None
    )
    response = redirect(inside(back), 303)
    set_session(response, token)
    return response


@blueprint.post("/sign-out")
@needs("public")
def sign_out() -> Response:
    """End the session."""
    if caller().session:
        sessions.end(engine(), caller().session)
    response = redirect(url_for("account.sign_in"), 303)
    response.delete_cookie(cookie_name(), path="/", secure=settings().secure)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def set_session(response: Response, token: str, days: int | None = None) -> None:
    """Give the cookie of a session; without days it ends with the browser."""
    response.set_cookie(
        cookie_name(), token, secure=settings().secure, httponly=True, samesite="Lax",
        path="/", max_age=days * 86_400 if days else None,
    )  # fmt: skip
