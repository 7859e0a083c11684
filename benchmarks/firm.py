"""A made-up firm of any size as a case folder with Parquet tables, in bounded memory.

Three years of a wholesaler: 200 managers, 12 segments, 8 regions, sources, channels,
products. Per deal about 1.25 requests, 2.7 stage events, 1.5 activities and one line
of goods; deals close late, stall or are still open at the end. Some managers sell
worse, some answer late. The same seed gives the same rows. Run:
python benchmarks/firm.py FOLDER DEALS [seed]
"""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CHUNK = 200_000  # deals made at once: what bounds the memory
END = int(dt.datetime(2026, 6, 30, 23, 59, 59, tzinfo=dt.UTC).timestamp())
DAY = 86_400
SPAN = 3 * 365 * DAY
MANAGERS, CLIENTS_SHARE = 200, 0.25
SEGMENTS = tuple(f"Segment {i:02}" for i in range(1, 13))
REGIONS = tuple(f"Region {i}" for i in range(1, 9))
SOURCES = ("site", "search", "social", "partner", "exhibition", "base")
CHANNELS = ("form", "call", "chat", "mail")
DEPARTMENTS = ("North", "South", "East", "West", "Key clients")
PRODUCTS = tuple(f"P{i:02}" for i in range(1, 41))
STAGES = ("new", "contact", "quote", "contract")
REFERENCE_DAYS = (3, 10, 14, 10)
REASONS = ("price", "competitor", "no_decision", "timing", "other")
TYPES = ("call", "letter", "meeting", "chat", "presentation")
COMPANY = """\
format: 1
name: A firm of {deals} deals
as_of: 2026-06-30
working_hours: {{days: [mon, tue, wed, thu, fri], from: "09:00", to: "18:00"}}
funnels:
  - id: main
    entry: request
    main_stage: contract
    stages:
{stages}
"""
Columns = dict[str, Any]
Ints = np.ndarray[Any, np.dtype[np.int64]]


class Tables:
    """Parquet files of a folder, one a table, written chunk by chunk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}

    def __enter__(self) -> "Tables":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        for writer in self._writers.values():
            writer.close()

    def add(self, name: str, columns: Columns) -> None:
        table = pa.table(columns)
        if name not in self._writers:
            path = self._folder / f"{name}.parquet"
            self._writers[name] = pq.ParquetWriter(
                path, table.schema, compression="zstd"
            )
        self._writers[name].write_table(table)


def ids(letter: str, numbers: Ints, width: int) -> pa.Array:
    text = np.char.zfill(numbers.astype(f"U{width}"), width)
    return pa.array(np.char.add(letter, text).tolist(), pa.string())


def named(names: tuple[str, ...], places: Ints) -> pa.Array:
    return pa.array(names).take(pa.array(places))


def times(seconds: Any, known: Any = None) -> pa.Array:
    gone = None if known is None else ~np.asarray(known)
    return pa.array(np.asarray(seconds).astype(np.int64), mask=gone).cast(
        pa.timestamp("s")
    )


def money(amounts: Any, known: Any = None) -> pa.Array:
    gone = None if known is None else ~np.asarray(known)
    return pa.array(np.round(amounts, 2), pa.float64(), mask=gone)


def mixed(numbers: Ints, salt: int, size: int) -> Ints:
    """A trait of a client or manager by number, without keeping a list of them."""
    x = (numbers.astype(np.uint64) + np.uint64(salt)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return ((x ^ (x >> np.uint64(32))) % np.uint64(size)).astype(np.int64)


def skewed(numbers: Ints, salt: int, size: int) -> Ints:
    """The same with the first kinds more frequent than the last."""
    draw = mixed(numbers, salt, 10_000) / 10_000
    return np.minimum((draw**1.7 * size).astype(np.int64), size - 1)


def write_firm(folder: Path, deals: int, seed: int = 1) -> Path:
    """Write a case of so many deals; returns the folder."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    stages = "\n".join(
        f"      - {{id: {s}, reference_days: {d}}}"
        for s, d in zip(STAGES, REFERENCE_DAYS, strict=True)
    )
    text = COMPANY.format(deals=deals, stages=stages)
    (folder / "company.yaml").write_text(text, encoding="utf-8")
    with Tables(data) as tables:
        _people(tables)
        for start in range(0, _clients(deals), CHUNK):
            numbers = np.arange(start, min(start + CHUNK, _clients(deals)))
            tables.add("clients", _client_columns(numbers))
        for start in range(0, deals, CHUNK):
            _chunk(tables, start, min(start + CHUNK, deals), deals, seed)
    return folder


def _clients(deals: int) -> int:
    return max(int(deals * CLIENTS_SHARE), 20)


def _client_columns(numbers: Ints) -> Columns:
    return {
        "client_id": ids("C", numbers, 7),
        "segment": named(SEGMENTS, skewed(numbers, 1, len(SEGMENTS))),
        "region": named(REGIONS, skewed(numbers, 2, len(REGIONS))),
    }


