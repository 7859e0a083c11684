"""How fast one caller goes on: counted in memory, for a restart may forgive it.

Unlike tries at what is guarded (`limits`), which are counted in the database: to write
there at every answer would cost as much as the answer.
"""

import threading
from collections import OrderedDict, deque

from flask import Flask, current_app
from werkzeug.exceptions import TooManyRequests

from salesdx.storage.tries import Limit
from salesdx.web.caller import now

_NAME = "salesdx.pace"
_CALLERS = 10_000  # whose pace is known at once; the longest quiet is forgotten


class _Pace:
    """The moments of the last calls, by limit and caller."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def wait(self, limit: Limit, whose: str, at: float) -> float:
        """Count a call; seconds to wait where there were too many."""
        key = limit.name, whose
        with self._lock:
            seen = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while seen and seen[0] <= at - limit.seconds:
                seen.popleft()
            if len(seen) >= limit.most:
                return seen[0] + limit.seconds - at
            seen.append(at)
            while len(self._seen) > _CALLERS:
                self._seen.popitem(last=False)
        return 0.0


def install(app: Flask) -> None:
    """Each server counts for itself."""
    app.extensions[_NAME] = _Pace()


def keep_pace(limit: Limit, whose: str) -> None:
    """Count a call; whoever goes too fast gets 429 and when to come back."""
    pace: _Pace = current_app.extensions[_NAME]
    wait = pace.wait(limit, whose, now().timestamp())
    if wait > 0:
        raise TooManyRequests(retry_after=int(wait) + 1)
