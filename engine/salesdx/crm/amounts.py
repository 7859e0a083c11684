"""Numbers and money of a whole column: `1 234,56`, `$1,234.56`, `(15)`, `12 %`."""

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.crm.rows import text_bytes

_SPACES = "[\\s\u00a0\u202f\u2009\u2007'’`]"
_NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$"
_GROUPED_BY_COMMA = r"^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$"
_GROUPED_BY_DOT = r"^[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$"
_LONES = {m: rf"^[-+]?[1-9]\d{{0,2}}[{m}]\d{{3}}$" for m in ".,"}
_LONE = r"^[-+]?[1-9]\d{0,2}[.,]\d{3}$"
# what only a decimal mark can look like: 0,5  1234,56  12,345678
_COMMA_DECIMAL = r"(,\d{1,2}$)|(,\d{4,}$)|(^[-+]?0*,\d+$)|(\d{4,},\d+$)|(\.\d{3},)"
_NO_TEXT = pa.scalar(None, pa.string())
_DOT_DECIMAL = r"(\.\d{1,2}$)|(\.\d{4,}$)|(^[-+]?0*\.\d+$)|(\d{4,}\.\d+$)|(,\d{3}\.)"


# the bytes of a column that only needs its spaces gone: digits, signs, marks, NBSP
_PLAIN = np.zeros(256, bool)
_PLAIN[[*b"0123456789-., \xc2\xa0"]] = True
_LITERAL_SPACES = (" ", "\u00a0")
_TRIED = 1_000  # cells that settle most columns


@dataclass(slots=True)
class Marks:
    """What marks decimals in a column, found chunk by chunk.

    Attributes:
        comma: a comma marks decimals.
        dot: a point does.
        groups: points stand between thousands.
        comma_groups: commas do.
        lone: marks before three digits, which may be either: `1.234`, `1,234`.
        money: amounts have no three decimals, so points before three digits are more
            likely to stand between thousands: unclear, where nothing else tells.
    """

    comma: bool = False
    dot: bool = False
    groups: bool = False
    comma_groups: bool = False
    lone: frozenset[str] = frozenset()
    money: bool = False

    @property
    def unclear(self) -> bool:
        """Whether `1.234` beside `2,345` may be a thousand and two, or 1 and 2345."""
        if self.comma or self.dot:
            return self.comma and self.dot
        few = 0 if self.money and "." in self.lone else 1
        return len(self.lone) > few and not (self.groups or self.comma_groups)

    def see(self, texts: pa.Array) -> None:
        """Look at further cells of the column."""
        used = _bytes_used(texts)
        for part in (texts.slice(0, _TRIED), texts.slice(_TRIED)):
            commas = used[44] and not self.comma
            points = used[46] and not self.dot
            if not len(part) or not (commas or points):
                continue
            text = _cleaned(part, used)[0]
            self.comma = self.comma or _any(text, _COMMA_DECIMAL)
            if points:
                self.dot = self.dot or _any(text, _DOT_DECIMAL)
                self.groups = self.groups or _any(text, r"\.\d{3}\.")
            if not (self.comma or self.dot):
                self.comma_groups = self.comma_groups or _any(text, r",\d{3},")
                self.lone |= {m for m, lone in _LONES.items() if _any(text, lone)}


def marks_of(column: pa.ChunkedArray, money: bool = False) -> Marks:
    """The marks of a whole column."""
    marks = Marks(money=money)
    for chunk in column.chunks:
        marks.see(chunk)
    return marks


def parse_numbers(texts: pa.Array, marks: Marks | None = None) -> pa.Array:
    """Numbers of texts; the decimal mark is decided over the column.

    `1,234` alone is a thousand, beside `5,75` it is a decimal; `1.234` is a decimal
    unless `1.234.567` or `5,75` stands beside it. Where `5,75` and `5.75` both stand in
    the column, `1.234` and `1,234` can mean either: they are not read. Percentages
    become ratios.

    Args:
        texts: trimmed texts.
        marks: those of the column; of these texts by default.

    Returns:
        float64 of the same length; null where a text is not one finite number.
    """
    if marks is None:
        marks = Marks()
        marks.see(texts)
    used = _bytes_used(texts)
    text, percent = _cleaned(texts, used)
    number = _at_once(text, used, marks)
    if number is None:
        text = _with_points(text, marks)
        good = pc.match_substring_regex(text, _NUMBER)
        number = pc.if_else(good, text, _NO_TEXT).cast(pa.float64())
    if percent is not None:
        number = pc.if_else(percent, pc.divide(number, 100.0), number)
    finite = pc.fill_null(pc.is_finite(number), False)
    return pc.if_else(finite, number, pa.scalar(None, pa.float64()))


