"""Who reads it: the owner, the consultant, or the team (nobody shamed by name)."""

from typing import Literal

from salesdx.render.anonymise import anonymised
from salesdx.result import ResultDocument

Audience = Literal["owner", "consultant", "team"]
_PERSONAL = {"manager", "client"}


def fit_for(audience: Audience, document: ResultDocument) -> ResultDocument:
    """The team's copy holds no row about a person and no word of who said what."""
    if audience != "team":
        return document
    document = anonymised(document)  # a text may still name somebody
    causes = [
        c
        for c in document.causes
        if c.kind != "people" and not _PERSONAL & set(c.slice)
    ]
    kept = {c.id for c in causes}
    top = [i for i in document.summary.top_causes if i in kept]
    return document.model_copy(
        update={
            "summary": document.summary.model_copy(update={"top_causes": top}),
            "causes": causes,
            "losses": [x for x in document.losses if not _PERSONAL & set(x.slice)],
            "metrics": [m for m in document.metrics if not _PERSONAL & set(m.slice)],
            "symptoms": [s for s in document.symptoms if not _PERSONAL & set(s.slice)],
            "breaks": [b for b in document.breaks if not _PERSONAL & set(b.slice)],
            "disagreements": [],
            "answers": [],
        }
    )
