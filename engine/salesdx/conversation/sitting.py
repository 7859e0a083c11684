"""One sitting of an interview: which interview it belongs to, and the time.

The one place of the terminal that knows a clock and makes keys: `salesdx.interview` is
given both.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from salesdx.answers.file import AnswerEntry


def now() -> str:
    """The time in UTC to the second, ISO 8601."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Sitting:
    """Stamps the answers of one sitting.

    `interview` is the id of the interview that it begins or continues. Each answer gets
    a key of its own, so that one that is written twice counts once.
    """

    interview: str = ""
    clock: Callable[[], str] = field(default=now)

    def stamp(self, entry: AnswerEntry) -> AnswerEntry:
        """The entry with its time, its interview and its key."""
        return entry.model_copy(
            update={
                "at": self.clock(), "interview": self.interview,
                "key": entry.key or secrets.token_hex(8),
            }
        )  # fmt: skip
