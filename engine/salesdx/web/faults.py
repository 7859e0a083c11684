"""What is shown when something is wrong: what, and what to do; never a traceback."""

import logging

from flask import Flask, Response, jsonify, make_response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from salesdx.errors import (
    DataError,
    KnowledgeError,
    SalesdxError,
    hinted,
    in_language,
    visible,
)
from salesdx.web.caller import settings, to_api
from salesdx.web.language import language
from salesdx.web.page import page, t

_log = logging.getLogger("salesdx.web")
_OURS = (400, 401, 403, 404, 405, 409, 413, 415, 421, 422, 429, 503)
_BUSY_S = 5  # after which a busy database may be asked again
Detail = dict[str, str]


class RefusedError(Exception):
    """Something that was sent is wrong, at named places: for the API."""

    def __init__(self, details: list[Detail], code: int = 422, do: str = "") -> None:
        self.details, self.code, self.do = details, code, do
        super().__init__(code)


def install(app: Flask) -> None:
    """Answer every fault with a page, or with JSON where the API was called."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(SalesdxError, _told)
    app.register_error_handler(Exception, _ours)
    # Flask would log the path and the traceback of what even these cannot answer
    app.log_exception = lambda exc_info: _note(exc_info[1])  # type: ignore[method-assign]


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)  # a page that ends early, no fault
    code = error.code or 500
    known = code if code in _OURS else 500 if code >= 500 else 400
    response = _shown(code, t(f"faults.{known}"), _what_to_do(error, known))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    if code == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="salesdx"'
    if code == 413:
        response.headers["Connection"] = "close"  # the rest is not waited for
    return response


def _what_to_do(error: HTTPException, code: int) -> str:
    wait = getattr(error, "retry_after", None)
    if wait and code == 429:
        return t("faults.429-wait", wait=_wait(wait))
    own = settings().public or "http://localhost"
    return t(f"faults.{code}-do", address=own)


def _wait(seconds: int) -> str:
    if seconds <= 90:
        return t("faults.seconds", n=seconds)
    return t("faults.minutes", n=-(-seconds // 60))


def _refused(error: RefusedError) -> Response:
    do = error.do or t("faults.422-do")
    return _shown(error.code, t(f"faults.{error.code}"), do, error.details)


def _told(error: SalesdxError) -> Response:
    """Something of the case or its files is wrong: the message says what to do."""
    message = in_language(error.message, language())
    details = [
        {
            "at": f"{p.file}:{p.line}:{p.col}" if p.line else p.file,
            "code": p.code,
            "message": visible(in_language(hinted(p.message, p.hint), language())),
        }
        for p in error.problems[:20]
    ]
    code = 422 if isinstance(error, DataError | KnowledgeError) else 400
    return _shown(code, t("faults.422"), message, details)


def _ours(error: Exception) -> Response:
    """A fault of ours: the log says where, and never what anybody answered."""
    _note(error)
    busy = isinstance(error, SQLAlchemyError)
    try:
        response = _shown(503 if busy else 500, t("faults.500"), t("faults.500-do"))
    except Exception as again:  # the page of the fault has one itself
        _note(again)
        response = make_response("500", 500)
        response.mimetype = "text/plain"
    if busy:
        response.headers["Retry-After"] = str(_BUSY_S)
    return response


def _note(error: BaseException | None) -> None:
    """Log the kind of an error and its place: its message may quote an answer."""
    where = error.__traceback__ if error else None
    while where and where.tb_next:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
    _log.error("%s %s: %s at %s", request.method, request.endpoint,
               type(error).__name__, place)  # fmt: skip


def _shown(
    code: int, what: str, do: str, details: list[Detail] | None = None
) -> Response:
    if to_api(request):
        body = {"status": code, "message": what, "do": do, "details": details or []}
        response = jsonify(error=body)
        response.status_code = code
        return response
    lines = [f"{d['at']}: {d['message']}" for d in details or []]
    return page("fault.html.j2", code, what=what, do=do, details=lines)
