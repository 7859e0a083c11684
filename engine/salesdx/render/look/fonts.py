"""Fonts of strangers: only what a page needs of OpenType is read, the rest refused.

Packed fonts (WOFF) and fonts with pictures inside could grow without end when they are
opened, so only plain TTF and OTF files come in.
"""

import re
import struct

from salesdx.errors import Said
from salesdx.render.charts.svg import text_width
from salesdx.render.look import Font

LARGEST = 5_000_000
NAME = re.compile(r"[0-9A-Za-zА-Яа-яЁё][0-9A-Za-zА-Яа-яЁё .+-]{0,59}")
_MAGIC = {b"OTTO": "otf", b"\0\1\0\0": "ttf", b"true": "ttf"}
_NEEDED = ("cmap", "head", "hhea", "hmtx", "maxp", "name")
_PICTURES = {"SVG ", "sbix", "CBDT", "EBDT", "COLR"}
_TABLES = 64
_LATIN = "AZaz09"
_CYRILLIC = "АЯаяЁё№«»"
_SAMPLE = "Конверсия по этапам, 45 % клиентов; average check"
_STYLES = re.compile(
    r"[ -](thin|extralight|light|regular|book|medium|semibold|demibold|bold|extrabold|"
    r"black|heavy|italic|oblique)$",
    re.IGNORECASE,
)


class NoFontError(Exception):
    """Why a file is no font that can be used."""

    def __init__(self, said: Said) -> None:
        super().__init__(str(said))
        self.said = said


def read_font(data: bytes) -> Font:
    """A font of a file.

    Raises:
        NoFontError: it is none, or not a plain one.
    """
    kind = _MAGIC.get(data[:4])
    if kind is None:
        raise NoFontError(_other(data[:4]))
    try:
        face = _Face(data)
        family = face.family()
        letters = face.letters()
        weight, slanted = face.style()
        width = sum(face.advance(letters.get(ord(c), 0)) for c in _SAMPLE)
    except (struct.error, IndexError, KeyError, ZeroDivisionError, UnicodeError):
        raise NoFontError(_BROKEN) from None
    if not all(ord(c) in letters for c in _LATIN):
        raise NoFontError(_SYMBOLS)
    if not NAME.fullmatch(family):
        raise NoFontError(
            Said("the font has no ordinary name", "у шрифта нет обычного имени")
        )
    return Font(
        data, "otf" if kind == "otf" else "ttf", family, weight, slanted,
        cyrillic=all(ord(c) in letters for c in _CYRILLIC),
        narrow=width <= text_width(_SAMPLE, 1),
    )  # fmt: skip


def _other(magic: bytes) -> Said:
    if magic in (b"wOFF", b"wOF2", b"ttcf"):
        return Said(
            "a packed font (WOFF, TTC): use a plain .ttf or .otf file",
            "это упакованный шрифт (WOFF, TTC): нужен обычный файл .ttf или .otf",
        )
    return Said("this is no font", "это не шрифт")


_BROKEN = Said("the font is broken", "файл шрифта повреждён")
_SYMBOLS = Said("the font has no Latin letters", "в шрифте нет латинских букв")


class _Face:
    """The tables of one font; reading outside a table is a struct.error."""

    def __init__(self, data: bytes) -> None:
        (count,) = struct.unpack_from(">H", data, 4)
        if not 0 < count <= _TABLES:
            raise NoFontError(_BROKEN)
        self.tables: dict[str, memoryview] = {}
        whole = memoryview(data)
        for i in range(count):
            tag, _, offset, length = struct.unpack_from(">4sIII", data, 12 + 16 * i)
            if offset + length > len(data):
                raise NoFontError(_BROKEN)
            self.tables[tag.decode("latin-1")] = whole[offset : offset + length]
        if _PICTURES & self.tables.keys():
            raise NoFontError(
                Said("a font of coloured pictures", "шрифт с цветными картинками")
            )
        if not self.tables.keys() >= set(_NEEDED):
            raise NoFontError(_BROKEN)
        (self.em,) = struct.unpack_from(">H", self.tables["head"], 18)
        (self.metrics,) = struct.unpack_from(">H", self.tables["hhea"], 34)

    def family(self) -> str:
        """The name of the family, without the names of styles."""
        table = self.tables["name"]
        _, count, start = struct.unpack_from(">HHH", table, 0)
        found: dict[tuple[int, int], str] = {}
        for i in range(count):
            platform, _, tongue, name, length, offset = struct.unpack_from(
                ">HHHHHH", table, 6 + 12 * i
            )
            if platform in (0, 3) and name in (1, 16):
                raw = bytes(table[start + offset : start + offset + length])
                said = raw.decode("utf-16-be").strip()
                found.setdefault((name, 0 if tongue == 0x409 else 1), said)
        said = next((found[k] for k in sorted(found, key=lambda k: (-k[0], k[1]))), "")
        while (shorter := _STYLES.sub("", said)) != said:
            said = shorter
        return said

    def style(self) -> tuple[int, bool]:
        """Weight 100 to 900, and whether it is italic."""
        table = self.tables.get("OS/2")
        if table is None:
            return 400, False
        (weight,) = struct.unpack_from(">H", table, 4)
        (bits,) = struct.unpack_from(">H", table, 62)
        return min(900, max(100, weight)), bool(bits & 1)

    def advance(self, glyph: int) -> float:
        """The width of a glyph in em."""
        place = min(glyph, self.metrics - 1)
        (width,) = struct.unpack_from(">H", self.tables["hmtx"], 4 * place)
        em: float = self.em
        return float(width / em)

    def letters(self) -> dict[int, int]:
        """Characters that a report may need, with their glyphs."""
        wanted = sorted({ord(c) for c in _LATIN + _CYRILLIC + _SAMPLE})
        table = self.tables["cmap"]
        (count,) = struct.unpack_from(">H", table, 2)
        found: dict[int, int] = {}
        for i in range(min(count, _TABLES)):
            platform, _, offset = struct.unpack_from(">HHI", table, 4 + 8 * i)
            if platform not in (0, 3):
                continue
            (form,) = struct.unpack_from(">H", table, offset)
            if form == 4:
                found |= _segments(table[offset:], wanted)
            elif form == 12:
                found |= _groups(table[offset:], wanted)
        return found


def _segments(table: memoryview, wanted: list[int]) -> dict[int, int]:
    """Format 4: rows of characters, with a shift or a list of glyphs."""
    (double,) = struct.unpack_from(">H", table, 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", table, 14)
    starts = struct.unpack_from(f">{count}H", table, 16 + double)
    shifts = struct.unpack_from(f">{count}H", table, 16 + 2 * double)
    found = {}
    for code in wanted:
        row = next((i for i, end in enumerate(ends) if end >= code), None)
        if row is None or starts[row] > code:
            continue
        at = 16 + 3 * double + 2 * row
        (jump,) = struct.unpack_from(">H", table, at)
        glyph = code
        if jump:
            (glyph,) = struct.unpack_from(
                ">H", table, at + jump + 2 * (code - starts[row])
            )
        if glyph:
            found[code] = (glyph + shifts[row]) % 65536
    return found


def _groups(table: memoryview, wanted: list[int]) -> dict[int, int]:
    """Format 12: rows of characters that follow one another."""
    (count,) = struct.unpack_from(">I", table, 12)
    found = {}
    for i in range(min(count, 20_000)):
        first, last, glyph = struct.unpack_from(">III", table, 16 + 12 * i)
        for code in wanted:
            if first <= code <= last:
                found[code] = glyph + code - first
    return found
