"""Forms in the terminal: which there are, how one begins, and what it came to."""

import textwrap
from pathlib import Path

import click

from salesdx.analysis import Analysis
from salesdx.cli.checkout import as_typed
from salesdx.cli.output import table
from salesdx.cli.wording import language, say
from salesdx.content import did_you_mean
from salesdx.errors import UsageError, hinted
from salesdx.explanation.wording import VERDICTS
from salesdx.knowledge.forms import Form
from salesdx.language import number
from salesdx.selfcheck import FormResult, Item, minutes

_WIDTH = 80


def chosen(found: Analysis, name: str) -> Form | None:
    """The form of a name; None when only the list was wanted, which is printed.

    Raises:
        UsageError: there is no such form, or not for this sales model.
    """
    forms, model = found.knowledge.forms, found.case.company.sales_model
    if name == "list":
        rows = [
            (i, _minutes(minutes(f, found.knowledge, model)), f.title.in_(language()))
            for i, f in forms.items()
            if not model or not f.applies_to or model in f.applies_to
        ]
        click.echo(table(rows, right=[1]))
        return None
    form = forms.get(name)
    if form is None:
        what = say(f"there is no form {name!r}", f"нет формы «{name}»")
        hint = did_you_mean(name, forms) or ", ".join(forms)
        raise UsageError(hinted(what, hint))
    if model and form.applies_to and model not in form.applies_to:
        only = ", ".join(form.applies_to)
        raise UsageError(say(
            f"{name} is for {only} only, this company is {model}",
            f"форма {name} только для {only}, а эта компания — {model}",
        ))  # fmt: skip
    return form


def intro(found: Analysis, form: Form) -> str:
    """Title, what it is about, how long it takes."""
    lang, model = language(), found.case.company.sales_model
    long = _minutes(minutes(form, found.knowledge, model))
    told = [form.title.in_(lang), form.intro.in_(lang)]
    told.append(say(f"About {long}.", f"Примерно {long}."))
    return "\n".join(_wrapped(t) for t in told)


def _minutes(n: int) -> str:
    return say(f"{n} min", f"{n} мин")


def page(result: FormResult, folder: Path) -> str:
    """The result on one page."""
    lang = language()
    lines = ["", result.title.in_(lang), "=" * len(result.title.in_(lang))]
    if not result.answered:
        lines.append(say("Nothing is answered yet.", "Ответов пока нет."))
        return "\n".join(lines)
    lines.append(_score(result))
    lines.append(_wrapped(_came_to(result)))
    wrong = [i for i in result.items if i.state == "problem"]
    unknown = [i for i in result.items if i.state == "unknown"]
    lines += _section(say("Problems", "Что не в порядке"), _items(wrong))
    lines += _section(say("Not known", "Чего не знаем"), _items(unknown))
    lines += _section(
        say("What it points to, by these answers alone",
            "На что это указывает, если судить только по этим ответам"),
        [f"{c.title.in_(lang)}: {VERDICTS[c.verdict].in_(lang)}, {c.points:+d}  "
         f"[{c.cause}]" for c in result.causes],
    )  # fmt: skip
    steps = [
        f"{a.title.in_(lang)} ({a.owner_title.in_(lang)}, {_days(a.days)}). "
        + say(f"First step: {a.step.en}", f"Первый шаг: {a.step.ru}")
        for a in result.actions
    ]
    lines += _section(say("What to do first", "С чего начать"), steps, numbered=True)
    lines += _section(
        say("What this result is not", "Чего этот результат не говорит"),
        [t.in_(lang) for t in result.limits],
    )
    after = say(
        f"The answers are saved. Next: salesdx diagnose {as_typed(folder)}",
        f"Ответы сохранены. Дальше: salesdx diagnose {as_typed(folder)}",
    )
    return "\n".join([*lines, "", after])


def _came_to(result: FormResult) -> str:
    """The band with its advice, or that too little is known to name one."""
    if result.band is None:
        return say(
            "Too little is known to name a result. Ask somebody who knows, or find it "
            "out: not to know is no good sign.",
            "Известно слишком мало, чтобы назвать итог. Спросите того, кто знает, или "
            "выясните сами: «не знаю» — ещё не «всё хорошо».",
        )
    return f"{result.band.title.in_(language())}. {result.band.advice.in_(language())}"


def _score(result: FormResult) -> str:
    p, n = result.problems, result.judged
    told = say(f"Problems: {p} of {n} answers.", f"Проблем: {p}, ответов: {n}.")
    left = result.asked - result.answered
    if left:
        told += say(
            f" Not answered yet: {left}; it can only get worse.",
            f" Без ответа: {left}; лучше результат от них не станет.",
        )
    return told


def _days(n: int) -> str:
    return say(f"{n} days", f"{n} дн.")


def _items(items: list[Item]) -> list[str]:
    rows = []
    for item in items:
        title, answer = item.title.in_(language()), _answer(item)
        dash = " – " if language() == "en" else " — "
        rows.append(f"{title}{dash}{answer}" if answer else title)
    return rows


def _answer(item: Item) -> str:
    if item.dont_know:
        return say("do not know", "не знаем")
    if item.shown is not None:
        return item.shown.in_(language())
    match item.value:
        case bool():
            return say("yes", "да") if item.value else say("no", "нет")
        case float() | int():
            told = number(item.value, language(), 2)
            return told + ("\u00a0%" if item.unit == "percent" else "")
        case list():
            return ", ".join(item.value) or say("none", "ничего")
        case _:
            return item.value or ""


def _section(title: str, rows: list[str], numbered: bool = False) -> list[str]:
    if not rows:
        return []
    marks = [f"{i}. " if numbered else "- " for i in range(1, len(rows) + 1)]
    return ["", title] + [
        _wrapped(row, "  " + mark) for mark, row in zip(marks, rows, strict=True)
    ]


def _wrapped(text: str, mark: str = "") -> str:
    return textwrap.fill(
        text,
        _WIDTH,
        break_on_hyphens=False,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
    )
