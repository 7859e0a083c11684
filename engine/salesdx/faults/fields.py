"""What is wrong with a field of a file, in words of the file and not of pydantic."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from salesdx.errors import Said

MAX_SHOWN = 60  # characters of a value that are quoted back

_KINDS: dict[str, tuple[str, str]] = {
    "string": ("a text", "нужен текст"),
    "int": ("a whole number", "нужно целое число"),
    "float": ("a number", "нужно число"),
    "finite_number": ("an ordinary number", "нужно обычное число"),
    "decimal": ("a number", "нужно число"),
    "bool": ("true or false", "нужно true или false"),
    "date": ("a date like 2026-06-30", "нужна дата вида 2026-06-30"),
    "datetime": ("a time like 2026-06-30 12:00", "нужно время вида 2026-06-30 12:00"),
    "time": ('a time like "09:00"', "нужно время вида «09:00»"),
    "list": ("a list", "нужен список"),
    "tuple": ("a list", "нужен список"),
    "set": ("a list", "нужен список"),
    "frozen_set": ("a list", "нужен список"),
    "dict": ("pairs `key: value`", "нужны пары «ключ: значение»"),
    "model": ("pairs `key: value`", "нужны пары «ключ: значение»"),
    "none": ("empty", "должно быть пусто"),
}  # longest first decides: see `_kind`
_BOUNDS = {
    "greater_than": ("gt", "greater than", "больше"),
    "greater_than_equal": ("ge", "at least", "не меньше"),
    "less_than": ("lt", "less than", "меньше"),
    "less_than_equal": ("le", "at most", "не больше"),
}


def of_field(error: Mapping[str, Any]) -> Said:
    """One entry of `ValidationError.errors()` in our own words."""
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind == "value_error":
        return _own(error, context)
    if error.get("input") is None and kind not in ("missing", "extra_forbidden"):
        return _NO_VALUE if error["loc"] else _EMPTY
    if kind in _EXACT:
        return _EXACT[kind](error)
    if kind in _BOUNDS:
        name, en, ru = _BOUNDS[kind]
        bound = context[name]
        if isinstance(bound, float):
            bound = f"{bound:g}"
        return Said(
            f"must be {en} {bound}, not {quoted(error['input'])}",
            f"должно быть {ru} {bound}, а здесь {quoted(error['input'], 'ru')}",
        )
    expected = _kind(kind)
    if expected:
        en, ru = expected
        return Said(
            f"must be {en}, not {quoted(error['input'])}",
            f"{ru}, а здесь {quoted(error['input'], 'ru')}",
        )
    return Said(
        f"this value does not fit: {quoted(error['input'])}",
        f"значение не подходит: {quoted(error['input'], 'ru')}",
    )


def advice(error: Mapping[str, Any]) -> Said:
    """What to do about it, where that can be said."""
    kind, value, name = str(error["type"]), error.get("input"), error["loc"][-1:]
    if kind == "string_too_short" and name in (("en",), ("ru",)):
        return _BOTH
    if kind == "missing" and name:
        return _LACKS.get(str(name[0]), _NOTHING)
    if kind == "extra_forbidden" and value is None:
        return Said(
            "a text with a comma stands in quotes", "текст с запятой берут в кавычки"
        )
    if kind == "list_type" and value is not None:
        return Said(
            "begin every item with `- `, or put [ ] around them",
            "каждый пункт начинайте с «- » или возьмите все в [ ]",
        )
    if kind == "string_type" and isinstance(value, int | float):
        return Said("put it into quotes", "возьмите в кавычки")
    if kind == "less_than_equal" and _is_percentage(error):
        return _write(plain_number(f"{value}%"))
    if kind.startswith(("float", "int")) and isinstance(value, str):
        return _write(plain_number(value))
    return _NOTHING


def _is_percentage(error: Mapping[str, Any]) -> bool:
    value = error["input"]
    one = error.get("ctx", {}).get("le") == 1
    return one and isinstance(value, int | float) and 1 < value <= 100


def plain_number(written: str) -> str | None:
    """A number as a file has it, of one written as people write: `12,5`, `20 %`."""
    text = written.strip().replace("\u00a0", "").replace(" ", "").replace(",", ".")
    share = text.endswith("%")
    if not _PLAIN.fullmatch(text.removesuffix("%")):
        return None
    number = float(text.removesuffix("%"))
    return f"{number / 100 if share else number:.10g}"


def _write(number: str | None) -> Said:
    return Said(f"write {number}", f"пишите {number}") if number else _NOTHING


_NOTHING = Said("", "")
_NO_VALUE = Said("there is no value here", "здесь нет значения")
_EMPTY = Said("the file is empty", "файл пустой")
_PLAIN = re.compile(r"[-+]?\d{1,15}(\.\d{1,15})?")
_BOTH = Said("write both: {en: …, ru: …}", "нужны оба: {en: …, ru: …}")
_LACKS = {
    "format": Said("begin the file with `format: 1`", "начните файл с `format: 1`"),
    "who": Said(
        "say who answers: `who: [head_of_sales]`",
        "укажите, кто отвечает: `who: [head_of_sales]`",
    ),
    "because": Said(
        "say in one sentence what it shows", "одной фразой скажите, о чём это говорит"
    ),
    "source": Said(
        "say where it comes from: `source: {note: …}`",
        "укажите, откуда это: `source: {note: …}`",
    ),
    "grade": Said(
        "E1 a worked case, E2 a practitioner, E3 a bare claim, EX your judgement",
        "E1 разобранный случай, E2 слова практика, E3 голое утверждение, "
        "EX ваше мнение",
    ),
    "weight": Said(
        "slight, moderate, considerable, strong or decisive",
        "slight, moderate, considerable, strong или decisive",
    ),
    "if": Said(
        'say when the rule holds: `if: {name: "< benchmark"}`',
        'укажите, когда правило срабатывает: `if: {показатель: "< ориентир"}`',
    ),
    "en": _BOTH,
    "ru": _BOTH,
}


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
        return "пары «ключ: значение»" if ru else "pairs `key: value`"
    if isinstance(value, list | tuple):
        return "список" if ru else "a list"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    text = short(text)
    if isinstance(value, str):
        return f"«{text}»" if ru else repr(text)
    return text


def short(text: str) -> str:
    """A name or value cut to what a line can quote."""
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


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


_LANGUAGES = {
    "en": Said("the English text is missing", "нет английского текста"),
    "ru": Said("the Russian text is missing", "нет русского текста"),
}


def _missing(error: Mapping[str, Any]) -> Said:
    name = error["loc"][-1]
    if name in _LANGUAGES:
        return _LANGUAGES[name]
    return Said(f"the key {name!r} is missing", f"не хватает ключа «{name}»")


def _unknown(error: Mapping[str, Any]) -> Said:
    name = short(str(error["loc"][-1]))
    return Said(f"unknown key {name!r}", f"неизвестный ключ «{name}»")


def _mapping(error: Mapping[str, Any]) -> Said:
    """A group of keys, or a text, which is one of two languages."""
    value = error["input"]
    if error.get("ctx", {}).get("class_name") == "Text":
        return Said(
            f"a text needs both languages, {{en: …, ru: …}}, not {quoted(value)}",
            "текст нужен на двух языках, {en: …, ru: …}, а здесь "
            f"{quoted(value, 'ru')}",
        )
    en, ru = _KINDS["model"]
    return Said(
        f"must be {en}, not {quoted(value)}", f"{ru}, а здесь {quoted(value, 'ru')}"
    )


def _choice(error: Mapping[str, Any]) -> Said:
    known, value = choices(error), error["input"]
    if len(known) == 1:
        return Said(
            f"must be {known[0]}, not {quoted(value)}",
            f"должно быть {known[0]}, а здесь {quoted(value, 'ru')}",
        )
    many = ", ".join(known)
    return Said(
        f"{quoted(value)} is not one of {many}",
        f"{quoted(value, 'ru')} — нет такого варианта; есть {many}",
    )


def _pattern(error: Mapping[str, Any]) -> Said:
    value = error["input"]
    en, ru = SHAPES.get(error["ctx"]["pattern"], _SHAPE)
    said = Said(
        f"{quoted(value)} does not fit: {en}",
        f"{quoted(value, 'ru')} не подходит: {ru}",
    )
    foreign = "".join(dict.fromkeys(_CYRILLIC.findall(str(value))))
    if foreign and _CYRILLIC.sub("", str(value)):
        foreign = short(foreign)
        return Said(
            f"{said}; {foreign!r} is Cyrillic",
            f"{said.ru}; здесь «{foreign}» — кириллица",
        )
    return said


_CYRILLIC = re.compile("[\u0400-\u04ff]")
_SHAPE = ("it is written otherwise", "пишется иначе")
# what a text of a fixed shape looks like, by its pattern
SHAPES = {
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$": (
        "small Latin letters and digits, joined by hyphens, like slow-reply",
        "пишут строчными латинскими буквами и цифрами через дефис, например slow-reply",
    ),
    r"^[a-z][a-z0-9]*(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$": (
        "small Latin letters, digits, hyphens and dots, like response.first-business",
        "пишут строчными латинскими буквами, цифрами, дефисами и точками, например "
        "response.first-business",
    ),
    r"^[a-z0-9-]+/[a-z0-9-]+$": (
        "a rule is named cause/rule, like slow-reply/first-answer-slow",
        "правило называют так: причина/правило, например slow-reply/first-answer-slow",
    ),
    r"^[a-z][a-z_]*$": (
        "small Latin letters joined by _, like head_of_sales",
        "пишут строчными латинскими буквами через _, например head_of_sales",
    ),
    r"^[a-z0-9][a-z0-9_-]*$": (
        "small Latin letters, digits, _ and hyphens, like next_day",
        "пишут строчными латинскими буквами, цифрами, _ и дефисами, например next_day",
    ),
    r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$": (
        'a date is written "2026-06" or "2026-06-30"',
        "дату пишут так: 2026-06 или 2026-06-30",
    ),
    "^[A-Z]{3}$": (
        "three capital letters like RUB",
        "нужны три заглавные латинские буквы, например RUB",
    ),
}


def _length(error: Mapping[str, Any]) -> Said:
    context = error["ctx"]
    least, most = context.get("min_length"), context.get("max_length")
    text = str(error["type"]).startswith("string")
    if least == 1 and error["loc"][-1:] in (("en",), ("ru",)):
        return _LANGUAGES[error["loc"][-1]]
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
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "extra_forbidden": _unknown,
    "literal_error": _choice,
    "enum": _choice,
    "string_pattern_mismatch": _pattern,
    "string_too_short": _length,
    "string_too_long": _length,
    "too_short": _length,
    "too_long": _length,
}
