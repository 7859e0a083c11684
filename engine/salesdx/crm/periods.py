"""What people write for a month and for the length of a call, as it is read elsewhere.

A month alone is a day only where a period is wanted: a deal that came in «март 2026»
has no day.
"""

import pyarrow as pa
import pyarrow.compute as pc

from salesdx.tables import Column

_MONTHS = (
    (r"^(\d{1,2})[-/.](\d{4})(\s*г\.?)?$", r"\2-\1-01"),
    (r"^(\d{4})[-/.](\d{1,2})$", r"\1-\2-01"),
    (r"(?i)^([a-zа-я]{3,})[\s.,'’/-]*(\d{4}|\d{2})(\s*(г|год)\.?)?$", r"1 \1 \2"),
)
_CLOCK = r"^(?:(?P<h>\d{1,3}):)?(?P<m>\d{1,3}):(?P<s>[0-5]\d)$"


def plainly(texts: pa.Array, column: Column) -> pa.Array:
    """Months as their first day, lengths of calls as seconds; others as they are.

    Args:
        texts: trimmed texts.
        column: the canonical column that they feed.
    """
    if column.name == "period":
        for pattern, day in _MONTHS:
            texts = pc.replace_substring_regex(texts, pattern, day)
    elif column.name == "duration_s":
        return _seconds(texts)
    return texts


def _seconds(texts: pa.Array) -> pa.Array:
    """`3:15` of a call is minutes and seconds: nobody talks by the hour."""
    if not pc.any(pc.match_substring(texts, ":")).as_py():
        return texts
    parts = pc.extract_regex(texts, pattern=_CLOCK)
    found = [
        pc.if_else(pc.equal(part := pc.struct_field(parts, n), ""), "0", part).cast(
            pa.int64()
        )
        for n in "hms"
    ]
    hours, minutes, seconds = found
    total = pc.add(pc.multiply(hours, 3600), pc.add(pc.multiply(minutes, 60), seconds))
    return pc.coalesce(total.cast(pa.string()), texts)
