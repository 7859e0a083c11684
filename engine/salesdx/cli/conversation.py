"""The talk itself: show a question, read a line, save, go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from salesdx.answers.file import AnswerEntry
from salesdx.answers.values import BadValue
from salesdx.cli import interview_after
from salesdx.cli import interview_page as page
from salesdx.cli import interview_showing as show
from salesdx.cli.interview_going import Nowhere, asks_of_section, going
from salesdx.cli.interview_remarks import Remarks
from salesdx.cli.typed import Given, Order, read
from salesdx.cli.wording import Language, say
from salesdx.conversation.interview import Interview
from salesdx.errors import DataError, Said, in_language, reason_of
from salesdx.interview.agenda import Ask, sections_of
from salesdx.interview.standing import place

ReadLine = Callable[[], str | None]


def converse(talk: Interview, read_line: ReadLine, lang: Language) -> None:
    """Ask until nothing is left, the respondent quits or the input ends.

    Raises:
        KeyboardInterrupt: Ctrl-C, after saying that everything is saved.
        DataError: the last answer given could not be saved, as was said then.
    """
    held = _Talk(talk, read_line, lang)
    try:
        held.run()
    except KeyboardInterrupt:
        interview_after.paused(talk, held.answered)
        held.remarks.own_up()
        raise


@dataclass
class _Talk:
    """What the talk remembers beside the answers: where one looks at the moment."""

    talk: Interview
    read_line: ReadLine
    lang: Language
    answered: int = 0
    subject: str | None = None
    chosen: Ask | None = None  # gone to or come back to; else what comes next
    listed: Sequence[Ask] = ()
    remarks: Remarks = field(default_factory=Remarks)
    said: list[tuple[Ask, AnswerEntry | None]] = field(default_factory=list)
    unsaved: bool = False

    def run(self) -> None:
        """Until the end."""
        show.opening(self.talk)
        while (ask := self.chosen or self.talk.standing().next) is not None:
            self._show(ask)
            if not self._deal_with(ask):
                interview_after.paused(self.talk, self.answered)
                self.remarks.own_up()
                self._own_up()
                return
        interview_after.closing(self.talk)
        self.remarks.own_up()

    def _show(self, ask: Ask) -> None:
        now = self.talk.standing()
        if now.stop is not None and self.chosen is None:
            interview_after.stop_advice(self.talk, now)
            self.talk.advised()
        show.heading(self.talk, ask, self.subject, self.answered)
        self.subject = sections_of(self.talk.knowledge).get(ask.question.id)
        rows = () if self.talk.alone or self.talk.mode != "guided" else now.candidates
        self.listed = [c.ask for c in rows]
        reason = ""
        if self.chosen is None:
            show.others([c for c in rows if place(c.ask) != place(ask)])
            reason = show.reason(rows, ask)
            if now.coming:
                page.line(say("Put off before:", "Откладывали раньше:"), dim=True)
        former = None if self.chosen is None else self.talk.former(ask)
        show.question(self.talk, ask, reason, former)
        if self.talk.former(ask) is None and place(ask) in self.talk.before:
            show.before(self.talk.before[place(ask)], self._offered(ask) is not None)
        self.remarks.show(place(ask))

    def _deal_with(self, ask: Ask) -> bool:
        """Read lines until the question is answered or left; False to stop."""
        while (line := self.read_line()) is not None:
            found = read(line, ask.question) if line.strip() else None
            match found:
                case None:
                    if self._kept(ask):
                        return True
                case BadValue():
                    page.line(show.misfit(ask.question, line, found))
                case Order("quit"):
                    return False
                case Given():
                    if self._save(ask, self._answer(ask, found)):
                        return True
                case Order("back" | "forward" | "undo" | "jump"):
                    if self._leave(ask, found):
                        return True
                case Order("later" | "dont_know" | "refused" | "not_applicable") if (
                    found.word != "not_applicable" or found.text
                ):
                    if self._save(ask, self._state(ask, found)):
                        return True
                case Order():
                    self._told(ask, found)
        return False

    def _told(self, ask: Ask, order: Order) -> None:
        """Words that leave the question where it is."""
        match order:
            case Order("hint"):
                show.hint(self.talk, ask)
            case Order("words"):
                show.words()
            case Order("why"):
                show.why(self.talk, ask)
            case Order("list"):
                self._list(order.text)
            case Order("not_applicable"):
                page.line(
                    say("Why? Type: na REASON", "Почему? Введите: неприменимо ПОЧЕМУ")
                )
            case Order() if not order.text:
                page.line(
                    say(
                        "Say it in one line: note TEXT, evidence TEXT",
                        "Одной строкой: заметка ТЕКСТ, показали ТЕКСТ",
                    )
                )
            case Order("note" | "evidence"):
                remark = self.remarks.at(place(ask))
                if order.word == "note":
                    remark.add_note(order.text)
                else:
                    remark.evidence.append(order.text)
                page.line(
                    say(
                        "To be saved with the answer. And the answer?",
                        "Сохраним вместе с ответом. А ответ?",
                    )
                )

    def _list(self, text: str) -> None:
        if not text:
            show.sections(self.talk)
            return
        found = asks_of_section(self.talk, text)
        if isinstance(found, Nowhere):
            page.line(found.told)
            return
        self.listed = found
        show.asks(self.talk, found)

    def _leave(self, ask: Ask, order: Order) -> bool:
        """Go to another question; False where there is none to go to."""
        match order.word:
            case "back":
                return self._step(ask, -1)
            case "forward":
                return self._forward()
            case "undo":
                return self._undo()
            case _:
                return self._jump(order.text)

    def _forward(self) -> bool:
        if self.chosen is None:
            page.line(say("This is the next question.", "Это и есть следующий вопрос."))
            return False
        self.chosen = None
        return True

    def _jump(self, text: str) -> bool:
        found = going(self.talk, text, self.listed)
        if isinstance(found, Nowhere):
            page.line(found.told)
            return False
        if len(found) > 1:
            self.listed = found
            show.asks(self.talk, found)
            page.line(say("Which one? go N", "Какой из них? к НОМЕР"))
            return False
        self.chosen = found[0]
        return True

    def _step(self, ask: Ask, way: int) -> bool:
        """To the answer before or after this one; past the last one to what is next."""
        history = self.talk.history()
        places = [place(a) for a in history]
        here = len(places)
        if self.chosen is not None and place(ask) in places:
            here = places.index(place(ask))
        there = here + way
        if there < 0:
            page.line(say("There is no answer before this.", "До этого ответов нет."))
            return False
        self.chosen = history[there] if there < len(places) else None
        return True

    def _kept(self, ask: Ask) -> bool:
        """Enter alone: the answer that is shown stays as it is, or is confirmed."""
        remark = self.remarks.at(place(ask))
        if offered := self._offered(ask):
            return self._save(
                ask, remark.beside(offered).model_copy(update={"key": ""})
            )
        if self.chosen is None or self.talk.former(ask) is None:
            return False
        former = self.talk.entry(ask) if remark.told() else None
        if former is not None:  # the same answer, with what was said about it now
            return self._save(ask, remark.beside(former))
        return self._step(ask, 1)

    def _offered(self, ask: Ask) -> AnswerEntry | None:
        """An answer to a former wording, which has not been given anew."""
        if self.talk.former(ask) is not None:
            return None
        return self.talk.confirm.get(place(ask))

    def _undo(self) -> bool:
        """Take the last answer of this sitting back: what was before it counts again.

        Nothing is deleted: what was before is said again, and a question that had no
        answer is put off.
        """
        if not self.said:
            page.line(say("Nothing to take back here.", "Здесь отменять нечего."))
            return False
        last, before = self.said[-1]
        if not self._save(last, before or self._put_off(last), -1):
            return False
        page.line(say("Taken back.", "Ответ отменён."))
        del self.said[-2:]
        self.chosen = last
        return True

    def _save(self, ask: Ask, entry: AnswerEntry, counts: int = 1) -> bool:
        """Write it and say what it changed; False where it could not be written."""
        before, former = self.talk.standing(), self.talk.entry(ask)
        try:
            self.talk.save(ask, entry)
        except (OSError, DataError) as error:
            self.unsaved = True
            why = in_language(_why(error), self.lang).rstrip(".")
            page.line(
                say(
                    f"NOT saved: {why}. Answer again, or quit.",
                    f"НЕ сохранено: {why}. Ответьте ещё раз или выйдите.",
                )
            )
            return False
        self.unsaved = False
        self.answered = max(self.answered + counts, 0)
        self.said.append((ask, former))
        self.chosen = None
        if counts > 0:
            self.remarks.saved(place(ask))
            interview_after.after(self.talk, before, ask)
        return True

    def _own_up(self) -> None:
        """A script must see that the last answer is nowhere; people have been told."""
        if self.unsaved:
            raise DataError(Said(
                "the last answer is NOT saved; give it again",
                "последний ответ НЕ сохранён: дайте его ещё раз",
            ))  # fmt: skip

    def _answer(self, ask: Ask, given: Given) -> AnswerEntry:
        value = list(given.value) if isinstance(given.value, tuple) else given.value
        return self.remarks.at(place(ask)).beside(AnswerEntry(
            question=ask.question.id, by=self.talk.by, value=value,
            confidence=given.confidence, about=dict(ask.about),
        ))  # fmt: skip

    def _state(self, ask: Ask, order: Order) -> AnswerEntry:
        state = order.word
        if state not in ("later", "dont_know", "not_applicable", "refused"):
            raise AssertionError(state)
        return self.remarks.at(place(ask)).beside(AnswerEntry(
            question=ask.question.id, by=self.talk.by, state=state,
            about=dict(ask.about), reason=order.text,
        ))  # fmt: skip

    def _put_off(self, ask: Ask) -> AnswerEntry:
        return AnswerEntry(
            question=ask.question.id, by=self.talk.by, state="later",
            about=dict(ask.about),
        )  # fmt: skip


def _why(error: OSError | DataError) -> str:
    if isinstance(error, DataError):
        return error.message
    return reason_of(error, str(error))
