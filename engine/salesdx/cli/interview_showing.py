"""What is shown before an answer: the standing, the question, its reason."""

from collections.abc import Sequence

from salesdx.answers.log import Answer
from salesdx.answers.values import BadValue
from salesdx.cli import interview_page as page
from salesdx.cli.interview_words import expected, given, who
from salesdx.cli.wording import language, say
from salesdx.conversation.interview import Interview
from salesdx.errors import in_language
from salesdx.interview.agenda import Ask, sections_of
from salesdx.interview.candidate import Candidate
from salesdx.interview.standing import place
from salesdx.knowledge.models import QuestionEntry
from salesdx.language import Text

_ECHOED = 60  # characters of a line that was not understood
_MODES = {
    "full": ("all questions in order", "все вопросы по порядку"),
    "quick": ("the core, then what settles most", "главное, затем решающее"),
    "guided": ("what settles most comes first", "сначала то, что решает больше"),
}
_STATUS = {
    "not_started": ("not started", "не начато"),
    "in_progress": ("in progress", "в работе"),
    "later": ("only put-off questions left", "осталось отложенное"),
    "done": ("done", "готово"),
}


def opening(talk: Interview) -> None:
    """Who is asked and how; of a resumed interview, where it stopped."""
    if talk.counted:
        return
    now, company = talk.standing(), talk.ground.case.company
    page.line(f"{company.name} · {who(talk, talk.by)} · {say(*_MODES[talk.mode])}")
    if now.answered or now.put_off:
        done = page.answers(now.answered)
        told = say(f"You go on where you stopped: {done} so far",
                   f"Продолжаем с того же места. Уже есть {done}")  # fmt: skip
        if now.put_off:
            told += say(
                f", {len(now.put_off)} put off", f", отложено {len(now.put_off)}"
            )
        page.line(told + ".")
    else:
        page.line(
            say(
                "Every answer is saved at once: stop whenever you like.",
                "Каждый ответ сохраняется сразу: прерваться можно в любой момент.",
            )
        )
    page.line(say("Words: ? back later dunno list quit; `help` shows all.",
                  "Слова: ? назад позже «не знаю» список выход; все — «помощь»."),
              dim=True)  # fmt: skip


def heading(talk: Interview, ask: Ask, subject: str | None, asked: int) -> None:
    """The subject where it changes, and how long it takes; of a form its counter."""
    now = talk.standing()
    if talk.counted:
        page.line()
        page.line(f"[{asked + 1} / {asked + len(now.left)}]")
        return
    page.line()
    left = page.time_left(now.seconds) if now.seconds else ""
    own = sections_of(talk.knowledge).get(ask.question.id, "")
    if own == subject or own not in talk.knowledge.questionnaires:
        if left:
            page.line(f"({left})", dim=True)
    else:
        title = talk.knowledge.questionnaires[own].title.in_(language())
        page.strong(" · ".join(filter(None, (title.upper(), left))))


def others(rows: Sequence[Candidate]) -> None:
    """What else is worth asking, with the reasons: for the interviewer."""
    if not rows:
        return
    page.line(say("Also worth asking (`go 2` asks it):",
                  "Можно спросить и другое («к 2» — перейти):"), dim=True)  # fmt: skip
    for n, row in enumerate(rows, 2):
        told = row.ask.question.title.in_(language()) + _about(row.ask)
        page.line(told, 5, f"  {n}.", dim=True)
        page.line(row.reason.in_(language()), 7, dim=True)
    page.line()


def reason(rows: Sequence[Candidate], ask: Ask) -> str:
    """Why it is asked now."""
    found = [c.reason for c in rows if place(c.ask) == place(ask)]
    return found[0].in_(language()) if found else ""


def why(talk: Interview, ask: Ask) -> None:
    """What the author says, and for the interviewer what hangs on it now."""
    page.line(ask.question.why.in_(language()), 2)
    if talk.alone or talk.counted:
        return
    now = talk.reason(ask, language())
    if now:
        page.line(say(f"Now: {now}", f"Сейчас: {now}"), 2)
    else:
        page.line(
            say("Now: no verdict hangs on it.", "Сейчас вывод от этого не зависит."), 2
        )


def question(talk: Interview, ask: Ask, reason: str, former: Answer | None) -> None:
    """The question, what may be typed, and what was answered before."""
    lang = language()
    about = talk.place(ask, lang)
    page.strong(ask.question.title.in_(lang) + (f" — {about}" if about else ""))
    if reason:
        page.line(say(f"Why now: {reason}", f"Зачем сейчас: {reason}"), 2, dim=True)
    for number, option in enumerate(ask.question.options, 1):
        page.line(option.title.in_(lang), 5, f"  {number}.")
    more = say("? for a hint", "? — подсказка")
    page.line(f"({expected(ask.question)}; {more})", 2)
    if former is not None:
        told = given(talk, former)
        page.line(say(f"Now: {told}. Enter keeps it.",
                      f"Сейчас: {told}. Enter — оставить так."), 2)  # fmt: skip


