"""What is thought of one file."""

from dataclasses import dataclass, field

from salesdx.crm.guess import Guess
from salesdx.crm.import_report import Advice
from salesdx.crm.kinds import Crm
from salesdx.crm.mapping import FileMap
from salesdx.crm.opening import Opened


@dataclass(slots=True)
class Proposal:
    """What is thought of one file; `guesses` is empty where a mapping was given."""

    opened: Opened
    file: FileMap
    guesses: list[Guess]
    crm: Crm
    known_as: str | None = None
    notes: list[Advice] = field(default_factory=list)
    drifted: list[tuple[str, str]] = field(default_factory=list)
