"""Bytes to text: BOM, strict UTF-8, then cp1251 only where it looks like Russian."""

import codecs
import re

from salesdx.errors import DataError, Said

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1_000_000
_LETTERS = re.compile(r"[^\W\d_]")
_RUSSIAN = re.compile(r"[А-Яа-яЁё]")
_WORD = re.compile(r"[А-Яа-яЁё]+")
# not Russian: Cyrillic touching Latin (`cafй`, French), `пЕТР` (KOI8 swaps the case)
_ODD = re.compile(r"[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]|[а-яё][А-ЯЁ]")
_ADVICE = Said(
    "save the file as CSV UTF-8 and try again",
    "сохраните файл как CSV UTF-8 и повторите",
)


def decode(raw: bytes, name: str) -> tuple[str, str]:
    """Return the text and the encoding it was in.

    Raises:
        DataError: the bytes are not text, or the encoding cannot be told for sure
            (latin-1 never fails, so it is never tried).
    """
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _strict(raw, encoding, name), encoding
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _russian(raw, name, error.start), "cp1251"
    if "\x00" in text:
        raise DataError(
            Said(
                f"{name}: not a text file (it holds NUL bytes); {_ADVICE}",
                f"{name}: это не текстовый файл (в нём нулевые байты); {_ADVICE.ru}",
            )
        )
    return text, "utf-8"


def _strict(raw: bytes, encoding: str, name: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError(
            Said(
                f"{name}: damaged {encoding} text at byte {error.start}; {_ADVICE}",
                f"{name}: текст в {encoding} повреждён на байте {error.start};"
                f" {_ADVICE.ru}",
            )
        ) from error


def _russian(raw: bytes, name: str, start: int) -> str:
    line = raw.count(b"\n", 0, start) + 1
    unknown = DataError(
        Said(
            f"{name}:{line}: the encoding is neither UTF-8 nor Windows-1251; {_ADVICE}",
            f"{name}:{line}: кодировка не UTF-8 и не Windows-1251; {_ADVICE.ru}",
        )
    )
    if b"\x00" in raw:
        raise unknown
    try:
        text = raw.decode("cp1251")
    except UnicodeDecodeError as error:
        raise unknown from error
    sample = text[:_SAMPLE] if start < _SAMPLE else text
    foreign = [c for c in _LETTERS.findall(sample) if ord(c) > 127]
    russian = len(_RUSSIAN.findall(sample))
    words = len(_WORD.findall(sample))
    if russian < 0.9 * len(foreign) or len(_ODD.findall(sample)) > 0.1 * words:
        raise unknown
    return text
