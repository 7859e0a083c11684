"""What a house says around a report, and what it may name of it."""

import re
from dataclasses import dataclass

from salesdx.language import Text
from salesdx.render.look import Look
from salesdx.render.words import Words
from salesdx.result import ResultDocument

# in the order in which reports have them; a look may name these
CHAPTERS = (
    "lost", "gate", "map", "areas", "findings", "causes", "plan", "differ", "fine",
    "unseen", "next", "claimed", "since", "method", "glossary", "appendix",
)  # fmt: skip
OWN_PREFIX = "own-"  # before the id of an own section, wherever chapters are named
HOLES = ("house", "company", "day")
_HOLE = re.compile(rf"\{{({'|'.join(HOLES)})\}}")


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What the house says around a report, in one language; empty where it is ours."""

    kicker: str = ""
    prepared: str = ""
    footer: str = ""
    mark: str = ""


def own_words(document: ResultDocument, words: Words, look: Look) -> OwnWords:
    """The lines of the look with `{house}`, `{company}` and `{day}` filled in."""
    case, house = document.case, look.name
    values = dict.fromkeys(HOLES, "")
    values["house"] = house.in_(words.lang) if house else ""
    values["company"] = case.name
    values["day"] = words.iso(case.as_of) if case.as_of else ""

    def told(text: Text | None) -> str:
        if text is None:
            return ""
        # a case may have no date: then a line of its own can be empty
        return _HOLE.sub(lambda m: values[m[1]], words.text(text)).strip()

    return OwnWords(
        told(look.kicker), told(look.prepared), told(look.footer), told(look.mark)
    )
