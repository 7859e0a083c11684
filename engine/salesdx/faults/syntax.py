"""What is wrong with the writing of a YAML file, told where it went wrong.

A parser stops where it can read on no more, which may be a line or a page below the
quote that was never closed: the place of the mistake is looked for.
"""

import re
from typing import Any

import yaml

from salesdx.errors import Said

Place = tuple[int, int]
_GLUED = re.compile(r"\s*(?:- )?[\w.-]+:[^\s/:]")  # `id:x`, but not `http://…`
_COMPARES = re.compile(r"[<>=!]=?")
# what YAML cannot hold, and the line ends that editors do not count as lines
NOT_YAML = re.compile(
    "[^\t\n\r -~\xa0-\u2027\u202f-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufffd"
    "\U00010000-\U0010ffff]"
)
_QUOTE = Said(
    "put the text into quotes", "возьмите текст в кавычки"
)  # fmt: skip
_COMPARISON = Said('quote comparisons: ">= 30"', 'сравнения берите в кавычки: ">= 30"')
_INDENT = Said(
    "lines of one level begin below each other",
    "строки одного уровня начинаются друг под другом",
)
_NO_HINT = Said("", "")
_CLOSED_EARLY = Said(
    "a quote ends the text here, and more follows",
    "кавычка здесь закрывает текст, а он продолжается",
)
_SAYINGS: dict[str, tuple[Said, Said]] = {
    "could not find expected ':'": (
        Said("there is no colon after the key", "после ключа нет двоеточия"),
        Said(
            "write `key: value`; a text of many lines is indented",
            "пишите «ключ: значение»; текст в несколько строк пишут с отступом",
        ),
    ),
    "did not find expected key": (
        Said("a key was expected here", "здесь ожидался ключ"),
        Said(
            "check the indent and the quotes of the line above",
            "проверьте отступ и кавычки в строке выше",
        ),
    ),
    "did not find expected '-' indicator": (
        Said(
            "an item of the list was expected here, beginning with `- `",
            "здесь ожидался пункт списка: он начинается с «- »",
        ),
        _INDENT,
    ),
    "did not find expected node content": (
        Said("a value was expected here", "здесь ожидалось значение"),
        _NO_HINT,
    ),
    "did not find expected <document start>": (
        Said(
            "this does not go on with what stands above",
            "это не продолжает то, что написано выше",
        ),
        _INDENT,
    ),
    "found unknown escape character": (
        Said('this cannot follow "\\"', "такой знак не может идти после «\\»"),
        Said("put the text into single quotes", "возьмите текст в одинарные кавычки"),
    ),
    "block sequence entries are not allowed in this context": (
        Said("a list cannot begin here", "список здесь начаться не может"),
        Said("begin it on a line of its own", "начните его с новой строки"),
    ),
    "mapping keys are not allowed in this context": (
        Said('a value cannot begin with "?"', "значение не может начинаться с «?»"),
        _QUOTE,
    ),
    "found a tab character that violates indentation": (
        Said("the indent holds a tab", "в отступе стоит табуляция"),
        Said("indent with spaces", "отступ делайте пробелами"),
    ),
    "did not find expected alphabetic or numeric character": (
        Said(
            "a value cannot begin with * or &", "значение не может начинаться с * или &"
        ),
        _QUOTE,
    ),
    "did not find expected comment or line break": (
        Said(
            "a value cannot begin with > or |", "значение не может начинаться с > или |"
        ),
        _QUOTE,
    ),
}  # fmt: skip
_OTHERWISE = (
    Said("this cannot be read as YAML", "это не читается как YAML"),
    Said(
        "check indents, colons, brackets and quotes",
        "проверьте отступы, двоеточия, скобки и кавычки",
    ),
)
_FLOW = {
    "did not find expected ',' or ']'": ("[", "]"),
    "did not find expected ',' or '}'": ("{", "}"),
}


def of_syntax(error: yaml.MarkedYAMLError, text: str) -> tuple[Place, Said, Said]:
    """Where the writing went wrong, what is wrong, and what to do."""
    problem = str(error.problem)
    mark = error.problem_mark or error.context_mark
    at = _place(mark) if mark else (1, 1)
    begun = _place(error.context_mark) if error.context_mark else at
    lines = text.splitlines()
    if problem in _FLOW:
        return _bracket(*_FLOW[problem], begun, at, lines)
    if "quoted scalar" in str(error.context) and "end of stream" in problem:
        return begun, *_OPEN_QUOTE
    if problem == "mapping values are not allowed in this context":
        return _colon(at, lines)
    if problem == "found character that cannot start any token":
        return at, *_first(_at(lines, at), _at(lines, at, 2))
    if problem == "did not find expected key":
        quote = _quoted_before(text, at)
        if quote:
            many = quote[0] != at[0]
            return (quote, *_OPEN_QUOTE) if many else (at, _CLOSED_EARLY, _QUOTES)
    if problem == "could not find expected ':'":
        return _glued(begun[0], lines) or (begun, *_SAYINGS[problem])
    said, hint = _SAYINGS.get(problem, _OTHERWISE)
    if problem.startswith("did not find expected comment") and _COMPARES.match(
        _at(lines, begun, 3).lstrip()
    ):
        return begun, said, _COMPARISON
    return at, said, hint


