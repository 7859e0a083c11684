"""A map for documents that people edit: marks in the cells of a table.

The signs are those that Arial and Calibri have: a font without them would borrow a
box from another. Each state has its own, so that a grey copy still reads.
"""

from collections.abc import Mapping, Sequence

from salesdx.render.report import Heat, Mark
from salesdx.render.words import Words
from salesdx.result import Loss, LossState

SIGNS: dict[LossState, str] = {"confirmed": "▲", "suspected": "◊", "noise": "○"}
_GAP = "\u00a0"  # a mark never leaves its sum


def heat(
    title: str,
    cells: Mapping[tuple[str, str], Loss],
    rows: Sequence[str],
    columns: Sequence[str],
    head: str,
    words: Words,
    most: tuple[int, int],
) -> Heat:
    """All rows and columns of a map; charts show only as many as they can."""
    shown = [
        (r, [mark(cells[r, c], words) if (r, c) in cells else None for c in columns])
        for r in rows
    ]
    name = head[:1].upper() + head[1:]
    return Heat(title, name, list(columns), shown, legend(words), most)


def mark(loss: Loss, words: Words) -> Mark:
    """The sign of a gap with its money; of too few cases their number."""
    money = loss.money.expected if loss.money else None
    if loss.state == "insufficient":
        return Mark(loss.state, None, loss.n, f"n{_GAP}={_GAP}{loss.n}")
    told = [SIGNS[loss.state]]
    if money is not None and loss.state != "noise":
        told.append(words.short(money))
    return Mark(loss.state, money, loss.n, _GAP.join(told))


def legend(words: Words) -> str:
    """What the signs mean."""
    told = [f"{sign}{_GAP}{words.t(f'state.{state}')}" for state, sign in SIGNS.items()]
    few = words.t("state.insufficient")
    return " · ".join([*told, f"n{_GAP}={_GAP}{few}"])
