"""Faults of a YAML file in both languages: of its writing and of its fields.

PyYAML and pydantic speak English and of Python types; the one who wrote the file is
told in words of the file.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from salesdx.errors import Said

MAX_SHOWN = 60  # characters of a value that are quoted back

_SYNTAX = {
    "mapping values are not allowed in this context": "здесь не может стоять"
    " «ключ: значение»; проверьте отступ, а текст с двоеточием возьмите в кавычки",
    "could not find expected ':'": "не хватает двоеточия после ключа",
    "did not find expected key": "здесь ожидался ключ; проверьте отступ",
    "did not find expected '-' indicator": "здесь ожидался пункт списка с «-»;"
    " проверьте отступ",
    "did not find expected ',' or ']'": "в списке не хватает «,» или «]»",
    "did not find expected ',' or '}'": "не хватает «,» или «}»",
    "did not find expected node content": "здесь ожидалось значение",
    "did not find expected <document start>": "здесь ожидалось начало документа;"
    " проверьте отступ",
    "found character that cannot start any token": "с такого знака значение"
    " начинаться не может; возьмите его в кавычки, а отступ делайте пробелами",
    "found a tab character that violates indentation": "в отступе стоит табуляция;"
    " нужны пробелы",
    "found unexpected end of stream": "файл кончился раньше времени: не закрыта"
    " кавычка или скобка",
    "found unknown escape character": "неизвестный знак после «\\»; возьмите текст в"
    " одинарные кавычки",
    "block sequence entries are not allowed in this context": "список здесь стоять не"
    " может; начните его с новой строки",
    "control characters are not allowed": "в файле есть управляющие знаки",
}
_KINDS: dict[str, tuple[str, str]] = {
    "string": ("a text", "нужен текст"),
    "int": ("a whole number", "нужно целое число"),
    "float": ("a number", "нужно число"),
    "finite_number": ("a finite number", "нужно конечное число"),
    "decimal": ("a number", "нужно число"),
    "bool": ("true or false", "нужно true или false"),
    "date": ("a date like 2026-06-30", "нужна дата вида 2026-06-30"),
    "datetime": ("a time like 2026-06-30 12:00", "нужно время вида 2026-06-30 12:00"),
    "time": ('a time like "09:00"', "нужно время вида «09:00»"),
    "list": ("a list", "нужен список"),
    "tuple": ("a list", "нужен список"),
    "set": ("a list", "нужен список"),
    "frozen_set": ("a list", "нужен список"),
    "dict": ("a mapping of keys to values", "нужны пары «ключ: значение»"),
    "model": ("a mapping of keys to values", "нужны пары «ключ: значение»"),
    "none": ("empty", "должно быть пусто"),
}  # longest first decides: see `_kind`
_BOUNDS = {
    "greater_than": ("gt", "greater than", "больше"),
    "greater_than_equal": ("ge", "at least", "не меньше"),
    "less_than": ("lt", "less than", "меньше"),
    "less_than_equal": ("le", "at most", "не больше"),
}


def of_syntax(what: str) -> Said:
    """What the YAML parser found wrong."""
    otherwise = "нарушена запись YAML; проверьте отступы, двоеточия и кавычки"
    return Said(what, _SYNTAX.get(what, otherwise))


def of_field(error: Mapping[str, Any]) -> Said:
    """One entry of `ValidationError.errors()` in our own words."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "value_error":
        return _own(error, context)
    if kind in _EXACT:
        return _EXACT[kind](error)
    if kind in _BOUNDS:
        name, en, ru = _BOUNDS[kind]
        bound = context[name]
        if isinstance(bound, float):
            bound = f"{bound:g}"
        return Said(
            f"must be {en} {bound}, not {quoted(error['input'])}",
            f"должно быть {ru} {bound}, а стоит {quoted(error['input'], 'ru')}",
        )
    expected = _kind(kind)
    if expected:
        en, ru = expected
        return Said(
            f"must be {en}, not {quoted(error['input'])}",
            f"{ru}, а стоит {quoted(error['input'], 'ru')}",
        )
    return Said(
        str(error["msg"]), f"значение не подходит: {quoted(error['input'], 'ru')}"
    )


