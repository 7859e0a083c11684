"""The owner's form of an explanation: plain sentences, no points, no codes."""

from collections.abc import Iterator

from salesdx.explanation.account import Account, Requirement
from salesdx.explanation.wording import inside
from salesdx.language import Language, Text, quoted
from salesdx.result import Verdict

_ASKED = 4  # unknowns that are named: an owner looks up a few things, not twenty
VERDICT_SENTENCES: dict[Verdict, Text] = {
    "likely": Text(
        en="This looks like one of the reasons.",
        ru="Похоже, это одна из причин.",
    ),
    "possible": Text(
        en="This may be a reason, but it is not proved.",
        ru="Возможно, причина в этом, но пока это не доказано.",
    ),
    "open": Text(
        en="We cannot say yet: too little is known.",
        ru="Пока сказать нельзя: слишком мало известно.",
    ),
    "unlikely": Text(
        en="This is hardly the reason.",
        ru="Скорее всего, дело не в этом.",
    ),
    "ruled_out": Text(
        en="This is ruled out.",
        ru="Эту причину исключили.",
    ),
    "cannot_judge": Text(
        en="This cannot be judged without the figures that are missing.",
        ru="Судить об этом нельзя: нет нужных цифр.",
    ),
}


def plain_account(told: Account, language: Language) -> Iterator[str]:
    """What speaks for it, against it, what is unknown, and how to check in a day."""
    ru = language == "ru"
    yield plain_title(told.title, told.where, language)
    yield VERDICT_SENTENCES[told.verdict].in_(language)
    counted = [x for x in told.lines if x.counted]
    pro = [x.because.in_(language) for x in counted if x.points > 0]
    contra = [x.because.in_(language) for x in counted if x.points < 0]
    contra += [_objection(r, language) for r in told.requirements if _undoes(r)]
    if pro:
        yield "Что говорит за это:" if ru else "What speaks for it:"
        yield from _bullets(pro)
    if contra:
        yield "Что говорит против:" if ru else "What speaks against it:"
        yield from _bullets(contra)
    elif pro:
        yield "Против не говорит ничего." if ru else "Nothing speaks against it."
    yield from _held_back(told, language)
    yield from _unknown(told, language)
    yield "Как проверить за день:" if ru else "How to check in a day:"
    yield f"  {told.verify.in_(language)}"


def plain_title(title: Text, where: Text | None, language: Language) -> str:
    """`Title (manager Ivanov)`."""
    return title.in_(language) + (f" ({where.in_(language)})" if where else "")


def _bullets(lines: list[str]) -> Iterator[str]:
    yield from (f"  — {line}" for line in dict.fromkeys(lines))


def _undoes(row: Requirement) -> bool:
    return row.kind != "gate" and row.state == "false"


def _objection(row: Requirement, language: Language) -> str:
    """The figures that undo the verdict, or what was expected and is not so."""
    values = [v.text.in_(language).partition(";")[0] for v in row.values]
    return "; ".join(values) or row.text.in_(language)


def _held_back(told: Account, language: Language) -> Iterator[str]:
    """Why strong evidence is not called a reason yet."""
    ru = language == "ru"
    broken = [r for r in told.requirements if r.kind == "gate" and r.state == "false"]
    if broken and told.lines and told.verdict in ("possible", "open"):
        yield (
            "Вывод делать рано. Сначала должно стать так:"
            if ru
            else "It is too early to conclude. First this has to be so:"
        )
        yield from _bullets([r.text.in_(language) for r in broken])
    rivals = [r for r in told.rivals if r.verdict in ("likely", "possible")]
    if rivals and told.verdict == "possible":
        titles = ", ".join(quoted(r.title.in_(language), language) for r in rivals)
        yield (
            f"То же самое могла бы дать другая причина: {titles}."
            if ru
            else f"Another reason would look the same: {titles}."
        )


def _unknown(told: Account, language: Language) -> Iterator[str]:
    if told.verdict == "ruled_out":
        return
    ru = language == "ru"
    gates = [
        r.text.in_(language) for r in told.requirements
        if r.kind == "gate" and r.state == "unknown"
    ]  # fmt: skip
    lines = [f"правда ли, что {inside(g)}" if ru else f"whether {inside(g)}"
             for g in gates] if told.lines else []  # fmt: skip
    lines += [x.title.in_(language) for x in told.missing if x.could_add]
    if lines:
        yield "Чего мы пока не знаем:" if ru else "What we do not know yet:"
        yield from _bullets(lines[:_ASKED])
