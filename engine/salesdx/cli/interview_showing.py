"""What is shown in an interview: where it stands, the question, its reason, the rest."""

from collections.abc import Sequence

from salesdx.answers.log import Answer
from salesdx.cli import interview_page as page
from salesdx.cli.asking import Interview
from salesdx.cli.wording import language, say
from salesdx.explanation.wording import Wording
from salesdx.interview.agenda import Ask, sections_of
from salesdx.interview.candidate import Candidate
from salesdx.interview.sections import Section
from salesdx.interview.standing import Standing, place
from salesdx.knowledge.models import QuestionEntry
from salesdx.language import Text

_MODES = {
    "full": ("all questions in order", "все вопросы по порядку"),
    "quick": ("the core, then what settles most", "главное, затем решающее"),
    "guided": ("what settles most comes first", "сначала то, что решает больше"),
}
_UNITS = {
    "percent": ("percent", "проценты"), "days": ("days", "дни"),
    "hours": ("hours", "часы"), "minutes": ("minutes", "минуты"),
    "months": ("months", "месяцы"), "money": ("money", "деньги"),
    "count": ("how many", "сколько штук или раз"), "score": ("points", "баллы"),
}  # fmt: skip
_STATES = {
    "dont_know": ("does not know", "не знает"),
    "not_applicable": ("does not apply", "неприменимо"),
    "later": ("put off", "отложено"),
    "refused": ("refused", "отказ"),
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
    now, company = talk.standing(), talk.analysis.case.company
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
                  "Слова: ? назад позже «не знаю» список выход; все — по слову «помощь»."),
              dim=True)  # fmt: skip


def who(talk: Interview, by: str) -> str:
    """A respondent: name and role, or the role alone."""
    person = talk.log.respondents.get(by)
    role = talk.knowledge.roles.get(person.role if person else by)
    title = role.title.in_(language()) if role else by
    if by == talk.by and person is None:
        title = talk.knowledge.roles[talk.role].title.in_(language())
    return f"{person.name}, {small(title)}" if person and person.name else title


