"""Bytes to text: BOM, strict UTF-8, then cp1251 only where it looks like Russian.

A file is looked through once, block by block, before anything of it is used: a bad
byte at its very end still decides how its first line is read.
"""

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from salesdx.errors import DataError, Said

BLOCK = 1 << 20  # bytes read at once
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1_000_000
_UNDEFINED = b"\x98"  # the one byte that is no character of cp1251
_LETTERS = re.compile(r"[^\W\d_]")
_RUSSIAN = re.compile(r"[А-Яа-яЁё]")
_WORD = re.compile(r"[А-Яа-яЁё]+")
# not Russian: Cyrillic touching Latin (`cafй`, French), `пЕТР` (KOI8 swaps the case)
_ODD = re.compile(r"[A-Za-z][А-Яа-яЁё]|[А-Яа-яЁё][A-Za-z]|[а-яё][А-ЯЁ]")
_TOUCHING = "".join(
    chr(c) for a, b in ("AZ", "az", "Ая", "ЁЁ", "ёё") for c in range(ord(a), ord(b) + 1)
)
_ADVICE = Said(
    "save the file as CSV UTF-8 and try again",
    "сохраните файл как CSV UTF-8 и повторите",
)


@dataclass(slots=True)
class TextFile:
    r"""What one look through a file of text tells.

    `quotes` counts its `"`; `escaped` and `doubled` say whether `\"` and `""` stand
    anywhere.
    """

    encoding: str = "utf-8"
    quotes: int = 0
    escaped: bool = False
    doubled: bool = False
    _last: bytes = b""

    def see(self, block: bytes) -> None:
        """Count the quotes of the next block, of UTF-8 or any one-byte encoding."""
        count = block.count(b'"')
        if count:
            edge = self._last + block
            self.quotes += count
            self.escaped = self.escaped or b'\\"' in edge
            self.doubled = self.doubled or b'""' in edge
        self._last = block[-1:]


def decode(raw: bytes, name: str) -> tuple[str, str]:
    """Return the text and the encoding it was in.

    Raises:
        DataError: the bytes are not text, or the encoding cannot be told for sure
            (latin-1 never fails, so it is never tried).
    """
    encoding = look_through(io.BytesIO(raw), name).encoding
    return raw.decode(encoding), encoding


def look_through(
    file: BinaryIO, name: str, longest: int | None = None, block: int = BLOCK
) -> TextFile:
    """Tell the encoding of a file, and its quotes.

    Args:
        file: open for reading; where it stands afterwards is undefined.
        name: how messages call it.
        longest: bytes that a line may have.
        block: bytes read at once.

    Raises:
        DataError: see `decode`; or a line is longer.
    """
    file.seek(0)
    head = file.read(4)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return _with_bom(file, encoding, name, longest, block)
    return _without_bom(file, name, longest, block)


def utf8(file: BinaryIO, encoding: str, block: int = BLOCK) -> Iterator[bytes]:
    """A file that was looked through, as blocks of UTF-8 without a BOM."""
    file.seek(len(codecs.BOM_UTF8) if encoding == "utf-8-sig" else 0)
    if encoding.startswith("utf-8"):
        yield from _blocks(file, block)
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    for raw in _blocks(file, block):
        yield decoder.decode(raw).encode()


def _blocks(file: BinaryIO, block: int) -> Iterator[bytes]:
    while raw := file.read(block):
        yield raw


def _with_bom(
    file: BinaryIO, encoding: str, name: str, longest: int | None, block: int
) -> TextFile:
    found = TextFile(encoding)
    lines = _Lines(name, longest)
    plain = encoding == "utf-8-sig"
    start = len(codecs.BOM_UTF8) if plain else 0
    file.seek(start)
    decoder = codecs.getincrementaldecoder("utf-8" if plain else encoding)()
    done = 0
    last = False
    while not last:
        raw = file.read(block)
        last = not raw
        waiting = len(decoder.getstate()[0])
        try:
            text = decoder.decode(raw, final=last)
        except UnicodeDecodeError as error:
            raise _damaged(name, encoding, done - waiting + error.start) from error
        done += len(raw)
        seen = raw if plain else text.encode()
        found.see(seen)
        lines.see(seen)
    return found


def _damaged(name: str, encoding: str, place: int) -> DataError:
    return DataError(
        Said(
            f"{name}: damaged {encoding} text at byte {place}; {_ADVICE}",
            f"{name}: текст в {encoding} повреждён на байте {place}; {_ADVICE.ru}",
        )
    )


