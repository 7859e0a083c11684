"""The consultant's interviews: whom to talk to, what is going on, a talk as a whole."""

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from salesdx.company import Respondent
from salesdx.interview.timing import minutes
from salesdx.web import interview_move  # noqa: F401 (its routes are on the blueprint)
from salesdx.web import interview_words as words
from salesdx.web.caller import desk, now
from salesdx.web.case_page import case_page, waiting
from salesdx.web.forms import Form
from salesdx.web.guard import needs
from salesdx.web.interview_question import after
from salesdx.web.interview_talk import (
    TALK,
    Held,
    blueprint,
    held,
    live,
    people_url,
)
from salesdx.web.language import language
from salesdx.web.page import t
from salesdx.workspace import guided, interviewees
from salesdx.workspace.interviewees import MODES, Known
from salesdx.workspace.talks import is_outdated

__all__ = ["blueprint"]
_FIELDS = ("who", "role", "name", "mode", "manager")
_NEW, _NAME = "new", 80


@blueprint.get("/cases/<case>/interview")
@needs("case.read")
def overview(case: str) -> Response:
    """Whom to talk to, what is going on, any question by its words."""
    wait = waiting(case)
    fresh = dict.fromkeys(_FIELDS, "") | {"mode": MODES[0]}
    return wait or _overview(case, Form(), fresh)


@blueprint.post("/cases/<case>/interview")
@needs("case.change")
def begin(case: str) -> AnyResponse:
    """Begin with somebody, or go on where it stopped."""
    form = Form()
    given = {name: form.text(name, _NAME) for name in _FIELDS}
    who = given["who"]
    known = interviewees.at(desk(), case, who) if who not in ("", _NEW) else None
    if who == _NEW:
        if given["role"] not in desk().measured(case).knowledge.roles:
            form.wrong("role", t("interview.fault.role"))
    elif known is None:
        form.wrong("who", t("interview.fault.who"))
    if given["mode"] not in MODES:
        form.wrong("mode", t("interview.fault.mode"))
    if form.failed:
        return _overview(case, form, given)
    if who == _NEW:
        person = Respondent(role=given["role"], name=given["name"] or None,
                            manager=given["manager"] or None)  # fmt: skip
        who = interviewees.address(interviewees.add(desk(), case, person))
    return redirect(
        url_for("interview.talk", case=case, who=who, mode=given["mode"]), 303
    )


def _overview(case: str, form: Form, given: dict[str, str]) -> Response:
    lang = language()
    people = interviewees.everybody(desk(), case, lang, now())
    ground = desk().ground(case)
    query = request.args.get("q", "").strip()[:200]
    roles = [(r.id, r.title.in_(lang)) for r in ground.knowledge.roles.values()]
    return case_page(
        "interview/overview.html.j2", case, "interview", 422 if form.failed else 200,
        failed=form.failed, errors=form.errors, given=given, people=people,
        minutes=minutes, roles=roles, query=query, people_url=people_url(case),
        choices=[(p.address, p.name) for p in people],
        manager_choices=[(m, m) for m in ground.facts.values_of("manager")],
        mode_choices=[
            (m, t(f"interview.mode.{m}"), t(f"interview.mode.{m}-note")) for m in MODES
        ],
        found=_catalogue(case, query, people) if query else [],
        total=len(ground.knowledge.questions),
    )  # fmt: skip


def _catalogue(case: str, query: str, people: list[Known]) -> list[dict[str, object]]:
    """Questions by words: who answers them, and who of those known may be asked."""
    knowledge, lang = desk().measured(case).knowledge, language()
    found = []
    for asked in guided.catalogue(knowledge, query)[:30]:
        roles = [knowledge.roles[r].title.in_(lang) for r in asked.who]
        ask = [
            (p.name, url_for("interview.question", case=case, who=p.address,
                             mode=p.talks[0].mode if p.talks else MODES[0],
                             asked=asked.id))
            for p in people if p.role in asked.who and asked.about is None
        ]  # fmt: skip
        found.append({"question": asked, "roles": roles, "ask": ask})
    return found


@blueprint.get(TALK)
@needs("case.read")
def talk(case: str, who: str, mode: str) -> Response:
    """A talk as a whole: subjects, answers to change, what was put off or not known."""
    wait = waiting(case)
    if wait:
        return wait
    here = held(case, who, mode)
    return _talk(here)


def _talk(here: Held) -> Response:
    talk, lang = here.talk, language()
    standing = talk.standing()
    query = request.args.get("q", "").strip()[:200]
    subject = request.args.get("subject", "")
    if subject and subject not in talk.knowledge.questionnaires:
        abort(404)
    asks = guided.of_section(talk, subject) if subject else guided.found(talk, query)
    leading = live().of(here.case, talk)
    history = words.listed(here, talk.history())
    tasks = [
        (t_.question.title.in_(lang),
         talk.knowledge.roles[t_.ask].title.in_(lang) if t_.ask else "")
        for t_ in guided.to_find_out(talk)
    ]  # fmt: skip
    put_off = [a for a in standing.left if (a.question.id, a.about) in standing.put_off]
    following = standing.next
    return case_page(
        "interview/talk.html.j2", here.case, "interview",
        talk_url=here.url(), who=here.name, mode=talk.mode, standing=standing,
        left=words.left(standing), sections=words.sections(here, standing),
        continue_url=here.url_of(following) if following else "",
        following=words.title(talk, following) if following else "",
        history=history[::-1], tasks=tasks, put_off=words.listed(here, put_off),
        query=query, subject=subject, found=words.listed(here, asks),
        subject_title=(
            talk.knowledge.questionnaires[subject].title.in_(lang) if subject else ""
        ),
        leading=leading, causes=words.causes(here, leading), after=after(here),
        gone=bool(request.args.get("gone")), stop=standing.stop,
        outdated=is_outdated(desk(), here.case, talk), move_url=here.url_to_move(),
        moved=bool(request.args.get("moved")), people_url=people_url(here.case),
        candidates=words.candidates(here, standing, None),
    )  # fmt: skip
