"""Inviting respondents: whom, to what, for how long; and the address to send.

The token of a link is told once, in the address, and never kept.
"""

import datetime as dt
import io
import re
from dataclasses import dataclass

import segno

from salesdx.answers.log import AnswerLog
from salesdx.content import did_you_mean
from salesdx.errors import DataError, Said, UsageError, hinted
from salesdx.explanation.wording import inside
from salesdx.facts import FactBase
from salesdx.interview.standing import Asking, standing
from salesdx.interview.timing import minutes
from salesdx.knowledge.base import KnowledgeBase
from salesdx.language import Text
from salesdx.selfcheck import minutes as minutes_of_form
from salesdx.storage import links
from salesdx.storage.links import Link
from salesdx.workspace.desk import Desk
from salesdx.workspace.talks import FORM, form_of

MODES = ("quick", "full")
NAME = re.compile(r"[^\x00-\x1f\x7f]{1,80}")
_ERROR = "m"  # a QR code on paper gets dirty


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link, and the token that opens it: shown once."""

    link: Link
    token: str


def invite(
    desk: Desk, case: str, *, role: str, by: str, mode: str, days: int,
    now: dt.datetime, actor: str,
) -> Invitation:  # fmt: skip
    """Make a link for a respondent; without `by` for the only one in the role.

    Raises:
        UsageError: there is no such role or form, or the person has another role.
        DataError: there is no such case, or the days are too many.
    """
    measured = desk.measured(case)
    knowledge, company = measured.knowledge, measured.case.company
    if mode not in MODES and not mode.startswith(FORM):
        raise UsageError(Said(f"no mode {mode!r}", f"нет режима «{mode}»"))
    form = form_of(knowledge, mode)
    model = company.sales_model
    if form and model and form.applies_to and model not in form.applies_to:
        raise UsageError(Said(
            f"the form {form.id} is not for {model}",
            f"форма {form.id} не для {model}",
        ))  # fmt: skip
    people = desk.answers(case).load(knowledge).respondents
    if role not in knowledge.roles:
        raise UsageError(_no_role(role, knowledge))
    who = by.strip() or _only(role, [i for i, p in people.items() if p.role == role])
    if not NAME.fullmatch(who):
        raise UsageError(Said("a name has up to 80 characters of one line",
                              "имя — одна строка, не длиннее 80 знаков"))  # fmt: skip
    known = people.get(who)
    if (known and known.role != role) or (who in knowledge.roles and who != role):
        other = known.role if known else who
        raise UsageError(Said(
            f"{who} answers as {other}, not as {role}",
            f"{who} отвечает в роли {other}, а не {role}",
        ))  # fmt: skip
    if form is None and not asked_of(knowledge, role):
        raise UsageError(Said(f"nothing is asked of {role}",
                              f"роли {role} вопросов нет"))  # fmt: skip
    made = links.add_link(
        desk.engine, case, role=role, by=who, mode=mode, now=now, actor=actor,
        days=days,
    )  # fmt: skip
    return Invitation(*made)


def invited(desk: Desk, link: Link) -> Text:
    """Whom a link is for: `Anna Klimova, head of sales`, or the role alone."""
    knowledge = desk.measured(link.case).knowledge
    title = knowledge.roles[link.role].title
    person = desk.answers(link.case).load(knowledge).respondents.get(link.by)
    name = (person.name if person else None) or (
        "" if link.by == link.role else link.by
    )
    if not name:
        return Text(en=inside(title.en), ru=inside(title.ru))
    return Text(en=f"{name}, {inside(title.en)}", ru=f"{name}, {inside(title.ru)}")


def asked_of(knowledge: KnowledgeBase, role: str) -> int:
    """How many questions may be put to a role."""
    return sum(
        role in q.who and q.about != "finding" for q in knowledge.questions.values()
    )


def minutes_of(knowledge: KnowledgeBase, role: str, mode: str) -> int:
    """About how long it takes, from the effort of the questions; no case is read.

    Raises:
        DataError: the form is not there any more.
    """
    form = form_of(knowledge, mode)
    if form is not None:
        return minutes_of_form(form, knowledge)
    asking = Asking(role, None, "full" if mode == "full" else "quick")
    now = standing(knowledge, AnswerLog(), FactBase.of([]), asking)
    return minutes(now.seconds)


def address(public: str, token: str) -> str:
    """The link as it is sent; `public` is the address that people type."""
    return f"{public.rstrip('/')}/s/{token}"


def qr_svg(text: str) -> str:
    """A QR code as a drawing for a page: no style in it, black on white."""
    out = io.BytesIO()
    segno.make(text, error=_ERROR, micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2,
        svgclass=None, lineclass=None, light="#fff",
    )  # fmt: skip
    return out.getvalue().decode()


def qr_lines(text: str) -> str:
    """A QR code for a terminal."""
    out = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(out, compact=True)
    return out.getvalue()


def link_of(desk: Desk, case: str, name: str) -> Link:
    """A link of this case by its id.

    Raises:
        DataError: the case has no such link.
    """
    found = links.by_id(desk.engine, name)
    if found is None or found.case != case:
        raise DataError(Said(f"no link {name!r}", f"нет ссылки «{name}»"))
    return found


def _only(role: str, same: list[str]) -> str:
    if len(same) > 1:
        names = ", ".join(same)
        raise UsageError(Said(
            f"several people answer as {role}: {names}; say which one",
            f"роль {role} у нескольких человек: {names}; укажите, кто из них",
        ))  # fmt: skip
    return same[0] if same else role


def _no_role(role: str, knowledge: KnowledgeBase) -> str:
    told = Said(f"no role {role!r}", f"нет роли «{role}»")
    hint = did_you_mean(role, knowledge.roles) or ", ".join(knowledge.roles)
    return hinted(told, hint)
