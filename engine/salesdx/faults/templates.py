"""What is wrong with a template of a worksheet, in words of its author."""

import re
from collections.abc import Callable

from salesdx.errors import Said

Words = Callable[[re.Match[str]], Said]
_TOKENS = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "begin of statement block": "{%",
    "end of template": "",
}


def of_template(error: Exception) -> Said:
    """The message of Jinja2, or of Python below it, in both languages."""
    text = str(getattr(error, "message", None) or error)
    for pattern, words in _SAYINGS:
        found = pattern.search(text)
        if found:
            return words(found)
    return Said("this cannot be worked out", "это не вычислить")


_TAG = re.compile(r"\{%[-+]?[ ]*(\w+)")
_BRACKETS = {"end of print statement": "{{", "end of statement block": "{%"}


def begun_at(error: Exception, text: str, line: int) -> int:
    """The line on which something opens that the parser missed the end of."""
    said = str(getattr(error, "message", ""))
    block = re.search(r"needs to be closed is '(\w+)'", said)
    if block:
        return _unclosed(text, block[1]) or line
    bracket = re.search(r"expected token '(.+?)', got", said)
    opening = _BRACKETS.get(bracket[1], "") if bracket else ""
    above = text.split("\n")[:line]
    while opening and above and opening not in above[-1]:
        above.pop()
    return len(above) or line


def _unclosed(text: str, name: str) -> int | None:
    """The line of the last tag of a name that no end belongs to."""
    opened: list[int] = []
    for found in _TAG.finditer(text):
        if found[1] == name:
            opened.append(text.count("\n", 0, found.start()) + 1)
        elif found[1] == f"end{name}" and opened:
            opened.pop()
    return opened[-1] if opened else None


def not_used(what: str) -> Said:
    """What is no part of the small language of worksheets."""
    return Said(
        f"{what} is not used in worksheets", f"{what} в рабочих листах не используется"
    )


def _tag(found: re.Match[str]) -> Said:
    name = found[1]
    if name.startswith("end") or name in ("else", "elif"):
        return Said(
            f"{{% {name} %}} has nothing to close here",
            f"{{% {name} %}} здесь нечего закрывать",
        )
    return Said(f"there is no tag {{% {name} %}}", f"тега {{% {name} %}} нет")


def _open(found: re.Match[str]) -> Said:
    name = found[1]
    return Said(
        f"{{% {name} %}} is not closed: {{% end{name} %}} is missing",
        f"{{% {name} %}} не закрыт: не хватает {{% end{name} %}}",
    )


def _expected(found: re.Match[str]) -> Said:
    wanted = _TOKENS.get(found[1], found[1])
    got = _TOKENS.get(found[2], found[2])
    if wanted == "as":
        return not_used("{% import %}")
    if not wanted:
        return _stands(got)
    before = (f" before {got}", f" перед {got}") if got else ("", "")
    return Said(f"{wanted} was expected{before[0]}", f"ожидалось {wanted}{before[1]}")


def _stands(what: str) -> Said:
    if what in ("'", '"'):
        return Said("a quote is not closed", "кавычка не закрыта")
    if not what:
        return Said(
            "the template ends too early", "шаблон обрывается"
        )  # fmt: skip
    return Said(f"{what} cannot stand here", f"{what} здесь стоять не может")


def _named(kind: str, ru: str) -> Words:
    return lambda m: Said(f"there is no {kind} {m[1]!r}", f"{ru} «{m[1]}» нет")


def _says(en: str, ru: str) -> Words:
    return lambda _: Said(en, ru)


_SAYINGS: list[tuple[re.Pattern[str], Words]] = [
    (re.compile(r"needs to be closed is '(\w+)'"), _open),
    (re.compile(r"Encountered unknown tag '(\w+)'"), _tag),
    (re.compile(r"expected token '(.+?)', got '(.+)'"), _expected),
    (re.compile(r"unexpected char (['\"])(.)\1"), lambda m: _stands(m[2])),
    (re.compile(r"unexpected '(.+?)'"), lambda m: _stands(m[1])),
    (
        re.compile("Expected an expression"),
        _says(
            "a name or a value was expected here", "здесь ожидалось имя или значение"
        ),
    ),
    (re.compile(r"[Uu]nexpected end of template"), lambda _: _stands("")),
    (re.compile(r"No filter named '([^']+)'"), _named("filter", "фильтра")),
    (re.compile(r"No test named '([^']+)'"), _named("test", "проверки")),
    (re.compile("end of comment"), _says("{# is not closed", "{# не закрыт")),
    (
        re.compile("end of raw"),
        _says("{% raw %} is not closed", "{% raw %} не закрыт"),
    ),
    (
        re.compile("tag name expected"),
        _says("after {% comes a word", "после {% должно стоять слово"),
    ),
    (
        re.compile("can't assign"),
        _says("only a name can be set", "присвоить значение можно только имени"),
    ),
    (
        re.compile(r"(\w+)\(\) (?:missing|takes|got|needs)"),
        lambda m: Said(
            f"{m[1]}() is given other values than it takes",
            f"у {m[1]}() не те значения в скобках",
        ),
    ),
    (
        re.compile("not iterable|unpack"),
        _says("this is no list to go through", "это не список, перебирать нечего"),
    ),
    (
        re.compile("not supported between"),
        _says("values of two kinds are compared", "сравниваются значения разного вида"),
    ),
    (re.compile("division by zero"), _says("division by zero", "деление на ноль")),
    (
        re.compile(r"'?None'? has no attribute '?(\w+)|has no attribute '(\w+)'"),
        lambda m: Said(
            f"there is nothing here to open: {m[1] or m[2]}",
            f"открывать здесь нечего: {m[1] or m[2]}",
        ),
    ),
    (
        re.compile(r"^'([^']+)' is undefined$"),
        lambda m: Said(f"there is no {m[1]!r}", f"здесь ничего нет: {m[1]}"),
    ),
]
