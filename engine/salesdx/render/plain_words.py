"""Where a line must not break, in sentences of any report."""

import re

from salesdx.language import Language

# the blank between a figure and its unit must not break the line
_GLUE = re.compile(
    r"(?<=\d) (?=(?:%|₽|€|млн|тыс|дн\.|дней|мин|ч|h|min)(?!\w))|(?<=млн|тыс) (?=₽)"
    r"|(?<=тыс\.) (?=₽)"
)
# in Russian a dash never begins a line; a question takes no colon after it
_HELD = re.compile(r" (?=[—–] )")


def glued(text: str, lang: Language) -> str:
    """A sentence whose figures keep their units."""
    if lang == "ru":
        text = _HELD.sub("\u00a0", text)
    return _GLUE.sub("\u00a0", text)
