"""Answers through the API: read, and added; nothing is changed or removed."""

from salesdx.answers.file import AnswerEntry
from salesdx.storage.answers import DatabaseAnswers
from salesdx.web.api.cases import user
from salesdx.web.api.models import Added, Answers, NewAnswers
from salesdx.web.api.operations import Operation, Reply, blueprint, operation
from salesdx.web.api.waiting import when_measured
from salesdx.web.caller import desk, engine, now
from salesdx.web.guard import needs
from salesdx.workspace.programs import Speaker, add_answers


@blueprint.get("/cases/<case>/answers")
@needs("case.read")
@operation(Operation("All answers of a case", {200: Answers}))
def answers(case: str) -> Answers:
    """As in answers.yaml, in the order in which they were given."""
    found = DatabaseAnswers(engine(), case).file()
    return Answers(respondents=found.respondents, answers=found.answers)


@blueprint.post("/cases/<case>/answers")
@needs("case.change")
@operation(Operation(
    "Add answers of one respondent", {200: Added, 201: Added}, takes=NewAnswers,
))  # fmt: skip
def send_answers(case: str, body: NewAnswers) -> Reply:
    """201 where something was added; 200 where all of it had been sent before."""
    when_measured(case)
    who = body.respondent
    speaker = Speaker(who.id, who.role or "", who.name, who.manager)
    entries = [AnswerEntry(by=who.id, **a.model_dump()) for a in body.answers]
    new = add_answers(desk(), case, speaker, entries, now(), user().name)
    told = Added(added=len(new), repeated=len(entries) - len(new))
    return Reply(told, 201 if new else 200)
