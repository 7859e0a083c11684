"""The data of a case on a page: what is there, what it answers, what is lacking."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Engine

from salesdx.analysis import Analysis
from salesdx.crm.stored import Stored
from salesdx.data_topics import Opening, TopicState, openings, topic_states
from salesdx.language import Text
from salesdx.result import MetricRow, NotChecked, ResultDocument
from salesdx.storage.case_file import delete_files_of, files_of, sizes_of
from salesdx.storage.events import record
from salesdx.tables import TABLES, table_title

DELETED = "data-deleted"
_REJECTS = "data/rejects/"
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class TableState:
    """One table: what it is called, how many rows, which notes there are on it."""

    name: str
    title: Text
    rows: int
    rejected: int


@dataclass(frozen=True, slots=True)
class TopicShown:
    """A question of an owner, the figures that answer it, and what would help."""

    topic: TopicState
    figures: list[MetricRow]
    lacking: NotChecked | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing, and the figures that cannot be computed without it."""

    reason: Text
    supply: Text
    figures: list[Text]


@dataclass(frozen=True, slots=True)
class DataState:
    """Everything that `salesdx check` shows, laid out for a page."""

    document: ResultDocument
    tables: list[TableState]
    topics: dict[str, list[TopicShown]]
    openings: list[Opening]
    asks: Mapping[str, Text]
    gaps: list[Gap]


def data_state(found: Analysis) -> DataState:
    """The state of the data of a judged case."""
    document = found.document
    states = topic_states(document)
    values = {
        m.id: m
        for m in document.metrics
        if m.value is not None and not m.slice and not m.period
    }
    rows = {r.id: r for r in document.not_checked}
    topics: dict[str, list[TopicShown]] = {"yes": [], "partly": [], "no": []}
    for state in states:
        shown = [values[m] for m in state.known if m in values][:_SHOWN]
        lacking = rows[state.unknown[0]] if state.state != "yes" else None
        topics[state.state].append(TopicShown(state, shown, lacking))
    return DataState(
        document, _tables(found), topics,
        openings(states, document.not_checked)[:_SHOWN],
        {s.id: s.asks for s in states}, _gaps(document),
    )  # fmt: skip


def _tables(found: Analysis) -> list[TableState]:
    return [
        TableState(name, table_title(name), read.arrow.num_rows, len(read.rejected))
        for name, read in found.case.tables.items()
    ]


def _gaps(document: ResultDocument) -> list[Gap]:
    costs: dict[tuple[str, str], Gap] = {}
    for row in document.not_checked:
        key = row.reason.en, row.supply.en
        gap = costs.setdefault(key, Gap(row.reason, row.supply, []))
        gap.figures.append(row.title)
    return sorted(costs.values(), key=lambda g: -len(g.figures))


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of the case: an opaque id for addresses, its name, its bytes."""

    id: str
    path: str
    name: str
    size: int
    title: Text | None = None


def data_files(engine: Engine, case: str) -> list[KeptFile]:
    """The tables of a case as files."""
    found = sizes_of(engine, case, "data/")
    return [_kept(p, s) for p, s in found.items() if not p.startswith(_REJECTS)]


def rejected_files(engine: Engine, case: str) -> list[KeptFile]:
    """Files of rejected rows that imports have left."""
    return [_kept(p, s) for p, s in sizes_of(engine, case, _REJECTS).items()]


def file_id(path: str) -> str:
    """What a file is called in an address: names of strangers are not put there."""
    return hashlib.sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _kept(path: str, size: int) -> KeptFile:
    name = PurePosixPath(path).name
    stem = PurePosixPath(path).stem.casefold()
    title = table_title(stem) if stem in TABLES else None
    return KeptFile(file_id(path), path, name, size, title)


def delete_data(
    engine: Engine, case: str, ids: list[str], forget_mapping: bool, by: str, at: str
) -> int:
    """Delete tables by their ids, with the rows that were rejected; says how many.

    With all tables the rejected rows of all imports go too.
    """
    tables = data_files(engine, case)
    gone = [f.path for f in tables if f.id in ids]
    if len(gone) == len(tables):
        gone += files_of(engine, case, _REJECTS)
    if forget_mapping:
        gone += [
            n for n in files_of(engine, case, "mapping.yaml") if n == "mapping.yaml"
        ]
    count = len(gone)

    def also(connection: Connection) -> None:
        record(connection, at, by, DELETED, case, {"files": count})

    if gone:
        delete_files_of(engine, case, gone, also)
    return count


@dataclass(frozen=True, slots=True)
class StageFound:
    """A stage as the data name it: deals that stand in it, moves into it.

    `outcome`: all deals there have ended alike, so that it is rather an outcome.
    """

    id: str
    deals: int
    moves: int
    known: bool
    outcome: bool


@dataclass(frozen=True, slots=True)
class Stages:
    """Stages of the data beside those of the funnels."""

    found: list[StageFound]
    unseen: list[tuple[str, str]]  # funnel, stage: of the definition, not in the data
    funnels: list[tuple[str, int, bool]]  # ids of funnels in the data, deals, known


def stages_found(
    tables: Mapping[str, pa.Table | Stored], funnels: Mapping[str, Sequence[str]]
) -> Stages:
    """Which stages the data have, with counts, and which of them a funnel knows.

    Args:
        tables: the tables of a case.
        funnels: stages by funnel, as they are defined.
    """
    deals = _counts(tables.get("deals"), "stage_id")
    moves = _counts(tables.get("stage_history"), "stage_id")
    known = {s for stages in funnels.values() for s in stages}
    ends = _outcomes(tables.get("deals"))
    names = sorted({*deals, *moves}, key=lambda n: (-deals[n] - moves[n], n))
    in_data = _counts(tables.get("deals"), "funnel_id")
    return Stages(
        [StageFound(n, deals[n], moves[n], n in known, n in ends) for n in names],
        [
            (funnel, stage) for funnel, stages in funnels.items() for stage in stages
            if stage and stage not in deals and stage not in moves
        ] if names else [],
        [(n, c, n in funnels) for n, c in in_data.most_common()],
    )  # fmt: skip


def _outcomes(deals: Any) -> set[str]:
    """Stages whose deals have all ended, and alike."""
    if deals is None or not {"stage_id", "status"} <= set(deals.column_names):
        return set()
    pairs = pa.table({n: deals[n] for n in ("stage_id", "status")})
    found: dict[str, set[str]] = {}
    for row in pairs.group_by(["stage_id", "status"]).aggregate([]).to_pylist():
        found.setdefault(str(row["stage_id"]), set()).add(str(row["status"]))
    return {s for s, ends in found.items() if ends in ({"won"}, {"lost"})}


def _counts(table: Any, column: str) -> Counter[str]:
    if table is None or column not in table.column_names:
        return Counter()
    pairs = pc.value_counts(table[column]).to_pylist()
    return Counter({str(p["values"]): p["counts"] for p in pairs if p["values"]})
