"""What to rule out first when a conversion breaks: another way of counting (A-02).

The rate is wins over entries. Where the entries moved and the wins did not, it is the
entry that is counted otherwise, not the sale that got worse.
"""

import math
from dataclasses import dataclass

from salesdx.language import Text, number

Pace = tuple[float, float]
HALF = 0.5  # part of the change that comes from the number of entries


@dataclass(frozen=True, slots=True)
class Counting:
    """The sentence, and whether the figures look like another way of counting."""

    text: Text
    changed: bool


def counting(before: Pace | None, after: Pace | None) -> Counting | None:
    """Entries and deals a month before and after, and what to ask first.

    Args:
        before: entries and wins of a mean month before the break.
        after: the same after it.
    """
    if before is None or after is None or min(before[0], after[0]) <= 0:
        return None
    pace = (*before, *after)
    changed = _by_entries(pace)
    digits = 0 if min(p for p in pace if p > 0) >= 10 else 1
    en = [number(p, "en", digits) for p in pace]
    ru = [number(p, "ru", digits) for p in pace]
    first_en = f"{en[0]} entries and {en[1]} deals a month before,"
    first_en += f" {en[2]} and {en[3]} after."
    first_ru = f"Было {ru[0]} обращений и {ru[1]} сделок в месяц,"
    first_ru += f" стало {ru[2]} и {ru[3]}."
    if changed:
        return Counting(
            Text(
                en=f"Was counting changed? {first_en} It is the number of entries that"
                " moved: find out whether they are recorded by another rule.",
                ru=f"Не изменился ли учёт? {first_ru} Сдвинулось прежде всего число"
                " обращений: выясните, не стали ли их заводить по другому правилу.",
            ),
            True,
        )
    return Counting(
        Text(
            en=f"First make sure that counting did not change. {first_en} The number of"
            " deals itself moved, so counting alone does not explain it.",
            ru=f"Сначала убедитесь, что не изменился учёт. {first_ru} Изменилось само"
            " число сделок, так что одним учётом перелом не объяснить.",
        ),
        False,
    )


def _by_entries(pace: tuple[float, float, float, float]) -> bool:
    entries0, wins0, entries1, wins1 = pace
    a, b = max(wins0, 0.05) / entries0, max(wins1, 0.05) / entries1
    change = math.log(b / a)
    return bool(change) and -math.log(entries1 / entries0) / change >= HALF
