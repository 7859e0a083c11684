"""Numbers and money of a whole column: `1 234,56`, `$1,234.56`, `(15)`, `12 %`."""

import pyarrow as pa
import pyarrow.compute as pc

_SPACES = "[\\s\u00a0\u202f\u2009\u2007'’`]"
_CURRENCY = (
    r"(?i)(₽|\$|€|£|¥|₸|₴|руб(лей|ля|ль)?\.?|р\.|тенге|"
    r"доллар(ов|а)?( сша)?|евро|usd|eur|rub|rur|kzt|gbp|byn|uah|cny)"
)
_NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$"
_GROUPED_BY_COMMA = r"^[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d*)?$"
_GROUPED_BY_DOT = r"^[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?$"
_LONE = r"^[-+]?[1-9]\d{0,2}[.,]\d{3}$"
# what only a decimal mark can look like: 0,5  1234,56  12,345678
_COMMA_DECIMAL = r"(,\d{1,2}$)|(,\d{4,}$)|(^[-+]?0*,\d+$)|(\d{4,},\d+$)|(\.\d{3},)"
_DOT_DECIMAL = r"(\.\d{1,2}$)|(\.\d{4,}$)|(^[-+]?0*\.\d+$)|(\d{4,}\.\d+$)|(,\d{3}\.)"


def parse_numbers(texts: pa.Array) -> pa.Array:
    """Numbers of distinct texts; the decimal mark is decided over the column.

    `1,234` alone is a thousand, beside `5,75` it is a decimal; `1.234` is a decimal
    unless `1.234.567` or `5,75` stands beside it. Where `5,75` and `5.75` both stand in
    the column, `1.234` and `1,234` can mean either: they are not read. Percentages
    become ratios.

    Returns:
        float64 of the same length; null where a text is not one finite number.
    """
    text = pc.replace_substring_regex(texts, _SPACES, "")
    text = pc.replace_substring_regex(text, _CURRENCY, "")
    text = pc.replace_substring_regex(text, r"^\((.+)\)$", r"-\1")
    text = pc.replace_substring_regex(text, "[\u2212\u2013]", "-")
    percent = pc.ends_with(text, "%")
    text = pc.utf8_lower(pc.utf8_rtrim(text, "%"))
    text = _with_points(text)
    good = pc.match_substring_regex(text, _NUMBER)
    number = pc.if_else(good, text, pa.scalar(None, pa.string())).cast(pa.float64())
    number = pc.if_else(percent, pc.divide(number, 100.0), number)
    finite = pc.fill_null(pc.is_finite(number), False)
    return pc.if_else(finite, number, pa.scalar(None, pa.float64()))


def _with_points(text: pa.Array) -> pa.Array:
    """Thousands marks removed, the decimal mark a point; null where it cannot be told.

    `1.234` beside `2,345` may be a thousand and two, or one thousand and two: neither.
    """
    comma = _any(text, _COMMA_DECIMAL)
    dot = _any(text, _DOT_DECIMAL)
    by_comma = pc.match_substring_regex(text, _GROUPED_BY_COMMA)
    by_dot = pc.match_substring_regex(text, _GROUPED_BY_DOT)
    both = pc.and_(pc.match_substring(text, ","), pc.match_substring(text, "."))
    many_dots = pc.match_substring_regex(text, r"\..*\.")
    many_commas = pc.match_substring_regex(text, ",.*,")
    if comma:  # then a lone comma is decimal
        by_comma = pc.and_(by_comma, pc.or_(both, many_commas))
    if dot or not (comma or _any(text, r"\.\d{3}\.")):  # a lone dot is decimal
        by_dot = pc.and_(by_dot, pc.or_(both, many_dots))
    told = _any(text, r"\.\d{3}\.") or _any(text, ",\\d{3},")
    lone = pc.match_substring_regex(text, _LONE)
    if (comma and dot) or (not comma and not dot and not told and _both(text, lone)):
        text = pc.if_else(lone, pa.scalar(None, text.type), text)
    plain = pc.replace_substring(text, ",", ".")
    no_commas = pc.replace_substring(text, ",", "")
    no_dots = pc.replace_substring(pc.replace_substring(text, ".", ""), ",", ".")
    return pc.if_else(by_comma, no_commas, pc.if_else(by_dot, no_dots, plain))


def _both(text: pa.Array, lone: pa.Array) -> bool:
    """Whether some three digits stand behind a point and some behind a comma."""
    marked = text.filter(pc.fill_null(lone, False))
    return _any(marked, r"\.") and _any(marked, ",")


def _any(text: pa.Array, pattern: str) -> bool:
    return bool(pc.any(pc.match_substring_regex(text, pattern)).as_py())
