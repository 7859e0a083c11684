"""What tells won from lost in Odoo: the probability, the archive, the stage."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import pyarrow as pa

from salesdx.crm import words
from salesdx.crm.amounts import parse_numbers
from salesdx.crm.headers import header_of
from salesdx.crm.rows import Rows

T = TypeVar("T")
_WON, _LOST = "outcome.won", "outcome.lost"


def outcomes(rows: Rows) -> dict[str, list[str]]:
    """Columns of yes and no: won, lost; each only where the file can tell it.

    Won is a stage that wins or a probability of 100. Lost is archived with probability
    0; Odoo sets that probability when it archives. An export writes False as nothing,
    so a blank cell of the column for active means archived.
    """
    told = _cells(rows, ["won_status", "won status", "is won"])
    wins = _cells(rows, ["stage_id/is_won", "stage_id.is_won", "stage/is won stage?"])
    chance = numbers(_cells(rows, ["probability", "вероятность"]))
    active = _cells(rows, ["active", "активно", "активен", "активный", "активна"])
    reason = _cells(rows, ["lost_reason_id", "lost_reason_id/id", "lost_reason_id.id",
                           "lost_reason", "lost_reason/id", "lost reason",
                           "причина проигрыша", "причина потери"])  # fmt: skip
    size = rows.table.num_rows
    found: dict[str, list[str]] = {}
    if told or wins or chance:
        found[_WON] = _flags(
            _code(told, i) == "won" or _yes(wins, i) or _at(chance, i) == 100
            for i in range(size)
        )
    if told or active or (chance and reason):
        found[_LOST] = _flags(
            _code(told, i) == "lost"
            or (
                _at(chance, i) in {0, None}
                and (
                    (active is not None and not _yes(active, i))
                    or (_at(chance, i) == 0 and _at(reason, i) not in {None, "false"})
                )
            )
            for i in range(size)
        )
    return found


def _cells(rows: Rows, wanted: Iterable[str]) -> list[str | None] | None:
    header = header_of(rows, wanted)
    return None if header is None else rows.table[header].to_pylist()


def numbers(cells: list[str | None] | None) -> list[float | None] | None:
    """Numbers of a column of texts, `100 %` as 100; None for no column."""
    if cells is None:
        return None
    texts = [c.rstrip(" %\u00a0") if c else c for c in cells]
    found: list[float | None] = parse_numbers(pa.array(texts, pa.string())).to_pylist()
    return found


def _at(cells: Sequence[T | None] | None, place: int) -> T | None:
    return None if cells is None else cells[place]


def _yes(cells: list[str | None] | None, place: int) -> bool:
    cell = _at(cells, place)
    return cell is not None and words.booleans().get(words.normalise(cell)) is True


def _code(cells: list[str | None] | None, place: int) -> str | None:
    cell = _at(cells, place)
    return None if cell is None else words.codes("status").get(words.normalise(cell))


def _flags(many: Iterable[bool]) -> list[str]:
    return ["true" if one else "false" for one in many]
