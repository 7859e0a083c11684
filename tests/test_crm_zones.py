"""Whose clock a time is on: the file's zone, the company's, and none at all."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salesdx.crm.times import parse_times

MOSCOW = "Europe/Moscow"


def local(text, written_in=None, zone=MOSCOW):
    found = parse_times(pa.array([text]), "day-first", zone, written_in)[0].as_py()
    return found.isoformat(" ")


@pytest.mark.parametrize(
    ("text", "written_in", "told"),
    [
        ("2026-02-03 10:00:00", None, "2026-02-03 10:00:00"),
        ("2026-02-03 10:00:00", "UTC", "2026-02-03 13:00:00"),
        ("2026-02-03 23:30", "UTC", "2026-02-04 02:30:00"),
        ("03.02.2026 10:00", "Asia/Vladivostok", "2026-02-03 03:00:00"),
        ("2026-02-03", "UTC", "2026-02-03 00:00:00"),
        ("2026-02-03T10:00:00Z", "Asia/Vladivostok", "2026-02-03 13:00:00"),
        ("2026-02-03T10:00:00+05:00", "UTC", "2026-02-03 08:00:00"),
        ("1770112800", "Asia/Vladivostok", "2026-02-03 13:00:00"),
    ],
)
def test_a_time_moves_to_the_clock_of_the_company(text, written_in, told):
    assert local(text, written_in) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # in New York the clock jumps from 2 to 3 on 8 March 2026 ...
        ("2026-03-08 01:59:00", "2026-03-08 06:59:00"),
        ("2026-03-08 03:00:00", "2026-03-08 07:00:00"),
        # ... and shows the hour from 1 to 2 twice on 1 November: the first one counts
        ("2026-11-01 01:30:00", "2026-11-01 05:30:00"),
        ("2026-11-01 02:00:00", "2026-11-01 07:00:00"),
    ],
)
def test_summer_time_of_the_file_is_heeded(text, told):
    assert local(text, "America/New_York", "UTC") == told


@given(
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2050, 1, 1)),
    st.sampled_from(["UTC", "Asia/Kolkata", "Asia/Kathmandu", "Africa/Lagos"]),
)
def test_there_and_back_is_the_same_where_no_clock_jumps(moment, zone):
    text = moment.replace(microsecond=0).isoformat(" ")
    there = local(text, written_in="UTC", zone=zone)
    assert local(there, written_in=zone, zone="UTC") == text