def choices(error: Mapping[str, Any]) -> list[str]:
    """The values that a field may have, as they are written."""
    expected = str(error.get("ctx", {}).get("expected", ""))
    return [a or b for a, b in re.findall(r"'([^']+)'|(-?\d+|True|False)", expected)]


def quoted(value: object, language: str = "en") -> str:
    """A value of the file as it is quoted back, never longer than a line."""
    ru = language == "ru"
    if value is None:
        return "пустое значение" if ru else "nothing"
    if isinstance(value, dict):
        return "пары «ключ: значение»" if ru else "a mapping"
    if isinstance(value, list | tuple):
        return "список" if ru else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    text = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
    if isinstance(value, str):
        return f"«{text}»" if ru else repr(text)
    return text


def _kind(kind: str) -> tuple[str, str] | None:
    """Words for `int_parsing`, `date_from_datetime_parsing` and the like."""
    found = [k for k in _KINDS if kind == k or kind.startswith(f"{k}_")]
    return _KINDS[max(found, key=len)] if found else None


def _own(error: Mapping[str, Any], context: Mapping[str, Any]) -> Said:
    """The message of a validator of ours, which may speak both languages."""
    raised = context.get("error")
    told = raised.args[0] if isinstance(raised, Exception) and raised.args else ""
    if isinstance(told, Said):
        return told
    text = str(error["msg"]).removeprefix("Value error, ")
    return Said(text, text)


def _missing(error: Mapping[str, Any]) -> Said:
    name = error["loc"][-1]
    return Said(f"the key {name!r} is missing", f"не хватает ключа «{name}»")


def _unknown(error: Mapping[str, Any]) -> Said:
    name = error["loc"][-1]
    return Said(f"unknown key {name!r}", f"неизвестный ключ «{name}»")


def _choice(error: Mapping[str, Any]) -> Said:
    known, value = choices(error), error["input"]
    if len(known) == 1:
        return Said(
            f"must be {known[0]}, not {quoted(value)}",
            f"должно быть {known[0]}, а стоит {quoted(value, 'ru')}",
        )
    many = ", ".join(known)
    return Said(
        f"{quoted(value)} is not one of {many}",
        f"{quoted(value, 'ru')} — нет такого варианта; есть {many}",
    )


def _pattern(error: Mapping[str, Any]) -> Said:
    pattern = error["ctx"]["pattern"]
    if pattern == "^[A-Z]{3}$":
        return Said(
            f"must be three capital letters like RUB, not {quoted(error['input'])}",
            "нужны три заглавные латинские буквы, например RUB, а стоит"
            f" {quoted(error['input'], 'ru')}",
        )
    return Said(
        f"{quoted(error['input'])} does not look like {pattern}",
        f"{quoted(error['input'], 'ru')} не подходит под образец {pattern}",
    )


def _length(error: Mapping[str, Any]) -> Said:
    context = error["ctx"]
    least, most = context.get("min_length"), context.get("max_length")
    text = str(error["type"]).startswith("string")
    if least == 1:
        return Said("must not be empty", "не должно быть пустым")
    what_en, what_ru = (
        ("characters", "число знаков") if text else ("entries", "число пунктов")
    )
    if least is not None:
        return Said(f"at least {least} {what_en}", f"{what_ru}: не меньше {least}")
    return Said(f"at most {most} {what_en}", f"{what_ru}: не больше {most}")


_EXACT: dict[str, Callable[[Mapping[str, Any]], Said]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "literal_error": _choice,
    "enum": _choice,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _length,
    "string_too_long": _length,
    "too_short": _length,
    "too_long": _length,
}