def small(title: str) -> str:
    """A title inside a sentence."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def heading(talk: Interview, ask: Ask, subject: str | None, asked: int) -> None:
    """The subject where it changes, and how long it takes; of a form its counter."""
    now = talk.standing()
    if talk.counted:
        page.line(f"\n[{asked + 1} / {asked + len(now.left)}]")
        return
    page.line()
    left = page.time_left(now.seconds)
    own = sections_of(talk.knowledge).get(ask.question.id, "")
    if own == subject or own not in talk.knowledge.questionnaires:
        page.line(f"({left})", dim=True)
    else:
        title = talk.knowledge.questionnaires[own].title.in_(language())
        page.strong(f"{title.upper()} · {left}")


def others(rows: Sequence[Candidate]) -> None:
    """What else is worth asking, with the reasons: for the interviewer."""
    if not rows:
        return
    page.line(say("Also worth asking (`go 2` asks it):",
                  "Можно спросить и другое («к 2» — перейти):"), dim=True)  # fmt: skip
    for n, row in enumerate(rows, 2):
        page.line(row.ask.question.title.in_(language()) + _about(row.ask), 5, f"  {n}.",
                  dim=True)  # fmt: skip
        page.line(row.reason.in_(language()), 7, dim=True)
    page.line()


def question(talk: Interview, ask: Ask, reason: str, former: Answer | None) -> None:
    """The question, what may be typed, and what was answered before."""
    lang = language()
    about = talk.place(ask, lang)
    page.strong(ask.question.title.in_(lang) + (f" — {about}" if about else ""))
    if reason:
        page.line(say(f"Why now: {reason}", f"Зачем сейчас: {reason}"), 2, dim=True)
    for number, option in enumerate(ask.question.options, 1):
        page.line(option.title.in_(lang), 5, f"  {number}.")
    page.line(f"({expected(ask.question)})", 2)
    if former is not None:
        told = given(talk, former)
        page.line(say(f"Now: {told}. Enter keeps it.",
                      f"Сейчас: {told}. Enter — оставить так."), 2)  # fmt: skip


def expected(asked: QuestionEntry) -> str:
    """What may be typed."""
    match asked.type:
        case "yesno":
            told = say("yes / no", "да / нет")
        case "scale":
            low, high = asked.min or 1, asked.max or 5
            told = f"{low:g} … {high:g}"
        case "enum":
            told = say("a number of the list", "номер из списка")
        case "multi":
            told = say(
                "numbers by commas, - for none", "номера через запятую, - если ничего"
            )
        case "number":
            told = say("a number", "число") + _unit(asked.unit)
        case "date":
            told = say("a date like 2026-06-30", "дата, например 30.06.2026")
        case _:
            told = say("in your own words", "своими словами")
    return told + say("; ? for a hint", "; ? — подсказка")


def _unit(unit: str | None) -> str:
    return f", {say(*_UNITS.get(unit, (unit, unit)))}" if unit else ""


def given(talk: Interview, answer: Answer) -> str:
    """What somebody answered, in words: `no, unsure`, `does not know`."""
    if answer.state != "answered":
        return say(*_STATES[answer.state])
    told = value(talk, answer.question, answer.value)
    if answer.confidence < 100:
        guess = answer.confidence <= 30
        told += (
            say(", a guess", ", наугад") if guess else say(", unsure", ", не уверен")
        )
    return told


def value(talk: Interview, name: str, what: object) -> str:
    """A value of a question or a figure as people write it."""
    words = Wording(talk.knowledge, talk.analysis.case.company.currency, {})
    return words.words(name, what, language())


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


def sections(talk: Interview, listed: Sequence[Section]) -> None:
    """The subjects with their statuses."""
    for n, row in enumerate(listed, 1):
        title = talk.knowledge.questionnaires[row.id].title.in_(language())
        told = f"{title} — {say(*_STATUS[row.status])}"
        if row.left:
            told += say(f", {row.answered} of {row.answered + row.left}",
                        f", {row.answered} из {row.answered + row.left}")  # fmt: skip
        if row.later and row.status != "later":
            told += say(f", {row.later} put off", f", отложено {row.later}")
        page.line(told, 5, f"{n:3}.")
    page.line(page.time_left(talk.standing().seconds).capitalize() + ".")


def asks(talk: Interview, listed: Sequence[Ask]) -> None:
    """Questions to go to, by number, with what was said of them."""
    for n, ask in enumerate(listed, 1):
        about = talk.place(ask, language())
        told = ask.question.title.in_(language()) + (f" — {about}" if about else "")
        former = talk.former(ask)
        if former is not None:
            told += f" [{given(talk, former)}]"
        page.line(told, 5, f"{n:3}.")


def _about(ask: Ask) -> str:
    return f" — {', '.join(v for _, v in ask.about)}" if ask.about else ""


def stop_advice(talk: Interview, now: Standing) -> None:
    """That one may stop, with the grounds: never more than an advice."""
    assert now.stop is not None
    page.line()
    if talk.alone:  # the grounds name causes, and would lead the respondent
        told = (
            say("No further answer can change the first place.",
                "Никакой ответ уже не изменит первое место.")
            if now.stop.settled
            else say("The remaining questions will hardly change the result.",
                     "Остальные вопросы вряд ли изменят результат.")
        )  # fmt: skip
    else:
        told = now.stop.reason.in_(language())
    page.line(told)
    page.line(
        say(
            "You may finish here (`quit`), or simply go on answering.",
            "Здесь можно закончить (слово «выход») или просто отвечать дальше.",
        )
    )


def closing(talk: Interview) -> None:
    """Nothing is left to ask: what was put off, what is to be found out, what next."""
    now = talk.standing()
    if not talk.counted:
        page.line()
        page.line(say("That is all for this respondent.",
                      "Этому респонденту больше вопросов нет."))  # fmt: skip
    _still_open(talk, now)
    if last := talk.over():
        page.line(last)


def paused(talk: Interview, answered: int) -> None:
    """The talk ends before its questions do."""
    page.line()
    page.line(
        say(
            f"Saved: {answered}. The same command goes on from here.",
            f"Сохранено ответов: {answered}. Та же команда продолжит отсюда.",
        )
    )
    if not talk.counted:
        _still_open(talk, talk.standing())


def _still_open(talk: Interview, now: Standing) -> None:
    if now.put_off:
        n = page.questions(len(now.put_off))
        page.line(say(f"Put off: {n}.", f"Отложено: {n}."))
    tasks = [] if talk.alone or talk.counted else now.find_out
    mine = [t for t in tasks if talk.by in t.by]
    if mine:
        page.line(say("To find out, for nobody knew:", "Выяснить — никто не знал:"))
    for task in mine:
        role = talk.knowledge.roles.get(task.ask or "")
        ask = role.title.in_(language()) if role else ""
        told = task.question.title.in_(language())
        told += say(f" Ask: {small(ask)}.", f" Спросить: {small(ask)}.") if ask else ""
        page.line(told, 4, "  -")


def after(talk: Interview, before: Standing, ask: Ask) -> None:
    """What an answer changed, and who says something else; after it, never before."""
    from salesdx.interview.standing import switched

    if talk.counted:
        return
    _switched(switched(before, talk.standing(), ask))
    former = talk.former(ask)
    if talk.alone or former is None or former.state != "answered":
        return
    for row in talk.differs(ask):
        if row.metric is not None:
            _measured(talk, row.metric, ask, {v.by: v.value for v in row.values})
        else:
            rest = [v for v in row.values if v.by != talk.by]
            told = "; ".join(
                f"{who(talk, v.by)} — {value(talk, ask.question.id, v.value)}"
                for v in rest
            )
            page.line(
                say(f"Others say otherwise: {told}.", f"Ответы расходятся: {told}.")
            )


def _measured(talk: Interview, metric: str, ask: Ask, said: dict[str, object]) -> None:
    title = talk.knowledge.metrics[metric].title.in_(language())
    figure = value(talk, metric, said["data"])
    own = talk.former(ask)
    assert own is not None
    words = value(talk, ask.question.id, own.value)
    page.line(say(
        f"The figures say otherwise. {title}: {figure}; the answer: {words}. "
        "The figure counts; ask what explains the gap.",
        f"По данным иначе. {title}: {figure}; ответ: {words}. В расчёт идёт цифра; "
        "спросите, откуда разница.",
    ))  # fmt: skip


def _switched(what: "object") -> None:
    from salesdx.interview.standing import Switched

    assert isinstance(what, Switched)
    told = []
    if n := what.asked_no_more:
        told.append(
            say(
                f"{page.questions(n)} will not be asked",
                f"больше не спросим: {page.questions(n)}",
            )
        )
    if n := what.asked_now:
        told.append(
            say(f"{page.questions(n)} more to ask", f"добавилось: {page.questions(n)}")
        )
    if n := what.read_no_more:
        told.append(
            say(
                f"{page.answers(n)} given before no longer count "
                "(kept, should that change)",
                f"больше не учитываем: {page.answers(n)} (храним на случай, "
                "если всё изменится)",
            )
        )
    if n := what.read_again:
        told.append(
            say(
                f"{page.answers(n)} kept from before count again",
                f"снова учитываем: {page.answers(n)}",
            )
        )
    if told:
        page.line(
            say("With this answer: ", "После этого ответа ") + "; ".join(told) + "."
        )


def at(now: Standing, ask: Ask) -> str:
    """Why it is asked now, of a candidate."""
    rows = [c for c in now.candidates if place(c.ask) == place(ask)]
    return rows[0].reason.in_(language()) if rows else ""