def before(told: Text, fits: bool) -> None:
    """What was answered to a former wording: it counts once it is confirmed."""
    enter = say(" Enter confirms it.", " Enter — подтвердить.") if fits else ""
    page.line(told.in_(language()) + enter, 2)


def misfit(asked: QuestionEntry, line: str, found: BadValue) -> str:
    """Why a line is no answer, and what would be; without the id of the question."""
    told = in_language(found.message, language())
    own = told.startswith(f"{asked.id}: ") and len(line) <= _ECHOED
    if own and asked.type != "yesno":
        told = told.removeprefix(f"{asked.id}: ")
        return f"{told[:1].upper()}{told[1:]}."
    typed = line.strip()
    typed = typed if len(typed) <= _ECHOED else f"{typed[:_ECHOED]}…"
    return say(
        f"Not understood: {typed}. Wanted: {expected(asked)}.",
        f"Непонятно: «{typed}». Нужно: {expected(asked)}.",
    )


def hint(talk: Interview, ask: Ask) -> None:
    """Why it is asked, a hint, and for the interviewer how to ask."""
    asked, lang = ask.question, language()
    shown: list[Text | None] = [asked.why, asked.hint]
    for text in shown:
        if text is not None:
            page.line(text.in_(lang), 2)
    if asked.prompt is not None and not talk.alone:
        page.line(say("For you: ", "Вам: ") + asked.prompt.in_(lang), 2)
    page.line(f"[{', '.join([asked.id, *asked.ref])}]", 2, dim=True)


def words() -> None:
    """All the words."""
    rows = [
        (say("yes?  yes??", "да?  да??"), say("unsure, a guess", "не уверен, догадка")),
        ("?", say("why it is asked, a hint", "зачем спрашиваем, подсказка")),
        (say("why", "зачем"), say("why it is asked now", "почему спрашиваем сейчас")),
        (say("dunno", "не знаю"), say("I do not know", "нет сведений")),
        (say("na REASON", "неприменимо ПОЧЕМУ"), say("does not apply", "не про нас")),
        (say("later", "позже"), say("comes again at the end", "вернёмся в конце")),
        (say("refuse", "отказ"), say("will not say", "отвечать не хотят")),
        (say("note TEXT", "заметка ТЕКСТ"),
         say("a note to the answer that follows", "примечание к следующему ответу")),
        (say("evidence TEXT", "показали ТЕКСТ"),
         say("what you were shown", "чем подтвердили: документ, экран, отчёт")),
        (say("back, forward", "назад, дальше"),
         say("through the answers; Enter keeps one",
             "по ответам; Enter оставляет как есть")),
        (say("undo", "отменить"), say("takes the last answer back",
                                      "взять последний ответ назад")),
        (say("go N, ID or WORDS", "к НОМЕР, КОД или СЛОВА"),
         say("another question", "другой вопрос")),
        (say("list, list N", "список, список N"),
         say("subjects; questions of one", "разделы; вопросы раздела")),
        (say("quit", "выход"), say("the same command goes on from here",
                                   "та же команда продолжит отсюда")),
    ]  # fmt: skip
    broad = max(len(w) for w, _ in rows) + 4
    for word, told in rows:
        page.line(told, broad, f"  {word}")
    page.line(
        say(
            "At a question in your own words put a slash before go, list and evidence: "
            "/go deadline",
            "Где ответ своими словами, перед «к», «список» и «показали» ставьте косую "
            "черту: /к срок предложения",
        ),
        2,
        dim=True,
    )


def sections(talk: Interview) -> None:
    """The subjects with their statuses."""
    for n, row in enumerate(talk.standing().sections, 1):
        title = talk.knowledge.questionnaires[row.id].title.in_(language())
        told = f"{title} — {say(*_STATUS[row.status])}"
        if row.left:
            told += say(f", {row.answered} of {row.answered + row.left}",
                        f", {row.answered} из {row.answered + row.left}")  # fmt: skip
        if row.later and row.status != "later":
            told += say(f", {row.later} put off", f", отложено {row.later}")
        page.line(told, 5, f"{n:3}.")
    if seconds := talk.standing().seconds:
        page.line(page.time_left(seconds).capitalize() + ".")


def asks(talk: Interview, listed: Sequence[Ask]) -> None:
    """Questions to go to, by number, with what was said of them."""
    for n, ask in enumerate(listed, 1):
        about = talk.place(ask, language())
        told = ask.question.title.in_(language()) + (f" — {about}" if about else "")
        several = len(talk.asks_of(ask.question.id))
        if about and several > 1:
            told += say(f" and others, {several} in all", f" и другие, всего {several}")
        former = talk.former(ask)
        if former is not None:
            told += f" [{given(talk, former)}]"
        page.line(told, 5, f"{n:3}.")


def _about(ask: Ask) -> str:
    return f" — {', '.join(v for _, v in ask.about)}" if ask.about else ""
