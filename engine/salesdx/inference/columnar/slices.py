"""A rule that is judged slice by slice, as the company reads it: its best slice."""

import numpy as np

from salesdx.inference.columnar.bill import Item
from salesdx.inference.columnar.columns import Level
from salesdx.inference.columnar.planes import Flags, Plane, pack, unpack

_RANK = 1 << 12  # above any points: true before unknown before false


def best_rows(item: Item, level: Level, cases: int) -> Item:
    """True before unknown before false, then by points; of equals the first slice."""
    assert level.owner is not None
    rows = level.rows
    true, known = (unpack(b, rows) for b in (item.state.true, item.state.known))
    there = np.ones(rows, np.bool_)
    if item.there is not None:
        there = unpack(item.there, rows)
    points = np.broadcast_to(np.asarray(item.held, np.int64), rows)
    strength = np.where(true, 2 * _RANK + points, np.where(known, 0, _RANK))
    place = strength * rows + (rows - 1 - np.arange(rows))
    at = np.flatnonzero(there)
    best = np.full(cases, -1, np.int64)
    np.maximum.at(best, level.owner[at], place[at])
    some = best >= 0
    chosen = np.zeros(cases, np.intp)
    chosen[some] = rows - 1 - best[some] % rows

    def taken(flags: Flags) -> Flags:
        return flags[chosen] & some

    if not rows:
        none = np.zeros(cases, np.bool_)
        return Item(
            item.rule, item.direction, item.group, item.full,
            Plane.unknown(cases), item.full, pack(none),
            item.alone if isinstance(item.alone, bool) else pack(none),
        )  # fmt: skip
    return Item(
        item.rule, item.direction, item.group, item.full,
        Plane.of(taken(true), taken(known)),
        item.held if isinstance(item.held, int) else item.held[chosen],
        pack(some),
        item.alone if isinstance(item.alone, bool)
        else pack(taken(unpack(item.alone, rows))),
    )  # fmt: skip
