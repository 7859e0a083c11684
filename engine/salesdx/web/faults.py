"""What is shown when something is wrong: what, and what to do; never a traceback."""

import logging

from flask import Flask, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from salesdx.errors import DataError, KnowledgeError, SalesdxError, in_language
from salesdx.web.language import language
from salesdx.web.page import page, t

_log = logging.getLogger("salesdx.web")
_OURS = (400, 401, 403, 404, 405, 409, 413, 422, 429)


def install(app: Flask) -> None:
    """Answer every fault with a page, or with JSON where the API was called."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SalesdxError, _told)
    app.register_error_handler(Exception, _ours)


def _http(error: HTTPException) -> Response:
    code = error.code or 500
    known = code if code in _OURS else 500 if code >= 500 else 400
    response = _shown(code, t(f"faults.{known}"), t(f"faults.{known}-do"))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _told(error: SalesdxError) -> Response:
    """Something of the case or its files is wrong: the message says what to do."""
    message = in_language(error.message, language())
    details = [str(p) for p in getattr(error, "problems", ())][:20]
    code = 422 if isinstance(error, DataError | KnowledgeError) else 400
    return _shown(code, t("faults.422"), message, details)


def _ours(error: Exception) -> Response:
    """A fault of ours: the log says where, and never what anybody answered."""
    where = error.__traceback__
    while where and where.tb_next:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "?"
    # a message of the database or of pydantic may quote an answer: the kind is enough
    _log.error("%s %s: %s at %s", request.method, request.endpoint,
               type(error).__name__, place)  # fmt: skip
    busy = isinstance(error, SQLAlchemyError)
    return _shown(503 if busy else 500, t("faults.500"), t("faults.500-do"))


def _shown(code: int, what: str, do: str, details: list[str] | None = None) -> Response:
    if request.path.startswith("/api/"):
        body = {"error": {"status": code, "message": what, "do": do}}
        if details:
            body["error"]["details"] = details
        response = jsonify(body)
        response.status_code = code
        return response
    return page("fault.html.j2", code, what=what, do=do, details=details or [])
