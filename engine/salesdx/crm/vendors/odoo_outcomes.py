"""What tells won from lost in Odoo: the probability, the archive, the stage."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from salesdx.crm import words
from salesdx.crm.amounts import parse_numbers
from salesdx.crm.headers import header_of
from salesdx.crm.rows import Mask, Rows
from salesdx.crm.vendors.columns import among, column, holds

_TOLD = ("won_status", "won status", "is won")
_WINS = ("stage_id/is_won", "stage_id.is_won", "stage/is won stage?")
_CHANCE = ("probability", "вероятность")
_ACTIVE = ("active", "активно", "активен", "активный", "активна")
_REASON = ("lost_reason_id", "lost_reason_id/id", "lost_reason_id.id", "lost_reason",
           "lost_reason/id", "lost reason", "причина проигрыша",
           "причина потери")  # fmt: skip


def outcomes(rows: Rows) -> dict[str, list[str]]:
    """Columns of yes and no: won, lost; each only where the file can tell it.

    Won is a stage that wins or a probability of 100. Lost is archived with probability
    0; Odoo sets that probability when it archives. An export writes False as nothing,
    so a blank cell of the column for active means archived.
    """
    told, wins, chance, active, reason = (
        header_of(rows, wanted) for wanted in (_TOLD, _WINS, _CHANCE, _ACTIVE, _REASON)
    )
    chances = numbers(rows, chance)
    found: dict[str, list[str]] = {}
    if told or wins or chance:
        won = _is(rows, told, "won") | holds(rows, wins or "") | (chances == 100)
        found["outcome.won"] = _flags(won)
    if told or active or (chance and reason):
        archived = ~holds(rows, active) if active else np.zeros(len(chances), bool)
        reasoned = (chances == 0) & ~among(rows, reason or "", [None, "false"])
        none_left = (chances == 0) | np.isnan(chances)
        lost = _is(rows, told, "lost") | (none_left & (archived | reasoned))
        found["outcome.lost"] = _flags(lost)
    return found


def numbers(rows: Rows, name: str | None) -> npt.NDArray[np.float64]:
    """Numbers of a column, `100 %` as 100; NaN for what is none."""
    cells = pc.utf8_rtrim(column(rows, name or ""), " %\u00a0").combine_chunks()
    found: npt.NDArray[np.float64] = pc.fill_null(
        parse_numbers(cells), pa.scalar(np.nan)
    ).to_numpy(zero_copy_only=False)  # fmt: skip
    return found


def _is(rows: Rows, name: str | None, code: str) -> Mask:
    known = words.codes("status")
    told = pc.unique(column(rows, name or "")).drop_null().to_pylist()
    return among(
        rows, name or "", [w for w in told if known.get(words.normalise(w)) == code]
    )


def _flags(many: Iterable[bool]) -> list[str]:
    return ["true" if one else "false" for one in many]