def _bytes_used(texts: pa.Array) -> npt.NDArray[np.bool_]:
    starts, ends, data = text_bytes(texts)
    if not len(starts):
        return np.zeros(256, bool)
    held = data[starts[0] : ends[-1]]
    return np.bincount(held, minlength=256).astype(bool)


def _cleaned(
    texts: pa.Array, used: npt.NDArray[np.bool_]
) -> tuple[pa.Array, pa.Array | None]:
    """Without spaces and currency, and which are percentages (None: none)."""
    if not (used & ~_PLAIN).any():
        for space in _LITERAL_SPACES:
            if used[space.encode()[-1]]:
                texts = pc.replace_substring(texts, space, "")
        return texts, None
    text = pc.replace_substring_regex(texts, _SPACES, "")
    text = pc.replace_substring_regex(text, _currency(), "")
    text = pc.replace_substring_regex(text, r"^\((.+)\)$", r"-\1")
    text = pc.replace_substring_regex(text, "[\u2212\u2013]", "-")
    percent = pc.ends_with(text, "%")
    return pc.utf8_lower(pc.utf8_rtrim(text, "%")), percent


@cache
def _currency() -> str:
    """Marks of all currencies that we know, the longest first: `us$` before `$`.

    A letter alone (`р`) is a mark at the end only.
    """
    known = {re.sub(_SPACES, "", w) for w in words.codes("currency")} | {"¥"}
    ordered = sorted(known, key=lambda w: (-len(w), w))
    marks = [f"{re.escape(w)}{'$' if w.isalpha() and len(w) == 1 else ''}"
             for w in ordered]  # fmt: skip
    return f"(?i)({'|'.join(marks)})"


def _at_once(
    text: pa.Array, used: npt.NDArray[np.bool_], marks: Marks
) -> pa.Array | None:
    """Numbers where one mark means one thing in all cells; None where it may not."""
    commas, points = used[44], used[46]
    if (used & ~_PLAIN).any() or (commas and points) or marks.unclear:
        return None
    if commas and not marks.comma:  # a lone comma stands between thousands
        return None
    if points and not (marks.dot or not (marks.comma or marks.groups)):
        return None
    mark = "," if commas else "."
    if commas or points:
        if (pc.max(pc.count_substring(text, mark)).as_py() or 0) > 1:
            return None
        text = pc.replace_substring(text, ",", ".") if commas else text
    try:
        return text.cast(pa.float64())
    except pa.ArrowInvalid:
        return None


def _with_points(text: pa.Array, marks: Marks) -> pa.Array:
    """Thousands marks removed, the decimal mark a point; null where it is unclear."""
    by_comma = pc.match_substring_regex(text, _GROUPED_BY_COMMA)
    by_dot = pc.match_substring_regex(text, _GROUPED_BY_DOT)
    both = pc.and_(pc.match_substring(text, ","), pc.match_substring(text, "."))
    many_dots = pc.match_substring_regex(text, r"\..*\.")
    many_commas = pc.match_substring_regex(text, ",.*,")
    if marks.comma:  # then a lone comma is decimal
        by_comma = pc.and_(by_comma, pc.or_(both, many_commas))
    if marks.dot or not (marks.comma or marks.groups):  # a lone dot is decimal
        by_dot = pc.and_(by_dot, pc.or_(both, many_dots))
    if marks.unclear:
        text = pc.if_else(pc.match_substring_regex(text, _LONE), _NO_TEXT, text)
    plain = pc.replace_substring(text, ",", ".")
    no_commas = pc.replace_substring(text, ",", "")
    no_dots = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
    return pc.if_else(by_comma, no_commas, pc.if_else(by_dot, no_dots, plain))


def _any(text: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(text, pattern)).as_py())
