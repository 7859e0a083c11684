"""Whether a result passes what a scheduler asks of it: named conditions, judged alike.

`judge(wanted("new-cause,worse"), Situation(now, since))` is pure; it compares nothing
itself, and reads no file.
"""

from salesdx.gate.asked import DEFAULT, Wanted, wanted
from salesdx.gate.conditions import CONDITIONS
from salesdx.gate.earlier import Earlier, earlier, refuse_unless_known
from salesdx.gate.judging import judge
from salesdx.gate.model import Gate
from salesdx.gate.situation import Situation
from salesdx.gate.telling import FORMATS, told

__all__ = [
    "CONDITIONS", "DEFAULT", "FORMATS", "Earlier", "Gate", "Situation", "Wanted",
    "earlier", "judge", "refuse_unless_known", "told", "wanted",
]  # fmt: skip