def _without_bom(
    file: BinaryIO, name: str, longest: int | None, block: int
) -> TextFile:
    found = TextFile()
    lines = _Lines(name, longest)
    file.seek(0)
    decoder: codecs.IncrementalDecoder | None = codecs.getincrementaldecoder("utf-8")()
    done = bad = line = 0
    undefined = last = False
    while not last:
        raw = file.read(block)
        last = not raw
        if decoder is not None:
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(raw, final=last)
            except UnicodeDecodeError as error:
                decoder = None
                bad = done - waiting + error.start
                line = lines.number + raw.count(b"\n", 0, max(bad - done, 0))
        done += len(raw)
        if b"\x00" in raw:  # no text at all: it does not matter what comes later
            raise _unknown(name, line) if decoder is None else _with_nul(name)
        undefined = undefined or _UNDEFINED in raw
        found.see(raw)
        lines.see(raw)
    if decoder is None:
        if undefined or not _russian(file, bad, block):
            raise _unknown(name, line)
        found.encoding = "cp1251"
    return found


def _with_nul(name: str) -> DataError:
    return DataError(
        Said(
            f"{name}: not a text file (it holds NUL bytes); {_ADVICE}",
            f"{name}: это не текстовый файл (в нём нулевые байты); {_ADVICE.ru}",
        )
    )


def _unknown(name: str, line: int) -> DataError:
    return DataError(
        Said(
            f"{name}:{line}: the encoding is neither UTF-8 nor Windows-1251; {_ADVICE}",
            f"{name}:{line}: кодировка не UTF-8 и не Windows-1251; {_ADVICE.ru}",
        )
    )


class _Lines:
    """Counts lines, and refuses what goes on without end."""

    def __init__(self, name: str, longest: int | None) -> None:
        self.number = 1
        self._name = name
        self._longest = longest
        self._length = 0

    def see(self, block: bytes) -> None:
        first = _first_break(block)
        self._length += len(block) if first < 0 else first
        if self._longest is not None and self._length > self._longest:
            raise self._endless(self._longest // 1_000_000)
        if first >= 0:
            last = max(block.rfind(b"\n"), block.rfind(b"\r"))
            self._length = len(block) - last - 1
            self.number += block.count(b"\n")

    def _endless(self, megabytes: int) -> DataError:
        return DataError(
            Said(
                f"{self._name}:{self.number}: a line of more than {megabytes} MB: a"
                " table has a line for each row. Export the file again as CSV, or open"
                " it in an editor and look where the line breaks were lost",
                f"{self._name}:{self.number}: строка длиннее {megabytes} МБ, а в"
                " таблице каждая запись стоит на своей строке. Выгрузите файл заново"
                " в CSV или посмотрите в редакторе, где пропали переводы строк",
            )
        )


def _first_break(block: bytes) -> int:
    places = [p for p in (block.find(b"\n"), block.find(b"\r")) if p >= 0]
    return min(places, default=-1)


def _russian(file: BinaryIO, bad: int, block: int) -> bool:
    """Whether cp1251 gives Russian: the start of a file tells, if it is not ASCII."""
    file.seek(0)
    letters = _Letters()
    if bad < _SAMPLE:
        letters.see(file.read(_SAMPLE).decode("cp1251"), last=True)
        return letters.russian()
    for raw in _blocks(file, block):
        letters.see(raw.decode("cp1251"))
    letters.see("", last=True)
    return letters.russian()


class _Letters:
    """Counts of letters; a word cut by the end of a block waits for the next one."""

    def __init__(self) -> None:
        self._foreign = self._russian = self._words = self._odd = 0
        self._waiting = ""

    def see(self, text: str, last: bool = False) -> None:
        text = self._waiting + text
        whole = len(text) if last else len(text.rstrip(_TOUCHING))
        text, self._waiting = text[:whole], text[whole:]
        self._foreign += sum(ord(c) > 127 for c in _LETTERS.findall(text))
        self._russian += len(_RUSSIAN.findall(text))
        self._words += len(_WORD.findall(text))
        self._odd += len(_ODD.findall(text))

    def russian(self) -> bool:
        """Nine of ten letters that are not Latin, in words that look like words."""
        return self._russian >= 0.9 * self._foreign and self._odd <= 0.1 * self._words
