"""A talk by its subjects: what is answered, put off and still to come."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from salesdx.conversation.interview import Interview
from salesdx.conversation.selfcheck import SelfCheck
from salesdx.interview.agenda import Ask, sections_of
from salesdx.interview.standing import place
from salesdx.language import Text


@dataclass
class Group:
    """One subject, or one part of a form."""

    title: Text | None
    answered: list[Ask] = field(default_factory=list)
    later: list[Ask] = field(default_factory=list)
    left: list[Ask] = field(default_factory=list)  # neither answered nor put off

    @property
    def state(self) -> str:
        """As `parts.steps` names it."""
        if not self.left:
            return "later" if self.later else "done"
        return "in_progress" if self.answered or self.later else "not_started"

    @property
    def first(self) -> Ask | None:
        """Where to go on in it."""
        return next(iter([*self.left, *self.later]), None)


def groups(talk: Interview) -> list[Group]:
    """The subjects in the author's order; none without a question."""
    order = _order(talk)
    found = {name: Group(title) for name, (title, _) in order.items()}
    of = {q: name for name, (_, questions) in order.items() for q in questions}
    now = talk.standing()
    for ask in talk.history():
        group = found.get(of.get(ask.question.id, ""))
        if group is not None:
            part = group.later if place(ask) in now.put_off else group.answered
            part.append(ask)
    for ask in now.left:
        group = found.get(of.get(ask.question.id, ""))
        if group is not None and place(ask) not in now.put_off:
            group.left.append(ask)
    for name, (_, questions) in order.items():
        for part in (found[name].answered, found[name].later):
            part.sort(key=lambda a: questions.index(a.question.id))
    return [g for g in found.values() if g.answered or g.later or g.left]


def _order(talk: Interview) -> dict[str, tuple[Text | None, Sequence[str]]]:
    if isinstance(talk, SelfCheck):
        parts = talk.form.parts
        return {str(i): (p.title, p.questions) for i, p in enumerate(parts)}
    listed: dict[str, list[str]] = {}
    for question, name in sections_of(talk.knowledge).items():
        listed.setdefault(name, []).append(question)
    return {
        name: (sheet.title, listed.get(name, []))
        for name, sheet in talk.knowledge.questionnaires.items()
    }
