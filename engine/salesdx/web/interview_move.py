"""Moving a begun interview to newer questions: first what would become of it."""

from flask import redirect
from werkzeug.wrappers import Response as AnyResponse

from salesdx.answers.carried import Carried
from salesdx.interview.moving_words import WHY, former
from salesdx.web.caller import desk, now
from salesdx.web.case_page import case_page, waiting
from salesdx.web.guard import needs
from salesdx.web.interview_talk import TALK, Held, blueprint, held
from salesdx.web.language import language
from salesdx.workspace.moving_talk import move as move_on
from salesdx.workspace.moving_talk import preview_of


@blueprint.get(f"{TALK}/move")
@needs("case.change")
def move(case: str, who: str, mode: str) -> AnyResponse:
    """What is kept, what must be confirmed, what is not taken over, what is new."""
    wait = waiting(case)
    if wait:
        return wait
    here = held(case, who, mode)
    shown = preview_of(desk(), case, here.talk.by, here.talk.role, mode)
    if shown is None:
        return redirect(here.url(), 303)
    return case_page(
        "interview/move.html.j2", case, "interview", who=here.name, talk_url=here.url(),
        action=here.url_to_move(), mode=mode, shown=shown,
        version=desk().measured(case).knowledge.pinned.version,
        kept=len(shown.kept),
        confirm=_rows(here, [c for c in shown.confirm if c.fits]),
        anew=_rows(here, [c for c in shown.confirm if not c.fits]),
        dropped=_rows(here, list(shown.dropped)),
        new=[q.title.in_(language()) for q in shown.new],
    )  # fmt: skip


@blueprint.post(f"{TALK}/move")
@needs("case.change")
def do_move(case: str, who: str, mode: str) -> AnyResponse:
    """Move it; where that was done before, nothing happens."""
    here = held(case, who, mode)
    shown = preview_of(desk(), case, here.talk.by, here.talk.role, mode)
    if shown is not None:
        move_on(desk(), case, shown, now())
    return redirect(here.url(moved="yes"), 303)


def _rows(here: Held, carried: list[Carried]) -> list[dict[str, str]]:
    lang, talk = language(), here.talk
    knowledge = desk().measured(here.case).knowledge
    currency = talk.ground.case.company.currency
    return [
        {
            "title": c.title.in_(lang), "about": ", ".join(v for _, v in c.where),
            "said": former(c, knowledge, currency).in_(lang),
            "why": WHY[c.why].in_(lang),
        }
        for c in carried
    ]  # fmt: skip
