"""What is said, among the statements on the data, of answers that do not count."""

from salesdx.answers.log import AnswerLog
from salesdx.case import Note
from salesdx.errors import Said
from salesdx.language import LANGUAGES, quoted

OLDER = "answers-to-older-questions"
TO_CONFIRM = "answers-to-confirm"
_SHOWN = 3


def unheard_notes(log: AnswerLog) -> list[Note]:
    """Answers to questions that have changed since, by what can be done about them."""
    found = []
    for name, fate in ((TO_CONFIRM, "confirm"), (OLDER, "dropped")):
        rows = [u for u in log.unheard if u.fate == fate]
        if not rows:
            continue
        more = f" … +{len(rows) - _SHOWN}" if len(rows) > _SHOWN else ""
        shown = [
            ", ".join(quoted(u.title.in_(lang), lang) for u in rows[:_SHOWN]) + more
            for lang in LANGUAGES
        ]
        examples = Said(shown[0], shown[1])
        found.append(Note(name, "", {"count": len(rows), "examples": examples}))
    return found
