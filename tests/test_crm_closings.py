"""When a deal was closed, where only its stage history knows."""

import datetime as dt

import pyarrow as pa
import pytest

from salesdx.crm.closings import with_closings

DAY = dt.datetime(2026, 3, 1)
LATER = dt.datetime(2026, 3, 9)
TIME = pa.timestamp("s")


def deals(**columns):
    types = {"closed_at": TIME}
    return pa.table(
        {n: pa.array(v, types.get(n, pa.string())) for n, v in columns.items()}
    )


def history(*rows):
    names = ("deal_id", "stage_id", "entered_at")
    columns = zip(*rows, strict=True)
    types = (pa.string(), pa.string(), TIME)
    return pa.table(
        {n: pa.array(c, t) for n, c, t in zip(names, columns, types, strict=True)}
    )


MOVES = history(("1", "won", DAY), ("1", "won", LATER), ("2", "offer", DAY))


@pytest.mark.parametrize(
    ("status", "stage", "told"),
    [
        ("won", "won", LATER),
        ("open", "won", None),
        ("lost", "never entered", None),
        ("won", None, None),
    ],
)
def test_a_closed_deal_was_closed_when_it_last_came_to_its_stage(status, stage, told):
    found = with_closings(
        deals(deal_id=["1"], status=[status], stage_id=[stage]), MOVES
    )
    closed = (
        found["closed_at"].to_pylist() if "closed_at" in found.schema.names else [None]
    )
    assert closed == [told]


def test_a_closing_that_was_read_stays():
    found = with_closings(
        deals(deal_id=["1", "2"], status=["won", "lost"], stage_id=["won", "offer"],
              closed_at=[DAY, None]), MOVES,
    )  # fmt: skip
    assert found["closed_at"].to_pylist() == [DAY, DAY]


def test_without_stages_nothing_is_known():
    plain = deals(deal_id=["1"], status=["won"])
    assert with_closings(plain, MOVES) is plain
