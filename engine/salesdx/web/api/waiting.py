"""Figures take seconds to measure: a program is told to come back."""

from werkzeug.exceptions import ServiceUnavailable

from salesdx.web.caller import desk, settings

AGAIN_S = 2


def is_measured(case: str) -> bool:
    """Whether the figures are there, or come within the patience of a request."""
    if desk().is_ready(case):
        return True
    desk().prepare(case)
    return desk().wait(case, settings().patience)


def when_measured(case: str) -> None:
    """Go on once the figures are there, or refuse for a moment (503)."""
    if not is_measured(case):
        raise ServiceUnavailable(retry_after=AGAIN_S)