_OPEN_QUOTE = (
    Said(
        "the quote that opens here is never closed",
        "кавычка, открытая здесь, не закрыта",
    ),
    Said("close it at the end of the text", "закройте её в конце текста"),
)
_QUOTES = Said(
    'a quote inside a text is doubled or of the other kind: "it\'s"',
    "внутри текста ставьте кавычки-«ёлочки» или кавычки другого вида",
)


def of_character(text: str) -> tuple[Place, Said, Said] | None:
    """The first sign of a text that no knowledge file may hold."""
    found = NOT_YAML.search(text)
    if found is None:
        return None
    line = text.count("\n", 0, found.start()) + 1
    at = line, found.start() - text.rfind("\n", 0, found.start())
    number = ord(found[0])
    if number == 0:
        return at, *_NUL
    name = f"U+{number:04X}"
    return at, Said(
        f"an unseen sign stands here ({name})", f"здесь стоит невидимый знак ({name})"
    ), Said(
        "delete it and type the text anew", "удалите его и наберите текст заново"
    )  # fmt: skip


_NUL = (
    Said("this is no text: it holds zero bytes", "это не текст: в нём нулевые байты"),
    Said(
        "save the file as text in UTF-8", "сохраните файл как текст в кодировке UTF-8"
    ),
)


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


def _at(lines: list[str], at: Place, length: int = 1) -> str:
    """What stands at a place."""
    line, col = at
    return lines[line - 1][col - 1 : col - 1 + length] if line <= len(lines) else ""


def _bracket(
    opening: str, closing: str, begun: Place, at: Place, lines: list[str]
) -> tuple[Place, Said, Said]:
    if begun[0] != at[0]:
        what = Said(
            f"the bracket {opening} that opens here is not closed",
            f"скобка {opening}, открытая здесь, не закрыта",
        )
        hint = Said(
            f"{closing} was expected by line {at[0]}",
            f"{closing} ждали не позже строки {at[0]}",
        )
        return begun, what, hint
    if _at(lines, at) == ":":
        return at, *_COLON
    what = Said(
        f"a comma or {closing} was expected here",
        f"здесь ожидалась запятая или {closing}",
    )
    return at, what, _QUOTE


_COLON = (
    Said("a second colon in one line", "второе двоеточие в одной строке"),
    Said(
        'put a text with a colon into quotes: "Price: high"',
        'текст с двоеточием возьмите в кавычки: "Цена: высокая"',
    ),
)


def _colon(at: Place, lines: list[str]) -> tuple[Place, Said, Said]:
    """A colon too many in the line, a wrong indent, or one without a blank above."""
    line = lines[at[0] - 1] if at[0] <= len(lines) else ""
    before = line[: at[1] - 1]
    if ":" in before.strip().rstrip(":"):
        return at, *_COLON
    above = at[0] - 1
    while above and not lines[above - 1].strip():
        above -= 1
    glued = _glued(above, lines) if above else None
    if glued:
        return glued
    return at, Said(
        "this line is indented otherwise than the lines around it",
        "отступ этой строки не такой, как у соседних",
    ), _INDENT  # fmt: skip


def _glued(number: int, lines: list[str]) -> tuple[Place, Said, Said] | None:
    """A line that lacks nothing but a blank after its colon."""
    if number > len(lines) or not _GLUED.match(lines[number - 1]):
        return None
    at = number, lines[number - 1].index(":") + 1
    return at, Said(
        "there is no blank after the colon", "после двоеточия нет пробела"
    ), Said("write `key: value`", "пишите «ключ: значение»")  # fmt: skip


def _first(sign: str, more: str) -> tuple[Said, Said]:
    """A sign with which no value may begin."""
    if sign == "\t":
        return _SAYINGS["found a tab character that violates indentation"]
    hint = _COMPARISON if _COMPARES.match(more) else _QUOTE
    return Said(
        f"a value cannot begin with {sign}", f"значение не может начинаться с {sign}"
    ), hint  # fmt: skip


def _quoted_before(text: str, at: Place) -> Place | None:
    """Where the quoted text begins that ends right before a place."""
    last = None
    try:
        for token in yaml.scan(text, Loader=yaml.CSafeLoader):
            if token.start_mark and _place(token.start_mark) >= at:
                break
            last = token
    except yaml.YAMLError:
        pass  # what was scanned before is what is asked for
    if not isinstance(last, yaml.ScalarToken) or last.plain:
        return None
    near = _place(last.end_mark)[0] == at[0]
    return _place(last.start_mark) if near else None