def _people(tables: Tables) -> None:
    numbers = np.arange(MANAGERS)
    hired = END - SPAN - mixed(numbers, 3, 2000) * DAY
    hired = np.where(numbers % 20 == 7, END - 100 * DAY, hired)
    tables.add("managers", {
        "manager_id": ids("M", numbers, 3),
        "hired_at": times(hired).cast(pa.date32(), safe=False),
        "department": named(DEPARTMENTS, numbers % len(DEPARTMENTS)),
    })  # fmt: skip
    away = np.repeat(numbers, 3)
    first = END - SPAN + (np.tile(np.arange(3), MANAGERS) * 365 + 200) * DAY
    first = first + mixed(away, 4, 60) * DAY
    tables.add("absences", {
        "manager_id": ids("M", away, 3),
        "from": times(first).cast(pa.date32(), safe=False),
        "to": times(first + 13 * DAY).cast(pa.date32(), safe=False),
    })  # fmt: skip
    goods = np.arange(len(PRODUCTS))
    tables.add("products", {
        "product_id": pa.array(PRODUCTS),
        "line": ids("L", goods // 4, 2),
        "category": ids("K", goods // 10, 2),
        "price": money(50.0 * (goods + 1)),
    })  # fmt: skip


def _chunk(tables: Tables, start: int, end: int, deals: int, seed: int) -> None:
    """Requests `start` to `end` x 1.25 and the deals that four of five become."""
    random = np.random.default_rng([seed, start])
    leads = np.arange(start * 5 // 4, max(end * 5 // 4, end))
    when = END - SPAN + (leads + random.random(len(leads))) * SPAN / (deals * 5 / 4)
    created = _office_time(random, np.minimum(when, END - 1).astype(np.int64))
    client = random.integers(0, _clients(deals), len(leads))
    manager = skewed(random.integers(0, 2**40, len(leads)), 5, MANAGERS)
    source = random.choice(len(SOURCES), len(leads), p=(0.3, 0.2, 0.15, 0.15, 0.1, 0.1))
    tables.add("leads", _lead_columns(random, leads, created, client, manager, source))
    chosen = np.sort(random.permutation(len(leads))[: end - start])
    numbers = np.arange(start, end)
    entered = created[chosen] + random.exponential(DAY, len(chosen)).astype(np.int64)
    entered = np.minimum(entered, END)
    for name, columns in _deal_tables(
        random, numbers, leads[chosen], client[chosen], manager[chosen],
        source[chosen], entered,
    ):  # fmt: skip
        tables.add(name, columns)


def _office_time(random: np.random.Generator, when: Ints) -> Ints:
    """Four of five requests come in the office hours of their day."""
    inside = random.random(len(when)) < 0.8
    clock = random.integers(9 * 3600, 18 * 3600, len(when))
    return np.minimum(np.where(inside, when // DAY * DAY + clock, when), END)


def _lead_columns(
    random: np.random.Generator, leads: Ints, created: Ints, client: Ints,
    manager: Ints, source: Ints,
) -> Columns:  # fmt: skip
    size = len(leads)
    slow = np.where(mixed(manager, 6, 10) == 0, 4.0, 1.0)
    answer = created + (random.lognormal(8.9, 1.4, size) * slow).astype(np.int64)
    answered = (random.random(size) < 0.92) & (answer <= END)
    told = np.minimum(created + random.integers(30, 1800, size), END)
    reached = np.minimum(answer + random.integers(0, DAY, size), END)
    return {
        "lead_id": ids("R", leads, 8),
        "created_at": times(created),
        "channel": named(CHANNELS, skewed(leads, 7, len(CHANNELS))),
        "source": named(SOURCES, source),
        "client_id": ids("C", client, 7),
        "assigned_to": ids("M", manager, 3),
        "notified_at": times(told, random.random(size) < 0.95),
        "first_attempt_at": times(answer, answered),
        "first_response_at": times(answer, answered),
        "reached_at": times(reached, answered & (random.random(size) < 0.8)),
        "request_type": named(
            ("consultation", "quote", "order"), skewed(leads, 8, 3)
        ),
    }  # fmt: skip


def _deal_tables(
    random: np.random.Generator, numbers: Ints, lead: Ints, client: Ints,
    manager: Ints, source: Ints, entered: Ints,
) -> Iterator[tuple[str, Columns]]:  # fmt: skip
    size = len(numbers)
    segment = skewed(client, 1, len(SEGMENTS))
    skill = np.where(
        mixed(manager, 9, 12) == 0, 0.6, 0.9 + mixed(manager, 10, 20) / 100
    )
    chance = 0.30 * skill * (1.15 - segment * 0.02) * (1.1 - source * 0.05)
    wins = random.random(size) < chance
    stalls = ~wins & (random.random(size) < 0.06)
    length = random.lognormal(np.where(wins, 3.2, 2.9), 0.7, size) * DAY
    length = np.where(stalls, 3 * SPAN, np.maximum(length, 600)).astype(np.int64)
    last = np.where(wins, 3, np.minimum(random.geometric(0.42, size) - 1, 3))
    closed = entered + length
    is_closed = closed <= END
    status = np.where(~is_closed, 0, np.where(wins, 1, 2))
    amount = random.lognormal(7.0 + segment * 0.08, 0.9, size) + 1
    priced = (status == 1) | (random.random(size) < 0.7)
    stage, history = _histories(random, numbers, entered, length, last)
    product = skewed(random.integers(0, 2**40, size), 11, len(PRODUCTS))
    yield "deals", {
        "deal_id": ids("D", numbers, 8),
        "client_id": ids("C", client, 7),
        "lead_id": ids("R", lead, 8),
        "funnel_id": named(("main",), np.zeros(size, np.int64)),
        "manager_id": ids("M", manager, 3),
        "entered_at": times(entered),
        "stage_id": named(STAGES, stage),
        "closed_at": times(closed, is_closed),
        "amount": money(amount, priced),
        "cost": money(amount * random.uniform(0.55, 0.85, size),
                      priced & (random.random(size) < 0.9)),
        "lost_reason": pa.array(REASONS).take(
            pa.array(random.integers(0, 5, size), mask=status != 2)),
        "next_task_at": times(
            np.full(size, END + 3 * DAY), (status == 0) & (random.random(size) < 0.8)),
        "product": named(PRODUCTS, product),
        "status": named(("open", "won", "lost"), status),
    }  # fmt: skip
    yield "stage_history", history
    yield "deal_items", _items(random, numbers[stage >= 2])
    until = np.minimum(closed, END)
    yield "activities", _activities(random, numbers, client, manager, entered, until)
    sold = status == 1
    yield "payments", _payments(random, numbers[sold], closed[sold], amount[sold])


def _histories(
    random: np.random.Generator, numbers: Ints, entered: Ints, length: Ints, last: Ints
) -> tuple[Ints, Columns]:
    """Stage reached by the end, and the events: the first at entry, then in order."""
    parts = np.sort(random.random((len(numbers), 3)), axis=1)
    begun = entered[:, None] + (
        np.minimum(length, 90 * DAY)[:, None] * parts * 0.9
    ).astype(np.int64)
    begun = np.concatenate([entered[:, None], begun], axis=1)
    happened = (begun <= END) & (np.arange(4) <= last[:, None])
    row, stage = np.nonzero(happened)
    return happened.sum(axis=1) - 1, {
        "deal_id": ids("D", numbers[row], 8),
        "stage_id": named(STAGES, stage),
        "entered_at": times(begun[row, stage]),
    }


def _items(random: np.random.Generator, numbers: Ints) -> Columns:
    of = np.repeat(numbers, 1 + random.poisson(0.9, len(numbers)))
    product = skewed(random.integers(0, 2**40, len(of)), 12, len(PRODUCTS))
    price = 50.0 * (product + 1)
    return {
        "deal_id": ids("D", of, 8),
        "product_id": named(PRODUCTS, product),
        "qty": money(random.integers(1, 20, len(of))),
        "price": money(price),
        "cost": money(price * 0.7),
        "accepted": pa.array(random.random(len(of)) < 0.9),
    }


def _activities(
    random: np.random.Generator, numbers: Ints, client: Ints, manager: Ints,
    entered: Ints, until: Ints,
) -> Columns:  # fmt: skip
    of = np.repeat(np.arange(len(numbers)), random.poisson(1.5, len(numbers)))
    size = len(of)
    span = np.minimum(until[of] - entered[of], 60 * DAY)
    started = entered[of] + (random.random(size) * span).astype(np.int64)
    logged = np.minimum(started + random.integers(60, 3 * DAY, size), END)
    first = int(numbers[0]) * 4 if len(numbers) else 0
    return {
        "activity_id": ids("A", first + np.arange(size), 8),
        "manager_id": ids("M", manager[of], 3),
        "client_id": ids("C", client[of], 7),
        "deal_id": ids("D", numbers[of], 8),
        "started_at": times(started),
        "duration_s": money(random.integers(20, 1800, size)),
        "outcome": named(("talked", "sent", "agreed"), random.integers(0, 3, size)),
        "outcome_logged_at": times(logged, random.random(size) < 0.85),
        "type": named(TYPES, skewed(random.integers(0, 2**40, size), 13, len(TYPES))),
        "direction": named(("out", "in"), (random.random(size) < 0.3).astype(np.int64)),
    }


def _payments(
    random: np.random.Generator, numbers: Ints, closed: Ints, amount: Any
) -> Columns:
    paid = closed + (random.lognormal(2.5, 0.8, len(numbers)) * DAY).astype(np.int64)
    return {
        "invoice_id": ids("I", numbers, 8),
        "deal_id": ids("D", numbers, 8),
        "issued_at": times(closed),
        "paid_at": times(paid, paid <= END),
        "amount": money(amount),
    }


if __name__ == "__main__":
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    write_firm(Path(sys.argv[1]), int(sys.argv[2]), seed)
