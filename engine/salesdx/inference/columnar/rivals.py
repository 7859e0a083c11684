"""Rivals over many rows: likely causes that nothing separates are only possible."""

from collections.abc import Mapping, Sequence

import numpy as np

from salesdx.inference.columnar.bill import Item, Points, counted
from salesdx.inference.columnar.judgement import POSSIBLE, Judgement
from salesdx.inference.columnar.planes import Rows
from salesdx.inference.program import rule_key
from salesdx.inference.verdicts import SEPARATION
from salesdx.knowledge.base import ReadyCause


def settle_rivals(
    found: Judgement, cause: ReadyCause, layer: Mapping[str, ReadyCause]
) -> None:
    """Demote a cause where a rival is as likely and less than 10 points tell apart."""
    rivals = {r for r in cause.spec.rivals if r in layer} - {cause.id}
    rivals |= {c for c in layer if c != cause.id and cause.id in layer[c].spec.rivals}
    for (key, dimension), mine in found.causes.items():
        if key != cause.id:
            continue
        for other in sorted(rivals):
            rival = found.causes.get((other, dimension))
            if rival is None:
                continue
            rows = np.flatnonzero(mine.was_likely & rival.was_likely)
            if not len(rows):
                continue
            size = len(mine.verdict)
            apart = np.abs(
                _separation(cause, other, mine.items, rows, size)
                - _separation(layer[other], cause.id, rival.items, rows, size)
            )
            close = rows[apart < SEPARATION]
            mine.demoted[close] = True
            mine.verdict[close] = POSSIBLE


def _separation(
    cause: ReadyCause, rival: str, items: Sequence[Item], rows: Rows, size: int
) -> Points:
    """Counted points of the evidence that speaks for this cause and not the rival."""
    apart = {
        rule_key(r.direction, r.id) for r in cause.rules
        if rival in r.spec.discriminates
    }  # fmt: skip
    found = np.zeros(len(rows), np.int16)
    if apart:
        each = counted(items, rows, size)
        for key in sorted(apart & set(each)):
            found += each[key]
    return found
