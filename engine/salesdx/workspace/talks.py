"""A respondent's talk over HTTP: for each request as what is stored makes it.

Nothing counts between two requests but the answers: whoever goes on at another device,
or in a second window, sees what was said last.
"""

import datetime as dt
import secrets
from collections import OrderedDict

from salesdx.analysis import Measured
from salesdx.answers.file import AnswerEntry
from salesdx.conversation.interview import Interview
from salesdx.conversation.selfcheck import SelfCheck
from salesdx.conversation.sitting import Sitting
from salesdx.errors import DataError, Said
from salesdx.facts import slice_of
from salesdx.interview.agenda import Ask
from salesdx.interview.beginning import begin_or_resume
from salesdx.interview.choosing import GUIDED, QUICK, Chooser
from salesdx.interview.moving_words import again
from salesdx.interview.standing import Mode, Switched, place, switched
from salesdx.knowledge.base import KnowledgeBase
from salesdx.knowledge.benchmarks import thresholds
from salesdx.knowledge.forms import Form
from salesdx.language import Text
from salesdx.storage.moments import written
from salesdx.workspace import kept_talks
from salesdx.workspace.desk import Desk
from salesdx.workspace.kept_talks import Held, State

FORM = "form:"
_OLDER = 8  # knowledge with the questions of another time, kept for talks going on
_older: OrderedDict[tuple[object, ...], KnowledgeBase] = OrderedDict()
_choosers: OrderedDict[tuple[object, ...], Chooser] = OrderedDict()


def open_talk(
    desk: Desk, case: str, *, role: str, by: str, mode: str, alone: bool,
    now: dt.datetime, advise: bool = True,
) -> Interview:  # fmt: skip
    """The talk of one respondent as it stands now; it begins with the first answer.

    `mode` is quick, full, guided or `form:ID`. It goes on with the questions that it
    was begun with (`is_outdated` tells whether there are newer ones). `advise` says
    whether advice to stop is still wanted.

    Raises:
        DataError: there is no such case or form, or its questions were not kept.
    """
    measured = desk.measured(case)
    state = kept_talks.state_of(desk, case, (role, by, mode, alone, advise))
    return kept_talks.take(desk, state, measured, now) or _opened(
        desk, measured, state, now
    )


def keep(desk: Desk, talk: Interview) -> None:
    """Leave a talk to the next request of the same respondent: it is quicker then."""
    kept_talks.keep(desk, talk)


def _opened(
    desk: Desk, measured: Measured, state: State, now: dt.datetime
) -> Interview:
    case, (role, by, mode, alone, advise) = state.version.case, state.of
    knowledge = measured.knowledge
    form = form_of(knowledge, mode)
    going = begin_or_resume(
        desk.answers(case), desk.pins, knowledge, by=by,
        mode="form" if form else mode, name=f"{by}-{secrets.token_hex(4)}",
        started=written(now),
    )  # fmt: skip
    own = _kept(knowledge, going.knowledge) if going.outdated else knowledge
    ground = desk.ground(case, own)
    held = Held(state, measured, going.begins, len(ground.log.answers), now)
    sitting = Sitting(going.talk.id, lambda: written(held.now))
    talk: Interview
    if form is not None:
        talk = SelfCheck(
            ground, role, by, form, going.store, executor=ground.executor,
            benchmarks=ground.benchmarks, sitting=sitting,
        )  # fmt: skip
    else:
        currency = measured.case.company.currency
        talk = Interview(
            ground, role, by, _mode(mode), going.store,
            chooser=_chooser(desk, case, own, _mode(mode)), sitting=sitting,
            alone=alone, confirm=going.offered,
            former={p: again(c, own, currency) for p, c in going.confirm.items()},
        )  # fmt: skip
    if not advise:
        talk.advised()
    kept_talks.hold(talk, held)
    return talk


def is_outdated(desk: Desk, case: str, talk: Interview) -> bool:
    """Whether there are newer questions than those that this talk was begun with."""
    today = desk.measured(case).knowledge.pinned.sha256
    return talk.knowledge.pinned.sha256 != today


def form_of(knowledge: KnowledgeBase, mode: str) -> Form | None:
    """The form of a mode `form:ID`; None for the other modes.

    Raises:
        DataError: the form is not there any more.
    """
    if not mode.startswith(FORM):
        return None
    name = mode.removeprefix(FORM)
    if name not in knowledge.forms:
        raise DataError(Said(
            f"there is no form {name!r} any more: make another link",
            f"формы «{name}» больше нет: сделайте другую ссылку",
        ))  # fmt: skip
    return knowledge.forms[name]


def asked(talk: Interview, question: str, about: dict[str, str]) -> Ask | None:
    """The question at this place, if it may be put to this respondent now.

    One that an answer of his has made needless is not, whatever an old window shows.
    """
    if question not in talk.knowledge.questions:
        return None
    off = talk.standing().inactive if talk.alone else frozenset()
    found = [a for a in talk.asks_of(question) if place(a) not in off]
    return next((a for a in found if a.about == slice_of(**about)), None)


def answer(talk: Interview, ask: Ask, entry: AnswerEntry) -> Switched:
    """Keep an answer, once for each key; says what it switched off and on.

    A form that is sent twice, or found again by going back in the browser, brings its
    key with it: what was said since then stays the last word.

    Raises:
        DataError: it could not be kept.
    """
    if entry.key and times_said(talk, ask) and said_before(talk, ask, entry.key):
        return Switched(0, 0, 0, 0)
    before = talk.standing()
    talk.save(ask, entry)
    return switched(before, talk.standing(), ask)


def times_said(talk: Interview, ask: Ask) -> int:
    """How often this respondent has answered at this place."""
    where = place(ask)
    return sum(a.by == talk.by and (a.question, a.where) == where
               for a in talk.log.answers)  # fmt: skip


def said_before(talk: Interview, ask: Ask, key: str) -> bool:
    """Whether an answer with this key was kept already."""
    return any(e.key == key for e in talk.entries(ask))


def new_key() -> str:
    """The mark of a form: by it a repeated submission is known."""
    return secrets.token_hex(8)


def former_text(talk: Interview, ask: Ask) -> Text | None:
    """What was answered to a former wording of the question, to be confirmed."""
    return None if talk.former(ask) is not None else talk.before.get(place(ask))


def _mode(mode: str) -> Mode:
    match mode:
        case "full" | "quick" | "guided":
            return mode
        case _:
            raise DataError(Said(f"no mode {mode!r}", f"нет режима «{mode}»"))


def _kept(today: KnowledgeBase, own: KnowledgeBase) -> KnowledgeBase:
    """The same questions of another time as the same object: much is kept by it."""
    key = id(today), today.pinned.sha256, own.pinned.sha256
    found = _older.setdefault(key, own)
    while len(_older) > _OLDER:
        _older.popitem(last=False)
    return found


def _chooser(desk: Desk, case: str, own: KnowledgeBase, mode: Mode) -> Chooser | None:
    """What chooses among these questions; that of today is kept by the desk."""
    if mode == "full":
        return None
    measured = desk.measured(case)
    if own is measured.knowledge:
        return desk.chooser(case, mode)
    key = desk.version(case), own.pinned.sha256, mode
    found = _choosers.get(key)
    if found is None:
        company = measured.case.company
        found = _choosers[key] = Chooser(
            own, sales_model=company.sales_model,
            benchmarks=thresholds(own.benchmarks, company),
            keeping=GUIDED if mode == "guided" else QUICK,
        )  # fmt: skip
        while len(_choosers) > _OLDER:
            _choosers.popitem(last=False)
    return found
