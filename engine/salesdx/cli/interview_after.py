"""What is said after an answer, and when the talk ends."""

from salesdx.cli import interview_page as page
from salesdx.cli.checkout import as_typed
from salesdx.cli.interview_words import small, value, who
from salesdx.cli.wording import language, say
from salesdx.conversation.interview import Interview
from salesdx.conversation.selfcheck import SelfCheck
from salesdx.interview.agenda import Ask
from salesdx.interview.standing import Standing, Switched, switched


def after(talk: Interview, before: Standing, ask: Ask) -> None:
    """What an answer changed, and who says something else; after it, never before."""
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


def _switched(what: Switched) -> None:
    told = []
    if n := what.asked_no_more:
        fell = page.russian(n, "отпал", "отпало", "отпало")
        told.append(
            say(f"{page.questions(n)} fewer to ask", f"{fell} {page.questions(n)}")
        )
    if n := what.asked_now:
        came = page.russian(n, "добавился", "добавилось", "добавилось")
        told.append(
            say(f"{page.questions(n)} more to ask", f"{came} {page.questions(n)}")
        )
    if n := what.read_no_more:
        does = "does" if n == 1 else "do"
        told.append(
            say(
                f"{page.answers(n)} given before {does} not count any more (kept, "
                "should that change)",
                f"больше не учитываем {page.answers(n)} (храним: вдруг понадобится)",
            )
        )
    if n := what.read_again:
        counts = "counts" if n == 1 else "count"
        told.append(
            say(
                f"{page.answers(n)} kept from before {counts} again",
                f"снова учитываем {page.answers(n)}",
            )
        )
    if told:
        page.line(
            say("With this answer: ", "После этого ответа: ") + "; ".join(told) + "."
        )


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
        page.line(
            say("That is all for this respondent.",
                "Этому респонденту больше вопросов нет.")
            if now.answered or now.put_off
            else say("There are no questions for this role; another one: --as ROLE.",
                     "Для этой роли вопросов нет; другая роль: --as РОЛЬ.")
        )  # fmt: skip
    _still_open(talk, now)
    if not isinstance(talk, SelfCheck):  # else the result follows
        case = as_typed(talk.ground.case.path)
        page.line(say(f"Next: salesdx diagnose {case}",
                      f"Дальше: salesdx diagnose {case}"))  # fmt: skip


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
